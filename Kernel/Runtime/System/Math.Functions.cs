namespace System;

/// <summary>
/// Elementary functions by argument reduction and series, in double arithmetic; good to a few units in the last place,
/// which is less than the host's library promises. The x87 unit could do some of it in silicon, but the kernel keeps
/// to one floating point unit whose state it has to save.
/// </summary>
public static unsafe partial class Math
{
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    public static double Exp(double d)
    {
        if (double.IsNaN(d) || d > 709.782712893384)
        {
            return double.IsNaN(d) ? d : double.PositiveInfinity;
        }

        if (d < -745.2)
        {
            return 0;
        }

        // e^d = 2^k * e^r with |r| at most ln(2) / 2.
        double k = Round(d / 0.69314718055994531);
        double high = d - (k * Ln2High);
        double low = k * Ln2Low;
        double r = high - low;
        double sum = 0;
        for (int n = 16; n >= 1; n--)
        {
            sum = (1 + sum) * r / n;
        }

        return ScaleB(1 + sum, (int)k);
    }

    public static double Log(double d)
    {
        if (double.IsNaN(d) || d < 0)
        {
            return double.NaN;
        }

        if (d == 0 || d == double.PositiveInfinity)
        {
            return d == 0 ? double.NegativeInfinity : d;
        }

        double m = Normalize(d, out int exponent);
        return (exponent * Ln2High) + ((exponent * Ln2Low) + LogNearOne(m));
    }

    public static double Log(double a, double newBase)
    {
        if (double.IsNaN(a) || double.IsNaN(newBase) || newBase == 1)
        {
            return double.IsNaN(a) ? a : double.NaN;
        }

        if (a != 1 && (newBase == 0 || newBase == double.PositiveInfinity))
        {
            return double.NaN;
        }

        return Log(a) / Log(newBase);
    }

    public static double Log2(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity)
        {
            return Log(x);
        }

        double m = Normalize(x, out int exponent);
        return exponent + (LogNearOne(m) * 1.4426950408889634);
    }

    public static double Log10(double d)
    {
        double natural = Log(d);
        if (!double.IsFinite(natural))
        {
            return natural;
        }

        // Powers of ten come out whole.
        double logarithm = natural * 0.43429448190325182;
        double whole = Round(logarithm);
        return Abs(whole) < 23 && whole >= 0 && d == PowerOfTen((int)whole) ? whole : logarithm;
    }

    public static int ILogB(double x)
    {
        if (x == 0 || !double.IsFinite(x))
        {
            return x == 0 ? int.MinValue : int.MaxValue;
        }

        double m = Abs(x);
        int extra = 0;
        if (m < 2.2250738585072014E-308)
        {
            m *= 18014398509481984.0;
            extra = 54;
        }

        return ((int)(BitConverter.DoubleToUInt64Bits(m) >> 52) & 0x7FF) - 1023 - extra;
    }

    public static double ScaleB(double x, int n)
    {
        // Two steps, so that a power of two out of range on the way does no harm.
        for (; n > 1000; n -= 1000)
        {
            x *= PowerOfTwo(1000);
        }

        for (; n < -1000; n += 1000)
        {
            x *= PowerOfTwo(-1000);
        }

        return x * PowerOfTwo(n);
    }

    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        bool whole = y == Truncate(y);
        bool odd = whole && Abs(y) < 9007199254740992.0 && ((long)y & 1) != 0;
        if (x == 0 || !double.IsFinite(x) || !double.IsFinite(y))
        {
            return PowSpecial(x, y, odd);
        }

        if (x < 0 && !whole)
        {
            return double.NaN;
        }

        double magnitude = whole && Abs(y) <= 1024 ? PowWhole(Abs(x), (int)y) : PowAny(Abs(x), y);
        return x < 0 && odd ? -magnitude : magnitude;
    }

    public static double Cbrt(double d)
    {
        if (d == 0 || !double.IsFinite(d))
        {
            return d;
        }

        double x = Abs(d);
        double root = Exp(Log(x) / 3);
        for (int i = 0; i < 2; i++)
        {
            root -= (root - (x / (root * root))) / 3;
        }

        // A cube comes out whole.
        double near = Round(root);
        return CopySign(near * near * near == x ? near : root, d);
    }

    public static double Sinh(double value)
    {
        if (Abs(value) < 0.5)
        {
            double square = value * value;
            double sum = 0;
            for (int n = 8; n >= 1; n--)
            {
                sum = (1 + sum) * square / (2 * n * ((2 * n) + 1));
            }

            return value + (value * sum);
        }

        double power = Exp(Abs(value) / 2);
        return CopySign((power * 0.5 * power) - (0.5 / power / power), value);
    }

    public static double Cosh(double value)
    {
        double power = Exp(Abs(value) / 2);
        return (power * 0.5 * power) + (0.5 / power / power);
    }

    public static double Tanh(double value)
    {
        if (Abs(value) > 22)
        {
            return CopySign(1, value);
        }

        return Sinh(value) / Cosh(value);
    }

    private static double PowSpecial(double x, double y, bool odd)
    {
        if (double.IsInfinity(y))
        {
            double size = Abs(x);
            return size == 1 ? 1 : (size > 1) == (y > 0) ? double.PositiveInfinity : 0;
        }

        bool large = (x == 0) == (y < 0);
        double magnitude = large ? double.PositiveInfinity : 0;
        return odd && double.IsNegative(x) ? -magnitude : magnitude;
    }

    private static double PowWhole(double x, int y)
    {
        // With the rounding error of each product carried along, whole powers come out right.
        double high = 1;
        double low = 0;
        double baseHigh = x;
        double baseLow = 0;
        for (int n = Abs(y); n > 0; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                Multiply(ref high, ref low, baseHigh, baseLow);
            }

            Multiply(ref baseHigh, ref baseLow, baseHigh, baseLow);
        }

        double power = high + low;
        if (!double.IsFinite(power))
        {
            return PowAny(x, y);
        }

        return y >= 0 ? power : (1 / high) - (low / high / high);
    }

    /// <summary>2^(y * log2(x)); the product is split so that its whole part costs no precision.</summary>
    private static double PowAny(double x, double y)
    {
        double m = Normalize(x, out int exponent);
        double logHigh = LogNearOne(m, out double logLow);
        double product = exponent * y;
        double productError = Error(exponent, y, product);
        double shift = Round(product + (logHigh * y * 1.4426950408889634));
        if (shift > 1100 || shift < -1200)
        {
            return shift > 0 ? double.PositiveInfinity : 0;
        }

        double fraction = (product - shift + productError) * 0.69314718055994531;
        double term = logHigh * y;
        double rest = fraction + term + (Error(logHigh, y, term) + (logLow * y));
        return ScaleB(Exp(rest), (int)shift);
    }

    private static void Multiply(ref double high, ref double low, double otherHigh, double otherLow)
    {
        double product = high * otherHigh;
        double error = double.IsFinite(product) ? Error(high, otherHigh, product) : 0;
        error += (high * otherLow) + (low * otherHigh);
        high = product + error;
        low = double.IsFinite(high) ? error - (high - product) : 0;
    }

    /// <summary>What a * b lacks to be exact (Dekker 1971).</summary>
    private static double Error(double a, double b, double product)
    {
        const double Splitter = 134217729.0;
        double aHigh = (a * Splitter) - ((a * Splitter) - a);
        double bHigh = (b * Splitter) - ((b * Splitter) - b);
        double aLow = a - aHigh;
        double bLow = b - bHigh;
        double error = (aHigh * bHigh) - product + (aHigh * bLow) + (aLow * bHigh) + (aLow * bLow);
        return double.IsFinite(error) ? error : 0;
    }

    /// <summary>x = m * 2^exponent with m between the square roots of a half and of two.</summary>
    private static double Normalize(double x, out int exponent)
    {
        exponent = ILogB(x);
        double m = ScaleB(x, -exponent);
        if (m > 1.4142135623730951)
        {
            m *= 0.5;
            exponent++;
        }

        return m;
    }

    private static double LogNearOne(double m) => LogNearOne(m, out double low) + low;

    /// <summary>ln(m) = 2 artanh((m - 1) / (m + 1)), as a value and what that lacks.</summary>
    private static double LogNearOne(double m, out double low)
    {
        double numerator = m - 1;
        double denominator = m + 1;
        double s = numerator / denominator;
        double denominatorError = m - (denominator - 1);
        double product = s * denominator;
        double sLow = (numerator - product - Error(s, denominator, product) - (s * denominatorError)) / denominator;
        double square = s * s;
        double sum = 0;
        for (int n = 29; n >= 3; n -= 2)
        {
            sum = square * (sum + (1.0 / n));
        }

        double high = 2 * s;
        double correction = (2 * s * sum) + (2 * sLow);
        double total = high + correction;
        low = correction - (total - high);
        return total;
    }

    private static double PowerOfTwo(int n) => BitConverter.UInt64BitsToDouble((ulong)(n + 1023) << 52);

    private static double PowerOfTen(int n)
    {
        double power = 1;
        for (; n > 0; n--)
        {
            power *= 10;
        }

        return power;
    }
}
