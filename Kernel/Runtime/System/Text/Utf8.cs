namespace System.Text;

/// <summary>
/// UTF-8 (RFC 3629). What is malformed becomes U+FFFD: one for each maximal part of a sequence that could have gone on,
/// one for each lone surrogate (Unicode Standard, section 3.9).
/// </summary>
internal static class Utf8
{
    private const int Replacement = 0xFFFD;

    internal static int CountBytes(ReadOnlySpan<char> text)
    {
        int count = 0;
        for (int i = 0; i < text.Length;)
        {
            count = checked(count + SizeOf(NextCodePoint(text, ref i)));
        }

        return count;
    }

    /// <summary>Writes the bytes; the caller has made sure that they fit.</summary>
    internal static int Encode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        int written = 0;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = NextCodePoint(text, ref i);
            int size = SizeOf(codePoint);
            if (size > bytes.Length - written)
            {
                throw new ArgumentException("The output byte buffer is too small.", nameof(bytes));
            }

            Write(codePoint, size, bytes.Slice(written));
            written += size;
        }

        return written;
    }

    internal static int CountCharacters(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        for (int i = 0; i < bytes.Length;)
        {
            count += Decode(bytes, ref i, out _) >= 0x10000 ? 2 : 1;
        }

        return count;
    }

    internal static int Decode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        int written = 0;
        for (int i = 0; i < bytes.Length;)
        {
            int codePoint = Decode(bytes, ref i, out _);
            if (text.Length - written < (codePoint >= 0x10000 ? 2 : 1))
            {
                throw new ArgumentException("The output char buffer is too small.", nameof(text));
            }

            if (codePoint >= 0x10000)
            {
                codePoint -= 0x10000;
                text[written++] = (char)(0xD800 + (codePoint >> 10));
                text[written++] = (char)(0xDC00 + (codePoint & 0x3FF));
            }
            else
            {
                text[written++] = (char)codePoint;
            }
        }

        return written;
    }

    internal static int SizeOf(int codePoint) =>
        codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;

    internal static void Write(int codePoint, int size, Span<byte> bytes)
    {
        if (size == 1)
        {
            bytes[0] = (byte)codePoint;
            return;
        }

        for (int i = size - 1; i > 0; i--, codePoint >>= 6)
        {
            bytes[i] = (byte)(0x80 | (codePoint & 0x3F));
        }

        bytes[0] = (byte)((0xF00 >> size) | codePoint);
    }

    internal static int NextCodePoint(ReadOnlySpan<char> text, ref int i)
    {
        char c = text[i++];
        if (!char.IsSurrogate(c))
        {
            return c;
        }

        if (char.IsHighSurrogate(c) && i < text.Length && char.IsLowSurrogate(text[i]))
        {
            return char.ConvertToUtf32(c, text[i++]);
        }

        return Replacement;
    }

    /// <summary>One code point, or the replacement for one malformed part; always goes on by a byte at least.</summary>
    internal static int Decode(ReadOnlySpan<byte> bytes, ref int i, out bool valid)
    {
        int first = bytes[i++];
        valid = true;
        if (first < 0x80)
        {
            return first;
        }

        valid = false;
        if (first is < 0xC2 or > 0xF4)
        {
            return Replacement;
        }

        // The second byte's range rules out overlong forms, surrogates and what lies beyond U+10FFFF.
        int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
        int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        int codePoint = first & (0x3F >> more);
        for (; more > 0; more--)
        {
            if (i >= bytes.Length || bytes[i] < low || bytes[i] > high)
            {
                return Replacement;
            }

            codePoint = (codePoint << 6) | (bytes[i++] & 0x3F);
            low = 0x80;
            high = 0xBF;
        }

        valid = true;
        return codePoint;
    }
}
