using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Net.NetLab;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Stacks that talk over wires of every kind: every byte once and in order, and nothing left.</summary>
[TestFixture]
public sealed class TransferTests
{
    private const ushort Port = 5000;

    [OneTimeTearDown]
    public void PrintFigures() => Figures.Print();

    [TestCase(0)]
    [TestCase(20_000_000)]
    public void A_perfect_wire_needs_no_retransmission(long bitsPerSecond)
    {
        NetLab lab = new(1, script: new LinkScript { BitsPerSecond = bitsPerSecond, QueueBytes = 4 << 20 });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 8 << 20 }, new TalkPlan());
        talk.RunToEnd();
        talk.Check();
        Assert.That(lab.Checker.Retransmissions, Is.Zero);
        lab.RequireClean();
    }

    [Test]
    public void Bytes_arrive_once_and_in_order_whatever_the_wire_does() => ForSeeds(1000, 60, seed =>
    {
        NetLab lab = new(seed, script: RandomLink(new Random(seed)));
        lab.Wire.Set(lab.B, lab.A, RandomLink(lab.Random));
        SetRandomHosts(lab);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        TalkPlan there = RandomPlan(lab.Random, 600_000);
        talk.Call(lab.A, lab.B, Port, there, RandomPlan(lab.Random, 600_000) with { ShutsDownLast = seed % 3 == 0 });
        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void Requests_are_answered_over_any_wire() => ForSeeds(2000, 30, seed =>
    {
        NetLab lab = new(seed, 3, RandomLink(new Random(seed)));
        SetRandomHosts(lab);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        foreach (SimulatedHost caller in new[] { lab.A, lab.Hosts[2] })
        {
            int rounds = lab.Random.Next(1, 40);
            int ask = lab.Random.Next(1, 3000);
            int answer = lab.Random.Next(1, 20_000);
            TalkPlan first = new() { Rounds = rounds, Bytes = ask, PeerBytes = answer };
            TalkPlan second = new()
            {
                Rounds = rounds, Bytes = answer, PeerBytes = ask, IsFirst = false, NoDelay = seed % 2 == 0,
            };
            talk.Call(caller, lab.B, Port, first, second);
        }

        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void A_thousand_short_connections_come_and_go() => ForSeeds(3000, 3, seed =>
    {
        NetLab lab = new(seed, script: new LinkScript { Loss = seed % 2 * 0.02, Jitter = 200_000 });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        for (int i = 0; i < 1000; i += 8)
        {
            for (int j = 0; j < 8; j++)
            {
                TalkPlan plan = new() { Bytes = lab.Random.Next(3000) };
                talk.Call(lab.A, lab.B, Port, plan, plan with { ShutsDownLast = (i & 8) == 0 });
            }

            talk.RunToEnd();
            talk.Check();
        }

        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void Two_hundred_conversations_at_once() => ForSeeds(4000, 2, seed =>
    {
        NetLab lab = new(seed, script: new LinkScript
        {
            Loss = 0.01, Delay = 2 * Millisecond, BitsPerSecond = 100_000_000, QueueBytes = 128 * 1024,
        });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port, 256);
        for (int i = 0; i < 200; i++)
        {
            TalkPlan plan = new() { Bytes = 20_000 + lab.Random.Next(40_000) };
            talk.Call(lab.A, lab.B, Port, plan, plan);
            lab.Run(lab.Random.NextInt64(Millisecond));
        }

        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void Slow_readers_stop_the_sender_and_start_it_again() => ForSeeds(5000, 12, seed =>
    {
        NetLab lab = new(seed, script: new LinkScript { Loss = seed % 4 * 0.03, Delay = Millisecond });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        TalkPlan slow = new()
        {
            ReadAfter = lab.Random.NextInt64(90 * Second),
            ReadPause = lab.Random.NextInt64(400 * Millisecond),
            ReadChunk = lab.Random.Next(1, 20_000),
        };
        long bytes = Math.Min(1_000_000, (slow.ReadChunk * 400L) + 70_000);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = bytes }, slow);
        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void Whoever_breaks_off_the_other_end_knows_and_nothing_is_left() => ForSeeds(6000, 60, seed =>
    {
        NetLab lab = new(seed, script: RandomLink(new Random(seed)));
        SetRandomHosts(lab);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        for (int i = 0; i < 6; i++)
        {
            TalkPlan there = RandomEnd(lab.Random, RandomPlan(lab.Random, 100_000));
            talk.Call(lab.A, lab.B, Port, there, RandomEnd(lab.Random, RandomPlan(lab.Random, 100_000)));
        }

        // A peer that was told nothing, because its end was lost with all its resets, asks by keepalive.
        talk.RunToEnd(20 * 60 * Second);
        talk.Check(mayFail: true);
        lab.Wire.SetAll(new LinkScript());
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void A_wire_that_was_cut_and_heals_goes_on() => ForSeeds(7000, 12, seed =>
    {
        LinkScript whole = RandomLink(new Random(seed));
        NetLab lab = new(seed, script: whole);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        Conversation one =
            talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 2_000_000 }, new TalkPlan { Bytes = 2_000_000 });
        lab.RunUntil(() => one.Callee is not null, 60 * Second);
        for (int i = 0; i < 4; i++)
        {
            lab.Run(lab.Random.NextInt64(200 * Millisecond));
            lab.Wire.Set(lab.A, lab.B, whole with { IsDown = true });
            lab.Wire.Set(lab.B, lab.A, whole with { IsDown = i % 2 == 0 });
            lab.Run(lab.Random.NextInt64(20 * Second));
            lab.Wire.SetAll(whole);
        }

        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
        Count(lab);
    });

    [Test]
    public void A_wire_that_stays_cut_is_reported_by_both_ends() => ForSeeds(8000, 6, seed =>
    {
        NetLab lab = new(seed);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        Conversation one = talk.Call(
            lab.A, lab.B, Port, new TalkPlan { Bytes = 50_000_000 }, new TalkPlan { Bytes = 50_000_000 });
        lab.Run(lab.Random.NextInt64(50 * Millisecond) + (5 * Millisecond));
        lab.Wire.SetAll(new LinkScript { IsDown = true });
        talk.RunToEnd(20 * 60 * Second);
        SocketError[] gone = [SocketError.TimedOut, SocketError.HostUnreachable];
        Assert.That(gone, Does.Contain(one.Caller.Error).And.Contain(one.Callee!.Error));
        talk.Check(mayFail: true);
        lab.RequireClean();
    });

    [Test]
    public void A_narrow_path_is_found_by_what_routers_say() => ForSeeds(9000, 8, seed =>
    {
        Random random = new(seed);
        NetLab lab = new(seed, script: new LinkScript { Mtu = random.Next(576, 1500), Loss = seed % 2 * 0.02 });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 500_000 }, new TalkPlan { Bytes = 500_000 });
        talk.RunToEnd();
        talk.Check();
        Assert.That(lab.Wire.Counters.TooLong, Is.GreaterThan(0));
        lab.RequireClean();
    });

    [TestCase(700)]
    [TestCase(1280)]
    public void A_wire_with_a_smaller_mtu_carries_smaller_segments(int mtu)
    {
        NetLab lab = new(mtu, mtu: mtu);
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 500_000 }, new TalkPlan { Bytes = 500_000 });
        talk.RunToEnd();
        talk.Check();
        lab.RequireClean();
    }

    [Test]
    public void More_callers_than_the_backlog_holds_are_served_in_the_end() => ForSeeds(10_000, 4, seed =>
    {
        NetLab lab = new(seed, 4, new LinkScript { Loss = seed % 2 * 0.05 });
        Conversations talk = new(lab);
        TcpListener listener = talk.Listen(lab.B, Port, 4);
        ISocketOwner door = listener.Owner!;
        listener.Owner = null;
        for (int i = 0; i < 40; i++)
        {
            SimulatedHost from = lab.Hosts[i % 2 == 0 ? 0 : 2 + (i % 4 / 2)];
            talk.Call(from, lab.B, Port, new TalkPlan { Bytes = 2000 }, new TalkPlan { Bytes = 2000 });
        }

        lab.Run(2 * Second);
        Assert.That(listener.Waiting, Is.LessThanOrEqualTo(4));
        listener.Owner = door;
        door.OnSocketReady(listener, lab.Time.Now);
        lab.B.Pump();
        talk.RunToEnd(20 * 60 * Second);

        // Who was not let in knows it; who was is served whole.
        talk.Check(mayFail: true);
        listener.Close(lab.Time.Now);
        lab.RequireClean();
    });

    [Test]
    public void The_same_seed_gives_the_same_run()
    {
        string first = Fingerprint(77);
        Assert.That(Fingerprint(77), Is.EqualTo(first));
        Assert.That(Fingerprint(78), Is.Not.EqualTo(first));
    }

    internal static LinkScript RandomLink(Random random) => new()
    {
        Delay = random.Next(4) == 0 ? random.NextInt64(200 * Millisecond) : random.NextInt64(3 * Millisecond),
        Jitter = random.Next(3) == 0 ? random.NextInt64(2 * Millisecond) : 0,
        BitsPerSecond = random.Next(3) == 0 ? 0 : 1_000_000L << random.Next(8),
        QueueBytes = 3000 << random.Next(7),
        Loss = random.Next(2) == 0 ? random.NextDouble() * 0.08 : 0,
        BurstLoss = random.Next(4) == 0 ? random.NextDouble() * 0.01 : 0,
        Duplicate = random.Next(3) == 0 ? random.NextDouble() * 0.1 : 0,
        Reorder = random.Next(3) == 0 ? random.NextDouble() * 0.2 : 0,
        ReorderDelay = 1 + random.NextInt64(20 * Millisecond),
        Corrupt = random.Next(3) == 0 ? random.NextDouble() * 0.05 : 0,
    };

    internal static TalkPlan RandomPlan(Random random, int most) => new()
    {
        Bytes = random.Next(8) == 0 ? random.Next(3) : random.Next(most),
        Chunk = 1 << random.Next(4, 17),
        NoDelay = random.Next(2) == 0,
        ReadChunk = 1 << random.Next(9, 17),
        ReadPause = random.Next(4) == 0 ? 1 + random.NextInt64(10 * Millisecond) : 0,
        SendPause = random.Next(8) == 0 ? 1 + random.NextInt64(2 * Millisecond) : 0,
    };

    internal static void SetRandomHosts(NetLab lab)
    {
        foreach (SimulatedHost host in lab.Hosts)
        {
            host.TimerLateness = lab.Random.Next(2) * lab.Random.NextInt64(10 * Millisecond);
            host.CardBitsPerSecond = lab.Random.Next(2) == 0 ? 10_000_000 : 1_000_000_000;
        }
    }

    private static TalkPlan RandomEnd(Random random, TalkPlan plan) => random.Next(4) switch
    {
        0 => plan with { AbortAfter = 1 + random.NextInt64(2 * Second), KeepAlive = 30_000 },
        1 => plan with { CloseAfter = 1 + random.NextInt64(2 * Second), KeepAlive = 30_000 },
        _ => plan with { KeepAlive = 30_000 },
    };

    private static void Count(NetLab lab) => Figures.Add(lab.Checker);

    private static string Fingerprint(int seed)
    {
        NetLab lab = new(seed, script: RandomLink(new Random(seed)) with { Loss = 0.02 });
        Conversations talk = new(lab);
        talk.Listen(lab.B, Port);
        talk.Call(lab.A, lab.B, Port, new TalkPlan { Bytes = 200_000 }, new TalkPlan { Bytes = 100_000 });
        talk.RunToEnd();
        return $"{lab.Time.Now.Nanoseconds} {lab.Checker.Frames} {lab.Checker.Retransmissions}";
    }
}
