using System;
using System.Collections.Generic;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// The pauses between answers to questions that are asked at an even pace. A standstill is the longest pause, less
/// what is usual.
/// </summary>
public sealed class AnswerGaps
{
    private readonly List<long> gaps = [];
    private long last;

    /// <summary>Begins anew.</summary>
    /// <param name="now">From when on; in any unit, as all else here.</param>
    public void Restart(long now)
    {
        gaps.Clear();
        last = now;
    }

    /// <summary>An answer has come. One that came earlier than another one counts as having come with it.</summary>
    public void Add(long now)
    {
        gaps.Add(Math.Max(0, now - last));
        last = Math.Max(last, now);
    }

    /// <summary>The longest pause less the usual one, the pause that lasts included.</summary>
    /// <param name="now">What the clock shows.</param>
    /// <param name="patience">Whoever has not answered for so long answers no more.</param>
    /// <returns>Null where nobody answers any more.</returns>
    public long? Longest(long now, long patience)
    {
        var lasting = now - last;
        if (gaps.Count == 0 || lasting > patience)
        {
            return null;
        }

        gaps.Sort();
        return Math.Max(0, Math.Max(gaps[^1], lasting) - gaps[gaps.Count / 2]);
    }
}
