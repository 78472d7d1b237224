using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>Where the machine at which the node arrives stands.</summary>
public enum TargetPhase
{
    /// <summary>Nothing of the disk has been touched.</summary>
    Idle,

    /// <summary>The record is written that says that a node arrives.</summary>
    PersistingReceiving,

    /// <summary>That record could not be written: the move is refused.</summary>
    Refused,

    /// <summary>Pages and blocks arrive.</summary>
    Receiving,

    /// <summary>Everything is here, and the source has let go; the authority is asked.</summary>
    AskingToRun,

    /// <summary>The record is written that decides the move.</summary>
    PersistingOwner,

    /// <summary>The node is here. The source may not know it yet.</summary>
    Owner,

    /// <summary>The source knows it; the record is written that says so.</summary>
    PersistingSettled,

    /// <summary>The node is here, and nobody else believes it to be elsewhere.</summary>
    Settled,

    /// <summary>An operator has resumed the node at its source; the record is written that says so.</summary>
    PersistingSuperseded,

    /// <summary>The node was here and is now at its source.</summary>
    Superseded,

    /// <summary>This side gives up; the authority is asked.</summary>
    AskingToAbort,

    /// <summary>The record is written that says that the move is off.</summary>
    PersistingAborted,

    /// <summary>
    /// The same, after a failure to write the record that decides the move: that one may be on the medium, so nothing
    /// may be said until this one is.
    /// </summary>
    PersistingWithdrawal,

    /// <summary>Neither record could be written. The source stays in doubt until one is, or a restart.</summary>
    Stuck,

    /// <summary>The node goes on at its source.</summary>
    Aborted,
}

/// <summary>
/// The side of a hand-over at which the node arrives, and which decides it: the node is here as soon as its record says
/// <see cref="HandoverState.Owner"/>. A state machine without any I/O. Until the decision it may give up on its own at
/// any time, even after the source has let go; afterwards it shows the token that tells the source.
/// </summary>
public sealed class TargetHandover
{
    private readonly ICommitAuthority? authority;
    private Instant deadline;

    /// <summary>A hand-over that begins; the first event is <see cref="HandoverEvent.Begin"/>.</summary>
    /// <param name="terms">What was agreed on.</param>
    /// <param name="authority">Who decides; null: this machine's own record.</param>
    public TargetHandover(HandoverTerms terms, ICommitAuthority? authority = null)
    {
        Terms = terms;
        this.authority = authority;
    }

    /// <summary>What was agreed on.</summary>
    public HandoverTerms Terms { get; }

    /// <summary>Where it stands.</summary>
    public TargetPhase Phase { get; internal set; }

    /// <summary>How it ended, as its record has it, for whoever has no disk to write it on.</summary>
    public HandoverState End => Phase == TargetPhase.Aborted ? HandoverState.Aborted : HandoverState.None;

    /// <summary>With <see cref="HandoverActions.Persist"/>: the state to write.</summary>
    public HandoverState ToPersist => Phase switch
    {
        TargetPhase.PersistingReceiving => HandoverState.Receiving,
        TargetPhase.PersistingOwner => HandoverState.Owner,
        TargetPhase.PersistingSettled => HandoverState.Settled,
        TargetPhase.PersistingSuperseded => HandoverState.Superseded,
        _ => HandoverState.Aborted,
    };

    /// <summary>With <see cref="HandoverActions.SendToken"/>: the token.</summary>
    public ReadOnlySpan<byte> TokenToSend => Phase == TargetPhase.Aborted ? Terms.SecondToken : Terms.FirstToken;

    /// <summary>
    /// A machine that was switched on, or on which a node has landed, with a record of a hand-over that it was the
    /// target of. One that was still receiving gives up at the first step.
    /// </summary>
    public static TargetHandover Continue(HandoverRecord record, Instant now, ICommitAuthority? authority = null) =>
        new(record.Terms.Copy(), authority)
        {
            Phase = record.State switch
            {
                HandoverState.Owner => TargetPhase.Owner,
                HandoverState.Settled => TargetPhase.Settled,
                HandoverState.Superseded => TargetPhase.Superseded,
                HandoverState.Aborted => TargetPhase.Aborted,
                _ => TargetPhase.Receiving,
            },
            deadline = now,
        };

    /// <summary>What a token frame of this session tells.</summary>
    public HandoverEvent Recognise(ReadOnlySpan<byte> token) => Terms.Recognise(token) switch
    {
        1 => HandoverEvent.SettledToken,
        2 => HandoverEvent.ReclaimedToken,
        _ => HandoverEvent.Asked,
    };

    /// <summary>Goes on by one event.</summary>
    public HandoverActions Step(HandoverEvent what, Instant now) => Phase switch
    {
        TargetPhase.Idle when what == HandoverEvent.Begin =>
            Become(TargetPhase.PersistingReceiving, HandoverActions.Persist),
        TargetPhase.PersistingReceiving when what == HandoverEvent.Persisted =>
            Become(TargetPhase.Receiving, HandoverActions.None),
        TargetPhase.PersistingReceiving when what == HandoverEvent.PersistFailed =>
            Become(TargetPhase.Refused, HandoverActions.SendAbort),
        TargetPhase.Receiving => StepReceiving(what),
        TargetPhase.AskingToRun or TargetPhase.AskingToAbort when what == HandoverEvent.Tick => Propose(),
        TargetPhase.PersistingOwner when what == HandoverEvent.Persisted => BecomeOwner(now),
        TargetPhase.PersistingOwner when what == HandoverEvent.PersistFailed => WithdrawOrInsist(now),
        TargetPhase.PersistingAborted when what is HandoverEvent.Persisted or HandoverEvent.PersistFailed =>
            // Until it decided otherwise this record means the same: it may be told even if it could not be written.
            Become(TargetPhase.Aborted, HandoverActions.SendAbort | HandoverActions.SendToken),
        TargetPhase.PersistingWithdrawal when what == HandoverEvent.Persisted =>
            Become(TargetPhase.Aborted, HandoverActions.SendAbort | HandoverActions.SendToken),
        TargetPhase.PersistingWithdrawal when what == HandoverEvent.PersistFailed => BecomeStuck(now),
        TargetPhase.Stuck when what == HandoverEvent.Tick && now >= deadline => Retry(),
        TargetPhase.Aborted when what is HandoverEvent.Asked => HandoverActions.SendToken,
        TargetPhase.Owner => StepOwner(what, now),
        TargetPhase.PersistingSettled when what == HandoverEvent.Persisted =>
            Become(TargetPhase.Settled, HandoverActions.None),
        TargetPhase.PersistingSettled when what == HandoverEvent.PersistFailed =>
            Become(TargetPhase.Owner, HandoverActions.None),
        TargetPhase.PersistingSuperseded when what is HandoverEvent.Persisted or HandoverEvent.PersistFailed =>
            Become(TargetPhase.Superseded, HandoverActions.None),
        // The source asks: an operator has vouched for it here, and was wrong about it there.
        TargetPhase.Settled when what == HandoverEvent.Asked => HandoverActions.SendToken,
        _ => HandoverActions.None,
    };

    // A question is not answered: a source asks while its last pages may still be under way. One that has forgotten the
    // link lets it die.
    private HandoverActions StepReceiving(HandoverEvent what)
    {
        switch (what)
        {
            case HandoverEvent.Commit:
                Phase = TargetPhase.AskingToRun;
                return Propose();
            case HandoverEvent.Cancel or HandoverEvent.PeerAborts or HandoverEvent.LinkDead:
            case HandoverEvent.ReclaimedToken:
                Phase = TargetPhase.AskingToAbort;
                return Propose();
            default:
                return HandoverActions.None;
        }
    }

    private HandoverActions Propose()
    {
        CommitVerdict wanted = Phase == TargetPhase.AskingToRun ? CommitVerdict.Run : CommitVerdict.Abort;
        CommitVerdict verdict = authority is null ? wanted : authority.Propose(Terms.Id, wanted);
        return verdict switch
        {
            CommitVerdict.Run => Become(TargetPhase.PersistingOwner, HandoverActions.Persist),
            CommitVerdict.Abort => Become(TargetPhase.PersistingAborted, HandoverActions.Persist),
            _ => HandoverActions.None,
        };
    }

    private HandoverActions BecomeOwner(Instant now)
    {
        deadline = now.AddMilliseconds(HandoverTiming.AskMostMilliseconds);
        return Become(TargetPhase.Owner, HandoverActions.SendToken | HandoverActions.Land);
    }

    // With an authority the decision has been taken, and the record only has to catch up.
    private HandoverActions WithdrawOrInsist(Instant now) => authority is null
        ? Become(TargetPhase.PersistingWithdrawal, HandoverActions.Persist)
        : BecomeStuck(now);

    private HandoverActions BecomeStuck(Instant now)
    {
        deadline = now.AddMilliseconds(HandoverTiming.RetryMilliseconds);
        return Become(TargetPhase.Stuck, HandoverActions.None);
    }

    private HandoverActions Retry() => Become(
        authority is null ? TargetPhase.PersistingWithdrawal : TargetPhase.PersistingOwner, HandoverActions.Persist);

    private HandoverActions StepOwner(HandoverEvent what, Instant now)
    {
        switch (what)
        {
            case HandoverEvent.SettledToken or HandoverEvent.Vouched:
                return Become(TargetPhase.PersistingSettled, HandoverActions.Persist);
            case HandoverEvent.ReclaimedToken:
                return Become(TargetPhase.PersistingSuperseded, HandoverActions.Persist);
            case HandoverEvent.Tick when now >= deadline:
                deadline = now.AddMilliseconds(HandoverTiming.AskMostMilliseconds);
                return HandoverActions.SendToken;
            case HandoverEvent.Asked:
                return HandoverActions.SendToken;
            default:
                return HandoverActions.None;
        }
    }

    private HandoverActions Become(TargetPhase phase, HandoverActions actions)
    {
        Phase = phase;
        return actions;
    }
}
