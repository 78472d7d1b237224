using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>Steps a hand-over and does its writing; the rest is left to the caller.</summary>
public static class HandoverRun
{
    /// <summary>One event at the source. Allocates nothing.</summary>
    /// <param name="handover">The machine.</param>
    /// <param name="journal">Where it writes; null if no disk travels with the node.</param>
    /// <param name="what">The event.</param>
    /// <param name="clock">The present moment, which moves on while the disk writes.</param>
    public static HandoverActions Run(
        this SourceHandover handover, HandoverJournal? journal, HandoverEvent what, IClock clock)
    {
        HandoverActions actions = handover.Step(what, clock.Now);
        while ((actions & HandoverActions.Persist) != 0)
        {
            bool isWritten = TryWrite(journal, handover.ToPersist, handover.Terms);
            actions = handover.Step(isWritten ? HandoverEvent.Persisted : HandoverEvent.PersistFailed, clock.Now);
        }

        return actions;
    }

    /// <summary>One event at the target.</summary>
    /// <param name="handover">The machine.</param>
    /// <param name="journal">Where it writes; null if no disk travels with the node.</param>
    /// <param name="what">The event.</param>
    /// <param name="clock">The present moment, which moves on while the disk writes.</param>
    public static HandoverActions Run(
        this TargetHandover handover, HandoverJournal? journal, HandoverEvent what, IClock clock)
    {
        HandoverActions actions = handover.Step(what, clock.Now);
        while ((actions & HandoverActions.Persist) != 0)
        {
            bool isWritten = TryWrite(journal, handover.ToPersist, handover.Terms);
            actions = handover.Step(isWritten ? HandoverEvent.Persisted : HandoverEvent.PersistFailed, clock.Now);
        }

        return actions;
    }

    // Whatever keeps it from being written: the machine has to hear of it, or it would wait for the end for ever.
    private static bool TryWrite(HandoverJournal? journal, HandoverState state, HandoverTerms terms)
    {
        try
        {
            return journal is null || journal.Write(state, terms);
        }
        catch (OutOfMemoryException)
        {
            return false;
        }
    }
}
