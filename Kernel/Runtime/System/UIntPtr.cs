using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// The native unsigned integer (32 bits wide on this machine): order, text and the usual arithmetic helpers.
/// </summary>
public readonly partial struct UIntPtr : IComparable, IComparable<nuint>, IEquatable<nuint>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<nuint>
{
    private readonly nuint m_value;

    [Intrinsic]
    public static readonly nuint Zero;

    public UIntPtr(uint value)
    {
        m_value = value;
    }

    public UIntPtr(ulong value)
    {
        m_value = checked((nuint)value);
    }

    public unsafe UIntPtr(void* value)
    {
        m_value = (nuint)value;
    }

    public static int Size => 4;

    public static nuint MaxValue => unchecked((nuint)0xFFFF_FFFF);

    public static nuint MinValue => 0;

    public uint ToUInt32() => (uint)m_value;

    public ulong ToUInt64() => (ulong)m_value;

    public unsafe void* ToPointer() => (void*)m_value;

    public static nuint Add(nuint pointer, int offset) => pointer + (nuint)offset;

    public static nuint Subtract(nuint pointer, int offset) => pointer - (nuint)offset;

    public static unsafe explicit operator UIntPtr(void* value) => (nuint)value;

    public static unsafe explicit operator void*(UIntPtr value) => (void*)value.m_value;

    public static explicit operator UIntPtr(uint value) => new(value);

    public static explicit operator UIntPtr(ulong value) => new(value);

    public static explicit operator uint(UIntPtr value) => (uint)value.m_value;

    public static explicit operator ulong(UIntPtr value) => (ulong)value.m_value;

    public static bool operator ==(UIntPtr left, UIntPtr right) => left.m_value == right.m_value;

    public static bool operator !=(UIntPtr left, UIntPtr right) => left.m_value != right.m_value;

    public static UIntPtr operator +(UIntPtr pointer, int offset) => pointer.m_value + (nuint)offset;

    public static UIntPtr operator -(UIntPtr pointer, int offset) => pointer.m_value - (nuint)offset;

    private ulong Magnitude => m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is nuint other ? CompareTo(other) : throw new ArgumentException("The object must be a UIntPtr.");
    }

    public int CompareTo(nuint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is nuint other && m_value == other;

    public bool Equals(nuint other) => m_value == other;

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

    public static nuint Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static nuint Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static nuint Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static nuint Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static nuint Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static nuint Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0xFFFF_FFFF, false, 32);
        return unchecked((nuint)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out nuint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out nuint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out nuint result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out nuint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out nuint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out nuint result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0xFFFF_FFFF, false, 32, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((nuint)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static nuint Max(nuint x, nuint y) => x >= y ? x : y;

    public static nuint Min(nuint x, nuint y) => x <= y ? x : y;

    public static nuint Clamp(nuint value, nuint min, nuint max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(nuint value) => (value & 1) == 0;

    public static bool IsOddInteger(nuint value) => (value & 1) != 0;

    public static bool IsPow2(nuint value) => value > 0 && (value & (value - 1)) == 0;

    public static (nuint Quotient, nuint Remainder) DivRem(nuint left, nuint right)
    {
        nuint quotient = left / right;
        return (quotient, (nuint)(left - (quotient * right)));
    }

    public static nuint PopCount(nuint value) => (nuint)Numerics.BitOperations.PopCount((uint)value);

    public static nuint LeadingZeroCount(nuint value) => (nuint)Numerics.BitOperations.LeadingZeroCount((uint)value);

    public static nuint TrailingZeroCount(nuint value) => (nuint)Numerics.BitOperations.TrailingZeroCount((uint)value);

    public static nuint RotateLeft(nuint value, int rotateAmount) =>
        (nuint)Numerics.BitOperations.RotateLeft((uint)value, rotateAmount);

    public static nuint RotateRight(nuint value, int rotateAmount) =>
        (nuint)Numerics.BitOperations.RotateRight((uint)value, rotateAmount);

    public static nuint Log2(nuint value) => (nuint)Numerics.BitOperations.Log2(value);

    public static int Sign(nuint value) => value == 0 ? 0 : 1;
}
