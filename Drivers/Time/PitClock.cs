using System;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Entropy;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Time;

/// <summary>
/// The monotonic clock. The timer's beat wakes a sleeping processor; between the beats time is told by the
/// processor's cycle counter, whose speed <see cref="Calibrate"/> measures against the timer. A machine whose
/// counter could not be measured lives with the timer alone.
/// </summary>
public sealed class PitClock : IClock, IInterruptHandler
{
    /// <summary>Units of the timer in one beat: 100 beats a second.</summary>
    public const ushort UnitsPerTick = 11932;

    private const long NanosecondsPerSecond = 1_000_000_000;

    // 10 ms of measuring: with 1 microsecond of doubt at each end the clock is right to 200 in a million.
    private const int MeasuredUnits = 11932;
    private const int SamplesPerEnd = 8;
    private const int MeasuringReadsMax = 1_000_000;

    // What a Pentium 4's counter can be; beyond it the measurement itself has failed.
    private const ulong SlowestHertz = 1_000_000;
    private const ulong FastestHertz = 16_000_000_000;

    private readonly Pit8254 timer;
    private readonly Pic8259 controller;
    private readonly ICycleCounter? cycles;
    private long startNanoseconds;
    private ulong startCycles;
    private ulong hertz;
    private long ticks;

    /// <summary>A clock that stands at <paramref name="start"/> until the timer runs.</summary>
    public PitClock(Pit8254 timer, Pic8259 controller, ICycleCounter? cycles, Instant start)
    {
        this.timer = timer;
        this.controller = controller;
        this.cycles = cycles;
        startNanoseconds = start.Nanoseconds;
    }

    /// <summary>Speed of the cycle counter; 0 if the clock lives without it.</summary>
    public ulong CyclesPerSecond => hertz;

    /// <inheritdoc/>
    public Instant Now => new(startNanoseconds + (hertz != 0 ? ElapsedByCycles() : ElapsedByTicks()));

    /// <summary>Measures the cycle counter against the timer; takes 10 ms. Before <see cref="Start"/>.</summary>
    /// <returns>False if one of the two does not work; the clock then uses the timer's beat alone.</returns>
    public bool Calibrate()
    {
        if (cycles is null)
        {
            return false;
        }

        timer.StartMeasurement();
        (int firstCount, ulong firstCycle) = SampleBoth(cycles);
        int reads = 0;
        while (firstCount - timer.ReadMeasurement() < MeasuredUnits)
        {
            if (++reads > MeasuringReadsMax)
            {
                return false;
            }
        }

        (int lastCount, ulong lastCycle) = SampleBoth(cycles);
        int units = firstCount - lastCount;
        if (units <= 0)
        {
            return false;
        }

        ulong measured = (lastCycle - firstCycle) * (ulong)Pit8254.TripleFrequency / ((ulong)units * 3);
        if (measured is < SlowestHertz or > FastestHertz)
        {
            return false;
        }

        startCycles = firstCycle;
        hertz = measured;
        return true;
    }

    /// <summary>Starts the beat. Line 0 must lead to <see cref="OnInterrupt"/>.</summary>
    public void Start() => timer.StartTicks(UnitsPerTick);

    /// <summary>
    /// Goes on from <paramref name="now"/> over the timer and the counter of another machine, whose speed is known
    /// there already. Interrupts are off; the beat runs when it returns.
    /// </summary>
    /// <param name="now">What the clock shows at this moment.</param>
    /// <param name="cyclesPerSecond">The counter's speed; 0 if that machine lives with its timer alone.</param>
    public void Resume(Instant now, ulong cyclesPerSecond)
    {
        hertz = cyclesPerSecond is >= SlowestHertz and <= FastestHertz && cycles is not null ? cyclesPerSecond : 0;
        startCycles = hertz != 0 ? cycles!.Read() : 0;
        startNanoseconds = now.Nanoseconds;
        ticks = 0;
        Start();
    }

    /// <inheritdoc/>
    public void OnInterrupt() => ticks++;

    /// <summary>
    /// Reads both clocks as close together as possible: of some tries the one with the shortest way round counts,
    /// since an emulator may be put aside by its host between any two instructions.
    /// </summary>
    private (int Count, ulong Cycle) SampleBoth(ICycleCounter counter)
    {
        ulong shortest = ulong.MaxValue;
        (int Count, ulong Cycle) best = default;
        for (int i = 0; i < SamplesPerEnd; i++)
        {
            ulong before = counter.Read();
            int count = timer.ReadMeasurement();
            ulong way = counter.Read() - before;
            if (way < shortest)
            {
                shortest = way;
                best = (count, before + (way / 2));
            }
        }

        return best;
    }

    private long ElapsedByCycles()
    {
        ulong passed = cycles!.Read() - startCycles;
        ulong seconds = passed / hertz;
        ulong rest = passed - (seconds * hertz);

        // rest < 16e9, so the product stays below 2^64.
        return (long)((seconds * (ulong)NanosecondsPerSecond) + (rest * (ulong)NanosecondsPerSecond / hertz));
    }

    private long ElapsedByTicks()
    {
        long seen;
        int countdown;
        bool beatWaits;
        do
        {
            seen = ReadTicks();
            countdown = timer.ReadTickCountdown();
            beatWaits = controller.IsRequested(Pit8254.Line);
        }
        while (seen != ReadTicks());

        // The count has begun anew but the beat's interrupt has not been served yet.
        if (beatWaits && countdown > UnitsPerTick / 2)
        {
            seen++;
        }

        long units = (seen * UnitsPerTick) + Math.Max(0, UnitsPerTick - countdown);
        long thirds = units / Pit8254.TripleFrequency;
        long rest = units - (thirds * Pit8254.TripleFrequency);
        return (thirds * 3 * NanosecondsPerSecond) + (rest * 3 * NanosecondsPerSecond / Pit8254.TripleFrequency);
    }

    /// <summary>Two halves, read by a 32-bit processor between whose reads a beat may fall.</summary>
    private long ReadTicks()
    {
        long first;
        long second;
        do
        {
            first = System.Threading.Volatile.Read(ref ticks);
            second = System.Threading.Volatile.Read(ref ticks);
        }
        while (first != second);
        return first;
    }
}
