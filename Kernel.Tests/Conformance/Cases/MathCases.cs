using System;
using System.Numerics;

namespace HaukiOS.Conformance;

/// <summary>Arithmetic of 64 bits and of floating point, bits, and elementary functions.</summary>
public static class MathCases
{
    private static readonly long[] Longs =
        [0, 1, -1, 7, -7, 1000, 4294967295, 4294967296, -4294967297, 1234567890123456789, long.MaxValue, long.MinValue];

    private static readonly double[] Doubles =
    [
        0.0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.1, 3.7, -3.2, 1e10, 4503599627370497.5, 1e300, double.NaN,
        double.PositiveInfinity, double.NegativeInfinity, double.Epsilon,
    ];

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddLongs(suite);
        AddRounding(suite);
        AddFunctions(suite);
        AddBits(suite);
    }

    private static void AddLongs(Suite suite)
    {
        foreach (long a in Longs)
        {
            suite.Add($"math: long arithmetic with {a}", () =>
            {
                string text = "";
                foreach (long b in Longs)
                {
                    text += b == 0 || (a == long.MinValue && b == -1)
                        ? $"{unchecked(a * b)} {a ^ b};"
                        : $"{unchecked(a * b)} {a / b} {a % b} {(ulong)a / (ulong)b} {(ulong)a % (ulong)b};";
                }

                return text;
            });
            suite.Add($"math: shifts and conversions of {a}", () => $"{a << 3} {a >> 5} {a >>> 7} {a << 35} {a >> 40} "
                + $"{(double)a:R} {(float)a:R} {(double)(ulong)a:R} {unchecked((int)a)} {a.GetHashCode()}");
            suite.Add($"math: checked product with {a}", () =>
            {
                string text = "";
                foreach (long b in Longs)
                {
                    try
                    {
                        text += checked(a * b) + " ";
                    }
                    catch (OverflowException)
                    {
                        text += "overflow ";
                    }
                }

                return text;
            });
        }

        suite.Add("math: big products", () =>
            $"{Math.BigMul(ulong.MaxValue, 12345678901234567890, out ulong low)} {low} "
            + $"{Math.BigMul(-5L, long.MaxValue, out long signed)} {signed} {Math.BigMul(int.MinValue, int.MinValue)}");
        suite.Add("math: absolute value of the least int", () => Math.Abs(int.MinValue + Longs.Length - 12).ToString());
        suite.Add("math: quotient and remainder", () => $"{Math.DivRem(17, 5)} {Math.DivRem(-17L, 5L)}");
        suite.Add("math: clamp, min, max, sign", () => $"{Math.Clamp(5, 1, 3)} {Math.Clamp(-5L, 1, 3)} "
            + $"{Math.Min(double.NaN, 1)} {Math.Max(-0.0, 0.0)} {Math.Min(0.0, -0.0)} {Math.Sign(-2.5)}");
        suite.Add("math: clamp between nothing", () => Math.Clamp(5, 3, 1).ToString());
        suite.Add("math: sign of nothing", () => Math.Sign(double.NaN).ToString());
    }

    private static void AddRounding(Suite suite)
    {
        foreach (double value in Doubles)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            suite.Add($"math: rounding of {bits:X16}", () => $"{Math.Floor(value)} {Math.Ceiling(value)} "
                + $"{Math.Truncate(value)} {Math.Round(value)} {Math.Round(value, MidpointRounding.AwayFromZero)} "
                + $"{Math.Round(value, MidpointRounding.ToZero)} {Math.Round(value, 1)} {Math.Abs(value)}");
            suite.Add($"math: conversions of {bits:X16}", () => $"{unchecked((int)value)} {unchecked((uint)value)} "
                + $"{unchecked((long)value)} {unchecked((ulong)value)} {(float)value} {unchecked((byte)value)}");
            suite.Add($"math: properties of {bits:X16}", () => $"{double.IsNaN(value)} {double.IsFinite(value)} "
                + $"{double.IsNegative(value)} {double.IsInteger(value)} {double.IsNormal(value)} "
                + $"{value.GetHashCode()} "
                + $"{value.CompareTo(1.5)} {value.Equals(double.NaN)} {value % 0.3:R} {Math.Sqrt(value):R}");
        }

        suite.Add("math: rounding to places", () => $"{Math.Round(2.675, 2)} {Math.Round(1.005, 2)} "
            + $"{Math.Round(-1.25, 1)} {Math.Round(1234.5678, 3, MidpointRounding.AwayFromZero)}");
        suite.Add("math: neighbours", () => $"{Math.BitIncrement(1.0):R} {Math.BitDecrement(1.0):R} "
            + $"{Math.BitIncrement(0.0):R} {Math.CopySign(3, -0.0)} {Math.ScaleB(1.5, -1074):R} {Math.ILogB(1e-310)}");
        suite.Add("math: floats are 32 bits", () => $"{0.1f + 0.2f} {16777216f + 1f} {1f / 3f * 3f} {(double)0.1f:R} "
            + $"{MathF.Sqrt(2f)} {7.5f % 2f}");
    }

    private static void AddFunctions(Suite suite)
    {
        (string Name, Func<double, double> Function)[] functions =
        [
            ("exp", Math.Exp), ("log", Math.Log), ("log2", Math.Log2), ("log10", Math.Log10), ("sin", Math.Sin),
            ("cos", Math.Cos), ("tan", Math.Tan), ("asin", Math.Asin), ("acos", Math.Acos), ("atan", Math.Atan),
            ("sinh", Math.Sinh), ("cosh", Math.Cosh), ("tanh", Math.Tanh), ("cbrt", Math.Cbrt), ("sqrt", Math.Sqrt),
        ];
        double[] arguments = [0, 1, -1, 0.5, -0.25, 2, 10, 0.001, 3.141592653589793, 100.25, 1e-5];
        foreach ((string name, Func<double, double> function) in functions)
        {
            suite.Add("math: " + name, () =>
            {
                string text = "";
                foreach (double x in arguments)
                {
                    text += function(x).ToString("G12") + " ";
                }

                return text + function(double.NaN);
            });
        }

        suite.Add("math: powers", () => $"{Math.Pow(2, 10)} {Math.Pow(10, -3)} {Math.Pow(2, 0.5):G12} "
            + $"{Math.Pow(-8, 3)} "
            + $"{Math.Pow(-8, 1.0 / 3)} {Math.Pow(0, 0)} {Math.Pow(10, 22)} {Math.Pow(1.0001, 10000):G12} "
            + $"{Math.Pow(2, 1024)} {Math.Pow(2, -1080)} {Math.Pow(double.NaN, 0)} {Math.Pow(-0.0, -3)}");
        suite.Add("math: angles", () => $"{Math.Atan2(1, 1):G12} {Math.Atan2(-1, -1):G12} {Math.Atan2(0, -1):G12} "
            + $"{Math.Atan2(-0.0, -1):G12} {Math.Atan2(5, 0):G12}");
        suite.Add("math: logarithms to a base", () => $"{Math.Log(8, 2):G12} {Math.Log10(1000)} {Math.Log2(1024)}");
    }

    private static void AddBits(Suite suite)
    {
        foreach (long value in Longs)
        {
            suite.Add($"bits: of {value}", () =>
            {
                ulong bits = (ulong)value;
                return $"{BitOperations.PopCount(bits)} {BitOperations.LeadingZeroCount(bits)} "
                    + $"{BitOperations.TrailingZeroCount(bits)} {BitOperations.Log2(bits)} "
                    + $"{BitOperations.RotateLeft(bits, 13)} {BitOperations.RotateRight((uint)bits, 5)} "
                    + $"{BitOperations.LeadingZeroCount((uint)bits)} {BitOperations.IsPow2(value)} "
                    + $"{BitOperations.RoundUpToPowerOf2((uint)bits)} {int.PopCount((int)value)}";
            });
        }

        suite.Add("random: the first of seed 42", () =>
        {
            Random random = new(42);
            return $"{random.Next()} {random.Next(100)} {random.Next(-50, 50)} {random.NextDouble():R} "
                + $"{random.Next(int.MinValue, int.MaxValue)}";
        });
        suite.Add("random: a thousand of a few seeds", () =>
        {
            long sum = 0;
            int[] seeds = [0, 1, -1, int.MinValue, int.MaxValue, 123456];
            foreach (int seed in seeds)
            {
                Random random = new(seed);
                for (int i = 0; i < 1000; i++)
                {
                    sum = unchecked((sum * 31) + random.Next());
                }
            }

            return sum.ToString();
        });
        suite.Add("random: bytes", () =>
        {
            byte[] bytes = new byte[16];
            new Random(5).NextBytes(bytes);
            return Convert.ToHexString(bytes);
        });
    }
}
