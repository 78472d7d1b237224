using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>RFC 5681, 6582, 2018, 6675: how much is sent, and what is sent again.</summary>
[TestFixture]
public sealed class CongestionRules
{
    private const WireFlags Ack = WireFlags.Ack;
    private const int Mss = 1460;

    [Test]
    public void The_first_flight_is_at_most_ten_segments_and_slow_start_doubles_it()
    {
        TcpScript script = new();
        script.Open();
        script.Send(60_000);
        int first = Bytes(script.All());
        Assert.That(first, Is.InRange(2 * Mss, 10 * Mss));
        script.In(Ack, 1, 1 + first);
        int second = Bytes(script.All());
        Assert.That(second, Is.InRange(first + Mss, 2 * first));
    }

    [Test]
    public void Each_acknowledgment_in_slow_start_gives_at_most_what_it_acknowledges()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(60_000);
        script.All();
        int before = connection.Statistics.CongestionWindow;
        script.In(Ack, 1, 101);
        Assert.That(connection.Statistics.CongestionWindow - before, Is.InRange(0, 100));
        before = connection.Statistics.CongestionWindow;
        script.In(Ack, 1, 101 + Mss);
        Assert.That(connection.Statistics.CongestionWindow - before, Is.InRange(1, Mss));
    }

    [Test]
    public void Three_duplicates_send_the_lost_segment_again_and_halve_the_window()
    {
        TcpScript script = Loaded(out List<SentSegment> flight);
        int window = script.Connection.Statistics.CongestionWindow;
        Duplicate(script, 1, 2);
        Assert.That(script.All().Where(segment => segment.Sequence == 1), Is.Empty, "two are not enough");
        Duplicate(script, 1, 1);
        Assert.That(script.All()[0].Sequence, Is.EqualTo(1));
        int threshold = script.Connection.Statistics.SlowStartThreshold;
        Assert.That(threshold, Is.InRange(2 * Mss, Math.Max(window * 3 / 4, 2 * Mss)));
        Assert.That(Bytes(flight), Is.GreaterThanOrEqualTo(4 * Mss));
    }

    [Test]
    public void An_acknowledgment_that_carries_data_or_a_new_window_is_no_duplicate()
    {
        TcpScript script = Loaded(out _);
        for (int i = 0; i < 5; i++)
        {
            script.In(Ack, 1 + (i * 10), 1, 10);
        }

        for (int i = 0; i < 5; i++)
        {
            script.In(Ack, 51, 1, window: 60_000 - 1 - i);
        }

        Assert.That(script.All().Where(segment => segment.Sequence == 1), Is.Empty);
    }

    [Test]
    public void A_partial_acknowledgment_sends_the_next_hole_again_without_new_duplicates()
    {
        TcpScript script = Loaded(out List<SentSegment> flight);
        int end = 1 + Bytes(flight);
        Duplicate(script, 1, 6);
        Assert.That(script.All().Count(segment => segment.Sequence == 1), Is.EqualTo(1));
        script.In(Ack, 1, 1 + (2 * Mss));
        Assert.That(script.All()[0].Sequence, Is.EqualTo(1 + (2 * Mss)));
        script.In(Ack, 1, 1 + (4 * Mss));
        Assert.That(script.All()[0].Sequence, Is.EqualTo(1 + (4 * Mss)));
        Assert.That(script.Connection.Statistics.FastRecoveries, Is.EqualTo(1), "all of it is one loss event");
        script.In(Ack, 1, end + Bytes(script.All()));
        script.Wait(10);
        Assert.That(
            script.Connection.Statistics.CongestionWindow,
            Is.LessThanOrEqualTo(Math.Max(script.Connection.Statistics.SlowStartThreshold, 2 * Mss) + Mss));
    }

    [Test]
    public void A_timeout_starts_again_with_one_segment()
    {
        TcpScript script = Loaded(out List<SentSegment> flight);
        script.Wait(1500);
        List<SentSegment> again = script.All();
        Assert.That(again, Is.Not.Empty);
        Assert.That(again[0].Sequence, Is.EqualTo(1));
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(Mss));
        Assert.That(
            script.Connection.Statistics.SlowStartThreshold,
            Is.InRange(2 * Mss, Math.Max(2 * Mss, Bytes(flight) * 3 / 4)));
        Assert.That(again.TrueForAll(segment => segment.Sequence == 1), Is.True, "one segment, however often");
        script.In(Ack, 1, 1 + Mss);
        Assert.That(script.All().Count, Is.InRange(1, 2));
    }

    [Test]
    public void After_an_idle_time_the_window_starts_small_again()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        int acknowledged = 1;
        for (int i = 0; i < 12; i++)
        {
            script.Send(30_000);
            for (int n = Bytes(script.All()); n > 0; n = Bytes(script.All()))
            {
                acknowledged += n;
                script.In(Ack, 1, acknowledged);
            }
        }

        Assert.That(connection.SendPending, Is.Zero);
        Assert.That(connection.Statistics.CongestionWindow, Is.GreaterThan(10 * Mss));
        script.Wait(60_000);
        script.Send(60_000);
        Assert.That(Bytes(script.All()), Is.InRange(Mss, 10 * Mss));
    }

    [Test]
    public void Congestion_avoidance_grows_by_about_a_segment_for_each_round_trip()
    {
        TcpScript script = Loaded(out List<SentSegment> flight);
        int acknowledged = 1 + Bytes(flight);
        script.Wait(1500);
        script.All();
        script.In(Ack, 1, acknowledged);
        TcpStatistics statistics = script.Connection.Statistics;
        for (int i = 0; i < 60 && statistics.CongestionWindow < statistics.SlowStartThreshold; i++)
        {
            acknowledged = Round(script, acknowledged);
            statistics = script.Connection.Statistics;
        }

        int before = script.Connection.Statistics.CongestionWindow;
        for (int i = 0; i < 4; i++)
        {
            acknowledged = Round(script, acknowledged);
        }

        int growth = script.Connection.Statistics.CongestionWindow - before;
        Assert.That(growth, Is.InRange(1, 6 * Mss), "four round trips, one segment each, and one for the rounding");
    }

    [Test]
    public void The_newest_block_comes_first_and_no_more_than_fit()
    {
        TcpScript script = new();
        script.Open(FrameForge.Join(FrameForge.Mss(Mss), FrameForge.SackPermitted));
        script.In(Ack, 2001, 1, 1000);
        Assert.That(script.Next().Sacks, Is.EqualTo(new[] { (2001, 3001) }));
        script.In(Ack, 4001, 1, 1000);
        Assert.That(script.Next().Sacks, Is.EqualTo(new[] { (4001, 5001), (2001, 3001) }));
        script.In(Ack, 3001, 1, 500);
        Assert.That(script.Next().Sacks[0], Is.EqualTo((2001, 3501)));
        for (int i = 0; i < 6; i++)
        {
            script.In(Ack, 7001 + (i * 1500), 1, 100);
            SentSegment answer = script.Next();
            Assert.That(answer.Sacks[0], Is.EqualTo((7001 + (i * 1500), 7101 + (i * 1500))));
            Assert.That(answer.Sacks.Length, Is.LessThanOrEqualTo(4));
        }
    }

    [Test]
    public void No_blocks_are_sent_to_a_peer_that_did_not_ask_for_them()
    {
        TcpScript script = new();
        script.Open(FrameForge.Mss(Mss));
        script.In(Ack, 2001, 1, 1000);
        Assert.That(script.Next().Sacks, Is.Empty);
    }

    [Test]
    public void Only_the_holes_are_sent_again()
    {
        TcpScript script = Loaded(out List<SentSegment> flight, sack: true);
        int count = flight.Count(segment => segment.Length == Mss);
        Assert.That(count, Is.GreaterThanOrEqualTo(10));
        int end = 1 + Bytes(flight);

        // The second and the fifth segment are lost.
        script.In(Ack, 1, 1 + Mss);
        int[] arrived = [2, 3, 5, 6, 7, 8, 9];
        for (int i = 1; i <= arrived.Length; i++)
        {
            script.In(Ack, 1, 1 + Mss, options: FrameForge.Join([1, 1], FrameForge.Sack(Blocks(script, arrived[..i]))));
        }

        List<SentSegment> again = script.All().Where(segment => segment.Sequence < end).ToList();
        Assert.That(again.Select(segment => segment.Sequence).Distinct(), Is.EquivalentTo(new[]
        {
            1 + Mss, 1 + (4 * Mss),
        }));
        Assert.That(again, Has.Count.EqualTo(2));
    }

    [Test]
    public void Blocks_that_cannot_be_are_passed_over()
    {
        TcpScript script = Loaded(out List<SentSegment> flight, sack: true);
        uint start = script.OurInitial + 1;
        uint end = start + (uint)Bytes(flight);
        (uint, uint)[] wrong =
        [
            (end + 1000, end + 2000), (start - 5000, start - 4000), (end - 100, end + 100), (start + 50, start + 40),
        ];
        foreach ((uint, uint) block in wrong)
        {
            for (int i = 0; i < 3; i++)
            {
                script.In(Ack, 1, 1, options: FrameForge.Join([1, 1], FrameForge.Sack(block)));
            }
        }

        script.In(Ack, 1, 1 + Bytes(flight));
        script.All();
        script.Send(1000);
        script.Wait(5000);
        Assert.That(script.All(), Is.Not.Empty);
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.None));
    }

    [Test]
    public void After_a_timeout_what_was_reported_is_not_relied_upon()
    {
        TcpScript script = Loaded(out List<SentSegment> flight, sack: true);
        int last = flight.Count(segment => segment.Length == Mss) - 1;
        (uint, uint)[] all = Blocks(script, [.. Enumerable.Range(1, last)]);
        script.In(Ack, 1, 1, options: FrameForge.Join([1, 1], FrameForge.Sack(all)));
        script.All();

        // The peer has thrown all of it away: it acknowledges only what is sent again.
        int acknowledged = 1;
        for (int i = 0; i < 200 && acknowledged < 1 + ((last + 1) * Mss); i++)
        {
            script.Wait(3000);
            foreach (SentSegment segment in script.All().Where(segment => segment.Sequence == acknowledged))
            {
                acknowledged += segment.Length;
                script.In(Ack, 1, acknowledged);
            }
        }

        Assert.That(acknowledged, Is.GreaterThanOrEqualTo(1 + ((last + 1) * Mss)));
    }

    private static int Round(TcpScript script, int acknowledged)
    {
        if (script.Connection.SendSpace > 20_000)
        {
            script.Send(script.Connection.SendSpace / 2);
        }

        script.Wait(20);
        foreach (SentSegment segment in script.All().OrderBy(segment => segment.Sequence))
        {
            acknowledged = Math.Max(acknowledged, segment.Sequence + segment.Length);
            script.In(Ack, 1, acknowledged);
        }

        return acknowledged;
    }

    // A connection that has sent its first flight, of ten segments or so.
    private static TcpScript Loaded(out List<SentSegment> flight, bool sack = false)
    {
        TcpScript script = new();
        byte[] options = FrameForge.Mss(Mss);
        script.Open(sack ? FrameForge.Join(options, FrameForge.SackPermitted) : options);
        int acknowledged = 1;
        for (int i = 0; i < 4; i++)
        {
            script.Wait(20);
            script.Send(2 * Mss);
            acknowledged += 2 * Mss;
            script.All();
            script.Wait(20);
            script.In(Ack, 1, acknowledged);
        }

        Rebase(script, acknowledged - 1);
        script.Send(60_000);
        flight = script.All();
        return script;
    }

    // Numbers count from the present place on, so that scripts are easy to read.
    private static void Rebase(TcpScript script, int by) => script.OurInitial += (uint)by;

    private static void Duplicate(TcpScript script, int number, int times)
    {
        for (int i = 0; i < times; i++)
        {
            script.In(Ack, 1, number);
        }
    }

    private static (uint, uint)[] Blocks(TcpScript script, int[] segments)
    {
        List<(uint Left, uint Right)> blocks = [];
        foreach (int number in segments)
        {
            uint left = script.OurInitial + 1 + (uint)(number * Mss);
            if (blocks.Count > 0 && blocks[^1].Right == left)
            {
                blocks[^1] = (blocks[^1].Left, left + Mss);
            }
            else
            {
                blocks.Add((left, left + Mss));
            }
        }

        blocks.Reverse();
        return [.. blocks];
    }

    private static int Bytes(List<SentSegment> segments) => segments.Sum(segment => segment.Length);
}
