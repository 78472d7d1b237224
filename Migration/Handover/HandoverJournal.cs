using System;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>
/// The hand-over record of one disk. Only a disk that travels with its node has one that is written: a node without a
/// disk has nothing that could outlive its machine. The record itself never travels, each machine has its own.
/// </summary>
public sealed class HandoverJournal
{
    private readonly IBlockDevice disk;
    private readonly MirroredRecord place;
    private readonly byte[] buffer = new byte[HandoverRecord.LengthMax];
    private HandoverRecord record = new();
    private HandoverRecord next = new();
    private bool isNew;

    private HandoverJournal(IBlockDevice disk)
    {
        this.disk = disk;
        place = MirroredRecord.ForHandover(disk);
    }

    /// <summary>What the disk says, as far as this machine knows.</summary>
    public HandoverRecord Record => record;

    /// <summary>Who may run the node.</summary>
    public HandoverState State => record.State;

    /// <summary>
    /// Why the record cannot be believed, in a sentence; null if it can. Then nobody can tell whether the node is here.
    /// </summary>
    public string? Problem { get; private set; }

    /// <summary>What was wrong with one of the copies, in a sentence; null if nothing was.</summary>
    public string? Complaint { get; private set; }

    /// <summary>Reads the record of a disk. A disk that never had one is in no move.</summary>
    public static HandoverJournal Open(IBlockDevice disk)
    {
        var journal = new HandoverJournal(disk);
        journal.Read();
        return journal;
    }

    /// <summary>
    /// Writes the state that a machine wants persisted, and flushes. Allocates nothing. On failure the medium has
    /// either the record before or the new one.
    /// </summary>
    public bool Write(HandoverState state, HandoverTerms terms)
    {
        if (isNew && !Rewrite())
        {
            return false;
        }

        next.CopyFrom(record);
        next.Enter(state, terms);
        return WriteNext();
    }

    /// <summary>
    /// Reads the record again and writes it as it is. Before a move: shows that it can be written, and lets everything
    /// be called once that is called while the node stands still. From here on nobody else may write it.
    /// </summary>
    public bool Rehearse()
    {
        Read();
        return Problem is null && Rewrite();
    }

    /// <summary>The disk is to get a new store: it is in no move. Kept answers stay.</summary>
    public bool WriteNone()
    {
        next.CopyFrom(record);
        next.BecomeNone();
        return WriteNext();
    }

    // What is read is acted upon, and tells which copy is the older one, to be written over: so it must be on the
    // medium, and after a flush that failed it may not be. Another flush goes on behind the sector that failed (ATA,
    // FLUSH CACHE). The first content that a new disk gets is never worth anything, so when it is lost, as by a power
    // cut in the midst of writing it, the disk is as new.
    private void Read()
    {
        bool isKept = disk.Flush() == BlockResult.Ok || disk.Flush() == BlockResult.Ok;
        RecordReading reading = place.Read();
        Complaint = reading.Complaint;
        Problem = null;
        record = new HandoverRecord();
        isNew = reading.State == RecordState.Blank || reading.IsFirstLost;
        if (isNew)
        {
            return;
        }

        if (!isKept)
        {
            Problem = "the disk does not say that it keeps the hand-over record";
        }
        else if (reading.State == RecordState.Present)
        {
            record.TryDecode(reading.Content, out string? reason);
            Problem = reason;
        }
        else
        {
            Problem = reading.Complaint ?? "the hand-over record cannot be read";
        }
    }

    private bool Rewrite()
    {
        next.CopyFrom(record);
        return WriteNext();
    }

    private bool WriteNext()
    {
        int length = next.Encode(buffer);
        bool isWritten = place.WriteQuietly(buffer.AsSpan(0, length)) == BlockResult.Ok;
        Array.Clear(buffer);
        if (isWritten)
        {
            (record, next) = (next, record);
            Problem = null;
            isNew = false;
        }

        return isWritten;
    }
}
