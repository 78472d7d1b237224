using System;
using System.Collections.Generic;
using HaukiOS.Migration;
using HaukiOS.Tests.Unit.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Two moves of one node after each other, where the first one need not be over when the second one begins: the first
/// source may not have heard yet that it is rid of the node, and everything ever said of either move may be said again.
/// The machines step the tables of <see cref="HandoverTables"/>; around them is what <see cref="Witness"/>,
/// <c>Departure</c> and <c>Arrival</c> do. The disk's record knows the last move only, and an answer to the one before.
/// </summary>
internal sealed class TwoMovesModel
{
    private const int A = 0;
    private const int B = 1;
    private const int C = 2;
    private const HandoverState None = HandoverState.None;

    private static readonly (HandoverMessages Message, HandoverEvent Event, bool IsOfLink)[] ToSource =
    [
        (HandoverMessages.TargetAborts, HandoverEvent.PeerAborts, true),
        (HandoverMessages.Run, HandoverEvent.RunToken, false),
        (HandoverMessages.Abort, HandoverEvent.AbortToken, false),
    ];

    private static readonly (HandoverMessages Message, HandoverEvent Event, bool IsOfLink)[] ToTarget =
    [
        (HandoverMessages.Commit, HandoverEvent.Commit, true),
        (HandoverMessages.SourceAborts, HandoverEvent.PeerAborts, true),
        (HandoverMessages.Question, HandoverEvent.Asked, false),
        (HandoverMessages.Settled, HandoverEvent.SettledToken, false),
        (HandoverMessages.Reclaimed, HandoverEvent.ReclaimedToken, false),
    ];

    private readonly StateSpace<TwoMovesWorld> space = new();
    private readonly HandoverTables tables;
    private readonly Dictionary<(HandoverState State, bool IsSource), bool?> kept = [];
    private readonly int secondTarget;
    private readonly UInt128[] openable = new UInt128[3];
    private readonly UInt128 leaving;

    /// <summary>A model.</summary>
    /// <param name="tables">What the machines do.</param>
    /// <param name="goesBack">Does the second move lead back to the first machine, and not to a third one?</param>
    public TwoMovesModel(HandoverTables tables, bool goesBack)
    {
        this.tables = tables;
        secondTarget = goesBack ? A : C;
        for (int content = 0; content < 100; content++)
        {
            UInt128 bit = UInt128.One << content;
            leaving |= StateIn(content) == HandoverState.Leaving ? bit : 0;
            for (int machine = A; machine <= C; machine++)
            {
                openable[machine] |= MayOpen(machine, content, true) ? bit : 0;
            }
        }

        foreach (HandoverState state in Enum.GetValues<HandoverState>())
        {
            kept[(state, true)] = KeptAnswer(HandoverLab.Terms().Source, HandoverLab.Terms(2).Target, state, true);
            kept[(state, false)] = KeptAnswer(HandoverLab.Terms().Target, HandoverLab.Terms(2).Source, state, false);
        }
    }

    /// <summary>Is there an operator, who makes sure before a word is given? Then machines may be destroyed.</summary>
    public bool HasOperator { get; init; }

    /// <summary>A fault: the record of the second move does not keep the answer to the first one.</summary>
    public bool ForgetsAnswers { get; init; }

    /// <summary>A fault: what is said of one move is taken for the other one, too.</summary>
    public bool ConfusesMoves { get; init; }

    /// <summary>A fault: a machine that does not know where its node is takes the next one.</summary>
    public bool StandsByInDoubt { get; init; }

    /// <inheritdoc cref="StateSpace{TWorld}.Count"/>
    public int Count => space.Count;

    /// <inheritdoc cref="StateSpace{TWorld}.Steps"/>
    public long Steps => space.Steps;

    /// <inheritdoc cref="StateSpace{TWorld}.CountOf"/>
    public int CountOf(Predicate<TwoMovesWorld> what) => space.CountOf(what);

    /// <summary>Explores everything.</summary>
    /// <returns>The first thing that is wrong, with the way there; null if nothing is.</returns>
    public string? Explore()
    {
        Berth blank = new() { Disk = UInt128.One };
        Berth node = blank with { Runs = true, IsFresh = true };
        space.Add(
            new TwoMovesWorld
            {
                A = node with { Move = 1, Phase = (byte)SourcePhase.Copying, IsMoving = true },
                B = blank with { Move = 1, Phase = (byte)TargetPhase.Idle, IsMoving = true },
                C = blank with { Power = secondTarget == C ? Power.On : Power.Dead },
                First = new Passage { HasBegun = true },
            },
            "begin",
            true);
        while (space.TryNext(out TwoMovesWorld world))
        {
            if (FindWrong(world) is string wrong)
            {
                return $"{wrong}: {space.Way()}";
            }

            for (int machine = A; machine <= C; machine++)
            {
                ExplorePower(world, machine);
                if (world[machine].Power == Power.On)
                {
                    Explore(world, machine);
                }
            }

            ExplorePairing(world);
            ExploreLoss(world);
        }

        return space.FindDeadEnd(IsWell) is string way ? $"nobody can go on: {way}"
            : space.FindDeadEnd(IsCertain) is string doubt ? $"the doubt does not end: {doubt}"
            : null;
    }

    // Which answer a record keeps of a move once there is another one: the first token, the second one or none.
    private static bool? KeptAnswer(HandoverTerms first, HandoverTerms second, HandoverState state, bool isSource)
    {
        HandoverRecord record = new();
        if (state != None)
        {
            record.Enter(state, first);
        }

        HandoverTerms before = first.Copy();
        record.Enter(isSource ? HandoverState.Receiving : HandoverState.Leaving, second);
        return record.TryAnswer(before.Session, isSource, out ReadOnlySpan<byte> token)
            ? token.SequenceEqual(before.FirstToken)
            : null;
    }

    private static HandoverState StateIn(int content) =>
        (HandoverState)(content % 10 != 0 ? content % 10 : content / 10);

    private static bool MayOpen(int machine, int content, bool orUnconfirmed)
    {
        HandoverState state = StateIn(content);
        return state == None ? machine == A : state.MayRun() || (orUnconfirmed && state == HandoverState.Owner);
    }

    private static IEnumerable<int> Contents(UInt128 disk)
    {
        for (; disk != 0; disk &= disk - 1)
        {
            yield return (int)UInt128.TrailingZeroCount(disk);
        }
    }

    private string? FindWrong(TwoMovesWorld world)
    {
        int running = 0;
        int stores = 0;
        for (int machine = A; machine <= C; machine++)
        {
            Berth berth = world[machine];
            running += berth.Runs ? 1 : 0;
            stores += berth.Power != Power.Dead && (berth.Disk & openable[machine]) != 0 ? 1 : 0;
            if (berth.Runs && !berth.IsFresh)
            {
                return $"{"ABC"[machine]} runs an old state";
            }
        }

        return running > 1 ? "two run" : stores > 1 ? "two stores can be opened" : null;
    }

    // Somebody runs the node, or the machine that had it is destroyed.
    private bool IsWell(TwoMovesWorld world)
    {
        for (int machine = A; machine <= C; machine++)
        {
            Berth berth = world[machine];
            if (berth.Runs || (berth.Power == Power.Dead && (berth.Disk & (openable[machine] | leaving)) != 0))
            {
                return true;
            }
        }

        return false;
    }

    // Everybody who is on knows where the node is, and everybody is on who can be.
    private static bool IsCertain(TwoMovesWorld world)
    {
        bool isCertain = true;
        for (int machine = A; machine <= B; machine++)
        {
            Berth berth = world[machine];
            if (berth.Power == Power.Dead)
            {
                return true;
            }

            isCertain &= berth.Power == Power.On && berth.State != HandoverState.Leaving;
        }

        return isCertain;
    }

    private int SourceOf(int move) => move == 1 ? A : B;

    private int TargetOf(int move) => move == 1 ? B : secondTarget;

    private bool IsWriting(int machine, Berth berth) => berth.Move != 0
        && (SourceOf(berth.Move) == machine
            ? tables[berth.AsSource, HandoverEvent.Persisted].Phase
            : tables[berth.AsTarget, HandoverEvent.Persisted].Phase) != berth.Phase;

    // What it writes: the state of its move, beside that of the one before.
    private int Pending(int machine, Berth berth)
    {
        HandoverState state = SourceOf(berth.Move) == machine
            ? HandoverTables.PendingOf(berth.AsSource)
            : HandoverTables.PendingOf(berth.AsTarget);
        return berth.Move == 1 ? Berth.ContentOf(state, None) : Berth.ContentOf(berth.First, state);
    }

    private void ExplorePower(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        string name = "ABC"[machine].ToString();
        if (berth.Power == Power.On)
        {
            UInt128 disk = IsWriting(machine, berth) ? berth.Disk | UInt128.One << Pending(machine, berth) : berth.Disk;
            space.Add(world.With(machine, Off(berth) with { Disk = disk }), name + " off", false);
        }
        else if (berth.Power == Power.Off)
        {
            AddReloaded(world, machine, berth with { Power = Power.On }, name + " on");
            if (HasOperator)
            {
                space.Add(world.With(machine, berth with { Power = Power.Dead }), name + " destroyed", false);
            }
        }
    }

    private static Berth Off(Berth berth) => berth with
    {
        Power = Power.Off, Move = 0, Phase = 0, Known = 0, IsMoving = false, Runs = false,
    };

    // What the witness does with the record that it finds, whichever it is.
    private void AddReloaded(TwoMovesWorld world, int machine, Berth berth, string how)
    {
        foreach (int content in Contents(berth.Disk))
        {
            Berth next = berth with { Disk = UInt128.One << content, Known = (byte)content, IsMoving = false };
            next = next with { Move = (byte)(next.Second != None ? 2 : next.First != None ? 1 : 0) };
            bool isSource = next.Move != 0 && SourceOf(next.Move) == machine;
            next = next with
            {
                Phase = next.Move == 0 ? (byte)0
                    : isSource ? (byte)tables.SourceBoot[(int)next.State] : (byte)tables.TargetBoot[(int)next.State],
                Runs = next.Runs || MayOpen(machine, content, false),
                IsFresh = next.IsFresh || next.State == HandoverState.Reclaimed,
            };
            if (next.State == HandoverState.Receiving)
            {
                next = next with { Phase = (byte)tables[TargetPhase.Receiving, HandoverEvent.Cancel].Phase };
            }

            space.Add(Note(world.With(machine, next)), $"{how} as {next.State}", true);
        }
    }

    private void Explore(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        if (IsWriting(machine, berth))
        {
            UInt128 bit = UInt128.One << Pending(machine, berth);
            Berth written = berth with { Disk = bit, Known = (byte)Pending(machine, berth) };
            Step(world.With(machine, written), machine, HandoverEvent.Persisted, true);
            Berth maybe = berth with { Disk = berth.Disk | bit };
            Step(world.With(machine, maybe), machine, HandoverEvent.PersistFailed, false);
            return;
        }

        if (berth.Move != 0)
        {
            ExploreMessages(world, machine);
            Step(world, machine, HandoverEvent.Tick, true);
            // Anybody may ask, and say what means nothing.
            Step(world, machine, HandoverEvent.Asked, false);
            if (Sees(world, machine))
            {
                Step(world, machine, HandoverEvent.Vouched, true);
            }
        }

        if (berth.IsMoving)
        {
            ExploreMove(world, machine);
        }
        else if (berth.Second != None && machine != C)
        {
            ExploreKept(world, machine);
        }
    }

    private void ExploreMessages(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        HandoverMessages wire = world.PassageOf(berth.Move).Wire;
        if (ConfusesMoves)
        {
            wire |= world.First.Wire | world.Second.Wire;
        }

        foreach ((HandoverMessages message, HandoverEvent what, bool isOfLink)
            in SourceOf(berth.Move) == machine ? ToSource : ToTarget)
        {
            if ((wire & message) != 0 && (berth.IsMoving || !isOfLink))
            {
                Step(world, machine, what, true);
            }
        }
    }

    // What only happens while there is a link.
    private void ExploreMove(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        Passage passage = world.PassageOf(berth.Move);
        bool isSource = SourceOf(berth.Move) == machine;
        Berth peer = world[isSource ? TargetOf(berth.Move) : SourceOf(berth.Move)];
        if (peer.IsMoving && peer.Move == berth.Move)
        {
            Step(world, machine, HandoverEvent.LinkDead, false);
        }
        else
        {
            Step(world, machine, HandoverEvent.LinkDead, true);
        }

        Step(world, machine, HandoverEvent.Cancel, false);
        if (!isSource)
        {
            Step(world, machine, HandoverEvent.Begin, true);
            if (berth.AsTarget is TargetPhase.Aborted or TargetPhase.Refused)
            {
                AddReloaded(world, machine, berth, "ABC"[machine] + " ends");
            }

            return;
        }

        if (passage.IsHeard)
        {
            Step(world, machine, HandoverEvent.Rehearsed, true);
        }

        Step(world, machine, HandoverEvent.Leave, berth.AsSource == SourcePhase.Rehearsed);
        if (berth.Runs && berth.AsSource is SourcePhase.Copying or SourcePhase.Rehearsed or SourcePhase.Leaving)
        {
            space.Add(world.With(machine, berth with { Runs = false }), "ABC"[machine] + " stops", true);
        }
        else if (!berth.Runs)
        {
            Passage sent = passage with { IsFresh = berth.IsFresh };
            Step(world.With(berth.Move, sent), machine, HandoverEvent.AllSent, true);
        }
    }

    // The record is of the second move; what it keeps of the first one is shown to whoever asks.
    private void ExploreKept(TwoMovesWorld world, int machine)
    {
        bool isSource = machine == A;
        bool? answer = ForgetsAnswers ? null : kept[(world[machine].First, isSource)];
        if (answer is not bool isFirst)
        {
            return;
        }

        HandoverMessages asking = isSource ? HandoverMessages.Run | HandoverMessages.Abort : HandoverMessages.Question;
        HandoverMessages said = isSource
            ? isFirst ? HandoverMessages.Settled : HandoverMessages.Reclaimed
            : isFirst ? HandoverMessages.Run : HandoverMessages.Abort;
        bool isAsked = (world.First.Wire & asking) != 0;
        Passage first = world.First with { Wire = world.First.Wire | said };
        space.Add(world with { First = first }, "ABC"[machine] + " answers", isAsked);
    }

    // The link sees to it that its records arrive, or dies; tokens and questions may be lost.
    private void ExploreLoss(TwoMovesWorld world)
    {
        foreach (HandoverMessages lost in HandoverWorld.Losable)
        {
            if ((world.First.Wire & lost) != 0)
            {
                Passage less = world.First with { Wire = world.First.Wire & ~lost };
                space.Add(world with { First = less }, $"{lost} of the first move is lost", false);
            }
        }
    }

    // B has the node and sends it on; whoever takes it has none. Both read their records before.
    private void ExplorePairing(TwoMovesWorld world)
    {
        Berth giver = world.B;
        Berth taker = world[secondTarget];
        bool isFree = giver is { Power: Power.On, Runs: true, IsMoving: false } && !IsWriting(B, giver)
            && taker is { Power: Power.On, Runs: false, IsMoving: false } && !IsWriting(secondTarget, taker);
        if (world.Second.HasBegun || !isFree)
        {
            return;
        }

        foreach (int given in Contents(giver.Disk))
        {
            foreach (int taken in Contents(taker.Disk))
            {
                // It is shown that the records can be written, so they are known.
                Berth source = giver with
                {
                    Known = (byte)given, Disk = UInt128.One << given, Move = 2, IsMoving = true,
                    Phase = (byte)SourcePhase.Copying,
                };
                Berth target = taker with
                {
                    Known = (byte)taken, Move = 2, IsMoving = true, Phase = (byte)TargetPhase.Idle,
                };
                bool mayTake = target.State == (secondTarget == C ? None : HandoverState.Moved)
                    || (StandsByInDoubt && target.State == HandoverState.Leaving);
                if (mayTake && source.State is HandoverState.Owner or HandoverState.Settled)
                {
                    TwoMovesWorld next = world.With(B, source).With(secondTarget, target);
                    space.Add(
                        Note(next with { Second = new Passage { HasBegun = true } }), "both agree", false);
                }
            }
        }
    }

    // An operator who makes sure: the node is on none of the machines that it may have reached, and will be on none.
    private bool Sees(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        if (!HasOperator)
        {
            return false;
        }

        if (SourceOf(berth.Move) != machine)
        {
            Berth source = world[SourceOf(berth.Move)];
            return source.Power == Power.Dead
                || (source is { Power: Power.On, IsMoving: false } && source.State == HandoverState.Moved);
        }

        bool isAbsent = HasNot(world, TargetOf(berth.Move));
        return isAbsent && (berth.Move == 2 || !world.Second.HasBegun || HasNot(world, secondTarget));
    }

    private static bool HasNot(TwoMovesWorld world, int machine)
    {
        Berth berth = world[machine];
        return berth.Power == Power.Dead
            || (berth is { Power: Power.On, IsMoving: false }
                && (berth.State == HandoverState.Aborted || (berth.Known == 0 && machine != A)));
    }

    private void Step(TwoMovesWorld world, int machine, HandoverEvent what, bool isBenign)
    {
        Berth berth = world[machine];
        string how = $"{"ABC"[machine]}{berth.Move} {what}";
        bool isSource = SourceOf(berth.Move) == machine;
        HandoverMove move = isSource ? tables[berth.AsSource, what] : tables[berth.AsTarget, what];
        Passage passage = world.PassageOf(berth.Move);
        if (!isSource && what == HandoverEvent.Commit && berth.AsTarget == TargetPhase.Receiving)
        {
            berth = berth with { IsFresh = passage.IsFresh };
        }

        berth = berth with { Phase = (byte)move.Phase };
        passage = passage with
        {
            Wire = passage.Wire | (isSource ? SaidBySource(move) : SaidByTarget(move)),
            IsHeard = passage.IsHeard || (!isSource && berth.AsTarget == TargetPhase.Receiving),
        };
        world = world.With((int)berth.Move, passage);
        if (isSource)
        {
            FinishSource(world, machine, berth, move, (how, isBenign));
        }
        else
        {
            FinishTarget(world, machine, berth, move, (how, isBenign));
        }
    }

    private void FinishSource(
        TwoMovesWorld world, int machine, Berth berth, HandoverMove move, (string How, bool IsBenign) step)
    {
        if (berth.IsMoving && (move.Actions & HandoverActions.StartAnew) != 0)
        {
            space.Add(Note(world.With(machine, Off(berth))), step.How, step.IsBenign);
            return;
        }

        if (berth.AsSource == SourcePhase.Reclaimed)
        {
            berth = berth with { IsFresh = true };
        }

        if (berth.IsMoving && (move.Actions & HandoverActions.GoOn) != 0)
        {
            AddReloaded(world, machine, berth with { Runs = true }, step.How);
            return;
        }

        if (!berth.IsMoving && berth.AsSource == SourcePhase.GoesOn)
        {
            // It could not write down that it may: it goes by its record.
            berth = berth with { Phase = (byte)tables.SourceBoot[(int)berth.State] };
        }

        bool mayRun = !berth.IsMoving && berth.AsSource is SourcePhase.Returned or SourcePhase.Reclaimed;
        space.Add(
            Note(world.With(machine, berth with { Runs = berth.Runs || mayRun })), step.How, step.IsBenign);
    }

    private void FinishTarget(
        TwoMovesWorld world, int machine, Berth berth, HandoverMove move, (string How, bool IsBenign) step)
    {
        if (berth.IsMoving && (move.Actions & HandoverActions.Land) != 0)
        {
            AddReloaded(world, machine, berth with { Runs = true }, step.How);
        }
        else if (berth.AsTarget == TargetPhase.Superseded && berth.Runs)
        {
            space.Add(Note(world.With(machine, Off(berth))), step.How, step.IsBenign);
        }
        else
        {
            bool mayRun = !berth.IsMoving && berth.AsTarget == TargetPhase.Settled;
            space.Add(
                Note(world.With(machine, berth with { Runs = berth.Runs || mayRun })), step.How, step.IsBenign);
        }
    }

    private static HandoverMessages SaidBySource(HandoverMove move) =>
        Said(move, HandoverActions.SendToken, move.SaysFirst ? HandoverMessages.Settled : HandoverMessages.Reclaimed)
        | Said(move, HandoverActions.SendCommit, HandoverMessages.Commit)
        | Said(move, HandoverActions.SendAbort, HandoverMessages.SourceAborts)
        | Said(move, HandoverActions.Ask, HandoverMessages.Question);

    private static HandoverMessages SaidByTarget(HandoverMove move) =>
        Said(move, HandoverActions.SendToken, move.SaysFirst ? HandoverMessages.Run : HandoverMessages.Abort)
        | Said(move, HandoverActions.SendAbort, HandoverMessages.TargetAborts);

    private static HandoverMessages Said(HandoverMove move, HandoverActions one, HandoverMessages message) =>
        (move.Actions & one) != 0 ? message : HandoverMessages.None;

    // Where the node works it becomes newer than every copy.
    private static TwoMovesWorld Note(TwoMovesWorld world)
    {
        for (int machine = A; machine <= C; machine++)
        {
            if (!world[machine].Runs)
            {
                continue;
            }

            for (int other = A; other <= C; other++)
            {
                world = other == machine ? world : world.With(other, world[other] with { IsFresh = false });
            }

            world = world with
            {
                First = world.First with { IsFresh = false }, Second = world.Second with { IsFresh = false },
            };
        }

        return world;
    }
}
