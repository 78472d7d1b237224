using System;
using HaukiOS.Hardware;

namespace HaukiOS.Loop;

/// <summary>How the node got out of step with the world.</summary>
public enum TimeJumpCause
{
    /// <summary>It was moved: this is another machine, and the one before has stopped for good.</summary>
    Landed,

    /// <summary>
    /// The machine stood still without the node's knowledge: it was paused, moved by its emulator, or set back to a
    /// snapshot. Another copy of its memory may exist, and may have spoken already.
    /// </summary>
    StoodStill,
}

/// <summary>A stretch of time that the node has not lived through.</summary>
/// <param name="Cause">How it came about.</param>
/// <param name="Now">The present moment of the monotonic clock, which does not count what was missed.</param>
/// <param name="MissedMilliseconds">How much was missed, as well as that is known; never negative.</param>
public readonly record struct TimeJump(TimeJumpCause Cause, Instant Now, long MissedMilliseconds)
{
    /// <summary>May another copy of this memory exist? Then no counter may be relied on to be used once.</summary>
    public bool MayBeCopied => Cause == TimeJumpCause.StoodStill;
}

/// <summary>A part of the kernel that has to do something when the node is elsewhere, or later, all at once.</summary>
public interface ITimeJumpListener
{
    /// <summary>Told in the event loop, interrupts on, in the order in which the parts have asked to be told.</summary>
    void OnTimeJump(in TimeJump jump);
}

/// <summary>Who is told of time jumps.</summary>
public sealed class TimeJumps
{
    /// <summary>The most listeners: the parts of a kernel, not its connections.</summary>
    public const int ListenerMax = 16;

    private readonly ITimeJumpListener[] listeners = new ITimeJumpListener[ListenerMax];
    private int count;

    /// <summary>Jumps so far.</summary>
    public int Count { get; private set; }

    /// <summary>The last one; the default value if there was none.</summary>
    public TimeJump Last { get; private set; }

    /// <summary>Adds a listener, behind those that are there.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="ListenerMax"/> already.</exception>
    public void Add(ITimeJumpListener listener)
    {
        if (count == ListenerMax)
        {
            throw new InvalidOperationException("there is no room for another listener to time jumps");
        }

        listeners[count++] = listener;
    }

    /// <summary>Tells everybody.</summary>
    public void Tell(in TimeJump jump)
    {
        Count++;
        Last = jump;
        for (int i = 0; i < count; i++)
        {
            listeners[i].OnTimeJump(jump);
        }
    }
}
