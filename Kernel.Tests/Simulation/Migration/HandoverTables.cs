using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Tests.Unit.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>What a machine does with one event.</summary>
/// <param name="Phase">The phase afterwards.</param>
/// <param name="Actions">What is to be done.</param>
/// <param name="SaysFirst">With <see cref="HandoverActions.SendToken"/>: is it the first of its tokens?</param>
/// <param name="Proposes">What it has proposed to the authority; undecided if it did not ask.</param>
internal readonly record struct HandoverMove(
    int Phase, HandoverActions Actions, bool SaysFirst, CommitVerdict Proposes = CommitVerdict.Undecided);

/// <summary>
/// The two machines as tables, filled by asking the real ones about every event in every phase, with every deadline
/// passed: the model lets time pass whenever it likes. A mutant is a table with a wrong entry.
/// </summary>
internal sealed class HandoverTables
{
    private static readonly int Events = Enum.GetValues<HandoverEvent>().Length;
    private static readonly (HandoverTerms Source, HandoverTerms Target) Terms = HandoverLab.Terms();
    private static readonly Instant Late = new(long.MaxValue / 4);

    private readonly HandoverMove[,] source = new HandoverMove[Enum.GetValues<SourcePhase>().Length, Events];
    private readonly HandoverMove[,] target = new HandoverMove[Enum.GetValues<TargetPhase>().Length, Events];

    /// <summary>The tables of the real machines.</summary>
    /// <param name="verdict">What an authority says whenever it is asked; null: there is none.</param>
    public HandoverTables(CommitVerdict? verdict = null)
    {
        HasAuthority = verdict is not null;
        Oracle? oracle = verdict is CommitVerdict answer ? new Oracle(answer) : null;
        (HandoverTerms sourceTerms, HandoverTerms targetTerms) = Terms;
        foreach (HandoverEvent what in Enum.GetValues<HandoverEvent>())
        {
            foreach (SourcePhase phase in Enum.GetValues<SourcePhase>())
            {
                SourceHandover machine = new(sourceTerms, oracle) { Phase = phase };
                HandoverActions actions = machine.Step(what, Late);
                bool first = machine.TokenToSend.SequenceEqual(sourceTerms.FirstToken);
                source[(int)phase, (int)what] =
                    new HandoverMove((int)machine.Phase, actions, first, Oracle.TakeWanted(oracle));
            }

            foreach (TargetPhase phase in Enum.GetValues<TargetPhase>())
            {
                TargetHandover machine = new(targetTerms, oracle) { Phase = phase };
                HandoverActions actions = machine.Step(what, Late);
                bool first = machine.TokenToSend.SequenceEqual(targetTerms.FirstToken);
                target[(int)phase, (int)what] =
                    new HandoverMove((int)machine.Phase, actions, first, Oracle.TakeWanted(oracle));
            }
        }

        foreach (HandoverState state in Enum.GetValues<HandoverState>())
        {
            HandoverRecord record = new();
            if (state is HandoverState.Leaving or HandoverState.Moved or HandoverState.Returned
                or HandoverState.Reclaimed)
            {
                record.Enter(state, sourceTerms);
                SourceBoot[(int)state] = SourceHandover.Continue(record, default).Phase;
            }
            else if (state != HandoverState.None)
            {
                record.Enter(state, targetTerms);
                TargetBoot[(int)state] = TargetHandover.Continue(record, default).Phase;
            }
        }

        // A disk that was never in a move: whoever opens its store runs the node.
        SourceBoot[(int)HandoverState.None] = SourcePhase.GoesOn;
        TargetBoot[(int)HandoverState.None] = TargetPhase.Idle;
    }

    /// <summary>Is there an authority?</summary>
    public bool HasAuthority { get; }

    /// <summary>The phase in which the source begins when it is switched on with a record in this state.</summary>
    public SourcePhase[] SourceBoot { get; } = new SourcePhase[10];

    /// <summary>The same of the target.</summary>
    public TargetPhase[] TargetBoot { get; } = new TargetPhase[10];

    /// <summary>Does a target that was switched on in the middle of a move give it up?</summary>
    public bool GivesUpAfterRestart { get; set; } = true;

    public ref HandoverMove this[SourcePhase phase, HandoverEvent what] => ref source[(int)phase, (int)what];

    public ref HandoverMove this[TargetPhase phase, HandoverEvent what] => ref target[(int)phase, (int)what];

    /// <summary>What the source writes in a phase in which it writes.</summary>
    public static HandoverState PendingOf(SourcePhase phase) => new SourceHandover(Terms.Source) { Phase = phase }
        .ToPersist;

    /// <summary>What the target writes in a phase in which it writes.</summary>
    public static HandoverState PendingOf(TargetPhase phase) => new TargetHandover(Terms.Target) { Phase = phase }
        .ToPersist;

    /// <summary>Makes one entry of the source wrong.</summary>
    public void Change(SourcePhase phase, HandoverEvent what, SourcePhase to, HandoverActions actions) =>
        this[phase, what] = new HandoverMove((int)to, actions, to != SourcePhase.Reclaimed);

    /// <summary>Makes one entry of the target wrong.</summary>
    public void Change(TargetPhase phase, HandoverEvent what, TargetPhase to, HandoverActions actions) =>
        this[phase, what] = new HandoverMove((int)to, actions, to != TargetPhase.Aborted);

    /// <summary>Says always the same, and notes what was wanted.</summary>
    private sealed class Oracle(CommitVerdict answer) : ICommitAuthority
    {
        private CommitVerdict wanted;

        public static CommitVerdict TakeWanted(Oracle? oracle)
        {
            CommitVerdict taken = oracle?.wanted ?? CommitVerdict.Undecided;
            if (oracle is not null)
            {
                oracle.wanted = CommitVerdict.Undecided;
            }

            return taken;
        }

        public CommitVerdict Propose(ReadOnlySpan<byte> id, CommitVerdict proposed)
        {
            wanted = proposed;
            return answer;
        }
    }
}
