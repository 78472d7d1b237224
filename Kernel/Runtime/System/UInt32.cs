using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 32-bit unsigned integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct UInt32 : IComparable, IComparable<uint>, IEquatable<uint>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<uint>
{
    private readonly uint m_value;

    public const uint MaxValue = 0xFFFF_FFFF;
    public const uint MinValue = 0;

    private ulong Magnitude => m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is uint other ? CompareTo(other) : throw new ArgumentException("The object must be a UInt32.");
    }

    public int CompareTo(uint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is uint other && m_value == other;

    public bool Equals(uint other) => m_value == other;

    public override int GetHashCode() => (int)m_value;

    public override string ToString() => Number.DecimalText(Magnitude, false);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, false, (uint)m_value, 32, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (uint)m_value, 32, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (uint)m_value, 32, format, provider, utf8Destination,
            out bytesWritten);

    public static uint Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static uint Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static uint Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static uint Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static uint Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static uint Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0xFFFF_FFFF, false, 32);
        return unchecked((uint)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out uint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out uint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out uint result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out uint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out uint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out uint result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0xFFFF_FFFF, false, 32, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((uint)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static uint Max(uint x, uint y) => x >= y ? x : y;

    public static uint Min(uint x, uint y) => x <= y ? x : y;

    public static uint Clamp(uint value, uint min, uint max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(uint value) => (value & 1) == 0;

    public static bool IsOddInteger(uint value) => (value & 1) != 0;

    public static bool IsPow2(uint value) => value > 0 && (value & (value - 1)) == 0;

    public static (uint Quotient, uint Remainder) DivRem(uint left, uint right)
    {
        uint quotient = left / right;
        return (quotient, (uint)(left - (quotient * right)));
    }

    public static uint PopCount(uint value) => (uint)Numerics.BitOperations.PopCount((uint)value);

    public static uint LeadingZeroCount(uint value) => (uint)Numerics.BitOperations.LeadingZeroCount((uint)value);

    public static uint TrailingZeroCount(uint value) => (uint)Numerics.BitOperations.TrailingZeroCount((uint)value);

    public static uint RotateLeft(uint value, int rotateAmount) =>
        (uint)Numerics.BitOperations.RotateLeft((uint)value, rotateAmount);

    public static uint RotateRight(uint value, int rotateAmount) =>
        (uint)Numerics.BitOperations.RotateRight((uint)value, rotateAmount);

    public static uint Log2(uint value) => (uint)Numerics.BitOperations.Log2(value);

    public static int Sign(uint value) => value == 0 ? 0 : 1;
}
