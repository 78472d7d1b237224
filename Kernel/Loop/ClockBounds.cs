using HaukiOS.Hardware;

namespace HaukiOS.Loop;

/// <summary>
/// How far another clock is apart from the monotonic one, as a pair of bounds that every reading narrows and every
/// second widens by what the two may drift. A reading that was held up bounds poorly, but never wrongly; so if a
/// reading excludes all that was possible before, one of the clocks has jumped.
/// </summary>
public struct ClockBounds
{
    private const long Millisecond = 1_000_000;

    // What a crystal and a counter may be apart that was measured in 10 ms by a busy emulator, where a port access can
    // take 30 microseconds: 6 ms in a second. Clocks are compared so often that it costs next to nothing; but when it
    // was 2 ms, a node on a busy host took its own slow counter for a standstill, again and again.
    private const long DriftPerMillisecond = 6000;

    private long low;
    private long high;
    private Instant at;

    /// <summary>Is there any reading?</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The most that the other clock can be ahead, in nanoseconds.</summary>
    public readonly long High => high;

    /// <summary>Forgets all readings.</summary>
    public void Forget() => IsKnown = false;

    /// <summary>Takes a reading: the other clock was ahead by something between the two.</summary>
    /// <param name="newLow">At least, in nanoseconds.</param>
    /// <param name="newHigh">At most.</param>
    /// <param name="now">The moment after the reading.</param>
    /// <param name="wrap">The other clock begins anew after so many nanoseconds; 0: it does not.</param>
    /// <param name="apart">How far it has jumped; negative: back.</param>
    /// <returns>True if one of them has jumped.</returns>
    public bool HasJumped(long newLow, long newHigh, Instant now, long wrap, out long apart)
    {
        apart = 0;
        bool knew = IsKnown;
        if (knew)
        {
            long drift = ((now - at) / Millisecond * DriftPerMillisecond) + 1;
            low -= drift;
            high += drift;
            apart = ((newLow + newHigh) / 2) - ((low + high) / 2);
            if (wrap > 0)
            {
                // The nearest of all that it can mean.
                long rounds = (apart + (apart >= 0 ? wrap / 2 : -wrap / 2)) / wrap;
                newLow -= rounds * wrap;
                newHigh -= rounds * wrap;
                apart -= rounds * wrap;
            }

            if (newLow <= high && newHigh >= low)
            {
                low = newLow > low ? newLow : low;
                high = newHigh < high ? newHigh : high;
                at = now;
                return false;
            }
        }

        IsKnown = true;
        low = newLow;
        high = newHigh;
        at = now;
        return knew;
    }
}
