using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 64-bit unsigned integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct UInt64 : IComparable, IComparable<ulong>, IEquatable<ulong>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<ulong>
{
    private readonly ulong m_value;

    public const ulong MaxValue = 0xFFFF_FFFF_FFFF_FFFF;
    public const ulong MinValue = 0;

    private ulong Magnitude => m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is ulong other ? CompareTo(other) : throw new ArgumentException("The object must be a UInt64.");
    }

    public int CompareTo(ulong value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ulong other && m_value == other;

    public bool Equals(ulong other) => m_value == other;

    public override int GetHashCode() => (int)m_value ^ (int)(m_value >> 32);

    public override string ToString() => Number.DecimalText(Magnitude, false);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, false, (ulong)m_value, 64, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (ulong)m_value, 64, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (ulong)m_value, 64, format, provider, utf8Destination,
            out bytesWritten);

    public static ulong Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static ulong Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static ulong Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static ulong Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static ulong Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static ulong Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0xFFFF_FFFF_FFFF_FFFF, false, 64);
        return unchecked((ulong)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out ulong result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ulong result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out ulong result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out ulong result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ulong result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out ulong result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0xFFFF_FFFF_FFFF_FFFF, false, 64,
            out ulong value);
        result = status == ParseStatus.Ok ? unchecked((ulong)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static ulong Max(ulong x, ulong y) => x >= y ? x : y;

    public static ulong Min(ulong x, ulong y) => x <= y ? x : y;

    public static ulong Clamp(ulong value, ulong min, ulong max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(ulong value) => (value & 1) == 0;

    public static bool IsOddInteger(ulong value) => (value & 1) != 0;

    public static bool IsPow2(ulong value) => value > 0 && (value & (value - 1)) == 0;

    public static (ulong Quotient, ulong Remainder) DivRem(ulong left, ulong right)
    {
        ulong quotient = left / right;
        return (quotient, (ulong)(left - (quotient * right)));
    }

    public static ulong PopCount(ulong value) => (ulong)Numerics.BitOperations.PopCount((ulong)value);

    public static ulong LeadingZeroCount(ulong value) => (ulong)Numerics.BitOperations.LeadingZeroCount((ulong)value);

    public static ulong TrailingZeroCount(ulong value) => (ulong)Numerics.BitOperations.TrailingZeroCount((ulong)value);

    public static ulong RotateLeft(ulong value, int rotateAmount) =>
        (ulong)Numerics.BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static ulong RotateRight(ulong value, int rotateAmount) =>
        (ulong)Numerics.BitOperations.RotateRight((ulong)value, rotateAmount);

    public static ulong Log2(ulong value) => (ulong)Numerics.BitOperations.Log2(value);

    public static int Sign(ulong value) => value == 0 ? 0 : 1;
}
