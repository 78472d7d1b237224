using System;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Build.Names;

/// <summary>
/// Reads a mangled type back: <c>S_P_CoreLib_System_Collections_Generic_List_1&lt;__Array&lt;Int32&gt;&gt;</c>. Two
/// underscores part arguments, but may be part of a name, too, so the reader tries the longest name first and goes
/// back when what follows makes no sense.
/// </summary>
internal static class MangledType
{
    private static readonly Dictionary<string, string> Suffixes = new()
    {
        ["__Array"] = "[]",
        ["__Pointer"] = "*",
        ["__ByRef"] = "&",
    };

    /// <summary>The type's name as reflection says it; null if the text is no type that is known.</summary>
    internal static string? Read(ManagedTypes types, string text) =>
        ReadAt(types, text, 0).FirstOrDefault(found => found.End == text.Length).Name;

    /// <summary>The names of a list of types, or null.</summary>
    internal static string? ReadList(ManagedTypes types, string text) =>
        ReadArguments(types, text, 0).FirstOrDefault(found => found.End == text.Length).Name;

    private static IEnumerable<(string? Name, int End)> ReadAt(ManagedTypes types, string text, int start)
    {
        for (int end = NameEnd(text, start); end > start; end = PreviousEnd(text, start, end))
        {
            string name = text[start..end];
            bool hasArguments = end < text.Length && text[end] == '<';
            if (hasArguments && (Suffixes.ContainsKey(name) || name == "__MDArray"))
            {
                foreach ((string? element, int after) in ReadAt(types, text, end + 1))
                {
                    if (ReadSuffix(name, text, after) is { } suffix)
                    {
                        yield return (element + suffix.Text, suffix.End);
                    }
                }
            }
            else if (hasArguments && types.Find(name) is { } generic)
            {
                foreach ((string? list, int after) in ReadArguments(types, text, end + 1))
                {
                    if (after < text.Length && text[after] == '>')
                    {
                        yield return ($"{generic.Reflected}[{list}]", after + 1);
                    }
                }
            }
            else if (!hasArguments && types.Find(name) is { } plain)
            {
                string parameters = plain.Parameters.Count == 0 ? "" : $"[{string.Join(',', plain.Parameters)}]";
                yield return (plain.Reflected + parameters, end);
            }
        }
    }

    private static IEnumerable<(string? Name, int End)> ReadArguments(ManagedTypes types, string text, int start)
    {
        foreach ((string? first, int end) in ReadAt(types, text, start))
        {
            if (string.CompareOrdinal(text, end, "__", 0, 2) == 0)
            {
                foreach ((string? rest, int restEnd) in ReadArguments(types, text, end + 2))
                {
                    yield return ($"{first},{rest}", restEnd);
                }
            }

            yield return (first, end);
        }
    }

    private static (string Text, int End)? ReadSuffix(string kind, string text, int at)
    {
        int close = text.IndexOf('>', at);
        if (close < 0)
        {
            return null;
        }

        if (kind != "__MDArray")
        {
            return close == at ? (Suffixes[kind], close + 1) : null;
        }

        return text[at] == ',' && int.TryParse(text.AsSpan(at + 1, close - at - 1), out int rank)
            ? ($"[{new string(',', rank - 1)}]", close + 1)
            : null;
    }

    private static int NameEnd(string text, int start)
    {
        int end = text.AsSpan(start).IndexOfAny('<', '>', ',');
        return end < 0 ? text.Length : start + end;
    }

    private static int PreviousEnd(string text, int start, int end) =>
        end - start < 2 ? -1 : text.LastIndexOf("__", end - 1, end - start, StringComparison.Ordinal);
}
