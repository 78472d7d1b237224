using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text;

namespace System;

/// <summary>What Split does with the parts.</summary>
[Flags]
public enum StringSplitOptions
{
    None = 0,
    RemoveEmptyEntries = 1,
    TrimEntries = 2,
}

/// <summary>Strings made out of strings.</summary>
public sealed partial class String
{
    public string Substring(int startIndex) => Substring(startIndex, _stringLength - startIndex);

    public string Substring(int startIndex, int length)
    {
        if ((uint)startIndex > (uint)_stringLength)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        ReadOnlySpan<char> part = CheckedSlice(startIndex, length);
        return length == _stringLength ? this : Ctor(part);
    }

    public string Insert(int startIndex, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if ((uint)startIndex > (uint)_stringLength)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        return Concat(this.AsSpan(0, startIndex), value, this.AsSpan(startIndex));
    }

    public string Remove(int startIndex)
    {
        if ((uint)startIndex > (uint)_stringLength)
        {
            throw new ArgumentOutOfRangeException(nameof(startIndex));
        }

        return Substring(0, startIndex);
    }

    public string Remove(int startIndex, int count)
    {
        CheckedSlice(startIndex, count);
        return Concat(this.AsSpan(0, startIndex), this.AsSpan(startIndex + count));
    }

    public string PadLeft(int totalWidth) => PadLeft(totalWidth, ' ');

    public string PadLeft(int totalWidth, char paddingChar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalWidth);
        int padding = totalWidth - _stringLength;
        if (padding <= 0)
        {
            return this;
        }

        string padded = Allocate(totalWidth);
        padded.Writable.Slice(0, padding).Fill(paddingChar);
        CopyTo(padded.Writable.Slice(padding));
        return padded;
    }

    public string PadRight(int totalWidth) => PadRight(totalWidth, ' ');

    public string PadRight(int totalWidth, char paddingChar)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(totalWidth);
        if (totalWidth <= _stringLength)
        {
            return this;
        }

        string padded = Allocate(totalWidth);
        CopyTo(padded.Writable);
        padded.Writable.Slice(_stringLength).Fill(paddingChar);
        return padded;
    }

    public string Trim() => Same(this.AsSpan().Trim());

    public string Trim(char trimChar) => Same(this.AsSpan().Trim(trimChar));

    public string Trim(params char[]? trimChars) => Same(this.AsSpan().Trim((ReadOnlySpan<char>)trimChars));

    public string Trim(params ReadOnlySpan<char> trimChars) => Same(this.AsSpan().Trim(trimChars));

    public string TrimStart() => Same(this.AsSpan().TrimStart());

    public string TrimStart(char trimChar) => Same(this.AsSpan().TrimStart(trimChar));

    public string TrimStart(params char[]? trimChars) => Same(this.AsSpan().TrimStart((ReadOnlySpan<char>)trimChars));

    public string TrimStart(params ReadOnlySpan<char> trimChars) => Same(this.AsSpan().TrimStart(trimChars));

    public string TrimEnd() => Same(this.AsSpan().TrimEnd());

    public string TrimEnd(char trimChar) => Same(this.AsSpan().TrimEnd(trimChar));

    public string TrimEnd(params char[]? trimChars) => Same(this.AsSpan().TrimEnd((ReadOnlySpan<char>)trimChars));

    public string TrimEnd(params ReadOnlySpan<char> trimChars) => Same(this.AsSpan().TrimEnd(trimChars));

    public string ToUpperInvariant() => MapCase(upper: true);

    public string ToLowerInvariant() => MapCase(upper: false);

    public string ToUpper() => MapCase(upper: true);

    public string ToLower() => MapCase(upper: false);

    public string ToUpper(Globalization.CultureInfo? culture) => MapCase(upper: true);

    public string ToLower(Globalization.CultureInfo? culture) => MapCase(upper: false);

    public string Replace(char oldChar, char newChar)
    {
        if (oldChar == newChar || IndexOf(oldChar) < 0)
        {
            return this;
        }

        string replaced = Allocate(_stringLength);
        Span<char> characters = replaced.Writable;
        for (int i = 0; i < characters.Length; i++)
        {
            char c = this[i];
            characters[i] = c == oldChar ? newChar : c;
        }

        return replaced;
    }

    public string Replace(string oldValue, string? newValue) => Replace(oldValue, newValue, StringComparison.Ordinal);

    public string Replace(string oldValue, string? newValue, StringComparison comparisonType)
    {
        ArgumentException.ThrowIfNullOrEmpty(oldValue);
        ReadOnlySpan<char> rest = this;
        int at = rest.IndexOf(oldValue, comparisonType);
        if (at < 0)
        {
            return this;
        }

        TextBuffer text = new(stackalloc char[128]);
        for (; at >= 0; at = rest.IndexOf(oldValue, comparisonType))
        {
            text.Append(rest.Slice(0, at));
            text.Append(newValue);
            rest = rest.Slice(at + oldValue.Length);
        }

        text.Append(rest);
        return text.ToString();
    }

    public string ReplaceLineEndings() => ReplaceLineEndings("\n");

    public string ReplaceLineEndings(string replacementText)
    {
        ArgumentNullException.ThrowIfNull(replacementText);
        TextBuffer text = new(stackalloc char[128]);
        for (int i = 0; i < _stringLength; i++)
        {
            char c = this[i];
            if (c is not ('\r' or '\n' or '\f' or '\u0085' or '\u2028' or '\u2029'))
            {
                text.Append(c);
                continue;
            }

            text.Append(replacementText);
            i += c == '\r' && i + 1 < _stringLength && this[i + 1] == '\n' ? 1 : 0;
        }

        return text.ToString();
    }

    public bool IsNormalized() => IsNormalized(NormalizationForm.FormC);

    public bool IsNormalized(NormalizationForm normalizationForm) => Equals(this, Normalize(normalizationForm));

    public string Normalize() => Normalize(NormalizationForm.FormC);

    public string Normalize(NormalizationForm normalizationForm) => Normalization.Normalize(this, normalizationForm);

    private string Same(ReadOnlySpan<char> part) => part.Length == _stringLength ? this : Ctor(part);

    private string MapCase(bool upper)
    {
        for (int i = 0; i < _stringLength; i++)
        {
            char c = this[i];
            if (c != (upper ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)))
            {
                string mapped = Allocate(_stringLength);
                MemoryExtensions.MapCase(this, mapped.Writable, upper);
                return mapped;
            }
        }

        return this;
    }
}
