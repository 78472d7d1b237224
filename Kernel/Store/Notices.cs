using System.Collections.Generic;

namespace HaukiOS.Store;

/// <summary>Sentences for people about what was found wrong; bounded, the rest is only counted.</summary>
public sealed class Notices
{
    /// <summary>Sentences kept.</summary>
    public const int Max = 32;

    private readonly List<string> lines = [];

    /// <summary>The sentences, oldest first.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>How many more there were.</summary>
    public int Omitted { get; private set; }

    /// <summary>Keeps a sentence, unless there are too many.</summary>
    internal void Add(string? line)
    {
        if (line == null)
        {
            return;
        }
        if (lines.Count < Max)
        {
            lines.Add(line);
        }
        else
        {
            Omitted++;
        }
    }

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        lines.Clear();
        Omitted = 0;
    }
}
