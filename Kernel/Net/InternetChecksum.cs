using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HaukiOS.Net;

/// <summary>
/// The checksum of IPv4, ICMP, UDP and TCP: the one's complement sum of 16-bit words (RFC 1071). Sums are partial and
/// in the machine's own byte order, which the one's complement allows (RFC 1071, section 2 (B)); each is small enough
/// that several may be added before folding. No part may be longer than 256 KiB.
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

    // Two sums of 32 bits stand for one of 48: every word goes whole into the one, whose overflow is let go, and its
    // upper half into the other. The lower halves' sum is their difference, exact because no datagram has as many words
    // as would overflow it. It needs neither carries, which a Pentium 4 is slow at, nor vectors, which emulators are.
    private static uint SumAt(byte* at, int length, uint initial)
    {
        uint whole = 0, upper = 0;
        for (; length >= 32; at += 32, length -= 32)
        {
            uint* words = (uint*)at;
            uint word = words[0];
            whole += word;
            upper += word >> 16;
            word = words[1];
            whole += word;
            upper += word >> 16;
            word = words[2];
            whole += word;
            upper += word >> 16;
            word = words[3];
            whole += word;
            upper += word >> 16;
            word = words[4];
            whole += word;
            upper += word >> 16;
            word = words[5];
            whole += word;
            upper += word >> 16;
            word = words[6];
            whole += word;
            upper += word >> 16;
            word = words[7];
            whole += word;
            upper += word >> 16;
        }

        for (; length >= 4; at += 4, length -= 4)
        {
            uint word = *(uint*)at;
            whole += word;
            upper += word >> 16;
        }

        return Join(whole, upper, initial + Rest(at, length));
    }

    private static uint CopyAt(byte* from, byte* to, int length, uint initial)
    {
        uint whole = 0, upper = 0;
        for (; length >= 16; from += 16, to += 16, length -= 16)
        {
            uint word = ((uint*)from)[0];
            ((uint*)to)[0] = word;
            whole += word;
            upper += word >> 16;
            word = ((uint*)from)[1];
            ((uint*)to)[1] = word;
            whole += word;
            upper += word >> 16;
            word = ((uint*)from)[2];
            ((uint*)to)[2] = word;
            whole += word;
            upper += word >> 16;
            word = ((uint*)from)[3];
            ((uint*)to)[3] = word;
            whole += word;
            upper += word >> 16;
        }

        for (; length >= 4; from += 4, to += 4, length -= 4)
        {
            uint word = *(uint*)from;
            *(uint*)to = word;
            whole += word;
            upper += word >> 16;
        }

        for (int i = 0; i < length; i++)
        {
            to[i] = from[i];
        }

        return Join(whole, upper, initial + Rest(from, length));
    }

    // The last bytes, fewer than four.
    private static uint Rest(byte* at, int length) => length switch
    {
        3 => *(ushort*)at + (uint)at[2],
        2 => *(ushort*)at,
        1 => *at,
        _ => 0,
    };

    private static uint Join(uint whole, uint upper, uint more)
    {
        uint lower = whole - (upper << 16);
        return Reduce(Reduce(lower) + Reduce(upper) + more);
    }
}
