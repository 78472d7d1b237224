using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace System;

/// <summary>How two strings are compared. Cultures do not exist here: only the case makes a difference.</summary>
public enum StringComparison
{
    CurrentCulture = 0,
    CurrentCultureIgnoreCase = 1,
    InvariantCulture = 2,
    InvariantCultureIgnoreCase = 3,
    Ordinal = 4,
    OrdinalIgnoreCase = 5,
}

/// <summary>Equality, order and hash codes of strings.</summary>
public sealed partial class String
{
    public static bool Equals(string? a, string? b)
    {
        if ((object?)a == b)
        {
            return true;
        }

        return a is not null && b is not null && a.Length == b.Length && a.AsSpan().SequenceEqual(b);
    }

    public static bool Equals(string? a, string? b, StringComparison comparisonType)
    {
        CheckComparison(comparisonType);
        if ((object?)a == b)
        {
            return true;
        }

        return a is not null && b is not null && a.AsSpan().Equals(b, comparisonType);
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is string other && Equals(this, other);

    public bool Equals([NotNullWhen(true)] string? value) => Equals(this, value);

    public bool Equals([NotNullWhen(true)] string? value, StringComparison comparisonType) =>
        Equals(this, value, comparisonType);

    public static int Compare(string? strA, string? strB) => CompareOrdinal(strA, strB);

    public static int Compare(string? strA, string? strB, bool ignoreCase) =>
        Compare(strA, strB, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public static int Compare(string? strA, string? strB, bool ignoreCase, CultureInfo? culture) =>
        Compare(strA, strB, ignoreCase);

    public static int Compare(string? strA, string? strB, CultureInfo? culture, CompareOptions options) =>
        Compare(strA, strB, (options & (CompareOptions.IgnoreCase | CompareOptions.OrdinalIgnoreCase)) != 0);

    public static int Compare(string? strA, string? strB, StringComparison comparisonType)
    {
        CheckComparison(comparisonType);
        if ((object?)strA == strB)
        {
            return 0;
        }

        if (strA is null || strB is null)
        {
            return strA is null ? -1 : 1;
        }

        return strA.AsSpan().CompareTo(strB, comparisonType);
    }

    public static int Compare(string? strA, int indexA, string? strB, int indexB, int length) =>
        Compare(strA, indexA, strB, indexB, length, StringComparison.Ordinal);

    public static int Compare(string? strA, int indexA, string? strB, int indexB, int length,
        StringComparison comparisonType)
    {
        if (strA is null || strB is null)
        {
            return (object?)strA == strB ? 0 : strA is null ? -1 : 1;
        }

        ReadOnlySpan<char> a = strA.AsSpan(indexA, Math.Min(length, strA.Length - indexA));
        ReadOnlySpan<char> b = strB.AsSpan(indexB, Math.Min(length, strB.Length - indexB));
        return a.CompareTo(b, comparisonType);
    }

    public static int CompareOrdinal(string? strA, string? strB) => Compare(strA, strB, StringComparison.Ordinal);

    public static int CompareOrdinal(string? strA, int indexA, string? strB, int indexB, int length) =>
        Compare(strA, indexA, strB, indexB, length, StringComparison.Ordinal);

    public int CompareTo(object? value)
    {
        if (value is null)
        {
            return 1;
        }

        return value is string other ? CompareTo(other) : throw new ArgumentException("The object must be a String.");
    }

    public int CompareTo(string? strB) => CompareOrdinal(this, strB);

    public override int GetHashCode() => GetHashCode((ReadOnlySpan<char>)this);

    public int GetHashCode(StringComparison comparisonType) => GetHashCode(this, comparisonType);

    /// <summary>
    /// FNV-1a over the code units. Stable from boot to boot; nobody outside can choose what is hashed.
    /// </summary>
    public static int GetHashCode(ReadOnlySpan<char> value)
    {
        uint hash = 2166136261;
        foreach (char c in value)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)hash;
    }

    public static int GetHashCode(ReadOnlySpan<char> value, StringComparison comparisonType)
    {
        CheckComparison(comparisonType);
        if (!IgnoresCase(comparisonType))
        {
            return GetHashCode(value);
        }

        uint hash = 2166136261;
        foreach (char c in value)
        {
            hash = (hash ^ char.ToUpperInvariant(c)) * 16777619;
        }

        return (int)hash;
    }

    internal static bool IgnoresCase(StringComparison comparison) => ((int)comparison & 1) != 0;

    internal static void CheckComparison(StringComparison comparison)
    {
        if ((uint)comparison > (uint)StringComparison.OrdinalIgnoreCase)
        {
            throw new ArgumentException("The string comparison type passed in is currently not supported.",
                "comparisonType");
        }
    }
}

/// <summary>Compares strings: by code unit, with or without case.</summary>
public abstract class StringComparer : Collections.IComparer, Collections.IEqualityComparer, IComparer<string?>,
    IEqualityComparer<string?>
{
    private static readonly StringComparer OrdinalComparer = new OrdinalStringComparer(StringComparison.Ordinal);
    private static readonly StringComparer CaselessComparer =
        new OrdinalStringComparer(StringComparison.OrdinalIgnoreCase);

    public static StringComparer Ordinal => OrdinalComparer;

    public static StringComparer OrdinalIgnoreCase => CaselessComparer;

    public static StringComparer InvariantCulture => OrdinalComparer;

    public static StringComparer InvariantCultureIgnoreCase => CaselessComparer;

    public static StringComparer CurrentCulture => OrdinalComparer;

    public static StringComparer CurrentCultureIgnoreCase => CaselessComparer;

    public static StringComparer FromComparison(StringComparison comparisonType)
    {
        string.CheckComparison(comparisonType);
        return string.IgnoresCase(comparisonType) ? CaselessComparer : OrdinalComparer;
    }

    public abstract int Compare(string? x, string? y);

    public abstract bool Equals(string? x, string? y);

    public abstract int GetHashCode(string obj);

    public int Compare(object? x, object? y) => Compare((string?)x, (string?)y);

    public new bool Equals(object? x, object? y) => x is string a && y is string b ? Equals(a, b) : object.Equals(x, y);

    public int GetHashCode(object obj) => obj is string text ? GetHashCode(text) : obj.GetHashCode();

    int IEqualityComparer<string?>.GetHashCode(string? obj) =>
        obj is null ? throw new ArgumentNullException(nameof(obj)) : GetHashCode(obj);

    private sealed class OrdinalStringComparer(StringComparison comparison) : StringComparer
    {
        public override int Compare(string? x, string? y) => string.Compare(x, y, comparison);

        public override bool Equals(string? x, string? y) => string.Equals(x, y, comparison);

        public override int GetHashCode(string obj)
        {
            ArgumentNullException.ThrowIfNull(obj);
            return obj.GetHashCode(comparison);
        }
    }
}
