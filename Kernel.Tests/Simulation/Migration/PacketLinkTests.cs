using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>The link of a move over wires of every kind: every record once and in order, or a dead link.</summary>
[TestFixture]
public sealed class PacketLinkTests
{
    private const int Page = 4096 + 16;

    [Test]
    public void Records_of_every_length_arrive_over_a_perfect_wire_and_nothing_is_sent_twice()
    {
        using LinkLab lab = new(1);
        for (int length = 0; length <= PacketLink.RecordMax; length += 7)
        {
            lab.A.ToSend.Enqueue(length);
            lab.B.ToSend.Enqueue(PacketLink.RecordMax - length);
        }

        lab.RunUntil(lab.IsAllThere, 10_000);
        Assert.Multiple(() =>
        {
            Assert.That(lab.A.Link.Figures.Retransmissions, Is.Zero, lab.Describe());
            Assert.That(lab.B.Link.Figures.Retransmissions, Is.Zero, lab.Describe());
            Assert.That(lab.A.Link.TrySend(new byte[PacketLink.RecordMax + 1]), Is.False);
        });
    }

    [Test]
    public void Records_arrive_once_and_in_order_whatever_the_wire_does()
    {
        for (int seed = 100; seed < 160; seed++)
        {
            Random random = new(seed);
            using LinkLab lab = new(seed, random.Next(3, 100) * 1514, random.Next(3, 100) * 1514);
            lab.A.Wire = RandomWire(random);
            lab.B.Wire = RandomWire(random);
            Fill(lab.A, random, random.Next(400));
            Fill(lab.B, random, random.Next(400));
            Run(lab, seed);
        }
    }

    [Test]
    public void Short_records_arrive_without_a_flush_and_the_link_rests_afterwards()
    {
        using LinkLab lab = new(2, keepAlive: 0);
        lab.Run(10);
        Assert.That(lab.A.Link.TrySend([]), Is.True);
        lab.Run(20);
        Assert.That(lab.A.Link.IsDrained, Is.True);
        long sent = lab.A.Link.Figures.PacketsSent + lab.B.Link.Figures.PacketsSent;
        lab.Run(5000);
        Assert.Multiple(() =>
        {
            Assert.That(sent, Is.EqualTo(2));
            Assert.That(lab.A.Link.Figures.PacketsSent + lab.B.Link.Figures.PacketsSent, Is.EqualTo(sent));
            Assert.That(lab.A.Link.TryGetNextDue(out _), Is.False);
            Assert.That(lab.A.Link.State, Is.EqualTo(PacketLinkState.Open));
        });
    }

    // Megabytes per second over 100 Mbit/s, which carries 12.1 of them at most.
    [TestCase(0.0, 64, 11.5)]
    [TestCase(0.01, 64, 10.5)]
    [TestCase(0.1, 64, 8.5)]
    [TestCase(0.1, 8, 4.0)]
    [TestCase(0.3, 64, 3.0)]
    public void A_lossy_wire_is_used_for_what_it_is_worth(double loss, int ring, double least)
    {
        using LinkLab lab = new(3, ring * 1514, ring * 1514);
        lab.Wire = new WireScript { Loss = loss, Ring = ring };
        const int pages = 4000;
        for (int i = 0; i < pages; i++)
        {
            lab.A.ToSend.Enqueue(Page);
        }

        long start = lab.Now.Nanoseconds;
        lab.RunUntil(lab.IsAllThere);
        double rate = pages * (double)Page / ((lab.Now.Nanoseconds - start) / 1e3);
        TestContext.Out.WriteLine($"{rate:F2} MB/s; {lab.Describe()}");
        Assert.Multiple(() =>
        {
            Assert.That(rate, Is.GreaterThan(least), lab.Describe());
            Assert.That(lab.A.Link.Figures.BytesPerSecond / 1e6, Is.EqualTo(rate).Within(rate / 2), lab.Describe());
            Assert.That(lab.B.Overflowed, Is.Zero);
        });
    }

    [Test]
    public void A_ring_smaller_than_was_said_slows_the_link_and_does_not_stop_it()
    {
        using LinkLab lab = new(4, 64 * 1514, 64 * 1514);
        lab.Wire = new WireScript { Ring = 12, Turn = 2000 };
        for (int i = 0; i < 1000; i++)
        {
            lab.A.ToSend.Enqueue(Page);
        }

        lab.RunUntil(lab.IsAllThere);
        TestContext.Out.WriteLine($"{lab.Now.Nanoseconds / 1e6 - 1000:F0} ms; {lab.Describe()}");
        LinkFigures figures = lab.A.Link.Figures;
        Assert.That(figures.Retransmissions, Is.LessThan(figures.PacketsSent / 3), lab.Describe());
    }

    [Test]
    public void A_receiver_that_takes_nothing_makes_the_sender_wait_and_not_die()
    {
        using LinkLab lab = new(5);
        lab.Wire = new WireScript { Loss = 0.2 };
        lab.B.IsFull = true;
        for (int i = 0; i < 400; i++)
        {
            lab.A.ToSend.Enqueue(Page);
        }

        lab.Run(20_000);
        Assert.Multiple(() =>
        {
            Assert.That(lab.A.Link.State, Is.EqualTo(PacketLinkState.Open), lab.Describe());
            Assert.That(lab.A.ToSend, Is.Not.Empty);
        });
        lab.B.IsFull = false;
        lab.RunUntil(lab.IsAllThere, 5000);
    }

    [Test]
    public void A_silent_peer_is_dead_after_six_seconds_and_a_pause_is_not_death()
    {
        using LinkLab lab = new(6);
        lab.A.ToSend.Enqueue(100);
        lab.RunUntil(lab.IsAllThere, 100);
        lab.B.IsOff = true;
        lab.A.ToSend.Enqueue(100);
        lab.Run(5500);
        Assert.That(lab.A.Link.State, Is.EqualTo(PacketLinkState.Open), lab.Describe());
        lab.B.IsOff = false;
        lab.RunUntil(lab.IsAllThere, 300);
        lab.A.IsOff = true; // this machine stands still, with an answer in its card's ring
        lab.B.ToSend.Enqueue(100);
        lab.Run(5900);
        lab.A.IsOff = false;
        lab.RunUntil(lab.IsAllThere, 400);
        lab.B.IsOff = true;
        long start = lab.Now.Nanoseconds;
        lab.RunUntil(() => lab.A.Link.State == PacketLinkState.Dead, 8000);
        Assert.Multiple(() =>
        {
            Assert.That((lab.Now.Nanoseconds - start) / 1e6, Is.InRange(5900, 7000), "nothing was on the way");
            Assert.That(lab.A.Link.Problem, Is.Not.Null);
            Assert.That(lab.A.Link.Transmit(new byte[INetworkDevice.FrameMax], lab.Now), Is.Zero);
            Assert.That(lab.A.Link.TrySend([1]), Is.False);
        });
    }

    [Test]
    public void Every_repeated_or_changed_frame_is_dropped_and_counted()
    {
        using LinkLab lab = new(7);
        lab.A.Log = [];
        lab.A.ToSend.Enqueue(Page);
        lab.A.ToSend.Enqueue(1);
        lab.RunUntil(lab.IsAllThere, 100);
        List<byte[]> frames = lab.A.Log;
        uint received = lab.B.ReceivedRecords;
        int changed = 0, cut = 0;
        foreach (byte[] frame in frames.Where(frame => frame[LinkFrames.KindAt] == (byte)LinkFrameKind.Data))
        {
            Assert.That(lab.B.Link.TryTake(frame, lab.Now), Is.True);
            byte[] fresh = (byte[])frame.Clone();
            fresh[LinkFrames.NumberAt + 1] ^= 0x40;
            for (int bit = 0; bit < 8 * frame.Length; bit += lab.Random.Next(1, 40))
            {
                byte[] other = (byte[])fresh.Clone();
                other[bit / 8] ^= (byte)(1 << (bit % 8));
                changed += lab.B.Link.TryTake(other, lab.Now) ? 1 : 0;
            }

            for (int length = 0; length < frame.Length; length++)
            {
                cut += lab.B.Link.TryTake(fresh.AsSpan(0, length), lab.Now) ? 1 : 0;
            }
        }

        LinkFigures figures = lab.B.Link.Figures;
        lab.Run(5);
        Assert.Multiple(() =>
        {
            Assert.That(figures.Replayed, Is.GreaterThan(2));
            Assert.That(figures.Forged + figures.Malformed + figures.Replayed, Is.GreaterThanOrEqualTo(changed));
            Assert.That(cut, Is.Positive);
            Assert.That(lab.B.ReceivedRecords, Is.EqualTo(received));
            Assert.That(lab.B.Link.State, Is.EqualTo(PacketLinkState.Open));
        });
    }

    [Test]
    public void Frames_of_others_are_not_taken()
    {
        using LinkLab lab = new(8), other = new(9);
        other.A.Log = [];
        other.A.ToSend.Enqueue(10);
        other.RunUntil(other.IsAllThere, 100);
        byte[] token = new byte[INetworkDevice.FrameMax];
        int length = LinkFrames.WriteToken(
            token, MacAddress.Broadcast, lab.B.Settings.Self, lab.A.Settings.Session, new byte[32]);
        byte[] ip = new byte[100];
        ip[12] = 8;
        Assert.Multiple(() =>
        {
            Assert.That(lab.B.Link.TryTake(other.A.Log[0], lab.Now), Is.False);
            Assert.That(lab.B.Link.TryTake(token.AsSpan(0, length), lab.Now), Is.False);
            Assert.That(lab.B.Link.TryTake(ip, lab.Now), Is.False);
            Assert.That(lab.B.Link.TryTake([], lab.Now), Is.False);
        });
    }

    [Test]
    public void No_number_is_used_twice_in_one_direction()
    {
        using LinkLab lab = new(10);
        lab.A.Log = [];
        lab.B.Log = [];
        lab.Wire = new WireScript { Loss = 0.2, Reorder = 0.2, Duplicate = 0.1 };
        Fill(lab.A, lab.Random, 300);
        Fill(lab.B, lab.Random, 300);
        lab.RunUntil(lab.IsAllThere);
        foreach (List<byte[]> log in new[] { lab.A.Log, lab.B.Log })
        {
            Assert.That(log.Select(frame => BitConverter.ToUInt32(frame, LinkFrames.NumberAt)), Is.Unique);
        }
    }

    [Test]
    public void Keys_and_records_are_wiped_in_the_end_and_the_memory_serves_the_next_link()
    {
        using LinkLab lab = new(11);
        Fill(lab.A, lab.Random, 100);
        lab.Run(3);
        Assert.Throws<InvalidOperationException>(() => _ = new PacketLink(lab.A.Memory, lab.A.Settings, lab.Now));
        Assert.That(lab.A.Dma.IsWiped(), Is.False);
        lab.A.Link.Dispose();
        Assert.That(lab.A.Dma.IsWiped(), Is.True);
        PacketLink next = new(lab.A.Memory, lab.A.Settings, lab.Now);
        lab.A.Link.Dispose();
        next.Abandon();
        next.Dispose();
        Assert.That(lab.A.Dma.IsWiped(), Is.False, "an abandoned link touches nothing");
    }

    [Test]
    public void Nothing_is_allocated_on_the_way()
    {
        using LinkLab lab = new(12);
        byte[] room = new byte[INetworkDevice.FrameMax], record = new byte[Page];
        int received = 0;
        Exchange(lab, room, record, 50, ref received);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Exchange(lab, room, record, 500, ref received);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That((allocated, received), Is.EqualTo((0L, 550)));
    }

    [Test]
    public void A_token_and_a_question_can_be_read_without_a_link()
    {
        byte[] frame = new byte[INetworkDevice.FrameMax], token = new byte[LinkFrames.TokenLength];
        new Random(1).NextBytes(token);
        var from = new MacAddress(0x02_00_00_00_00_01);
        int length = LinkFrames.WriteToken(frame, MacAddress.Broadcast, from, 0x1122334455667788, token);
        bool read = LinkFrames.TryReadToken(frame.AsSpan(0, length), out ulong session, out ReadOnlySpan<byte> got);
        Assert.That(read && got.SequenceEqual(token) && session == 0x1122334455667788, Is.True);
        Assert.That(LinkFrames.SenderOf(frame), Is.EqualTo(from));
        for (int i = 0; i < length; i++)
        {
            Assert.That(LinkFrames.TryReadToken(frame.AsSpan(0, i), out _, out _), Is.False);
        }

        length = LinkFrames.WriteQuestion(frame, MacAddress.Broadcast, from, 77);
        Assert.That(LinkFrames.TryReadToken(frame.AsSpan(0, 60), out _, out _), Is.False);
        Assert.That(LinkFrames.TryRead(frame.AsSpan(0, length), out LinkFrameKind kind, out session), Is.True);
        Assert.That((kind, session), Is.EqualTo((LinkFrameKind.Question, 77ul)));
    }

    private static void Exchange(LinkLab lab, byte[] room, byte[] record, int count, ref int received)
    {
        Instant now = lab.Now;
        for (int i = 0, sent = 0; sent < count || !lab.A.Link.IsDrained; i++)
        {
            now = new Instant(now.Nanoseconds + 100_000);
            lab.A.Link.Advance(now);
            lab.B.Link.Advance(now);
            sent += sent < count && lab.A.Link.TrySend(record) ? 1 : 0;
            for (int length; (length = lab.A.Link.Transmit(room, now)) > 0;)
            {
                _ = i % 7 == 0 || lab.B.Link.TryTake(room.AsSpan(0, length), now);
            }

            while (lab.B.Link.TryReceive(out _))
            {
                received++;
            }

            for (int length; (length = lab.B.Link.Transmit(room, now)) > 0;)
            {
                lab.A.Link.TryTake(room.AsSpan(0, length), now);
            }
        }
    }

    private static void Run(LinkLab lab, int seed)
    {
        string? problem = null;
        try
        {
            lab.RunUntil(lab.IsAllThere);
            long malformed = lab.A.Link.Figures.Malformed + lab.B.Link.Figures.Malformed;
            problem = malformed > lab.Harmed ? "too many malformed frames" : null;
        }
        catch (Exception thrown)
        {
            problem = thrown.Message;
        }

        Assert.That(problem, Is.Null, $"seed {seed}: {lab.Describe()}");
    }

    private static void Fill(LinkEnd end, Random random, int records)
    {
        for (int i = 0; i < records; i++)
        {
            end.ToSend.Enqueue(random.Next(3) == 0 ? Page : random.Next(PacketLink.RecordMax + 1));
        }
    }

    private static WireScript RandomWire(Random random) => new()
    {
        Loss = random.Next(2) * random.NextDouble() * 0.3,
        Duplicate = random.Next(2) * random.NextDouble() * 0.2,
        Corrupt = random.Next(2) * random.NextDouble() * 0.1,
        Truncate = random.Next(2) * random.NextDouble() * 0.05,
        Reorder = random.Next(2) * random.NextDouble() * 0.5,
        HoldUp = random.Next(50, 10_000),
        Delay = random.Next(1, 5000),
        ByteTime = random.Next(3) * 80,
        Ring = random.Next(4, 128),
        Turn = random.Next(20, 3000),
    };
}
