using System;

namespace HaukiOS.Migration;

/// <summary>The smoothed round-trip time and what follows from it (RFC 6298, section 2). Nanoseconds.</summary>
internal struct RoundTrip
{
    // Before the first measurement; and what a loop may take before it looks at its card.
    private const long First = 20_000_000;
    private const long Slack = 3_000_000;
    private const long Longest = 250_000_000;
    private const int BackOffMax = 5;

    private long smoothed;
    private long variation;
    private long least;

    /// <summary>The smoothed time; 0 before the first measurement.</summary>
    public readonly long Smoothed => smoothed;

    /// <summary>The shortest ever: what the wire takes when nothing waits; 0 before the first measurement.</summary>
    public readonly long Least => least;

    /// <summary>Takes a measurement into account.</summary>
    public void Measure(long time)
    {
        time = Math.Max(time, 1);
        least = least == 0 ? time : Math.Min(least, time);
        if (smoothed == 0)
        {
            smoothed = time;
            variation = time / 2;
            return;
        }

        variation += (Math.Abs(smoothed - time) - variation) / 4;
        smoothed += (time - smoothed) / 8;
    }

    /// <summary>How long to wait for a sign of the peer.</summary>
    /// <param name="silences">How often that was in vain.</param>
    public readonly long Patience(int silences)
    {
        long patience = smoothed == 0 ? First : smoothed + (4 * variation) + Slack;
        return Math.Min(patience << Math.Min(silences, BackOffMax), Longest);
    }

    /// <summary>A packet that later ones have overtaken is lost after so long (RFC 9002, section 6.1.2).</summary>
    public readonly long Overtaken(long latest) => Math.Max(smoothed, latest) * 9 / 8;
}
