using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;

namespace HaukiOS.Host.Switch;

/// <summary>
/// A port for QEMU's <c>-netdev stream</c>, over a Unix or TCP socket, listening or connecting. One peer at a time;
/// when it goes, the next one may come, or the port tries to connect again, four times a second.
/// </summary>
public sealed class StreamPort : SwitchPort
{
    /// <summary>Bytes that wait for a slow peer at most; a frame that finds no room is lost.</summary>
    public const int QueueBytes = 1 << 20;

    // Beyond this the other ports have their turn first.
    private const int BytesPerTurn = 1 << 18;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly EndPoint address;
    private readonly Socket? listener;
    private readonly StreamDecoder decoder = new();
    private readonly ByteRing queue = new(QueueBytes);
    private Socket? peer;
    private Socket? connecting;
    private TimeSpan retryAt = TimeSpan.MaxValue;
    private bool isFull;

    private StreamPort(string name, EndPoint address, bool listens)
        : base(name)
    {
        this.address = address;
        if (!listens)
        {
            retryAt = TimeSpan.Zero;
            return;
        }

        listener = NewSocket();
        try
        {
            listener.Bind(address);
            listener.Listen(1);
            listener.Blocking = false;
        }
        catch (SocketException problem)
        {
            listener.Dispose();
            throw new UserErrorException($"Port '{name}' cannot listen at {address}: {problem.Message}.");
        }
    }

    /// <summary>Where it listens or connects to; for a listener on TCP port 0 the port that it was given.</summary>
    public EndPoint Address => listener?.LocalEndPoint ?? address;

    /// <summary>Is a peer connected?</summary>
    public bool IsConnected => peer is not null;

    /// <inheritdoc/>
    internal override int PollHandle => (int?)(peer ?? connecting ?? listener)?.Handle ?? -1;

    /// <inheritdoc/>
    internal override short PollWanted =>
        connecting is not null ? Libc.PollOut
        : peer is not null && isFull ? (short)(Libc.PollIn | Libc.PollOut)
        : Libc.PollIn;

    /// <inheritdoc/>
    internal override TimeSpan RetryAt => retryAt;

    /// <summary>A port that waits for a peer.</summary>
    public static StreamPort Listen(string name, EndPoint address) => new(name, address, listens: true);

    /// <summary>A port that connects to a peer, and again when the peer has gone.</summary>
    public static StreamPort Connect(string name, EndPoint address) => new(name, address, listens: false);

    /// <inheritdoc/>
    public override void Dispose()
    {
        peer?.Dispose();
        connecting?.Dispose();
        listener?.Dispose();
        if (listener is not null && address is UnixDomainSocketEndPoint unix)
        {
            File.Delete(unix.ToString());
        }
    }

    /// <inheritdoc/>
    internal override Delivery Send(ReadOnlySpan<byte> frame)
    {
        if (peer is null)
        {
            return Delivery.NobodyThere;
        }

        return queue.TryAdd(frame) ? Delivery.Taken : Delivery.QueueFull;
    }

    /// <inheritdoc/>
    internal override void Flush()
    {
        isFull = false;
        while (peer is not null && !queue.IsEmpty)
        {
            var sent = peer.Send(queue.First, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                isFull = true;
                return;
            }

            if (error != SocketError.Success)
            {
                Drop();
                return;
            }

            queue.Remove(sent);
        }
    }

    /// <inheritdoc/>
    internal override void OnReady(SwitchFabric fabric, TimeSpan now)
    {
        if (peer is not null)
        {
            Read(fabric, now);
        }
        else if (listener is not null)
        {
            Accept();
        }
        else if (connecting is not null)
        {
            FinishConnecting(now);
        }
        else if (now >= retryAt)
        {
            StartConnecting(now);
        }
    }

    private Socket NewSocket() => address is UnixDomainSocketEndPoint
        ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        : new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

    private void Read(SwitchFabric fabric, TimeSpan now)
    {
        Debug.Assert(peer is not null, "only with a peer");
        for (var taken = 0; taken < BytesPerTurn;)
        {
            var room = decoder.Room;
            var count = peer.Receive(room, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success || count == 0)
            {
                Drop();
                return;
            }

            taken += count;
            decoder.Added(count);
            while (decoder.TryTake(out var frame))
            {
                fabric.Receive(this, frame, now);
            }

            if (decoder.IsBroken)
            {
                Counters.Malformed++;
                Drop();
                return;
            }

            if (count < room.Length)
            {
                // The socket was emptied; asking again would only hear so.
                return;
            }
        }
    }

    private void Accept()
    {
        try
        {
            Adopt(listener!.Accept());
        }
        catch (SocketException)
        {
            // Whoever knocked has gone again.
        }
    }

    private void StartConnecting(TimeSpan now)
    {
        retryAt = TimeSpan.MaxValue;
        var socket = NewSocket();
        socket.Blocking = false;
        try
        {
            socket.Connect(address);
            Adopt(socket);
        }
        catch (SocketException problem) when (problem.SocketErrorCode
            is SocketError.WouldBlock or SocketError.InProgress)
        {
            connecting = socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            retryAt = now + RetryPause;
        }
    }

    private void FinishConnecting(TimeSpan now)
    {
        var socket = connecting!;
        if (!socket.Poll(0, SelectMode.SelectWrite))
        {
            return;
        }

        connecting = null;
        var outcome = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (outcome == 0)
        {
            Adopt(socket);
        }
        else
        {
            socket.Dispose();
            retryAt = now + RetryPause;
        }
    }

    private void Adopt(Socket socket)
    {
        socket.Blocking = false;
        if (address is not UnixDomainSocketEndPoint)
        {
            socket.NoDelay = true;
        }

        decoder.Reset();
        queue.Clear();
        isFull = false;
        peer = socket;
        Counters.Connections++;
    }

    private void Drop()
    {
        peer?.Dispose();
        peer = null;
        queue.Clear();
        if (listener is null)
        {
            retryAt = TimeSpan.Zero;
        }
    }
}
