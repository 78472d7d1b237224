using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HaukiOS.Net;

/// <summary>What a SYN says about its sender. Options that are not to be sent are at their defaults.</summary>
internal readonly record struct TcpSynOptions(
    int SegmentSize, int WindowScale, bool Sack, bool HasTimestamp, uint Timestamp, uint TimestampEcho);

/// <summary>Writes headers.</summary>
internal static class TcpWriter
{
    /// <summary>Bytes of the timestamps option with its padding.</summary>
    internal const int TimestampsLength = 12;

    private const int ChecksumOffset = 16;

    /// <summary>Writes the part without options, the checksum empty.</summary>
    internal static void WriteFixed(
        Span<byte> into, uint ports, uint sequence, uint acknowledgement, int headerLength, TcpFlags flags, int window)
    {
        into = into[..TcpSegment.HeaderMin];
        BinaryPrimitives.WriteUInt32BigEndian(into, ports);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], acknowledgement);
        BinaryPrimitives.WriteUInt32BigEndian(
            into[12..], ((uint)headerLength << 26) | ((uint)flags << 16) | (uint)window);
        BinaryPrimitives.WriteUInt32BigEndian(into[16..], 0);
    }

    /// <summary>Writes a timestamps option and its padding (RFC 7323, appendix A).</summary>
    internal static void WriteTimestamps(Span<byte> into, uint timestamp, uint echo)
    {
        into = into[..TimestampsLength];
        BinaryPrimitives.WriteUInt32BigEndian(into, 0x0101_080A);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], echo);
    }

    /// <summary>Writes the options of a SYN.</summary>
    /// <returns>Their length, a multiple of four.</returns>
    internal static int WriteSynOptions(Span<byte> into, in TcpSynOptions options)
    {
        int at = 0;
        BinaryPrimitives.WriteUInt32BigEndian(into, 0x0204_0000 | (uint)options.SegmentSize);
        at += 4;
        if (options.Sack)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into[at..], 0x0101_0402);
            at += 4;
        }

        if (options.HasTimestamp)
        {
            WriteTimestamps(into[at..], options.Timestamp, options.TimestampEcho);
            at += TimestampsLength;
        }

        if (options.WindowScale >= 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into[at..], 0x0103_0300 | (uint)options.WindowScale);
            at += 4;
        }

        return at;
    }

    /// <summary>Writes the sum of the pseudo header for a card that adds the rest.</summary>
    internal static void WritePseudoSum(Span<byte> header, uint sum)
    {
        ushort folded = InternetChecksum.Fold(sum);
        MemoryMarshal.Write(header[ChecksumOffset..], in folded);
    }

    /// <summary>Writes the checksum.</summary>
    /// <param name="header">The whole header.</param>
    /// <param name="sum">The sum of the pseudo header and the payload.</param>
    internal static void WriteChecksum(Span<byte> header, uint sum) =>
        InternetChecksum.Write(header[ChecksumOffset..], InternetChecksum.Sum(header) + sum);
}
