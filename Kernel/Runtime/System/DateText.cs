namespace System;

/// <summary>Dates and lengths of time as text, in the invariant culture.</summary>
internal static class DateText
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Days =
        ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    /// <summary>c, g and G, and the custom letters d h m s f F with literals.</summary>
    internal static void AppendSpan(ref TextBuffer text, TimeSpan span, ReadOnlySpan<char> format)
    {
        char kind = format.Length == 0 ? 'c' : format.Length == 1 ? format[0] : '\0';
        ulong ticks = span.Ticks < 0 ? 0UL - (ulong)span.Ticks : (ulong)span.Ticks;
        if (kind == '\0')
        {
            AppendCustomSpan(ref text, ticks, format);
            return;
        }

        if (kind is not ('c' or 't' or 'T' or 'g' or 'G'))
        {
            throw new FormatException("Input string was not in a correct format.");
        }

        bool constant = kind is 'c' or 't' or 'T';
        uint days = (uint)(ticks / (ulong)TimeSpan.TicksPerDay);
        text.Append(span.Ticks < 0 ? "-" : "");
        if (days != 0 || kind == 'G')
        {
            AppendNumber(ref text, days, 1);
            text.Append(constant ? '.' : ':');
        }

        AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerHour % 24), kind == 'g' ? 1 : 2);
        text.Append(':');
        AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerMinute % 60), 2);
        text.Append(':');
        AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerSecond % 60), 2);
        uint fraction = (uint)(ticks % (ulong)TimeSpan.TicksPerSecond);
        if (fraction != 0 || kind == 'G')
        {
            text.Append('.');
            AppendFraction(ref text, fraction, 7, trimmed: kind == 'g');
        }
    }

    private static void AppendCustomSpan(ref TextBuffer text, ulong ticks, ReadOnlySpan<char> format)
    {
        for (int i = 0; i < format.Length;)
        {
            char c = format[i];
            int run = Run(format, i);
            uint fraction = (uint)(ticks % (ulong)TimeSpan.TicksPerSecond);
            switch (c)
            {
                case 'd':
                    AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerDay), run);
                    break;
                case 'h':
                    AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerHour % 24), run);
                    break;
                case 'm':
                    AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerMinute % 60), run);
                    break;
                case 's':
                    AppendNumber(ref text, (uint)(ticks / (ulong)TimeSpan.TicksPerSecond % 60), run);
                    break;
                case 'f' or 'F':
                    AppendFraction(ref text, fraction, run, trimmed: c == 'F');
                    break;
                default:
                    run = AppendLiteral(ref text, format, i);
                    break;
            }

            i += run;
        }
    }

    internal static void AppendDate(ref TextBuffer text, DateTime date, TimeSpan? offset, ReadOnlySpan<char> format)
    {
        if (format.Length <= 1)
        {
            format = Expand(format.Length == 0 ? 'G' : format[0], offset is not null && format.Length == 0);
        }

        for (int i = 0; i < format.Length;)
        {
            int run = Run(format, i);
            i += AppendDatePart(ref text, date, offset, format, i, run);
        }
    }

    private static ReadOnlySpan<char> Expand(char kind, bool withOffset) => kind switch
    {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, dd MMMM yyyy",
        't' => "HH:mm",
        'T' => "HH:mm:ss",
        'f' => "dddd, dd MMMM yyyy HH:mm",
        'F' => "dddd, dd MMMM yyyy HH:mm:ss",
        'g' => "MM/dd/yyyy HH:mm",
        'G' => withOffset ? "MM/dd/yyyy HH:mm:ss zzz" : "MM/dd/yyyy HH:mm:ss",
        'M' or 'm' => "MMMM dd",
        'Y' or 'y' => "yyyy MMMM",
        'O' or 'o' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
        'R' or 'r' => "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
        's' => "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
        'u' => "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
        _ => throw new FormatException("Input string was not in a correct format."),
    };

    /// <summary>Writes what one run of letters stands for and returns how much of the format it was.</summary>
    private static int AppendDatePart(ref TextBuffer text, DateTime date, TimeSpan? offset, ReadOnlySpan<char> format,
        int i, int run)
    {
        switch (format[i])
        {
            case 'y':
                AppendNumber(ref text, (uint)(run <= 2 ? date.Year % 100 : date.Year), run);
                return run;
            case 'M' when run >= 3:
                text.Append(run == 3 ? Months[date.Month - 1].AsSpan(0, 3) : Months[date.Month - 1]);
                return run;
            case 'M':
                AppendNumber(ref text, (uint)date.Month, run);
                return run;
            case 'd' when run >= 3:
                text.Append(run == 3 ? Days[(int)date.DayOfWeek].AsSpan(0, 3) : Days[(int)date.DayOfWeek]);
                return run;
            case 'd':
                AppendNumber(ref text, (uint)date.Day, run);
                return run;
            case 'H':
                AppendNumber(ref text, (uint)date.Hour, Math.Min(run, 2));
                return run;
            case 'h':
                AppendNumber(ref text, (uint)(((date.Hour + 11) % 12) + 1), Math.Min(run, 2));
                return run;
            case 'm':
                AppendNumber(ref text, (uint)date.Minute, Math.Min(run, 2));
                return run;
            case 's':
                AppendNumber(ref text, (uint)date.Second, Math.Min(run, 2));
                return run;
            case 'f' or 'F':
                AppendFraction(ref text, (uint)(date.Ticks % TimeSpan.TicksPerSecond), run, format[i] == 'F');
                return run;
            case 't':
                text.Append((date.Hour < 12 ? "AM" : "PM").AsSpan(0, Math.Min(run, 2)));
                return run;
            case 'K':
                AppendZone(ref text, date.Kind, offset);
                return 1;
            case 'z':
                AppendOffset(ref text, offset ?? TimeSpan.Zero, run);
                return run;
            default:
                return AppendLiteral(ref text, format, i);
        }
    }

    private static void AppendZone(ref TextBuffer text, DateTimeKind kind, TimeSpan? offset)
    {
        if (offset is null && kind == DateTimeKind.Utc)
        {
            text.Append('Z');
        }
        else if (offset is not null || kind == DateTimeKind.Local)
        {
            AppendOffset(ref text, offset ?? TimeSpan.Zero, 3);
        }
    }

    private static void AppendOffset(ref TextBuffer text, TimeSpan offset, int run)
    {
        text.Append(offset.Ticks < 0 ? '-' : '+');
        TimeSpan size = offset.Duration();
        AppendNumber(ref text, (uint)size.Hours, Math.Min(run, 2));
        if (run >= 3)
        {
            text.Append(':');
            AppendNumber(ref text, (uint)size.Minutes, 2);
        }
    }

    private static int Run(ReadOnlySpan<char> format, int start)
    {
        int end = start + 1;
        while (end < format.Length && format[end] == format[start])
        {
            end++;
        }

        return end - start;
    }

    private static int AppendLiteral(ref TextBuffer text, ReadOnlySpan<char> format, int i)
    {
        char c = format[i];
        if (c == '\\')
        {
            text.Append(i + 1 < format.Length ? format[i + 1] : throw new FormatException());
            return 2;
        }

        if (c == '%')
        {
            return 1;
        }

        if (c is not ('\'' or '"'))
        {
            text.Append(c);
            return 1;
        }

        int end = i + 1;
        while (end < format.Length && format[end] != c)
        {
            text.Append(format[end++]);
        }

        return end < format.Length ? end - i + 1 : throw new FormatException("A quote is never closed.");
    }

    private static void AppendNumber(ref TextBuffer text, uint value, int width)
    {
        string digits = value.ToString();
        text.AppendRepeated('0', width - digits.Length);
        text.Append(digits);
    }

    private static void AppendFraction(ref TextBuffer text, uint ticks, int digits, bool trimmed)
    {
        for (int i = digits; i < 7; i++)
        {
            ticks /= 10;
        }

        string all = ticks.ToString().PadLeft(Math.Min(digits, 7), '0');
        text.Append(trimmed ? all.AsSpan().TrimEnd('0') : all);
    }
}
