using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>True or false.</summary>
public readonly struct Boolean : IComparable, IComparable<bool>, IEquatable<bool>, ISpanParsable<bool>
{
    public static readonly string TrueString = "True";
    public static readonly string FalseString = "False";

    private readonly bool m_value;

    public override int GetHashCode() => m_value ? 1 : 0;

    public override string ToString() => m_value ? "True" : "False";

    public string ToString(IFormatProvider? provider) => ToString();

    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        string text = ToString();
        charsWritten = text.TryCopyTo(destination) ? text.Length : 0;
        return charsWritten > 0;
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is bool other && m_value == other;

    public bool Equals(bool obj) => m_value == obj;

    public int CompareTo(object? obj)
    {
        if (obj is null)
        {
            return 1;
        }

        return obj is bool other ? CompareTo(other) : throw new ArgumentException("The object must be a Boolean.");
    }

    public int CompareTo(bool value) => m_value == value ? 0 : m_value ? 1 : -1;

    public static bool Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Parse(value.AsSpan());
    }

    public static bool Parse(ReadOnlySpan<char> value) => TryParse(value, out bool result)
        ? result
        : throw new FormatException("String '" + value.ToString() + "' was not recognized as a valid Boolean.");

    public static bool TryParse([NotNullWhen(true)] string? value, out bool result) =>
        TryParse(value.AsSpan(), out result);

    public static bool TryParse(ReadOnlySpan<char> value, out bool result)
    {
        value = TrimWhiteAndNull(value);
        result = value.Equals("True", StringComparison.OrdinalIgnoreCase);
        return result || value.Equals("False", StringComparison.OrdinalIgnoreCase);
    }

    static bool IParsable<bool>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<bool>.TryParse(string? s, IFormatProvider? provider, out bool result) =>
        TryParse(s, out result);

    static bool ISpanParsable<bool>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<bool>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out bool result) =>
        TryParse(s, out result);

    private static ReadOnlySpan<char> TrimWhiteAndNull(ReadOnlySpan<char> value)
    {
        int start = 0;
        int end = value.Length;
        while (start < end && (char.IsWhiteSpace(value[start]) || value[start] == '\0'))
        {
            start++;
        }

        while (end > start && (char.IsWhiteSpace(value[end - 1]) || value[end - 1] == '\0'))
        {
            end--;
        }

        return value.Slice(start, end - start);
    }
}
