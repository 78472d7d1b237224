using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>What a record of the log says.</summary>
internal enum RecordKind : byte
{
    /// <summary>The name has this value from now on.</summary>
    Put = 1,

    /// <summary>The name has no value from now on.</summary>
    Delete = 2,

    /// <summary>A piece of the index.</summary>
    CheckpointPart = 3,

    /// <summary>All the pieces of the checkpoint have been written.</summary>
    CheckpointEnd = 4,
}

/// <summary>
/// The form of one record: whole sectors, so that a torn write never touches a neighbour. Its first 32 bytes are in
/// plain sight and authenticated; all the rest is sealed, names, lengths and padding included.
/// </summary>
internal static class LogRecord
{
    /// <summary>The longest name, in bytes of UTF-8.</summary>
    public const int NameBytesMax = 255;

    /// <summary>The longest value.</summary>
    public const int ValueBytesMax = 64 * 1024;

    /// <summary>Bytes of the plain header: magic, sectors, store tag, sequence, segment identity.</summary>
    public const int PlainBytes = 32;

    /// <summary>Where the name begins in the text.</summary>
    public const int NameAt = 24;

    // Sealed: kind u8, name length u8, zero u16, value length u32, acknowledged u64, name before u64, name, value, 0.
    private const ushort Magic = 0x524C; // "LR"
    private const int AuthenticatedBytes = PlainBytes + 8;

    /// <summary>Sectors of the largest record.</summary>
    public const int SectorsMax =
        (PlainBytes + NameAt + NameBytesMax + ValueBytesMax + StoreCipher.TagBytes + IBlockDevice.SectorSize - 1)
        / IBlockDevice.SectorSize;

    /// <summary>Sectors that a record takes.</summary>
    public static int Sectors(int nameBytes, int valueBytes) =>
        (PlainBytes + NameAt + nameBytes + valueBytes + StoreCipher.TagBytes + IBlockDevice.SectorSize - 1)
        / IBlockDevice.SectorSize;

    /// <summary>
    /// Writes a record that goes to sector <paramref name="offset"/> of a segment into exactly its sectors.
    /// </summary>
    public static void Encode(
        Span<byte> into,
        StoreCipher cipher,
        uint storeTag,
        Segment segment,
        int offset,
        in RecordFields fields,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value)
    {
        into.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(into[2..], (ushort)(into.Length / IBlockDevice.SectorSize));
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], storeTag);
        BinaryPrimitives.WriteUInt64LittleEndian(into[8..], fields.Sequence);
        segment.Identity.CopyTo(into[16..]);
        Span<byte> text = into[PlainBytes..];
        text[0] = (byte)fields.Kind;
        text[1] = (byte)name.Length;
        BinaryPrimitives.WriteInt32LittleEndian(text[4..], value.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(text[8..], fields.Acknowledged);
        BinaryPrimitives.WriteUInt64LittleEndian(text[16..], fields.NameBefore);
        name.CopyTo(text[NameAt..]);
        value.CopyTo(text[(NameAt + name.Length)..]);
        Span<byte> authenticated = stackalloc byte[AuthenticatedBytes];
        Bind(into, segment.Slot, offset, authenticated);
        cipher.Seal(segment.Identity, offset, authenticated, text);
    }

    /// <summary>How many sectors the record claims that begins here; 0 if none of this segment does.</summary>
    public static int ClaimedSectors(ReadOnlySpan<byte> sector, uint storeTag, ReadOnlySpan<byte> identity)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(sector) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) != storeTag
            || !sector.Slice(16, StoreCipher.IdentityBytes).SequenceEqual(identity))
        {
            return 0;
        }
        int sectors = BinaryPrimitives.ReadUInt16LittleEndian(sector[2..]);
        return sectors <= SectorsMax ? sectors : 0;
    }

    /// <summary>Reads what is in plain sight, not yet authenticated: which segment a record is of.</summary>
    public static bool TryPeek(
        ReadOnlySpan<byte> sector, uint storeTag, out ulong sequence, out ReadOnlySpan<byte> identity)
    {
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(sector[8..]);
        identity = sector.Slice(16, StoreCipher.IdentityBytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(sector) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(sector[4..]) == storeTag;
    }

    /// <summary>Did a record of this segment once begin here, and a byte or two have changed since?</summary>
    public static bool Resembles(ReadOnlySpan<byte> sector, uint storeTag, ReadOnlySpan<byte> identity)
    {
        Span<byte> expected = stackalloc byte[PlainBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(expected, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[4..], storeTag);
        identity.CopyTo(expected[16..]);
        int different = 0;
        for (int i = 0; i < PlainBytes; i++)
        {
            bool fix = i is < 2 or (>= 4 and < 8) or >= 16;
            different += fix && sector[i] != expected[i] ? 1 : 0;
        }
        return different <= 2;
    }

    /// <summary>
    /// Authenticates a record, given exactly its sectors, and decrypts it into <paramref name="text"/>: there the name
    /// lies at <see cref="NameAt"/> and the value right behind it.
    /// </summary>
    /// <returns>False if it is not what was once written to this very place.</returns>
    public static bool TryDecode(
        ReadOnlySpan<byte> from,
        StoreCipher cipher,
        Segment segment,
        int offset,
        Span<byte> text,
        out RecordFields fields,
        out int nameLength,
        out int valueLength)
    {
        fields = default;
        nameLength = 0;
        valueLength = 0;
        Span<byte> authenticated = stackalloc byte[AuthenticatedBytes];
        Bind(from, segment.Slot, offset, authenticated);
        if (!cipher.TryOpen(segment.Identity, offset, authenticated, from[PlainBytes..], text))
        {
            return false;
        }
        nameLength = text[1];
        valueLength = BinaryPrimitives.ReadInt32LittleEndian(text[4..]);
        int room = from.Length - PlainBytes - StoreCipher.TagBytes - NameAt;
        if (valueLength < 0 || nameLength + valueLength > room)
        {
            return false;
        }
        fields = new RecordFields(
            (RecordKind)text[0],
            BinaryPrimitives.ReadUInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(text[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(text[16..]));
        return true;
    }

    // A record is good for the one place it was written to.
    private static void Bind(ReadOnlySpan<byte> record, int slot, int offset, Span<byte> authenticated)
    {
        record[..PlainBytes].CopyTo(authenticated);
        BinaryPrimitives.WriteInt32LittleEndian(authenticated[PlainBytes..], slot);
        BinaryPrimitives.WriteInt32LittleEndian(authenticated[(PlainBytes + 4)..], offset);
    }
}

/// <summary>The fields of a record beside its name and value.</summary>
internal readonly struct RecordFields(RecordKind kind, ulong sequence, ulong acknowledged, ulong nameBefore)
{
    public RecordKind Kind { get; } = kind;

    /// <summary>Counts all records ever written, from 1.</summary>
    public ulong Sequence { get; } = sequence;

    /// <summary>
    /// Every record up to this one was on the medium when this one was written. What is missing and not above it was
    /// damaged; what is missing above it may just have been lost with the power.
    /// </summary>
    public ulong Acknowledged { get; } = acknowledged;

    /// <summary>
    /// Hash of the name in the record before, 0 if that had none: if that record is damaged, this one still tells
    /// whose value is lost. Otherwise an older value would come back unnoticed.
    /// </summary>
    public ulong NameBefore { get; } = nameBefore;
}
