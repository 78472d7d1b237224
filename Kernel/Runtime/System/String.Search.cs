using System.Text;

namespace System;

/// <summary>Finding things in strings.</summary>
public sealed partial class String
{
    public bool Contains(char value) => IndexOf(value) >= 0;

    public bool Contains(char value, StringComparison comparisonType) => IndexOf(value, comparisonType) >= 0;

    public bool Contains(string value) => IndexOf(value, StringComparison.Ordinal) >= 0;

    public bool Contains(string value, StringComparison comparisonType) => IndexOf(value, comparisonType) >= 0;

    public bool StartsWith(char value) => _stringLength > 0 && _firstChar == value;

    public bool StartsWith(string value) => StartsWith(value, StringComparison.Ordinal);

    public bool StartsWith(string value, StringComparison comparisonType)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckComparison(comparisonType);
        return this.AsSpan().StartsWith(value, comparisonType);
    }

    public bool StartsWith(string value, bool ignoreCase, Globalization.CultureInfo? culture) =>
        StartsWith(value, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public bool EndsWith(char value) => _stringLength > 0 && this[_stringLength - 1] == value;

    public bool EndsWith(string value) => EndsWith(value, StringComparison.Ordinal);

    public bool EndsWith(string value, StringComparison comparisonType)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckComparison(comparisonType);
        return this.AsSpan().EndsWith(value, comparisonType);
    }

    public bool EndsWith(string value, bool ignoreCase, Globalization.CultureInfo? culture) =>
        EndsWith(value, ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);

    public int IndexOf(char value) => this.AsSpan().IndexOf(value);

    public int IndexOf(char value, int startIndex) => IndexOf(value, startIndex, _stringLength - startIndex);

    public int IndexOf(char value, StringComparison comparisonType) =>
        this.AsSpan().IndexOf(new ReadOnlySpan<char>(in value), comparisonType);

    public int IndexOf(char value, int startIndex, int count) =>
        Shifted(CheckedRange(startIndex, count).IndexOf(value), startIndex);

    public int IndexOf(string value) => IndexOf(value, StringComparison.Ordinal);

    public int IndexOf(string value, int startIndex) => IndexOf(value, startIndex, StringComparison.Ordinal);

    public int IndexOf(string value, int startIndex, int count) =>
        IndexOf(value, startIndex, count, StringComparison.Ordinal);

    public int IndexOf(string value, StringComparison comparisonType) => IndexOf(value, 0, comparisonType);

    public int IndexOf(string value, int startIndex, StringComparison comparisonType) =>
        IndexOf(value, startIndex, _stringLength - startIndex, comparisonType);

    public int IndexOf(string value, int startIndex, int count, StringComparison comparisonType)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckComparison(comparisonType);
        return Shifted(CheckedRange(startIndex, count).IndexOf(value, comparisonType), startIndex);
    }

    public int IndexOfAny(char[] anyOf)
    {
        ArgumentNullException.ThrowIfNull(anyOf);
        return this.AsSpan().IndexOfAny(anyOf);
    }

    public int IndexOfAny(char[] anyOf, int startIndex) => IndexOfAny(anyOf, startIndex, _stringLength - startIndex);

    public int IndexOfAny(char[] anyOf, int startIndex, int count)
    {
        ArgumentNullException.ThrowIfNull(anyOf);
        return Shifted(CheckedRange(startIndex, count).IndexOfAny(anyOf), startIndex);
    }

    public int LastIndexOf(char value) => this.AsSpan().LastIndexOf(value);

    public int LastIndexOf(char value, int startIndex) => LastIndexOf(value, startIndex, startIndex + 1);

    public int LastIndexOf(char value, int startIndex, int count)
    {
        if (_stringLength == 0)
        {
            return -1;
        }

        int first = CheckBackwards(startIndex, count);
        return Shifted(this.AsSpan(first, count).LastIndexOf(value), first);
    }

    public int LastIndexOf(string value) => LastIndexOf(value, StringComparison.Ordinal);

    public int LastIndexOf(string value, StringComparison comparisonType)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckComparison(comparisonType);
        return this.AsSpan().LastIndexOf(value, comparisonType);
    }

    public int LastIndexOf(string value, int startIndex) =>
        LastIndexOf(value, startIndex, startIndex + 1, StringComparison.Ordinal);

    public int LastIndexOf(string value, int startIndex, StringComparison comparisonType) =>
        LastIndexOf(value, startIndex, startIndex + 1, comparisonType);

    public int LastIndexOf(string value, int startIndex, int count) =>
        LastIndexOf(value, startIndex, count, StringComparison.Ordinal);

    public int LastIndexOf(string value, int startIndex, int count, StringComparison comparisonType)
    {
        ArgumentNullException.ThrowIfNull(value);
        CheckComparison(comparisonType);
        if (_stringLength == 0)
        {
            return value.Length == 0 ? 0 : -1;
        }

        if (startIndex == _stringLength)
        {
            startIndex--;
            count = Math.Max(count - 1, 0);
        }

        int first = CheckBackwards(startIndex, count);
        return Shifted(this.AsSpan(first, count).LastIndexOf(value, comparisonType), first);
    }

    public int LastIndexOfAny(char[] anyOf)
    {
        ArgumentNullException.ThrowIfNull(anyOf);
        return this.AsSpan().LastIndexOfAny(anyOf);
    }

    private ReadOnlySpan<char> CheckedRange(int startIndex, int count)
    {
        if ((uint)startIndex > (uint)_stringLength)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        if ((uint)count > (uint)(_stringLength - startIndex))
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        return this.AsSpan(startIndex, count);
    }

    private int CheckBackwards(int startIndex, int count)
    {
        if ((uint)startIndex >= (uint)_stringLength)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        if ((uint)count > (uint)(startIndex + 1))
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }

        return startIndex - count + 1;
    }

    private static int Shifted(int index, int start) => index < 0 ? index : index + start;
}
