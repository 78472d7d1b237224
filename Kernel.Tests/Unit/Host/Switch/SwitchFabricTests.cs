using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host.Switch;

/// <summary>The switch without sockets, in a time of its own: who gets which frame, when, and in what state.</summary>
public sealed class SwitchFabricTests
{
    private const int A = 1;
    private const int B = 2;
    private const int C = 3;

    private readonly byte[] buffer = new byte[SwitchFabric.FrameMax];
    private SwitchFabric fabric = null!;
    private MemoryPort a = null!;
    private MemoryPort b = null!;
    private MemoryPort c = null!;

    /// <summary>Three ports.</summary>
    [SetUp]
    public void Connect() => Connect(seed: 7);

    /// <summary>A station that was heard gets its frames alone; one that was not gets them with everybody.</summary>
    [Test]
    public void Learns_who_is_where()
    {
        fabric.Receive(a, Frames.Of(B, A, 1), TimeSpan.Zero);
        Assert.That((Numbers(b), Numbers(c)), Is.EqualTo((Of(1), Of(1))), "nobody knows where B is");
        fabric.Receive(b, Frames.Of(A, B, 2), TimeSpan.Zero);
        Assert.That((Numbers(a), Numbers(c)), Is.EqualTo((Of(2), Of())), "A was heard");
        fabric.Receive(a, Frames.Of(Frames.Everybody, A, 3), TimeSpan.Zero);
        Assert.That((Numbers(a), Numbers(b), Numbers(c)), Is.EqualTo((Of(), Of(3), Of(3))));
        fabric.Receive(c, Frames.Of(Frames.Everybody, B, 4), TimeSpan.Zero);
        Numbers(a);
        Numbers(b);
        fabric.Receive(a, Frames.Of(B, A, 5), TimeSpan.Zero);
        Assert.That((Numbers(b), Numbers(c)), Is.EqualTo((Of(), Of(5))), "B has moved to the port of C");
        fabric.Receive(a, Frames.Of(B, A, 6), AddressTable.Age);
        Assert.That((Numbers(b), Numbers(c)), Is.EqualTo((Of(6), Of(6))), "B was silent too long");
    }

    /// <summary>A million invented stations neither grow the table nor stop anything.</summary>
    [Test]
    public void A_flood_of_addresses_pushes_out_the_oldest_only()
    {
        for (var station = 100; station < 1_000_100; station++)
        {
            fabric.Receive(c, Frames.Of(C, station, 0, 20), TimeSpan.FromTicks(station));
        }

        Numbers(a);
        Numbers(b);
        fabric.Receive(a, Frames.Of(1_000_099, A, 1), TimeSpan.FromSeconds(1));
        Assert.That((Numbers(b), Numbers(c)), Is.EqualTo((Of(), Of(1))), "the latest is known");
        fabric.Receive(a, Frames.Of(100, A, 2), TimeSpan.FromSeconds(1));
        Assert.That((Numbers(b), Numbers(c)), Is.EqualTo((Of(2), Of(2))), "the oldest is not");
    }

    /// <summary>Frames that are none do not pass.</summary>
    [Test]
    public void Frames_of_impossible_length_are_counted_and_lost()
    {
        fabric.Receive(a, new byte[SwitchFabric.FrameMin - 1], TimeSpan.Zero);
        fabric.Receive(a, new byte[SwitchFabric.FrameMax + 1], TimeSpan.Zero);
        fabric.Receive(a, [], TimeSpan.Zero);
        Assert.That((a.Counters.Malformed, Numbers(b)), Is.EqualTo((3, Of())));
    }

    /// <summary>Frames can be lost by what they are, too.</summary>
    [Test]
    public void A_filter_sees_every_frame_before_anybody_else_and_may_lose_it()
    {
        var dropped = Frames.Of(Frames.Everybody, B, 2);
        var seen = new List<string>();
        fabric.Filter = (from, frame) =>
        {
            seen.Add(from.Name);
            return !frame.SequenceEqual(dropped);
        };
        fabric.Receive(a, Frames.Of(B, A, 1), TimeSpan.Zero);
        fabric.Receive(b, dropped, TimeSpan.Zero);
        fabric.Receive(c, Frames.Of(A, C, 3), TimeSpan.Zero);
        Assert.That((Numbers(a), Numbers(b), Numbers(c)), Is.EqualTo((Of(3), Of(1), Of(1))));
        Assert.That(seen, Is.EqualTo(new[] { a.Name, b.Name, c.Name }));
    }

    /// <summary>The same frames under the same seed meet the same fate; another seed, another.</summary>
    [Test]
    public void The_same_seed_gives_the_same_fates()
    {
        var first = Fates(seed: 1, pace: TimeSpan.FromMilliseconds(1));
        Assert.That(Fates(seed: 1, pace: TimeSpan.FromMilliseconds(7)), Is.EqualTo(first));
        Assert.That(Fates(seed: 2, pace: TimeSpan.FromMilliseconds(1)), Is.Not.EqualTo(first));
        Assert.That(first, Has.Count.InRange(600, 900), "10 % lost and 10 % of the rest twice, twice over");
    }

    /// <summary>What happens on one wire does not change the fates on another.</summary>
    [Test]
    public void Wires_do_not_disturb_each_other()
    {
        var alone = Fates(seed: 5, TimeSpan.FromMilliseconds(1), isBusy: false);
        Assert.That(Fates(seed: 5, TimeSpan.FromMilliseconds(1), isBusy: true), Is.EqualTo(alone));
    }

    /// <summary>As many frames are lost as was said, within what chance allows.</summary>
    [TestCase(0.05)]
    [TestCase(0.5)]
    [TestCase(1.0)]
    public void Loses_as_much_as_was_said(double loss)
    {
        const int count = 20_000;
        Everywhere(LinkFaults.None with { Loss = loss });
        for (var i = 0; i < count; i++)
        {
            fabric.Receive(a, Frames.Of(B, A, i), TimeSpan.Zero);
            Numbers(b);
        }

        var deviation = Math.Sqrt(count * loss * (1 - loss));
        var wire = fabric.WireBetween("a", "b");
        Assert.That(wire.Counters.Lost, Is.EqualTo(count * loss).Within((5 * deviation) + 0.5));
        Assert.That(wire.Counters.Delivered, Is.EqualTo(count - wire.Counters.Lost));
    }

    /// <summary>A spoilt frame differs in exactly one bit, and the sender's buffer is left alone.</summary>
    [TestCase(0)]
    [TestCase(5)]
    public void Corruption_turns_one_bit(int delayMilliseconds)
    {
        Everywhere(LinkFaults.None with { Corruption = 1, Delay = TimeSpan.FromMilliseconds(delayMilliseconds) });
        var places = new HashSet<int>();
        for (var i = 0; i < 200; i++)
        {
            var sent = Frames.Of(B, A, i, 100);
            var before = sent.ToArray();
            fabric.Receive(a, sent, TimeSpan.FromSeconds(i));
            fabric.Advance(TimeSpan.FromSeconds(i + 0.5));
            Assert.That(b.TryReceive(buffer, out var length), Is.True);
            var turned = Enumerable.Range(0, length).Sum(at => BitOperations.PopCount((uint)(buffer[at] ^ sent[at])));
            Assert.That((length, turned, sent.SequenceEqual(before)), Is.EqualTo((100, 1, true)));
            places.Add(Enumerable.Range(0, length).First(at => buffer[at] != sent[at]));
        }

        Assert.That(places, Has.Count.GreaterThan(50), "all over the frame");
    }

    /// <summary>Delay with jitter: each frame in its span of time, and none overtakes another.</summary>
    [Test]
    public void Jitter_keeps_the_order()
    {
        var (delay, jitter) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(8));
        Everywhere(LinkFaults.None with { Delay = delay, Jitter = jitter });
        var waits = Pass(500, TimeSpan.FromMilliseconds(1));
        Assert.That(waits.Select(static wait => wait.Number), Is.Ordered.And.Exactly(500).Items);
        Assert.That(waits.Select(static wait => wait.Took), Is.All.InRange(delay - jitter, delay + jitter));
        Assert.That(waits.Max(static wait => wait.Took) - waits.Min(static wait => wait.Took),
            Is.GreaterThan(jitter * 1.5));
    }

    /// <summary>Frames that are held back are overtaken by those that came within that time, and arrive.</summary>
    [Test]
    public void Reordering_holds_frames_back()
    {
        var by = TimeSpan.FromMilliseconds(4);
        Everywhere(LinkFaults.None with { Reordering = 0.1, ReorderBy = by });
        var waits = Pass(1000, TimeSpan.FromMilliseconds(1));
        var late = waits.Where(static wait => wait.Took > TimeSpan.Zero).ToList();
        Assert.That(waits.Select(static wait => wait.Number).Order(), Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(late, Has.Count.InRange(60, 150));
        Assert.That(late.Select(static wait => wait.Took), Is.All.EqualTo(by));
        Assert.That(waits.Select(static wait => wait.Number), Is.Not.Ordered);
    }

    /// <summary>A rate spreads frames out in time; a short queue loses the rest of a burst.</summary>
    [Test]
    public void A_rate_and_its_queue_shape_a_burst()
    {
        // 1000 bytes at 8 Mbit/s take a millisecond.
        Everywhere(LinkFaults.None with { BitsPerSecond = 8_000_000, Queue = 10 });
        for (var i = 0; i < 25; i++)
        {
            fabric.Receive(a, Frames.Of(B, A, i, 1000), TimeSpan.Zero);
        }

        var arrivals = new List<(int, double)>();
        for (var at = TimeSpan.Zero; at < TimeSpan.FromMilliseconds(40); at += TimeSpan.FromMilliseconds(0.5))
        {
            fabric.Advance(at);
            arrivals.AddRange(Numbers(b).Select(number => (number, at.TotalMilliseconds)));
        }

        Assert.That(arrivals, Is.EqualTo(Enumerable.Range(0, 10).Select(static i => (i, i + 1.0))));
        Assert.That(fabric.WireBetween("a", "b").Counters.QueueFull, Is.EqualTo(15));
        Assert.That(fabric.Underway, Is.Zero);
    }

    /// <summary>However long delays are, no more frames wait than the queue holds.</summary>
    [Test]
    public void Frames_on_their_way_are_bounded()
    {
        Everywhere(LinkFaults.None with { Delay = TimeSpan.FromSeconds(1) });
        for (var i = 0; i < 10_000; i++)
        {
            fabric.Receive(a, Frames.Of(B, A, i), TimeSpan.Zero);
        }

        Assert.That(fabric.WireBetween("a", "b").Counters.QueueFull, Is.EqualTo(10_000 - LinkFaults.QueueMax));
        Assert.That(fabric.Underway, Is.EqualTo(2 * LinkFaults.QueueMax), "to b and, for want of knowledge, to c");
        fabric.Advance(TimeSpan.FromSeconds(1));
        Assert.That(fabric.Underway, Is.Zero);
    }

    /// <summary>A frame costs no memory, whichever way it takes.</summary>
    [Test]
    public void Passing_frames_allocates_nothing()
    {
        Everywhere(LinkFaults.None with { Loss = 0.1, Corruption = 0.1, Reordering = 0.1, Duplication = 0.1 });
        var frame = Frames.Of(B, A, 0, 1000);
        PassMany(frame, TimeSpan.Zero);
        var before = GC.GetAllocatedBytesForCurrentThread();
        PassMany(frame, TimeSpan.FromSeconds(1));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static int[] Of(params int[] numbers) => numbers;

    private void PassMany(byte[] frame, TimeSpan from)
    {
        for (var i = 0; i < 500; i++)
        {
            fabric.Receive(a, frame, from + TimeSpan.FromMilliseconds(i));
            fabric.Advance(from + TimeSpan.FromMilliseconds(i));
            while (b.TryReceive(buffer, out _) || c.TryReceive(buffer, out _))
            {
            }
        }
    }

    private void Connect(ulong seed)
    {
        fabric = new SwitchFabric(seed);
        (a, b, c) = (new MemoryPort("a"), new MemoryPort("b"), new MemoryPort("c"));
        fabric.Add(a);
        fabric.Add(b);
        fabric.Add(c);
    }

    private void Everywhere(LinkFaults faults)
    {
        foreach (var wire in fabric.Wires)
        {
            wire.Faults = faults;
        }
    }

    private int[] Numbers(MemoryPort port)
    {
        var numbers = new List<int>();
        while (port.TryReceive(buffer, out _))
        {
            numbers.Add(Frames.NumberOf(buffer));
        }

        return [.. numbers];
    }

    // What came out at b and c, and what was spoilt, for 400 frames from a.
    private List<(string Port, int Number, int Sum)> Fates(ulong seed, TimeSpan pace, bool isBusy = false)
    {
        Connect(seed);
        Everywhere(LinkFaults.None with { Loss = 0.1, Duplication = 0.1, Corruption = 0.1 });
        var fates = new List<(string, int, int)>();
        for (var i = 0; i < 400; i++)
        {
            if (isBusy)
            {
                fabric.Receive(c, Frames.Of(Frames.Everybody, C, i), pace * i);
                Numbers(a);
                Numbers(b);
            }

            fabric.Receive(a, Frames.Of(Frames.Everybody, A, i), pace * i);
            foreach (var port in (MemoryPort[])[b, c])
            {
                while (port.TryReceive(buffer, out var length))
                {
                    fates.Add((port.Name, i, buffer.Take(length).Sum(static one => one)));
                }
            }
        }

        return fates;
    }

    private List<(int Number, TimeSpan Took)> Pass(int count, TimeSpan pace)
    {
        var step = TimeSpan.FromMicroseconds(100);
        var waits = new List<(int, TimeSpan)>();
        var sent = 0;
        for (var now = TimeSpan.Zero; sent < count || fabric.Underway > 0; now += step)
        {
            if (sent < count && now >= pace * sent)
            {
                fabric.Receive(a, Frames.Of(B, A, sent++), now);
            }

            // Exactly when it is due, not at the next step.
            while (true)
            {
                var due = fabric.NextDue;
                waits.AddRange(Numbers(b).Select(number => (number, now - (pace * number))));
                if (due >= now + step)
                {
                    break;
                }

                fabric.Advance(due);
                waits.AddRange(Numbers(b).Select(number => (number, due - (pace * number))));
            }
        }

        return waits;
    }
}
