using System;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Drivers.Time;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The monotonic clock over a simulated timer and cycle counter.</summary>
[TestFixture]
public sealed class PitClockTests
{
    private const long Second = 1_000_000_000;
    private const long SecondsPerYear = 31_556_952;

    [Test]
    public void The_cycle_counter_is_measured_to_one_in_a_thousand()
    {
        SimulatedTimer timer = new() { CyclesPerUnit = 1257 };
        PitClock clock = Build(timer, Instant.PowerOn);
        Assert.That(clock.Calibrate(), Is.True);
        double truth = 1257 * (Pit8254.TripleFrequency / 3.0);
        Assert.That(clock.CyclesPerSecond, Is.EqualTo(truth).Within(0.1).Percent);
    }

    [Test]
    public void A_counter_that_stands_still_is_not_used()
    {
        SimulatedTimer timer = new() { CyclesPerUnit = 0 };
        PitClock clock = Build(timer, Instant.PowerOn);
        Assert.That(clock.Calibrate(), Is.False);
        Assert.That(clock.CyclesPerSecond, Is.Zero);
    }

    [Test]
    public void A_timer_that_stands_still_does_not_hang_the_boot()
    {
        SimulatedTimer timer = new() { UnitsPerAccess = 0 };
        Assert.That(Build(timer, Instant.PowerOn).Calibrate(), Is.False);
    }

    [Test]
    public void Ten_years_by_the_cycle_counter_are_ten_years()
    {
        SimulatedTimer timer = new() { CyclesPerUnit = 2000 };
        PitClock clock = Build(timer, Instant.PowerOn);
        Assert.That(clock.Calibrate(), Is.True);
        long last = clock.Now.Nanoseconds;
        long unitsPerStep = Pit8254.TripleFrequency / 3 * 997; // a prime number of seconds, some 300,000 steps
        long steps = 10 * SecondsPerYear / 997;
        for (long i = 0; i < steps; i++)
        {
            timer.Advance(unitsPerStep);
            long now = clock.Now.Nanoseconds;
            Assert.That(now, Is.GreaterThan(last));
            last = now;
        }

        double years = (double)last / Second / SecondsPerYear;
        Assert.That(years, Is.EqualTo(10).Within(0.1).Percent);
    }

    [Test]
    public void Ten_years_by_the_timer_alone_pass_every_32_bit_wrap_without_a_step_back()
    {
        // 2^32 beats, nanoseconds (in 4.3 s), microseconds, milliseconds, timer units: each wrap lies in this list of
        // starting points, from a little before to ten years.
        long[] starts =
        [
            0, (1L << 32) - Second, (1L << 32) * 1000 - Second, (1L << 31) * 1_000_000 - Second,
            (1L << 32) * 1_000_000 - Second, (1L << 32) * 10_000_000 - Second, (1L << 32) * 838 - Second,
            10 * SecondsPerYear * Second,
        ];
        foreach (long start in starts)
        {
            SimulatedTimer timer = new() { UnitsPerAccess = 3 };
            PitClock clock = Build(timer, new Instant(start));
            clock.Start();
            long began = timer.Units;
            long last = start;
            Random random = new((int)(start & 0xFFFF));
            for (int i = 0; i < 20_000; i++)
            {
                timer.Advance(random.Next(2000));

                // The interrupt comes at once or a little later, never more than half a beat.
                if (random.Next(3) > 0)
                {
                    timer.Serve(clock);
                }

                long now = clock.Now.Nanoseconds;
                Assert.That(now, Is.GreaterThanOrEqualTo(last), $"start {start}, step {i}");
                last = now;
                timer.Serve(clock);
            }

            double truth = (timer.Units - began) * 3.0 * Second / Pit8254.TripleFrequency;
            Assert.That(last - start, Is.EqualTo(truth).Within(0.01).Percent);
        }
    }

    [Test]
    public void A_clock_can_go_on_from_where_another_stopped()
    {
        PitClock clock = Build(new SimulatedTimer(), new Instant(5 * Second));
        clock.Calibrate();
        Assert.That(clock.Now.Nanoseconds, Is.InRange(5 * Second, 6 * Second));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_clock_goes_on_over_another_machines_timer_and_counter(bool hasCounter)
    {
        SimulatedTimer timer = new() { CyclesPerUnit = 2000 };
        PitClock clock = Build(timer, Instant.PowerOn);
        clock.Calibrate();
        clock.Start();
        ulong slower = clock.CyclesPerSecond / 4;
        timer.CyclesPerUnit = 500;
        clock.Resume(new Instant(77 * Second), hasCounter ? slower : 0);
        Assert.That(clock.CyclesPerSecond, Is.EqualTo(hasCounter ? slower : 0));
        Assert.That(clock.Now.Nanoseconds - (77 * Second), Is.InRange(0, Second / 1000));
        for (int i = 0; i < 3000; i++)
        {
            timer.Advance(Pit8254.TripleFrequency / 3000);
            timer.Serve(clock);
        }

        Assert.That(clock.Now.Nanoseconds, Is.EqualTo(80 * Second).Within(Second / 50));
    }

    private static PitClock Build(SimulatedTimer timer, Instant start)
    {
        SimulatedPorts ports = timer.Ports();
        return new PitClock(new Pit8254(ports), new Pic8259(ports), timer, start);
    }
}
