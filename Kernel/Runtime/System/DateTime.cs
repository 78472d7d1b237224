using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>What clock a date was read from.</summary>
public enum DateTimeKind
{
    Unspecified = 0,
    Utc = 1,
    Local = 2,
}

/// <summary>Days of the week.</summary>
public enum DayOfWeek
{
    Sunday = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 3,
    Thursday = 4,
    Friday = 5,
    Saturday = 6,
}

/// <summary>
/// A day and a time of day in the Gregorian calendar: ticks of 100 nanoseconds since the beginning of the year 1. The
/// machine's local time is UTC.
/// </summary>
public readonly unsafe struct DateTime : IComparable, IComparable<DateTime>, IEquatable<DateTime>, ISpanFormattable
{
    /// <summary>Ticks since the year 1 in UTC; the machine layer puts its clock here.</summary>
    public static delegate*<long> Clock;

    public static readonly DateTime MinValue = new(0);
    public static readonly DateTime MaxValue = new(MaxTicks);
    public static readonly DateTime UnixEpoch = new(621_355_968_000_000_000, DateTimeKind.Utc);

    private const long MaxTicks = 3_155_378_975_999_999_999;
    private const ulong TicksMask = 0x3FFF_FFFF_FFFF_FFFF;
    private const int KindShift = 62;

    private readonly ulong data;

    public DateTime(long ticks)
        : this(ticks, DateTimeKind.Unspecified)
    {
    }

    public DateTime(long ticks, DateTimeKind kind)
    {
        if ((ulong)ticks > MaxTicks)
        {
            throw new ArgumentOutOfRangeException(nameof(ticks));
        }

        if ((uint)kind > 2)
        {
            throw new ArgumentException("Invalid DateTimeKind value.", nameof(kind));
        }

        data = (ulong)ticks | ((ulong)kind << KindShift);
    }

    public DateTime(int year, int month, int day)
        : this(Calendar.Ticks(year, month, day))
    {
    }

    public DateTime(int year, int month, int day, int hour, int minute, int second)
        : this(Calendar.Ticks(year, month, day) + Calendar.TimeTicks(hour, minute, second, 0))
    {
    }

    public DateTime(int year, int month, int day, int hour, int minute, int second, DateTimeKind kind)
        : this(Calendar.Ticks(year, month, day) + Calendar.TimeTicks(hour, minute, second, 0), kind)
    {
    }

    public DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond)
        : this(Calendar.Ticks(year, month, day) + Calendar.TimeTicks(hour, minute, second, millisecond))
    {
    }

    public DateTime(int year, int month, int day, int hour, int minute, int second, int millisecond,
        DateTimeKind kind)
        : this(Calendar.Ticks(year, month, day) + Calendar.TimeTicks(hour, minute, second, millisecond), kind)
    {
    }

    public static DateTime UtcNow => new(Clock == null ? 0 : Clock(), DateTimeKind.Utc);

    public static DateTime Now => new(UtcNow.Ticks, DateTimeKind.Local);

    public static DateTime Today => Now.Date;

    public long Ticks => (long)(data & TicksMask);

    public DateTimeKind Kind => (DateTimeKind)(data >> KindShift);

    public DateTime Date => new(Ticks - (Ticks % TimeSpan.TicksPerDay), Kind);

    public TimeSpan TimeOfDay => new(Ticks % TimeSpan.TicksPerDay);

    public int Year => Calendar.Split(Ticks, out _, out _, out _);

    public int Month
    {
        get
        {
            Calendar.Split(Ticks, out int month, out _, out _);
            return month;
        }
    }

    public int Day
    {
        get
        {
            Calendar.Split(Ticks, out _, out int day, out _);
            return day;
        }
    }

    public int DayOfYear
    {
        get
        {
            Calendar.Split(Ticks, out _, out _, out int dayOfYear);
            return dayOfYear;
        }
    }

    public DayOfWeek DayOfWeek => (DayOfWeek)(((uint)(Ticks / TimeSpan.TicksPerDay) + 1) % 7);

    public int Hour => TimeOfDay.Hours;

    public int Minute => TimeOfDay.Minutes;

    public int Second => TimeOfDay.Seconds;

    public int Millisecond => TimeOfDay.Milliseconds;

    public static DateTime operator +(DateTime d, TimeSpan t) => d.AddTicks(t.Ticks);

    public static DateTime operator -(DateTime d, TimeSpan t) => d.AddTicks(-t.Ticks);

    public static TimeSpan operator -(DateTime d1, DateTime d2) => new(d1.Ticks - d2.Ticks);

    public static bool operator ==(DateTime d1, DateTime d2) => d1.Ticks == d2.Ticks;

    public static bool operator !=(DateTime d1, DateTime d2) => d1.Ticks != d2.Ticks;

    public static bool operator <(DateTime t1, DateTime t2) => t1.Ticks < t2.Ticks;

    public static bool operator <=(DateTime t1, DateTime t2) => t1.Ticks <= t2.Ticks;

    public static bool operator >(DateTime t1, DateTime t2) => t1.Ticks > t2.Ticks;

    public static bool operator >=(DateTime t1, DateTime t2) => t1.Ticks >= t2.Ticks;

    public static bool IsLeapYear(int year) => Calendar.IsLeap(year);

    public static int DaysInMonth(int year, int month) => Calendar.DaysInMonth(year, month);

    public static int Compare(DateTime t1, DateTime t2) => t1.CompareTo(t2);

    public static DateTime SpecifyKind(DateTime value, DateTimeKind kind) => new(value.Ticks, kind);

    public DateTime Add(TimeSpan value) => AddTicks(value.Ticks);

    public DateTime Subtract(TimeSpan value) => AddTicks(-value.Ticks);

    public TimeSpan Subtract(DateTime value) => this - value;

    public DateTime AddTicks(long value)
    {
        long ticks = Ticks + value;
        if ((ulong)ticks > MaxTicks)
        {
            throw new ArgumentOutOfRangeException(nameof(value));
        }

        return new DateTime(ticks, Kind);
    }

    public DateTime AddMilliseconds(double value) => AddUnits(value, TimeSpan.TicksPerMillisecond);

    public DateTime AddSeconds(double value) => AddUnits(value, TimeSpan.TicksPerSecond);

    public DateTime AddMinutes(double value) => AddUnits(value, TimeSpan.TicksPerMinute);

    public DateTime AddHours(double value) => AddUnits(value, TimeSpan.TicksPerHour);

    public DateTime AddDays(double value) => AddUnits(value, TimeSpan.TicksPerDay);

    public DateTime AddMonths(int months)
    {
        if (months is < -120_000 or > 120_000)
        {
            throw new ArgumentOutOfRangeException(nameof(months));
        }

        int year = Calendar.Split(Ticks, out int month, out int day, out _);
        int count = (year * 12) + month - 1 + months;
        year = count / 12;
        month = (count % 12) + 1;
        if (year is < 1 or > 9999 || count < 12)
        {
            throw new ArgumentOutOfRangeException(nameof(months));
        }

        day = Math.Min(day, Calendar.DaysInMonth(year, month));
        return new DateTime(Calendar.Ticks(year, month, day) + (Ticks % TimeSpan.TicksPerDay), Kind);
    }

    public DateTime AddYears(int value)
    {
        if (value is < -10_000 or > 10_000)
        {
            throw new ArgumentOutOfRangeException("years");
        }

        return AddMonths(value * 12);
    }

    public DateTime ToUniversalTime() => new(Ticks, DateTimeKind.Utc);

    public DateTime ToLocalTime() => new(Ticks, DateTimeKind.Local);

    public int CompareTo(object? value) => value is null
        ? 1
        : value is DateTime other ? CompareTo(other) : throw new ArgumentException("The object must be a DateTime.");

    public int CompareTo(DateTime value) => Ticks.CompareTo(value.Ticks);

    public override bool Equals([NotNullWhen(true)] object? value) => value is DateTime other && Ticks == other.Ticks;

    public bool Equals(DateTime value) => Ticks == value.Ticks;

    public override int GetHashCode() => Ticks.GetHashCode();

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format, IFormatProvider? formatProvider)
    {
        TextBuffer text = new(stackalloc char[40]);
        DateText.AppendDate(ref text, this, null, format);
        return text.ToString();
    }

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null)
    {
        TextBuffer text = new(stackalloc char[40]);
        DateText.AppendDate(ref text, this, null, format);
        return text.TryCopyTo(destination, out charsWritten);
    }

    private DateTime AddUnits(double value, long ticksPerUnit)
    {
        double most = MaxTicks / (double)ticksPerUnit;
        if (!(Math.Abs(value) <= most))
        {
            throw new ArgumentOutOfRangeException(nameof(value));
        }

        // Whole units exactly, and the fraction of one apart: a double has no room for both.
        double whole = Math.Truncate(value);
        return AddTicks(((long)whole * ticksPerUnit) + (long)((value - whole) * ticksPerUnit));
    }
}

/// <summary>The Gregorian calendar, from the year 1 to 9999.</summary>
internal static class Calendar
{
    private const int DaysPer400Years = 146_097;
    private const int DaysPer100Years = 36_524;
    private const int DaysPer4Years = 1_461;

    private static ReadOnlySpan<ushort> DaysBefore => [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

    internal static bool IsLeap(int year)
    {
        if (year is < 1 or > 9999)
        {
            throw new ArgumentOutOfRangeException(nameof(year));
        }

        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    internal static int DaysInMonth(int year, int month)
    {
        if (month is < 1 or > 12)
        {
            throw new ArgumentOutOfRangeException(nameof(month));
        }

        bool leap = IsLeap(year);
        return month == 2 && leap ? 29 : DaysBefore[month] - DaysBefore[month - 1];
    }

    internal static long Ticks(int year, int month, int day)
    {
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DaysInMonth(year, month))
        {
            throw new ArgumentOutOfRangeException(null, "Year, Month, and Day parameters describe no date.");
        }

        int before = year - 1;
        int days = (before * 365) + (before / 4) - (before / 100) + (before / 400);
        days += DaysBefore[month - 1] + (month > 2 && IsLeap(year) ? 1 : 0) + day - 1;
        return days * TimeSpan.TicksPerDay;
    }

    internal static long TimeTicks(int hour, int minute, int second, int millisecond)
    {
        if ((uint)hour > 23 || (uint)minute > 59 || (uint)second > 59 || (uint)millisecond > 999)
        {
            throw new ArgumentOutOfRangeException(null, "Hour, Minute, and Second parameters describe no time.");
        }

        return (((((hour * 60L) + minute) * 60) + second) * TimeSpan.TicksPerSecond)
            + (millisecond * TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Year, month, day and number of the day in its year.</summary>
    internal static int Split(long ticks, out int month, out int day, out int dayOfYear)
    {
        int days = (int)(ticks / TimeSpan.TicksPerDay);
        int year = (days / DaysPer400Years * 400) + 1;
        days %= DaysPer400Years;

        // The last day of a long period belongs to it although the division says the next one.
        int centuries = Math.Min(days / DaysPer100Years, 3);
        days -= centuries * DaysPer100Years;
        int fours = days / DaysPer4Years;
        days %= DaysPer4Years;
        int years = Math.Min(days / 365, 3);
        days -= years * 365;
        year += (centuries * 100) + (fours * 4) + years;
        dayOfYear = days + 1;

        bool leap = IsLeap(year);
        month = 1;
        while (month < 12 && days >= DaysBefore[month] + (leap && month >= 2 ? 1 : 0))
        {
            month++;
        }

        day = days - DaysBefore[month - 1] - (leap && month > 2 ? 1 : 0) + 1;
        return year;
    }
}
