namespace System.Text;

/// <summary>Text as bytes and back. The house knows UTF-8, ASCII, Latin-1 and UTF-16.</summary>
public abstract class Encoding
{
    public static Encoding UTF8 { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true);

    public static Encoding ASCII { get; } = new ASCIIEncoding();

    public static Encoding Latin1 { get; } = new Latin1Encoding();

    public static Encoding Unicode { get; } = new UnicodeEncoding(bigEndian: false, byteOrderMark: true);

    public static Encoding BigEndianUnicode { get; } = new UnicodeEncoding(bigEndian: true, byteOrderMark: true);

    public static Encoding Default => UTF8;

    public abstract string WebName { get; }

    public virtual string EncodingName => WebName;

    public virtual ReadOnlySpan<byte> Preamble => default;

    public virtual byte[] GetPreamble() => Preamble.ToArray();

    public abstract int GetByteCount(ReadOnlySpan<char> chars);

    public abstract int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes);

    public abstract int GetCharCount(ReadOnlySpan<byte> bytes);

    public abstract int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars);

    public abstract int GetMaxByteCount(int charCount);

    public abstract int GetMaxCharCount(int byteCount);

    public virtual int GetByteCount(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return GetByteCount((ReadOnlySpan<char>)s);
    }

    public virtual int GetByteCount(char[] chars)
    {
        ArgumentNullException.ThrowIfNull(chars);
        return GetByteCount((ReadOnlySpan<char>)chars);
    }

    public virtual int GetByteCount(char[] chars, int index, int count) =>
        GetByteCount(new ReadOnlySpan<char>(chars, index, count));

    public virtual byte[] GetBytes(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return ToBytes(s);
    }

    public virtual byte[] GetBytes(char[] chars)
    {
        ArgumentNullException.ThrowIfNull(chars);
        return ToBytes(chars);
    }

    public virtual byte[] GetBytes(char[] chars, int index, int count) =>
        ToBytes(new ReadOnlySpan<char>(chars, index, count));

    public virtual int GetBytes(string s, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        ArgumentNullException.ThrowIfNull(s);
        return GetBytes(s.AsSpan(charIndex, charCount), bytes.AsSpan(byteIndex));
    }

    public virtual int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        GetBytes(chars.AsSpan(charIndex, charCount), bytes.AsSpan(byteIndex));

    public virtual bool TryGetBytes(ReadOnlySpan<char> chars, Span<byte> bytes, out int bytesWritten)
    {
        bool fits = GetByteCount(chars) <= bytes.Length;
        bytesWritten = fits ? GetBytes(chars, bytes) : 0;
        return fits;
    }

    public virtual int GetCharCount(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return GetCharCount((ReadOnlySpan<byte>)bytes);
    }

    public virtual int GetCharCount(byte[] bytes, int index, int count) =>
        GetCharCount(new ReadOnlySpan<byte>(bytes, index, count));

    public virtual char[] GetChars(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return GetString(bytes).ToCharArray();
    }

    public virtual int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public virtual bool TryGetChars(ReadOnlySpan<byte> bytes, Span<char> chars, out int charsWritten)
    {
        bool fits = GetCharCount(bytes) <= chars.Length;
        charsWritten = fits ? GetChars(bytes, chars) : 0;
        return fits;
    }

    public string GetString(ReadOnlySpan<byte> bytes)
    {
        int length = GetCharCount(bytes);
        if (length == 0)
        {
            return "";
        }

        string text = string.Allocate(length);
        GetChars(bytes, new Span<char>(ref text.FirstCharacter, length));
        return text;
    }

    public virtual string GetString(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return GetString((ReadOnlySpan<byte>)bytes);
    }

    public virtual string GetString(byte[] bytes, int index, int count)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return GetString(new ReadOnlySpan<byte>(bytes, index, count));
    }

    public unsafe string GetString(byte* bytes, int byteCount) => GetString(new ReadOnlySpan<byte>(bytes, byteCount));

    private byte[] ToBytes(ReadOnlySpan<char> chars)
    {
        byte[] bytes = new byte[GetByteCount(chars)];
        GetBytes(chars, bytes);
        return bytes;
    }
}

/// <summary>UTF-8.</summary>
public class UTF8Encoding : Encoding
{
    private readonly bool identifier;
    private readonly bool strict;

    public UTF8Encoding()
    {
    }

    public UTF8Encoding(bool encoderShouldEmitUTF8Identifier)
    {
        identifier = encoderShouldEmitUTF8Identifier;
    }

    public UTF8Encoding(bool encoderShouldEmitUTF8Identifier, bool throwOnInvalidBytes)
    {
        identifier = encoderShouldEmitUTF8Identifier;
        strict = throwOnInvalidBytes;
    }

    public override string WebName => "utf-8";

    public override ReadOnlySpan<byte> Preamble => identifier ? [0xEF, 0xBB, 0xBF] : default;

    public override int GetByteCount(ReadOnlySpan<char> chars)
    {
        CheckCharacters(chars);
        return Utf8.CountBytes(chars);
    }

    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes)
    {
        CheckCharacters(chars);
        return Utf8.Encode(chars, bytes);
    }

    public override int GetCharCount(ReadOnlySpan<byte> bytes)
    {
        CheckBytes(bytes);
        return Utf8.CountCharacters(bytes);
    }

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        CheckBytes(bytes);
        return Utf8.Decode(bytes, chars);
    }

    public override int GetMaxByteCount(int charCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(charCount);
        return checked((charCount + 1) * 3);
    }

    public override int GetMaxCharCount(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        return checked(byteCount + 1);
    }

    private void CheckBytes(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; strict && i < bytes.Length;)
        {
            Utf8.Decode(bytes, ref i, out bool valid);
            if (!valid)
            {
                throw new DecoderFallbackException("Unable to translate bytes to Unicode.");
            }
        }
    }

    private void CheckCharacters(ReadOnlySpan<char> chars)
    {
        for (int i = 0; strict && i < chars.Length;)
        {
            bool lone = char.IsSurrogate(chars[i]);
            int start = i;
            Utf8.NextCodePoint(chars, ref i);
            if (lone && i - start == 1)
            {
                throw new EncoderFallbackException("Unable to translate Unicode character to bytes.");
            }
        }
    }
}

/// <summary>One byte a code unit, up to a limit; a question mark for others.</summary>
public abstract class SingleByteEncoding : Encoding
{
    private protected abstract int Limit { get; }

    private protected abstract char Unknown { get; }

    public override int GetByteCount(ReadOnlySpan<char> chars) => chars.Length;

    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes)
    {
        if (bytes.Length < chars.Length)
        {
            throw new ArgumentException("The output byte buffer is too small.", nameof(bytes));
        }

        for (int i = 0; i < chars.Length; i++)
        {
            bytes[i] = chars[i] < Limit ? (byte)chars[i] : (byte)'?';
        }

        return chars.Length;
    }

    public override int GetCharCount(ReadOnlySpan<byte> bytes) => bytes.Length;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (chars.Length < bytes.Length)
        {
            throw new ArgumentException("The output char buffer is too small.", nameof(chars));
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            chars[i] = bytes[i] < Limit ? (char)bytes[i] : Unknown;
        }

        return bytes.Length;
    }

    public override int GetMaxByteCount(int charCount) => checked(charCount + 1);

    public override int GetMaxCharCount(int byteCount) => byteCount;
}

/// <summary>ASCII.</summary>
public class ASCIIEncoding : SingleByteEncoding
{
    public override string WebName => "us-ascii";

    private protected override int Limit => 128;

    private protected override char Unknown => '\uFFFD';
}

/// <summary>ISO 8859-1: the first 256 code points.</summary>
internal sealed class Latin1Encoding : SingleByteEncoding
{
    public override string WebName => "iso-8859-1";

    private protected override int Limit => 256;

    private protected override char Unknown => '\uFFFD';
}

/// <summary>UTF-16 in either byte order.</summary>
public class UnicodeEncoding : Encoding
{
    private readonly bool big;
    private readonly bool mark;

    public UnicodeEncoding()
        : this(bigEndian: false, byteOrderMark: true)
    {
    }

    public UnicodeEncoding(bool bigEndian, bool byteOrderMark)
    {
        big = bigEndian;
        mark = byteOrderMark;
    }

    public override string WebName => big ? "utf-16BE" : "utf-16";

    public override ReadOnlySpan<byte> Preamble => !mark ? default : big ? [0xFE, 0xFF] : [0xFF, 0xFE];

    public override int GetByteCount(ReadOnlySpan<char> chars) => checked(chars.Length * 2);

    public override int GetBytes(ReadOnlySpan<char> chars, Span<byte> bytes)
    {
        if (bytes.Length < chars.Length * 2)
        {
            throw new ArgumentException("The output byte buffer is too small.", nameof(bytes));
        }

        for (int i = 0; i < chars.Length; i++)
        {
            bool paired = !char.IsSurrogate(chars[i])
                || (char.IsHighSurrogate(chars[i]) && i + 1 < chars.Length && char.IsLowSurrogate(chars[i + 1]))
                || (char.IsLowSurrogate(chars[i]) && i > 0 && char.IsHighSurrogate(chars[i - 1]));
            char c = paired ? chars[i] : '\uFFFD';
            bytes[(i * 2) + (big ? 1 : 0)] = (byte)c;
            bytes[(i * 2) + (big ? 0 : 1)] = (byte)(c >> 8);
        }

        return chars.Length * 2;
    }

    public override int GetCharCount(ReadOnlySpan<byte> bytes) => (bytes.Length + 1) / 2;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        int count = GetCharCount(bytes);
        if (chars.Length < count)
        {
            throw new ArgumentException("The output char buffer is too small.", nameof(chars));
        }

        for (int i = 0; i < bytes.Length / 2; i++)
        {
            int low = bytes[(i * 2) + (big ? 1 : 0)];
            chars[i] = (char)(low | (bytes[(i * 2) + (big ? 0 : 1)] << 8));
        }

        if ((bytes.Length & 1) != 0)
        {
            chars[count - 1] = '\uFFFD';
        }

        return count;
    }

    public override int GetMaxByteCount(int charCount) => checked((charCount + 1) * 2);

    public override int GetMaxCharCount(int byteCount) => (byteCount / 2) + 1;
}

/// <summary>A character that has no bytes in the encoding.</summary>
public sealed class EncoderFallbackException : ArgumentException
{
    public EncoderFallbackException(string? message)
        : base(message)
    {
    }
}

/// <summary>Bytes that are no characters in the encoding.</summary>
public sealed class DecoderFallbackException : ArgumentException
{
    public DecoderFallbackException(string? message)
        : base(message)
    {
    }
}
