using System;
using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Whoever something happens to at a simulated moment.</summary>
internal interface ISimulated
{
    /// <summary>It happens now.</summary>
    void Happen(in SimulatedEvent what, Instant now);
}

/// <summary>What is to happen. The meaning of the fields is the target's.</summary>
internal readonly record struct SimulatedEvent(
    ISimulated Target, int Kind, byte[]? Frame = null, int Length = 0, bool Spoiled = false);

/// <summary>
/// Simulated time: what is to happen, in the order of when, and what falls on one moment in the order of asking. No
/// real clock is read, so a run depends on its seed alone.
/// </summary>
internal sealed class SimulatedTime
{
    private readonly PriorityQueue<SimulatedEvent, Due> queue = new(1024);
    private long order;

    /// <summary>The present moment. Not zero at the start: nothing may depend on that.</summary>
    public Instant Now { get; private set; } = new(1_234_567_890);

    /// <summary>Events not yet happened.</summary>
    public int Pending => queue.Count;

    /// <summary>Plans something; a moment that has passed means now, after all that is planned for now.</summary>
    public void At(Instant when, in SimulatedEvent what)
    {
        Instant due = when < Now ? Now : when;
        queue.Enqueue(what, new Due(due.Nanoseconds, order++));
    }

    /// <summary>Lets the next thing happen, unless it lies after <paramref name="end"/>.</summary>
    public bool Step(Instant end)
    {
        if (!queue.TryPeek(out SimulatedEvent what, out Due due) || due.When > end.Nanoseconds)
        {
            return false;
        }

        queue.Dequeue();
        Now = new Instant(due.When);
        what.Target.Happen(what, Now);
        return true;
    }

    /// <summary>Lets all happen up to and including <paramref name="end"/>, which is then the present.</summary>
    public void RunUntil(Instant end)
    {
        while (Step(end))
        {
        }

        Now = end > Now ? end : Now;
    }

    private readonly record struct Due(long When, long Order) : IComparable<Due>
    {
        public int CompareTo(Due other) =>
            When != other.When ? When.CompareTo(other.When) : Order.CompareTo(other.Order);
    }
}
