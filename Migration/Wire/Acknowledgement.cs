using System;
using System.Buffers.Binary;

namespace HaukiOS.Migration;

/// <summary>The content of an acknowledgement; the first packet that is still missing stands in the header.</summary>
internal struct Acknowledgement
{
    /// <summary>Bytes of it.</summary>
    public const int Length = 32;

    /// <summary>Every packet before this one has arrived.</summary>
    public uint Missing;

    /// <summary>Which ones after it have: bit 0 is the one right after it.</summary>
    public ulong ArrivedLow;

    /// <summary>The same, from the 65th on.</summary>
    public ulong ArrivedHigh;

    /// <summary>Packets before this one may be sent.</summary>
    public uint Limit;

    /// <summary>The highest number of a packet with data that was seen; 0: none.</summary>
    public uint Highest;

    /// <summary>How long ago that was, in microseconds.</summary>
    public uint Delay;

    /// <summary>Packets that came although they had come before.</summary>
    public uint Duplicates;

    /// <summary>Writes the content.</summary>
    public readonly void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into, ArrivedLow);
        BinaryPrimitives.WriteUInt64LittleEndian(into.Slice(8), ArrivedHigh);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(16), Limit);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(20), Highest);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(24), Delay);
        BinaryPrimitives.WriteUInt32LittleEndian(into.Slice(28), Duplicates);
    }

    /// <summary>Reads a content. What it says may still be impossible.</summary>
    public static bool TryRead(uint missing, ReadOnlySpan<byte> content, out Acknowledgement read)
    {
        read = default;
        if (content.Length != Length)
        {
            return false;
        }

        read.Missing = missing;
        read.ArrivedLow = BinaryPrimitives.ReadUInt64LittleEndian(content);
        read.ArrivedHigh = BinaryPrimitives.ReadUInt64LittleEndian(content.Slice(8));
        read.Limit = BinaryPrimitives.ReadUInt32LittleEndian(content.Slice(16));
        read.Highest = BinaryPrimitives.ReadUInt32LittleEndian(content.Slice(20));
        read.Delay = BinaryPrimitives.ReadUInt32LittleEndian(content.Slice(24));
        read.Duplicates = BinaryPrimitives.ReadUInt32LittleEndian(content.Slice(28));
        return true;
    }
}
