using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>The 16-bit unsigned integer: order, text and the usual arithmetic helpers.</summary>
public readonly partial struct UInt16 : IComparable, IComparable<ushort>, IEquatable<ushort>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<ushort>
{
    private readonly ushort m_value;

    public const ushort MaxValue = 0xFFFF;
    public const ushort MinValue = 0;

    private ulong Magnitude => m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is ushort other ? CompareTo(other) : throw new ArgumentException("The object must be a UInt16.");
    }

    public int CompareTo(ushort value) => m_value - value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ushort other && m_value == other;

    public bool Equals(ushort other) => m_value == other;

    public override int GetHashCode() => m_value;

    public override string ToString() => Number.DecimalText(Magnitude, false);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatInteger(Magnitude, false, (ushort)m_value, 16, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (ushort)m_value, 16, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatInteger(Magnitude, false, (ushort)m_value, 16, format, provider, utf8Destination,
            out bytesWritten);

    public static ushort Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static ushort Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static ushort Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static ushort Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static ushort Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static ushort Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0xFFFF, false, 16);
        return unchecked((ushort)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out ushort result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ushort result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out ushort result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out ushort result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ushort result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out ushort result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0xFFFF, false, 16, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((ushort)value) : (ushort)0;
        return status == ParseStatus.Ok;
    }

    public static ushort Max(ushort x, ushort y) => x >= y ? x : y;

    public static ushort Min(ushort x, ushort y) => x <= y ? x : y;

    public static ushort Clamp(ushort value, ushort min, ushort max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(ushort value) => (value & 1) == 0;

    public static bool IsOddInteger(ushort value) => (value & 1) != 0;

    public static bool IsPow2(ushort value) => value > 0 && (value & (value - 1)) == 0;

    public static (ushort Quotient, ushort Remainder) DivRem(ushort left, ushort right)
    {
        ushort quotient = (ushort)(left / right);
        return (quotient, (ushort)(left - (quotient * right)));
    }

    public static ushort PopCount(ushort value) => (ushort)Numerics.BitOperations.PopCount((ushort)value);

    public static ushort LeadingZeroCount(ushort value) =>
        (ushort)(Numerics.BitOperations.LeadingZeroCount((ushort)value) - 16);

    public static ushort TrailingZeroCount(ushort value) =>
        (ushort)Numerics.BitOperations.TrailingZeroCount((uint)(ushort)value | 65536u);

    public static ushort RotateLeft(ushort value, int rotateAmount) =>
        (ushort)(((ushort)value << (rotateAmount & 15)) | ((ushort)value >> ((16 - rotateAmount) & 15)));

    public static ushort RotateRight(ushort value, int rotateAmount) =>
        (ushort)(((ushort)value >> (rotateAmount & 15)) | ((ushort)value << ((16 - rotateAmount) & 15)));

    public static ushort Log2(ushort value) => (ushort)Numerics.BitOperations.Log2(value);

    public static int Sign(ushort value) => value == 0 ? 0 : 1;
}
