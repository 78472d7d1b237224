using System;
using System.Collections.Generic;
using System.Text;

namespace HaukiOS.Conformance;

/// <summary>StringBuilder, encodings, and what Unicode says about characters.</summary>
public static class TextCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddBuilder(suite);
        AddEncodings(suite);
        AddCharacters(suite);
    }

    private static void AddBuilder(Suite suite)
    {
        suite.Add("builder: appends everything", () => new StringBuilder().Append('a').Append("b").Append(1).Append(2.5)
            .Append(true).Append('x', 3).Append((object?)null).Append(new[] { 'y', 'z' }).Append(7L).ToString());
        suite.Add("builder: appends parts", () =>
            new StringBuilder().Append("hauki", 1, 3).Append("abc".AsSpan(1)).ToString());
        suite.Add("builder: lines", () => new StringBuilder().AppendLine("a").AppendLine().Append("b").ToString());
        suite.Add("builder: insert", () => new StringBuilder("hki").Insert(1, "au").Insert(0, 5).Insert(6, '!')
            .ToString());
        suite.Add("builder: remove", () => new StringBuilder("hauki").Remove(1, 2).ToString());
        suite.Add("builder: replace", () => new StringBuilder("a-b-c").Replace("-", "--").Replace('a', 'x').ToString());
        suite.Add("builder: replace in a part", () => new StringBuilder("aaaa").Replace("a", "bb", 1, 2).ToString());
        suite.Add("builder: length cuts and fills", () =>
        {
            StringBuilder text = new("hauki") { Length = 3 };
            text.Length = 5;
            return text + "|" + text.Length;
        });
        suite.Add("builder: characters", () =>
        {
            StringBuilder text = new("hauki");
            text[0] = 'H';
            return text[0].ToString() + text[4];
        });
        suite.Add("builder: format", () => new StringBuilder().AppendFormat("{0,4}|{1:X}", 5, 255).ToString());
        suite.Add("builder: join", () => new StringBuilder().AppendJoin(", ", new List<int> { 1, 2, 3 })
            .AppendJoin('-', "a", "b").ToString());
        suite.Add("builder: interpolation", () => new StringBuilder().Append($"{1,3}{"x"}").AppendLine($"{2.5:F1}")
            .ToString());
        suite.Add("builder: grows", () =>
        {
            StringBuilder text = new(1);
            for (int i = 0; i < 1000; i++)
            {
                text.Append(i);
            }

            return text.Length + " " + text.ToString(500, 20);
        });
        suite.Add("builder: clear and equals", () => new StringBuilder("a").Clear().Equals(new StringBuilder())
            .ToString());
        suite.Add("builder: index out of range", () => new StringBuilder("a")[1].ToString());
        suite.Add("builder: remove too much", () => new StringBuilder("a").Remove(0, 2).ToString());
        suite.Add("builder: more than it may hold", () => new StringBuilder(2, 4).Append("12345").ToString());
        suite.Add("builder: chunks", () =>
        {
            string all = "";
            foreach (ReadOnlyMemory<char> chunk in new StringBuilder("ab").Append("cd").GetChunks())
            {
                all += chunk.ToString();
            }

            return all;
        });
    }

    private static void AddEncodings(Suite suite)
    {
        string[] texts = ["", "hauki", "äöå €", "\ud83d\ude00", "\ud83dx", "x\ude00", "\uffff\u0000", "日本語", "\ud800"];
        (string Name, Encoding Encoding)[] encodings =
        [
            ("utf8", Encoding.UTF8), ("ascii", Encoding.ASCII), ("latin1", Encoding.Latin1),
            ("utf16", Encoding.Unicode), ("utf16be", Encoding.BigEndianUnicode),
        ];
        foreach ((string name, Encoding encoding) in encodings)
        {
            for (int i = 0; i < texts.Length; i++)
            {
                string text = texts[i];
                suite.Add($"encoding: {name} of sample {i}", () =>
                {
                    byte[] bytes = encoding.GetBytes(text);
                    return Convert.ToHexString(bytes) + " " + encoding.GetByteCount(text) + " "
                        + encoding.GetString(bytes);
                });
            }
        }

        string[] broken =
        [
            "80", "C080", "E0A0", "E08080", "EDA080", "F0808080", "F4908080", "F5", "61F09F98", "C3", "C3C3A4",
            "E282ACE282", "FF61FE", "F09F9880F09F", "EFBBBF61", "F0908061",
        ];
        foreach (string hex in broken)
        {
            suite.Add($"encoding: utf8 from bytes {hex}", () =>
            {
                byte[] bytes = Convert.FromHexString(hex);
                return Encoding.UTF8.GetString(bytes) + " " + Encoding.UTF8.GetCharCount(bytes);
            });
        }

        suite.Add("encoding: strict utf8 refuses", () => new UTF8Encoding(false, true).GetString([0x61, 0xFF]));
        suite.Add("encoding: strict utf8 refuses a surrogate", () =>
            new UTF8Encoding(false, true).GetBytes("\ud800").Length.ToString());
        suite.Add("encoding: too little room", () => Encoding.UTF8.GetBytes("äö", new byte[3]).ToString());
        suite.Add("encoding: preambles", () => Convert.ToHexString(Encoding.UTF8.GetPreamble()) + " "
            + Convert.ToHexString(Encoding.Unicode.GetPreamble()) + " " + new UTF8Encoding().GetPreamble().Length);
        suite.Add("encoding: utf8 literal", () => Encoding.UTF8.GetString("äö"u8) + "äö"u8.Length);
        suite.Add("encoding: most bytes", () => $"{Encoding.UTF8.GetMaxByteCount(10)} "
            + $"{Encoding.UTF8.GetMaxCharCount(10)}"
            + $" {Encoding.ASCII.GetMaxByteCount(10)} {Encoding.Unicode.GetMaxByteCount(10)}");
    }

    private static void AddCharacters(Suite suite)
    {
        for (int block = 0; block < 16; block++)
        {
            int first = block * 4096;
            suite.Add($"char: categories from {first:X4}", () => Sum(first, c => (int)char.GetUnicodeCategory(c)));
            suite.Add($"char: case mapping from {first:X4}", () =>
                Sum(first, c => char.ToUpperInvariant(c) + (3 * char.ToLowerInvariant(c))));
            suite.Add($"char: classes from {first:X4}", () => Sum(first, Classes));
        }

        suite.Add("char: categories of Latin-1", () =>
        {
            StringBuilder text = new();
            for (char c = '\0'; c < 256; c++)
            {
                text.Append((int)char.GetUnicodeCategory(c)).Append(char.IsWhiteSpace(c) ? "w" : " ");
            }

            return text.ToString();
        });
        suite.Add("char: code points", () => char.ConvertFromUtf32(0x1F600) + " "
            + char.ConvertToUtf32('\ud83d', '\ude00').ToString("X"));
        suite.Add("char: no such code point", () => char.ConvertFromUtf32(0xD800));
        suite.Add("char: ascii", () => $"{char.IsAsciiDigit('5')} {char.IsAsciiLetter('é')} "
            + $"{char.IsAsciiHexDigit('f')} "
            + $"{char.IsAsciiLetterUpper('A')} {char.IsBetween('b', 'a', 'c')}");
        suite.Add("char: hash and order", () => 'a'.GetHashCode() + " " + 'a'.CompareTo('c') + " " + 'a'.Equals('a'));
    }

    private static int Classes(char c) =>
        (char.IsLetter(c) ? 1 : 0) | (char.IsDigit(c) ? 2 : 0) | (char.IsLetterOrDigit(c) ? 4 : 0)
        | (char.IsUpper(c) ? 8 : 0) | (char.IsLower(c) ? 16 : 0) | (char.IsPunctuation(c) ? 32 : 0)
        | (char.IsSymbol(c) ? 64 : 0) | (char.IsSeparator(c) ? 128 : 0) | (char.IsControl(c) ? 256 : 0)
        | (char.IsWhiteSpace(c) ? 512 : 0) | (char.IsSurrogate(c) ? 1024 : 0) | (char.IsNumber(c) ? 2048 : 0);

    private static string Sum(int first, Func<char, int> property)
    {
        uint sum = 17;
        for (int i = 0; i < 4096; i++)
        {
            sum = (sum * 31) + (uint)property((char)(first + i));
        }

        return sum.ToString("X8");
    }
}
