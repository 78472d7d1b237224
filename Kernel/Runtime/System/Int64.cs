using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 64-bit signed integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct Int64 : IComparable, IComparable<long>, IEquatable<long>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<long>
{
    private readonly long m_value;

    public const long MaxValue = 0x7FFF_FFFF_FFFF_FFFF;
    public const long MinValue = unchecked((long)0x8000_0000_0000_0000);

    private ulong Magnitude => m_value < 0 ? 0UL - (ulong)m_value : (ulong)m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is long other ? CompareTo(other) : throw new ArgumentException("The object must be a Int64.");
    }

    public int CompareTo(long value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is long other && m_value == other;

    public bool Equals(long other) => m_value == other;

    public override int GetHashCode() => unchecked((int)m_value) ^ (int)(m_value >> 32);

    public override string ToString() => Number.DecimalText(Magnitude, m_value < 0);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, m_value < 0, (ulong)m_value, 64, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (ulong)m_value, 64, format, provider, destination,
            out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (ulong)m_value, 64, format, provider, utf8Destination,
            out bytesWritten);

    public static long Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static long Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static long Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static long Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static long Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static long Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0x7FFF_FFFF_FFFF_FFFF, true, 64);
        return unchecked((long)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out long result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out long result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out long result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out long result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out long result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out long result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0x7FFF_FFFF_FFFF_FFFF, true, 64,
            out ulong value);
        result = status == ParseStatus.Ok ? unchecked((long)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static long Max(long x, long y) => x >= y ? x : y;

    public static long Min(long x, long y) => x <= y ? x : y;

    public static long Clamp(long value, long min, long max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(long value) => (value & 1) == 0;

    public static bool IsOddInteger(long value) => (value & 1) != 0;

    public static bool IsPow2(long value) => value > 0 && (value & (value - 1)) == 0;

    public static (long Quotient, long Remainder) DivRem(long left, long right)
    {
        long quotient = left / right;
        return (quotient, (long)(left - (quotient * right)));
    }

    public static long PopCount(long value) => (long)Numerics.BitOperations.PopCount((ulong)value);

    public static long LeadingZeroCount(long value) => (long)Numerics.BitOperations.LeadingZeroCount((ulong)value);

    public static long TrailingZeroCount(long value) => (long)Numerics.BitOperations.TrailingZeroCount((ulong)value);

    public static long RotateLeft(long value, int rotateAmount) =>
        (long)Numerics.BitOperations.RotateLeft((ulong)value, rotateAmount);

    public static long RotateRight(long value, int rotateAmount) =>
        (long)Numerics.BitOperations.RotateRight((ulong)value, rotateAmount);

    public static long Log2(long value) => value < 0
        ? throw new ArgumentOutOfRangeException(nameof(value))
        : (long)Numerics.BitOperations.Log2((ulong)value);

    public static long Abs(long value) => Math.Abs(value);

    public static int Sign(long value) => Math.Sign(value);

    public static bool IsNegative(long value) => value < 0;

    public static bool IsPositive(long value) => value >= 0;
}
