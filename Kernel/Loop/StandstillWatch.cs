using HaukiOS.Hardware;

namespace HaukiOS.Loop;

/// <summary>
/// Finds out that the machine stood still without the node's knowledge: an emulator paused it, moved it, or set it back
/// to a snapshot. The monotonic clock stands still then, too; the calendar does not, or jumps.
/// </summary>
/// <remarks>
/// The calendar tells whole seconds, so it is read often enough to see when a second begins. Each reading bounds how
/// far it and the clock can be apart (<see cref="ClockBounds"/>): whatever the load, only their drift is guessed.
/// </remarks>
public sealed class StandstillWatch : ILoopSource, ITimeJumpListener
{
    /// <summary>Standstills in a row, less than <see cref="QuietMilliseconds"/> apart, before it is given up.</summary>
    public const int JumpsMax = 8;

    /// <summary>A machine whose clocks simply disagree would be told of a standstill at every turn.</summary>
    public const int QuietMilliseconds = 5_000;

    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;
    private const int FailuresMax = 500;
    private const int DenseMilliseconds = 10;
    private const int SparseMilliseconds = 100;

    // The calendar itself may be late in showing a second.
    private const long CalendarSlack = 5 * Millisecond;
    private const long CounterSlack = Millisecond;

    private readonly IClock clock;
    private readonly ICalendar calendar;
    private readonly TimeJumps jumps;
    private readonly KernelLog log;
    private LoopTimer? timer;
    private int lastSecond = -1;
    private int failures;
    private long unixSeconds;

    private ClockBounds calendarAhead;
    private ClockBounds counterAhead;
    private Instant lastJump;
    private int jumpsInRow;

    /// <summary>A watch that tells <paramref name="jumps"/>.</summary>
    public StandstillWatch(IClock clock, ICalendar calendar, TimeJumps jumps, KernelLog log)
    {
        this.clock = clock;
        this.calendar = calendar;
        this.jumps = jumps;
        this.log = log;
    }

    /// <summary>Was it given up, because there is no calendar or the two never agree?</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>Puts it into the loop, and among those who are told of jumps.</summary>
    public void Join(EventLoop loop)
    {
        timer = loop.AddTimer(this);
        timer.Schedule(clock.Now);
        jumps.Add(this);
    }

    /// <summary>
    /// A counter that stops and is set back together with the machine, unlike, on some emulators, the one under the
    /// monotonic clock; null if the machine has none.
    /// </summary>
    public IFreeCounter? Counter { get; set; }

    /// <summary>Another machine has another calendar.</summary>
    public void OnTimeJump(in TimeJump jump)
    {
        calendarAhead.Forget();
        counterAhead.Forget();
        lastSecond = -1;
    }

    /// <summary>One look at the calendar.</summary>
    public void OnPending(Instant now)
    {
        Instant before = clock.Now;
        if (!TryRead())
        {
            // An update takes 2 ms; where there is no calendar it never ends.
            IsGivenUp = ++failures == FailuresMax;
            Continue(before.AddMilliseconds(DenseMilliseconds));
            return;
        }

        failures = 0;
        if (unixSeconds == 0)
        {
            IsGivenUp = true;
            return;
        }

        Instant after = clock.Now;
        long newLow = (unixSeconds * Second) - after.Nanoseconds - CalendarSlack;
        long newHigh = ((unixSeconds + 1) * Second) - before.Nanoseconds + CalendarSlack;
        bool hasJumped = calendarAhead.HasJumped(newLow, newHigh, after, 0, out long apart);
        bool wasSetBack = HasCounterJumped();
        if (hasJumped || wasSetBack)
        {
            OnStandstill(hasJumped && apart > 0 ? apart / Millisecond : 0, after);
        }

        Continue(NextLook(clock.Now));
    }

    private bool HasCounterJumped()
    {
        if (Counter is not IFreeCounter counter)
        {
            return false;
        }

        Instant before = clock.Now;
        long shown = counter.Nanoseconds;
        Instant after = clock.Now;
        return shown >= 0 && counterAhead.HasJumped(
            shown - after.Nanoseconds - CounterSlack, shown - before.Nanoseconds + CounterSlack, after, counter.Period,
            out _);
    }

    private void Continue(Instant next)
    {
        if (!IsGivenUp)
        {
            timer!.Schedule(next);
        }
    }

    // The date is asked for only when a second has begun: it takes ten times as long.
    private bool TryRead()
    {
        int second = calendar.Second;
        if (second < 0)
        {
            return false; // it is being updated
        }

        if (second != lastSecond)
        {
            lastSecond = second;
            unixSeconds = calendar.UnixSeconds;
        }

        return true;
    }

    private void OnStandstill(long milliseconds, Instant at)
    {
        jumpsInRow = at - lastJump < QuietMilliseconds * Millisecond ? jumpsInRow + 1 : 1;
        lastJump = at;
        if (jumpsInRow > JumpsMax)
        {
            IsGivenUp = true;
            log.Add("clock: calendar and counter never agree; nobody watches for standstills any more");
            return;
        }

        log.Add(milliseconds > 0
            ? $"clock: the machine stood still, for {milliseconds} ms or so"
            : "clock: the machine was set back, or stood still");
        jumps.Tell(new TimeJump(TimeJumpCause.StoodStill, at, milliseconds));
    }

    // Often around the moment at which the next second can begin, seldom otherwise.
    private Instant NextLook(Instant now)
    {
        long earliest = ((unixSeconds + 1) * Second) - calendarAhead.High - (DenseMilliseconds * Millisecond);
        Instant dense = now.AddMilliseconds(DenseMilliseconds);
        Instant sparse = now.AddMilliseconds(SparseMilliseconds);
        return earliest <= dense.Nanoseconds ? dense : earliest < sparse.Nanoseconds ? new Instant(earliest) : sparse;
    }
}
