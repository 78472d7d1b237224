using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// Milliseconds for timers and timestamps, in 32 bits that wrap around every 49 days: all times here are compared by
/// the sign of their difference. Turns the loop's 64-bit moments into them, dividing only when a millisecond is over.
/// </summary>
internal sealed class TcpClock
{
    private const int NanosecondsPerMillisecond = 1_000_000;

    // The moment at which the present millisecond began.
    private long began;
    private uint milliseconds;

    /// <summary>The present millisecond as of the last <see cref="Update"/>.</summary>
    internal uint Now => milliseconds;

    /// <summary>Is <paramref name="at"/> now or past?</summary>
    internal static bool IsDue(uint at, uint now) => (int)(now - at) >= 0;

    /// <summary>Moves on to <paramref name="now"/>; a moment that lies back changes nothing.</summary>
    internal uint Update(Instant now)
    {
        long passed = now.Nanoseconds - began;
        if (passed >= NanosecondsPerMillisecond)
        {
            long whole = passed / NanosecondsPerMillisecond;
            milliseconds += (uint)whole;
            began += whole * NanosecondsPerMillisecond;
        }

        return milliseconds;
    }

    /// <summary>The moment at which millisecond <paramref name="at"/> begins.</summary>
    internal Instant At(uint at) => new(began + ((long)(int)(at - milliseconds) * NanosecondsPerMillisecond));
}
