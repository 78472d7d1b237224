using System;
using HaukiOS.Net;

namespace HaukiOS.Hardware;

/// <summary>How far a move, or the wait for one, has come.</summary>
public enum MovePhase
{
    /// <summary>Nothing is under way, and nothing was since power-on.</summary>
    Idle,

    /// <summary>Source: looks for the target and proves itself to it.</summary>
    Connecting,

    /// <summary>Source: copies memory and disk while the node works on.</summary>
    Copying,

    /// <summary>Source: the node stands still; the last pages and the processor's state are sent.</summary>
    Stopped,

    /// <summary>Here: the node has arrived on this machine by its last move.</summary>
    Landed,

    /// <summary>Source: the move has failed or was given up; the node works on here.</summary>
    Failed,

    /// <summary>Target: waits for a node.</summary>
    StandingBy,

    /// <summary>Target: a node's pages arrive.</summary>
    Receiving,
}

/// <summary>Figures of a move. Zero where they are not known.</summary>
public record struct MoveStatus
{
    /// <summary>How far it has come.</summary>
    public MovePhase Phase { get; set; }

    /// <summary>Round of pre-copy, from 1.</summary>
    public int Round { get; set; }

    /// <summary>Pages still to be sent in this round.</summary>
    public int PagesLeft { get; set; }

    /// <summary>Pages sent so far, those sent again included.</summary>
    public long PagesSent { get; set; }

    /// <summary>Bytes on the wire so far, headers included.</summary>
    public long BytesSent { get; set; }

    /// <summary>Sectors of the disk sent so far.</summary>
    public long SectorsSent { get; set; }

    /// <summary>Measured speed, in bytes on the wire per second.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>Pages that the node writes to, per second.</summary>
    public long DirtyPagesPerSecond { get; set; }

    /// <summary>How long the node would stand still if it were stopped now, in ms, rounded up.</summary>
    public int EstimatedDowntimeMs { get; set; }

    /// <summary>Percent of its turns that the background worker gets; less than 100 when it is slowed down.</summary>
    public int WorkerShare { get; set; }

    /// <summary>How long the node stood still, in microseconds; after the move.</summary>
    public long DowntimeMicroseconds { get; set; }

    /// <summary>How long all of it took, in ms; after the move.</summary>
    public long TotalMs { get; set; }

    /// <summary>Why it failed, in a sentence; null otherwise.</summary>
    public string? Problem { get; set; }
}

/// <summary>What an operator wants moved where.</summary>
/// <param name="Target">The address of the machine that stands by.</param>
/// <param name="Code">The pairing code that it showed; null if it knows this node's key.</param>
public sealed record MoveOrder(Ipv4Address Target, string? Code)
{
    /// <summary>How long the node may stand still, in ms.</summary>
    public int DowntimeMs { get; init; } = 30;
}

/// <summary>
/// Moves the node to another machine, or waits for one here. What the console and the remote operator know of moves.
/// </summary>
public interface ITeleporter
{
    /// <summary>Grows whenever <see cref="Status"/> has changed.</summary>
    int Version { get; }

    /// <summary>How far it has come.</summary>
    MoveStatus Status { get; }

    /// <summary>Starts a move.</summary>
    /// <returns>Null when it has started; otherwise why not, in a sentence.</returns>
    string? Begin(MoveOrder order, Instant now);

    /// <summary>Gives the move up; the node works on here. Without effect once the node stands still.</summary>
    void Cancel();

    /// <summary>Does the disk hold what would be lost for good if a node arrived?</summary>
    bool WouldOverwrite { get; }

    /// <summary>Has the operator agreed that it may be lost?</summary>
    bool MayOverwrite { get; set; }

    /// <summary>Waits for a node to arrive on this machine.</summary>
    /// <param name="code">The pairing code that its operator has to type there; null if none is needed.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>Null when it waits; otherwise why not, in a sentence.</returns>
    string? StandBy(out string? code, Instant now);

    /// <summary>Waits no longer; what has arrived so far is forgotten.</summary>
    void EndStandBy();
}
