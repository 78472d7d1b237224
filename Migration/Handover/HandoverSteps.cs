using System;

namespace HaukiOS.Migration;

/// <summary>What happens to one side of a hand-over.</summary>
public enum HandoverEvent
{
    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>Target: before the first block of the disk is written.</summary>
    Begin,

    /// <summary>Source: the target has said over the link that the node could land there.</summary>
    Rehearsed,

    /// <summary>
    /// Source: the record is to be written that says that the node leaves. The node may still run meanwhile. Before
    /// <see cref="Rehearsed"/> it is as good as <see cref="Cancel"/>.
    /// </summary>
    Leave,

    /// <summary>
    /// Source: the node stands still, and the link has everything that the target needs, and room for the commit.
    /// </summary>
    AllSent,

    /// <summary>
    /// Target: the source has said over the link that the node is the target's, everything is here, and the disk has
    /// flushed it. If anything is missing, it is <see cref="Cancel"/> instead.
    /// </summary>
    Commit,

    /// <summary>The other side has said over the link that the move is off.</summary>
    PeerAborts,

    /// <summary>The link to the other side is dead.</summary>
    LinkDead,

    /// <summary>This side wants the move to be off: an operator, or a failure.</summary>
    Cancel,

    /// <summary>What was to be written is on the medium. Without a disk: at once.</summary>
    Persisted,

    /// <summary>What was to be written may be on the medium or not.</summary>
    PersistFailed,

    /// <summary>A frame of this session came that tells nothing, but whose sender wants to know.</summary>
    Asked,

    /// <summary>Source: the token came that lets it go.</summary>
    RunToken,

    /// <summary>Source: the token came that lets it go on.</summary>
    AbortToken,

    /// <summary>Target: the source's token came that says that it knows how the move ended.</summary>
    SettledToken,

    /// <summary>Target: the source's token came that says that an operator has resumed the node there.</summary>
    ReclaimedToken,

    /// <summary>An operator vouches that the node does not run on the other machine and will not.</summary>
    Vouched,
}

/// <summary>What is to be done after a step, in this order.</summary>
[Flags]
public enum HandoverActions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// Write the record in the state that the machine names, flush, and step with how it ended. Comes alone.
    /// </summary>
    Persist = 1 << 0,

    /// <summary>Tell the target over the link that this was all, and that the node is its.</summary>
    SendCommit = 1 << 1,

    /// <summary>Tell the other side over the link that the move is off, if the link still works.</summary>
    SendAbort = 1 << 2,

    /// <summary>Send a token frame with the token that the machine names.</summary>
    SendToken = 1 << 3,

    /// <summary>Send a token frame without a token: ask the target how it ended.</summary>
    Ask = 1 << 4,

    /// <summary>Source: the node goes on here.</summary>
    GoOn = 1 << 5,

    /// <summary>Source: the node is gone; this machine starts anew.</summary>
    StartAnew = 1 << 6,

    /// <summary>Target: the node is here; let it run.</summary>
    Land = 1 << 7,
}

/// <summary>How long each side waits.</summary>
public static class HandoverTiming
{
    /// <summary>Source, in doubt: its first question to the target; each interval is twice the one before.</summary>
    public const int AskFirstMilliseconds = 20;

    /// <summary>The longest interval between two questions, and between two tokens that nobody has asked for.</summary>
    public const int AskMostMilliseconds = 1000;

    /// <summary>Source: how long without an answer until people are told that it is in doubt.</summary>
    public const int DoubtMilliseconds = 3000;

    /// <summary>Target: how often a write is tried again without which it must not say anything.</summary>
    public const int RetryMilliseconds = 1000;
}

/// <summary>How a hand-over ended, or that it has not.</summary>
public enum CommitVerdict
{
    /// <summary>Not known yet: ask again.</summary>
    Undecided,

    /// <summary>The target runs the node.</summary>
    Run,

    /// <summary>The source goes on.</summary>
    Abort,
}

/// <summary>
/// Who decides a hand-over. Without one it is the target's own disk. With one (a quorum of nodes) the first verdict
/// proposed for a hand-over stands, and everybody who proposes later is told that one; so a source in doubt can ask it,
/// too, when the target is gone.
/// </summary>
public interface ICommitAuthority
{
    /// <summary>Proposes a verdict, or asks again for the one that stands.</summary>
    /// <param name="id">The hand-over.</param>
    /// <param name="wanted">Run or abort.</param>
    CommitVerdict Propose(ReadOnlySpan<byte> id, CommitVerdict wanted);
}
