using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Migration;

/// <summary>What the two machines' disks have to say to a move, before it begins.</summary>
internal static class DiskOf
{
    /// <summary>Opens the record of moves of the node's disk, and shows that it can be written.</summary>
    /// <param name="disk">The place of the disk.</param>
    /// <param name="journal">The record; null if the node has no store, so that no disk travels.</param>
    /// <returns>Null if the node may leave; otherwise why not, in a sentence.</returns>
    public static string? OpenJournal(DiskSlot disk, out HandoverJournal? journal)
    {
        journal = null;
        if (disk.Device is null || Volume.Inspect(disk, out _) != DiskState.Volume)
        {
            return null;
        }

        HandoverJournal read = HandoverJournal.Open(disk);
        if (read.Problem is not null)
        {
            return read.Problem;
        }

        if (!read.State.IsHere())
        {
            return "the node of this disk is not here";
        }

        if (!read.Rehearse())
        {
            return "the disk does not take the record of the move";
        }

        journal = read;
        return null;
    }

    /// <summary>Sectors that a target's disk must have.</summary>
    public static long SectorsNeeded(DiskSlot disk, EncryptedStore? store) => DiskOffer.Of(disk, store).Sectors;

    /// <summary>What a machine tells the other one about itself.</summary>
    public static MoveSide SideOf(IMachine machine, long diskSectors) => new()
    {
        Profile = machine.Profile,
        DiskSectors = diskSectors,
        Station = machine.Card!.Address,
        ReceiveCapacity = machine.Card.ReceiveCapacity,
    };

    /// <summary>May this machine give itself, and its disk, to a node?</summary>
    /// <param name="disk">The place of the disk.</param>
    /// <param name="nodeLock">Is its store open?</param>
    /// <param name="mayOverwrite">Has the operator agreed that what is on the disk may be lost?</param>
    /// <param name="journal">The disk's record of moves; null if there is no disk.</param>
    /// <returns>Null if it may; otherwise why not, in a sentence.</returns>
    public static string? CheckStandBy(
        DiskSlot disk, NodeLock nodeLock, bool mayOverwrite, out HandoverJournal? journal)
    {
        journal = null;
        if (nodeLock.Store is not null)
        {
            return "a node is at work here, and its store is open";
        }

        if (disk.Device is null)
        {
            return null;
        }

        HandoverJournal read = HandoverJournal.Open(disk);
        if (Volume.Inspect(disk, out _) == DiskState.Volume && !mayOverwrite && !IsLeftOver(read.State))
        {
            return "the disk here holds the store of a node, which would be lost";
        }

        journal = read;
        return null;
    }

    /// <summary>Does the disk hold what is nowhere else, as far as is known?</summary>
    public static bool HoldsSomething(DiskSlot disk) =>
        disk.Device is not null
        && Volume.Inspect(disk, out _) is not (DiskState.Empty or DiskState.Unfinished or DiskState.TooSmall)
        && !IsLeftOver(HandoverJournal.Open(disk).State);

    /// <summary>Can the node's disk be copied onto the one here?</summary>
    /// <returns>Null if it can; otherwise why not, in a sentence.</returns>
    public static string? JudgeOffer(
        DiskSlot disk, HandoverJournal? journal, bool mayOverwrite, MoveOffer offer)
    {
        if (offer.Source.DiskSectors == 0)
        {
            return null;
        }

        mayOverwrite |= journal is not null && IsLeftOver(journal.State);
        return DiskReceiver.Check(disk.Device, new DiskOffer(offer.Source.DiskSectors), mayOverwrite);
    }

    /// <summary>Was the node with this key here before?</summary>
    public static bool KnowsNode(HandoverJournal journal, Fingerprint fingerprint)
    {
        System.ReadOnlySpan<byte> key = journal.Record.Terms.NodeKey;
        return !key.IsEmpty && fingerprint.Matches(key);
    }

    // What is on the disk is a copy of what is elsewhere, or half of one.
    private static bool IsLeftOver(HandoverState state) =>
        state is HandoverState.Moved or HandoverState.Receiving or HandoverState.Aborted or HandoverState.Superseded;
}
