using System;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>How reading a record ended.</summary>
internal enum ReadOutcome
{
    /// <summary>Authentic.</summary>
    Ok,

    /// <summary>No record of this segment begins here.</summary>
    NoRecord,

    /// <summary>A record of this segment begins here, but does not authenticate.</summary>
    Damaged,

    /// <summary>The disk failed to read.</summary>
    DiskError,
}

/// <summary>
/// Reads records. One record at a time is decoded; what it said stays valid until the next is read. A window of
/// sectors is read at once when scanning.
/// </summary>
internal sealed class LogReader(IBlockDevice device, StoreGeometry geometry, StoreCipher cipher, uint storeTag)
{
    private const int WindowSectors = 192;
    private readonly byte[] window = new byte[WindowSectors * IBlockDevice.SectorSize];
    private readonly byte[] text = new byte[LogRecord.SectorsMax * IBlockDevice.SectorSize];
    private int windowSlot = -1;
    private int windowOffset;
    private int windowCount;
    private int nameLength;
    private int valueLength;
    private RecordFields fields;

    /// <summary>The fields of the record read last.</summary>
    public ref readonly RecordFields Fields => ref fields;

    /// <summary>The name in the record read last.</summary>
    public ReadOnlySpan<byte> Name => text.AsSpan(LogRecord.NameAt, nameLength);

    /// <summary>The value in the record read last.</summary>
    public ReadOnlySpan<byte> Value => text.AsSpan(LogRecord.NameAt + nameLength, valueLength);

    /// <summary>Sectors of the record read last.</summary>
    public int Sectors { get; private set; }

    /// <summary>Why the disk failed, after <see cref="ReadOutcome.DiskError"/>.</summary>
    public BlockResult DiskResult { get; private set; }

    /// <summary>Forgets the sectors read ahead; needed whenever some may have been written since.</summary>
    public void DropWindow() => windowSlot = -1;

    /// <summary>Reads the record that begins at a sector of a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">The sector within it.</param>
    /// <param name="readAhead">Sectors worth reading at once, at least 1.</param>
    public ReadOutcome Read(Segment segment, int offset, int readAhead)
    {
        int limit = geometry.SegmentSectors;
        if (!Load(segment.Slot, offset, 1, readAhead))
        {
            return ReadOutcome.DiskError;
        }
        int sectors = LogRecord.ClaimedSectors(At(offset, 1), storeTag, segment.Identity);
        if (sectors == 0 || offset + sectors > limit)
        {
            return ReadOutcome.NoRecord;
        }
        if (!Load(segment.Slot, offset, sectors, readAhead))
        {
            return ReadOutcome.DiskError;
        }
        Sectors = sectors;
        ReadOnlySpan<byte> record = At(offset, sectors);
        Span<byte> room = text.AsSpan(0, record.Length - LogRecord.PlainBytes);
        bool good = LogRecord.TryDecode(
            record, cipher, segment, offset, room, out fields, out nameLength, out valueLength);
        return good ? ReadOutcome.Ok : ReadOutcome.Damaged;
    }

    /// <summary>Does a record seem to begin here that was damaged, or cannot even be read?</summary>
    public bool SeemsDamaged(Segment segment, int offset) =>
        !Load(segment.Slot, offset, 1, 1) || LogRecord.Resembles(At(offset, 1), storeTag, segment.Identity);

    /// <summary>
    /// Reads a record of a segment that has lost its header; the record itself says which segment that was.
    /// </summary>
    /// <param name="segment">Takes the identity over if the record is authentic.</param>
    /// <param name="offset">The sector within it.</param>
    /// <param name="readAhead">Sectors worth reading at once, at least 1.</param>
    public bool TryReadOrphan(Segment segment, int offset, int readAhead)
    {
        if (!Load(segment.Slot, offset, 1, readAhead)
            || !LogRecord.TryPeek(At(offset, 1), storeTag, out _, out ReadOnlySpan<byte> identity))
        {
            return false;
        }
        identity.CopyTo(segment.Identity);
        if (Read(segment, offset, readAhead) == ReadOutcome.Ok)
        {
            return true;
        }
        segment.Identity.AsSpan().Clear();
        return false;
    }

    /// <summary>Wipes decrypted text.</summary>
    public void Wipe() => text.AsSpan().Clear();

    private ReadOnlySpan<byte> At(int offset, int sectors) => window.AsSpan(
        (offset - windowOffset) * IBlockDevice.SectorSize, sectors * IBlockDevice.SectorSize);

    private bool Load(int slot, int offset, int sectors, int readAhead)
    {
        if (slot == windowSlot && offset >= windowOffset && offset + sectors <= windowOffset + windowCount)
        {
            return true;
        }
        int wanted = Math.Min(Math.Max(sectors, readAhead), Math.Min(WindowSectors, geometry.SegmentSectors - offset));
        // One bad sector must not hide its neighbours: fall back to what was asked for.
        return TryLoad(slot, offset, wanted) || (wanted > sectors && TryLoad(slot, offset, sectors));
    }

    private bool TryLoad(int slot, int offset, int sectors)
    {
        Span<byte> into = window.AsSpan(0, sectors * IBlockDevice.SectorSize);
        DiskResult = device.Read(geometry.FirstSector(slot) + offset, into);
        if (DiskResult == BlockResult.Timeout)
        {
            // The device has been reset; one more try is promised to be harmless.
            DiskResult = device.Read(geometry.FirstSector(slot) + offset, into);
        }
        bool good = DiskResult == BlockResult.Ok;
        windowSlot = good ? slot : -1;
        windowOffset = offset;
        windowCount = sectors;
        return good;
    }
}
