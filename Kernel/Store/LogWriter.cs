using System;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>
/// Appends records. They gather in one buffer and go to the disk in one write, followed by one flush; a batch never
/// crosses a segment. The first failure is final: whether the bytes reached the medium is then unknown, and writing the
/// same place again with other bytes would break the rule that no nonce is used twice.
/// </summary>
internal sealed class LogWriter(
    IBlockDevice device, StoreGeometry geometry, StoreCipher cipher, uint storeTag, IRandomSource random)
{
    /// <summary>The most sectors in one batch: the largest record, a segment's header, and some housekeeping.</summary>
    public const int BatchSectorsMax = 256;

    private readonly byte[] batch = new byte[BatchSectorsMax * IBlockDevice.SectorSize];
    private int batchSectors;

    /// <summary>The segment being written; null if the next record needs a new one.</summary>
    public Segment? Current { get; private set; }

    /// <summary>The segment written last, also if it is closed.</summary>
    public Segment? Last { get; set; }

    /// <summary>The serial of the next segment.</summary>
    public ulong NextSerial { get; set; } = 1;

    /// <summary>The sequence number of the next record.</summary>
    public ulong NextSequence { get; set; } = 1;

    /// <summary>Everything up to here is on the medium.</summary>
    public ulong Acknowledged { get; set; }

    /// <summary>Hash of the name in the record before; 0 if it has none.</summary>
    public ulong NameBefore { get; set; }

    /// <summary>Set by the first failure; nothing is written after it.</summary>
    public StoreError? Failure { get; private set; }

    /// <summary>Sectors that the batch can still take.</summary>
    public int Room => Current == null
        ? 0
        : Math.Min(BatchSectorsMax - batchSectors, geometry.SegmentSectors - Current.End - batchSectors);

    /// <summary>Sectors left in the current segment.</summary>
    public int RoomInSegment => Current == null ? 0 : geometry.SegmentSectors - Current.End - batchSectors;

    /// <summary>Begins a segment in a free place. Its header goes out with the first batch.</summary>
    /// <exception cref="InvalidOperationException">The random source is not ready; nothing has changed.</exception>
    public void BeginSegment(Segment place, bool startsCheckpoint)
    {
        place.Begin(NextSerial, Last, NextSequence, startsCheckpoint, random);
        NextSerial++;
        Current = place;
        Last = place;
        place.Encode(cipher, storeTag, batch);
        // The header's sectors are counted in the segment's end from the start, and in the batch.
        place.End = 0;
        batchSectors = Segment.HeaderSectors;
    }

    /// <summary>Closes the current segment. The batch must be empty.</summary>
    public void CloseSegment() => Current = null;

    /// <summary>Adds a record to the batch; there must be <see cref="Room"/>.</summary>
    /// <returns>Its sector within the segment.</returns>
    public int Append(RecordKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int sectors = LogRecord.Sectors(name.Length, value.Length);
        int offset = Current!.End + batchSectors;
        Span<byte> into = batch.AsSpan(
            batchSectors * IBlockDevice.SectorSize, sectors * IBlockDevice.SectorSize);
        RecordFields fields = new(kind, NextSequence, Acknowledged, NameBefore);
        LogRecord.Encode(into, cipher, storeTag, Current, offset, fields, name, value);
        NextSequence++;
        NameBefore = name.IsEmpty ? 0 : NameIndex.NameHash(name);
        batchSectors += sectors;
        return offset;
    }

    /// <summary>Writes the batch and flushes it.</summary>
    /// <returns>Null on success: all of it is on the medium.</returns>
    public StoreError? Commit()
    {
        if (batchSectors == 0)
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = batch.AsSpan(0, batchSectors * IBlockDevice.SectorSize);
        long sector = geometry.FirstSector(Current!.Slot) + Current.End;
        BlockResult result = device.Write(sector, bytes);
        if (result == BlockResult.Timeout)
        {
            // The very same bytes to the very same place: harmless however far the first try came.
            result = device.Write(sector, bytes);
        }
        if (result != BlockResult.Ok)
        {
            return Fail(StoreError.FromDisk(result, "write", new SectorRegion(sector, batchSectors)));
        }
        // A flush is never tried again: after a failed one nobody knows what the disk has dropped.
        result = device.Flush();
        if (result != BlockResult.Ok)
        {
            return Fail(StoreError.FromFlush(result));
        }
        Current.End += batchSectors;
        batchSectors = 0;
        Acknowledged = NextSequence - 1;
        return null;
    }

    private StoreError Fail(StoreError cause)
    {
        Failure = cause;
        batchSectors = 0;
        return new StoreError(
            cause.Kind,
            cause.Message
            + "; the store takes no more writes until it is opened again; what was stored before is safe");
    }
}
