using System;

namespace HaukiOS.Migration;

/// <summary>What to do at the end of a round.</summary>
internal enum RoundVerdict
{
    /// <summary>Another round.</summary>
    Again,

    /// <summary>Stop the node: what is left takes no longer than it may.</summary>
    Stop,

    /// <summary>Stop the node although it will stand still longer than wished: waiting would not help.</summary>
    StopLate,
}

/// <summary>
/// Decides when pre-copying ends (Clark and others, Live Migration of Virtual Machines, NSDI 2005, section 3.3). After
/// every round it estimates how long the node would stand still; rounds that bring no progress slow the background
/// worker down, step by step, until they do. In the end the worker waits for the rest of the move: then only the loop
/// writes to memory, which answers the console and the network but dirties little. So this ends.
/// </summary>
internal sealed class PreCopyPolicy
{
    /// <summary>Rounds after which the node is stopped in any case.</summary>
    public const int RoundsMax = 40;

    /// <summary>The slowest that the worker is made, in percent: it waits.</summary>
    public const int ShareMin = 0;

    // A worker with a smaller share than that writes as much between two rounds as one with a larger share.
    private const int SmallestTurn = 10;

    // A round has brought progress if it leaves less than so many tenths of what the best one before it has left.
    private const int ProgressTenths = 9;
    private const int RoundsAtMinimum = 2;

    private readonly long targetNanoseconds;
    private readonly DowntimeModel model;
    private long best = long.MaxValue;
    private int roundsAtMinimum;

    /// <summary>A policy for one move.</summary>
    /// <param name="downtimeMs">How long the node may stand still.</param>
    /// <param name="model">What is known of earlier moves.</param>
    public PreCopyPolicy(int downtimeMs, DowntimeModel model)
    {
        targetNanoseconds = downtimeMs * 1_000_000L;
        this.model = model;
    }

    /// <summary>Percent of its turns that the worker gets in the next round.</summary>
    public int WorkerShare { get; private set; } = 100;

    /// <summary>The last estimate, in nanoseconds; 0 while nothing is known.</summary>
    public long Estimate { get; private set; }

    /// <summary>Is that more than what may be left when the node is stopped?</summary>
    /// <param name="nanosecondsLeft">How long it will take to send it; 0 if nothing was measured yet.</param>
    public bool IsTooLong(long nanosecondsLeft)
    {
        Estimate = nanosecondsLeft > 0 ? model.FixedNanoseconds + nanosecondsLeft : 0;
        return Estimate == 0 || Estimate > targetNanoseconds;
    }

    /// <summary>A round has ended.</summary>
    /// <param name="round">Its number, from 1.</param>
    /// <param name="nanosecondsLeft">
    /// How long it will take to send what was written meanwhile; 0 if nothing was measured yet.
    /// </param>
    public RoundVerdict Judge(int round, long nanosecondsLeft)
    {
        if (!IsTooLong(nanosecondsLeft))
        {
            return RoundVerdict.Stop;
        }

        if (nanosecondsLeft == 0 && round < RoundsMax)
        {
            return RoundVerdict.Again; // no round can be judged by what is not known
        }

        bool isProgress = best == long.MaxValue || nanosecondsLeft < best / 10 * ProgressTenths;
        best = Math.Min(best, nanosecondsLeft);
        roundsAtMinimum += WorkerShare == ShareMin ? 1 : 0;
        if (round >= RoundsMax || (roundsAtMinimum >= RoundsAtMinimum && !isProgress))
        {
            return RoundVerdict.StopLate;
        }

        if (!isProgress)
        {
            WorkerShare = WorkerShare > SmallestTurn ? WorkerShare / 4 : ShareMin;
        }

        return RoundVerdict.Again;
    }
}
