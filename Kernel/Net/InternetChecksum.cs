using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HaukiOS.Net;

/// <summary>
/// The checksum of IPv4, ICMP, UDP and TCP: the one's complement sum of 16-bit words (RFC 1071). Sums are partial and
/// in the machine's own byte order, which the one's complement allows (RFC 1071, section 2 (B)); each is small enough
/// that several may be added before folding.
/// </summary>
public static unsafe class InternetChecksum
{
    /// <summary>Sums up <paramref name="data"/>; an odd last byte counts as if a zero followed.</summary>
    public static uint Sum(ReadOnlySpan<byte> data, uint initial = 0)
    {
        fixed (byte* start = data)
        {
            return SumAt(start, data.Length, Reduce(initial));
        }
    }

    /// <summary>Copies and sums up in one pass. <paramref name="to"/> is at least as long.</summary>
    public static uint CopyAndSum(ReadOnlySpan<byte> from, Span<byte> to, uint initial = 0)
    {
        if (to.Length < from.Length)
        {
            throw new ArgumentException("there is no room for the copy");
        }

        fixed (byte* source = from)
        fixed (byte* target = to)
        {
            return CopyAt(source, target, from.Length, Reduce(initial));
        }
    }

    /// <summary>The sum of what TCP and UDP take from the IPv4 header (RFC 9293, section 3.1; RFC 768).</summary>
    public static uint PseudoHeader(Ipv4Address source, Ipv4Address destination, byte protocol, int length)
    {
        uint from = BinaryPrimitives.ReverseEndianness(source.Value);
        uint to = BinaryPrimitives.ReverseEndianness(destination.Value);
        return (from & 0xFFFF) + (from >> 16) + (to & 0xFFFF) + (to >> 16)
            + ((uint)protocol << 8) + BinaryPrimitives.ReverseEndianness((ushort)length);
    }

    /// <summary>The sum of a part that begins at an odd offset of the whole (RFC 1071, section 2 (A)).</summary>
    public static uint AtOdd(uint sum) => BinaryPrimitives.ReverseEndianness(Fold(sum));

    /// <summary>Sixteen bits, not complemented. What has its right checksum inside folds to 0xFFFF.</summary>
    public static ushort Fold(uint sum)
    {
        sum = Reduce(sum);
        return (ushort)((sum & 0xFFFF) + (sum >> 16));
    }

    /// <summary>Writes the complement of the folded sum: the checksum.</summary>
    public static void Write(Span<byte> field, uint sum)
    {
        ushort value = (ushort)~Fold(sum);
        MemoryMarshal.Write(field, in value);
    }

    // At most 0x1FFFE.
    private static uint Reduce(uint sum) => (sum & 0xFFFF) + (sum >> 16);

    private static uint SumAt(byte* at, int length, uint sum)
    {
        uint high = 0;
        while (length >= 32)
        {
            // Halves of a word go to two sums of 32 bits: 2^16 words fit before either can overflow, and no
            // datagram has as many.
            uint* words = (uint*)at;
            sum += (words[0] & 0xFFFF) + (words[1] & 0xFFFF) + (words[2] & 0xFFFF) + (words[3] & 0xFFFF)
                + (words[4] & 0xFFFF) + (words[5] & 0xFFFF) + (words[6] & 0xFFFF) + (words[7] & 0xFFFF);
            high += (words[0] >> 16) + (words[1] >> 16) + (words[2] >> 16) + (words[3] >> 16)
                + (words[4] >> 16) + (words[5] >> 16) + (words[6] >> 16) + (words[7] >> 16);
            at += 32;
            length -= 32;
        }

        while (length >= 2)
        {
            sum += *(ushort*)at;
            at += 2;
            length -= 2;
        }

        if (length != 0)
        {
            sum += *at;
        }

        return Reduce(Reduce(sum) + Reduce(high));
    }

    private static uint CopyAt(byte* from, byte* to, int length, uint sum)
    {
        uint high = 0;
        while (length >= 16)
        {
            uint a = ((uint*)from)[0], b = ((uint*)from)[1], c = ((uint*)from)[2], d = ((uint*)from)[3];
            ((uint*)to)[0] = a;
            ((uint*)to)[1] = b;
            ((uint*)to)[2] = c;
            ((uint*)to)[3] = d;
            sum += (a & 0xFFFF) + (b & 0xFFFF) + (c & 0xFFFF) + (d & 0xFFFF);
            high += (a >> 16) + (b >> 16) + (c >> 16) + (d >> 16);
            from += 16;
            to += 16;
            length -= 16;
        }

        while (length >= 2)
        {
            ushort word = *(ushort*)from;
            *(ushort*)to = word;
            sum += word;
            from += 2;
            to += 2;
            length -= 2;
        }

        if (length != 0)
        {
            *to = *from;
            sum += *from;
        }

        return Reduce(Reduce(sum) + Reduce(high));
    }
}
