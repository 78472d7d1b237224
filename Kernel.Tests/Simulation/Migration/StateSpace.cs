using System;
using System.Collections.Generic;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Every state that a model can get into, in the order of the fewest steps to it, so that a counterexample is as short
/// as can be.
/// </summary>
internal sealed class StateSpace<TWorld>
    where TWorld : notnull
{
    private readonly Dictionary<TWorld, int> index = [];
    private readonly List<TWorld> worlds = [];
    private readonly List<(int From, string How)> origins = [];
    private readonly List<(int From, int To)> benign = [];
    private int current = -1;

    /// <summary>States found.</summary>
    public int Count => worlds.Count;

    /// <summary>Steps from one to another.</summary>
    public long Steps { get; private set; }

    /// <summary>Goes on to the next state that was not looked at.</summary>
    public bool TryNext(out TWorld world)
    {
        current++;
        world = current < worlds.Count ? worlds[current] : default!;
        return current < worlds.Count;
    }

    /// <summary>The present state can become this one.</summary>
    /// <param name="world">The state.</param>
    /// <param name="how">By what.</param>
    /// <param name="isBenign">Will it happen in the end, if nothing goes wrong any more?</param>
    public void Add(TWorld world, string how, bool isBenign)
    {
        Steps++;
        if (!index.TryGetValue(world, out int at))
        {
            at = worlds.Count;
            index.Add(world, at);
            worlds.Add(world);
            origins.Add((current, how));
        }

        if (isBenign && current >= 0)
        {
            benign.Add((current, at));
        }
    }

    /// <summary>How many of the states are so.</summary>
    public int CountOf(Predicate<TWorld> what) => worlds.FindAll(what).Count;

    /// <summary>The way to the present state.</summary>
    public string Way() => WayTo(current);

    /// <summary>Goes backwards from all states in which all is well, over benign steps.</summary>
    /// <returns>The way to the first state from which none of them leads there; null if there is none.</returns>
    public string? FindDeadEnd(Predicate<TWorld> isWell)
    {
        (int[] starts, int[] before) = Backwards();
        bool[] isGood = new bool[worlds.Count];
        Stack<int> todo = new();
        for (int i = 0; i < worlds.Count; i++)
        {
            if (isWell(worlds[i]))
            {
                isGood[i] = true;
                todo.Push(i);
            }
        }

        while (todo.TryPop(out int at))
        {
            foreach (int from in before.AsSpan(starts[at]..starts[at + 1]))
            {
                if (!isGood[from])
                {
                    isGood[from] = true;
                    todo.Push(from);
                }
            }
        }

        int found = Array.IndexOf(isGood, false);
        return found < 0 ? null : WayTo(found);
    }

    // Of each state those from which a benign step leads to it, one after the other.
    private (int[] Starts, int[] Before) Backwards()
    {
        int[] starts = new int[worlds.Count + 1];
        foreach ((_, int to) in benign)
        {
            starts[to]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        int[] before = new int[benign.Count];
        foreach ((int from, int to) in benign)
        {
            before[--starts[to]] = from;
        }

        return (starts, before);
    }

    private string WayTo(int at)
    {
        List<string> way = [];
        for (; at > 0; at = origins[at].From)
        {
            way.Add(origins[at].How);
        }

        way.Reverse();
        return string.Join(", ", way);
    }
}
