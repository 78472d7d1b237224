using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>One end as a forger sees it.</summary>
internal readonly record struct Station(MacAddress Mac, Ipv4Address Ip);

/// <summary>The fields of a TCP segment to forge.</summary>
internal record struct ForgedSegment(
    ushort FromPort, ushort ToPort, uint Sequence, uint Acknowledgment, WireFlags Flags, int Window)
{
    /// <summary>Options as they lie on the wire; padded to whole words.</summary>
    public byte[] Options { get; init; } = [];

    /// <summary>Data.</summary>
    public byte[] Payload { get; init; } = [];
}

/// <summary>Makes frames by hand, without the code under test.</summary>
internal static class FrameForge
{
    public const int FrameMax = INetworkDevice.FrameMax;
    private const int Ethernet = WireFrame.EthernetHeader;
    private const int Ip = Ethernet + 20;

    /// <summary>The router that narrow paths have.</summary>
    public static readonly Station Router = new(new MacAddress(0x02_00_00_00_00_FE), Ipv4Address.Of(10, 0, 0, 254));

    /// <summary>The MSS option (RFC 9293, section 3.2).</summary>
    public static byte[] Mss(int value) => [2, 4, (byte)(value >> 8), (byte)value];

    /// <summary>The window scale option (RFC 7323, section 2.2).</summary>
    public static byte[] Scale(int shift) => [3, 3, (byte)shift];

    /// <summary>The SACK-permitted option (RFC 2018, section 2).</summary>
    public static byte[] SackPermitted => [4, 2];

    /// <summary>The timestamps option (RFC 7323, section 3.2).</summary>
    public static byte[] Stamps(uint value, uint echo)
    {
        byte[] option = [8, 10, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(2), value);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(6), echo);
        return option;
    }

    /// <summary>The SACK option (RFC 2018, section 3).</summary>
    public static byte[] Sack(params (uint Left, uint Right)[] blocks)
    {
        byte[] option = new byte[2 + (blocks.Length * 8)];
        option[0] = 5;
        option[1] = (byte)option.Length;
        for (int i = 0; i < blocks.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(2 + (i * 8)), blocks[i].Left);
            BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(6 + (i * 8)), blocks[i].Right);
        }

        return option;
    }

    /// <summary>Several options behind one another.</summary>
    public static byte[] Join(params byte[][] options)
    {
        List<byte> all = [];
        foreach (byte[] option in options)
        {
            all.AddRange(option);
        }

        return [.. all];
    }

    /// <summary>A frame of any type.</summary>
    public static byte[] Frame(MacAddress from, MacAddress to, ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Ethernet + payload.Length];
        to.Write(frame);
        from.Write(frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        payload.CopyTo(frame.AsSpan(Ethernet));
        return frame;
    }

    /// <summary>An ARP packet (RFC 826).</summary>
    public static byte[] Arp(
        Station from, MacAddress to, int operation, MacAddress targetMac, Ipv4Address targetIp)
    {
        byte[] arp = new byte[28];
        BinaryPrimitives.WriteUInt64BigEndian(arp, (0x0001_0800_0604UL << 16) | (uint)operation);
        from.Mac.Write(arp.AsSpan(8));
        from.Ip.Write(arp.AsSpan(14));
        targetMac.Write(arp.AsSpan(18));
        targetIp.Write(arp.AsSpan(24));
        return Frame(from.Mac, to, WireFrame.TypeArp, arp);
    }

    /// <summary>An IPv4 packet with any payload.</summary>
    /// <param name="from">Source.</param>
    /// <param name="to">Destination.</param>
    /// <param name="protocol">Protocol number.</param>
    /// <param name="payload">What follows the header.</param>
    /// <param name="fragment">The word with flags and offset.</param>
    /// <param name="identification">What fragments share.</param>
    /// <param name="options">IP options, whole words.</param>
    public static byte[] Packet(
        Station from,
        Station to,
        int protocol,
        ReadOnlySpan<byte> payload,
        int fragment = 0,
        int identification = 1,
        ReadOnlySpan<byte> options = default)
    {
        byte[] packet = new byte[20 + options.Length + payload.Length];
        packet[0] = (byte)(0x45 + (options.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(6), (ushort)fragment);
        packet[8] = 64;
        packet[9] = (byte)protocol;
        from.Ip.Write(packet.AsSpan(12));
        to.Ip.Write(packet.AsSpan(16));
        options.CopyTo(packet.AsSpan(20));
        payload.CopyTo(packet.AsSpan(20 + options.Length));
        byte[] frame = Frame(from.Mac, to.Mac, WireFrame.TypeIpv4, packet);
        FixIpChecksum(frame);
        return frame;
    }

    /// <summary>A UDP datagram.</summary>
    public static byte[] Udp(Station from, Station to, ushort fromPort, ushort toPort, ReadOnlySpan<byte> payload)
    {
        byte[] udp = new byte[8 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(udp, fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(2), toPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        payload.CopyTo(udp.AsSpan(8));
        byte[] frame = Packet(from, to, 17, udp);
        FixTransportChecksum(frame);
        return frame;
    }

    /// <summary>An ICMP message: type, code, the four bytes after the checksum, and the rest.</summary>
    public static byte[] Icmp(Station from, Station to, int type, int code, uint word, ReadOnlySpan<byte> rest)
    {
        byte[] icmp = new byte[8 + rest.Length];
        icmp[0] = (byte)type;
        icmp[1] = (byte)code;
        BinaryPrimitives.WriteUInt32BigEndian(icmp.AsSpan(4), word);
        rest.CopyTo(icmp.AsSpan(8));
        byte[] frame = Packet(from, to, 1, icmp);
        FixTransportChecksum(frame);
        return frame;
    }

    /// <summary>A TCP segment.</summary>
    public static byte[] Tcp(Station from, Station to, in ForgedSegment segment)
    {
        int options = (segment.Options.Length + 3) & ~3;
        byte[] tcp = new byte[20 + options + segment.Payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(tcp, segment.FromPort);
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(2), segment.ToPort);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(4), segment.Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(tcp.AsSpan(8), segment.Acknowledgment);
        tcp[12] = (byte)((20 + options) << 2);
        tcp[13] = (byte)segment.Flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp.AsSpan(14), (ushort)segment.Window);
        segment.Options.CopyTo(tcp.AsSpan(20));
        segment.Payload.CopyTo(tcp.AsSpan(20 + options));
        byte[] frame = Packet(from, to, 6, tcp, 0x4000);
        FixTransportChecksum(frame);
        return frame;
    }

    /// <summary>Makes the IPv4 header's checksum right.</summary>
    public static void FixIpChecksum(Span<byte> frame)
    {
        Span<byte> header = frame.Slice(Ethernet, Math.Min((frame[Ethernet] & 15) * 4, frame.Length - Ethernet));
        if (header.Length >= 12)
        {
            header[10] = header[11] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)~WireFrame.Sum(header));
        }
    }

    /// <summary>Makes the checksum of TCP, UDP or ICMP right, as far as the packet has one.</summary>
    public static void FixTransportChecksum(Span<byte> frame)
    {
        if (frame.Length < Ip)
        {
            return;
        }

        int start = Ethernet + ((frame[Ethernet] & 15) * 4);
        int end = Math.Min(Ethernet + BinaryPrimitives.ReadUInt16BigEndian(frame[(Ethernet + 2)..]), frame.Length);
        int protocol = frame[Ethernet + 9];
        int at = protocol switch
        {
            1 => 2,
            6 => 16,
            17 => 6,
            _ => -1,
        };
        if (at < 0 || start + at + 2 > end)
        {
            return;
        }

        Span<byte> body = frame[start..end];
        uint from = BinaryPrimitives.ReadUInt32BigEndian(frame[(Ethernet + 12)..]);
        uint to = BinaryPrimitives.ReadUInt32BigEndian(frame[(Ethernet + 16)..]);
        ulong pseudo = protocol == 1 ? 0 : WireFrame.PseudoSum(from, to, protocol, body.Length);
        body[at] = body[at + 1] = 0;
        ushort sum = (ushort)~WireFrame.Sum(body, pseudo);
        BinaryPrimitives.WriteUInt16BigEndian(body[at..], protocol == 17 && sum == 0 ? (ushort)0xFFFF : sum);
    }

    /// <summary>What a router answers to a packet that its next hop does not take (RFC 1191, section 4).</summary>
    public static int FragmentationNeeded(Span<byte> into, ReadOnlySpan<byte> refused, int mtu)
    {
        ReadOnlySpan<byte> quoted = refused.Slice(Ethernet, Math.Min(refused.Length - Ethernet, 28));
        Station sender = new(
            MacAddress.Read(refused[6..]), Ipv4Address.Read(refused[(Ethernet + 12)..]));
        byte[] frame = Icmp(Router, sender, 3, 4, (uint)mtu, quoted);
        frame.CopyTo(into);
        return frame.Length;
    }
}
