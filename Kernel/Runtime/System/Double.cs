using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>A binary floating point number of 64 bits (IEEE 754).</summary>
public readonly partial struct Double : IComparable, IComparable<double>, IEquatable<double>, ISpanFormattable,
    IUtf8SpanFormattable, ISpanParsable<double>
{
    public const double MinValue = -1.7976931348623157E+308;
    public const double MaxValue = 1.7976931348623157E+308;
    public const double Epsilon = 4.9406564584124654E-324;
    public const double NegativeInfinity = 1.0 / -0.0;
    public const double PositiveInfinity = 1.0 / 0.0;
    public const double NaN = 0.0 / 0.0;
    public const double NegativeZero = -0.0;
    public const double E = 2.7182818284590452;
    public const double Pi = 3.1415926535897931;
    public const double Tau = 6.2831853071795865;

    private readonly double m_value;

    public static bool IsFinite(double d) =>
        (BitConverter.DoubleToUInt64Bits(d) & 0x7FF0_0000_0000_0000) != 0x7FF0_0000_0000_0000;

    public static bool IsInfinity(double d) =>
        (BitConverter.DoubleToUInt64Bits(d) & 0x7FFF_FFFF_FFFF_FFFF) == 0x7FF0_0000_0000_0000;

#pragma warning disable CS1718 // A comparison with itself is how a NaN shows.
    public static bool IsNaN(double d) => d != d;
#pragma warning restore CS1718

    public static bool IsNegative(double d) => BitConverter.DoubleToInt64Bits(d) < 0;

    public static bool IsPositive(double d) => BitConverter.DoubleToInt64Bits(d) >= 0;

    public static bool IsNegativeInfinity(double d) => d == NegativeInfinity;

    public static bool IsPositiveInfinity(double d) => d == PositiveInfinity;

    public static bool IsNormal(double d)
    {
        ulong magnitude = BitConverter.DoubleToUInt64Bits(d) & 0x7FFF_FFFF_FFFF_FFFF;
        return magnitude >= 0x0010_0000_0000_0000 && magnitude < 0x7FF0_0000_0000_0000;
    }

    public static bool IsSubnormal(double d)
    {
        ulong magnitude = BitConverter.DoubleToUInt64Bits(d) & 0x7FFF_FFFF_FFFF_FFFF;
        return magnitude != 0 && magnitude < 0x0010_0000_0000_0000;
    }

    public static bool IsInteger(double value) => IsFinite(value) && value == Math.Truncate(value);

    public static bool IsEvenInteger(double value) => IsInteger(value) && Math.Abs(value % 2) == 0;

    public static bool IsOddInteger(double value) => IsInteger(value) && Math.Abs(value % 2) == 1;

    public static double Abs(double value) => Math.Abs(value);

    public static double Max(double x, double y) => Math.Max(x, y);

    public static double Min(double x, double y) => Math.Min(x, y);

    public static double Clamp(double value, double min, double max) => Math.Clamp(value, min, max);

    public static int Sign(double value) => Math.Sign(value);

    public static double Sqrt(double x) => Math.Sqrt(x);

    public static double Floor(double x) => Math.Floor(x);

    public static double Ceiling(double x) => Math.Ceiling(x);

    public static double Truncate(double x) => Math.Truncate(x);

    public static double Round(double x) => Math.Round(x);

    public static double CopySign(double value, double sign) => Math.CopySign(value, sign);

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is double other ? CompareTo(other) : throw new ArgumentException("The object must be a Double.");
    }

    public int CompareTo(double value)
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

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is double other && Equals(other);

    public bool Equals(double obj) => m_value == obj || (IsNaN(m_value) && IsNaN(obj));

    public override int GetHashCode()
    {
        // Both zeros and all NaNs are equal, so they share a hash code.
        ulong bits = m_value == 0 || IsNaN(m_value) ? BitConverter.DoubleToUInt64Bits(m_value) & 0x7FF0_0000_0000_0000
            : BitConverter.DoubleToUInt64Bits(m_value);
        return (int)bits ^ (int)(bits >> 32);
    }

    public override string ToString() => ToString(null, null);

    public string ToString(string? format) => ToString(format, null);

    public string ToString(IFormatProvider? provider) => ToString(null, provider);

    public string ToString(string? format, IFormatProvider? provider) =>
        Number.FormatDouble(m_value, isSingle: false, format, provider);

    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatDouble(m_value, isSingle: false, format, provider, destination, out charsWritten);

    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null) =>
        Number.TryFormatDouble(m_value, isSingle: false, format, provider, utf8Destination, out bytesWritten);

    public static double Parse(string s) => Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, null);

    public static double Parse(string s, NumberStyles style) => Parse(s, style, null);

    public static double Parse(string s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider);

    public static double Parse(string s, NumberStyles style, IFormatProvider? provider)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), style, provider);
    }

    public static double Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        Parse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider);

    public static double Parse(
        ReadOnlySpan<char> s, NumberStyles style = NumberStyles.Float | NumberStyles.AllowThousands,
        IFormatProvider? provider = null) => Number.ParseDouble(s, style, provider, isSingle: false);

    public static bool TryParse([NotNullWhen(true)] string? s, out double result) => TryParse(s, null, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out double result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse([NotNullWhen(true)] string? s, NumberStyles style, IFormatProvider? provider,
        out double result)
    {
        result = 0;
        return s is not null && TryParse(s.AsSpan(), style, provider, out result);
    }

    public static bool TryParse(ReadOnlySpan<char> s, out double result) => TryParse(s, null, out result);

    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out double result) =>
        TryParse(s, NumberStyles.Float | NumberStyles.AllowThousands, provider, out result);

    public static bool TryParse(ReadOnlySpan<char> s, NumberStyles style, IFormatProvider? provider, out double result)
    {
        bool valid = Number.TryParseDouble(s, style, provider, isSingle: false, out double value);
        result = value;
        return valid;
    }
}
