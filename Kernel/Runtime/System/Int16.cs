using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 16-bit signed integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct Int16 : IComparable, IComparable<short>, IEquatable<short>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<short>
{
    private readonly short m_value;

    public const short MaxValue = 0x7FFF;
    public const short MinValue = -0x8000;

    private ulong Magnitude => m_value < 0 ? (ulong)(-(long)m_value) : (ulong)m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is short other ? CompareTo(other) : throw new ArgumentException("The object must be a Int16.");
    }

    public int CompareTo(short value) => m_value - value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is short other && m_value == other;

    public bool Equals(short other) => m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.DecimalText(Magnitude, m_value < 0);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, m_value < 0, (ushort)m_value, 16, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (ushort)m_value, 16, format, provider, destination,
            out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (ushort)m_value, 16, format, provider, utf8Destination,
            out bytesWritten);

    public static short Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static short Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static short Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static short Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static short Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static short Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0x7FFF, true, 16);
        return unchecked((short)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out short result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out short result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out short result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out short result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out short result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out short result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0x7FFF, true, 16, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((short)value) : (short)0;
        return status == ParseStatus.Ok;
    }

    public static short Max(short x, short y) => x >= y ? x : y;

    public static short Min(short x, short y) => x <= y ? x : y;

    public static short Clamp(short value, short min, short max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(short value) => (value & 1) == 0;

    public static bool IsOddInteger(short value) => (value & 1) != 0;

    public static bool IsPow2(short value) => value > 0 && (value & (value - 1)) == 0;

    public static (short Quotient, short Remainder) DivRem(short left, short right)
    {
        short quotient = (short)(left / right);
        return (quotient, (short)(left - (quotient * right)));
    }

    public static short PopCount(short value) => (short)Numerics.BitOperations.PopCount((ushort)value);

    public static short LeadingZeroCount(short value) =>
        (short)(Numerics.BitOperations.LeadingZeroCount((ushort)value) - 16);

    public static short TrailingZeroCount(short value) =>
        (short)Numerics.BitOperations.TrailingZeroCount((uint)(ushort)value | 65536u);

    public static short RotateLeft(short value, int rotateAmount) =>
        (short)(((ushort)value << (rotateAmount & 15)) | ((ushort)value >> ((16 - rotateAmount) & 15)));

    public static short RotateRight(short value, int rotateAmount) =>
        (short)(((ushort)value >> (rotateAmount & 15)) | ((ushort)value << ((16 - rotateAmount) & 15)));

    public static short Log2(short value) => value < 0
        ? throw new ArgumentOutOfRangeException(nameof(value))
        : (short)Numerics.BitOperations.Log2((uint)value);

    public static short Abs(short value) => Math.Abs(value);

    public static int Sign(short value) => Math.Sign(value);

    public static bool IsNegative(short value) => value < 0;

    public static bool IsPositive(short value) => value >= 0;
}
