using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace System;

/// <summary>How reading a number ended.</summary>
internal enum ParseStatus
{
    Ok,
    Malformed,
    Overflow,
}

/// <summary>Text to integers and floating point. Nothing is believed before the whole text is read.</summary>
internal static unsafe partial class Number
{
    private const NumberStyles PlainInteger = NumberStyles.Integer;

    internal static ulong ParseInteger(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, ulong most,
        bool signed, int bits)
    {
        ParseStatus status = TryParseInteger(s, style, provider, most, signed, bits, out ulong value);
        if (status != ParseStatus.Ok)
        {
            ThrowParse(status, s);
        }

        return value;
    }

    [DoesNotReturn]
    private static void ThrowParse(ParseStatus status, ReadOnlySpan<char> s)
    {
        if (status == ParseStatus.Overflow)
        {
            throw new OverflowException("The value was too large or too small for its type.");
        }

        throw new FormatException("The input string '" + s.ToString() + "' was not in a correct format.");
    }

    /// <summary>The value as 64 bits in two's complement.</summary>
    internal static ParseStatus TryParseInteger(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider,
        ulong most, bool signed, int bits, out ulong value)
    {
        CheckIntegerStyle(style);
        if ((style & (NumberStyles.AllowHexSpecifier | NumberStyles.AllowBinarySpecifier)) != 0)
        {
            return TryParsePowerOfTwo(s, style, bits, out value);
        }

        NumberFormatInfo info = NumberFormatInfo.GetInstance(provider);
        value = 0;
        if ((style & ~PlainInteger) == 0)
        {
            return TryParsePlain(s, style, info, most, signed, out value);
        }

        byte* memory = stackalloc byte[Digits.Capacity];
        Digits digits = new(memory, Digits.Capacity);
        if (!TryReadDigits(s, style, info, ref digits))
        {
            return ParseStatus.Malformed;
        }

        if (digits.Scale > 20 || digits.Count > Math.Max(digits.Scale, 0))
        {
            return ParseStatus.Overflow;
        }

        for (int i = 0; i < digits.Scale; i++)
        {
            uint digit = (uint)digits.At(i);
            if (value > (ulong.MaxValue - digit) / 10)
            {
                return ParseStatus.Overflow;
            }

            value = (value * 10) + digit;
        }

        return ApplySign(ref value, digits.Negative, most, signed);
    }

    private static void CheckIntegerStyle(NumberStyles style)
    {
        const NumberStyles Known = NumberStyles.Any | NumberStyles.AllowHexSpecifier
            | NumberStyles.AllowBinarySpecifier;
        const NumberStyles Bases = NumberStyles.AllowHexSpecifier | NumberStyles.AllowBinarySpecifier;
        bool mixed = (style & Bases) != 0
            && ((style & ~NumberStyles.HexNumber & ~NumberStyles.BinaryNumber) != 0 || (style & Bases) == Bases);
        if ((style & ~Known) != 0 || mixed)
        {
            throw new ArgumentException("The number style is invalid.", nameof(style));
        }
    }

    private static ParseStatus ApplySign(ref ulong value, bool negative, ulong most, bool signed)
    {
        ulong limit = negative ? (signed ? most + 1 : 0) : most;
        if (value > limit)
        {
            return ParseStatus.Overflow;
        }

        value = negative ? 0 - value : value;
        return ParseStatus.Ok;
    }

    private static ParseStatus TryParsePlain(ReadOnlySpan<char> s, NumberStyles style, NumberFormatInfo info,
        ulong most, bool signed, out ulong value)
    {
        value = 0;
        int i = 0;
        int end = TrimEnds(s, style, ref i);
        bool negative = false;
        if ((style & NumberStyles.AllowLeadingSign) != 0)
        {
            i += SkipSign(s.Slice(i, end - i), info, out negative);
        }

        if (i == end)
        {
            return ParseStatus.Malformed;
        }

        bool tooLarge = false;
        for (; i < end; i++)
        {
            uint digit = (uint)s[i] - '0';
            if (digit > 9)
            {
                return ParseStatus.Malformed;
            }

            tooLarge |= value > ulong.MaxValue / 10 || value * 10 > ulong.MaxValue - digit;
            value = (value * 10) + digit;
        }

        return tooLarge ? ParseStatus.Overflow : ApplySign(ref value, negative, most, signed);
    }

    private static ParseStatus TryParsePowerOfTwo(ReadOnlySpan<char> s, NumberStyles style, int bits, out ulong value)
    {
        bool hex = (style & NumberStyles.AllowHexSpecifier) != 0;
        value = 0;
        int i = 0;
        int end = TrimEnds(s, style, ref i);
        if (i == end)
        {
            return ParseStatus.Malformed;
        }

        int shift = hex ? 4 : 1;
        ulong highest = (hex ? 15UL : 1UL) << (bits - shift);
        bool tooLarge = false;
        for (; i < end; i++)
        {
            int digit = hex ? HexDigit(s[i]) : s[i] is '0' or '1' ? s[i] - '0' : -1;
            if (digit < 0)
            {
                return ParseStatus.Malformed;
            }

            tooLarge |= (value & highest) != 0;
            value = (value << shift) | (uint)digit;
        }

        return tooLarge ? ParseStatus.Overflow : ParseStatus.Ok;
    }

    /// <summary>The value of a hexadecimal digit, or -1.</summary>
    internal static int HexDigit(char c)
    {
        if ((uint)(c - '0') <= 9)
        {
            return c - '0';
        }

        uint letter = (uint)((c | 0x20) - 'a');
        return letter <= 5 ? (int)letter + 10 : -1;
    }

    private static int TrimEnds(ReadOnlySpan<char> s, NumberStyles style, ref int start)
    {
        int end = s.Length;
        if ((style & NumberStyles.AllowTrailingWhite) != 0)
        {
            // Zeros at the end are what is left of a native string; the platform takes them for white space.
            while (end > 0 && (IsNumberWhite(s[end - 1]) || s[end - 1] == '\0') && end > 1)
            {
                end--;
            }
        }

        if ((style & NumberStyles.AllowLeadingWhite) != 0)
        {
            while (start < end && IsNumberWhite(s[start]))
            {
                start++;
            }
        }

        return end;
    }

    private static bool IsNumberWhite(char c) => c == ' ' || (c >= '\t' && c <= '\r');

    private static int SkipSign(ReadOnlySpan<char> s, NumberFormatInfo info, out bool negative)
    {
        negative = s.Length > 0 && (s[0] == '-' || s[0] == '\u2212') || s.StartsWith(info.NegativeSign);
        if (negative)
        {
            return s.StartsWith(info.NegativeSign) ? info.NegativeSign.Length : 1;
        }

        return s.StartsWith(info.PositiveSign) ? info.PositiveSign.Length : 0;
    }

    internal static double ParseDouble(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider,
        bool isSingle)
    {
        if (!TryParseDouble(s, style, provider, isSingle, out double value))
        {
            ThrowParse(ParseStatus.Malformed, s);
        }

        return value;
    }

    internal static bool TryParseDouble(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider,
        bool isSingle, out double value)
    {
        if ((style & (NumberStyles.AllowHexSpecifier | NumberStyles.AllowBinarySpecifier)) != 0)
        {
            throw new ArgumentException("The number style is invalid for floating point.", nameof(style));
        }

        NumberFormatInfo info = NumberFormatInfo.GetInstance(provider);
        byte* memory = stackalloc byte[Digits.Capacity];
        Digits digits = new(memory, Digits.Capacity);
        if (!TryReadDigits(s, style, info, ref digits))
        {
            return TryReadSymbol(s.Trim(), info, out value);
        }

        value = isSingle ? ToSingle(in digits) : ToDouble(in digits);
        value = digits.Negative ? -value : value;
        return true;
    }

    private static bool TryReadSymbol(ReadOnlySpan<char> s, NumberFormatInfo info, out double value)
    {
        const StringComparison Loose = StringComparison.OrdinalIgnoreCase;
        value = 0;
        if (s.Equals(info.PositiveInfinitySymbol, Loose) || IsSigned(s, '+', info.PositiveInfinitySymbol))
        {
            value = double.PositiveInfinity;
        }
        else if (s.Equals(info.NegativeInfinitySymbol, Loose))
        {
            value = double.NegativeInfinity;
        }
        else if (s.Equals(info.NaNSymbol, Loose) || IsSigned(s, '+', info.NaNSymbol)
            || IsSigned(s, '-', info.NaNSymbol))
        {
            value = double.NaN;
        }
        else
        {
            return false;
        }

        return true;
    }

    private static bool IsSigned(ReadOnlySpan<char> s, char sign, string symbol) =>
        s.Length > 0 && s[0] == sign && s.Slice(1).Equals(symbol, StringComparison.OrdinalIgnoreCase);
}
