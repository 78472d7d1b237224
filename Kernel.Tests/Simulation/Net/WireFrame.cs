using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What a frame carries.</summary>
internal enum WireKind
{
    Other,
    Arp,
    Fragment,
    Icmp,
    Udp,
    Tcp,
    OtherIp,
}

/// <summary>TCP flags (RFC 9293, section 3.1).</summary>
[Flags]
internal enum WireFlags
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Rst = 4,
    Psh = 8,
    Ack = 16,
    Urg = 32,
    Ece = 64,
    Cwr = 128,
}

/// <summary>
/// A frame as an independent, strict reader sees it: it shares no code with the stack, and it holds against a frame
/// whatever an RFC says about its form. One object is used again and again.
/// </summary>
internal sealed class WireFrame
{
    public const int EthernetHeader = 14;
    public const ushort TypeIpv4 = 0x0800;
    public const ushort TypeArp = 0x0806;

    private readonly List<(uint Left, uint Right)> sacks = [];

    public ulong Destination { get; private set; }

    public ulong Source { get; private set; }

    public ushort EtherType { get; private set; }

    public WireKind Kind { get; private set; }

    public uint From { get; private set; }

    public uint To { get; private set; }

    public int IpHeader { get; private set; }

    public int IpTotal { get; private set; }

    public int Identification { get; private set; }

    public int Ttl { get; private set; }

    public int Protocol { get; private set; }

    public bool DontFragment { get; private set; }

    public bool MoreFragments { get; private set; }

    public int FragmentOffset { get; private set; }

    public int ArpOperation { get; private set; }

    public uint ArpSender { get; private set; }

    public uint ArpTarget { get; private set; }

    public int IcmpType { get; private set; }

    public int IcmpCode { get; private set; }

    public ushort FromPort { get; private set; }

    public ushort ToPort { get; private set; }

    public uint Sequence { get; private set; }

    public uint Acknowledgment { get; private set; }

    public WireFlags Flags { get; private set; }

    public int Window { get; private set; }

    /// <summary>Where the transport's header starts.</summary>
    public int Transport { get; private set; }

    /// <summary>Where the transport's payload starts, and how long it is.</summary>
    public int Payload { get; private set; }

    public int PayloadLength { get; private set; }

    public int OptionsLength { get; private set; }

    public int Mss { get; private set; }

    public int WindowScale { get; private set; }

    public bool SackPermitted { get; private set; }

    public bool HasTimestamps { get; private set; }

    public uint TimestampValue { get; private set; }

    public uint TimestampEcho { get; private set; }

    public IReadOnlyList<(uint Left, uint Right)> Sacks => sacks;

    public bool Is(WireFlags flag) => (Flags & flag) != 0;

    /// <summary>Sequence numbers that the segment takes.</summary>
    public int SequenceLength => PayloadLength + (Is(WireFlags.Syn) ? 1 : 0) + (Is(WireFlags.Fin) ? 1 : 0);

    /// <summary>Reads a frame.</summary>
    /// <param name="frame">The frame without its check sequence.</param>
    /// <param name="checkSums">Without, the checksums are taken as right: for a frame that was read before.</param>
    /// <returns>What is wrong with it; null if nothing is.</returns>
    public string? Read(ReadOnlySpan<byte> frame, bool checkSums = true)
    {
        Kind = WireKind.Other;
        Flags = WireFlags.None;
        PayloadLength = 0;
        sacks.Clear();
        if (frame.Length is < EthernetHeader or > 1514)
        {
            return $"a frame of {frame.Length} bytes";
        }

        Destination = Read48(frame);
        Source = Read48(frame[6..]);
        EtherType = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]);
        if ((Source >> 40 & 1) != 0 || Source == 0 || Destination == 0)
        {
            return "an Ethernet source that is no station, or a destination of zero";
        }

        return EtherType switch
        {
            TypeArp => ReadArp(frame[EthernetHeader..]),
            TypeIpv4 => ReadIp(frame, checkSums),
            _ => null,
        };
    }

    /// <summary>The ones' complement sum of RFC 1071, folded; 0xFFFF over data that carries its checksum.</summary>
    public static uint Sum(ReadOnlySpan<byte> data, ulong start = 0)
    {
        ulong sum = start;
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(data);
        ulong little = 0;
        foreach (uint word in words)
        {
            little += word;
        }

        // Little-endian words give the byte-swapped sum (RFC 1071, section 2 B).
        little = (little & 0xFFFF) + (little >> 16 & 0xFFFF) + (little >> 32 & 0xFFFF) + (little >> 48);
        little = (little & 0xFFFF) + (little >> 16);
        little = (little & 0xFFFF) + (little >> 16);
        sum += BinaryPrimitives.ReverseEndianness((ushort)little);
        for (int i = words.Length * 4; i < data.Length; i++)
        {
            sum += (i & 1) == 0 ? (ulong)data[i] << 8 : data[i];
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (uint)sum;
    }

    /// <summary>The sum of the pseudo header (RFC 9293, section 3.1).</summary>
    public static ulong PseudoSum(uint from, uint to, int protocol, int length) =>
        (from >> 16) + (from & 0xFFFF) + (to >> 16) + (to & 0xFFFF) + (ulong)protocol + (ulong)length;

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        WireKind.Tcp => $"{Dotted(From)}:{FromPort} > {Dotted(To)}:{ToPort} [{Flags}] seq {Sequence} "
            + $"ack {Acknowledgment} win {Window} len {PayloadLength}"
            + (HasTimestamps ? $" ts {TimestampValue}/{TimestampEcho}" : "")
            + (Mss > 0 ? $" mss {Mss}" : "") + (WindowScale >= 0 ? $" ws {WindowScale}" : "")
            + (sacks.Count > 0 ? $" sack {string.Join(",", sacks)}" : ""),
        WireKind.Arp => $"arp {ArpOperation} {Dotted(ArpSender)} > {Dotted(ArpTarget)}",
        WireKind.Icmp => $"{Dotted(From)} > {Dotted(To)} icmp {IcmpType}/{IcmpCode} len {PayloadLength}",
        WireKind.Udp => $"{Dotted(From)}:{FromPort} > {Dotted(To)}:{ToPort} udp len {PayloadLength}",
        WireKind.Fragment => $"{Dotted(From)} > {Dotted(To)} fragment {Identification} at {FragmentOffset}",
        _ => $"{Kind} type {EtherType:x4} protocol {Protocol}",
    };

    private static string Dotted(uint address) =>
        $"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}";

    private static ulong Read48(ReadOnlySpan<byte> from) =>
        (ulong)BinaryPrimitives.ReadUInt16BigEndian(from) << 32 | BinaryPrimitives.ReadUInt32BigEndian(from[2..]);

    // RFC 826 with the numbers of Ethernet and IPv4.
    private string? ReadArp(ReadOnlySpan<byte> arp)
    {
        if (arp.Length < 28)
        {
            return $"an ARP packet of {arp.Length} bytes";
        }

        Kind = WireKind.Arp;
        if (BinaryPrimitives.ReadUInt64BigEndian(arp) >> 16 != 0x0001_0800_0604)
        {
            return "an ARP packet for another kind of network";
        }

        ArpOperation = BinaryPrimitives.ReadUInt16BigEndian(arp[6..]);
        ArpSender = BinaryPrimitives.ReadUInt32BigEndian(arp[14..]);
        ArpTarget = BinaryPrimitives.ReadUInt32BigEndian(arp[24..]);
        if (ArpOperation is not (1 or 2))
        {
            return $"ARP operation {ArpOperation}";
        }

        return Read48(arp[8..]) != Source ? "ARP sender and Ethernet source differ" : Padding(arp[28..]);
    }

    private string? ReadIp(ReadOnlySpan<byte> frame, bool checkSums)
    {
        ReadOnlySpan<byte> ip = frame[EthernetHeader..];
        if (ip.Length < 20 || ip[0] >> 4 != 4)
        {
            return "no IPv4 header";
        }

        IpHeader = (ip[0] & 15) * 4;
        IpTotal = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        if (IpHeader < 20 || IpTotal < IpHeader || IpTotal > ip.Length)
        {
            return $"IPv4 header of {IpHeader}, packet of {IpTotal}, in {ip.Length} bytes";
        }

        if (checkSums && Sum(ip[..IpHeader]) != 0xFFFF)
        {
            return "a wrong IPv4 header checksum";
        }

        Identification = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]);
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(ip[6..]);
        DontFragment = (fragment & 0x4000) != 0;
        MoreFragments = (fragment & 0x2000) != 0;
        FragmentOffset = (fragment & 0x1FFF) * 8;
        Ttl = ip[8];
        Protocol = ip[9];
        From = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]);
        To = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]);
        Transport = EthernetHeader + IpHeader;
        if ((fragment & 0x8000) != 0 || Ttl == 0 || From == 0xFFFF_FFFF || From >> 28 == 0xE || To == 0)
        {
            return "IPv4 reserved bit, dead time to live, or an impossible address";
        }

        if (From >> 24 == 127 || To >> 24 == 127)
        {
            return "127/8 on a wire (RFC 1122, section 3.2.1.3)";
        }

        if (MoreFragments || FragmentOffset > 0)
        {
            Kind = WireKind.Fragment;
            PayloadLength = IpTotal - IpHeader;
            Payload = Transport;
            bool whole = !MoreFragments || PayloadLength % 8 == 0;
            return !whole || DontFragment || FragmentOffset + PayloadLength > 65535 - 20
                ? "an impossible fragment"
                : Padding(ip[IpTotal..]);
        }

        ReadOnlySpan<byte> body = ip[IpHeader..IpTotal];
        string? fault = Protocol switch
        {
            1 => ReadIcmp(body, checkSums),
            6 => ReadTcp(body, checkSums),
            17 => ReadUdp(body, checkSums),
            _ => OtherIp(),
        };
        return fault ?? Padding(ip[IpTotal..]);
    }

    private string? OtherIp()
    {
        Kind = WireKind.OtherIp;
        return null;
    }

    private string? ReadIcmp(ReadOnlySpan<byte> icmp, bool checkSums)
    {
        Kind = WireKind.Icmp;
        if (icmp.Length < 8 || (checkSums && Sum(icmp) != 0xFFFF))
        {
            return "a short ICMP message or a wrong checksum";
        }

        IcmpType = icmp[0];
        IcmpCode = icmp[1];
        Payload = Transport + 8;
        PayloadLength = icmp.Length - 8;

        // A datagram without eight bytes of data is quoted as a whole.
        int whole = PayloadLength < 20 ? 28 : BinaryPrimitives.ReadUInt16BigEndian(icmp[10..]);
        return IcmpType is 3 or 11 or 12 && PayloadLength < Math.Min(28, whole)
            ? "an ICMP error that quotes less than a header and eight bytes (RFC 1122, section 3.2.2)"
            : null;
    }

    private string? ReadUdp(ReadOnlySpan<byte> udp, bool checkSums)
    {
        Kind = WireKind.Udp;
        if (udp.Length < 8 || BinaryPrimitives.ReadUInt16BigEndian(udp[4..]) != udp.Length)
        {
            return "a UDP datagram whose length is not that of its packet";
        }

        FromPort = BinaryPrimitives.ReadUInt16BigEndian(udp);
        ToPort = BinaryPrimitives.ReadUInt16BigEndian(udp[2..]);
        Payload = Transport + 8;
        PayloadLength = udp.Length - 8;
        if (BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) == 0)
        {
            return "a UDP datagram without a checksum (RFC 1122, section 4.1.3.4)";
        }

        return checkSums && Sum(udp, PseudoSum(From, To, 17, udp.Length)) != 0xFFFF ? "a wrong UDP checksum" : null;
    }

    private string? ReadTcp(ReadOnlySpan<byte> tcp, bool checkSums)
    {
        Kind = WireKind.Tcp;
        int header = tcp.Length < 20 ? 0 : (tcp[12] >> 4) * 4;
        if (header < 20 || header > tcp.Length)
        {
            return "a TCP header that does not fit";
        }

        FromPort = BinaryPrimitives.ReadUInt16BigEndian(tcp);
        ToPort = BinaryPrimitives.ReadUInt16BigEndian(tcp[2..]);
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(tcp[4..]);
        Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(tcp[8..]);
        Flags = (WireFlags)tcp[13];
        Window = BinaryPrimitives.ReadUInt16BigEndian(tcp[14..]);
        Payload = Transport + header;
        PayloadLength = tcp.Length - header;
        OptionsLength = header - 20;
        if (checkSums && Sum(tcp, PseudoSum(From, To, 6, tcp.Length)) != 0xFFFF)
        {
            return "a wrong TCP checksum";
        }

        bool acks = Is(WireFlags.Ack);
        if ((tcp[12] & 15) != 0 || (!acks && Acknowledgment != 0) 
            || ((FromPort == 0 || ToPort == 0) && !Is(WireFlags.Rst)))
        {
            return "TCP reserved bits, an acknowledgment number without its flag, or port zero";
        }

        bool opens = Is(WireFlags.Syn);
        if ((opens && (Flags & (WireFlags.Fin | WireFlags.Rst)) != 0)
            || (!opens && !acks && !Is(WireFlags.Rst))
            || (Is(WireFlags.Rst) && PayloadLength > 0)
            || Is(WireFlags.Urg) != (BinaryPrimitives.ReadUInt16BigEndian(tcp[18..]) != 0))
        {
            return $"the flags {Flags}, or an urgent pointer without its flag";
        }

        return ReadOptions(tcp[20..header]);
    }

    private string? ReadOptions(ReadOnlySpan<byte> options)
    {
        Mss = 0;
        WindowScale = -1;
        SackPermitted = false;
        HasTimestamps = false;
        int at = 0;
        while (at < options.Length && options[at] != 0)
        {
            int kind = options[at];
            int length = kind == 1 ? 1 : at + 1 < options.Length ? options[at + 1] : 0;
            if (length == 0 || at + length > options.Length || (kind != 1 && length < 2))
            {
                return $"TCP option {kind} does not fit";
            }

            if (ReadOption(kind, options.Slice(at, length)) is { } fault)
            {
                return fault;
            }

            at += length;
        }

        return Padding(options[at..]);
    }

    private string? ReadOption(int kind, ReadOnlySpan<byte> option)
    {
        bool opens = Is(WireFlags.Syn);
        switch (kind, option.Length)
        {
            case (1, 1):
                return null;
            case (2, 4) when opens && Mss == 0:
                Mss = BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
                return Mss == 0 ? "an MSS of zero" : null;
            case (3, 3) when opens && WindowScale < 0:
                WindowScale = option[2];
                return WindowScale > 14 ? "a window scale above 14 (RFC 7323, section 2.3)" : null;
            case (4, 2) when opens && !SackPermitted:
                SackPermitted = true;
                return null;
            case (5, >= 10) when !opens && (option.Length - 2) % 8 == 0 && sacks.Count == 0:
                for (int i = 2; i < option.Length; i += 8)
                {
                    sacks.Add((
                        BinaryPrimitives.ReadUInt32BigEndian(option[i..]),
                        BinaryPrimitives.ReadUInt32BigEndian(option[(i + 4)..])));
                }

                return null;
            case (8, 10) when !HasTimestamps:
                HasTimestamps = true;
                TimestampValue = BinaryPrimitives.ReadUInt32BigEndian(option[2..]);
                TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(option[6..]);
                return null;
            default:
                return $"TCP option {kind} of {option.Length} bytes in a segment [{Flags}]";
        }
    }

    // Bytes behind the end leak what was in the buffer before unless they are zero.
    private static string? Padding(ReadOnlySpan<byte> padding) =>
        padding.IndexOfAnyExcept((byte)0) >= 0 ? "padding that is not zero" : null;
}
