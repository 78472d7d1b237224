using System;
using System.Buffers.Binary;

namespace HaukiOS.Net;

/// <summary>What the header of a checked IPv4 packet says (RFC 791, section 3.1).</summary>
public readonly struct Ipv4Packet
{
    /// <summary>Bytes of a header without options.</summary>
    public const int HeaderLengthMin = 20;

    /// <summary>The longest datagram there can be.</summary>
    public const int LengthMax = 65535;

    internal const ushort DontFragmentBit = 0x4000;
    internal const ushort MoreFragmentsBit = 0x2000;
    private const ushort OffsetMask = 0x1FFF;

    /// <summary>A header without options, of a whole datagram.</summary>
    public Ipv4Packet(
        Ipv4Address source, Ipv4Address destination, byte protocol, byte timeToLive = 64, byte typeOfService = 0)
    {
        Source = source;
        Destination = destination;
        Protocol = protocol;
        TimeToLive = timeToLive;
        TypeOfService = typeOfService;
        HeaderLength = HeaderLengthMin;
        TotalLength = HeaderLengthMin;
    }

    private Ipv4Packet(ReadOnlySpan<byte> header, int headerLength, int totalLength)
    {
        HeaderLength = headerLength;
        TotalLength = totalLength;
        TypeOfService = header[1];
        Identification = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        ushort fragment = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        MoreFragments = (fragment & MoreFragmentsBit) != 0;
        FragmentOffset = (fragment & OffsetMask) * 8;
        TimeToLive = header[8];
        Protocol = header[9];
        Source = Ipv4Address.Read(header[12..]);
        Destination = Ipv4Address.Read(header[16..]);
    }

    /// <summary>Who sent it.</summary>
    public Ipv4Address Source { get; }

    /// <summary>To whom: an address of this node, once it is handed to the protocol above.</summary>
    public Ipv4Address Destination { get; }

    /// <summary>The protocol of the payload.</summary>
    public byte Protocol { get; }

    /// <summary>Routers it could still have passed.</summary>
    public byte TimeToLive { get; }

    /// <summary>Type of service: DSCP and ECN (RFC 2474, RFC 3168).</summary>
    public byte TypeOfService { get; }

    /// <summary>Bytes of the header with its options: 20 to 60.</summary>
    public int HeaderLength { get; }

    /// <summary>Bytes of header and payload, as the header says.</summary>
    public int TotalLength { get; }

    /// <summary>What the fragments of one datagram share.</summary>
    public ushort Identification { get; }

    /// <summary>Is it a fragment, and not the last?</summary>
    public bool MoreFragments { get; }

    /// <summary>Where in the payload of the whole datagram this fragment lies, in bytes.</summary>
    public int FragmentOffset { get; }

    /// <summary>Is it a part of a datagram?</summary>
    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    /// <summary>
    /// Reads one header. Padding after the datagram is no part of it (RFC 894); what options there are must be well
    /// formed, and are not followed (RFC 1122, section 3.2.1.8).
    /// </summary>
    /// <param name="datagram">What came after the Ethernet header.</param>
    /// <param name="packet">The header.</param>
    /// <param name="reason">The counter of the reason for refusing it.</param>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, out Ipv4Packet packet, out NetCounter reason)
    {
        packet = default;
        reason = NetCounter.IpHeaderBad;
        if (datagram.Length < HeaderLengthMin || datagram[0] >> 4 != 4)
        {
            return false;
        }

        int headerLength = (datagram[0] & 0xF) * 4;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (headerLength < HeaderLengthMin || totalLength < headerLength || totalLength > datagram.Length)
        {
            return false;
        }

        if (InternetChecksum.Fold(InternetChecksum.Sum(datagram.Slice(0, headerLength))) != 0xFFFF)
        {
            reason = NetCounter.IpChecksumBad;
            return false;
        }

        if (headerLength > HeaderLengthMin
            && !AreOptionsAcceptable(datagram.Slice(HeaderLengthMin, headerLength - HeaderLengthMin), out reason))
        {
            return false;
        }

        packet = new Ipv4Packet(datagram, headerLength, totalLength);
        return true;
    }

    /// <summary>
    /// Reads a header that an ICMP message quotes: the payload is cut off, and routers may have changed what the
    /// checksum covers.
    /// </summary>
    public static bool TryDecodeQuoted(ReadOnlySpan<byte> quoted, out Ipv4Packet packet)
    {
        packet = default;
        if (quoted.Length < HeaderLengthMin || quoted[0] >> 4 != 4)
        {
            return false;
        }

        int headerLength = (quoted[0] & 0xF) * 4;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(quoted[2..]);
        if (headerLength < HeaderLengthMin || headerLength > quoted.Length || totalLength < headerLength)
        {
            return false;
        }

        packet = new Ipv4Packet(quoted, headerLength, totalLength);
        return true;
    }

    /// <summary>Writes a header of 20 bytes with its checksum.</summary>
    internal static void Write(
        Span<byte> into,
        Ipv4Address source,
        Ipv4Address destination,
        byte protocol,
        int totalLength,
        ushort identification,
        int flagsAndOffset,
        byte timeToLive)
    {
        BinaryPrimitives.WriteUInt32BigEndian(into, 0x4500_0000u | (uint)totalLength);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], ((uint)identification << 16) | (uint)flagsAndOffset);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], ((uint)timeToLive << 24) | ((uint)protocol << 16));
        source.Write(into[12..]);
        destination.Write(into[16..]);
        InternetChecksum.Write(into[10..], InternetChecksum.Sum(into.Slice(0, HeaderLengthMin)));
    }

    // Source routes are refused: they let a stranger choose the way of our answers (RFC 7126, section 4.3).
    private static bool AreOptionsAcceptable(ReadOnlySpan<byte> options, out NetCounter reason)
    {
        const byte EndOfList = 0, NoOperation = 1, LooseSourceRoute = 131, StrictSourceRoute = 137;
        reason = NetCounter.IpHeaderBad;
        int at = 0;
        while (at < options.Length && options[at] != EndOfList)
        {
            if (options[at] == NoOperation)
            {
                at++;
                continue;
            }

            if (options[at] is LooseSourceRoute or StrictSourceRoute)
            {
                reason = NetCounter.IpSourceRoute;
                return false;
            }

            if (at + 1 >= options.Length || options[at + 1] < 2 || options[at + 1] > options.Length - at)
            {
                return false;
            }

            at += options[at + 1];
        }

        return true;
    }
}
