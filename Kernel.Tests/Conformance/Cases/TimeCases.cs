using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Dates and lengths of time.</summary>
public static class TimeCases
{
    private static readonly DateTime Sample = new(2024, 2, 29, 13, 5, 9, 78, DateTimeKind.Utc);

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddDates(suite);
        AddText(suite);
        AddSpans(suite);
    }

    private static void AddDates(Suite suite)
    {
        suite.Add("date: parts", () => $"{Sample.Year} {Sample.Month} {Sample.Day} {Sample.Hour} {Sample.Minute} "
            + $"{Sample.Second} {Sample.Millisecond} {(int)Sample.DayOfWeek} {Sample.DayOfYear} {Sample.Ticks} "
            + $"{(int)Sample.Kind}");
        suite.Add("date: arithmetic", () => $"{Sample.AddMonths(12):s} {Sample.AddMonths(-1):s} "
            + $"{Sample.AddYears(-4):s} "
            + $"{Sample.AddDays(1.5):s} {Sample.AddHours(-14):s} {Sample.AddMilliseconds(-79.5):o} {Sample.Date:s}");
        suite.Add("date: differences", () => $"{Sample - new DateTime(2000, 1, 1)} "
            + $"{(Sample > DateTime.UnixEpoch)} {Sample.CompareTo(DateTime.MaxValue)} "
            + $"{Sample - TimeSpan.FromHours(2):s}");
        suite.Add("date: every day of four centuries", () =>
        {
            DateTime day = new(1796, 1, 1);
            uint sum = 0;
            for (int i = 0; i < 146_097; i++, day = day.AddTicks(TimeSpan.TicksPerDay))
            {
                sum = (sum * 31) + (uint)((day.Year * 1000) + (day.Month * 50) + day.Day + (int)day.DayOfWeek);
            }

            return sum + " " + day.ToString("d");
        });
        suite.Add("date: leap years and months", () => $"{DateTime.IsLeapYear(1900)} {DateTime.IsLeapYear(2000)} "
            + $"{DateTime.DaysInMonth(2023, 2)} {DateTime.DaysInMonth(2024, 2)} {DateTime.DaysInMonth(2024, 12)}");
        suite.Add("date: no such day", () => new DateTime(2023, 2, 29).ToString());
        suite.Add("date: past the end", () => DateTime.MaxValue.AddDays(1).ToString());
        suite.Add("date: offsets", () =>
        {
            DateTimeOffset there = new(2024, 3, 1, 0, 30, 0, TimeSpan.FromHours(2));
            return $"{there} {there:o} {there.ToUniversalTime():o} {there.ToUnixTimeSeconds()} {there:r} "
                + $"{DateTimeOffset.FromUnixTimeMilliseconds(1700000000123):o} "
                + $"{there == new DateTimeOffset(2024, 2, 29, 22, 30, 0, TimeSpan.Zero)}";
        });
    }

    private static void AddText(Suite suite)
    {
        string[] formats =
        [
            "", "d", "D", "t", "T", "f", "F", "g", "G", "m", "y", "o", "r", "s", "u", "yyyy-MM-dd HH:mm:ss.fff",
            "yy M d h:m:s tt", "ddd dd MMM", "'at' HH\\h", "%d", "fffffff FFF", "zzz K",
        ];
        foreach (string format in formats)
        {
            suite.Add($"date: as '{format}'", () => Sample.ToString(format) + "|"
                + new DateTime(987, 11, 5, 0, 0, 1).ToString(format));
        }
    }

    private static void AddSpans(Suite suite)
    {
        TimeSpan[] spans =
        [
            TimeSpan.Zero, new(1, 2, 3), new(5, 4, 3, 2, 1), TimeSpan.FromTicks(1), TimeSpan.FromHours(-25.5),
            TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromMilliseconds(1.5), TimeSpan.FromSeconds(59.9999999),
        ];
        for (int i = 0; i < spans.Length; i++)
        {
            TimeSpan span = spans[i];
            suite.Add($"time: sample {i} as text", () => $"{span} {span:c} {span:g} {span:G} {span:d\\.hh\\:mm\\:ss}");
            suite.Add($"time: parts of sample {i}", () => $"{span.Days} {span.Hours} {span.Minutes} {span.Seconds} "
                + $"{span.Milliseconds} {span.Ticks} {span.TotalHours:R} {span.TotalSeconds:R}");
        }

        suite.Add("time: arithmetic", () => $"{TimeSpan.FromHours(1) * 2.5} {TimeSpan.FromHours(1) / 3} "
            + $"{TimeSpan.FromHours(1) / TimeSpan.FromMinutes(7):R} {-TimeSpan.FromHours(1)} "
            + $"{TimeSpan.FromHours(-1).Duration()}");
        suite.Add("time: too long", () => TimeSpan.FromDays(1e10).ToString());
        suite.Add("time: not a number", () => TimeSpan.FromDays(double.NaN).ToString());
    }
}
