using System;
using System.Runtime.InteropServices;
using System.Text;

namespace HaukiOS.Host.Switch;

/// <summary>
/// A port with a Linux network interface at its other end: what that Linux sends to the interface comes into the
/// switch, and the other way. Needs root. The interface is gone when the port is.
/// </summary>
public sealed class TapPort : SwitchPort
{
    /// <summary>The longest name of an interface.</summary>
    public const int DeviceNameMax = 15;

    // Beyond this the other ports have their turn first.
    private const int FramesPerTurn = 256;
    private const string CloneDevice = "/dev/net/tun";

    // TUNSETIFF, and the two flags of struct ifreq behind the 16 bytes of the name: Ethernet frames, bare.
    private const uint SetInterface = 0x4004_54CA;
    private const short EthernetFrames = 0x0002;
    private const short NoPacketInformation = 0x1000;
    private const int RequestBytes = 40;
    private const int RequestFlagsAt = 16;

    private readonly byte[] buffer = new byte[StreamDecoder.LengthMax];
    private int handle;
    private bool isGone;

    /// <summary>Makes the interface, in this process's namespace or in another, and switches it on.</summary>
    /// <param name="name">The port's name.</param>
    /// <param name="device">The interface's name.</param>
    /// <param name="space">The network namespace it goes to; null to leave it here.</param>
    /// <exception cref="UserErrorException">Not root, or the name is taken, or the namespace is not there.</exception>
    public TapPort(string name, string device, string? space)
        : base(name)
    {
        if (device.Length is 0 or > DeviceNameMax)
        {
            throw new UserErrorException($"'{device}' is no name of an interface: 1 to {DeviceNameMax} characters.");
        }

        handle = Libc.Open(CloneDevice, Libc.ReadWriteNonBlockingCloseOnExec);
        if (handle < 0)
        {
            throw new UserErrorException($"{CloneDevice} cannot be opened: {Libc.LastError()}. Are you root?");
        }

        try
        {
            Attach(device);
            if (space is not null)
            {
                Tool.Run("ip", "link", "set", device, "netns", space);
            }

            string[] where = space is null ? [] : ["-n", space];
            Tool.Run("ip", [.. where, "link", "set", device, "up"]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override int PollHandle => isGone ? -1 : handle;

    /// <inheritdoc/>
    internal override short PollWanted => Libc.PollIn;

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (handle >= 0)
        {
            Libc.Close(handle);
            handle = -1;
        }
    }

    /// <inheritdoc/>
    internal override unsafe Delivery Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* from = frame)
        {
            // The kernel takes it at once or drops it; an interface that is down says so by an error.
            return Libc.Write(handle, from, (nuint)frame.Length) == frame.Length
                ? Delivery.Taken
                : Delivery.QueueFull;
        }
    }

    /// <inheritdoc/>
    internal override unsafe void OnReady(SwitchFabric fabric, TimeSpan now)
    {
        fixed (byte* into = buffer)
        {
            for (var frames = 0; frames < FramesPerTurn; frames++)
            {
                var count = Libc.Read(handle, into, (nuint)buffer.Length);
                if (count <= 0)
                {
                    // The interface goes with its namespace; the descriptor would be ready for ever.
                    isGone = Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.Interrupted or Libc.IoError);
                    return;
                }

                fabric.Receive(this, buffer.AsSpan(0, (int)count), now);
            }
        }
    }

    private unsafe void Attach(string device)
    {
        var request = stackalloc byte[RequestBytes];
        var fields = new Span<byte>(request, RequestBytes);
        fields.Clear();
        Encoding.ASCII.GetBytes(device, fields);
        BitConverter.TryWriteBytes(fields[RequestFlagsAt..], (short)(EthernetFrames | NoPacketInformation));
        if (Libc.Control(handle, SetInterface, request) < 0)
        {
            throw new UserErrorException($"The tap interface '{device}' cannot be made: {Libc.LastError()}.");
        }
    }
}
