using System;

namespace HaukiOS.Lock;

/// <summary>
/// Brings an answer into the one form from which keys are derived, so that "São Paulo", "sao paulo" and "SAO-PAULO"
/// open the same lock. The rule has a number, which every lock record names; a later rule will have another number
/// and leave this one as it is. Version 1, on Unicode scalar values, one after the other:
/// <list type="number">
/// <item>Full-width forms (U+FF01 to U+FF5E) become ASCII.</item>
/// <item>Letters of Latin-1 and Latin Extended-A lose their accents and become ASCII: ä a, ø o, ł l, ñ n; ß ss, æ ae,
/// œ oe, þ th, ĳ ij. Greek and Cyrillic letters that carry accents lose them as well; final ς becomes σ.</item>
/// <item>Capital letters of ASCII, Greek and Cyrillic become small.</item>
/// <item>Combining marks (U+0300 to U+036F) vanish, and so does everything that is neither letter nor digit in ASCII
/// and Latin-1, and the blocks of general punctuation (U+2000 to U+206F) and CJK punctuation (U+3000 to
/// U+303F): spaces, hyphens, quotation marks of every kind.</item>
/// <item>All else stays as it is.</item>
/// </list>
/// The result is UTF-8 and never longer than the input.
/// </summary>
public static class AnswerNormaliser
{
    /// <summary>The number of the rule above.</summary>
    public const int RuleVersion = 1;

    private const int LatinFirst = 0xC0;

    // U+00C0 to U+017F, one character each; '.' vanishes, and a capital letter stands for a pair (see Pair).
    private const string Latin =
        "aaaaaaAceeeeiiii" + "dnooooo.ouuuuyTS" + "aaaaaaAceeeeiiii" + "dnooooo.ouuuuyTy" +
        "aaaaaaccccccccdd" + "ddeeeeeeeeeegggg" + "gggghhhhiiiiiiii" + "iiJJjjkkklllllll" +
        "lllnnnnnnnnnoooo" + "ooOOrrrrrrssssss" + "ssttttttuuuuuuuu" + "uuuuwwyyyzzzzzzs";

    // Greek with accents, and what is left of it.
    private const string GreekAccented = "ΆΈΉΊΌΎΏΐΪΫάέήίΰϊϋόύώς";
    private const string GreekPlain = "αεηιουωιιυαεηιυιυουωσ";

    // Cyrillic letters that Unicode also writes as a letter and a combining mark.
    private const string CyrillicAccented = "ЀЁЃЇЌЍЎЙйѐёѓїќѝў";
    private const string CyrillicPlain = "еегікиуииеегікиу";

    /// <summary>Normalises an answer.</summary>
    /// <param name="utf8">The answer as typed; malformed UTF-8 is dropped.</param>
    /// <param name="into">At least as long as <paramref name="utf8"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Normalise(ReadOnlySpan<byte> utf8, Span<byte> into)
    {
        int written = 0;
        while (!utf8.IsEmpty)
        {
            int length = Decode(utf8, out int scalar);
            utf8 = utf8.Slice(length);
            written += Write(scalar, into.Slice(written));
        }

        return written;
    }

    /// <summary>Characters in normalised text.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> normalised)
    {
        int count = 0;
        foreach (byte value in normalised)
        {
            if ((value & 0xC0) != 0x80)
            {
                count++;
            }
        }

        return count;
    }

    private static int Write(int scalar, Span<byte> into)
    {
        if (scalar is >= 0xFF01 and <= 0xFF5E)
        {
            scalar -= 0xFF01 - '!';
        }

        if (scalar is >= LatinFirst and < LatinFirst + 0xC0)
        {
            return WriteLatin(Latin[scalar - LatinFirst], into);
        }

        scalar = ToSmall(WithoutAccent(scalar));
        if (Vanishes(scalar))
        {
            return 0;
        }

        return Encode(scalar, into);
    }

    private static int WriteLatin(char letter, Span<byte> into)
    {
        if (letter == '.')
        {
            return 0;
        }

        if (letter >= 'a')
        {
            into[0] = (byte)letter;
            return 1;
        }

        (into[0], into[1]) = letter switch
        {
            'A' => ((byte)'a', (byte)'e'),
            'J' => ((byte)'i', (byte)'j'),
            'O' => ((byte)'o', (byte)'e'),
            'S' => ((byte)'s', (byte)'s'),
            _ => ((byte)'t', (byte)'h'),
        };
        return 2;
    }

    private static int WithoutAccent(int scalar)
    {
        if (scalar is < 0x386 or > 0x45E)
        {
            return scalar;
        }

        int greek = GreekAccented.IndexOf((char)scalar);
        if (greek >= 0)
        {
            return GreekPlain[greek];
        }

        int cyrillic = CyrillicAccented.IndexOf((char)scalar);
        return cyrillic >= 0 ? CyrillicPlain[cyrillic] : scalar;
    }

    private static int ToSmall(int scalar) => scalar switch
    {
        >= 'A' and <= 'Z' => scalar + 0x20,
        >= 0x391 and <= 0x3A9 and not 0x3A2 => scalar + 0x20,
        >= 0x400 and <= 0x40F => scalar + 0x50,
        >= 0x410 and <= 0x42F => scalar + 0x20,
        _ => scalar,
    };

    private static bool Vanishes(int scalar) => scalar switch
    {
        < 0x80 => scalar is not ((>= 'a' and <= 'z') or (>= '0' and <= '9')),
        < LatinFirst => true,
        >= 0x300 and <= 0x36F => true,
        >= 0x2000 and <= 0x206F => true,
        >= 0x3000 and <= 0x303F => true,
        _ => false,
    };

    private static int Encode(int scalar, Span<byte> into)
    {
        if (scalar < 0x80)
        {
            into[0] = (byte)scalar;
            return 1;
        }

        int more = scalar < 0x800 ? 1 : scalar < 0x10000 ? 2 : 3;
        into[0] = (byte)((0xFF00 >> (more + 1)) | (scalar >> (6 * more)));
        for (int i = 1; i <= more; i++)
        {
            into[i] = (byte)(0x80 | ((scalar >> (6 * (more - i))) & 0x3F));
        }

        return more + 1;
    }

    // One scalar value; for malformed input one byte and a value that vanishes.
    private static int Decode(ReadOnlySpan<byte> utf8, out int scalar)
    {
        byte first = utf8[0];
        scalar = first;
        if (first < 0x80)
        {
            return 1;
        }

        scalar = ' ';
        int length = first switch
        {
            >= 0xC2 and < 0xE0 => 2,
            >= 0xE0 and < 0xF0 => 3,
            >= 0xF0 and < 0xF5 => 4,
            _ => 0,
        };
        if (length == 0 || utf8.Length < length)
        {
            return 1;
        }

        int value = first & (0xFF >> (length + 1));
        for (int i = 1; i < length; i++)
        {
            if ((utf8[i] & 0xC0) != 0x80)
            {
                return 1;
            }

            value = (value << 6) | (utf8[i] & 0x3F);
        }

        bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
        if (overlong || value is >= 0xD800 and < 0xE000 || value > 0x10FFFF)
        {
            return 1;
        }

        scalar = value;
        return length;
    }
}
