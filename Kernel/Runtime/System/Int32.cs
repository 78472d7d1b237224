using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 32-bit signed integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct Int32 : IComparable, IComparable<int>, IEquatable<int>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<int>
{
    private readonly int m_value;

    public const int MaxValue = 0x7FFF_FFFF;
    public const int MinValue = unchecked((int)0x8000_0000);

    private ulong Magnitude => m_value < 0 ? (ulong)(-(long)m_value) : (ulong)m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is int other ? CompareTo(other) : throw new ArgumentException("The object must be a Int32.");
    }

    public int CompareTo(int value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is int other && m_value == other;

    public bool Equals(int other) => m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.DecimalText(Magnitude, m_value < 0);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, m_value < 0, (uint)m_value, 32, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (uint)m_value, 32, format, provider, destination,
            out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (uint)m_value, 32, format, provider, utf8Destination,
            out bytesWritten);

    public static int Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static int Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static int Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static int Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static int Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static int Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0x7FFF_FFFF, true, 32);
        return unchecked((int)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out int result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out int result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out int result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out int result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out int result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out int result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0x7FFF_FFFF, true, 32, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((int)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static int Max(int x, int y) => x >= y ? x : y;

    public static int Min(int x, int y) => x <= y ? x : y;

    public static int Clamp(int value, int min, int max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(int value) => (value & 1) == 0;

    public static bool IsOddInteger(int value) => (value & 1) != 0;

    public static bool IsPow2(int value) => value > 0 && (value & (value - 1)) == 0;

    public static (int Quotient, int Remainder) DivRem(int left, int right)
    {
        int quotient = left / right;
        return (quotient, (int)(left - (quotient * right)));
    }

    public static int PopCount(int value) => (int)Numerics.BitOperations.PopCount((uint)value);

    public static int LeadingZeroCount(int value) => (int)Numerics.BitOperations.LeadingZeroCount((uint)value);

    public static int TrailingZeroCount(int value) => (int)Numerics.BitOperations.TrailingZeroCount((uint)value);

    public static int RotateLeft(int value, int rotateAmount) =>
        (int)Numerics.BitOperations.RotateLeft((uint)value, rotateAmount);

    public static int RotateRight(int value, int rotateAmount) =>
        (int)Numerics.BitOperations.RotateRight((uint)value, rotateAmount);

    public static int Log2(int value) => value < 0
        ? throw new ArgumentOutOfRangeException(nameof(value))
        : (int)Numerics.BitOperations.Log2((uint)value);

    public static int Abs(int value) => Math.Abs(value);

    public static int Sign(int value) => Math.Sign(value);

    public static bool IsNegative(int value) => value < 0;

    public static bool IsPositive(int value) => value >= 0;
}
