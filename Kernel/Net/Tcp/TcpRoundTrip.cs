using System;

namespace HaukiOS.Net;

/// <summary>The round-trip time and the retransmission timeout (RFC 6298). Milliseconds throughout.</summary>
internal struct TcpRoundTrip
{
    /// <summary>Before anything is measured (RFC 6298, section 2.1).</summary>
    internal const int InitialTimeout = 1000;

    /// <summary>
    /// After a handshake whose SYN had to be sent again and told nothing about the time (RFC 6298, section 5.7).
    /// </summary>
    internal const int CautiousTimeout = 3000;

    /// <summary>The longest timeout, backed off or not (RFC 6298, section 2.5 asks for at least this).</summary>
    internal const int TimeoutMax = 60_000;

    // What the timeout lies above the smoothed time at least. RFC 6298 (section 2.4) would have a second in all; common
    // practice is a fifth of it, above every common delay of acknowledgements but below what people notice.
    private const int MarginMin = 200;

    private const int BackoffMax = 16;

    // The smoothed time times 8, its variation times 4: alpha and beta of RFC 6298 (section 2.3) become shifts.
    private int smoothed8;
    private int variation4;
    private bool isMeasured;
    private int timeout;
    private int backoff;

    /// <summary>As it is before anything is measured.</summary>
    internal static TcpRoundTrip Unmeasured(int timeout) => new() { timeout = timeout };

    /// <summary>The smoothed round-trip time; 0: not measured, or less than half a millisecond.</summary>
    internal readonly int Smoothed => smoothed8 >> 3;

    /// <summary>Is there a measurement?</summary>
    internal readonly bool IsMeasured => isMeasured;

    /// <summary>How often the timer ran out since the last sign of progress.</summary>
    internal readonly int Backoff => backoff;

    /// <summary>The timeout, backed off.</summary>
    internal readonly int Timeout
    {
        get
        {
            int backedOff = timeout;
            for (int i = 0; i < backoff && backedOff < TimeoutMax; i++)
            {
                backedOff *= 2;
            }

            return Math.Min(backedOff, TimeoutMax);
        }
    }

    /// <summary>Takes a measurement (RFC 6298, sections 2.2 and 2.3).</summary>
    internal void Measure(int sample)
    {
        if (isMeasured)
        {
            int difference = sample - (smoothed8 >> 3);
            variation4 += Math.Abs(difference) - (variation4 >> 2);
            smoothed8 += difference;
        }
        else
        {
            smoothed8 = sample * 8;
            variation4 = sample * 2;
            isMeasured = true;
        }

        timeout = Math.Min((smoothed8 >> 3) + Math.Max(variation4, MarginMin), TimeoutMax);
    }

    /// <summary>The timer ran out (RFC 6298, section 5.5).</summary>
    internal void BackOff() => backoff = Math.Min(backoff + 1, BackoffMax);

    /// <summary>Something new was acknowledged: the path is alive (RFC 6298, section 5.7; Karn).</summary>
    internal void Progress() => backoff = 0;
}
