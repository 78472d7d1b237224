using System.Globalization;

namespace System;

/// <summary>Custom number formats: placeholders (0 #), point, groups, scaling, exponents, literals, sections.</summary>
internal static unsafe partial class Number
{
    /// <summary>What one section of a custom format asks for, found before a digit is written.</summary>
    private struct CustomSection
    {
        internal int Start;
        internal int End;
        internal int Placeholders;
        internal int PointAt;
        internal int FirstZero;
        internal int LastZero;
        internal int ScaleBy;
        internal bool Grouped;
        internal bool Scientific;
    }

    private static void AppendCustom(ref TextBuffer text, ref Digits digits, ReadOnlySpan<char> format,
        bool isFloat, NumberFormatInfo info)
    {
        bool negative = digits.Negative;
        int wanted = digits.Count == 0 ? 2 : negative ? 1 : 0;
        CustomSection section = FindSection(format, wanted, out bool ownSection);
        RoundFor(ref digits, in section);
        if (digits.Count == 0 && wanted != 2)
        {
            // Rounded to nothing: the section for zero speaks, if there is one.
            CustomSection zero = FindSection(format, 2, out bool ownZero);
            if (ownZero)
            {
                section = zero;
                RoundFor(ref digits, in section);
                ownSection = true;
            }
        }

        // An integer that rounds to zero loses its sign; and a sign alone is not written.
        int start = text.Length;
        bool signed = negative && (digits.Count > 0 || isFloat) && !(ownSection && wanted != 0);
        WriteSection(ref text, in digits, format.Slice(section.Start, section.End - section.Start), in section, info);
        if (signed && text.Length > start)
        {
            text.Insert(start, info.NegativeSign);
        }
    }

    private static void RoundFor(ref Digits digits, in CustomSection section)
    {
        if (digits.Count == 0)
        {
            return;
        }

        digits.Scale += section.ScaleBy;
        int keep = section.Scientific
            ? section.Placeholders
            : digits.Scale + section.Placeholders - section.PointAt;
        digits.Round(keep, halfToEven: false);
        if (digits.Count == 0)
        {
            digits.Scale = 0;
        }
    }

    /// <summary>
    /// The section for positive (0), negative (1) or zero (2) values; <paramref name="own"/> says that it is not
    /// just the first one standing in.
    /// </summary>
    private static CustomSection FindSection(ReadOnlySpan<char> format, int wanted, out bool own)
    {
        CustomSection first = ScanSection(format, 0);
        CustomSection section = first;
        for (int index = 0; index < wanted; index++)
        {
            if (section.End >= format.Length)
            {
                own = false;
                return first;
            }

            section = ScanSection(format, section.End + 1);
        }

        own = wanted > 0 && section.Start < section.End;
        return own ? section : first;
    }

    private static CustomSection ScanSection(ReadOnlySpan<char> format, int start)
    {
        CustomSection section = new() { Start = start, PointAt = -1, FirstZero = int.MaxValue };
        int commas = 0;
        int i = start;
        for (; i < format.Length && format[i] != ';'; i++)
        {
            switch (format[i])
            {
                case '0':
                    section.FirstZero = Math.Min(section.FirstZero, section.Placeholders);
                    section.LastZero = section.Placeholders + 1;
                    goto case '#';
                case '#':
                    section.Grouped |= commas > 0;
                    commas = 0;
                    section.Placeholders++;
                    break;
                case '.':
                    section.PointAt = section.PointAt < 0 ? EndInteger(ref section, ref commas) : section.PointAt;
                    break;
                case ',':
                    commas += section.Placeholders > 0 && section.PointAt < 0 ? 1 : 0;
                    break;
                case '%':
                    section.ScaleBy += 2;
                    break;
                case '\u2030':
                    section.ScaleBy += 3;
                    break;
                case '\\':
                    i++;
                    break;
                case '\'' or '"':
                    i = SkipQuoted(format, i);
                    break;
                case 'E' or 'e' when ExponentZeros(format, i, out int length) > 0:
                    section.Scientific = true;
                    i += length - 1;
                    break;
            }
        }

        section.End = Math.Min(i, format.Length);
        if (section.PointAt < 0)
        {
            section.PointAt = EndInteger(ref section, ref commas);
        }

        return section;
    }

    /// <summary>Commas right before the point divide by a thousand each.</summary>
    private static int EndInteger(ref CustomSection section, ref int commas)
    {
        section.ScaleBy -= 3 * commas;
        commas = 0;
        return section.Placeholders;
    }

    private static int SkipQuoted(ReadOnlySpan<char> format, int start)
    {
        int end = start + 1;
        while (end < format.Length && format[end] != format[start])
        {
            end++;
        }

        return end;
    }

    /// <summary>Zeros of an exponent that begins here (E0, E+0, e-0), or none; and its length in the format.</summary>
    private static int ExponentZeros(ReadOnlySpan<char> format, int start, out int length)
    {
        int i = start + 1;
        if (i < format.Length && format[i] is '+' or '-')
        {
            i++;
        }

        int zeros = 0;
        for (; i < format.Length && format[i] == '0'; i++)
        {
            zeros++;
        }

        length = i - start;
        return zeros;
    }

    private static void WriteSection(ref TextBuffer text, in Digits digits, ReadOnlySpan<char> format,
        in CustomSection section, NumberFormatInfo info)
    {
        int scale = section.Scientific && digits.Count > 0 ? section.PointAt : digits.Scale;
        DigitWriter writer = new(in digits, in section, scale);
        for (int i = 0; i < format.Length; i++)
        {
            char c = format[i];
            switch (c)
            {
                case '0' or '#':
                    writer.WritePlaceholder(ref text, in digits, info);
                    break;
                case '.':
                    writer.WritePoint(ref text, in digits, info);
                    break;
                case ',':
                    break;
                case '%':
                    text.Append(info.PercentSymbol);
                    break;
                case '\u2030':
                    text.Append(info.PerMilleSymbol);
                    break;
                case '\\':
                    if (++i < format.Length)
                    {
                        text.Append(format[i]);
                    }

                    break;
                case '\'' or '"':
                    int end = SkipQuoted(format, i);
                    text.Append(format.Slice(i + 1, Math.Min(end, format.Length) - i - 1));
                    i = end;
                    break;
                case 'E' or 'e' when ExponentZeros(format, i, out int length) > 0:
                    int exponent = digits.Count == 0 ? 0 : digits.Scale - section.PointAt;
                    AppendExponent(ref text, exponent, format.Slice(i, length), info);
                    i += length - 1;
                    break;
                default:
                    text.Append(c);
                    break;
            }
        }
    }

    private static void AppendExponent(ref TextBuffer text, int exponent, ReadOnlySpan<char> spec,
        NumberFormatInfo info)
    {
        text.Append(spec[0]);
        if (exponent < 0)
        {
            text.Append(info.NegativeSign);
        }
        else if (spec[1] == '+')
        {
            text.Append(info.PositiveSign);
        }

        int zeros = ExponentZeros(spec, 0, out _);
        AppendDecimal(ref text, (ulong)Math.Abs(exponent), false, Math.Min(zeros, 10), info);
    }

    /// <summary>Walks the digits beside the placeholders of a section.</summary>
    private struct DigitWriter
    {
        private readonly int firstRequired;
        private readonly int lastRequired;
        private readonly bool grouped;
        private readonly bool hasFraction;
        private int missing;
        private int place;
        private int next;
        private bool pointWritten;

        internal DigitWriter(in Digits digits, in CustomSection section, int scale)
        {
            int point = section.PointAt;
            firstRequired = section.FirstZero < point ? point - section.FirstZero : 0;
            lastRequired = section.LastZero > point ? point - section.LastZero : 0;
            grouped = section.Grouped;
            hasFraction = point < section.Placeholders;
            missing = scale - point;
            place = Math.Max(scale, point);
        }

        internal void WritePlaceholder(ref TextBuffer text, in Digits digits, NumberFormatInfo info)
        {
            // More digits than placeholders: the first placeholder writes them all.
            for (; missing > 0; missing--)
            {
                WriteDigit(ref text, (char)('0' + digits.At(next++)), info);
                place--;
            }

            char c = '\0';
            if (missing < 0)
            {
                missing++;
                c = place <= firstRequired ? '0' : '\0';
            }
            else if (next < digits.Count)
            {
                c = (char)('0' + digits.At(next++));
            }
            else if (place > lastRequired)
            {
                c = '0';
            }

            if (c != '\0')
            {
                WriteDigit(ref text, c, info);
            }

            place--;
        }

        internal void WritePoint(ref TextBuffer text, in Digits digits, NumberFormatInfo info)
        {
            if (place == 0 && !pointWritten && (lastRequired < 0 || (hasFraction && next < digits.Count)))
            {
                text.Append(info.NumberDecimalSeparator);
                pointWritten = true;
            }
        }

        private readonly void WriteDigit(ref TextBuffer text, char c, NumberFormatInfo info)
        {
            text.Append(c);
            if (grouped && place > 1 && (place - 1) % 3 == 0)
            {
                text.Append(info.NumberGroupSeparator);
            }
        }
    }
}
