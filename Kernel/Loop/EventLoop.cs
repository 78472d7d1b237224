using System;
using HaukiOS.Hardware;

namespace HaukiOS.Loop;

/// <summary>Something that the event loop looks after: a driver's ring, the console, the entropy pool.</summary>
public interface ILoopSource
{
    /// <summary>
    /// Does what is waiting, in at most 5 ms. A source that has more to do sets its own bit again, so that the
    /// others get their turn.
    /// </summary>
    void OnPending(Instant now);
}

/// <summary>A moment, or a regular beat, at which the loop calls back.</summary>
public sealed class LoopTimer
{
    private readonly ILoopSource target;
    private int periodMilliseconds;

    internal LoopTimer(ILoopSource target) => this.target = target;

    /// <summary>Is a moment set?</summary>
    public bool IsScheduled { get; private set; }

    /// <summary>The moment, while <see cref="IsScheduled"/>.</summary>
    public Instant Due { get; private set; }

    /// <summary>Sets the moment, in place of an earlier one.</summary>
    public void Schedule(Instant due)
    {
        Due = due;
        IsScheduled = true;
        periodMilliseconds = 0;
    }

    /// <summary>Calls back at <paramref name="first"/> and then again and again, until <see cref="Cancel"/>.</summary>
    public void ScheduleEvery(int milliseconds, Instant first)
    {
        Schedule(first);
        periodMilliseconds = milliseconds;
    }

    /// <summary>Forgets the moment.</summary>
    public void Cancel() => IsScheduled = false;

    internal bool Fire(Instant now)
    {
        if (!IsScheduled || Due > now)
        {
            return false;
        }

        // Before the call, so that the callee can schedule it anew. A period counts from now and not from when it
        // was due: after a long stall nobody is served a burst of overdue calls.
        IsScheduled = periodMilliseconds > 0;
        Due = now.AddMilliseconds(periodMilliseconds);
        target.OnPending(now);
        return true;
    }
}

/// <summary>What the processor does when the loop has nothing to do.</summary>
public interface IIdle
{
    /// <summary>
    /// Rests until something may have happened. On the metal: interrupts off, then <c>sti; hlt</c> only if
    /// <see cref="EventLoop.HasWork"/> still says no (else an interrupt between the loop's last look and the
    /// <c>hlt</c> would be slept through); or a turn of the worker thread.
    /// </summary>
    void Rest(EventLoop loop);
}

/// <summary>
/// The kernel's one thread of control. Interrupt handlers set bits; the loop calls the sources whose bits are set,
/// fires due timers, and rests. It allocates nothing while it runs.
/// </summary>
public sealed class EventLoop
{
    /// <summary>The most sources: every device of such a machine, the console, the pool, and room to spare.</summary>
    public const int SourceMax = 32;

    /// <summary>The most timers; each is looked at on every turn, so they stay few.</summary>
    public const int TimerMax = 64;

    private readonly IClock clock;
    private readonly ILoopSource[] sources = new ILoopSource[SourceMax];
    private readonly PendingBit[] bits = new PendingBit[SourceMax];
    private readonly LoopTimer[] timers = new LoopTimer[TimerMax];
    private int sourceCount;
    private int timerCount;
    private volatile bool stopped;

    /// <summary>An empty loop over <paramref name="clock"/>.</summary>
    public EventLoop(IClock clock) => this.clock = clock;

    /// <summary>Is a bit set or a timer due? Callable with interrupts off.</summary>
    public bool HasWork
    {
        get
        {
            for (int i = 0; i < sourceCount; i++)
            {
                if (bits[i].IsSet)
                {
                    return true;
                }
            }

            return TryNextDue(out Instant due) && due <= clock.Now;
        }
    }

    /// <summary>Adds a source. Its bit starts set, so that it is looked at once without an interrupt.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="SourceMax"/> already.</exception>
    public PendingBit Add(ILoopSource source)
    {
        if (sourceCount == SourceMax)
        {
            throw new InvalidOperationException("the event loop has no room for another source");
        }

        var bit = new PendingBit();
        bit.Set();
        sources[sourceCount] = source;
        bits[sourceCount] = bit;
        sourceCount++;
        return bit;
    }

    /// <summary>Adds a timer, not yet scheduled.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="TimerMax"/> already.</exception>
    public LoopTimer AddTimer(ILoopSource target)
    {
        if (timerCount == TimerMax)
        {
            throw new InvalidOperationException("the event loop has no room for another timer");
        }

        var timer = new LoopTimer(target);
        timers[timerCount++] = timer;
        return timer;
    }

    /// <summary>The earliest scheduled moment.</summary>
    /// <returns>False if no timer is scheduled.</returns>
    public bool TryNextDue(out Instant due)
    {
        due = default;
        bool found = false;
        for (int i = 0; i < timerCount; i++)
        {
            if (timers[i].IsScheduled && (!found || timers[i].Due < due))
            {
                due = timers[i].Due;
                found = true;
            }
        }

        return found;
    }

    /// <summary>One turn over all sources and timers.</summary>
    /// <returns>True if anything was called.</returns>
    public bool RunOnce()
    {
        Instant now = clock.Now;
        bool worked = false;
        for (int i = 0; i < sourceCount; i++)
        {
            if (bits[i].Take())
            {
                worked = true;
                sources[i].OnPending(now);
            }
        }

        for (int i = 0; i < timerCount; i++)
        {
            worked |= timers[i].Fire(now);
        }

        return worked;
    }

    /// <summary>Runs until <see cref="Stop"/>.</summary>
    public void Run(IIdle idle)
    {
        while (!stopped)
        {
            if (!RunOnce())
            {
                idle.Rest(this);
            }
        }
    }

    /// <summary>Ends <see cref="Run"/> after the present turn.</summary>
    public void Stop() => stopped = true;
}
