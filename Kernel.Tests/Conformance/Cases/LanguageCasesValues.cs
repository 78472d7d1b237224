using System;

namespace HaukiOS.Conformance;

/// <summary>
/// Structs, nullables, tuples; integer and floating-point arithmetic of the code generator's helpers.
/// </summary>
public static class LanguageCasesValues
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddStructs(suite);
        AddNullables(suite);
        AddLongArithmetic(suite);
        AddConversions(suite);
        AddChecked(suite);
    }

    private static void AddStructs(Suite suite)
    {
        suite.Add("structs: equality of plain fields", () => new Plain(1, 2).Equals(new Plain(1, 2)) + " "
            + new Plain(1, 2).Equals(new Plain(1, 3)));
        suite.Add("structs: equality with references", () =>
            new Mixed("a", 1).Equals(new Mixed(new string('a', 1), 1)).ToString());
        suite.Add("structs: equality with floating point", () => new Real(0.0).Equals(new Real(-0.0)) + " "
            + new Real(double.NaN).Equals(new Real(double.NaN)));
        suite.Add("structs: equality with padding", () => new Padded(1, 2).Equals(new Padded(1, 2)).ToString());
        suite.Add("structs: equal ones have equal hash codes", () =>
            (new Mixed("a", 1).GetHashCode() == new Mixed("a", 1).GetHashCode()).ToString());
        suite.Add("structs: equality with another type", () => new Plain(1, 2).Equals((object)1).ToString());
        suite.Add("structs: copies are independent", () =>
        {
            var a = new Plain(1, 2);
            Plain b = a;
            b.X = 9;
            return a.X + " " + b.X;
        });
        suite.Add("structs: returned by value", () => Make(3).X + Make(4).Y.ToString());
        suite.Add("structs: big ones as arguments", () => Sum(new Big { A = 1, B = 2, C = 3, D = 4, E = "5" }));
        suite.Add("structs: method changes this", () =>
        {
            var p = new Plain(1, 1);
            p.Move(5);
            return p.X.ToString();
        });
        suite.Add("structs: ref struct", () => new Cursor("hauki").Skip(2).Rest.ToString());
        suite.Add("structs: default ToString", () => new Padded(1, 2).ToString()!);
        suite.Add("structs: in a readonly field is not changed", () => new Keeper().Try());
        suite.Add("tuples: names and equality", () => ((1, "a") == (1, "a")) + " " + (1, (2, 3)).ToString());
        suite.Add("tuples: swap", () =>
        {
            int a = 1, b = 2;
            (a, b) = (b, a);
            return a + " " + b;
        });
        suite.Add("tuples: of eight", () => (1, 2, 3, 4, 5, 6, 7, 8).ToString());
        suite.Add("structs: explicit layout", () => new Union { Whole = 0x01020304 }.High.ToString());
    }

    private static void AddNullables(Suite suite)
    {
        suite.Add("nullables: arithmetic lifts", () => (Nothing() + 1).HasValue + " " + ((int?)Id(2) * 3));
        suite.Add("nullables: comparison with none", () => (Nothing() < 1) + " " + (Nothing() == null));
        suite.Add("nullables: value of none", () => ((int?)Nothing())!.Value.ToString());
        suite.Add("nullables: coalescing", () => (Nothing() ?? 5) + " " + Nothing().GetValueOrDefault(6));
        suite.Add("nullables: of a struct with references", () => ((Mixed?)new Mixed("n", 2))!.Value.Text);
        suite.Add("nullables: ToString and equality", () => Nothing() + "|" + (int?)3 + "|" + ((int?)3).Equals(3));
        suite.Add("nullables: logic of three values", () =>
            (((bool?)null & false) == false) + " " + ((bool?)null | true));
    }

    private static void AddLongArithmetic(Suite suite)
    {
        suite.Add("long: multiply", () =>
            (Id(0x1_2345_6789L) * Id(-987_654_321L)) + " " + (Id(ulong.MaxValue) * Id(3ul)));
        suite.Add("long: divide", () =>
            (Id(-10_000_000_000L) / Id(7L)) + " " + (Id(ulong.MaxValue) / Id(10_000_000_001ul)));
        suite.Add("long: remainder", () =>
            (Id(-10_000_000_000L) % Id(7L)) + " " + (Id(ulong.MaxValue) % Id(10_000_000_001ul)));
        suite.Add("long: divide by zero", () => (Id(1L) / Id(0L)).ToString());
        suite.Add("long: remainder by zero", () => (Id(1ul) % Id(0ul)).ToString());
        suite.Add("long: lowest divided by minus one", () => (Id(long.MinValue) / Id(-1L)).ToString());
        suite.Add("int: divide by zero", () => ((int)Id(1L) / (int)Id(0L)).ToString());
        suite.Add("int: lowest divided by minus one", () => (int.MinValue / (int)Id(-1L)).ToString());
        suite.Add("long: shifts", () =>
        {
            string text = "";
            foreach (int by in new[] { 0, 1, 31, 32, 33, 63, 64, 65, -1 })
                text += (Id(-0x1234_5678_9ABCL) >> by) + "," + (Id(-0x1234_5678_9ABCL) >>> by) + ","
                    + (Id(3L) << by) + " ";
            return text;
        });
        suite.Add("long: comparisons", () => (Id(-1L) < Id(1L)) + " " + (Id(ulong.MaxValue) > Id(1ul)) + " "
            + (Id(0x1_0000_0000L) > Id(0xFFFF_FFFFL)));
        suite.Add("long: negation and complement", () => (-Id(long.MinValue)) + " " + ~Id(0x0F0F_0F0F_0F0FL));
        suite.Add("int: shifts wrap", () =>
            (1 << (int)Id(33L)) + " " + (-8 >> (int)Id(1L)) + " " + (-8 >>> (int)Id(28L)));
    }

    private static void AddConversions(Suite suite)
    {
        suite.Add("conversions: double to long", () => (long)Id(1e18) + " " + (long)Id(-1.9) + " " + (long)Id(4e9));
        suite.Add("conversions: double to ulong", () =>
            (ulong)Id(1.8e19) + " " + (ulong)Id(9.3e18) + " " + (ulong)Id(0.9));
        suite.Add("conversions: double out of range saturates", () => (long)Id(1e30) + " " + (long)Id(-1e30) + " "
            + (ulong)Id(-5.0) + " " + (ulong)Id(1e30) + " " + (long)Id(double.NaN));
        suite.Add("conversions: double to int and uint", () =>
            (int)Id(-2e9) + " " + (uint)Id(4e9) + " " + (int)Id(1e20) + " "
            + (uint)Id(-1.0) + " " + (int)Id(double.NaN));
        suite.Add("conversions: long to double", () => (double)Id(long.MaxValue) + " " + (double)Id(-3L) + " "
            + (double)Id(ulong.MaxValue) + " " + (double)Id(0x8000_0000_0000_0401ul));
        suite.Add("conversions: long to float", () => (float)Id(16_777_217L) + " " + (float)Id(ulong.MaxValue) + " "
            + (float)Id(-9_007_199_254_740_993L));
        suite.Add("conversions: to small integers", () =>
            (byte)Id(0x1FFL) + " " + (sbyte)Id(0x80L) + " " + (short)Id(0x18000L));
        suite.Add("floating: remainder", () =>
            (Id(5.5) % Id(2.0)) + " " + (Id(-5.5) % Id(2.0)) + " " + (Id(1e17) % Id(3.0)));
        suite.Add("floating: remainder of float", () => ((float)Id(7.25) % (float)Id(2.0)).ToString());
        suite.Add("floating: division by zero", () => (Id(1.0) / Id(0.0)) + " " + double.IsNaN(Id(0.0) / Id(0.0)));
        suite.Add("floating: comparisons with not-a-number", () =>
            (Id(double.NaN) < 1) + " " + (Id(double.NaN) >= 1) + " "
            + (Id(double.NaN) != Id(double.NaN)));
        suite.Add("floating: rounding to float", () => ((float)Id(0.1) + (float)Id(0.2)).ToString());
        suite.Add("floating: square root and magnitude", () => Math.Sqrt(Id(2.0)) + " " + Math.Abs(Id(-2.5)));
    }

    private static void AddChecked(Suite suite)
    {
        suite.Add("overflow: addition", () => checked((int)Id(int.MaxValue) + (int)Id(1L)).ToString());
        suite.Add("overflow: multiplication of long", () => checked(Id(long.MaxValue) * Id(2L)).ToString());
        suite.Add("overflow: multiplication of long that fits", () => checked(Id(3_000_000_000L) * Id(-3L)).ToString());
        suite.Add("overflow: multiplication of ulong", () =>
            checked(Id(0x1_0000_0000ul) * Id(0x1_0000_0000ul)).ToString());
        suite.Add("overflow: lowest times minus one", () => checked(Id(long.MinValue) * Id(-1L)).ToString());
        suite.Add("overflow: conversion to byte", () => checked((byte)Id(256L)).ToString());
        suite.Add("overflow: conversion to uint", () => checked((uint)Id(-1L)).ToString());
        suite.Add("overflow: double to int", () => checked((int)Id(3e9)).ToString());
        suite.Add("overflow: double to long that fits", () => checked((long)Id(-3e9)).ToString());
        suite.Add("overflow: double to ulong", () => checked((ulong)Id(-2.0)).ToString());
        suite.Add("overflow: subtraction of unsigned", () => checked((uint)Id(1L) - (uint)Id(2L)).ToString());
        suite.Add("overflow: unchecked wraps", () =>
            unchecked((int)Id(int.MaxValue) + 1) + " " + unchecked((byte)Id(-1L)));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static T Id<T>(T value) => value;

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static int? Nothing() => null;

    private static Plain Make(int n) => new(n, n * 10);

    private static string Sum(Big big)
    {
        big.A += 100;
        return (big.A + big.B + big.C + big.D) + big.E;
    }

    private struct Plain(int x, int y)
    {
        internal int X = x;
        internal int Y = y;

        internal void Move(int by) => X += by;
    }

    private readonly struct Mixed(string text, int number)
    {
        internal readonly string Text = text;
        internal readonly int Number = number;
    }

    private readonly struct Real(double value)
    {
        internal readonly double Value = value;
    }

    private readonly struct Padded(byte small, long large)
    {
        internal readonly byte Small = small;
        internal readonly long Large = large;
    }

    private struct Big
    {
        internal long A;
        internal long B;
        internal long C;
        internal long D;
        internal string E;
    }

    private readonly ref struct Cursor(ReadOnlySpan<char> rest)
    {
        internal readonly ReadOnlySpan<char> Rest = rest;

        internal Cursor Skip(int count) => new(Rest[count..]);
    }

    private sealed class Keeper
    {
        private readonly Plain kept = new(1, 1);

        internal string Try()
        {
            kept.Move(5);
            return kept.X.ToString();
        }
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit)]
    private struct Union
    {
        [System.Runtime.InteropServices.FieldOffset(0)]
        internal int Whole;

        [System.Runtime.InteropServices.FieldOffset(3)]
        internal byte High;
    }
}
