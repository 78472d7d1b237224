using System;

namespace HaukiOS.Net;

/// <summary>
/// A bounded set of sequence numbers as sorted ranges that neither touch nor overlap. Used twice: for what arrived
/// ahead of a gap, and for what the peer says arrived there (the scoreboard of RFC 6675).
/// </summary>
internal sealed class TcpRanges
{
    /// <summary>
    /// The most ranges. A window of 256 KiB can have some ninety; one more is not kept, and its bytes will be sent
    /// again, which is always allowed (RFC 2018, section 8).
    /// </summary>
    internal const int Capacity = 64;

    private readonly uint[] starts = new uint[Capacity];
    private readonly uint[] ends = new uint[Capacity];

    // When each range last changed: the newest is reported first (RFC 2018, section 4).
    private readonly uint[] changed = new uint[Capacity];
    private uint changes;
    private int total;

    /// <summary>Ranges in the set.</summary>
    internal int Count { get; private set; }

    /// <summary>Sequence numbers in the set.</summary>
    internal int Total => total;

    /// <summary>The end of the last range. There is one.</summary>
    internal uint Highest => ends[Count - 1];

    /// <summary>The beginning of range <paramref name="index"/>.</summary>
    internal uint StartOf(int index) => starts[index];

    /// <summary>The end of range <paramref name="index"/>: the first number that is not in it.</summary>
    internal uint EndOf(int index) => ends[index];

    /// <summary>Empties the set.</summary>
    internal void Clear()
    {
        Count = 0;
        total = 0;
    }

    /// <summary>Adds a range, joined with those it touches.</summary>
    /// <returns>False: it would have been one range too many, and nothing has changed.</returns>
    internal bool Add(uint start, uint end)
    {
        // Almost always it is the last range that grows, or a new one behind it: search from there.
        int behind = Count;
        while (behind > 0 && Sequence.IsAfter(starts[behind - 1], end))
        {
            behind--;
        }

        int first = behind;
        while (first > 0 && Sequence.IsNotBefore(ends[first - 1], start))
        {
            first--;
        }

        if (first == behind)
        {
            if (Count == Capacity)
            {
                return false;
            }

            Move(behind, behind + 1);
        }
        else
        {
            for (int i = first; i < behind; i++)
            {
                total -= (int)(ends[i] - starts[i]);
            }

            start = Sequence.Earlier(start, starts[first]);
            end = Sequence.Later(end, ends[behind - 1]);
            Move(behind, first + 1);
        }

        starts[first] = start;
        ends[first] = end;
        changed[first] = ++changes;
        total += (int)(end - start);
        return true;
    }

    /// <summary>Takes everything before <paramref name="sequence"/> out.</summary>
    internal void RemoveBelow(uint sequence)
    {
        int gone = 0;
        while (gone < Count && Sequence.IsNotAfter(ends[gone], sequence))
        {
            total -= (int)(ends[gone] - starts[gone]);
            gone++;
        }

        if (gone > 0)
        {
            Move(gone, 0);
        }

        if (Count > 0 && Sequence.IsBefore(starts[0], sequence))
        {
            total -= (int)(sequence - starts[0]);
            starts[0] = sequence;
        }
    }

    /// <summary>How many numbers from <paramref name="start"/> to <paramref name="end"/> are not in the set.</summary>
    internal int MissingIn(uint start, uint end)
    {
        int missing = (int)(end - start);
        if (missing <= 0)
        {
            return 0;
        }

        for (int i = 0; i < Count && Sequence.IsBefore(starts[i], end); i++)
        {
            int inside = (int)(Sequence.Earlier(ends[i], end) - Sequence.Later(starts[i], start));
            missing -= Math.Max(inside, 0);
        }

        return missing;
    }

    /// <summary>Finds the first gap from <paramref name="start"/> on and before <paramref name="end"/>.</summary>
    internal bool TryFindGap(uint start, uint end, out uint gap, out int length)
    {
        gap = start;
        for (int i = 0; i < Count; i++)
        {
            if (Sequence.IsBefore(gap, starts[i]))
            {
                end = Sequence.Earlier(end, starts[i]);
                break;
            }

            gap = Sequence.Later(gap, ends[i]);
        }

        length = (int)(end - gap);
        return length > 0;
    }

    /// <summary>
    /// Where "lost" ends (RFC 6675, section 4: IsLost): every number below that is not in the set has at least
    /// <paramref name="ranges"/> ranges, or more than <paramref name="bytes"/> numbers, of the set above it.
    /// </summary>
    internal bool TryFindLossEdge(int ranges, int bytes, out uint edge)
    {
        int above = 0;
        for (int i = Count - 1; i >= 0; i--)
        {
            above += (int)(ends[i] - starts[i]);
            if (Count - i >= ranges || above > bytes)
            {
                edge = starts[i];
                return true;
            }
        }

        edge = 0;
        return false;
    }

    /// <summary>Finds the range that changed last of those at least <paramref name="age"/> changes old.</summary>
    /// <param name="age">0 for the newest of all; then what the call before has left here.</param>
    /// <returns>Its number; -1 if there is none.</returns>
    internal int Newest(ref uint age)
    {
        int found = -1;
        uint best = 0;
        for (int i = 0; i < Count; i++)
        {
            // Ages are differences, so that the count of changes may wrap around.
            uint its = changes - changed[i];
            if (its >= age && (found < 0 || its < best))
            {
                found = i;
                best = its;
            }
        }

        age = best + 1;
        return found;
    }

    // Moves everything from one index on to another one.
    private void Move(int from, int to)
    {
        int count = Count - from;
        Array.Copy(starts, from, starts, to, count);
        Array.Copy(ends, from, ends, to, count);
        Array.Copy(changed, from, changed, to, count);
        Count += to - from;
    }
}
