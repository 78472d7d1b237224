using System;

namespace HaukiOS.Store;

/// <summary>
/// Keeps room in the log: writes checkpoints and empties segments that are mostly dead. In small steps beside the puts
/// while there is time; in one go when there is none. A segment may be written anew once the index points to nothing in
/// it and the newest complete checkpoint began after it; until the moved records are flushed, the old ones stay.
/// </summary>
internal sealed class Housekeeper
{
    private const int EntriesExaminedPerStep = 4096;

    private readonly StoreGeometry geometry;
    private readonly LogWriter writer;
    private readonly LogReader reader;
    private readonly NameIndex index;
    private readonly Segment[] segments;
    private readonly Notices notices;
    private readonly byte[] partBuffer = new byte[CheckpointCodec.PartBytesMax];
    private readonly Move[] moves = new Move[LogWriter.BatchSectorsMax];
    private readonly int usable;
    private readonly int tailMax;

    private int moveCount;
    private int free;
    private int nextPlace;
    private long live;

    // The checkpoint in the making.
    private bool writing;
    private ulong writingStart;
    private int parts;
    private int step;
    private bool finishing;

    // The segment being emptied.
    private Segment? victim;
    private int cursor;

    public Housekeeper(
        StoreGeometry geometry,
        LogWriter writer,
        LogReader reader,
        NameIndex index,
        Segment[] segments,
        Notices notices,
        ulong checkpointStart,
        int firstPlace)
    {
        this.geometry = geometry;
        this.writer = writer;
        this.reader = reader;
        this.index = index;
        this.segments = segments;
        this.notices = notices;
        CheckpointStart = checkpointStart;
        nextPlace = firstPlace;
        usable = geometry.SegmentSectors - Segment.HeaderSectors;
        tailMax = Math.Max(2, geometry.SegmentCount / 16);
        foreach (Segment segment in segments)
        {
            live += segment.LiveSectors;
        }
        CountFree();
    }

    private struct Move
    {
        public int Number;
        public ulong Sequence;
        public Segment To;
        public int Offset;
    }

    /// <summary>The first segment of the newest complete checkpoint.</summary>
    public ulong CheckpointStart { get; private set; }

    /// <summary>Sectors that the index points to.</summary>
    public long LiveSectors => live;

    /// <summary>Segments that may be written anew.</summary>
    public int FreeSegments => free;

    /// <summary>Checkpoints completed since the store was opened.</summary>
    public long Checkpoints { get; private set; }

    /// <summary>Sectors moved by compaction since the store was opened.</summary>
    public long MovedSectors { get; private set; }

    /// <summary>
    /// Sectors that live records may take, for the present index. What is held back is what compaction needs to make
    /// progress in the worst case: the largest record may just not fit at the end of a segment, an eighth of each
    /// emptied segment must be gain, and two checkpoints, each stored twice, exist side by side.
    /// </summary>
    public long Capacity => CapacityFor(0);

    /// <summary>The capacity if the index were longer by a name.</summary>
    public long CapacityFor(int moreNameBytes)
    {
        const int SpareSegments = 5;
        long perSegment = (usable * 7 / 8) - LogRecord.SectorsMax;
        long segmentsForValues = geometry.SegmentCount - SpareSegments - tailMax;
        return Math.Max(0, (segmentsForValues * perSegment) - (5 * IndexSectors(moreNameBytes)));
    }

    /// <summary>The index now points to a new record.</summary>
    public void AddLive(Segment segment, int sectors)
    {
        segment.LiveSectors += sectors;
        live += sectors;
    }

    /// <summary>The index no longer points to a record.</summary>
    public void RemoveLive(Segment segment, int sectors)
    {
        segment.LiveSectors -= sectors;
        live -= sectors;
        if (segment.LiveSectors == 0 && segment.Serial < CheckpointStart)
        {
            free++;
        }
    }

    /// <summary>Gets room for a record in the current segment. The batch must be empty.</summary>
    public StoreError? MakeRoom(int sectors)
    {
        int patience = 4 * segments.Length;
        while (writer.Room < sectors)
        {
            writer.CloseSegment();
            StoreError? error = free > LowWater() ? BeginSegment(false) : Reclaim();
            if (error != null)
            {
                return error;
            }
            if (--patience == 0)
            {
                return new StoreError(StoreErrorKind.Full, "no segment of the store could be emptied");
            }
        }
        return null;
    }

    /// <summary>Adds a little housekeeping to the batch, in proportion to the record that follows.</summary>
    /// <param name="reserve">Sectors to leave for that record.</param>
    public void Work(int reserve)
    {
        if (writing)
        {
            int before = writer.Room;
            while (writing && before - writer.Room <= 2 * reserve && TryAppendStep(reserve))
            {
            }
        }
        if (victim == null && free < Comfortable())
        {
            victim = PickVictim();
            cursor = 0;
        }
        if (victim != null)
        {
            MoveSome(reserve, 4 * reserve);
        }
    }

    /// <summary>The batch is on the medium: what was moved is now valid in its new place.</summary>
    public void Committed()
    {
        for (int i = 0; i < moveCount; i++)
        {
            ref Move move = ref moves[i];
            ref IndexEntry entry = ref index[move.Number];
            RemoveLive(segments[entry.Slot], entry.Sectors);
            entry.Slot = move.To.Slot;
            entry.Offset = move.Offset;
            entry.Sequence = move.Sequence;
            AddLive(move.To, entry.Sectors);
            MovedSectors += entry.Sectors;
        }
        moveCount = 0;
        if (victim != null && (victim.LiveSectors == 0 || cursor >= index.NumbersEnd))
        {
            // Something in it cannot be read; it keeps its place until the names are put anew or deleted.
            victim.Pinned = victim.LiveSectors > 0;
            victim = null;
        }
        if (finishing)
        {
            finishing = false;
            writing = false;
            CheckpointStart = writingStart;
            Checkpoints++;
            CountFree();
        }
    }

    private StoreError? Commit()
    {
        StoreError? error = writer.Commit();
        if (error == null)
        {
            Committed();
        }
        return error;
    }

    private long IndexSectors(int moreNameBytes)
    {
        long bytes = index.NameBytes + moreNameBytes + ((index.Count + 1L) * CheckpointCodec.EntryBytes);
        return (bytes / 512) + (2L * CheckpointCodec.Parts(index)) + 4;
    }

    // Segments that must stay free when a put begins a new one: a checkpoint must fit, and one to move records into.
    private int LowWater() => 3 + (int)(CheckpointCodec.Copies * IndexSectors(0) / (usable - LogRecord.SectorsMax));

    private int Comfortable() => Math.Max(2 * LowWater(), segments.Length / 8);

    private ulong Tail() => writer.NextSerial - CheckpointStart;

    private bool CheckpointIsDue() => !writing && Tail() >= (ulong)tailMax;

    private void CountFree()
    {
        free = 0;
        foreach (Segment segment in segments)
        {
            free += IsFree(segment) ? 1 : 0;
        }
    }

    private bool IsFree(Segment segment) => segment.LiveSectors == 0 && segment.Serial < CheckpointStart;

    private StoreError? BeginSegment(bool startCheckpoint)
    {
        // Round and round, so that no place wears out before the others.
        for (int i = 0; i < segments.Length; i++)
        {
            Segment place = segments[(nextPlace + i) % segments.Length];
            if (IsFree(place))
            {
                nextPlace = (place.Slot + 1) % segments.Length;
                return BeginSegmentIn(place, startCheckpoint || CheckpointIsDue());
            }
        }
        return new StoreError(StoreErrorKind.Full, "no segment of the store is free");
    }

    private StoreError? BeginSegmentIn(Segment place, bool startsCheckpoint)
    {
        ulong serial = writer.NextSerial;
        try
        {
            writer.BeginSegment(place, startsCheckpoint);
        }
        catch (InvalidOperationException)
        {
            return new StoreError(StoreErrorKind.Busy, "the machine has not gathered enough entropy yet; try again");
        }
        free--;
        if (startsCheckpoint)
        {
            writing = true;
            writingStart = serial;
            parts = CheckpointCodec.Parts(index);
            step = 0;
        }
        return null;
    }

    private StoreError? Reclaim()
    {
        if (writing)
        {
            return FinishCheckpoint();
        }
        Segment? candidate = victim ?? PickVictim();
        if (candidate == null || CheckpointIsDue())
        {
            return BeginSegment(true) ?? FinishCheckpoint();
        }
        victim = candidate;
        cursor = 0;
        while (victim != null)
        {
            if (writer.Room < LogRecord.SectorsMax)
            {
                StoreError? error = Commit();
                if (error == null && victim != null && writer.Room < LogRecord.SectorsMax)
                {
                    writer.CloseSegment();
                    error = BeginSegment(false);
                }
                if (error != null)
                {
                    return error;
                }
                continue;
            }
            if (!MoveSome(0, LogWriter.BatchSectorsMax))
            {
                StoreError? error = Commit();
                if (error != null)
                {
                    return error;
                }
                EndVictim();
            }
        }
        return null;
    }

    private void EndVictim()
    {
        if (victim != null && cursor >= index.NumbersEnd)
        {
            victim.Pinned = victim.LiveSectors > 0;
            victim = null;
        }
    }

    private StoreError? FinishCheckpoint()
    {
        while (writing)
        {
            if (TryAppendStep(0))
            {
                continue;
            }
            int room = writer.RoomInSegment;
            StoreError? error = Commit();
            if (error == null && writing && room < NextStepSectors())
            {
                writer.CloseSegment();
                error = BeginSegment(false);
            }
            if (error != null)
            {
                return error;
            }
        }
        return null;
    }

    // Steps of a checkpoint: the parts, the parts once more, the end, the end once more.
    private int NextStepSectors()
    {
        bool isPart = step < CheckpointCodec.Copies * parts;
        int bytes = isPart ? CheckpointCodec.PartBytes(index, step % parts) : CheckpointCodec.EndBytes;
        return LogRecord.Sectors(0, bytes);
    }

    private bool TryAppendStep(int reserve)
    {
        if (finishing || writer.Room < NextStepSectors() + reserve)
        {
            return false;
        }
        int partSteps = CheckpointCodec.Copies * parts;
        if (step < partSteps)
        {
            int bytes = CheckpointCodec.EncodePart(index, writingStart, step % parts, partBuffer);
            writer.Append(RecordKind.CheckpointPart, default, partBuffer.AsSpan(0, bytes));
        }
        else
        {
            CheckpointCodec.EncodeEnd(writingStart, parts, partBuffer);
            writer.Append(RecordKind.CheckpointEnd, default, partBuffer.AsSpan(0, CheckpointCodec.EndBytes));
        }
        step++;
        // The parts before were flushed with earlier batches or go out with this one: complete only when it is flushed.
        finishing = step == partSteps + CheckpointCodec.Copies;
        return true;
    }

    private Segment? PickVictim()
    {
        Segment? best = null;
        // Emptying a fuller one would take as much room as it gives.
        int most = usable - LogRecord.SectorsMax - (usable / 16);
        foreach (Segment segment in segments)
        {
            bool candidate = segment.LiveSectors > 0 && segment.Serial < CheckpointStart && !segment.Pinned;
            if (candidate && segment.LiveSectors <= most && segment.LiveSectors < (best?.LiveSectors ?? int.MaxValue))
            {
                best = segment;
            }
        }
        return best;
    }

    // Moves live records of the victim into the batch. Returns false if nothing more can be done in this batch.
    private bool MoveSome(int reserve, int budget)
    {
        int examined = 0;
        int moved = 0;
        while (cursor < index.NumbersEnd && moved < budget && examined++ < EntriesExaminedPerStep)
        {
            ref IndexEntry entry = ref index[cursor];
            if (entry.Name != null && entry.Slot == victim!.Slot && !entry.Damaged)
            {
                if (writer.Room < entry.Sectors + reserve || moveCount == moves.Length)
                {
                    return false;
                }
                moved += MoveOne(ref entry);
            }
            cursor++;
        }
        return cursor < index.NumbersEnd;
    }

    private int MoveOne(ref IndexEntry entry)
    {
        Segment from = segments[entry.Slot];
        reader.DropWindow();
        ReadOutcome outcome = reader.Read(from, entry.Offset, entry.Sectors);
        if (outcome != ReadOutcome.Ok || reader.Fields.Sequence != entry.Sequence)
        {
            SectorRegion where = new(geometry.FirstSector(entry.Slot) + entry.Offset, entry.Sectors);
            notices.Add($"{where}: damaged; held '{index.Text(cursor)}'");
            return 0;
        }
        ulong sequence = writer.NextSequence;
        int offset = writer.Append(RecordKind.Put, reader.Name, reader.Value);
        moves[moveCount++] = new Move { Number = cursor, Sequence = sequence, To = writer.Current!, Offset = offset };
        return entry.Sectors;
    }
}
