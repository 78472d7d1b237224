using System;
using System.Globalization;

namespace HaukiOS.Conformance;

/// <summary>Text to numbers: what is accepted, what is refused and how.</summary>
public static class ParseCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddIntegers(suite);
        AddStyles(suite);
        AddDoubles(suite);
        AddOthers(suite);
    }

    private static void AddIntegers(Suite suite)
    {
        string?[] inputs =
        [
            "0", "7", "-1", "+5", " 42 ", "2147483647", "2147483648", "-2147483648", "-2147483649", "",
            " ", "-", "1.0", "1e3", "0x1F", "1,000", "12a", "a12", "--5", "5-", "00000000000000000000012", null,
            "\u0661", "99999999999999999999", "255", "256", "-129", "1\0", "1 2",
        ];
        for (int i = 0; i < inputs.Length; i++)
        {
            string? input = inputs[i];
            suite.Add($"parse: int from sample {i}", () => int.Parse(input!).ToString());
            suite.Add($"parse: try all integers from sample {i}", () =>
                $"{int.TryParse(input, out int a)} {a} {long.TryParse(input, out long b)} {b} "
                + $"{byte.TryParse(input, out byte c)} {c} {sbyte.TryParse(input, out sbyte d)} {d} "
                + $"{uint.TryParse(input, out uint e)} {e} {ulong.TryParse(input, out ulong f)} {f} "
                + $"{short.TryParse(input, out short g)} {g}");
        }
    }

    private static void AddStyles(Suite suite)
    {
        (string Input, NumberStyles Style)[] samples =
        [
            ("ff", NumberStyles.HexNumber), ("FFFFFFFF", NumberStyles.HexNumber), ("100000000", NumberStyles.HexNumber),
            (" 1a ", NumberStyles.HexNumber), (" 1a", NumberStyles.AllowHexSpecifier), ("0x1", NumberStyles.HexNumber),
            ("1010", NumberStyles.BinaryNumber), ("12", NumberStyles.BinaryNumber),
            ("1,234", NumberStyles.AllowThousands), ("1,2,3", NumberStyles.Number), ("12.00", NumberStyles.Number),
            ("12.50", NumberStyles.Number), ("5-", NumberStyles.AllowTrailingSign), ("(5)", NumberStyles.Currency),
            ("1e3", NumberStyles.AllowExponent), ("1e-1", NumberStyles.AllowExponent), ("-5", NumberStyles.None),
            (" 5", NumberStyles.None), ("5", NumberStyles.None), ("1200e-2", NumberStyles.Float),
        ];
        for (int i = 0; i < samples.Length; i++)
        {
            (string input, NumberStyles style) = samples[i];
            suite.Add($"parse: int with style, sample {i}", () => int.Parse(input, style).ToString());
        }

        suite.Add("parse: an impossible style", () => int.Parse("1", NumberStyles.HexNumber | NumberStyles.Float)
            .ToString());
    }

    private static void AddDoubles(Suite suite)
    {
        string[] inputs =
        [
            "0", "-0", "1", "1.5", " -2.25 ", ".5", "5.", "1e3", "1E-3", "1e+3", "1e", "e1", "1,234.5", "NaN",
            "Infinity", "-Infinity", "nan", "+Infinity", "", "-", ".", "1.2.3", "0x10", "1e400", "-1e400", "1e-400",
            "4.9406564584124654E-324", "2.4703282292062327E-324", "2.4703282292062328E-324", "1.7976931348623157E308",
            "1.7976931348623159E308", "9007199254740993", "9007199254740992.999999999999999999999999999999",
            "0.1", "0.30000000000000004", "123456789012345678901234567890", "1e22", "1e23", "8.5e-5",
            "2.2250738585072011e-308", "2.2250738585072012e-308",
            "1.00000000000000011102230246251565404236316680908203125",
            "1.00000000000000011102230246251565404236316680908203124", "0.000000000000000000000000000000000001",
            "6.0221e+23", "1e00000000000000000005", "1_000",
        ];
        for (int i = 0; i < inputs.Length; i++)
        {
            string input = inputs[i];
            suite.Add($"parse: double from sample {i}", () =>
            {
                double value = double.Parse(input);
                return value + " " + BitConverter.DoubleToInt64Bits(value).ToString("X16");
            });
            suite.Add($"parse: float from sample {i}", () =>
                $"{float.TryParse(input, out float value)} {BitConverter.SingleToInt32Bits(value):X8}");
        }
    }

    private static void AddOthers(Suite suite)
    {
        suite.Add("parse: booleans", () => $"{bool.Parse("True")} {bool.Parse(" false ")} {bool.TryParse("1", out _)} "
            + $"{bool.TryParse("TRUE", out bool t)} {t}");
        suite.Add("parse: a boolean from nonsense", () => bool.Parse("yes").ToString());
        suite.Add("parse: a character", () => char.Parse("x").ToString());
        suite.Add("parse: a character from two", () => char.Parse("xy").ToString());
        suite.Add("parse: from spans", () => $"{int.Parse("x123y".AsSpan(1, 3))} {double.Parse("1.5".AsSpan())}");
        suite.Add("parse: hexadecimal bytes", () => Convert.ToHexString(Convert.FromHexString("00fFa5")));
        suite.Add("parse: hexadecimal of odd length", () => Convert.FromHexString("abc").Length.ToString());
        suite.Add("parse: hexadecimal nonsense", () => Convert.FromHexString("zz").Length.ToString());
        for (int i = 0; i < 9; i++)
        {
            int length = i;
            suite.Add($"parse: base64 of {i} bytes", () =>
            {
                byte[] bytes = new byte[length];
                new Random(length).NextBytes(bytes);
                string text = Convert.ToBase64String(bytes);
                return text + " " + Convert.ToHexString(Convert.FromBase64String(text));
            });
        }

        string[] broken = ["A", "AA", "AAA", "AAAA=", "A===", "AB==", "AA=A", "AA==AA==", " A A A A ", "A-A=", "===="];
        for (int i = 0; i < broken.Length; i++)
        {
            string text = broken[i];
            suite.Add($"parse: base64 sample {i}", () => Convert.ToHexString(Convert.FromBase64String(text)));
        }

        suite.Add("parse: bases", () => $"{Convert.ToString(255, 2)} {Convert.ToString(-1, 16)} "
            + $"{Convert.ToString(8, 8)} "
            + $"{Convert.ToInt32("ff", 16)} {Convert.ToInt32("-5", 10)} {Convert.ToInt64("777", 8)}");
        suite.Add("parse: conversions round to even", () => $"{Convert.ToInt32(2.5)} {Convert.ToInt32(3.5)} "
            + $"{Convert.ToInt32(-2.5)} {Convert.ToInt32(true)} {Convert.ToInt32('a')} {Convert.ToInt32("12")}");
        suite.Add("parse: a conversion overflows", () => Convert.ToByte(300).ToString());
        suite.Add("parse: a conversion of a double overflows", () => Convert.ToInt32(1e10).ToString());
    }
}
