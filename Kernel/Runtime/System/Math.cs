using System.Runtime.CompilerServices;

namespace System;

/// <summary>What to do with a half when rounding.</summary>
public enum MidpointRounding
{
    ToEven = 0,
    AwayFromZero = 1,
    ToZero = 2,
    ToNegativeInfinity = 3,
    ToPositiveInfinity = 4,
}

/// <summary>
/// Comparison, absolute values, rounding, whole-number arithmetic. Functions are in Math.Functions.cs.
/// </summary>
public static unsafe partial class Math
{
    public const double E = 2.7182818284590452;
    public const double PI = 3.1415926535897931;
    public const double Tau = 6.2831853071795865;

    public static sbyte Max(sbyte val1, sbyte val2) => val1 >= val2 ? val1 : val2;

    public static sbyte Min(sbyte val1, sbyte val2) => val1 <= val2 ? val1 : val2;

    public static byte Max(byte val1, byte val2) => val1 >= val2 ? val1 : val2;

    public static byte Min(byte val1, byte val2) => val1 <= val2 ? val1 : val2;

    public static short Max(short val1, short val2) => val1 >= val2 ? val1 : val2;

    public static short Min(short val1, short val2) => val1 <= val2 ? val1 : val2;

    public static ushort Max(ushort val1, ushort val2) => val1 >= val2 ? val1 : val2;

    public static ushort Min(ushort val1, ushort val2) => val1 <= val2 ? val1 : val2;

    public static int Max(int val1, int val2) => val1 >= val2 ? val1 : val2;

    public static int Min(int val1, int val2) => val1 <= val2 ? val1 : val2;

    public static uint Max(uint val1, uint val2) => val1 >= val2 ? val1 : val2;

    public static uint Min(uint val1, uint val2) => val1 <= val2 ? val1 : val2;

    public static long Max(long val1, long val2) => val1 >= val2 ? val1 : val2;

    public static long Min(long val1, long val2) => val1 <= val2 ? val1 : val2;

    public static ulong Max(ulong val1, ulong val2) => val1 >= val2 ? val1 : val2;

    public static ulong Min(ulong val1, ulong val2) => val1 <= val2 ? val1 : val2;

    public static nint Max(nint val1, nint val2) => val1 >= val2 ? val1 : val2;

    public static nint Min(nint val1, nint val2) => val1 <= val2 ? val1 : val2;

    public static nuint Max(nuint val1, nuint val2) => val1 >= val2 ? val1 : val2;

    public static nuint Min(nuint val1, nuint val2) => val1 <= val2 ? val1 : val2;

    public static double Max(double val1, double val2)
    {
        // A NaN wins; a negative zero is smaller than a positive one.
        if (val1 != val2)
        {
            return double.IsNaN(val1) || val1 > val2 ? val1 : val2;
        }

        return double.IsNegative(val1) ? val2 : val1;
    }

    public static double Min(double val1, double val2)
    {
        if (val1 != val2)
        {
            return double.IsNaN(val1) || val1 < val2 ? val1 : val2;
        }

        return double.IsNegative(val1) ? val1 : val2;
    }

    public static float Max(float val1, float val2)
    {
        // A NaN wins; a negative zero is smaller than a positive one.
        if (val1 != val2)
        {
            return float.IsNaN(val1) || val1 > val2 ? val1 : val2;
        }

        return float.IsNegative(val1) ? val2 : val1;
    }

    public static float Min(float val1, float val2)
    {
        if (val1 != val2)
        {
            return float.IsNaN(val1) || val1 < val2 ? val1 : val2;
        }

        return float.IsNegative(val1) ? val1 : val2;
    }

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static byte Clamp(byte value, byte min, byte max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static short Clamp(short value, short min, short max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ushort Clamp(ushort value, ushort min, ushort max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static int Clamp(int value, int min, int max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static uint Clamp(uint value, uint min, uint max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static long Clamp(long value, long min, long max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static ulong Clamp(ulong value, ulong min, ulong max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nint Clamp(nint value, nint min, nint max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static nuint Clamp(nuint value, nuint min, nuint max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static double Clamp(double value, double min, double max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static float Clamp(float value, float min, float max)
    {
        if (min > max)
        {
            ThrowMinMax();
        }

        return value < min ? min : value > max ? max : value;
    }

    public static sbyte Abs(sbyte value)
    {
        if (value >= 0)
        {
            return value;
        }

        return value == sbyte.MinValue
            ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
            : (sbyte)(-value);
    }

    public static short Abs(short value)
    {
        if (value >= 0)
        {
            return value;
        }

        return value == short.MinValue
            ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
            : (short)(-value);
    }

    public static int Abs(int value)
    {
        if (value >= 0)
        {
            return value;
        }

        return value == int.MinValue
            ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
            : -value;
    }

    public static long Abs(long value)
    {
        if (value >= 0)
        {
            return value;
        }

        return value == long.MinValue
            ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
            : -value;
    }

    public static nint Abs(nint value)
    {
        if (value >= 0)
        {
            return value;
        }

        return value == nint.MinValue
            ? throw new OverflowException("Negating the minimum value of a two's complement number is invalid.")
            : -value;
    }

    [Intrinsic]
    public static double Abs(double value) =>
        BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) & 0x7FFF_FFFF_FFFF_FFFF);

    [Intrinsic]
    public static float Abs(float value) =>
        BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0x7FFF_FFFF);

    public static int Sign(sbyte value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(short value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(int value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(long value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(nint value) => value < 0 ? -1 : value > 0 ? 1 : 0;

    public static int Sign(double value)
    {
        if (value < 0)
        {
            return -1;
        }

        if (value > 0)
        {
            return 1;
        }

        return value == 0 ? 0 : throw new ArithmeticException("Function does not accept floating point Not-a-Number.");
    }

    public static int Sign(float value)
    {
        if (value < 0)
        {
            return -1;
        }

        if (value > 0)
        {
            return 1;
        }

        return value == 0 ? 0 : throw new ArithmeticException("Function does not accept floating point Not-a-Number.");
    }

    public static (sbyte Quotient, sbyte Remainder) DivRem(sbyte left, sbyte right)
    {
        sbyte quotient = (sbyte)(left / right);
        return (quotient, (sbyte)(left - (quotient * right)));
    }

    public static (byte Quotient, byte Remainder) DivRem(byte left, byte right)
    {
        byte quotient = (byte)(left / right);
        return (quotient, (byte)(left - (quotient * right)));
    }

    public static (short Quotient, short Remainder) DivRem(short left, short right)
    {
        short quotient = (short)(left / right);
        return (quotient, (short)(left - (quotient * right)));
    }

    public static (ushort Quotient, ushort Remainder) DivRem(ushort left, ushort right)
    {
        ushort quotient = (ushort)(left / right);
        return (quotient, (ushort)(left - (quotient * right)));
    }

    public static (int Quotient, int Remainder) DivRem(int left, int right)
    {
        int quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static (uint Quotient, uint Remainder) DivRem(uint left, uint right)
    {
        uint quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static (long Quotient, long Remainder) DivRem(long left, long right)
    {
        long quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static (ulong Quotient, ulong Remainder) DivRem(ulong left, ulong right)
    {
        ulong quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static (nint Quotient, nint Remainder) DivRem(nint left, nint right)
    {
        nint quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static (nuint Quotient, nuint Remainder) DivRem(nuint left, nuint right)
    {
        nuint quotient = left / right;
        return (quotient, left - (quotient * right));
    }

    public static int DivRem(int a, int b, out int result)
    {
        int quotient = a / b;
        result = a - (quotient * b);
        return quotient;
    }

    public static long DivRem(long a, long b, out long result)
    {
        long quotient = a / b;
        result = a - (quotient * b);
        return quotient;
    }

    public static long BigMul(int a, int b) => (long)a * b;

    public static ulong BigMul(uint a, uint b) => (ulong)a * b;

    public static ulong BigMul(ulong a, ulong b, out ulong low)
    {
        ulong lowProduct = (ulong)(uint)a * (uint)b;
        ulong middle = ((a >> 32) * (uint)b) + (lowProduct >> 32);
        ulong other = ((ulong)(uint)a * (b >> 32)) + (uint)middle;
        low = (other << 32) | (uint)lowProduct;
        return ((a >> 32) * (b >> 32)) + (middle >> 32) + (other >> 32);
    }

    public static long BigMul(long a, long b, out long low)
    {
        ulong high = BigMul((ulong)a, (ulong)b, out ulong bits);
        low = (long)bits;
        return (long)high - ((a >> 63) & b) - ((b >> 63) & a);
    }

    [Intrinsic]
    public static double Sqrt(double d) => Sqrt(d);

    public static double CopySign(double x, double y)
    {
        const ulong SignBit = 1UL << 63;
        ulong magnitude = BitConverter.DoubleToUInt64Bits(x) & ~SignBit;
        return BitConverter.UInt64BitsToDouble(magnitude | (BitConverter.DoubleToUInt64Bits(y) & SignBit));
    }

    public static double Truncate(double d)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(d);
        int exponent = ((int)(bits >> 52) & 0x7FF) - 1023;
        if (exponent >= 52)
        {
            return d;
        }

        // Below one only the sign is left; otherwise the bits behind the point go.
        ulong kept = exponent < 0 ? 1UL << 63 : ~(0xF_FFFF_FFFF_FFFFUL >> exponent);
        return BitConverter.UInt64BitsToDouble(bits & kept);
    }

    public static double Floor(double d)
    {
        double whole = Truncate(d);
        return whole > d ? CopySign(whole - 1, d) : whole;
    }

    public static double Ceiling(double a)
    {
        double whole = Truncate(a);
        return whole < a ? CopySign(whole + 1, a) : whole;
    }

    public static double Round(double a)
    {
        // Adding and taking away 2^52 leaves no place for bits behind the point; the hardware rounds to even.
        const double Large = 4503599627370496.0;
        double magnitude = Abs(a);
        if (!(magnitude < Large))
        {
            return a;
        }

        return CopySign(magnitude + Large - Large, a);
    }

    public static double Round(double value, MidpointRounding mode)
    {
        switch (mode)
        {
            case MidpointRounding.ToEven:
                return Round(value);
            case MidpointRounding.AwayFromZero:
                double whole = Truncate(value);
                return Abs(value - whole) >= 0.5 ? whole + CopySign(1, value) : whole;
            case MidpointRounding.ToZero:
                return Truncate(value);
            case MidpointRounding.ToNegativeInfinity:
                return Floor(value);
            case MidpointRounding.ToPositiveInfinity:
                return Ceiling(value);
            default:
                throw new ArgumentException("The value is not a MidpointRounding.", nameof(mode));
        }
    }

    public static double Round(double value, int digits) => Round(value, digits, MidpointRounding.ToEven);

    public static double Round(double value, int digits, MidpointRounding mode)
    {
        if (digits is < 0 or > 15)
        {
            throw new ArgumentOutOfRangeException(nameof(digits));
        }

        if (Abs(value) >= 1e16)
        {
            return value;
        }

        double power = 1;
        for (int i = 0; i < digits; i++)
        {
            power *= 10;
        }

        return Round(value * power, mode) / power;
    }

    public static double BitIncrement(double x)
    {
        if (double.IsNaN(x) || x == double.PositiveInfinity)
        {
            return x;
        }

        long bits = BitConverter.DoubleToInt64Bits(x);
        return x == 0 ? double.Epsilon : BitConverter.Int64BitsToDouble(bits < 0 ? bits - 1 : bits + 1);
    }

    public static double BitDecrement(double x) => -BitIncrement(-x);

    private static void ThrowMinMax() => throw new ArgumentException("The minimum is greater than the maximum.");
}
