using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>A length of time in ticks of 100 nanoseconds.</summary>
public readonly struct TimeSpan : IComparable, IComparable<TimeSpan>, IEquatable<TimeSpan>, ISpanFormattable
{
    public const long TicksPerMicrosecond = 10;
    public const long TicksPerMillisecond = 10_000;
    public const long TicksPerSecond = 10_000_000;
    public const long TicksPerMinute = 600_000_000;
    public const long TicksPerHour = 36_000_000_000;
    public const long TicksPerDay = 864_000_000_000;
    public const long NanosecondsPerTick = 100;

    public static readonly TimeSpan Zero = new(0);
    public static readonly TimeSpan MaxValue = new(long.MaxValue);
    public static readonly TimeSpan MinValue = new(long.MinValue);

    private readonly long ticks;

    public TimeSpan(long ticks)
    {
        this.ticks = ticks;
    }

    public TimeSpan(int hours, int minutes, int seconds)
        : this(0, hours, minutes, seconds, 0)
    {
    }

    public TimeSpan(int days, int hours, int minutes, int seconds)
        : this(days, hours, minutes, seconds, 0)
    {
    }

    public TimeSpan(int days, int hours, int minutes, int seconds, int milliseconds)
    {
        ticks = (days * TicksPerDay) + (hours * TicksPerHour) + (minutes * TicksPerMinute)
            + (seconds * TicksPerSecond) + (milliseconds * TicksPerMillisecond);
    }

    public long Ticks => ticks;

    public int Days => (int)(ticks / TicksPerDay);

    public int Hours => (int)(ticks / TicksPerHour % 24);

    public int Minutes => (int)(ticks / TicksPerMinute % 60);

    public int Seconds => (int)(ticks / TicksPerSecond % 60);

    public int Milliseconds => (int)(ticks / TicksPerMillisecond % 1000);

    public int Microseconds => (int)(ticks / TicksPerMicrosecond % 1000);

    public double TotalDays => (double)ticks / TicksPerDay;

    public double TotalHours => (double)ticks / TicksPerHour;

    public double TotalMinutes => (double)ticks / TicksPerMinute;

    public double TotalSeconds => (double)ticks / TicksPerSecond;

    public double TotalMilliseconds => (double)ticks / TicksPerMillisecond;

    public static TimeSpan operator -(TimeSpan t) => t.Negate();

    public static TimeSpan operator +(TimeSpan t) => t;

    public static TimeSpan operator +(TimeSpan t1, TimeSpan t2) => new(checked(t1.ticks + t2.ticks));

    public static TimeSpan operator -(TimeSpan t1, TimeSpan t2) => new(checked(t1.ticks - t2.ticks));

    public static TimeSpan operator *(TimeSpan timeSpan, double factor) => FromTicks(timeSpan.ticks * factor);

    public static TimeSpan operator *(double factor, TimeSpan timeSpan) => timeSpan * factor;

    public static TimeSpan operator /(TimeSpan timeSpan, double divisor) => FromTicks(timeSpan.ticks / divisor);

    public static double operator /(TimeSpan t1, TimeSpan t2) => t1.ticks / (double)t2.ticks;

    public static bool operator ==(TimeSpan t1, TimeSpan t2) => t1.ticks == t2.ticks;

    public static bool operator !=(TimeSpan t1, TimeSpan t2) => t1.ticks != t2.ticks;

    public static bool operator <(TimeSpan t1, TimeSpan t2) => t1.ticks < t2.ticks;

    public static bool operator <=(TimeSpan t1, TimeSpan t2) => t1.ticks <= t2.ticks;

    public static bool operator >(TimeSpan t1, TimeSpan t2) => t1.ticks > t2.ticks;

    public static bool operator >=(TimeSpan t1, TimeSpan t2) => t1.ticks >= t2.ticks;

    public static TimeSpan FromTicks(long value) => new(value);

    public static TimeSpan FromDays(double value) => FromTicks(value * TicksPerDay);

    public static TimeSpan FromDays(int days) => new(days * TicksPerDay);

    public static TimeSpan FromHours(double value) => FromTicks(value * TicksPerHour);

    public static TimeSpan FromHours(int hours) => new(hours * TicksPerHour);

    public static TimeSpan FromMinutes(double value) => FromTicks(value * TicksPerMinute);

    public static TimeSpan FromMinutes(long minutes) => new(checked(minutes * TicksPerMinute));

    public static TimeSpan FromSeconds(double value) => FromTicks(value * TicksPerSecond);

    public static TimeSpan FromSeconds(long seconds) => new(checked(seconds * TicksPerSecond));

    public static TimeSpan FromMilliseconds(double value) => FromTicks(value * TicksPerMillisecond);

    public static TimeSpan FromMilliseconds(long milliseconds) => new(checked(milliseconds * TicksPerMillisecond));

    public static TimeSpan FromMicroseconds(double value) => FromTicks(value * TicksPerMicrosecond);

    public static TimeSpan FromMicroseconds(long microseconds) => new(checked(microseconds * TicksPerMicrosecond));

    public static int Compare(TimeSpan t1, TimeSpan t2) => t1.ticks.CompareTo(t2.ticks);

    public TimeSpan Add(TimeSpan ts) => this + ts;

    public TimeSpan Subtract(TimeSpan ts) => this - ts;

    public TimeSpan Multiply(double factor) => this * factor;

    public TimeSpan Divide(double divisor) => this / divisor;

    public TimeSpan Duration() => ticks < 0 ? Negate() : this;

    public TimeSpan Negate() => ticks == long.MinValue
        ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
        : new TimeSpan(-ticks);

    public int CompareTo(object? value) => value is null
        ? 1
        : value is TimeSpan other ? CompareTo(other) : throw new ArgumentException("The object must be a TimeSpan.");

    public int CompareTo(TimeSpan value) => ticks.CompareTo(value.ticks);

    public override bool Equals([NotNullWhen(true)] object? value) => value is TimeSpan other && ticks == other.ticks;

    public bool Equals(TimeSpan obj) => ticks == obj.ticks;

    public override int GetHashCode() => ticks.GetHashCode();

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        TextBuffer text = new(stackalloc char[32]);
        DateText.AppendSpan(ref text, this, format);
        return text.ToString();
    }

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? formatProvider = null)
    {
        TextBuffer text = new(stackalloc char[32]);
        DateText.AppendSpan(ref text, this, format);
        return text.TryCopyTo(destination, out charsWritten);
    }

    private static TimeSpan FromTicks(double value)
    {
        if (double.IsNaN(value))
        {
            throw new ArgumentException("TimeSpan does not accept floating point Not-a-Number values.");
        }

        if (value is >= 9223372036854775808.0 or < -9223372036854775808.0)
        {
            throw new OverflowException("TimeSpan overflowed because the duration is too long.");
        }

        return new TimeSpan((long)Math.Truncate(value));
    }
}
