using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>A calendar and a clock that are apart all of a sudden, on machines with more or less time for us.</summary>
[TestFixture]
public sealed class StandstillWatchTests
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;

    [Test]
    public void A_steady_machine_is_never_told_that_it_stood_still(
        [Values(0, 40, 2000)] int heldUpMilliseconds, [Values(-5000, 0, 300, 5000)] int driftPerMillion)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            World world = new(seed)
            {
                HeldUp = heldUpMilliseconds * Millisecond,
                Drift = driftPerMillion,
                HasCounter = heldUpMilliseconds < 1000, // it begins anew every 4.7 s
            };
            world.Run(300 * Second);
            Assert.That(world.Jumps, Is.Empty, $"seed {seed}");
            Assert.That(world.Watch.IsGivenUp, Is.False);
        }
    }

    [TestCase(60)]
    [TestCase(300)]
    [TestCase(4_500)]
    [TestCase(60_000)]
    [TestCase(86_400_000)]
    public void A_standstill_is_found_within_three_seconds(int milliseconds)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            World world = new(seed) { HeldUp = 10 * Millisecond };
            world.Run((10 * Second) + world.Random.NextInt64(Second));
            world.StandStill(milliseconds * Millisecond);
            long from = world.Clock.Now.Nanoseconds;
            world.Run(3 * Second);
            Assert.That(world.Jumps, Has.Count.EqualTo(1), $"seed {seed}");
            TimeJump jump = world.Jumps[0];
            Assert.That(jump.MayBeCopied, Is.True);
            Assert.That(jump.Now.Nanoseconds - from, Is.LessThan(3 * Second));
            Assert.That(jump.MissedMilliseconds, Is.EqualTo(milliseconds).Within(600));
        }
    }

    [Test]
    public void A_calendar_that_goes_back_means_a_snapshot_too()
    {
        World world = new(3);
        world.Run(10 * Second);
        world.StandStill(-30 * Second);
        world.Run(2 * Second);
        Assert.That(world.Jumps, Has.Count.EqualTo(1));
        Assert.That(world.Jumps[0].MissedMilliseconds, Is.Zero);
    }

    [Test]
    public void A_snapshot_that_leaves_clock_and_calendar_alone_shows_in_the_counter()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            World world = new(seed) { HeldUp = 10 * Millisecond, HasCounter = true };
            world.Run(30 * Second);
            Assert.That(world.Jumps, Is.Empty, $"seed {seed}");
            world.SetCounterBack((100 * Millisecond) + world.Random.NextInt64(4 * Second));
            world.Run(Second);
            Assert.That(world.Jumps, Has.Count.EqualTo(1), $"seed {seed}");
        }
    }

    [Test]
    public void After_a_landing_the_other_machines_calendar_is_taken_as_it_is()
    {
        World world = new(4);
        world.Run(10 * Second);
        world.StandStill(7000 * Second);
        world.List.Tell(new TimeJump(TimeJumpCause.Landed, world.Clock.Now, 0));
        world.Run(10 * Second);
        Assert.That(world.Jumps, Has.Count.EqualTo(1), "the landing itself alone");
    }

    [Test]
    public void Clocks_that_never_agree_are_given_up()
    {
        World world = new(5) { Drift = 200_000 };
        world.Run(120 * Second);
        Assert.That(world.Watch.IsGivenUp, Is.True);
        Assert.That(world.Jumps, Has.Count.EqualTo(StandstillWatch.JumpsMax));
    }

    [Test]
    public void A_machine_without_a_calendar_is_left_alone()
    {
        World world = new(6) { HasCalendar = false };
        world.Run(60 * Second);
        Assert.That(world.Watch.IsGivenUp, Is.True);
        Assert.That(world.Jumps, Is.Empty);
    }

    private sealed class World : ICalendar, IClock, IFreeCounter, ITimeJumpListener
    {
        private readonly EventLoop loop;
        private long time;
        private long counterShift;
        private long shift = 1_790_000_000 * Second;

        public World(int seed)
        {
            Random = new Random(seed);
            shift += Random.NextInt64(Second);
            loop = new EventLoop(this);
            List = new TimeJumps();
            Watch = new StandstillWatch(this, this, List, new KernelLog(this));
            Watch.Join(loop);
            List.Add(this);
        }

        public Random Random { get; }

        public IClock Clock => this;

        public TimeJumps List { get; }

        public StandstillWatch Watch { get; }

        public List<TimeJump> Jumps { get; } = new();

        public bool HasCalendar { get; init; } = true;

        public bool HasCounter
        {
            get => Watch.Counter is not null;
            init => Watch.Counter = value ? this : null;
        }

        long IFreeCounter.Period => 4_686_918_000;

        long IFreeCounter.Nanoseconds => (Read(1) + counterShift) % ((IFreeCounter)this).Period;

        /// <summary>How long the host may put the machine aside between any two steps.</summary>
        public long HeldUp { get; init; }

        /// <summary>How much faster the calendar is, in millionths.</summary>
        public int Drift { get; init; }

        public Instant Now
        {
            get
            {
                PutAside();
                return new Instant(time += 1000);
            }
        }

        public long UnixSeconds => HasCalendar ? Read(6) / Second : 0;

        int ICalendar.Second
        {
            get
            {
                long now = Read(1);
                bool isUpdating = now % Second > Second - (2 * Millisecond);
                return !HasCalendar || isUpdating ? -1 : (int)(now / Second % 60);
            }
        }

        public void Run(long nanoseconds)
        {
            // The timer beats every 10 ms, and never exactly.
            for (long end = time + nanoseconds; time < end;)
            {
                loop.RunOnce();
                time += (10 * Millisecond) - (time % (10 * Millisecond));
            }
        }

        public void SetCounterBack(long nanoseconds) => counterShift -= nanoseconds;

        public void StandStill(long nanoseconds) => shift += nanoseconds;

        public void OnTimeJump(in TimeJump jump) => Jumps.Add(jump);

        private long Read(int steps)
        {
            for (int i = 0; i < steps; i++)
            {
                PutAside();
                time += 5000;
            }

            return shift + time + (time / 1_000_000 * Drift);
        }

        private void PutAside()
        {
            if (HeldUp > 0 && Random.Next(20) == 0)
            {
                time += Random.NextInt64(HeldUp);
            }
        }
    }
}
