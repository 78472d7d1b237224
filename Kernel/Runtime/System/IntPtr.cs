using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// The native signed integer (32 bits wide on this machine): order, text and the usual arithmetic helpers.
/// </summary>
public readonly partial struct IntPtr : IComparable, IComparable<nint>, IEquatable<nint>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<nint>
{
    private readonly nint m_value;

    [Intrinsic]
    public static readonly nint Zero;

    public IntPtr(int value)
    {
        m_value = value;
    }

    public IntPtr(long value)
    {
        m_value = checked((nint)value);
    }

    public unsafe IntPtr(void* value)
    {
        m_value = (nint)value;
    }

    public static int Size => 4;

    public static nint MaxValue => unchecked((nint)0x7FFF_FFFF);

    public static nint MinValue => unchecked((nint)0x8000_0000);

    public int ToInt32() => (int)m_value;

    public long ToInt64() => (long)m_value;

    public unsafe void* ToPointer() => (void*)m_value;

    public static nint Add(nint pointer, int offset) => pointer + offset;

    public static nint Subtract(nint pointer, int offset) => pointer - offset;

    public static unsafe explicit operator IntPtr(void* value) => (nint)value;

    public static unsafe explicit operator void*(IntPtr value) => (void*)value.m_value;

    public static explicit operator IntPtr(int value) => new(value);

    public static explicit operator IntPtr(long value) => new(value);

    public static explicit operator int(IntPtr value) => (int)value.m_value;

    public static explicit operator long(IntPtr value) => (long)value.m_value;

    public static bool operator ==(IntPtr left, IntPtr right) => left.m_value == right.m_value;

    public static bool operator !=(IntPtr left, IntPtr right) => left.m_value != right.m_value;

    public static IntPtr operator +(IntPtr pointer, int offset) => pointer.m_value + offset;

    public static IntPtr operator -(IntPtr pointer, int offset) => pointer.m_value - offset;

    private ulong Magnitude => m_value < 0 ? (ulong)(-(long)m_value) : (ulong)m_value;

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is nint other ? CompareTo(other) : throw new ArgumentException("The object must be a IntPtr.");
    }

    public int CompareTo(nint value) => m_value < value ? -1 : m_value > value ? 1 : 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is nint other && m_value == other;

    public bool Equals(nint other) => m_value == other;

    public override int GetHashCode() => (int)m_value;

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

    public static nint Parse(string s) => Parse(s, NumberStyles.Integer, null);

    public static nint Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static nint Parse(string s, IFormatProvider? provider) => Parse(s, NumberStyles.Integer, provider);

    public static nint Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static nint Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Integer, provider);

    public static nint Parse(ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Integer,
        IFormatProvider? provider = null)
    {
        ulong value = Number.ParseInteger(s, style, provider, 0x7FFF_FFFF, true, 32);
        return unchecked((nint)value);
    }

    public static bool TryParse([NotNullWhen(true)] string? s, out nint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out nint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out nint result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out nint result) =>
        TryParse(s, NumberStyles.Integer, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out nint result) =>
        TryParse(s, NumberStyles.Integer, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out nint result)
    {
        ParseStatus status = Number.TryParseInteger(s, style, provider, 0x7FFF_FFFF, true, 32, out ulong value);
        result = status == ParseStatus.Ok ? unchecked((nint)value) : 0;
        return status == ParseStatus.Ok;
    }

    public static nint Max(nint x, nint y) => x >= y ? x : y;

    public static nint Min(nint x, nint y) => x <= y ? x : y;

    public static nint Clamp(nint value, nint min, nint max) => Math.Clamp(value, min, max);

    public static bool IsEvenInteger(nint value) => (value & 1) == 0;

    public static bool IsOddInteger(nint value) => (value & 1) != 0;

    public static bool IsPow2(nint value) => value > 0 && (value & (value - 1)) == 0;

    public static (nint Quotient, nint Remainder) DivRem(nint left, nint right)
    {
        nint quotient = left / right;
        return (quotient, (nint)(left - (quotient * right)));
    }

    public static nint PopCount(nint value) => (nint)Numerics.BitOperations.PopCount((uint)value);

    public static nint LeadingZeroCount(nint value) => (nint)Numerics.BitOperations.LeadingZeroCount((uint)value);

    public static nint TrailingZeroCount(nint value) => (nint)Numerics.BitOperations.TrailingZeroCount((uint)value);

    public static nint RotateLeft(nint value, int rotateAmount) =>
        (nint)Numerics.BitOperations.RotateLeft((uint)value, rotateAmount);

    public static nint RotateRight(nint value, int rotateAmount) =>
        (nint)Numerics.BitOperations.RotateRight((uint)value, rotateAmount);

    public static nint Log2(nint value) => value < 0
        ? throw new ArgumentOutOfRangeException(nameof(value))
        : (nint)Numerics.BitOperations.Log2((uint)value);

    public static nint Abs(nint value) => Math.Abs(value);

    public static int Sign(nint value) => Math.Sign(value);

    public static bool IsNegative(nint value) => value < 0;

    public static bool IsPositive(nint value) => value >= 0;
}
