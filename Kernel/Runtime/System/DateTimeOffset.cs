using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>A point in time, with the offset from UTC at which it is shown.</summary>
public readonly struct DateTimeOffset : IComparable, IComparable<DateTimeOffset>, IEquatable<DateTimeOffset>,
    IFormattable
{
    public static readonly DateTimeOffset UnixEpoch = new(DateTime.UnixEpoch.Ticks, TimeSpan.Zero);
    public static readonly DateTimeOffset MinValue = new(0, TimeSpan.Zero);
    public static readonly DateTimeOffset MaxValue = new(DateTime.MaxValue.Ticks, TimeSpan.Zero);

    private readonly DateTime utc;
    private readonly TimeSpan offset;

    public DateTimeOffset(long ticks, TimeSpan offset)
        : this(new DateTime(ticks), offset)
    {
    }

    public DateTimeOffset(DateTime dateTime)
        : this(new DateTime(dateTime.Ticks), TimeSpan.Zero)
    {
    }

    public DateTimeOffset(DateTime dateTime, TimeSpan offset)
    {
        if (offset.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            throw new ArgumentException("Offset must be specified in whole minutes.", nameof(offset));
        }

        if (offset.Duration() > TimeSpan.FromHours(14))
        {
            throw new ArgumentOutOfRangeException(nameof(offset));
        }

        this.offset = offset;
        utc = new DateTime(dateTime.Ticks - offset.Ticks);
    }

    public DateTimeOffset(int year, int month, int day, int hour, int minute, int second, TimeSpan offset)
        : this(new DateTime(year, month, day, hour, minute, second), offset)
    {
    }

    public static DateTimeOffset UtcNow => new(DateTime.UtcNow.Ticks, TimeSpan.Zero);

    public static DateTimeOffset Now => UtcNow;

    public DateTime DateTime => new(utc.Ticks + offset.Ticks);

    public DateTime UtcDateTime => new(utc.Ticks, DateTimeKind.Utc);

    public DateTime Date => DateTime.Date;

    public TimeSpan Offset => offset;

    public long Ticks => DateTime.Ticks;

    public long UtcTicks => utc.Ticks;

    public int Year => DateTime.Year;

    public int Month => DateTime.Month;

    public int Day => DateTime.Day;

    public int Hour => DateTime.Hour;

    public int Minute => DateTime.Minute;

    public int Second => DateTime.Second;

    public DayOfWeek DayOfWeek => DateTime.DayOfWeek;

    public TimeSpan TimeOfDay => DateTime.TimeOfDay;

    public static DateTimeOffset operator +(DateTimeOffset value, TimeSpan span) => value.Add(span);

    public static DateTimeOffset operator -(DateTimeOffset value, TimeSpan span) => value.Add(-span);

    public static TimeSpan operator -(DateTimeOffset left, DateTimeOffset right) => left.utc - right.utc;

    public static bool operator ==(DateTimeOffset left, DateTimeOffset right) => left.utc == right.utc;

    public static bool operator !=(DateTimeOffset left, DateTimeOffset right) => left.utc != right.utc;

    public static bool operator <(DateTimeOffset left, DateTimeOffset right) => left.utc < right.utc;

    public static bool operator >(DateTimeOffset left, DateTimeOffset right) => left.utc > right.utc;

    public static bool operator <=(DateTimeOffset left, DateTimeOffset right) => left.utc <= right.utc;

    public static bool operator >=(DateTimeOffset left, DateTimeOffset right) => left.utc >= right.utc;

    public static DateTimeOffset FromUnixTimeSeconds(long seconds) =>
        new(DateTime.UnixEpoch.Ticks + checked(seconds * TimeSpan.TicksPerSecond), TimeSpan.Zero);

    public static DateTimeOffset FromUnixTimeMilliseconds(long milliseconds) =>
        new(DateTime.UnixEpoch.Ticks + checked(milliseconds * TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    public long ToUnixTimeSeconds() => (utc.Ticks / TimeSpan.TicksPerSecond) - 62_135_596_800;

    public long ToUnixTimeMilliseconds() => (utc.Ticks / TimeSpan.TicksPerMillisecond) - 62_135_596_800_000;

    public DateTimeOffset Add(TimeSpan timeSpan) => new(DateTime.Add(timeSpan), offset);

    public DateTimeOffset AddDays(double days) => new(DateTime.AddDays(days), offset);

    public DateTimeOffset AddHours(double hours) => new(DateTime.AddHours(hours), offset);

    public DateTimeOffset AddMinutes(double minutes) => new(DateTime.AddMinutes(minutes), offset);

    public DateTimeOffset AddSeconds(double seconds) => new(DateTime.AddSeconds(seconds), offset);

    public DateTimeOffset AddMonths(int months) => new(DateTime.AddMonths(months), offset);

    public DateTimeOffset ToOffset(TimeSpan offset) => new(utc.Ticks + offset.Ticks, offset);

    public DateTimeOffset ToUniversalTime() => ToOffset(TimeSpan.Zero);

    public int CompareTo(DateTimeOffset other) => utc.CompareTo(other.utc);

    int IComparable.CompareTo(object? obj) => obj is null
        ? 1
        : obj is DateTimeOffset other ? CompareTo(other) : throw new ArgumentException("The object must be a date.");

    public bool Equals(DateTimeOffset other) => utc == other.utc;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is DateTimeOffset other && utc == other.utc;

    public override int GetHashCode() => utc.GetHashCode();

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        // What is meant to be read by machines is shown in UTC.
        bool universal = format is "r" or "R" or "u";
        TextBuffer text = new(stackalloc char[40]);
        DateText.AppendDate(ref text, universal ? utc : DateTime, offset, format);
        return text.ToString();
    }
}
