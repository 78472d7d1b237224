using System;

namespace HaukiOS.Secrets;

/// <summary>
/// Bytes for people to write down and to type: Crockford's base 32 in groups of four characters with hyphens between.
/// Reading forgives small letters, blanks, missing or extra hyphens, o for 0 and i or l for 1.
/// </summary>
public static class CrockfordBase32
{
    private const int GroupLength = 4;
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Characters of the written form of <paramref name="bytes"/> bytes, hyphens included.</summary>
    /// <param name="bytes">A multiple of five.</param>
    public static int TextLength(int bytes)
    {
        int symbols = bytes * 8 / 5;
        return symbols + ((symbols - 1) / GroupLength);
    }

    /// <summary>Writes bytes.</summary>
    /// <param name="bytes">A multiple of five of them.</param>
    /// <param name="into">ASCII.</param>
    public static void Write(ReadOnlySpan<byte> bytes, Span<byte> into)
    {
        int at = 0;
        for (int symbol = 0; symbol < bytes.Length * 8 / 5; symbol++)
        {
            if (symbol > 0 && symbol % GroupLength == 0)
            {
                into[at++] = (byte)'-';
            }

            into[at++] = (byte)Alphabet[FiveBits(bytes, symbol * 5)];
        }
    }

    /// <summary>Reads exactly as many bytes as there is room for.</summary>
    /// <returns>False if it is another number, or there is a character that cannot be.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        bytes.Clear();
        int symbols = 0;
        foreach (byte character in text)
        {
            if (character is (byte)' ' or (byte)'-')
            {
                continue;
            }

            int value = ValueOf(character);
            if (value < 0 || symbols == bytes.Length * 8 / 5)
            {
                return false;
            }

            SetFiveBits(bytes, symbols * 5, value);
            symbols++;
        }

        return symbols == bytes.Length * 8 / 5;
    }

    private static int ValueOf(byte character)
    {
        char c = (char)(character is >= (byte)'a' and <= (byte)'z' ? character - 0x20 : character);
        return c switch
        {
            'O' => 0,
            'I' or 'L' => 1,
            _ => Alphabet.IndexOf(c),
        };
    }

    private static int FiveBits(ReadOnlySpan<byte> bytes, int bit)
    {
        int value = 0;
        for (int i = bit; i < bit + 5; i++)
        {
            value = (value << 1) | ((bytes[i / 8] >> (7 - (i % 8))) & 1);
        }

        return value;
    }

    private static void SetFiveBits(Span<byte> bytes, int bit, int value)
    {
        for (int i = 0; i < 5; i++)
        {
            int at = bit + i;
            bytes[at / 8] |= (byte)(((value >> (4 - i)) & 1) << (7 - (at % 8)));
        }
    }
}
