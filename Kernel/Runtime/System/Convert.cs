namespace System;

/// <summary>How base64 text is broken into lines.</summary>
[Flags]
public enum Base64FormattingOptions
{
    None = 0,
    InsertLineBreaks = 1,
}

/// <summary>
/// Bytes as hexadecimal and base64 (RFC 4648), and conversions between numbers that check their range.
/// </summary>
public static partial class Convert
{
    private const string Base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <summary>Characters in a line of base64 with line breaks (RFC 2045, section 6.8).</summary>
    private const int Base64LineLength = 76;

    public static string ToHexString(byte[] inArray)
    {
        ArgumentNullException.ThrowIfNull(inArray);
        return Hex(inArray, 'A');
    }

    public static string ToHexString(byte[] inArray, int offset, int length) =>
        Hex(inArray.AsSpan(offset, length), 'A');

    public static string ToHexString(ReadOnlySpan<byte> bytes) => Hex(bytes, 'A');

    public static string ToHexStringLower(byte[] inArray)
    {
        ArgumentNullException.ThrowIfNull(inArray);
        return Hex(inArray, 'a');
    }

    public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Hex(bytes, 'a');

    public static byte[] FromHexString(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return FromHexString(s.AsSpan());
    }

    public static byte[] FromHexString(ReadOnlySpan<char> chars)
    {
        if (chars.Length % 2 != 0)
        {
            throw new FormatException("The input is not a valid hex string as its length is not a multiple of 2.");
        }

        byte[] bytes = new byte[chars.Length / 2];
        for (int i = 0; i < bytes.Length; i++)
        {
            int value = (Number.HexDigit(chars[2 * i]) << 4) | Number.HexDigit(chars[(2 * i) + 1]);
            if (value < 0)
            {
                throw new FormatException("The input is not a valid hex string as it contains a non-hex character.");
            }

            bytes[i] = (byte)value;
        }

        return bytes;
    }

    public static string ToBase64String(byte[] inArray)
    {
        ArgumentNullException.ThrowIfNull(inArray);
        return ToBase64String(inArray.AsSpan());
    }

    public static string ToBase64String(byte[] inArray, Base64FormattingOptions options)
    {
        ArgumentNullException.ThrowIfNull(inArray);
        return ToBase64String(inArray.AsSpan(), options);
    }

    public static string ToBase64String(byte[] inArray, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(inArray);
        return ToBase64String(inArray.AsSpan(offset, length));
    }

    public static string ToBase64String(ReadOnlySpan<byte> bytes,
        Base64FormattingOptions options = Base64FormattingOptions.None)
    {
        TextBuffer text = new(stackalloc char[128]);
        int line = 0;
        for (int i = 0; i < bytes.Length; i += 3)
        {
            if (options == Base64FormattingOptions.InsertLineBreaks && line == Base64LineLength)
            {
                text.Append("\r\n");
                line = 0;
            }

            int left = bytes.Length - i;
            int group = (bytes[i] << 16) | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
            text.Append(Base64Alphabet[group >> 18]);
            text.Append(Base64Alphabet[(group >> 12) & 63]);
            text.Append(left > 1 ? Base64Alphabet[(group >> 6) & 63] : '=');
            text.Append(left > 2 ? Base64Alphabet[group & 63] : '=');
            line += 4;
        }

        return text.ToString();
    }

    public static byte[] FromBase64String(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        byte[] bytes = new byte[((s.Length / 4) + 1) * 3];
        if (!TryFromBase64Chars(s, bytes, out int written))
        {
            throw new FormatException("The input is not a valid Base-64 string.");
        }

        return bytes.AsSpan(0, written).ToArray();
    }

    public static bool TryFromBase64String(string s, Span<byte> bytes, out int bytesWritten)
    {
        ArgumentNullException.ThrowIfNull(s);
        return TryFromBase64Chars(s, bytes, out bytesWritten);
    }

    public static bool TryFromBase64Chars(ReadOnlySpan<char> chars, Span<byte> bytes, out int bytesWritten)
    {
        bytesWritten = 0;
        int written = 0;
        int group = 0;
        int digits = 0;
        int padding = 0;
        foreach (char c in chars)
        {
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                continue;
            }

            int digit = c == '=' ? 0 : Base64Alphabet.IndexOf(c);
            padding += c == '=' ? 1 : 0;
            if (digit < 0 || (padding > 0 && c != '=') || padding > 2 || (c == '=' && digits < 2))
            {
                return false;
            }

            group = (group << 6) | digit;
            if (++digits < 4)
            {
                continue;
            }

            if (bytes.Length - written < 3 - padding)
            {
                return false;
            }

            for (int i = 0; i < 3 - padding; i++)
            {
                bytes[written++] = (byte)(group >> (16 - (8 * i)));
            }

            digits = 0;
            group = 0;
        }

        bytesWritten = digits == 0 ? written : 0;
        return digits == 0;
    }

    private static string Hex(ReadOnlySpan<byte> bytes, char ten)
    {
        TextBuffer text = new(stackalloc char[128]);
        foreach (byte value in bytes)
        {
            text.Append(HexDigit(value >> 4, ten));
            text.Append(HexDigit(value & 15, ten));
        }

        return text.ToString();
    }

    private static char HexDigit(int value, char ten) => (char)(value < 10 ? '0' + value : ten + value - 10);
}
