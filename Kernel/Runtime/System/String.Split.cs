using System.Collections.Generic;

namespace System;

/// <summary>Cutting strings at separators.</summary>
public sealed partial class String
{
    public string[] Split(params char[]? separator) => SplitAny(separator, int.MaxValue, StringSplitOptions.None);

    public string[] Split(params ReadOnlySpan<char> separator) =>
        SplitAny(separator, int.MaxValue, StringSplitOptions.None);

    public string[] Split(char[]? separator, int count) => SplitAny(separator, count, StringSplitOptions.None);

    public string[] Split(char[]? separator, StringSplitOptions options) => SplitAny(separator, int.MaxValue, options);

    public string[] Split(char[]? separator, int count, StringSplitOptions options) =>
        SplitAny(separator, count, options);

    public string[] Split(char separator, StringSplitOptions options = StringSplitOptions.None) =>
        SplitAny(new ReadOnlySpan<char>(in separator), int.MaxValue, options);

    public string[] Split(char separator, int count, StringSplitOptions options = StringSplitOptions.None) =>
        SplitAny(new ReadOnlySpan<char>(in separator), count, options);

    public string[] Split(string? separator, StringSplitOptions options = StringSplitOptions.None) =>
        Split(separator, int.MaxValue, options);

    public string[] Split(string? separator, int count, StringSplitOptions options = StringSplitOptions.None) =>
        IsNullOrEmpty(separator) ? SplitOnNothing(count, options) : SplitStrings([separator], count, options);

    public string[] Split(string[]? separator, StringSplitOptions options) => Split(separator, int.MaxValue, options);

    public string[] Split(string[]? separator, int count, StringSplitOptions options) =>
        separator is null || separator.Length == 0
            ? SplitAny(default, count, options)
            : SplitStrings(separator, count, options);

    private string[] SplitOnNothing(int count, StringSplitOptions options)
    {
        // An empty separator never occurs: the whole string is the one part.
        List<string> parts = [];
        if (count > 0)
        {
            AddPart(parts, this, options);
        }

        return parts.ToArray();
    }

    /// <summary>Cuts at any of the characters; at white space if there are none.</summary>
    private string[] SplitAny(ReadOnlySpan<char> separators, int count, StringSplitOptions options)
    {
        CheckSplit(count, options);
        List<string> parts = [];
        int start = 0;
        for (int i = 0; i < _stringLength && parts.Count + 1 < count; i++)
        {
            char c = this[i];
            if (separators.Length == 0 ? char.IsWhiteSpace(c) : separators.Contains(c))
            {
                AddPart(parts, this.AsSpan(start, i - start), options);
                start = i + 1;
            }
        }

        return Finish(parts, start, count, options, separators, default);
    }

    private string[] SplitStrings(ReadOnlySpan<string> separators, int count, StringSplitOptions options)
    {
        CheckSplit(count, options);
        List<string> parts = [];
        int start = 0;
        for (int i = 0; i < _stringLength && parts.Count + 1 < count; i++)
        {
            int length = SeparatorAt(i, separators);
            if (length > 0)
            {
                AddPart(parts, this.AsSpan(start, i - start), options);
                start = i + length;
                i = start - 1;
            }
        }

        return Finish(parts, start, count, options, default, separators);
    }

    private int SeparatorAt(int index, ReadOnlySpan<string> separators)
    {
        foreach (string separator in separators)
        {
            if (!IsNullOrEmpty(separator) && this.AsSpan(index).StartsWith(separator))
            {
                return separator.Length;
            }
        }

        return 0;
    }

    private string[] Finish(List<string> parts, int start, int count, StringSplitOptions options,
        ReadOnlySpan<char> characters, ReadOnlySpan<string> strings)
    {
        if (count == 0)
        {
            return [];
        }

        // The last of a limited number of parts is the whole rest, but empty parts before it are still dropped.
        bool limited = parts.Count + 1 == count && parts.Count > 0;
        while (limited && (options & StringSplitOptions.RemoveEmptyEntries) != 0 && start < _stringLength)
        {
            int length = strings.Length > 0 ? SeparatorAt(start, strings)
                : IsSeparator(this[start], characters) ? 1 : 0;
            if (length == 0)
            {
                break;
            }

            start += length;
        }

        AddPart(parts, this.AsSpan(start), options);
        return parts.ToArray();
    }

    private static bool IsSeparator(char c, ReadOnlySpan<char> separators) =>
        separators.Length == 0 ? char.IsWhiteSpace(c) : separators.Contains(c);

    private static void AddPart(List<string> parts, ReadOnlySpan<char> part, StringSplitOptions options)
    {
        if ((options & StringSplitOptions.TrimEntries) != 0)
        {
            part = part.Trim();
        }

        if (part.Length > 0 || (options & StringSplitOptions.RemoveEmptyEntries) == 0)
        {
            parts.Add(part.ToString());
        }
    }

    private static void CheckSplit(int count, StringSplitOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((options & ~(StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) != 0)
        {
            throw new ArgumentException("Illegal enum value.", nameof(options));
        }
    }
}
