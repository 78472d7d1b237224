using System;
using System.Collections.Generic;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>When an operator gives a word for the other machine.</summary>
internal enum Operator
{
    /// <summary>Never.</summary>
    Absent,

    /// <summary>When the other machine was destroyed, or shows that it has not got the node.</summary>
    Careful,

    /// <summary>When the other machine is switched off at the moment.</summary>
    Hasty,
}

/// <summary>
/// Every state that two machines can get into, whatever the wire, the power, the disks and the operator do. Explored
/// breadth first, so that a counterexample is as short as can be.
/// </summary>
internal sealed class HandoverModel
{
    private static readonly (HandoverMessages Message, HandoverEvent Event)[] ToSource =
    [
        (HandoverMessages.TargetAborts, HandoverEvent.PeerAborts),
        (HandoverMessages.Run, HandoverEvent.RunToken),
        (HandoverMessages.Abort, HandoverEvent.AbortToken),
    ];

    private static readonly (HandoverMessages Message, HandoverEvent Event)[] ToTarget =
    [
        (HandoverMessages.Commit, HandoverEvent.Commit),
        (HandoverMessages.SourceAborts, HandoverEvent.PeerAborts),
        (HandoverMessages.Question, HandoverEvent.Asked),
        (HandoverMessages.Settled, HandoverEvent.SettledToken),
        (HandoverMessages.Reclaimed, HandoverEvent.ReclaimedToken),
    ];

    private readonly HandoverTables tables;
    private readonly Operator person;
    private readonly bool hasDisks;
    private readonly StateSpace<HandoverWorld> space = new();
    private readonly HandoverTables tablesOfRun;
    private readonly HandoverTables tablesOfAbort;
    private readonly HandoverState[] sourcePending =
        Array.ConvertAll(Enum.GetValues<SourcePhase>(), HandoverTables.PendingOf);
    private readonly HandoverState[] targetPending =
        Array.ConvertAll(Enum.GetValues<TargetPhase>(), HandoverTables.PendingOf);

    public HandoverModel(HandoverTables tables, Operator person, bool hasDisks)
    {
        this.tables = tables;
        this.person = person;
        this.hasDisks = hasDisks;
        tablesOfRun = tables.HasAuthority ? new HandoverTables(CommitVerdict.Run) : tables;
        tablesOfAbort = tables.HasAuthority ? new HandoverTables(CommitVerdict.Abort) : tables;
    }

    /// <inheritdoc cref="StateSpace{TWorld}.Count"/>
    public int Count => space.Count;

    /// <inheritdoc cref="StateSpace{TWorld}.Steps"/>
    public long Steps => space.Steps;

    /// <summary>May the target be destroyed, with nobody to notice?</summary>
    public bool TargetMayDie { get; init; }

    /// <summary>A fault: the authority does not keep what it has said.</summary>
    public bool ForgetsVerdict { get; init; }

    /// <summary>Explores everything.</summary>
    /// <returns>The first thing that is wrong, with the way there; null if nothing is.</returns>
    public string? Explore()
    {
        space.Add(
            new HandoverWorld
            {
                SourceIsUp = true,
                TargetIsUp = true,
                SourceHasMemory = true,
                SourceRecord = 1 << (int)HandoverState.None,
                TargetRecord = 1 << (int)HandoverState.None,
            },
            "begin",
            true);
        while (space.TryNext(out HandoverWorld world))
        {
            if (FindWrong(world) is string wrong)
            {
                return $"{wrong}: {space.Way()}";
            }

            ExploreSource(world);
            ExploreTarget(world);
            ExplorePower(world);
            ExploreLoss(world);
        }

        return space.FindDeadEnd(world => world.SourceRuns || world.TargetRuns || IsLost(world)) is string way
            ? $"nobody can go on: {way}"
            : null;
    }

    /// <inheritdoc cref="StateSpace{TWorld}.CountOf"/>
    public int CountOf(Predicate<HandoverWorld> what) => space.CountOf(what);

    private static string? FindWrong(HandoverWorld world)
    {
        bool isStaleTarget = world.TargetRuns && (!world.TargetIsComplete || world.SourceWorked);
        bool isStaleSource = world.SourceRuns && world.TargetWorked && !world.Vouched;
        bool areTwoStores = world.SourceMayOpen && world.TargetMayOpen
            && !(world.Vouched && !HandoverWorld.Has(world.TargetRecord, HandoverState.Settled));
        return world.SourceRuns && world.TargetRuns ? "two run"
            : isStaleTarget ? "the target runs an old state"
            : isStaleSource ? "the source runs an old state"
            : areTwoStores ? "two stores can be opened"
            : null;
    }

    private void ExploreSource(HandoverWorld world)
    {
        if (!world.SourceIsUp)
        {
            return;
        }

        if (IsWriting(world.Source))
        {
            ExploreSourceWrite(world);
            return;
        }

        foreach ((HandoverMessages message, HandoverEvent what) in ToSource)
        {
            if ((world.Wire & message) != 0)
            {
                StepSource(world, what, true);
            }
        }

        StepSource(world, HandoverEvent.Tick, true);
        // Anybody may ask, and say what means nothing.
        StepSource(world, HandoverEvent.Asked, false);
        // A link dies without any bad luck if the other side has forgotten its keys.
        StepSource(world, HandoverEvent.LinkDead, world.TargetWasOff);
        StepSource(world, HandoverEvent.Cancel, false);
        ExploreDeparture(world);

        bool targetShows = world.TargetIsUp && (world.Target is TargetPhase.Aborted or TargetPhase.Idle);
        if ((person == Operator.Careful && (world.TargetIsDead || targetShows))
            || (person == Operator.Hasty && (!world.TargetIsUp || targetShows)))
        {
            StepSource(world, HandoverEvent.Vouched, true);
        }
    }

    // The record that the node leaves may be written before it is stopped or afterwards.
    private void ExploreDeparture(HandoverWorld world)
    {
        if (world.Source is not (SourcePhase.Copying or SourcePhase.Rehearsed or SourcePhase.Leaving))
        {
            return;
        }

        if (!world.SourceStands)
        {
            space.Add(world with { SourceStands = true }, "S stops", true);
        }
        else if (world.Source == SourcePhase.Leaving)
        {
            StepSource(world with { SourceHasSent = true }, HandoverEvent.AllSent, true);
        }

        if (world.TargetHasBegun)
        {
            StepSource(world, HandoverEvent.Rehearsed, true);
        }

        // Too early it is a fault, of which no good may be expected.
        StepSource(world, HandoverEvent.Leave, world.Source == SourcePhase.Rehearsed);
    }

    private void ExploreTarget(HandoverWorld world)
    {
        if (!world.TargetIsUp)
        {
            return;
        }

        if (IsWriting(world.Target))
        {
            ExploreTargetWrite(world);
            return;
        }

        foreach ((HandoverMessages message, HandoverEvent what) in ToTarget)
        {
            if ((world.Wire & message) != 0)
            {
                StepTarget(world, what, true);
            }
        }

        StepTarget(world, HandoverEvent.Tick, true);
        StepTarget(world, HandoverEvent.Asked, false);
        StepTarget(world, HandoverEvent.LinkDead, !world.SourceHasMemory);
        StepTarget(world, HandoverEvent.Cancel, false);
        if (world.Source is SourcePhase.Copying or SourcePhase.Rehearsed or SourcePhase.Leaving
            && !world.TargetWasOff)
        {
            StepTarget(world, HandoverEvent.Begin, true);
        }

        bool sourceShows = world.SourceIsUp && world.Source == SourcePhase.Moved;
        if (person != Operator.Absent && (world.SourceIsDead || sourceShows))
        {
            StepTarget(world, HandoverEvent.Vouched, true);
        }
    }

    private void ExplorePower(HandoverWorld world)
    {
        if (world.SourceIsUp)
        {
            space.Add(SourceOff(world), "S off", false);
        }
        else if (!world.SourceIsDead)
        {
            BootSource(world);
        }

        if (world.TargetIsUp)
        {
            HandoverWorld off = world with { TargetIsUp = false, TargetHasMemory = false, TargetWasOff = true };
            int record = hasDisks && IsWriting(world.Target)
                ? world.TargetRecord | (1 << (int)targetPending[(int)world.Target])
                : world.TargetRecord;
            space.Add(off with { TargetRecord = record }, "T off", false);
        }
        else if (!world.TargetIsDead)
        {
            BootTarget(world);
        }

        if ((TargetMayDie || person == Operator.Careful) && !world.TargetIsUp && !world.SourceIsDead)
        {
            space.Add(world with { TargetIsDead = true }, "T destroyed", false);
        }

        bool targetHasIt = world.TargetRecord == 1 << (int)HandoverState.Owner;
        if (person == Operator.Careful && !world.SourceIsUp && targetHasIt && !world.TargetIsDead && hasDisks)
        {
            space.Add(world with { SourceIsDead = true }, "S destroyed", false);
        }
    }

    private void ExploreLoss(HandoverWorld world)
    {
        foreach (HandoverMessages lost in HandoverWorld.Losable)
        {
            if ((world.Wire & lost) != 0)
            {
                space.Add(world with { Wire = world.Wire & ~lost }, $"{lost} is lost", false);
            }
        }
    }

    private HandoverWorld SourceOff(HandoverWorld world)
    {
        int record = hasDisks && IsWriting(world.Source)
            ? world.SourceRecord | (1 << (int)sourcePending[(int)world.Source])
            : world.SourceRecord;
        return world with
        {
            SourceIsUp = false, SourceHasMemory = false, SourceStands = false, SourceRecord = record,
        };
    }

    private void BootSource(HandoverWorld world)
    {
        if (!hasDisks)
        {
            // Another node, as far as anybody can tell: this one went with the memory.
            return;
        }

        foreach (HandoverState state in Enum.GetValues<HandoverState>())
        {
            if (HandoverWorld.Has(world.SourceRecord, state))
            {
                HandoverWorld next = world with
                {
                    SourceIsUp = true, Source = tables.SourceBoot[(int)state], SourceRecord = 1 << (int)state,
                };
                space.Add(NoteWork(next), $"S on as {state}", true);
            }
        }
    }

    private void BootTarget(HandoverWorld world)
    {
        foreach (HandoverState state in Enum.GetValues<HandoverState>())
        {
            if (!HandoverWorld.Has(world.TargetRecord, state))
            {
                continue;
            }

            HandoverWorld next = world with
            {
                TargetIsUp = true, Target = tables.TargetBoot[(int)state], TargetRecord = 1 << (int)state,
            };
            if (next.Target == TargetPhase.Receiving && tables.GivesUpAfterRestart)
            {
                StepTarget(next, HandoverEvent.Cancel, true);
            }
            else
            {
                space.Add(NoteWork(next), $"T on as {state}", true);
            }
        }
    }

    private void ExploreSourceWrite(HandoverWorld world)
    {
        int bit = 1 << (int)sourcePending[(int)world.Source];
        StepSource(world with { SourceRecord = hasDisks ? bit : world.SourceRecord }, HandoverEvent.Persisted, true);
        if (hasDisks)
        {
            StepSource(world with { SourceRecord = world.SourceRecord | bit }, HandoverEvent.PersistFailed, false);
        }
    }

    private void ExploreTargetWrite(HandoverWorld world)
    {
        int bit = 1 << (int)targetPending[(int)world.Target];
        StepTarget(world with { TargetRecord = hasDisks ? bit : world.TargetRecord }, HandoverEvent.Persisted, true);
        if (hasDisks)
        {
            StepTarget(world with { TargetRecord = world.TargetRecord | bit }, HandoverEvent.PersistFailed, false);
        }
    }

    private void StepSource(HandoverWorld world, HandoverEvent what, bool isBenign)
    {
        CommitVerdict wanted = tables[world.Source, what].Proposes;
        foreach ((HandoverWorld asked, HandoverTables by, bool isGood) in Proposed(world, wanted, isBenign))
        {
            StepSource(asked, what, by[world.Source, what], isGood);
        }
    }

    private void StepTarget(HandoverWorld world, HandoverEvent what, bool isBenign)
    {
        CommitVerdict wanted = tables[world.Target, what].Proposes;
        foreach ((HandoverWorld asked, HandoverTables by, bool isGood) in Proposed(world, wanted, isBenign))
        {
            StepTarget(asked, what, by[world.Target, what], isGood);
        }
    }

    // The authority may be out of reach before it has heard, and before it has said.
    private IEnumerable<(HandoverWorld World, HandoverTables By, bool IsBenign)> Proposed(
        HandoverWorld world, CommitVerdict wanted, bool isBenign)
    {
        yield return (world, tables, isBenign);
        if (wanted != CommitVerdict.Undecided)
        {
            HandoverWorld decided = Propose(world, wanted);
            yield return (decided, tables, false);
            yield return (decided, TablesOf(decided.Verdict), isBenign);
        }
    }

    private HandoverTables TablesOf(CommitVerdict verdict) =>
        verdict == CommitVerdict.Run ? tablesOfRun : tablesOfAbort;

    private HandoverWorld Propose(HandoverWorld world, CommitVerdict wanted) =>
        world.Verdict == CommitVerdict.Undecided || ForgetsVerdict ? world with { Verdict = wanted } : world;

    private void StepSource(HandoverWorld world, HandoverEvent what, HandoverMove move, bool isBenign)
    {
        HandoverMessages said = (move.Actions & HandoverActions.SendToken) == 0 ? HandoverMessages.None
            : move.SaysFirst ? HandoverMessages.Settled : HandoverMessages.Reclaimed;
        said |= Said(move.Actions, HandoverActions.SendCommit, HandoverMessages.Commit)
            | Said(move.Actions, HandoverActions.SendAbort, HandoverMessages.SourceAborts)
            | Said(move.Actions, HandoverActions.Ask, HandoverMessages.Question);
        HandoverWorld next = world with
        {
            Source = (SourcePhase)move.Phase,
            Wire = world.Wire | said,
            Vouched = world.Vouched || (what == HandoverEvent.Vouched && move.Phase != (int)world.Source),
        };
        if ((move.Actions & HandoverActions.StartAnew) != 0)
        {
            next = next with { SourceIsUp = false, SourceHasMemory = false };
        }

        if ((move.Actions & (HandoverActions.StartAnew | HandoverActions.GoOn)) != 0)
        {
            next = next with { SourceStands = false };
        }

        space.Add(NoteWork(next), $"S {what}", isBenign);
    }

    private void StepTarget(HandoverWorld world, HandoverEvent what, HandoverMove move, bool isBenign)
    {
        HandoverMessages said = (move.Actions & HandoverActions.SendToken) == 0 ? HandoverMessages.None
            : move.SaysFirst ? HandoverMessages.Run : HandoverMessages.Abort;
        said |= Said(move.Actions, HandoverActions.SendAbort, HandoverMessages.TargetAborts);
        // A machine that was switched off has the node's store, but its memory no longer.
        bool lands = (move.Actions & HandoverActions.Land) != 0 && !world.TargetWasOff;
        HandoverWorld next = world with
        {
            Target = (TargetPhase)move.Phase,
            Wire = world.Wire | said,
            TargetHasBegun = world.TargetHasBegun || move.Phase == (int)TargetPhase.Receiving,
            TargetHasMemory = world.TargetHasMemory || lands,
            TargetIsComplete = world.TargetIsComplete
                || (what == HandoverEvent.Commit && world.Target == TargetPhase.Receiving && world.SourceHasSent),
        };
        space.Add(NoteWork(next), $"T {what}", isBenign);
    }

    private static HandoverMessages Said(HandoverActions actions, HandoverActions one, HandoverMessages message) =>
        (actions & one) != 0 ? message : HandoverMessages.None;

    private static HandoverWorld NoteWork(HandoverWorld world) => world with
    {
        SourceWorked = world.SourceWorked
            || (world.SourceRuns && world.SourceHasSent),
        TargetWorked = world.TargetWorked || world.TargetRuns,
    };

    private bool IsWriting(SourcePhase phase) =>
        tables[phase, HandoverEvent.Persisted].Phase != (int)phase;

    private bool IsWriting(TargetPhase phase) =>
        tables[phase, HandoverEvent.Persisted].Phase != (int)phase;

    // A node without a disk is gone with the power of the machine that has it, and every node with the only machine
    // that had it since it left the other one.
    private bool IsLost(HandoverWorld world)
    {
        if (hasDisks)
        {
            bool hasLeft = world.Source is SourcePhase.Moved or SourcePhase.MovedUnwritten
                or SourcePhase.PersistingMoved || HandoverWorld.Has(world.SourceRecord, HandoverState.Moved);
            return world.TargetIsDead && hasLeft && (world.Verdict == CommitVerdict.Run
                || HandoverWorld.Has(world.TargetRecord, HandoverState.Owner, HandoverState.Settled));
        }

        bool mayLand = world.Target is TargetPhase.Receiving or TargetPhase.PersistingOwner;
        return !world.SourceHasMemory && !world.TargetHasMemory && !(world.TargetIsUp && mayLand);
    }
}
