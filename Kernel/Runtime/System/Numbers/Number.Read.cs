using System.Globalization;

namespace System;

/// <summary>Decimal text to digits, and digits to binary floating point, correctly rounded.</summary>
internal static unsafe partial class Number
{
    /// <summary>More digits than any double distinguishes; those behind only tell whether anything is left.</summary>
    private const int SignificantDigits = 768;

    /// <summary>Exponents beyond this are zero or infinity whatever the digits are.</summary>
    private const int ExponentLimit = 99_999;

    private static bool TryReadDigits(ReadOnlySpan<char> s, NumberStyles style, NumberFormatInfo info,
        ref Digits digits)
    {
        int i = 0;
        int end = TrimEnds(s, style, ref i);
        bool signed = false;
        bool parenthesis = false;
        ReadPrefix(s, ref i, end, style, info, ref signed, ref parenthesis, out digits.Negative);
        if (!ReadMantissa(s, ref i, end, style, info, ref digits))
        {
            return false;
        }

        if ((style & NumberStyles.AllowExponent) != 0)
        {
            ReadExponent(s, ref i, end, info, ref digits);
        }

        if (parenthesis)
        {
            if (i >= end || s[i] != ')')
            {
                return false;
            }

            i++;
        }
        else if (!signed && (style & NumberStyles.AllowTrailingSign) != 0)
        {
            int length = SkipSign(s.Slice(i, end - i), info, out bool negative);
            digits.Negative |= negative;
            i += length;
        }

        digits.DropTrailingZeros();
        return i == end;
    }

    private static void ReadPrefix(ReadOnlySpan<char> s, ref int i, int end, NumberStyles style,
        NumberFormatInfo info, ref bool signed, ref bool parenthesis, out bool negative)
    {
        negative = false;
        if ((style & NumberStyles.AllowLeadingSign) != 0)
        {
            int length = SkipSign(s.Slice(i, end - i), info, out negative);
            signed = length > 0;
            i += length;
        }

        if (!signed && (style & NumberStyles.AllowParentheses) != 0 && i < end && s[i] == '(')
        {
            parenthesis = negative = true;
            i++;
        }

        if ((style & NumberStyles.AllowCurrencySymbol) != 0 && s.Slice(i, end - i).StartsWith(info.CurrencySymbol))
        {
            i += info.CurrencySymbol.Length;
        }
    }

    private static bool ReadMantissa(ReadOnlySpan<char> s, ref int i, int end, NumberStyles style,
        NumberFormatInfo info, ref Digits digits)
    {
        bool any = false;
        bool point = false;
        for (; i < end; i++)
        {
            uint digit = (uint)s[i] - '0';
            if (digit <= 9)
            {
                any = true;
                digits.Scale += AddDigit(ref digits, (byte)digit, point);
            }
            else if (!point && (style & NumberStyles.AllowDecimalPoint) != 0
                && s.Slice(i, end - i).StartsWith(info.NumberDecimalSeparator))
            {
                point = true;
            }
            else if (point || !any || (style & NumberStyles.AllowThousands) == 0
                || !s.Slice(i, end - i).StartsWith(info.NumberGroupSeparator))
            {
                break;
            }
        }

        return any;
    }

    /// <summary>Adds one digit and returns how far the scale moves.</summary>
    private static int AddDigit(ref Digits digits, byte digit, bool behindPoint)
    {
        if (digits.Count == 0 && digit == 0)
        {
            return behindPoint ? -1 : 0;
        }

        if (digits.Count < SignificantDigits)
        {
            digits.Values[digits.Count++] = digit;
        }
        else if (digit != 0)
        {
            // A nonzero digit far behind breaks a tie: one sticky digit stands for all of them.
            digits.Values[SignificantDigits] = 1;
            digits.Count = SignificantDigits + 1;
        }

        return behindPoint ? 0 : 1;
    }

    private static void ReadExponent(ReadOnlySpan<char> s, ref int i, int end, NumberFormatInfo info,
        ref Digits digits)
    {
        if (i >= end || (s[i] | 0x20) != 'e')
        {
            return;
        }

        int at = i + 1;
        at += SkipSign(s.Slice(at, end - at), info, out bool negative);
        int start = at;
        int exponent = 0;
        for (; at < end && char.IsAsciiDigit(s[at]); at++)
        {
            exponent = Math.Min((exponent * 10) + (s[at] - '0'), ExponentLimit);
        }

        if (at > start)
        {
            digits.Scale += negative ? -exponent : exponent;
            i = at;
        }
    }

    private static double ToDouble(in Digits digits)
    {
        ulong bits = ToBinary(in digits, 53, -1074, 1023);
        return BitConverter.UInt64BitsToDouble(bits);
    }

    private static float ToSingle(in Digits digits)
    {
        uint bits = (uint)ToBinary(in digits, 24, -149, 127);
        return BitConverter.UInt32BitsToSingle(bits);
    }

    /// <summary>
    /// The bits of the nearest binary floating point number. Exact: the digits are an integer times a power of ten;
    /// as a fraction of two integers it is developed to 64 bits and one that says whether anything is left.
    /// </summary>
    private static ulong ToBinary(in Digits digits, int precision, int lowestExponent, int highestExponent)
    {
        ulong infinity = (ulong)((highestExponent * 2) + 1) << (precision - 1);
        if (digits.Count == 0 || digits.Scale < -400)
        {
            return 0;
        }

        if (digits.Scale > 400)
        {
            return infinity;
        }

        uint* memory = stackalloc uint[2 * BigNatural.Words];
        BigNatural numerator = new(memory, 0);
        for (int i = 0; i < digits.Count; i++)
        {
            AppendDigit(ref numerator, digits.Values[i]);
        }

        int tens = digits.Scale - digits.Count;
        BigNatural denominator = new(memory + BigNatural.Words, 1);
        if (tens >= 0)
        {
            numerator.MultiplyByPowerOfFive(tens);
        }
        else
        {
            denominator.MultiplyByPowerOfFive(-tens);
        }

        ulong significand = Divide(ref numerator, ref denominator, out int exponent, out bool exact);
        return Assemble(significand, exponent + tens, exact, precision, lowestExponent, infinity);
    }

    private static void AppendDigit(ref BigNatural number, byte digit)
    {
        if (number.IsZero)
        {
            number.Become(digit);
        }
        else
        {
            number.MultiplyAdd(10, digit);
        }
    }

    /// <summary>
    /// The first 64 bits of the quotient; its value is significand * 2^exponent, and a rest if not exact.
    /// </summary>
    private static ulong Divide(ref BigNatural numerator, ref BigNatural denominator, out int exponent, out bool exact)
    {
        int shift = denominator.BitLength - numerator.BitLength;
        if (shift > 0)
        {
            numerator.ShiftLeft(shift);
        }
        else
        {
            denominator.ShiftLeft(-shift);
        }

        ulong quotient = 0;
        int bits = 0;
        while ((quotient >> 63) == 0)
        {
            quotient <<= 1;
            if (BigNatural.Compare(in numerator, in denominator) >= 0)
            {
                numerator.Subtract(in denominator);
                quotient |= 1;
            }

            numerator.ShiftLeft(1);
            bits++;
        }

        exact = numerator.IsZero;
        exponent = -shift - bits + 1;
        return quotient;
    }

    private static ulong Assemble(ulong significand, int exponent, bool exact, int precision, int lowestExponent,
        ulong infinity)
    {
        // Bits that fall off: as many as the precision lacks, more for numbers below the normal range.
        int drop = Math.Max(64 - precision, lowestExponent - exponent);
        if (drop > 64)
        {
            return 0;
        }

        ulong kept = drop == 64 ? 0 : significand >> drop;
        ulong half = 1UL << (drop - 1);
        ulong fallen = drop == 64 ? significand : significand & ((1UL << drop) - 1);
        if (fallen > half || (fallen == half && (!exact || (kept & 1) != 0)))
        {
            kept++;
        }

        if (kept >> precision != 0)
        {
            kept >>= 1;
            drop++;
        }

        if (kept >> (precision - 1) == 0)
        {
            return kept;
        }

        ulong biased = (ulong)(exponent + drop - lowestExponent + 1);
        ulong bits = (biased << (precision - 1)) | (kept & ((1UL << (precision - 1)) - 1));
        return bits >= infinity ? infinity : bits;
    }
}
