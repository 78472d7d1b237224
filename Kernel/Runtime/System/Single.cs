using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A binary floating point number of 32 bits (IEEE 754).</summary>
public readonly partial struct Single : IComparable, IComparable<float>, IEquatable<float>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<float>
{
    public const float MinValue = -3.40282346638528859e+38f;
    public const float MaxValue = 3.40282346638528859e+38f;
    public const float Epsilon = 1.4e-45f;
    public const float NegativeInfinity = 1.0f / -0.0f;
    public const float PositiveInfinity = 1.0f / 0.0f;
    public const float NaN = 0.0f / 0.0f;
    public const float NegativeZero = -0.0f;
    public const float E = 2.7182818284590452f;
    public const float Pi = 3.1415926535897931f;
    public const float Tau = 6.2831853071795865f;

    private readonly float m_value;

    public static bool IsFinite(float d) => (BitConverter.SingleToUInt32Bits(d) & 0x7F80_0000) != 0x7F80_0000;

    public static bool IsInfinity(float d) => (BitConverter.SingleToUInt32Bits(d) & 0x7FFF_FFFF) == 0x7F80_0000;

#pragma warning disable CS1718 // A comparison with itself is how a NaN shows.
    public static bool IsNaN(float d) => d != d;
#pragma warning restore CS1718

    public static bool IsNegative(float d) => BitConverter.SingleToInt32Bits(d) < 0;

    public static bool IsPositive(float d) => BitConverter.SingleToInt32Bits(d) >= 0;

    public static bool IsNegativeInfinity(float d) => d == NegativeInfinity;

    public static bool IsPositiveInfinity(float d) => d == PositiveInfinity;

    public static bool IsNormal(float d)
    {
        uint magnitude = BitConverter.SingleToUInt32Bits(d) & 0x7FFF_FFFF;
        return magnitude >= 0x0080_0000 && magnitude < 0x7F80_0000;
    }

    public static bool IsSubnormal(float d)
    {
        uint magnitude = BitConverter.SingleToUInt32Bits(d) & 0x7FFF_FFFF;
        return magnitude != 0 && magnitude < 0x0080_0000;
    }

    public static bool IsInteger(float value) => IsFinite(value) && value == MathF.Truncate(value);

    public static bool IsEvenInteger(float value) => IsInteger(value) && MathF.Abs(value % 2) == 0;

    public static bool IsOddInteger(float value) => IsInteger(value) && MathF.Abs(value % 2) == 1;

    public static float Abs(float value) => MathF.Abs(value);

    public static float Max(float x, float y) => MathF.Max(x, y);

    public static float Min(float x, float y) => MathF.Min(x, y);

    public static float Clamp(float value, float min, float max) => Math.Clamp(value, min, max);

    public static int Sign(float value) => Math.Sign(value);

    public static float Sqrt(float x) => MathF.Sqrt(x);

    public static float Floor(float x) => MathF.Floor(x);

    public static float Ceiling(float x) => MathF.Ceiling(x);

    public static float Truncate(float x) => MathF.Truncate(x);

    public static float Round(float x) => MathF.Round(x);

    public static float CopySign(float value, float sign) => MathF.CopySign(value, sign);

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is float other ? CompareTo(other) : throw new ArgumentException("The object must be a Single.");
    }

    public int CompareTo(float value)
    {
        if (m_value < value)
        {
            return -1;
        }

        if (m_value > value)
        {
            return 1;
        }

        if (m_value == value)
        {
            return 0;
        }

        // NaN is below everything and equal to itself.
        return IsNaN(m_value) ? (IsNaN(value) ? 0 : -1) : 1;
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is float other && Equals(other);

    public bool Equals(float obj) => m_value == obj || (IsNaN(m_value) && IsNaN(obj));

    public override int GetHashCode()
    {
        // Both zeros and all NaNs are equal, so they share a hash code.
        uint bits = m_value == 0 || IsNaN(m_value) ? BitConverter.SingleToUInt32Bits(m_value) & 0x7F80_0000
            : BitConverter.SingleToUInt32Bits(m_value);
        return (int)bits;
    }

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatDouble(m_value, isSingle: true, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatDouble(m_value, isSingle: true, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatDouble(m_value, isSingle: true, format, provider, utf8Destination, out bytesWritten);

    public static float Parse(string s) => Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, null);

    public static float Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static float Parse(string s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider);

    public static float Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static float Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider);

    public static float Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Float | NumberStyles.AllowThousands,
        IFormatProvider? provider = null) => (float)Number.ParseDouble(s, style, provider, isSingle: true);

    public static bool TryParse([NotNullWhen(true)] string? s, out float result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out float result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out float result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out float result) => TryParse(s, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out float result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out float result)
    {
        bool valid = Number.TryParseDouble(s, style, provider, isSingle: true, out double value);
        result = (float)value;
        return valid;
    }
}
