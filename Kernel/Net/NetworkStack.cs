using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// The whole stack of one network card: a pure state machine. Frames, time and the secret come from outside; frames
/// to send are pulled when the card has room.
/// </summary>
public sealed class NetworkStack : IFrameSink
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretLength = 32;

    /// <summary>Makes the stack of a card with this station address.</summary>
    /// <param name="address">The station address.</param>
    /// <param name="secret">32 random bytes: sequence numbers, ports and cookies come from it.</param>
    public NetworkStack(MacAddress address, ReadOnlySpan<byte> secret) => Station = address;

    /// <summary>Our station address.</summary>
    public MacAddress Station { get; private set; }

    /// <summary>What is wanted; in use once <see cref="ArpLayer.State"/> says so.</summary>
    public InterfaceConfiguration Configuration => throw new NotImplementedException();

    /// <summary>Sockets whose owners are to be told.</summary>
    public ReadyList Ready => throw new NotImplementedException();

    /// <summary>Neighbours and our own address.</summary>
    public ArpLayer Arp => throw new NotImplementedException();

    /// <summary>Control messages and ping.</summary>
    public IcmpLayer Icmp => throw new NotImplementedException();

    /// <summary>Datagrams.</summary>
    public UdpLayer Udp => throw new NotImplementedException();

    /// <summary>Streams.</summary>
    public TcpLayer Tcp => throw new NotImplementedException();

    /// <summary>The address from a server.</summary>
    public DhcpClient Dhcp => throw new NotImplementedException();

    /// <summary>Other frame types.</summary>
    public RawEthernetLayer RawEthernet => throw new NotImplementedException();

    /// <summary>The last frames.</summary>
    public PacketCapture Capture => throw new NotImplementedException();

    /// <summary>What was counted.</summary>
    public NetworkCounters Counters => throw new NotImplementedException();

    /// <summary>Takes another secret, as after a move: numbers given from now on are new.</summary>
    public void Reseed(ReadOnlySpan<byte> secret) => throw new NotImplementedException();

    /// <summary>Sets the address by hand, ends DHCP; the default value takes the address away.</summary>
    /// <param name="configuration">The address and its surroundings.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="probe">Ask for four to seven seconds whether somebody has the address (RFC 5227) before using it;
    /// without, it is in use at once and only announced and defended.</param>
    public void Configure(in InterfaceConfiguration configuration, Instant now, bool probe = true) =>
        throw new NotImplementedException();

    /// <summary>The card's station address has changed.</summary>
    public void SetStation(MacAddress address, Instant now) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySpan<byte> frame, Instant now) => throw new NotImplementedException();

    /// <summary>Builds the next frame to send.</summary>
    /// <param name="frame">Room for it, at least <see cref="INetworkDevice.FrameMax"/> bytes.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="offload">What is left to the card.</param>
    /// <returns>Its length; 0: there is nothing to send.</returns>
    public int Transmit(Span<byte> frame, Instant now, out TransmitOffload offload) =>
        throw new NotImplementedException();

    /// <summary>The same for a card that does nothing but send.</summary>
    public int Transmit(Span<byte> frame, Instant now) => Transmit(frame, now, out _);

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now) => throw new NotImplementedException();

    /// <summary>When <see cref="Advance"/> is to be called at the latest.</summary>
    public bool TryGetNextDue(out Instant due) => throw new NotImplementedException();
}
