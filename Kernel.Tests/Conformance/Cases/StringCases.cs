using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>System.String: searching, cutting, joining, comparing.</summary>
public static class StringCases
{
    private const string Text = "Hauki on petokala, hauki ON kala";

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddCutting(suite);
        AddSearching(suite);
        AddComparing(suite);
        AddSplitting(suite);
        AddBuilding(suite);
        AddRefusals(suite);
    }

    private static void AddCutting(Suite suite)
    {
        suite.Add("string: trim removes white space at both ends", () => " \t hauki \r\n".Trim());
        suite.Add("string: trim of Unicode blanks", () => "\u00a0\u2003\u3000x\u2028".Trim());
        suite.Add("string: trim of characters", () => "xxhaukixyx".Trim('x', 'y'));
        suite.Add("string: trim start and end", () => "[" + "  a ".TrimStart() + "][" + "  a ".TrimEnd() + "]");
        suite.Add("string: trim of nothing gives the same", () => ReferenceEquals(Text, Text.Trim()).ToString());
        suite.Add("string: substring from", () => Text.Substring(9));
        suite.Add("string: substring of length", () => Text.Substring(9, 8));
        suite.Add("string: substring at the end", () => "[" + Text.Substring(Text.Length) + "]");
        suite.Add("string: range", () => Text[^4..] + Text[..5]);
        suite.Add("string: insert", () => "haki".Insert(2, "u"));
        suite.Add("string: remove to the end", () => Text.Remove(5));
        suite.Add("string: remove a part", () => Text.Remove(5, 3));
        suite.Add("string: pad left", () => "7".PadLeft(3, '0') + "|" + "x".PadLeft(3) + "|" + "long".PadLeft(2));
        suite.Add("string: pad right", () => "7".PadRight(3, '0') + "|" + "x".PadRight(3) + "|");
        suite.Add("string: replace characters", () => Text.Replace('k', 'q'));
        suite.Add("string: replace strings", () => Text.Replace("kala", "KALAT"));
        suite.Add("string: replace by nothing", () => Text.Replace("a", null));
        suite.Add("string: replace ignoring case", () =>
            Text.Replace("hauki", "X", StringComparison.OrdinalIgnoreCase));
        suite.Add("string: replace does not look again", () => "aaa".Replace("aa", "a"));
        suite.Add("string: replace line endings", () => "a\r\nb\nc\rd\u2028e".ReplaceLineEndings("|"));
        suite.Add("string: upper case", () => "äßéλж hauki ﬁ".ToUpperInvariant());
        suite.Add("string: lower case", () => "ÄÉΛЖ HAUKI İ".ToLowerInvariant());
        suite.Add("string: characters", () => string.Join('-', "abc".ToCharArray()));
        suite.Add("string: characters of a part", () => new string("abcdef".ToCharArray(2, 3)));
    }

    private static void AddSearching(Suite suite)
    {
        suite.Add("string: index of a character", () => $"{Text.IndexOf('k')} {Text.IndexOf('k', 4)}"
            + $" {Text.IndexOf('z')} {Text.IndexOf('a', 10, 3)}");
        suite.Add("string: index of a string", () => $"{Text.IndexOf("on", StringComparison.Ordinal)}"
            + $" {Text.IndexOf("ON", StringComparison.OrdinalIgnoreCase)} {Text.IndexOf("kala", 15)}");
        suite.Add("string: index of nothing", () => $"{Text.IndexOf("")} {Text.IndexOf("", 5)} {"".IndexOf("")}");
        suite.Add("string: last index of a character", () => $"{Text.LastIndexOf('k')} {Text.LastIndexOf('k', 20)}"
            + $" {Text.LastIndexOf('z')}");
        suite.Add("string: last index of a string", () => $"{Text.LastIndexOf("kala")}"
            + $" {Text.LastIndexOf("HAUKI", StringComparison.OrdinalIgnoreCase)}"
            + $" {Text.LastIndexOf("on", StringComparison.Ordinal)}");
        suite.Add("string: index of any", () => $"{Text.IndexOfAny(['x', 'p', 'k'])}"
            + $" {Text.LastIndexOfAny(['H', ','])} {Text.IndexOfAny([])}");
        suite.Add("string: contains", () => $"{Text.Contains("peto")} {Text.Contains("PETO")}"
            + $" {Text.Contains("PETO", StringComparison.OrdinalIgnoreCase)} {Text.Contains(',')} {Text.Contains("")}");
        suite.Add("string: starts with", () => $"{Text.StartsWith("Hauki", StringComparison.Ordinal)}"
            + $" {Text.StartsWith("hauki", StringComparison.Ordinal)} {Text.StartsWith('H')} {"".StartsWith('H')}"
            + $" {Text.StartsWith("hAUKI", StringComparison.OrdinalIgnoreCase)}");
        suite.Add("string: ends with", () => $"{Text.EndsWith("kala", StringComparison.Ordinal)}"
            + $" {Text.EndsWith("KALA", StringComparison.Ordinal)} {Text.EndsWith('a')} {Text.EndsWith("")}"
            + $" {Text.EndsWith("KALA", StringComparison.OrdinalIgnoreCase)}");
    }

    private static void AddComparing(Suite suite)
    {
        string?[] samples = [null, "", "a", "A", "ab", "aB", "b", "ä", "Ä", "\ud83d\ude00", "z"];
        suite.Add("string: ordinal order of pairs", () => Pairs(samples, string.CompareOrdinal));
        suite.Add("string: order of pairs ignoring case", () =>
            Pairs(samples, (a, b) => string.Compare(a, b, StringComparison.OrdinalIgnoreCase)));
        suite.Add("string: equality of pairs", () => Pairs(samples, (a, b) => string.Equals(a, b) ? 1 : 0));
        suite.Add("string: equality of pairs ignoring case", () =>
            Pairs(samples, (a, b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase) ? 1 : 0));
        suite.Add("string: operator compares contents", () => $"{new string('a', 3) == "aaa"} {"a" != "b"}");
        suite.Add("string: compare parts", () => string.CompareOrdinal("xxabc", 2, "abd", 0, 2) + " "
            + Math.Sign(string.CompareOrdinal("xxabc", 2, "abd", 0, 3)));
        suite.Add("string: equal strings have equal hash codes", () =>
            ("haukimies".GetHashCode() == ("hauki" + "mies".Substring(0)).GetHashCode()).ToString());
        suite.Add("string: comparer ignoring case hashes alike", () =>
            (StringComparer.OrdinalIgnoreCase.GetHashCode("Ärä") == StringComparer.OrdinalIgnoreCase.GetHashCode("äRÄ"))
            .ToString());
        suite.Add("string: null or empty", () => $"{string.IsNullOrEmpty(null)} {string.IsNullOrEmpty("")}"
            + $" {string.IsNullOrEmpty(" ")} {string.IsNullOrWhiteSpace(" \t")} {string.IsNullOrWhiteSpace(" x")}");
    }

    private static string Pairs(string?[] samples, Func<string?, string?, int> compare)
    {
        List<string> signs = [];
        foreach (string? a in samples)
        {
            foreach (string? b in samples)
            {
                signs.Add(Math.Sign(compare(a, b)).ToString());
            }
        }

        return string.Join(' ', signs);
    }

    private static void AddSplitting(Suite suite)
    {
        string[] inputs = ["a,b,,c", ",a,", "", ",", "a", " a , b ,, c ", "a, b;c"];
        StringSplitOptions[] options =
        [
            StringSplitOptions.None, StringSplitOptions.RemoveEmptyEntries, StringSplitOptions.TrimEntries,
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries,
        ];
        foreach (StringSplitOptions option in options)
        {
            int number = (int)option;
            foreach (string input in inputs)
            {
                suite.Add($"string: split '{input}' option {number}", () => Show(input.Split(',', option)));
                suite.Add($"string: split '{input}' in two, option {number}", () => Show(input.Split(',', 2, option)));
            }
        }

        suite.Add("string: split at white space", () => Show(" a \t b\nc ".Split()));
        suite.Add("string: split at several characters", () => Show("a, b;c".Split(',', ';', ' ')));
        suite.Add("string: split at a string", () => Show("a--b-c--".Split("--")));
        suite.Add("string: split at several strings", () =>
            Show("a--b==c".Split(["--", "=="], StringSplitOptions.None)));
        suite.Add("string: split at nothing", () => Show("abc".Split("")));
        suite.Add("string: split into none", () => Show("a,b".Split(',', 0)));
    }

    private static string Show(string[] parts) => parts.Length + "[" + string.Join('|', parts) + "]";

    private static void AddBuilding(Suite suite)
    {
        suite.Add("string: concat", () => string.Concat("a", null, "b", "") + string.Concat("x", 1, 'c'));
        suite.Add("string: concat of many", () => string.Concat("a", "b", "c", "d", "e", null));
        suite.Add("string: concat of a sequence", () => string.Concat(new List<int> { 1, 2, 3 }));
        suite.Add("string: plus takes anything", () => "a" + 1 + true + null + 2.5 + 'c' + 10L);
        suite.Add("string: join strings", () => string.Join(", ", "a", null, "c"));
        suite.Add("string: join objects", () => string.Join('/', 1, null, "x", 2.5));
        suite.Add("string: join a sequence", () => string.Join("", new List<string> { "q", "w" }));
        suite.Add("string: join a part", () => string.Join('-', ["a", "b", "c", "d"], 1, 2));
        suite.Add("string: from repeated characters", () => new string('=', 5));
        suite.Add("string: from characters", () => new string(['a', 'b', 'c'], 1, 2));
        suite.Add("string: from a span", () => new string("hauki".AsSpan(1, 3)));
        suite.Add("string: create fills its characters", () => string.Create(5, 'a', static (span, first) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = (char)(first + i);
            }
        }));
        suite.Add("string: format with numbers and widths", () =>
            string.Format("{0}|{1,5}|{2,-5}|{3:X4}|{4:F2}", "a", 12, "b", 255, 1.239));
        suite.Add("string: format with doubled braces", () => string.Format("{{{0}}} {{x}}", 5));
        suite.Add("string: format repeats and skips", () => string.Format("{1}{0}{1}", "a", "b", "c"));
        suite.Add("string: enumerates", () =>
        {
            int sum = 0;
            foreach (char c in "hauki")
            {
                sum += c;
            }

            return sum.ToString();
        });
        suite.Add("string: runes", () =>
        {
            string runes = "";
            foreach (System.Text.Rune rune in "a\ud83d\ude00\ud800b".EnumerateRunes())
            {
                runes += rune.Value.ToString("X") + " ";
            }

            return runes;
        });
    }

    private static void AddRefusals(Suite suite)
    {
        suite.Add("string: substring past the end", () => "hauki".Substring(6));
        suite.Add("string: substring too long", () => "hauki".Substring(2, 4));
        suite.Add("string: substring before the start", () => "hauki".Substring(-1));
        suite.Add("string: index out of range", () => "hauki"[Text.Length].ToString());
        suite.Add("string: replace of nothing", () => "hauki".Replace("", "x"));
        suite.Add("string: index of null", () => "hauki".IndexOf((string)null!).ToString());
        suite.Add("string: index from outside", () => "hauki".IndexOf('a', 9).ToString());
        suite.Add("string: insert of null", () => "hauki".Insert(0, null!));
        suite.Add("string: pad to less than nothing", () => "hauki".PadLeft(-1));
        suite.Add("string: repeat less than nothing", () => new string('x', Text.Length - 100));
        suite.Add("string: format with too few arguments", () => string.Format("{1}", "only"));
        suite.Add("string: format with an open brace", () => string.Format("{0", "x"));
        suite.Add("string: format with a lone closing brace", () => string.Format("0}", "x"));
        suite.Add("string: copy over the end", () =>
        {
            "hauki".CopyTo(0, new char[3], 0, 4);
            return "copied";
        });
    }
}
