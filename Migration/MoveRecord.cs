using System;
using System.Buffers.Binary;

namespace HaukiOS.Migration;

/// <summary>What a record on the link is about. The numbers are part of the format.</summary>
internal enum RecordKind : byte
{
    /// <summary>Source: the contents of a page.</summary>
    Page = 1,

    /// <summary>Source: a page whose contents the target has in its own image.</summary>
    SamePage = 2,

    /// <summary>Source: a page that is no longer there.</summary>
    GonePage = 3,

    /// <summary>Source: sectors of the disk.</summary>
    Sectors = 4,

    /// <summary>Source: sectors that are all zero.</summary>
    ZeroSectors = 5,

    /// <summary>Source: a round begins.</summary>
    Round = 6,

    /// <summary>Source: the processor's state; at a rehearsal one like it.</summary>
    State = 7,

    /// <summary>Source: what is here by now, with that state, could it land?</summary>
    Rehearse = 8,

    /// <summary>Target: it could; all of it was used up, and the disk has flushed it.</summary>
    Rehearsed = 9,

    /// <summary>Source: that was all; the node is yours.</summary>
    Commit = 10,

    /// <summary>Either: the move is off, and why.</summary>
    Abort = 11,
}

/// <summary>
/// A record on the link: kind, a byte whose meaning depends on it, a 16-bit count, a 64-bit place, and data; little
/// endian. Reading checks everything that can be checked without knowing the move (decode first, then act).
/// </summary>
internal readonly ref struct MoveRecord
{
    /// <summary>Bytes before the data.</summary>
    public const int HeaderLength = 12;

    /// <summary>The longest data: a page or eight sectors as they are.</summary>
    public const int DataMax = 4096 + 32;

    /// <summary>The longest reason in an <see cref="RecordKind.Abort"/>, in bytes of UTF-8.</summary>
    public const int ReasonMax = 200;

    private const int SectorLength = 512;

    private MoveRecord(RecordKind kind, byte detail, ushort count, ulong place, ReadOnlySpan<byte> data)
    {
        Kind = kind;
        Detail = detail;
        Count = count;
        Place = place;
        Data = data;
    }

    /// <summary>What it is about.</summary>
    public RecordKind Kind { get; }

    /// <summary>Page: its encoding.</summary>
    public byte Detail { get; }

    /// <summary>Page: its flags. Sectors: how many. Round: its number.</summary>
    public ushort Count { get; }

    /// <summary>
    /// Page: its address. Sectors: the first. Round: pages in it. Commit: what the node's clock shows, in ns.
    /// </summary>
    public ulong Place { get; }

    /// <summary>The rest.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Writes the fields before the data.</summary>
    public static void WriteHeader(Span<byte> into, RecordKind kind, byte detail, ushort count, ulong place)
    {
        into[0] = (byte)kind;
        into[1] = detail;
        BinaryPrimitives.WriteUInt16LittleEndian(into[2..], count);
        BinaryPrimitives.WriteUInt64LittleEndian(into[4..], place);
    }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it cannot be one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MoveRecord record)
    {
        record = default;
        if (bytes.Length is < HeaderLength or > HeaderLength + DataMax)
        {
            return false;
        }

        record = new MoveRecord(
            (RecordKind)bytes[0],
            bytes[1],
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[4..]),
            bytes[HeaderLength..]);
        return record.Kind switch
        {
            RecordKind.Page => IsPageAddress(record.Place),
            RecordKind.SamePage or RecordKind.GonePage => IsPageAddress(record.Place) && record.Data.IsEmpty,
            RecordKind.Sectors => record.Count > 0 && record.Data.Length == record.Count * SectorLength,
            RecordKind.ZeroSectors => record.Count > 0 && record.Data.IsEmpty,
            RecordKind.State => !record.Data.IsEmpty,
            RecordKind.Round or RecordKind.Rehearse or RecordKind.Rehearsed => record.Data.IsEmpty,
            RecordKind.Commit => record.Data.IsEmpty && record.Place <= long.MaxValue,
            RecordKind.Abort => true,
            _ => false,
        };
    }

    private static bool IsPageAddress(ulong place) =>
        place <= uint.MaxValue && place % Memory.AddressMap.PageSize == 0
        && Memory.AddressMap.IsMigratable((uint)place, Memory.AddressMap.PageSize);
}
