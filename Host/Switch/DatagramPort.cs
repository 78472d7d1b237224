using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HaukiOS.Host.Switch;

/// <summary>
/// A port for QEMU's <c>-netdev dgram</c>: one frame a datagram, between a local and a remote address, both Unix
/// paths or both UDP. The peer may come later than the port, and come again. The kernel's queue between two Unix
/// sockets is a few frames short and what finds it full is lost: for speed there are streams.
/// </summary>
public sealed class DatagramPort : SwitchPort
{
    // Beyond this the other ports have their turn first.
    private const int FramesPerTurn = 128;
    private const int SocketBufferBytes = 1 << 20;

    private readonly Socket socket;
    private readonly byte[] remote;
    private readonly string? path;
    private readonly byte[] buffer = new byte[StreamDecoder.LengthMax];

    /// <summary>A port between two addresses of one kind.</summary>
    public DatagramPort(string name, EndPoint local, EndPoint remote)
        : base(name)
    {
        this.remote = remote.Serialize().Buffer.Span[..remote.Serialize().Size].ToArray();
        path = local is UnixDomainSocketEndPoint ? local.ToString() : null;
        socket = path is null
            ? new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
            : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.Bind(local);
            socket.Blocking = false;
            socket.SendBufferSize = SocketBufferBytes;
            socket.ReceiveBufferSize = SocketBufferBytes;
        }
        catch (SocketException problem)
        {
            socket.Dispose();
            throw new UserErrorException($"Port '{name}' cannot be at {local}: {problem.Message}.");
        }
    }

    /// <summary>Where it is; for UDP port 0 the port that it was given.</summary>
    public EndPoint Address => socket.LocalEndPoint!;

    /// <inheritdoc/>
    internal override int PollHandle => (int)socket.Handle;

    /// <inheritdoc/>
    internal override short PollWanted => Libc.PollIn;

    /// <inheritdoc/>
    public override void Dispose()
    {
        socket.Dispose();
        if (path is not null)
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    internal override unsafe Delivery Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* from = frame, to = remote)
        {
            // Not connected: a Unix peer may come again under its name, which a connection would not notice.
            if (Libc.SendTo(PollHandle, from, (nuint)frame.Length, Libc.NoWaitNoSignal, to, remote.Length) >= 0)
            {
                return Delivery.Taken;
            }

            return Marshal.GetLastPInvokeError() is Libc.TryAgain or Libc.NoBuffers
                ? Delivery.QueueFull
                : Delivery.NobodyThere;
        }
    }

    /// <inheritdoc/>
    internal override void OnReady(SwitchFabric fabric, TimeSpan now)
    {
        for (var frames = 0; frames < FramesPerTurn; frames++)
        {
            var count = socket.Receive(buffer, SocketFlags.None, out var error);
            if (error != SocketError.Success)
            {
                // Nothing more, or the echo of a datagram that met nobody.
                return;
            }

            fabric.Receive(this, buffer.AsSpan(0, count), now);
        }
    }
}
