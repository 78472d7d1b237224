using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>The way out, and time.</summary>
public sealed partial class NetworkStack
{
    private const int PayloadStart = EtherType.HeaderLength + Ipv4Packet.HeaderLengthMin;

    private const int DhcpPayloadStart = Ipv4Packet.HeaderLengthMin + UdpLayer.HeaderLength;
    private const int DhcpDatagramMax = DhcpPayloadStart + DhcpMessage.LengthMax;

    private bool isStreamsTurn;

    /// <summary>Builds the next frame to send.</summary>
    /// <param name="frame">Room for it, at least <see cref="INetworkDevice.FrameMax"/> bytes.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="offload">What is left to the card.</param>
    /// <returns>Its length; 0: there is nothing to send.</returns>
    public int Transmit(Span<byte> frame, Instant now, out TransmitOffload offload)
    {
        offload = default;
        int length = Build(frame, now, ref offload);
        if (length > 0)
        {
            Counters.Add(NetCounter.FramesOut);
            if (Capture.IsOn)
            {
                Capture.Take(frame.Slice(0, length), isOutgoing: true, now);
            }
        }

        return length;
    }

    /// <summary>The same for a card that does nothing but send.</summary>
    public int Transmit(Span<byte> frame, Instant now) => Transmit(frame, now, out _);

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now)
    {
        Arp.Advance(now);
        OnAddressEvent(now);
        Dhcp.Advance(now);
        FollowDhcp(now);
        TellRefused(now);
        while (reassembly.TryExpire(now, out ReadOnlySpan<byte> quote))
        {
            // Nothing is said about what was for everybody (RFC 1122, section 3.2.2).
            if (Ipv4Packet.TryDecodeQuoted(quote, out Ipv4Packet about) && about.Destination == routes.Local)
            {
                Icmp.SendError(IcmpLayer.TypeTimeExceeded, IcmpLayer.CodeReassembly, quote, now);
            }
        }

        routes.Advance(now);
        Tcp.Advance(now);
    }

    /// <summary>The node is elsewhere, or later: whoever waits for it is told, and a lease is as much older.</summary>
    /// <param name="missedMilliseconds">What has passed without having been counted.</param>
    /// <param name="now">The present moment.</param>
    public void OnTimeJump(long missedMilliseconds, Instant now)
    {
        Dhcp.Skip(missedMilliseconds);
        Arp.Announce(now);
        Tcp.OnLanded(now);
    }

    /// <summary>When <see cref="Advance"/> is to be called at the latest.</summary>
    public bool TryGetNextDue(out Instant due)
    {
        due = Arp.NextDue;
        due = reassembly.NextDue < due ? reassembly.NextDue : due;
        due = Dhcp.NextDue < due ? Dhcp.NextDue : due;
        if (routes.TryGetNextDue(out Instant routesDue) && routesDue < due)
        {
            due = routesDue;
        }

        if (Tcp.TryGetNextDue(out Instant tcpDue) && tcpDue < due)
        {
            due = tcpDue;
        }

        return due.Nanoseconds != long.MaxValue;
    }

    // What keeps the wire in order goes first; then datagrams and streams in turns, so that neither starves the other.
    private int Build(Span<byte> frame, Instant now, ref TransmitOffload offload)
    {
        int length = Arp.Transmit(frame, Station);
        if (length == 0)
        {
            length = TakeReleased(frame);
        }

        if (length == 0 && Dhcp.HasMessage)
        {
            length = TakeDhcp(frame, now);
        }

        if (length > 0)
        {
            return length;
        }

        isStreamsTurn = !isStreamsTurn;
        if (isStreamsTurn)
        {
            length = TakeSegment(frame, now, ref offload);
            length = length > 0 ? length : TakeDatagram(frame, now);
        }
        else
        {
            length = TakeDatagram(frame, now);
            length = length > 0 ? length : TakeSegment(frame, now, ref offload);
        }

        if (length == 0)
        {
            length = RawEthernet.Transmit(frame, Station);
        }

        // Asking for a neighbour may have been all that came of it.
        return length > 0 ? length : Arp.Transmit(frame, Station);
    }

    private int TakeReleased(Span<byte> frame)
    {
        if (!Arp.Waiting.TryTakeReady(out ReadOnlySpan<byte> datagram, out MacAddress to))
        {
            return 0;
        }

        datagram.CopyTo(frame[EtherType.HeaderLength..]);
        return Finish(frame, to, datagram.Length);
    }

    private int TakeDhcp(Span<byte> frame, Instant now)
    {
        int length = WriteDhcp(frame[EtherType.HeaderLength..], now, out DhcpOutput message);
        if (length == 0 || message.Destination == Ipv4Address.Broadcast)
        {
            return length == 0 ? 0 : Finish(frame, MacAddress.Broadcast, length);
        }

        return routes.NextHop(message.Destination, out Ipv4Address hop) == SocketError.None
            ? Dispatch(frame, length, hop, now)
            : 0;
    }

    // The address goes at once: the message that gives it back cannot wait for a neighbour's answer. Where the server's
    // station is not known, everybody is sent it; only the server will care.
    private void SendRelease(Instant now)
    {
        if (!Dhcp.HasRelease)
        {
            return;
        }

        Span<byte> datagram = stackalloc byte[DhcpDatagramMax];
        int length = WriteDhcp(datagram, now, out DhcpOutput message);
        MacAddress station = MacAddress.Broadcast;
        if (routes.NextHop(message.Destination, out Ipv4Address hop) == SocketError.None
            && Arp.Table.IsKnown(hop, out MacAddress known))
        {
            station = known;
        }

        Arp.Waiting.Release(datagram.Slice(0, length), station);
    }

    private int WriteDhcp(Span<byte> datagram, Instant now, out DhcpOutput message)
    {
        Span<byte> payload = datagram.Slice(DhcpPayloadStart, DhcpMessage.LengthMax);
        if (!Dhcp.TryTake(payload, Station, now, out message))
        {
            return 0;
        }

        payload = payload.Slice(0, message.Length);
        UdpLayer.WriteHeader(
            datagram[Ipv4Packet.HeaderLengthMin..],
            new Endpoint(message.Source, DhcpMessage.ClientPort),
            new Endpoint(message.Destination, DhcpMessage.ServerPort),
            payload);
        int total = DhcpPayloadStart + message.Length;
        Ipv4Packet.Write(
            datagram,
            message.Source,
            message.Destination,
            IpProtocol.Udp,
            total,
            output.NextIdentification(message.Destination, IpProtocol.Udp),
            0,
            Ipv4Output.TimeToLive);
        return total;
    }

    private int TakeDatagram(Span<byte> frame, Instant now)
    {
        while (output.TryTake(out ReadOnlySpan<byte> datagram, out Ipv4Address hop))
        {
            Udp.OnSent();
            datagram.CopyTo(frame[EtherType.HeaderLength..]);
            int length = Dispatch(frame, datagram.Length, hop, now);
            if (length > 0)
            {
                return length;
            }
        }

        return 0;
    }

    private int TakeSegment(Span<byte> frame, Instant now, ref TransmitOffload offload)
    {
        while (Tcp.TryTakeSegment(frame[PayloadStart..], now, out TcpOutput segment))
        {
            // The address may have been lost since the connection was made.
            if (segment.Source != routes.Local
                || routes.NextHop(segment.Destination, out Ipv4Address hop) != SocketError.None)
            {
                Counters.Add(NetCounter.TcpSourceStale);
                continue;
            }

            int length = Send(frame, segment, hop, now, ref offload);
            if (length > 0)
            {
                Counters.Add(NetCounter.TcpOut);
                return length;
            }
        }

        return 0;
    }

    private int Send(
        Span<byte> frame, in TcpOutput segment, Ipv4Address hop, Instant now, ref TransmitOffload offload)
    {
        bool isWhole = segment.DontFragment && routes.MayForbidFragments(segment.Destination);
        int total = Ipv4Packet.HeaderLengthMin + segment.Length;
        Span<byte> header = frame.Slice(EtherType.HeaderLength, Ipv4Packet.HeaderLengthMin);

        // What may not be cut needs no identification (RFC 6864, section 4.1).
        Ipv4Packet.Write(
            header,
            segment.Source,
            segment.Destination,
            IpProtocol.Tcp,
            total,
            isWhole ? (ushort)0 : output.NextIdentification(segment.Destination, IpProtocol.Tcp),
            isWhole ? Ipv4Packet.DontFragmentBit : 0,
            Ipv4Output.TimeToLive);
        if (!segment.IsChecksumLeft)
        {
            return Dispatch(frame, total, hop, now);
        }

        if (Arp.Resolve(hop, now, out MacAddress station) == Resolution.Known)
        {
            // The card sums up the header as well.
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
            offload.TcpChecksum = true;
            offload.SegmentSize = (ushort)segment.CutInto;
            return Finish(frame, station, total);
        }

        // What has to wait leaves without the card's help; what only the card could cut TCP sends again.
        if (segment.CutInto > 0)
        {
            Counters.Add(NetCounter.ArpWaitingFull);
            return 0;
        }

        const int ChecksumPlace = 16;
        Span<byte> bytes = frame.Slice(PayloadStart, segment.Length);
        InternetChecksum.Write(bytes[ChecksumPlace..], InternetChecksum.Sum(bytes));
        return Dispatch(frame, total, hop, now);
    }

    // The datagram lies in the frame behind the place of the Ethernet header.
    private int Dispatch(Span<byte> frame, int length, Ipv4Address hop, Instant now)
    {
        if (hop == Ipv4Address.Broadcast)
        {
            return Finish(frame, MacAddress.Broadcast, length);
        }

        ReadOnlySpan<byte> datagram = frame.Slice(EtherType.HeaderLength, length);
        switch (Arp.Resolve(hop, now, out MacAddress station))
        {
            case Resolution.Known:
                return Finish(frame, station, length);
            case Resolution.Waiting:
                Arp.Table.Hold(hop, datagram);
                return 0;
            default:
                TellUnreachable(datagram, now);
                return 0;
        }
    }

    private int Finish(Span<byte> frame, MacAddress to, int length)
    {
        EthernetFrame.WriteHeader(frame, to, Station, EtherType.Ipv4);
        Counters.Add(NetCounter.IpOut);
        return EtherType.HeaderLength + length;
    }

    private void TellRefused(Instant now)
    {
        while (Arp.Waiting.TryTakeRefused(out ReadOnlySpan<byte> datagram))
        {
            TellUnreachable(datagram, now);
        }
    }

    // A neighbour's silence is told to the sockets like a router's word (RFC 1122, section 2.4).
    private void TellUnreachable(ReadOnlySpan<byte> datagram, Instant now)
    {
        if (Ipv4Packet.TryDecodeQuoted(datagram, out Ipv4Packet original) && original.FragmentOffset == 0)
        {
            OnIcmpError(
                new IcmpError(IcmpErrorKind.HostUnreachable, original, datagram[original.HeaderLength..], 0), now);
        }
    }
}
