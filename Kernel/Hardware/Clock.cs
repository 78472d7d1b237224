using System;

namespace HaukiOS.Hardware;

/// <summary>A moment of the monotonic clock: nanoseconds since power-on. 64 bits last for 292 years.</summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>The moment of power-on.</summary>
    public static readonly Instant PowerOn = new(0);

    /// <summary>The moment that lies <paramref name="milliseconds"/> later.</summary>
    public Instant AddMilliseconds(long milliseconds) => new(Nanoseconds + (milliseconds * 1_000_000));

    /// <summary>Nanoseconds from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static long operator -(Instant later, Instant earlier) => later.Nanoseconds - earlier.Nanoseconds;

    /// <summary>Is <paramref name="a"/> the earlier one?</summary>
    public static bool operator <(Instant a, Instant b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Is <paramref name="a"/> the later one?</summary>
    public static bool operator >(Instant a, Instant b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Is <paramref name="a"/> not the later one?</summary>
    public static bool operator <=(Instant a, Instant b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Is <paramref name="a"/> not the earlier one?</summary>
    public static bool operator >=(Instant a, Instant b) => a.Nanoseconds >= b.Nanoseconds;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);
}

/// <summary>The monotonic clock: never goes back, whatever happens to the calendar.</summary>
public interface IClock
{
    /// <summary>The present moment.</summary>
    Instant Now { get; }
}

/// <summary>A counter that nobody sets or stops, and that begins anew after a while.</summary>
public interface IFreeCounter
{
    /// <summary>What it shows, in nanoseconds, below <see cref="Period"/>; negative if nothing sensible.</summary>
    long Nanoseconds { get; }

    /// <summary>After so many nanoseconds it begins anew.</summary>
    long Period { get; }
}

/// <summary>The battery-backed calendar of the machine.</summary>
public interface ICalendar
{
    /// <summary>Seconds since 1970-01-01T00:00:00Z as the machine believes; good to a second at best.</summary>
    long UnixSeconds { get; }

    /// <summary>
    /// The second of the minute, read as quickly as can be; negative while the calendar is at its numbers itself.
    /// </summary>
    int Second => (int)(UnixSeconds % 60);
}
