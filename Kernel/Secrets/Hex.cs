using System;

namespace HaukiOS.Secrets;

/// <summary>Bytes as people read them.</summary>
public static class Hex
{
    private const string Digits = "0123456789abcdef";

    /// <summary>Reads pairs of digits; blanks between them are allowed.</summary>
    /// <exception cref="ArgumentException">The text is not hexadecimal.</exception>
    public static byte[] Parse(string text)
    {
        byte[] bytes = new byte[text.Length / 2];
        int digits = 0;
        foreach (char c in text)
        {
            if (c == ' ')
            {
                continue;
            }

            int value = Digits.IndexOf(c is >= 'A' and <= 'F' ? (char)(c + 0x20) : c);
            if (value < 0)
            {
                throw new ArgumentException("not hexadecimal", nameof(text));
            }

            bytes[digits / 2] |= (byte)(digits % 2 == 0 ? value << 4 : value);
            digits++;
        }

        return digits == bytes.Length * 2 ? bytes : bytes.AsSpan(0, digits / 2).ToArray();
    }

    /// <summary>Writes small digits without blanks.</summary>
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        char[] text = new char[bytes.Length * 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Digits[bytes[i] >> 4];
            text[(2 * i) + 1] = Digits[bytes[i] & 15];
        }

        return new string(text);
    }
}
