using System.Collections.Generic;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Ranges on the circle of sequence numbers, sorted, joined where they touch.</summary>
internal sealed class SequenceSet
{
    private readonly List<(uint Left, uint Right)> ranges = [];

    /// <summary>Adds a range.</summary>
    /// <returns>How many numbers of it were not there before.</returns>
    public int Add(uint left, uint right)
    {
        int at = 0;
        while (at < ranges.Count && Before(ranges[at].Right, left))
        {
            at++;
        }

        int known = 0;
        while (at < ranges.Count && !Before(right, ranges[at].Left))
        {
            known += (int)(ranges[at].Right - ranges[at].Left);
            left = Before(ranges[at].Left, left) ? ranges[at].Left : left;
            right = Before(right, ranges[at].Right) ? ranges[at].Right : right;
            ranges.RemoveAt(at);
        }

        ranges.Insert(at, (left, right));
        return (int)(right - left) - known;
    }

    /// <summary>Takes out all below a number, and the range that begins at it or below.</summary>
    /// <returns>The end of that range, or the number itself.</returns>
    public uint TakeFrom(uint number)
    {
        while (ranges.Count > 0 && !Before(number, ranges[0].Left))
        {
            number = Before(number, ranges[0].Right) ? ranges[0].Right : number;
            ranges.RemoveAt(0);
        }

        return number;
    }

    /// <summary>Is all of a range there?</summary>
    public bool Covers(uint left, uint right)
    {
        foreach ((uint from, uint to) in ranges)
        {
            if (!Before(left, from) && !Before(to, right))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets all.</summary>
    public void Clear() => ranges.Clear();

    private static bool Before(uint a, uint b) => (int)(a - b) < 0;
}
