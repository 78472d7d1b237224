using System.Globalization;

namespace System;

/// <summary>Integers to text, and the standard formats (D, X, B, G, F, N, E, P, C, R) over decimal digits.</summary>
internal static unsafe partial class Number
{
    /// <summary>More digits than this are refused: a format string is no way to ask for a gigabyte.</summary>
    private const int MostDigits = 999_999_999;

    internal static string DecimalText(ulong magnitude, bool negative)
    {
        Span<char> text = stackalloc char[21];
        int start = WriteDecimal(magnitude, text);
        if (negative)
        {
            text[--start] = '-';
        }

        return new string(text.Slice(start));
    }

    internal static string FormatInteger(ulong magnitude, bool negative, ulong raw, int bits, string? format,
        IFormatProvider? provider)
    {
        if (string.IsNullOrEmpty(format))
        {
            return DecimalText(magnitude, negative);
        }

        TextBuffer text = new(stackalloc char[64]);
        AppendInteger(ref text, magnitude, negative, raw, bits, format, NumberFormatInfo.GetInstance(provider));
        return text.ToString();
    }

    internal static bool TryFormatInteger(ulong magnitude, bool negative, ulong raw, int bits,
        ReadOnlySpan<char> format, IFormatProvider? provider, Span<char> destination, out int written)
    {
        TextBuffer text = new(stackalloc char[64]);
        AppendInteger(ref text, magnitude, negative, raw, bits, format, NumberFormatInfo.GetInstance(provider));
        return text.TryCopyTo(destination, out written);
    }

    internal static bool TryFormatInteger(ulong magnitude, bool negative, ulong raw, int bits,
        ReadOnlySpan<char> format, IFormatProvider? provider, Span<byte> destination, out int written)
    {
        TextBuffer text = new(stackalloc char[64]);
        AppendInteger(ref text, magnitude, negative, raw, bits, format, NumberFormatInfo.GetInstance(provider));
        return text.TryCopyTo(destination, out written);
    }

    /// <summary>Writes at the end of the buffer and returns where the text starts.</summary>
    private static int WriteDecimal(ulong magnitude, Span<char> buffer)
    {
        int start = buffer.Length;

        // Division of 64 bits is a call on this machine: leave it as early as possible.
        while (magnitude > uint.MaxValue)
        {
            ulong rest = magnitude / 10;
            buffer[--start] = (char)('0' + (int)(magnitude - (rest * 10)));
            magnitude = rest;
        }

        uint small = (uint)magnitude;
        do
        {
            uint rest = small / 10;
            buffer[--start] = (char)('0' + (int)(small - (rest * 10)));
            small = rest;
        }
        while (small != 0);
        return start;
    }

    private static void AppendInteger(ref TextBuffer text, ulong magnitude, bool negative, ulong raw, int bits,
        ReadOnlySpan<char> format, NumberFormatInfo info)
    {
        bool standard = TryParseStandardFormat(format, out char kind, out int precision);
        char upper = (char)(kind & ~0x20);
        if (standard && upper is 'D' || (upper is 'G' && precision <= 0) || upper is 'R')
        {
            AppendDecimal(ref text, magnitude, negative, Math.Max(precision, 1), info);
        }
        else if (standard && upper is 'X' or 'B')
        {
            AppendPowerOfTwo(ref text, raw, upper == 'X' ? 4 : 1, kind == 'x', Math.Max(precision, 1));
        }
        else
        {
            const int MostDigitsOfInteger = 24;
            byte* memory = stackalloc byte[MostDigitsOfInteger];
            Digits digits = new(memory, MostDigitsOfInteger);
            Digits.FromInteger(ref digits, magnitude, negative);
            if (standard)
            {
                AppendStandard(ref text, ref digits, kind, precision, halfToEven: false, info);
            }
            else
            {
                AppendCustom(ref text, ref digits, format, isFloat: false, info);
            }
        }
    }

    private static void AppendDecimal(ref TextBuffer text, ulong magnitude, bool negative, int width,
        NumberFormatInfo info)
    {
        Span<char> buffer = stackalloc char[20];
        ReadOnlySpan<char> digits = buffer.Slice(WriteDecimal(magnitude, buffer));
        if (negative)
        {
            text.Append(info.NegativeSign);
        }

        text.AppendRepeated('0', width - digits.Length);
        text.Append(digits);
    }

    private static void AppendPowerOfTwo(ref TextBuffer text, ulong raw, int bitsPerDigit, bool lower, int width)
    {
        Span<char> buffer = stackalloc char[64];
        int start = buffer.Length;
        int letter = (lower ? 'a' : 'A') - 10;
        do
        {
            int digit = (int)raw & ((1 << bitsPerDigit) - 1);
            buffer[--start] = (char)(digit < 10 ? '0' + digit : letter + digit);
            raw >>= bitsPerDigit;
        }
        while (raw != 0);
        text.AppendRepeated('0', width - (buffer.Length - start));
        text.Append(buffer.Slice(start));
    }

    /// <summary>A letter and up to nine digits; nothing at all means G. Everything else is a custom format.</summary>
    private static bool TryParseStandardFormat(ReadOnlySpan<char> format, out char kind, out int precision)
    {
        kind = 'G';
        precision = -1;
        if (format.Length == 0)
        {
            return true;
        }

        kind = format[0];
        if (!char.IsAsciiLetter(kind))
        {
            kind = '\0';
            return false;
        }

        for (int i = 1; i < format.Length; i++)
        {
            if (!char.IsAsciiDigit(format[i]))
            {
                kind = '\0';
                return false;
            }

            precision = (Math.Max(precision, 0) * 10) + (format[i] - '0');
            if (precision > MostDigits)
            {
                throw new FormatException("Format specifier was invalid.");
            }
        }

        return true;
    }

    private static void AppendStandard(ref TextBuffer text, ref Digits digits, char kind, int precision,
        bool halfToEven, NumberFormatInfo info)
    {
        int places = precision >= 0 ? precision : info.NumberDecimalDigits;
        switch ((char)(kind & ~0x20))
        {
            case 'F':
                digits.Round(digits.Scale + places, halfToEven);
                AppendSign(ref text, in digits, info);
                AppendFixed(ref text, in digits, places, grouped: false, info);
                break;
            case 'N':
                digits.Round(digits.Scale + places, halfToEven);
                AppendSign(ref text, in digits, info);
                AppendFixed(ref text, in digits, places, grouped: true, info);
                break;
            case 'P':
                digits.Scale += digits.Count == 0 ? 0 : 2;
                digits.Round(digits.Scale + places, halfToEven);
                AppendSign(ref text, in digits, info);
                AppendFixed(ref text, in digits, places, grouped: true, info);
                text.Append(' ');
                text.Append(info.PercentSymbol);
                break;
            case 'C':
                AppendCurrency(ref text, ref digits, places, halfToEven, info);
                break;
            case 'E':
                places = precision >= 0 ? precision : 6;
                digits.Round(places + 1, halfToEven);
                AppendSign(ref text, in digits, info);
                AppendScientific(ref text, in digits, places, kind, 3, info);
                break;
            case 'G':
                digits.Round(precision, halfToEven);
                AppendGeneral(ref text, ref digits, precision, (char)(kind - 2), info);
                break;
            default:
                throw new FormatException("Format specifier was invalid.");
        }
    }

    private static void AppendSign(ref TextBuffer text, in Digits digits, NumberFormatInfo info)
    {
        if (digits.Negative)
        {
            text.Append(info.NegativeSign);
        }
    }

    private static void AppendCurrency(ref TextBuffer text, ref Digits digits, int places, bool halfToEven,
        NumberFormatInfo info)
    {
        // The invariant culture writes a negative amount in parentheses.
        digits.Round(digits.Scale + places, halfToEven);
        text.Append(digits.Negative ? "(" : "");
        text.Append(info.CurrencySymbol);
        AppendFixed(ref text, in digits, places, grouped: true, info);
        text.Append(digits.Negative ? ")" : "");
    }

    private static void AppendFixed(ref TextBuffer text, in Digits digits, int places, bool grouped,
        NumberFormatInfo info)
    {
        if (digits.Scale <= 0)
        {
            text.Append('0');
        }

        for (int i = 0; i < digits.Scale; i++)
        {
            if (grouped && i > 0 && (digits.Scale - i) % 3 == 0)
            {
                text.Append(info.NumberGroupSeparator);
            }

            text.Append((char)('0' + digits.At(i)));
        }

        if (places > 0)
        {
            text.Append(info.NumberDecimalSeparator);
            for (int i = 0; i < places; i++)
            {
                text.Append((char)('0' + digits.At(digits.Scale + i)));
            }
        }
    }

    private static void AppendScientific(ref TextBuffer text, in Digits digits, int places, char symbol,
        int exponentDigits, NumberFormatInfo info)
    {
        text.Append((char)('0' + digits.At(0)));
        if (places > 0)
        {
            text.Append(info.NumberDecimalSeparator);
            for (int i = 1; i <= places; i++)
            {
                text.Append((char)('0' + digits.At(i)));
            }
        }

        int exponent = digits.Count == 0 ? 0 : digits.Scale - 1;
        text.Append(symbol);
        text.Append(exponent < 0 ? info.NegativeSign : info.PositiveSign);
        AppendDecimal(ref text, (ulong)Math.Abs(exponent), false, exponentDigits, info);
    }

    private static void AppendGeneral(ref TextBuffer text, ref Digits digits, int most, char symbol,
        NumberFormatInfo info)
    {
        AppendSign(ref text, in digits, info);
        if (digits.Count > 0 && (digits.Scale > most || digits.Scale < -3))
        {
            AppendScientific(ref text, in digits, digits.Count - 1, symbol, 2, info);
        }
        else
        {
            AppendFixed(ref text, in digits, Math.Max(digits.Count - digits.Scale, 0), grouped: false, info);
        }
    }
}
