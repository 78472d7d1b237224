using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// The whole stack of one network card: a pure state machine. Frames, time and the secret come from outside; frames
/// to send are pulled when the card has room. This file is the way in; the way out is in the other part.
/// </summary>
public sealed partial class NetworkStack : IFrameSink
{
    /// <summary>Bytes of the secret.</summary>
    public const int SecretLength = 32;

    private readonly KeyedHash hash;
    private readonly Ipv4Routes routes;
    private readonly Ipv4Output output;
    private readonly Reassembly reassembly;
    private readonly StackEnvironment environment;

    /// <summary>Makes the stack of a card with this station address.</summary>
    /// <param name="address">The station address.</param>
    /// <param name="secret">32 random bytes: sequence numbers, ports and cookies come from it.</param>
    public NetworkStack(MacAddress address, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretLength)
        {
            throw new ArgumentException("the secret of a network stack has 32 bytes", nameof(secret));
        }

        Station = address;
        hash = new KeyedHash(secret);
        routes = new Ipv4Routes(Counters);
        output = new Ipv4Output(Counters, hash, routes);
        reassembly = new Reassembly(Counters);
        environment = new StackEnvironment(Ready, hash, routes);
        Arp = new ArpLayer(Counters, hash);
        Icmp = new IcmpLayer(Counters, hash, Ready, output);
        Udp = new UdpLayer(Counters, hash, Ready, output, routes);
        Tcp = new TcpLayer(environment);
        Dhcp = new DhcpClient(Counters, hash);
        RawEthernet = new RawEthernetLayer(Counters, Ready);
    }

    /// <summary>Our station address.</summary>
    public MacAddress Station { get; private set; }

    /// <summary>What is wanted; in use once <see cref="ArpLayer.State"/> says so.</summary>
    public InterfaceConfiguration Configuration => routes.Configuration;

    /// <summary>Addresses, next hops and path MTUs.</summary>
    public Ipv4Routes Routes => routes;

    /// <summary>Is the node's address in use?</summary>
    public bool IsUp => routes.IsUp;

    /// <summary>Sockets whose owners are to be told.</summary>
    public ReadyList Ready { get; } = new();

    /// <summary>Neighbours and our own address.</summary>
    public ArpLayer Arp { get; }

    /// <summary>Control messages and ping.</summary>
    public IcmpLayer Icmp { get; }

    /// <summary>Datagrams.</summary>
    public UdpLayer Udp { get; }

    /// <summary>Streams.</summary>
    public TcpLayer Tcp { get; }

    /// <summary>The address from a server.</summary>
    public DhcpClient Dhcp { get; }

    /// <summary>Other frame types.</summary>
    public RawEthernetLayer RawEthernet { get; }

    /// <summary>The last frames.</summary>
    public PacketCapture Capture { get; } = new();

    /// <summary>What was counted.</summary>
    public NetworkCounters Counters { get; } = new();

    /// <summary>Takes another secret, as after a move: numbers given from now on are new.</summary>
    public void Reseed(ReadOnlySpan<byte> secret) => hash.Reseed(secret);

    /// <summary>Sets the address by hand, ends DHCP; the default value takes the address away.</summary>
    /// <param name="configuration">The address and its surroundings.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="probe">Ask for four to seven seconds whether somebody has the address (RFC 5227) before using it;
    /// without, it is in use at once and only announced and defended.</param>
    public void Configure(in InterfaceConfiguration configuration, Instant now, bool probe = true)
    {
        if (configuration.IsConfigured && !configuration.IsValid)
        {
            throw new ArgumentException("not an address for a host", nameof(configuration));
        }

        Dhcp.Release(now);
        FollowDhcp(now);
        Adopt(configuration, now, probe, keep: true);
    }

    /// <summary>The card's station address has changed.</summary>
    public void SetStation(MacAddress address, Instant now)
    {
        Station = address;
        Arp.Announce(now);
    }

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySpan<byte> frame, Instant now)
    {
        Counters.Add(NetCounter.FramesIn);
        if (Capture.IsOn)
        {
            Capture.Take(frame, isOutgoing: false, now);
        }

        if (frame.Length < EtherType.HeaderLength)
        {
            Counters.Add(NetCounter.FrameBad);
            return;
        }

        MacAddress to = MacAddress.Read(frame), from = MacAddress.Read(frame[MacAddress.Length..]);
        if (!from.IsStation)
        {
            Counters.Add(NetCounter.FrameBad);
            return;
        }

        // Cards filter poorly, and a wire without a switch carries everything.
        bool isBroadcast = to == MacAddress.Broadcast;
        if (to != Station && !isBroadcast)
        {
            Counters.Add(NetCounter.FrameNotOurs);
            return;
        }

        ushort type = EthernetFrame.TypeOf(frame);
        ReadOnlySpan<byte> payload = frame[EtherType.HeaderLength..];
        if (type == EtherType.Ipv4)
        {
            OnDatagram(payload, isBroadcast, now);
        }
        else if (type == EtherType.Arp)
        {
            Arp.Receive(payload, Station, now);
            OnAddressEvent(now);
        }
        else if (!RawEthernet.TryDeliver(type, from, payload))
        {
            Counters.Add(NetCounter.FrameTypeUnknown);
        }
    }

    private void OnDatagram(ReadOnlySpan<byte> datagram, bool isLinkBroadcast, Instant now)
    {
        Counters.Add(NetCounter.IpIn);
        if (!Ipv4Packet.TryDecode(datagram, out Ipv4Packet packet, out NetCounter reason))
        {
            Counters.Add(reason);
            return;
        }

        datagram = datagram.Slice(0, packet.TotalLength);
        if (!packet.Source.IsHost
            || (routes.IsUp
                && (packet.Source == routes.Local || routes.Configuration.IsBroadcast(packet.Source))))
        {
            Counters.Add(NetCounter.IpSourceBad);
            return;
        }

        // What came in a broadcast frame must be for everybody in its own header as well: the reverse lets a stranger
        // make a whole wire answer (RFC 1122, section 3.3.6).
        bool isBroadcast = isLinkBroadcast && routes.Configuration.IsBroadcast(packet.Destination);
        bool isOurs = routes.IsUp && packet.Destination == routes.Local && !isLinkBroadcast;
        if (!isOurs && !isBroadcast && !IsForDhcp(packet, datagram))
        {
            Counters.Add(NetCounter.IpNotOurs);
            return;
        }

        // From a whole datagram on, the header of its first fragment counts.
        if (packet.IsFragment
            && (!reassembly.TryComplete(packet, datagram, now, out datagram)
                || !Ipv4Packet.TryDecodeQuoted(datagram, out packet)))
        {
            return;
        }

        Deliver(packet, datagram, isBroadcast, now);
    }

    // Before it has an address the node takes answers to the address it is to get (RFC 2131, section 4.1).
    private bool IsForDhcp(in Ipv4Packet packet, ReadOnlySpan<byte> datagram) =>
        Dhcp.State != DhcpState.Off
        && packet.Protocol == IpProtocol.Udp
        && !packet.IsFragment
        && datagram.Length >= packet.HeaderLength + UdpLayer.HeaderLength
        && datagram[packet.HeaderLength + 2] == 0
        && datagram[packet.HeaderLength + 3] == DhcpMessage.ClientPort;

    private void Deliver(in Ipv4Packet packet, ReadOnlySpan<byte> datagram, bool isBroadcast, Instant now)
    {
        ReadOnlySpan<byte> payload = datagram[packet.HeaderLength..];
        switch (packet.Protocol)
        {
            case IpProtocol.Tcp when !isBroadcast:
                Counters.Add(NetCounter.TcpIn);
                Tcp.Receive(packet, payload, now);
                break;
            case IpProtocol.Udp:
                OnUdp(packet, datagram, payload, isBroadcast, now);
                break;
            case IpProtocol.Icmp:
                if (Icmp.Receive(packet, payload, isBroadcast, now, out IcmpError error))
                {
                    OnIcmpError(error, now);
                }

                break;
            default:
                Counters.Add(NetCounter.IpProtocolUnknown);
                if (!isBroadcast)
                {
                    Icmp.SendError(IcmpLayer.TypeUnreachable, IcmpLayer.CodeProtocol, datagram, now);
                }

                break;
        }
    }

    private void OnUdp(
        in Ipv4Packet packet, ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> payload, bool isBroadcast, Instant now)
    {
        Counters.Add(NetCounter.UdpIn);
        if (!UdpLayer.TryDecode(
            packet, payload, out ushort from, out ushort to, out ReadOnlySpan<byte> data, out NetCounter reason))
        {
            Counters.Add(reason);
            return;
        }

        if (to == DhcpMessage.ClientPort && Dhcp.State != DhcpState.Off)
        {
            OnDhcp(data, now);
            return;
        }

        if (!Udp.TryDeliver(new Endpoint(packet.Source, from), to, data))
        {
            Counters.Add(NetCounter.UdpNoPort);
            if (!isBroadcast)
            {
                Icmp.SendError(IcmpLayer.TypeUnreachable, IcmpLayer.CodePort, datagram, now);
            }
        }
    }

    private void OnDhcp(ReadOnlySpan<byte> data, Instant now)
    {
        Dhcp.Receive(data, Station, now);
        FollowDhcp(now);
    }

    private void FollowDhcp(Instant now)
    {
        switch (Dhcp.TakeAction())
        {
            case DhcpAction.Use:
                Adopt(Dhcp.Lease.Configuration, now, probe: true, keep: false);
                break;
            case DhcpAction.Keep when Dhcp.Lease.Configuration != routes.Configuration:
                Adopt(Dhcp.Lease.Configuration, now, probe: false, keep: false);
                break;
            case DhcpAction.Drop:
                SendRelease(now);
                Adopt(default, now, probe: false, keep: false);
                break;
            default:
                break;
        }
    }

    private void OnIcmpError(in IcmpError error, Instant now)
    {
        switch (error.Original.Protocol)
        {
            case IpProtocol.Tcp:
                if (!Tcp.IsCredible(error))
                {
                    Counters.Add(NetCounter.IcmpErrorUnasked);
                    break;
                }

                if (error.Kind == IcmpErrorKind.FragmentationNeeded)
                {
                    routes.LearnPathMtu(error.Original.Destination, error.NextHopMtu, now);
                }

                Tcp.OnIcmpError(error, now);
                break;
            case IpProtocol.Udp:
                Udp.OnError(error);
                break;
            case IpProtocol.Icmp:
                Icmp.OnError(error, now);
                break;
            default:
                Counters.Add(NetCounter.IcmpErrorUnasked);
                break;
        }
    }

    private void Adopt(in InterfaceConfiguration configuration, Instant now, bool probe, bool keep)
    {
        Ipv4Address before = routes.Local;
        if (configuration != routes.Configuration)
        {
            Arp.Flush();
        }

        Arp.Table.Protected = configuration.Gateway;
        routes.Set(configuration, isUp: false);
        Arp.Guard.Begin(configuration.Address, probe, keep, now);
        OnAddressEvent(now);
        if (before != Ipv4Address.Any && before != configuration.Address)
        {
            output.Clear();
            Tcp.Drop(before, now);
        }
    }

    private void OnAddressEvent(Instant now)
    {
        switch (Arp.Guard.TakeEvent())
        {
            case AddressEvent.Granted:
                routes.Set(routes.Configuration, isUp: true);
                Dhcp.OnAddressGranted(now);
                break;
            case AddressEvent.Lost:
                Ipv4Address lost = routes.Local;
                routes.Set(routes.Configuration, isUp: false);
                output.Clear();
                if (lost != Ipv4Address.Any)
                {
                    Tcp.Drop(lost, now);
                }

                Dhcp.OnAddressLost(now);
                FollowDhcp(now);
                break;
            default:
                break;
        }
    }
}
