using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace System;

/// <summary>One UTF-16 code unit and what Unicode says about it.</summary>
public readonly partial struct Char : IComparable, IComparable<char>, IEquatable<char>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<char>
{
    public const char MaxValue = '\uFFFF';
    public const char MinValue = '\0';

    private readonly char m_value;

    public override int GetHashCode() => m_value | (m_value << 16);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is char other && m_value == other;

    public bool Equals(char obj) => m_value == obj;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is char other ? CompareTo(other) : throw new ArgumentException("The object must be a Char.");
    }

    public int CompareTo(char value) => m_value - value;

    public override string ToString() => ToString(m_value);

    public string ToString(IFormatProvider? provider) => ToString(m_value);

    public static string ToString(char c) => new(c, 1);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider) => ToString(m_value);

    bool ISpanFormattable.TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        charsWritten = destination.Length > 0 ? 1 : 0;
        if (charsWritten > 0)
        {
            destination[0] = m_value;
        }

        return charsWritten > 0;
    }

    bool IUtf8SpanFormattable.TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format,
        IFormatProvider? provider)
    {
        ReadOnlySpan<char> text = new(in m_value);
        bool fits = Text.Utf8.CountBytes(text) <= utf8Destination.Length;
        bytesWritten = fits ? Text.Utf8.Encode(text, utf8Destination) : 0;
        return fits;
    }

    public static char Parse(string s)
    {
        ArgumentNullException.ThrowIfNull(s);
        return s.Length == 1 ? s[0] : throw new FormatException("String must be exactly one character long.");
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out char result)
    {
        bool valid = s is not null && s.Length == 1;
        result = valid ? s![0] : '\0';
        return valid;
    }

    static char IParsable<char>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<char>.TryParse(string? s, IFormatProvider? provider, out char result) =>
        TryParse(s, out result);

    static char ISpanParsable<char>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s.ToString());

    static bool ISpanParsable<char>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out char result) =>
        TryParse(s.ToString(), out result);

    public static bool IsAscii(char c) => c < 128;

    public static bool IsBetween(char c, char minInclusive, char maxInclusive) =>
        (uint)(c - minInclusive) <= (uint)(maxInclusive - minInclusive);

    public static bool IsAsciiDigit(char c) => IsBetween(c, '0', '9');

    public static bool IsAsciiLetter(char c) => IsBetween((char)(c | 0x20), 'a', 'z');

    public static bool IsAsciiLetterLower(char c) => IsBetween(c, 'a', 'z');

    public static bool IsAsciiLetterUpper(char c) => IsBetween(c, 'A', 'Z');

    public static bool IsAsciiLetterOrDigit(char c) => IsAsciiDigit(c) || IsAsciiLetter(c);

    public static bool IsAsciiHexDigit(char c) => Number.HexDigit(c) >= 0;

    public static bool IsAsciiHexDigitLower(char c) => IsAsciiDigit(c) || IsBetween(c, 'a', 'f');

    public static bool IsAsciiHexDigitUpper(char c) => IsAsciiDigit(c) || IsBetween(c, 'A', 'F');

    public static bool IsDigit(char c) =>
        c < 128 ? IsAsciiDigit(c) : GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber;

    public static bool IsLetter(char c) =>
        c < 128 ? IsAsciiLetter(c) : GetUnicodeCategory(c) <= UnicodeCategory.OtherLetter;

    public static bool IsLetterOrDigit(char c) => IsLetter(c) || IsDigit(c);

    public static bool IsLower(char c) =>
        c < 128 ? IsAsciiLetterLower(c) : GetUnicodeCategory(c) == UnicodeCategory.LowercaseLetter;

    public static bool IsUpper(char c) =>
        c < 128 ? IsAsciiLetterUpper(c) : GetUnicodeCategory(c) == UnicodeCategory.UppercaseLetter;

    public static bool IsNumber(char c) => c < 128
        ? IsAsciiDigit(c)
        : GetUnicodeCategory(c) is >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber;

    public static bool IsPunctuation(char c) => GetUnicodeCategory(c)
        is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    public static bool IsSymbol(char c) =>
        GetUnicodeCategory(c) is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol;

    public static bool IsSeparator(char c) => GetUnicodeCategory(c)
        is >= UnicodeCategory.SpaceSeparator and <= UnicodeCategory.ParagraphSeparator;

    public static bool IsControl(char c) => (c & ~0x80) < 32 || c == 127;

    public static bool IsWhiteSpace(char c)
    {
        if (c < 256)
        {
            return c == ' ' || IsBetween(c, '\t', '\r') || c == '\u0085' || c == '\u00A0';
        }

        return IsSeparator(c);
    }

    public static bool IsSurrogate(char c) => IsBetween(c, '\uD800', '\uDFFF');

    public static bool IsHighSurrogate(char c) => IsBetween(c, '\uD800', '\uDBFF');

    public static bool IsLowSurrogate(char c) => IsBetween(c, '\uDC00', '\uDFFF');

    public static bool IsSurrogatePair(char highSurrogate, char lowSurrogate) =>
        IsHighSurrogate(highSurrogate) && IsLowSurrogate(lowSurrogate);

    public static bool IsDigit(string s, int index) => IsDigit(At(s, index));

    public static bool IsLetter(string s, int index) => IsLetter(At(s, index));

    public static bool IsLetterOrDigit(string s, int index) => IsLetterOrDigit(At(s, index));

    public static bool IsUpper(string s, int index) => IsUpper(At(s, index));

    public static bool IsLower(string s, int index) => IsLower(At(s, index));

    public static bool IsWhiteSpace(string s, int index) => IsWhiteSpace(At(s, index));

    public static int ConvertToUtf32(char highSurrogate, char lowSurrogate)
    {
        if (!IsHighSurrogate(highSurrogate))
        {
            throw new ArgumentOutOfRangeException(nameof(highSurrogate));
        }

        if (!IsLowSurrogate(lowSurrogate))
        {
            throw new ArgumentOutOfRangeException(nameof(lowSurrogate));
        }

        return ((highSurrogate - 0xD800) << 10) + (lowSurrogate - 0xDC00) + 0x10000;
    }

    public static string ConvertFromUtf32(int utf32)
    {
        if ((uint)utf32 > 0x10FFFF || (utf32 >= 0xD800 && utf32 <= 0xDFFF))
        {
            throw new ArgumentOutOfRangeException(nameof(utf32));
        }

        if (utf32 < 0x10000)
        {
            return ToString((char)utf32);
        }

        utf32 -= 0x10000;
        ReadOnlySpan<char> pair = [(char)(0xD800 + (utf32 >> 10)), (char)(0xDC00 + (utf32 & 0x3FF))];
        return new string(pair);
    }

    public static double GetNumericValue(char c) => IsDigit(c) && c < 128 ? c - '0' : -1;

    public static char ToUpper(char c) => ToUpperInvariant(c);

    public static char ToLower(char c) => ToLowerInvariant(c);

    public static char ToUpper(char c, CultureInfo culture) => ToUpperInvariant(c);

    public static char ToLower(char c, CultureInfo culture) => ToLowerInvariant(c);

    public static char ToUpperInvariant(char c)
    {
        if (c < 128)
        {
            return IsAsciiLetterLower(c) ? (char)(c & ~0x20) : c;
        }

        return Map(c, UnicodeTables.ToUpper);
    }

    public static char ToLowerInvariant(char c)
    {
        if (c < 128)
        {
            return IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        }

        return Map(c, UnicodeTables.ToLower);
    }

    public static UnicodeCategory GetUnicodeCategory(char c)
    {
        ReadOnlySpan<ushort> starts = UnicodeTables.CategoryStarts;
        int low = 0;
        int high = starts.Length;
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (starts[middle] <= c)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        // Capital (0) and small (1) letters that alternate: every second one is the other.
        int category = UnicodeTables.Categories[low];
        return (UnicodeCategory)(category < 0x40 ? category : (category ^ (c - starts[low])) & 1);
    }

    public static UnicodeCategory GetUnicodeCategory(string s, int index) => GetUnicodeCategory(At(s, index));

    private static char At(string s, int index)
    {
        ArgumentNullException.ThrowIfNull(s);
        return (uint)index < (uint)s.Length ? s[index] : throw new ArgumentOutOfRangeException(nameof(index));
    }

    private static char Map(char c, ReadOnlySpan<ushort> runs)
    {
        int low = 0;
        int high = runs.Length / 4;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            ReadOnlySpan<ushort> run = runs.Slice(middle * 4, 4);
            if (c < run[0])
            {
                high = middle;
            }
            else if (c > run[1])
            {
                low = middle + 1;
            }
            else
            {
                return (c - run[0]) % run[2] == 0 ? (char)(c + run[3]) : c;
            }
        }

        return c;
    }
}
