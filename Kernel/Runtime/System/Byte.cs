using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 8-bit unsigned integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct Byte : IComparable, IComparable<byte>, IEquatable<byte>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<byte>
{
    private readonly byte m_value;

    public const byte MaxValue = 0xFF;
    public const byte MinValue = 0;

    private ulong Magnitude => m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is byte other ? CompareTo(other) : throw new ArgumentException("The object must be a Byte.");
    }

    public int CompareTo(byte value) => m_value - value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is byte other && m_value == other;

    public bool Equals(byte other) => m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.DecimalText(Magnitude, false);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, false, (byte)m_value, 8, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (byte)m_value, 8, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (byte)m_value, 8, format, provider, utf8Destination,
            out bytesWritten);

    public static byte Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static byte Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static byte Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static byte Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static byte Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static byte Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0xFF, false, 8);
        return unchecked((byte)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out byte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out byte result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out byte result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out byte result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out byte result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out byte result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0xFF, false, 8, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((byte)value) : (byte)0;
        return status == ParseStatus.Ok;
    }

    public static byte Max(byte x, byte y) => x >= y ? x : y;

    public static byte Min(byte x, byte y) => x <= y ? x : y;

    public static byte Clamp(byte value, byte min, byte max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(byte value) => (value & 1) == 0;

    public static bool IsOddInteger(byte value) => (value & 1) != 0;

    public static bool IsPow2(byte value) => value > 0 && (value & (value - 1)) == 0;

    public static (byte Quotient, byte Remainder) DivRem(byte left, byte right)
    {
        byte quotient = (byte)(left / right);
        return (quotient, (byte)(left - (quotient * right)));
    }

    public static byte PopCount(byte value) => (byte)Numerics.BitOperations.PopCount((byte)value);

    public static byte LeadingZeroCount(byte value) =>
        (byte)(Numerics.BitOperations.LeadingZeroCount((byte)value) - 24);

    public static byte TrailingZeroCount(byte value) =>
        (byte)Numerics.BitOperations.TrailingZeroCount((uint)(byte)value | 256u);

    public static byte RotateLeft(byte value, int rotateAmount) =>
        (byte)(((byte)value << (rotateAmount & 7)) | ((byte)value >> ((8 - rotateAmount) & 7)));

    public static byte RotateRight(byte value, int rotateAmount) =>
        (byte)(((byte)value >> (rotateAmount & 7)) | ((byte)value << ((8 - rotateAmount) & 7)));

    public static byte Log2(byte value) => (byte)Numerics.BitOperations.Log2(value);

    public static int Sign(byte value) => value == 0 ? 0 : 1;
}
