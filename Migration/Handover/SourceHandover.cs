using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>Where the machine that the node leaves stands.</summary>
public enum SourcePhase
{
    /// <summary>Pages are copied; the node runs, or has just been stopped. Nothing binds it.</summary>
    Copying,

    /// <summary>
    /// The same, and the target has said that it could land: so it has written that a node arrives, and a source that
    /// is restarted from here on will be answered. Only now may the node leave.
    /// </summary>
    Rehearsed,

    /// <summary>The record is written that says that the node leaves.</summary>
    PersistingLeaving,

    /// <summary>
    /// The record says that the node leaves, but the target was not told, so it cannot have it. The node runs, or has
    /// just been stopped. A restart from here has to ask the target; until then it can be taken back.
    /// </summary>
    Leaving,

    /// <summary>The node does not leave after all: the record that may say so is taken back.</summary>
    TakingBack,

    /// <summary>The target was told, or may have been, that the node is its: only it knows the end.</summary>
    Fenced,

    /// <summary>The target runs the node; the record is written that says so.</summary>
    PersistingMoved,

    /// <summary>The target has given up; the record is written that says so.</summary>
    PersistingReturned,

    /// <summary>An operator has vouched for the target; the record is written that says so.</summary>
    PersistingReclaimed,

    /// <summary>The node is elsewhere for good.</summary>
    Moved,

    /// <summary>The same, but the record still says that nobody knows.</summary>
    MovedUnwritten,

    /// <summary>The node goes on here; it was never given away.</summary>
    GoesOn,

    /// <summary>The node goes on here; the target has given up.</summary>
    Returned,

    /// <summary>The node goes on here by the word of an operator.</summary>
    Reclaimed,
}

/// <summary>
/// The side of a hand-over that the node leaves. A state machine without any I/O: it is told what happened and says
/// what is to be done. From the moment at which the target is told to take the node it is fenced: it neither runs the
/// node nor gives it up until the target's token says which. Its record says <see cref="HandoverState.Leaving"/> before
/// that. <see cref="Step"/> allocates nothing.
/// </summary>
public sealed class SourceHandover
{
    private readonly ICommitAuthority? authority;
    private Instant deadline;
    private Instant fencedAt;
    private int askInterval = HandoverTiming.AskFirstMilliseconds;

    /// <summary>A hand-over that begins: pages are being copied.</summary>
    /// <param name="terms">What was agreed on.</param>
    /// <param name="authority">Who decides; null: the target's record.</param>
    public SourceHandover(HandoverTerms terms, ICommitAuthority? authority = null)
    {
        Terms = terms;
        this.authority = authority;
        // Everything that is called while the node stands still has been called before.
        Recognise(terms.FirstToken);
    }

    /// <summary>What was agreed on.</summary>
    public HandoverTerms Terms { get; }

    /// <summary>Where it stands.</summary>
    public SourcePhase Phase { get; internal set; }

    /// <summary>Must the node neither run here nor be given up?</summary>
    public bool IsFenced => Phase is SourcePhase.Fenced or SourcePhase.PersistingMoved
        or SourcePhase.PersistingReturned or SourcePhase.PersistingReclaimed;

    /// <summary>How it ended, as its record has it, for whoever has no disk to write it on.</summary>
    public HandoverState End => Phase switch
    {
        SourcePhase.Returned => HandoverState.Returned,
        SourcePhase.Reclaimed => HandoverState.Reclaimed,
        _ => HandoverState.None,
    };

    /// <summary>With <see cref="HandoverActions.Persist"/>: the state to write.</summary>
    public HandoverState ToPersist => Phase switch
    {
        SourcePhase.PersistingLeaving => HandoverState.Leaving,
        SourcePhase.PersistingMoved => HandoverState.Moved,
        SourcePhase.PersistingReclaimed => HandoverState.Reclaimed,
        _ => HandoverState.Returned,
    };

    /// <summary>With <see cref="HandoverActions.SendToken"/>: the token.</summary>
    public ReadOnlySpan<byte> TokenToSend =>
        Phase == SourcePhase.Reclaimed ? Terms.SecondToken : Terms.FirstToken;

    /// <summary>A machine that was switched on with a record of a hand-over that it was the source of.</summary>
    public static SourceHandover Continue(HandoverRecord record, Instant now, ICommitAuthority? authority = null) =>
        new(record.Terms.Copy(), authority)
        {
            Phase = record.State switch
            {
                HandoverState.Leaving => SourcePhase.Fenced,
                HandoverState.Moved => SourcePhase.Moved,
                HandoverState.Reclaimed => SourcePhase.Reclaimed,
                _ => SourcePhase.Returned,
            },
            deadline = now,
            fencedAt = now,
        };

    /// <summary>Has the target not said for so long how it ended that an operator should know?</summary>
    public bool IsInDoubt(Instant now) =>
        Phase == SourcePhase.Fenced && now >= fencedAt.AddMilliseconds(HandoverTiming.DoubtMilliseconds);

    /// <summary>What a token frame of this session tells.</summary>
    public HandoverEvent Recognise(ReadOnlySpan<byte> token) => Terms.Recognise(token) switch
    {
        1 => HandoverEvent.RunToken,
        2 => HandoverEvent.AbortToken,
        _ => HandoverEvent.Asked,
    };

    /// <summary>Goes on by one event.</summary>
    public HandoverActions Step(HandoverEvent what, Instant now) => Phase switch
    {
        SourcePhase.Copying or SourcePhase.Rehearsed => StepCopying(what),
        SourcePhase.PersistingLeaving => StepPersistingLeaving(what),
        SourcePhase.Leaving => StepLeaving(what, now),
        SourcePhase.Fenced => StepFenced(what, now),
        SourcePhase.TakingBack when IsWritten(what) =>
            Become(SourcePhase.GoesOn, HandoverActions.SendAbort | HandoverActions.GoOn),
        SourcePhase.PersistingMoved when what == HandoverEvent.Persisted =>
            Become(SourcePhase.Moved, HandoverActions.SendToken | HandoverActions.StartAnew),
        SourcePhase.PersistingMoved when what == HandoverEvent.PersistFailed =>
            BecomeMovedUnwritten(now),
        SourcePhase.MovedUnwritten when what == HandoverEvent.Tick && now >= deadline =>
            Become(SourcePhase.PersistingMoved, HandoverActions.Persist),
        SourcePhase.PersistingReturned when what == HandoverEvent.Persisted =>
            Become(SourcePhase.Returned, HandoverActions.SendToken | HandoverActions.GoOn),
        // The target keeps its answer, because it is not told that it may forget it.
        SourcePhase.PersistingReturned when what == HandoverEvent.PersistFailed =>
            Become(SourcePhase.GoesOn, HandoverActions.GoOn),
        SourcePhase.PersistingReclaimed when what == HandoverEvent.Persisted =>
            Become(SourcePhase.Reclaimed, HandoverActions.SendToken | HandoverActions.GoOn),
        // A word that is not written down would be forgotten by a restart, which would ask the target again.
        SourcePhase.PersistingReclaimed when what == HandoverEvent.PersistFailed =>
            Become(SourcePhase.Fenced, HandoverActions.None),
        SourcePhase.Moved or SourcePhase.Returned or SourcePhase.Reclaimed when IsFrame(what) =>
            HandoverActions.SendToken,
        _ => HandoverActions.None,
    };

    private static bool IsWritten(HandoverEvent what) =>
        what is HandoverEvent.Persisted or HandoverEvent.PersistFailed;

    private static bool IsEndOfMove(HandoverEvent what) => what is HandoverEvent.Cancel or HandoverEvent.PeerAborts
        or HandoverEvent.LinkDead or HandoverEvent.AbortToken;

    private static bool IsFrame(HandoverEvent what) =>
        what is HandoverEvent.Asked or HandoverEvent.RunToken or HandoverEvent.AbortToken;

    // Nothing binds the node: whatever goes wrong, it goes on. The target cannot take it without the commit. Who was to
    // leave a target of which nothing was heard stays.
    private HandoverActions StepCopying(HandoverEvent what) => what switch
    {
        HandoverEvent.Rehearsed => Become(SourcePhase.Rehearsed, HandoverActions.None),
        HandoverEvent.Leave when Phase == SourcePhase.Rehearsed =>
            Become(SourcePhase.PersistingLeaving, HandoverActions.Persist),
        _ when what == HandoverEvent.Leave || IsEndOfMove(what) =>
            Become(SourcePhase.GoesOn, HandoverActions.SendAbort | HandoverActions.GoOn),
        _ => HandoverActions.None,
    };

    private HandoverActions StepPersistingLeaving(HandoverEvent what) => what switch
    {
        HandoverEvent.Persisted => Become(SourcePhase.Leaving, HandoverActions.None),
        HandoverEvent.PersistFailed => Become(SourcePhase.TakingBack, HandoverActions.Persist),
        _ => HandoverActions.None,
    };

    // Still nothing binds it but its record.
    private HandoverActions StepLeaving(HandoverEvent what, Instant now)
    {
        if (what != HandoverEvent.AllSent)
        {
            return IsEndOfMove(what)
                ? Become(SourcePhase.TakingBack, HandoverActions.Persist)
                : HandoverActions.None;
        }

        fencedAt = now;
        deadline = now.AddMilliseconds(askInterval);
        return Become(SourcePhase.Fenced, HandoverActions.SendCommit);
    }

    private HandoverActions StepFenced(HandoverEvent what, Instant now)
    {
        switch (what)
        {
            case HandoverEvent.RunToken:
                return Become(SourcePhase.PersistingMoved, HandoverActions.Persist);
            case HandoverEvent.AbortToken:
                return Become(SourcePhase.PersistingReturned, HandoverActions.Persist);
            case HandoverEvent.Vouched:
                return Become(SourcePhase.PersistingReclaimed, HandoverActions.Persist);
            case HandoverEvent.Tick when now >= deadline:
                deadline = now.AddMilliseconds(askInterval);
                askInterval = Math.Min(askInterval * 2, HandoverTiming.AskMostMilliseconds);
                return AskAuthority(now);
            default:
                return HandoverActions.None;
        }
    }

    // Only once the target has had the time to decide: this wants the move to be off.
    private HandoverActions AskAuthority(Instant now)
    {
        CommitVerdict verdict = authority is null || !IsInDoubt(now)
            ? CommitVerdict.Undecided
            : authority.Propose(Terms.Id, CommitVerdict.Abort);
        return verdict switch
        {
            CommitVerdict.Run => Become(SourcePhase.PersistingMoved, HandoverActions.Persist),
            CommitVerdict.Abort => Become(SourcePhase.PersistingReturned, HandoverActions.Persist),
            _ => HandoverActions.Ask,
        };
    }

    private HandoverActions BecomeMovedUnwritten(Instant now)
    {
        deadline = now.AddMilliseconds(HandoverTiming.RetryMilliseconds);
        return Become(SourcePhase.MovedUnwritten, HandoverActions.StartAnew);
    }

    private HandoverActions Become(SourcePhase phase, HandoverActions actions)
    {
        Phase = phase;
        return actions;
    }
}
