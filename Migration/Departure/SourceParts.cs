using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>
/// What serves one departure after the other. It holds machine-local memory, which is never given back, so there is one
/// for each machine that the node has been on.
/// </summary>
internal sealed class SourceParts
{
    private readonly byte[] reason = new byte[MoveRecord.ReasonMax];
    private int reasonLength;

    /// <summary>Takes the memory.</summary>
    /// <param name="machine">The machine that the node is on.</param>
    /// <param name="disk">The node's disk.</param>
    /// <param name="memory">The link's memory, which arrivals use as well.</param>
    /// <param name="free">Knows which pages hold nothing; null if nobody does.</param>
    public SourceParts(IMachine machine, DiskSlot disk, LinkMemory memory, IFreeMemory? free)
    {
        LinkMemory = memory;
        Tracker = new DirtyTracker(machine, TrackingMode.DirtyBits) { FreeMemory = free };
        Encoder = new PageEncoder(machine);
        Disk = new DiskSender(disk, machine.Local);
        Kept = new KeptFrames(machine.Local);
        Scratch = machine.Local.AllocateZeroed(MoveRecord.HeaderLength + MoveRecord.DataMax, sizeof(uint), 0);
    }

    /// <summary>The link's memory.</summary>
    public LinkMemory LinkMemory { get; }

    /// <summary>Which pages.</summary>
    public DirtyTracker Tracker { get; }

    /// <summary>How they are put down.</summary>
    public PageEncoder Encoder { get; }

    /// <summary>Which blocks.</summary>
    public DiskSender Disk { get; }

    /// <summary>What arrives for the node while it stands still.</summary>
    public KeptFrames Kept { get; }

    /// <summary>Room for one record.</summary>
    public DmaRegion Scratch { get; }

    /// <summary>The disk's record of moves; null if no disk travels.</summary>
    public HandoverJournal? Journal { get; private set; }

    /// <summary>What the target said when it gave up; null if it said nothing.</summary>
    public string? Reason => reasonLength > 0 ? Encoding.UTF8.GetString(reason, 0, reasonLength) : null;

    /// <summary>Begins a move. Everything is to be sent.</summary>
    /// <param name="journal">The disk's record of moves; null if no disk travels.</param>
    /// <param name="store">The open store; null if it is locked, or there is none.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>False if there is no memory for it.</returns>
    public bool TryBeginMove(HandoverJournal? journal, EncryptedStore? store, Instant now)
    {
        Journal = journal;
        reasonLength = 0;
        Kept.Clear();
        Kept.IsClosed = false;
        if (!Encoder.TryBegin())
        {
            return false;
        }

        Tracker.Begin();
        Tracker.Collect(now);
        if (journal is not null)
        {
            Disk.Begin(store);
        }

        return true;
    }

    /// <summary>Ends a move that came to nothing.</summary>
    public void EndMove()
    {
        Tracker.End();
        Encoder.End();
        if (Journal is not null)
        {
            Disk.End();
        }

        Journal = null;
    }

    /// <summary>Keeps what the target said. Allocates nothing.</summary>
    public void KeepReason(ReadOnlySpan<byte> text)
    {
        reasonLength = Math.Min(text.Length, reason.Length);
        text[..reasonLength].CopyTo(reason);
    }
}
