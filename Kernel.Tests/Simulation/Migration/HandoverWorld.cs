using System;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>What may be under way between the two machines.</summary>
[Flags]
internal enum HandoverMessages
{
    None = 0,
    Commit = 1 << 0,
    SourceAborts = 1 << 1,
    TargetAborts = 1 << 2,
    Question = 1 << 3,
    Run = 1 << 4,
    Abort = 1 << 5,
    Settled = 1 << 6,
    Reclaimed = 1 << 7,
}

/// <summary>
/// One state of two machines, their disks and the wire. The wire is the set of all messages ever sent: each may arrive
/// now, later, never, twice, and in any order. A record is the set of states that its medium may hold: one after a
/// flush, more after a write that failed.
/// </summary>
internal readonly record struct HandoverWorld
{
    public SourcePhase Source { get; init; }

    public TargetPhase Target { get; init; }

    public bool SourceIsUp { get; init; }

    public bool TargetIsUp { get; init; }

    /// <summary>Never comes back.</summary>
    public bool SourceIsDead { get; init; }

    public bool TargetIsDead { get; init; }

    /// <summary>Has it forgotten the keys of the link?</summary>
    public bool TargetWasOff { get; init; }

    /// <summary>Has anything of the node arrived at the target, so that its disk says that it is receiving?</summary>
    public bool TargetHasBegun { get; init; }

    /// <summary>Has the node been stopped for the move, and nobody has let it go on?</summary>
    public bool SourceStands { get; init; }

    /// <summary>Is the node's memory, as it was at the stop, still in the machine?</summary>
    public bool SourceHasMemory { get; init; }

    public bool TargetHasMemory { get; init; }

    /// <summary>Bits of <see cref="HandoverState"/>.</summary>
    public int SourceRecord { get; init; }

    public int TargetRecord { get; init; }

    public HandoverMessages Wire { get; init; }

    /// <summary>Has the node stood still with everything given to the link?</summary>
    public bool SourceHasSent { get; init; }

    /// <summary>The verdict that an authority keeps.</summary>
    public CommitVerdict Verdict { get; init; }

    /// <summary>Has everything arrived at the target?</summary>
    public bool TargetIsComplete { get; init; }

    /// <summary>Has the node worked on at the source since everything was sent?</summary>
    public bool SourceWorked { get; init; }

    /// <summary>Has it worked at the target?</summary>
    public bool TargetWorked { get; init; }

    /// <summary>Has an operator vouched at the source?</summary>
    public bool Vouched { get; init; }

    /// <summary>What nobody sees to that it arrives; all else is the link's.</summary>
    public static readonly HandoverMessages[] Losable =
    [
        HandoverMessages.Question, HandoverMessages.Run, HandoverMessages.Abort, HandoverMessages.Settled,
        HandoverMessages.Reclaimed,
    ];

    public bool SourceRuns => SourceIsUp && !SourceStands && (Source is SourcePhase.Copying
        or SourcePhase.Rehearsed or SourcePhase.PersistingLeaving or SourcePhase.Leaving or SourcePhase.TakingBack
        or SourcePhase.GoesOn or SourcePhase.Returned or SourcePhase.Reclaimed);

    /// <summary>After a restart the store is opened only once the source, or an operator, has confirmed.</summary>
    public bool TargetRuns => TargetIsUp && (Target == TargetPhase.Settled
        || (TargetHasMemory && (Target is TargetPhase.Owner or TargetPhase.PersistingOwner
            or TargetPhase.PersistingSettled)));

    /// <summary>Could one of its disk's possible records let the store be opened?</summary>
    public bool SourceMayOpen => !SourceIsDead && Has(
        SourceRecord, HandoverState.None, HandoverState.Returned, HandoverState.Reclaimed);

    public bool TargetMayOpen => !TargetIsDead && Has(TargetRecord, HandoverState.Owner, HandoverState.Settled);

    public static bool Has(int record, params ReadOnlySpan<HandoverState> states)
    {
        foreach (HandoverState state in states)
        {
            if ((record & (1 << (int)state)) != 0)
            {
                return true;
            }
        }

        return false;
    }
}
