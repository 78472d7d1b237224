using System;
using System.Buffers.Binary;

namespace HaukiOS.Net;

/// <summary>The control bits (RFC 9293, section 3.1). ECN's are not ours.</summary>
[Flags]
internal enum TcpFlags : byte
{
    None = 0,
    Fin = 1,
    Syn = 2,
    Reset = 4,
    Push = 8,
    Ack = 16,
    Urgent = 32,
}

/// <summary>The kinds of options that are understood; every other one is skipped by its length.</summary>
internal enum TcpOption : byte
{
    /// <summary>The end of the options (RFC 9293, section 3.1).</summary>
    End = 0,

    /// <summary>Padding.</summary>
    NoOperation = 1,

    /// <summary>The longest segment the sender takes; in a SYN (RFC 9293, section 3.7.1).</summary>
    SegmentSize = 2,

    /// <summary>How far windows are shifted; in a SYN (RFC 7323, section 2).</summary>
    WindowScale = 3,

    /// <summary>Selective acknowledgements are understood; in a SYN (RFC 2018, section 2).</summary>
    SackPermitted = 4,

    /// <summary>What arrived ahead of gaps (RFC 2018, section 3).</summary>
    Sack = 5,

    /// <summary>The sender's clock, and an echo of ours (RFC 7323, section 3).</summary>
    Timestamps = 8,
}

/// <summary>
/// One received segment, decoded. Nobody acts on a segment before <see cref="TryDecode"/> has found all of it in order:
/// lengths, checksum, options.
/// </summary>
internal struct TcpSegment
{
    /// <summary>Bytes of a header without options.</summary>
    internal const int HeaderMin = 20;

    /// <summary>Bytes of the longest header.</summary>
    internal const int HeaderMax = 60;

    /// <summary>Selective acknowledgements in one segment: as many as 40 bytes of options hold.</summary>
    internal const int SackBlocksMax = 4;

    /// <summary>The largest shift of windows (RFC 7323, section 2.3).</summary>
    internal const int WindowScaleMax = 14;

    // Two no-operations and a timestamps option of ten bytes, as the first word of a header's options: the layout
    // which RFC 7323, appendix A recommends and everybody uses.
    private const uint AlignedTimestamps = 0x0101_080A;

    internal Ipv4Address Source;
    internal Ipv4Address Destination;
    internal ushort SourcePort;
    internal ushort DestinationPort;
    internal uint Sequence;
    internal uint Acknowledgement;
    internal TcpFlags Flags;
    internal ushort Window;
    internal int HeaderLength;
    internal int PayloadLength;
    internal bool HasTimestamp;
    internal uint Timestamp;
    internal uint TimestampEcho;

    /// <summary>0: the option was not there.</summary>
    internal int SegmentSize;

    /// <summary>-1: the option was not there.</summary>
    internal int WindowScale;
    internal bool SackPermitted;

    /// <summary>How many selective acknowledgements there are, and where in the segment the first lies.</summary>
    internal int SackBlocks;
    internal int SackOffset;

    /// <summary>Sequence numbers that the segment takes up (RFC 9293, section 3.4: SEG.LEN).</summary>
    internal readonly uint Length => (uint)PayloadLength + (IsSyn ? 1u : 0) + (IsFin ? 1u : 0);

    internal readonly bool IsSyn => (Flags & TcpFlags.Syn) != 0;

    internal readonly bool IsAck => (Flags & TcpFlags.Ack) != 0;

    internal readonly bool IsFin => (Flags & TcpFlags.Fin) != 0;

    internal readonly bool IsReset => (Flags & TcpFlags.Reset) != 0;

    /// <summary>Decodes a segment.</summary>
    /// <returns>False: it is cut off, its lengths contradict each other, or its checksum is wrong.</returns>
    internal static bool TryDecode(in Ipv4Packet header, ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < HeaderMin)
        {
            return false;
        }

        int headerLength = (bytes[12] >> 4) * 4;
        if (headerLength < HeaderMin || headerLength > bytes.Length)
        {
            return false;
        }

        uint sum = InternetChecksum.PseudoHeader(
            header.Source, header.Destination, TcpLayer.ProtocolNumber, bytes.Length);
        if (InternetChecksum.Fold(InternetChecksum.Sum(bytes, sum)) != 0xFFFF)
        {
            return false;
        }

        segment.Source = header.Source;
        segment.Destination = header.Destination;
        uint ports = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (ports >> 16 == 0)
        {
            // Port 0 is nobody's (RFC 6335, section 6): there is nowhere to send an answer to.
            return false;
        }

        segment.SourcePort = (ushort)(ports >> 16);
        segment.DestinationPort = (ushort)ports;
        segment.Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        segment.Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        segment.Flags = (TcpFlags)bytes[13] & (TcpFlags)0x3F;
        segment.Window = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        segment.HeaderLength = headerLength;
        segment.PayloadLength = bytes.Length - headerLength;
        segment.WindowScale = -1;
        if (headerLength == HeaderMin + 12
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[HeaderMin..]) == AlignedTimestamps)
        {
            segment.HasTimestamp = true;
            segment.Timestamp = BinaryPrimitives.ReadUInt32BigEndian(bytes[(HeaderMin + 4)..]);
            segment.TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(bytes[(HeaderMin + 8)..]);
        }
        else if (headerLength > HeaderMin)
        {
            segment.DecodeOptions(bytes[..headerLength]);
        }

        return true;
    }

    /// <summary>The edges of selective acknowledgement number <paramref name="index"/>.</summary>
    internal readonly void ReadSack(ReadOnlySpan<byte> bytes, int index, out uint start, out uint end)
    {
        ReadOnlySpan<byte> block = bytes.Slice(SackOffset + (index * 8), 8);
        start = BinaryPrimitives.ReadUInt32BigEndian(block);
        end = BinaryPrimitives.ReadUInt32BigEndian(block[4..]);
    }

    // A length that does not fit ends the list: what was understood before it stands, the rest is as if it were not
    // there (RFC 9293, section 3.1: MUST-7 asks only that we do not crash).
    private void DecodeOptions(ReadOnlySpan<byte> header)
    {
        int at = HeaderMin;
        while (at < header.Length)
        {
            var kind = (TcpOption)header[at];
            if (kind == TcpOption.End)
            {
                return;
            }

            if (kind == TcpOption.NoOperation)
            {
                at++;
                continue;
            }

            int length = at + 1 < header.Length ? header[at + 1] : 0;
            if (length < 2 || at + length > header.Length)
            {
                return;
            }

            DecodeOption(kind, header.Slice(at, length), at);
            at += length;
        }
    }

    private void DecodeOption(TcpOption kind, ReadOnlySpan<byte> option, int at)
    {
        switch (kind)
        {
            case TcpOption.SegmentSize when option.Length == 4 && IsSyn:
                SegmentSize = BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
                break;
            case TcpOption.WindowScale when option.Length == 3 && IsSyn:
                WindowScale = Math.Min((int)option[2], WindowScaleMax);
                break;
            case TcpOption.SackPermitted when option.Length == 2 && IsSyn:
                SackPermitted = true;
                break;
            case TcpOption.Sack when option.Length >= 10 && (option.Length - 2) % 8 == 0 && !IsSyn:
                SackBlocks = (option.Length - 2) / 8;
                SackOffset = at + 2;
                break;
            case TcpOption.Timestamps when option.Length == 10:
                HasTimestamp = true;
                Timestamp = BinaryPrimitives.ReadUInt32BigEndian(option[2..]);
                TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(option[6..]);
                break;
        }
    }
}
