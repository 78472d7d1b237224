namespace System;

/// <summary>Angles.</summary>
public static unsafe partial class Math
{
    // Pi / 2 in three parts of 33 bits and the rest: multiples up to a million are exact.
    private const double HalfPi1 = 1.57079632673412561417e+00;
    private const double HalfPi2 = 6.07710050630396597660e-11;
    private const double HalfPi3 = 2.02226624871116645580e-21;
    private const double HalfPi3Rest = 8.47842766036889956997e-32;

    public static double Sin(double a)
    {
        double r = Reduce(a, out int quadrant, out double rest);
        return (quadrant & 3) switch
        {
            0 => SinNearZero(r, rest),
            1 => CosNearZero(r, rest),
            2 => -SinNearZero(r, rest),
            _ => -CosNearZero(r, rest),
        };
    }

    public static double Cos(double d)
    {
        double r = Reduce(d, out int quadrant, out double rest);
        return (quadrant & 3) switch
        {
            0 => CosNearZero(r, rest),
            1 => -SinNearZero(r, rest),
            2 => -CosNearZero(r, rest),
            _ => SinNearZero(r, rest),
        };
    }

    public static (double Sin, double Cos) SinCos(double x) => (Sin(x), Cos(x));

    public static double Tan(double a) => a == 0 ? a : Sin(a) / Cos(a);

    public static double Atan(double d)
    {
        if (double.IsNaN(d) || d == 0)
        {
            return d;
        }

        double x = Abs(d);
        bool inverted = x > 1;
        if (inverted)
        {
            x = 1 / x;
        }

        // Halving the angle twice brings the argument below 0.2, where the series is quick.
        x /= 1 + Sqrt(1 + (x * x));
        x /= 1 + Sqrt(1 + (x * x));
        double square = x * x;
        double sum = 0;
        for (int n = 25; n >= 3; n -= 2)
        {
            sum = square * ((1.0 / n) - sum);
        }

        double angle = 4 * (x - (x * sum));
        return CopySign(inverted ? HalfPi1 - angle + HalfPi2 : angle, d);
    }

    public static double Atan2(double y, double x)
    {
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        if (y == 0)
        {
            return double.IsNegative(x) ? CopySign(PI, y) : y;
        }

        if (x == 0)
        {
            return CopySign(PI / 2, y);
        }

        if (double.IsInfinity(x) && double.IsInfinity(y))
        {
            return CopySign(x > 0 ? PI / 4 : 3 * PI / 4, y);
        }

        double angle = Atan(Abs(y / x));
        return CopySign(x > 0 ? angle : PI - angle, y);
    }

    public static double Asin(double d)
    {
        if (!(Abs(d) <= 1))
        {
            return double.NaN;
        }

        return Abs(d) == 1 ? CopySign(PI / 2, d) : Atan(d / Sqrt((1 - d) * (1 + d)));
    }

    public static double Acos(double d)
    {
        if (!(Abs(d) <= 1))
        {
            return double.NaN;
        }

        return d == -1 ? PI : 2 * Atan(Sqrt((1 - d) / (1 + d)));
    }

    private static double Reduce(double angle, out int quadrant, out double rest)
    {
        quadrant = 0;
        rest = 0;
        if (!double.IsFinite(angle))
        {
            return double.NaN;
        }

        // Far out the argument itself is coarser than the circle; what is left is as good as it gets.
        double turns = Abs(angle) < 1e9 ? angle : angle % Tau;
        double n = Round(turns * 0.63661977236758134);
        quadrant = (int)((long)n & 3);
        double high = turns - (n * HalfPi1);
        double middle = n * HalfPi2;
        double r = high - middle;
        rest = high - r - middle - (n * HalfPi3) - (n * HalfPi3Rest);
        double reduced = r + rest;
        rest -= reduced - r;
        return reduced;
    }

    private static double SinNearZero(double x, double rest)
    {
        double square = x * x;
        double sum = 0;
        for (int n = 10; n >= 1; n--)
        {
            sum = -(1 + sum) * square / (2 * n * ((2 * n) + 1));
        }

        return x == 0 ? x : x + ((x * sum) + rest);
    }

    private static double CosNearZero(double x, double rest)
    {
        double square = x * x;
        double sum = 0;
        for (int n = 10; n >= 2; n--)
        {
            sum = -(1 + sum) * square / (2 * n * ((2 * n) - 1));
        }

        double half = 0.5 * square;
        double first = 1 - half;
        return first + (1 - first - half - (half * sum) - (x * rest));
    }
}
