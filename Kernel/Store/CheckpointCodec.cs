using System;
using System.Buffers.Binary;

namespace HaukiOS.Store;

/// <summary>
/// The form of a checkpoint: the index in parts of up to 128 entries, each a record of its own, all of it twice, and
/// then, twice, the record that says how many parts there are. The parts are written while puts go on: each holds its
/// entries as they were at that point of the log, and replaying the log from the checkpoint's first record on brings
/// them up to date.
/// </summary>
internal static class CheckpointCodec
{
    /// <summary>Entry numbers that one part covers.</summary>
    public const int EntriesPerPart = 128;

    /// <summary>Parts of the largest index.</summary>
    public const int PartsMax = NameIndex.NamesMax / EntriesPerPart;

    /// <summary>How often everything is written.</summary>
    public const int Copies = 2;

    /// <summary>Bytes of the largest part.</summary>
    public const int PartBytesMax = PartHeaderBytes + (EntriesPerPart * (EntryBytes + LogRecord.NameBytesMax));

    /// <summary>Bytes of an entry beside its name.</summary>
    public const int EntryBytes = 22;

    /// <summary>Bytes of the record that ends a checkpoint.</summary>
    public const int EndBytes = 12;

    // Part: serial of the checkpoint's first segment u64, part u32, entries u32; then the entries.
    // Entry: name length u8, damaged u8, sequence u64, slot u16, sectors u16, offset u32, value length u32; name.
    private const int PartHeaderBytes = 16;

    /// <summary>Parts needed for an index.</summary>
    public static int Parts(NameIndex index) => (index.NumbersEnd + EntriesPerPart - 1) / EntriesPerPart;

    /// <summary>Bytes that the next part will take.</summary>
    public static int PartBytes(NameIndex index, int part)
    {
        int bytes = PartHeaderBytes;
        int end = Math.Min((part + 1) * EntriesPerPart, index.NumbersEnd);
        for (int i = part * EntriesPerPart; i < end; i++)
        {
            if (index[i].Name is byte[] name)
            {
                bytes += EntryBytes + name.Length;
            }
        }
        return bytes;
    }

    /// <summary>Writes one part.</summary>
    /// <returns>Its bytes.</returns>
    public static int EncodePart(NameIndex index, ulong startSerial, int part, Span<byte> into)
    {
        int at = PartHeaderBytes;
        int count = 0;
        int end = Math.Min((part + 1) * EntriesPerPart, index.NumbersEnd);
        for (int i = part * EntriesPerPart; i < end; i++)
        {
            ref IndexEntry entry = ref index[i];
            if (entry.Name is not byte[] name)
            {
                continue;
            }
            Span<byte> place = into[at..];
            place[0] = (byte)name.Length;
            place[1] = entry.Damaged ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt64LittleEndian(place[2..], entry.Sequence);
            BinaryPrimitives.WriteUInt16LittleEndian(place[10..], (ushort)entry.Slot);
            BinaryPrimitives.WriteUInt16LittleEndian(place[12..], (ushort)entry.Sectors);
            BinaryPrimitives.WriteInt32LittleEndian(place[14..], entry.Offset);
            BinaryPrimitives.WriteInt32LittleEndian(place[18..], entry.ValueLength);
            name.CopyTo(place[EntryBytes..]);
            at += EntryBytes + name.Length;
            count++;
        }
        BinaryPrimitives.WriteUInt64LittleEndian(into, startSerial);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], part);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], count);
        return at;
    }

    /// <summary>Writes the record that ends a checkpoint.</summary>
    public static void EncodeEnd(ulong startSerial, int parts, Span<byte> into)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(into, startSerial);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], parts);
    }

    /// <summary>Reads the record that ends a checkpoint.</summary>
    public static bool TryDecodeEnd(ReadOnlySpan<byte> value, out ulong startSerial, out int parts)
    {
        startSerial = 0;
        parts = 0;
        if (value.Length != EndBytes)
        {
            return false;
        }
        startSerial = BinaryPrimitives.ReadUInt64LittleEndian(value);
        parts = BinaryPrimitives.ReadInt32LittleEndian(value[8..]);
        return parts is >= 0 and <= PartsMax;
    }

    /// <summary>Reads a part's head.</summary>
    public static bool TryDecodePart(ReadOnlySpan<byte> value, out ulong startSerial, out int part, out int count)
    {
        startSerial = 0;
        part = 0;
        count = 0;
        if (value.Length < PartHeaderBytes)
        {
            return false;
        }
        startSerial = BinaryPrimitives.ReadUInt64LittleEndian(value);
        part = BinaryPrimitives.ReadInt32LittleEndian(value[8..]);
        count = BinaryPrimitives.ReadInt32LittleEndian(value[12..]);
        return part is >= 0 and < PartsMax && count is >= 0 and <= EntriesPerPart;
    }

    /// <summary>The entries of a part, behind its head.</summary>
    public static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> value) => value[PartHeaderBytes..];

    /// <summary>Reads one entry and moves on to the next.</summary>
    /// <param name="rest">The entries not yet read.</param>
    /// <param name="geometry">Bounds every place that is named.</param>
    /// <param name="name">The name.</param>
    /// <param name="entry">All but the name.</param>
    public static bool TryDecodeEntry(
        ref ReadOnlySpan<byte> rest, StoreGeometry geometry, out ReadOnlySpan<byte> name, out IndexEntry entry)
    {
        entry = default;
        name = default;
        if (rest.Length < EntryBytes || rest.Length < EntryBytes + rest[0] || rest[0] == 0)
        {
            return false;
        }
        entry = new IndexEntry
        {
            Damaged = rest[1] != 0,
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(rest[2..]),
            Slot = BinaryPrimitives.ReadUInt16LittleEndian(rest[10..]),
            Sectors = BinaryPrimitives.ReadUInt16LittleEndian(rest[12..]),
            Offset = BinaryPrimitives.ReadInt32LittleEndian(rest[14..]),
            ValueLength = BinaryPrimitives.ReadInt32LittleEndian(rest[18..]),
        };
        name = rest.Slice(EntryBytes, rest[0]);
        rest = rest[(EntryBytes + rest[0])..];
        return entry.Slot < geometry.SegmentCount
            && entry.Sectors is > 0 and <= LogRecord.SectorsMax
            && entry.Offset >= Segment.HeaderSectors
            && entry.Offset <= geometry.SegmentSectors - entry.Sectors
            && entry.ValueLength is >= 0 and <= LogRecord.ValueBytesMax;
    }
}
