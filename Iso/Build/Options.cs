using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace HaukiOS.Build;

/// <summary>
/// The words of one command line: <c>--name value</c> pairs, a name as often as wanted, everything else an input.
/// <c>@file</c> stands for the lines of that file, because command lines have a length and file lists have none.
/// </summary>
public sealed class Options
{
    private readonly Dictionary<string, List<string>> named = [];
    private readonly List<string> inputs = [];

    /// <summary>Reads the words.</summary>
    /// <exception cref="BuildException">A name stands at the end without its value.</exception>
    public Options(IEnumerable<string> words)
    {
        using var word = words.SelectMany(Expand).GetEnumerator();
        while (word.MoveNext())
        {
            if (!word.Current.StartsWith("--", StringComparison.Ordinal))
            {
                inputs.Add(word.Current);
                continue;
            }

            string name = word.Current[2..];
            if (!word.MoveNext())
            {
                throw new BuildException($"--{name} wants a value");
            }

            if (!named.TryGetValue(name, out List<string>? values))
            {
                named.Add(name, values = []);
            }

            values.Add(word.Current);
        }
    }

    /// <summary>The words that belong to no name.</summary>
    public IReadOnlyList<string> Inputs => inputs;

    /// <summary>Every value of a name, in the order given.</summary>
    public IReadOnlyList<string> All(string name) => named.TryGetValue(name, out List<string>? values) ? values : [];

    /// <summary>The last value of a name, or null.</summary>
    public string? Find(string name) => All(name).LastOrDefault();

    /// <summary>The value of a name that must be there.</summary>
    /// <exception cref="BuildException">It is not.</exception>
    public string Get(string name) => Find(name) ?? throw new BuildException($"--{name} is missing");

    private static IEnumerable<string> Expand(string word) =>
        word.StartsWith('@') ? File.ReadLines(word[1..]).Where(line => line.Length > 0).SelectMany(Expand) : [word];
}

/// <summary>The build stops here. The message is meant for the person who started it.</summary>
public sealed class BuildException(string message) : Exception(message);
