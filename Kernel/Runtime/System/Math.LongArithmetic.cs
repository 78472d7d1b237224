using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// 64-bit division, checked multiplication and checked conversion. The machine has none of them: the compiler calls
/// these by name wherever C# says /, % or checked * on long and ulong, or checked on a conversion of double.
/// </summary>
public static unsafe partial class Math
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDivide64By32")]
    private static extern uint Divide64By32(uint high, uint low, uint divisor, uint* remainder);

    private static ulong DivUInt64(ulong dividend, ulong divisor) => Divide(dividend, divisor, out _);

    private static ulong ModUInt64(ulong dividend, ulong divisor)
    {
        Divide(dividend, divisor, out ulong remainder);
        return remainder;
    }

    private static long DivInt64(long dividend, long divisor)
    {
        if (divisor == -1)
        {
            return dividend == long.MinValue ? throw new OverflowException() : -dividend;
        }

        ulong quotient = Divide(Magnitude(dividend), Magnitude(divisor), out _);
        return (dividend ^ divisor) < 0 ? -(long)quotient : (long)quotient;
    }

    private static long ModInt64(long dividend, long divisor)
    {
        if (divisor == -1)
        {
            return dividend == long.MinValue ? throw new OverflowException() : 0;
        }

        Divide(Magnitude(dividend), Magnitude(divisor), out ulong remainder);
        return dividend < 0 ? -(long)remainder : (long)remainder;
    }

    private static long MultiplyChecked(long left, long right)
    {
        ulong magnitude = MultiplyChecked(Magnitude(left), Magnitude(right));
        bool negative = (left ^ right) < 0;
        if (magnitude > (negative ? 1UL << 63 : long.MaxValue))
        {
            throw new OverflowException();
        }

        return negative ? -(long)magnitude : (long)magnitude;
    }

    private static ulong MultiplyChecked(ulong left, ulong right)
    {
        uint leftHigh = (uint)(left >> 32);
        uint rightHigh = (uint)(right >> 32);
        if (leftHigh != 0 && rightHigh != 0)
        {
            throw new OverflowException();
        }

        ulong low = (ulong)(uint)left * (uint)right;
        ulong crossed = ((ulong)leftHigh * (uint)right) + ((ulong)rightHigh * (uint)left) + (low >> 32);
        if (crossed >> 32 != 0)
        {
            throw new OverflowException();
        }

        return (crossed << 32) | (uint)low;
    }

    private static ulong Magnitude(long value) => value < 0 ? 0UL - (ulong)value : (ulong)value;

    private static ulong Divide(ulong dividend, ulong divisor, out ulong remainder)
    {
        uint divisorHigh = (uint)(divisor >> 32);
        uint dividendHigh = (uint)(dividend >> 32);
        uint rest;
        if (divisorHigh == 0)
        {
            uint small = (uint)divisor;
            if (small == 0)
            {
                throw new DivideByZeroException();
            }

            uint high = dividendHigh / small;
            uint low = Divide64By32(dividendHigh - (high * small), (uint)dividend, small, &rest);
            remainder = rest;
            return ((ulong)high << 32) | low;
        }

        // The divisor has more than 32 bits, so the quotient fits in 32: estimate it from the highest 32 bits of the
        // divisor (Knuth, volume 2, 4.3.1); after normalising, the estimate is at most one too large.
        int shift = Numerics.BitOperations.LeadingZeroCount(divisorHigh);
        uint top = (uint)(divisor << shift >> 32);
        ulong halved = dividend >> 1;
        uint estimate = Divide64By32((uint)(halved >> 32), (uint)halved, top, &rest);
        ulong quotient = (ulong)estimate << shift >> 31;
        quotient -= quotient > 0 ? 1u : 0u;
        remainder = dividend - (quotient * divisor);
        if (remainder >= divisor)
        {
            remainder -= divisor;
            quotient++;
        }

        return quotient;
    }

    private static int ConvertToInt32Checked(double value) =>
        value > -2147483649.0 && value < 2147483648.0 ? (int)value : throw new OverflowException();

    private static uint ConvertToUInt32Checked(double value) =>
        value > -1.0 && value < 4294967296.0 ? (uint)value : throw new OverflowException();

    private static long ConvertToInt64Checked(double value) =>
        value >= -9223372036854775808.0 && value < 9223372036854775808.0
            ? (long)value
            : throw new OverflowException();

    private static ulong ConvertToUInt64Checked(double value) =>
        value > -1.0 && value < 18446744073709551616.0 ? (ulong)value : throw new OverflowException();
}
