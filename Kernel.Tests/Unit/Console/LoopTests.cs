using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

[TestFixture]
public sealed class LoopTests
{
    private sealed class Clock : IClock
    {
        public Instant Now { get; set; }
    }

    private sealed class Source(Action<Instant> act) : ILoopSource
    {
        public void OnPending(Instant now) => act(now);
    }

    [Test]
    public void A_source_is_called_once_for_each_time_its_bit_was_set()
    {
        var loop = new EventLoop(new Clock());
        int calls = 0;
        PendingBit bit = loop.Add(new Source(_ => calls++));
        Assert.That(loop.RunOnce(), Is.True, "a new source is looked at without an interrupt");
        Assert.That(loop.RunOnce(), Is.False);
        bit.Set();
        Assert.That(loop.HasWork, Is.True);
        loop.RunOnce();
        Assert.That(calls, Is.EqualTo(2));
        Assert.That(loop.HasWork, Is.False);
    }

    [Test]
    public void A_bit_set_while_its_source_runs_is_not_lost()
    {
        var loop = new EventLoop(new Clock());
        PendingBit? bit = null;
        int calls = 0;
        bit = loop.Add(new Source(_ =>
        {
            if (calls++ == 0)
            {
                bit!.Set();
            }
        }));
        loop.RunOnce();
        loop.RunOnce();
        Assert.That(calls, Is.EqualTo(2));
    }

    [Test]
    public void Timers_fire_when_due_and_periods_do_not_pile_up()
    {
        var clock = new Clock();
        var loop = new EventLoop(clock);
        var fired = new List<long>();
        LoopTimer once = loop.AddTimer(new Source(now => fired.Add(-now.Nanoseconds)));
        LoopTimer beat = loop.AddTimer(new Source(now => fired.Add(now.Nanoseconds)));
        once.Schedule(new Instant(7_000_000));
        beat.ScheduleEvery(5, new Instant(0));
        loop.RunOnce();
        clock.Now = new Instant(50_000_000);
        Assert.That(loop.TryNextDue(out Instant due), Is.True);
        Assert.That(due, Is.EqualTo(new Instant(5_000_000)));
        loop.RunOnce();
        Assert.That(loop.RunOnce(), Is.False, "missed beats are gone");
        Assert.That(fired, Is.EqualTo(new long[] { 0, -50_000_000, 50_000_000 }));
        beat.Cancel();
        Assert.That(loop.TryNextDue(out _), Is.False);
    }

    [Test]
    public void There_is_a_limit_on_sources_and_on_timers()
    {
        var loop = new EventLoop(new Clock());
        var source = new Source(_ => { });
        for (int i = 0; i < EventLoop.SourceMax; i++)
        {
            loop.Add(source);
        }

        Assert.Throws<InvalidOperationException>(() => loop.Add(source));
        for (int i = 0; i < EventLoop.TimerMax; i++)
        {
            loop.AddTimer(source);
        }

        Assert.Throws<InvalidOperationException>(() => loop.AddTimer(source));
    }

    [Test]
    public void The_log_keeps_the_newest_entries()
    {
        var log = new KernelLog(new Clock());
        for (int i = 0; i < KernelLog.Capacity + 10; i++)
        {
            log.Add($"entry {i}");
        }

        log.Add(new string('x', 1000));
        Assert.That(log.Count, Is.EqualTo(KernelLog.Capacity));
        Assert.That(log.Dropped, Is.EqualTo(11));
        Assert.That(log[0].Text, Is.EqualTo("entry 11"));
        Assert.That(log[KernelLog.Capacity - 1].Text, Has.Length.EqualTo(KernelLog.TextMax));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = log[KernelLog.Capacity]);
    }
}
