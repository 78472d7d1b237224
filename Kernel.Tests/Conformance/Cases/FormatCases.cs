using System;
using System.Globalization;

namespace HaukiOS.Conformance;

/// <summary>Numbers to text: standard and custom formats, shortest round-trip digits.</summary>
public static class FormatCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddIntegers(suite);
        AddDoubles(suite);
        AddShortest(suite);
        AddCustom(suite);
        AddInterpolation(suite);
    }

    private static void AddIntegers(Suite suite)
    {
        string[] formats =
            ["D", "D8", "X", "x", "X8", "B", "B12", "N", "N0", "F", "F3", "E", "e2", "G", "G3", "P1", "C", "00000"];
        foreach (string format in formats)
        {
            suite.Add("format: int as " + format, () => Join(format,
                0, 7, -1, 42, -1234567, int.MaxValue, int.MinValue));
            suite.Add("format: long as " + format, () => Join(format,
                0L, 999_999_999_999, -5, long.MaxValue, long.MinValue));
            suite.Add("format: byte and ushort as " + format, () =>
                Join(format, (byte)200, (ushort)65535, (sbyte)-128));
        }

        suite.Add("format: integers plain", () => $"{(byte)255} {(sbyte)-128} {short.MinValue} {ushort.MaxValue} "
            + $"{uint.MaxValue} {long.MinValue} {ulong.MaxValue} {(nint)(-5)} {(nuint)7}");
        suite.Add("format: an unknown letter", () => 5.ToString("Q"));
        suite.Add("format: round-trip is for floating point", () => 5.ToString("G0") + 5.ToString("g"));
    }

    private static string Join(string format, params IFormattable[] values)
    {
        string[] texts = new string[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            texts[i] = values[i].ToString(format, CultureInfo.InvariantCulture);
        }

        return string.Join(' ', texts);
    }

    private static void AddDoubles(Suite suite)
    {
        string[] formats =
            ["F0", "F1", "F2", "F10", "N2", "E", "E0", "e10", "G3", "G10", "G15", "G17", "P", "P0", "C2", "R", "G"];
        foreach (string format in formats)
        {
            suite.Add("format: double as " + format, () => Join(format,
                0.0, -0.0, 1.0, 0.5, 1.5, 2.5, -0.125, 0.1, 123456.789, 1e-7, 1e15, 1.7976931348623157E+308));
            suite.Add("format: float as " + format, () => Join(format,
                0f, 1f, 0.1f, -2.5f, 16777216f, 3.4028235E+38f, 1.5e-7f));
        }

        suite.Add("format: not numbers", () => $"{double.NaN} {double.PositiveInfinity} {double.NegativeInfinity} "
            + $"{float.NaN:F2} {double.NaN:000}");
        suite.Add("format: the smallest double in full", () => double.Epsilon.ToString("E40"));
        suite.Add("format: a tenth in full", () => 0.1.ToString("F60"));
        suite.Add("format: a third in full", () => (1.0 / 3).ToString("E30"));
        suite.Add("format: double as integer is refused", () => 1.5.ToString("D"));
    }

    private static void AddShortest(Suite suite)
    {
        double[] values =
        [
            1e16, 1e17, 1e21, 1e22, 1e23, 123456789012345678, 0.0001, 0.00001, 5e-324, 2.2250738585072014E-308,
            1.7976931348623157E+308, 4.35, 0.3, 2.0 / 3, 100.0, 9007199254740993, 5.684341886080802E-14,
            8.41E+21, 2.0919495182368195E-19, 9.5367431640625E-07, 1.0E-10, 6.02214076E23, 299792458,
        ];
        foreach (double value in values)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            suite.Add($"format: shortest digits of {bits:X16}", () => value.ToString() + " " + (-value));
        }

        suite.Add("format: shortest digits read back, 500 doubles", () => ReadBack(500));
        suite.Add("format: shortest digits of 100 doubles", () => Digest(100, static (random, text) =>
            text + BitConverter.Int64BitsToDouble(Bits(random)) + " "));
        suite.Add("format: shortest digits of 100 floats", () => Digest(100, static (random, text) =>
            text + BitConverter.Int32BitsToSingle((int)Bits(random)) + " "));
        suite.Add("format: floats plain", () => $"{0.1f} {1f / 3} {16777216f} {1e10f} {float.Epsilon} {float.MaxValue} "
            + $"{1.1754944E-38f} {123456789f} {1234567890f} {-7.5f}");
    }

    private static long Bits(Random random) =>
        ((long)random.Next() << 33) ^ ((long)random.Next() << 11) ^ random.Next();

    private static string ReadBack(int count)
    {
        Random random = new(7);
        int wrong = 0;
        for (int i = 0; i < count; i++)
        {
            long bits = Bits(random);
            double value = BitConverter.Int64BitsToDouble(bits);
            bool same = BitConverter.DoubleToInt64Bits(double.Parse(value.ToString())) == bits;
            wrong += same || double.IsNaN(value) ? 0 : 1;
        }

        return wrong + " wrong";
    }

    /// <summary>A long text as its beginning and a checksum.</summary>
    private static string Digest(int count, Func<Random, string, string> append)
    {
        Random random = new(11);
        string text = "";
        for (int i = 0; i < count; i++)
        {
            text = append(random, text);
        }

        uint sum = 17;
        foreach (char c in text)
        {
            sum = (sum * 31) + c;
        }

        return text[..60] + " " + sum;
    }

    private static void AddCustom(Suite suite)
    {
        string[] formats =
        [
            "0", "000", "0.00", "#.##", "#,##0", "#,##0.00", "0.0%", "0,.0k", "0.###E+00", "00.0e-0", "'n='0",
            "0.0;(0.0);zero", "0;;-", "#", "##-##", "0.0\\%", "\"a\"0\"b\"", "0.0000000000",
        ];
        foreach (string format in formats)
        {
            suite.Add("format: custom " + format, () => Join(format,
                0, 5, -5, 1234567, 0.5, -0.25, 1234.5678, 0.000123, -0.001, 99.995, 1e10));
        }
    }

    private static void AddInterpolation(Suite suite)
    {
        suite.Add("interpolation: plain", () => $"a{1}b{"c"}d{'e'}f{true}g{1.5}h{null}i");
        suite.Add("interpolation: widths", () => $"[{1,5}][{1,-5}][{"ab",4}][{"ab",-4}][{"abc",2}]");
        suite.Add("interpolation: formats", () => $"{255:X4} {1.005:F2} {1234567:N0} {0.5:P0}");
        suite.Add("interpolation: widths and formats", () => $"[{255,8:X4}][{-1.5,-8:F2}]");
        suite.Add("interpolation: spans", () => $"[{"hauki".AsSpan(1, 3)}][{"hauki".AsSpan(1, 2),4}]");
        suite.Add("interpolation: braces", () => $"{{{1}}}");
        suite.Add("interpolation: long text", () =>
            $"{new string('x', 300)}{1}{new string('y', 300)}".Length.ToString());
        suite.Add("interpolation: invariant", () => string.Create(CultureInfo.InvariantCulture, $"{1.5} {2,4}"));
        suite.Add("interpolation: into a span", () =>
        {
            Span<char> room = stackalloc char[8];
            bool fits = room.TryWrite($"{12}-{34}", out int written);
            bool tooLong = room.TryWrite($"{123456}-{789012}", out int none);
            return $"{fits} {written} {room[..written]} {tooLong} {none}";
        });
        suite.Add("interpolation: numbers into spans", () =>
        {
            Span<char> room = stackalloc char[6];
            bool fits = 12345.TryFormat(room, out int written);
            bool tooLong = 1234567.TryFormat(room, out int none);
            return $"{fits} {written} {room[..written]} {tooLong} {none}";
        });
        suite.Add("interpolation: numbers into UTF-8", () =>
        {
            Span<byte> room = stackalloc byte[16];
            (-1.5).TryFormat(room, out int written, "F3");
            return written + " " + Convert.ToHexString(room[..written]);
        });
    }
}
