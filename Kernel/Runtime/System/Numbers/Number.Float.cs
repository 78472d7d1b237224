using System.Globalization;

namespace System;

/// <summary>Floating point to text: exact digits when a precision is asked for, the shortest ones otherwise.</summary>
internal static unsafe partial class Number
{
    private const int DoubleMantissaBits = 52;
    private const int SingleMantissaBits = 23;

    internal static string FormatDouble(double value, bool isSingle, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        TextBuffer text = new(stackalloc char[64]);
        AppendDouble(ref text, value, isSingle, format, NumberFormatInfo.GetInstance(provider));
        return text.ToString();
    }

    internal static bool TryFormatDouble(double value, bool isSingle, ReadOnlySpan<char> format,
        IFormatProvider? provider, Span<char> destination, out int written)
    {
        TextBuffer text = new(stackalloc char[64]);
        AppendDouble(ref text, value, isSingle, format, NumberFormatInfo.GetInstance(provider));
        return text.TryCopyTo(destination, out written);
    }

    internal static bool TryFormatDouble(double value, bool isSingle, ReadOnlySpan<char> format,
        IFormatProvider? provider, Span<byte> destination, out int written)
    {
        TextBuffer text = new(stackalloc char[64]);
        AppendDouble(ref text, value, isSingle, format, NumberFormatInfo.GetInstance(provider));
        return text.TryCopyTo(destination, out written);
    }

    private static void AppendDouble(ref TextBuffer text, double value, bool isSingle, ReadOnlySpan<char> format,
        NumberFormatInfo info)
    {
        if (!double.IsFinite(value))
        {
            text.Append(double.IsNaN(value) ? info.NaNSymbol
                : value > 0 ? info.PositiveInfinitySymbol : info.NegativeInfinitySymbol);
            return;
        }

        bool standard = TryParseStandardFormat(format, out char kind, out int precision);
        byte* memory = stackalloc byte[Digits.Capacity];
        Digits digits = new(memory, Digits.Capacity);
        if (!standard)
        {
            // The platform hands a custom format 15 (or 7) digits, correctly rounded.
            ExactDigits(ref digits, value);
            digits.Round(isSingle ? 7 : 15, halfToEven: true);
            digits.Negative = double.IsNegative(value);
            AppendCustom(ref text, ref digits, format, isFloat: true, info);
            return;
        }

        char upper = (char)(kind & ~0x20);
        if (upper == 'R' || (upper == 'G' && precision <= 0))
        {
            ShortestDigits(ref digits, value, isSingle);
            digits.Negative = double.IsNegative(value);
            int most = Math.Max(digits.Count, isSingle ? 9 : 17);
            AppendGeneral(ref text, ref digits, most, char.IsAsciiLetterLower(kind) ? 'e' : 'E', info);
            return;
        }

        if (upper is 'D' or 'X' or 'B')
        {
            throw new FormatException("Format specifier was invalid.");
        }

        ExactDigits(ref digits, value);
        digits.Negative = double.IsNegative(value);
        AppendStandard(ref text, ref digits, kind, precision, halfToEven: true, info);
    }

    /// <summary>Every digit of the exact value.</summary>
    private static void ExactDigits(ref Digits digits, double value)
    {
        ulong mantissa = Split(value, out int exponent);
        if (mantissa == 0)
        {
            return;
        }

        uint* memory = stackalloc uint[BigNatural.Words];
        BigNatural number = new(memory, mantissa);
        int scale = 0;
        if (exponent >= 0)
        {
            number.ShiftLeft(exponent);
        }
        else
        {
            // m * 2^-e is m * 5^e / 10^e: the division is only a place of the decimal point.
            number.MultiplyByPowerOfFive(-exponent);
            scale = exponent;
        }

        Span<byte> reversed = stackalloc byte[Digits.Capacity];
        int count = 0;
        while (!number.IsZero)
        {
            uint part = number.DivideBy(1_000_000_000);
            for (int i = 0; i < 9; i++, part /= 10)
            {
                reversed[count++] = (byte)(part % 10);
            }
        }

        while (reversed[count - 1] == 0)
        {
            count--;
        }

        for (int i = 0; i < count; i++)
        {
            digits.Values[i] = reversed[count - 1 - i];
        }

        digits.Count = count;
        digits.Scale = count + scale;
        digits.DropTrailingZeros();
    }

    /// <summary>
    /// The fewest digits that read back as the same value (Steele and White 1990, Burger and Dybvig 1996): the
    /// fraction r/s is developed digit by digit until what is left lies within half the gap to the neighbours.
    /// </summary>
    private static void ShortestDigits(ref Digits digits, double value, bool isSingle)
    {
        ulong mantissa = isSingle ? SplitSingle((float)value, out int exponent) : Split(value, out exponent);
        if (mantissa == 0)
        {
            return;
        }

        // At a power of two the gap below is half the gap above, but for the smallest exponent.
        bool closeBelow = mantissa == 1UL << (isSingle ? SingleMantissaBits : DoubleMantissaBits)
            && exponent > (isSingle ? -149 : -1074);
        uint* memory = stackalloc uint[4 * BigNatural.Words];
        BigNatural rest = new(memory, mantissa);
        BigNatural scale = new(memory + BigNatural.Words, 1);
        BigNatural below = new(memory + (2 * BigNatural.Words), 1);
        int extra = closeBelow ? 2 : 1;
        rest.ShiftLeft(Math.Max(exponent, 0) + extra);
        below.ShiftLeft(Math.Max(exponent, 0));
        scale.ShiftLeft(Math.Max(-exponent, 0) + extra);

        int decimalExponent = EstimateDecimalExponent(mantissa, exponent);
        if (decimalExponent >= 0)
        {
            scale.MultiplyByPowerOfTen(decimalExponent);
        }
        else
        {
            rest.MultiplyByPowerOfTen(-decimalExponent);
            below.MultiplyByPowerOfTen(-decimalExponent);
        }

        BigNatural above = new(memory + (3 * BigNatural.Words), in below);
        if (closeBelow)
        {
            above.ShiftLeft(1);
        }

        bool inclusive = (mantissa & 1) == 0;
        while (BigNatural.CompareSum(in rest, in above, in scale) >= (inclusive ? 0 : 1))
        {
            scale.MultiplyAdd(10, 0);
            decimalExponent++;
        }

        rest.MultiplyAdd(10, 0);
        below.MultiplyAdd(10, 0);
        above.MultiplyAdd(10, 0);
        digits.Scale = decimalExponent;
        GenerateShortest(ref digits, ref rest, ref scale, ref below, ref above, inclusive);
    }

    private static void GenerateShortest(ref Digits digits, ref BigNatural rest, ref BigNatural scale,
        ref BigNatural below, ref BigNatural above, bool inclusive)
    {
        while (true)
        {
            byte digit = 0;
            while (BigNatural.Compare(in rest, in scale) >= 0)
            {
                rest.Subtract(in scale);
                digit++;
            }

            int low = BigNatural.Compare(in rest, in below);
            int high = BigNatural.CompareSum(in rest, in above, in scale);
            bool canStopDown = inclusive ? low <= 0 : low < 0;
            bool canStopUp = inclusive ? high >= 0 : high > 0;
            if (canStopDown || canStopUp)
            {
                int half = BigNatural.CompareSum(in rest, in rest, in scale);
                bool up = canStopDown && canStopUp ? half > 0 || (half == 0 && (digit & 1) != 0) : canStopUp;
                digits.Values[digits.Count++] = digit;
                if (up)
                {
                    RoundLastUp(ref digits);
                }

                digits.DropTrailingZeros();
                return;
            }

            digits.Values[digits.Count++] = digit;
            rest.MultiplyAdd(10, 0);
            below.MultiplyAdd(10, 0);
            above.MultiplyAdd(10, 0);
        }
    }

    private static void RoundLastUp(ref Digits digits)
    {
        int i = digits.Count - 1;
        for (; i >= 0 && digits.Values[i] == 9; i--)
        {
            digits.Values[i] = 0;
        }

        if (i >= 0)
        {
            digits.Values[i]++;
            return;
        }

        digits.Values[0] = 1;
        digits.Scale++;
    }

    /// <summary>The power of ten just below or at the value, or one less.</summary>
    private static int EstimateDecimalExponent(ulong mantissa, int exponent)
    {
        int binary = exponent + 63 - Numerics.BitOperations.LeadingZeroCount(mantissa);

        // log10(2) in 32-bit fixed point, rounded towards minus infinity: never too large.
        return (int)((binary * 1292913986L) >> 32);
    }

    private static ulong Split(double value, out int exponent)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int biased = (int)(bits >> DoubleMantissaBits) & 0x7FF;
        ulong mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        exponent = Math.Max(biased, 1) - 1075;
        return biased == 0 ? mantissa : mantissa | (1UL << DoubleMantissaBits);
    }

    private static ulong SplitSingle(float value, out int exponent)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        int biased = (int)(bits >> SingleMantissaBits) & 0xFF;
        uint mantissa = bits & 0x7F_FFFF;
        exponent = Math.Max(biased, 1) - 150;
        return biased == 0 ? mantissa : mantissa | (1u << SingleMantissaBits);
    }
}
