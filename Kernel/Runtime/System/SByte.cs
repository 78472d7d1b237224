using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 8-bit signed integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct SByte : IComparable, IComparable<sbyte>, IEquatable<sbyte>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<sbyte>
{
    private readonly sbyte m_value;

    public const sbyte MaxValue = 0x7F;
    public const sbyte MinValue = -0x80;

    private ulong Magnitude => m_value < 0 ? (ulong)(-(long)m_value) : (ulong)m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is sbyte other ? CompareTo(other) : throw new ArgumentException("The object must be a SByte.");
    }

    public int CompareTo(sbyte value) => m_value - value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is sbyte other && m_value == other;

    public bool Equals(sbyte other) => m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.DecimalText(Magnitude, m_value < 0);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, m_value < 0, (byte)m_value, 8, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (byte)m_value, 8, format, provider, destination,
            out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, m_value < 0, (byte)m_value, 8, format, provider, utf8Destination,
            out bytesWritten);

    public static sbyte Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static sbyte Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static sbyte Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static sbyte Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static sbyte Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static sbyte Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0x7F, true, 8);
        return unchecked((sbyte)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out sbyte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out sbyte result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out sbyte result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out sbyte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out sbyte result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out sbyte result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0x7F, true, 8, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((sbyte)value) : (sbyte)0;
        return status == ParseStatus.Ok;
    }

    public static sbyte Max(sbyte x, sbyte y) => x >= y ? x : y;

    public static sbyte Min(sbyte x, sbyte y) => x <= y ? x : y;

    public static sbyte Clamp(sbyte value, sbyte min, sbyte max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(sbyte value) => (value & 1) == 0;

    public static bool IsOddInteger(sbyte value) => (value & 1) != 0;

    public static bool IsPow2(sbyte value) => value > 0 && (value & (value - 1)) == 0;

    public static (sbyte Quotient, sbyte Remainder) DivRem(sbyte left, sbyte right)
    {
        sbyte quotient = (sbyte)(left / right);
        return (quotient, (sbyte)(left - (quotient * right)));
    }

    public static sbyte PopCount(sbyte value) => (sbyte)Numerics.BitOperations.PopCount((byte)value);

    public static sbyte LeadingZeroCount(sbyte value) =>
        (sbyte)(Numerics.BitOperations.LeadingZeroCount((byte)value) - 24);

    public static sbyte TrailingZeroCount(sbyte value) =>
        (sbyte)Numerics.BitOperations.TrailingZeroCount((uint)(byte)value | 256u);

    public static sbyte RotateLeft(sbyte value, int rotateAmount) =>
        (sbyte)(((byte)value << (rotateAmount & 7)) | ((byte)value >> ((8 - rotateAmount) & 7)));

    public static sbyte RotateRight(sbyte value, int rotateAmount) =>
        (sbyte)(((byte)value >> (rotateAmount & 7)) | ((byte)value << ((8 - rotateAmount) & 7)));

    public static sbyte Log2(sbyte value) => value < 0
        ? throw new ArgumentOutOfRangeException(nameof(value))
        : (sbyte)Numerics.BitOperations.Log2((uint)value);

    public static sbyte Abs(sbyte value) => Math.Abs(value);

    public static int Sign(sbyte value) => Math.Sign(value);

    public static bool IsNegative(sbyte value) => value < 0;

    public static bool IsPositive(sbyte value) => value >= 0;
}
