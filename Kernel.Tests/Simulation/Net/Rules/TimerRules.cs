using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>RFC 6298, 1122, 896, 9293 section 3.8: what is sent when.</summary>
[TestFixture]
public sealed class TimerRules
{
    private const WireFlags Ack = WireFlags.Ack;

    [Test]
    public void The_first_timeout_is_a_second_and_each_next_one_doubles()
    {
        TcpScript script = new();
        script.Call();
        script.Wait(40_000);
        List<SentSegment> syns = script.All();
        long[] gaps = Gaps(syns);
        Assert.That(gaps[0], Is.InRange(1000, 1050));
        Assert.That(gaps[1], Is.InRange(1990, 2100));
        Assert.That(gaps[2], Is.InRange(3980, 4200));
        Assert.That(gaps[3], Is.InRange(7960, 8400));
    }

    [Test]
    public void The_timeout_of_data_doubles_up_to_a_minute_at_least()
    {
        TcpScript script = new();
        script.Open();
        script.Send(100);
        script.Wait(20 * 60 * 1000);
        List<SentSegment> sent = script.All();

        // Patience ends when it says, and not with a timeout: the last word is a reset after five minutes.
        SentSegment last = sent[^1];
        Assert.That(last.Has(WireFlags.Rst));
        Assert.That((last.When - sent[0].When) / 1_000_000, Is.InRange(299_000, 301_000));
        sent.RemoveAt(sent.Count - 1);
        long[] gaps = Gaps(sent);
        for (int i = 1; i < gaps.Length; i++)
        {
            Assert.That(gaps[i], Is.GreaterThanOrEqualTo(Math.Min((gaps[i - 1] * 2) - 50, 59_000)), $"gap {i}");
        }

        Assert.That(gaps.Max(), Is.GreaterThanOrEqualTo(59_000));
    }

    [Test]
    public void The_timeout_follows_the_measured_round_trips()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        for (int i = 0; i < 30; i++)
        {
            script.Send(100);
            script.Wait(400);
            script.In(Ack, 1, 1 + ((i + 1) * 100));
        }

        Assert.That(connection.Statistics.RoundTripMilliseconds, Is.InRange(390, 410));
        Assert.That(connection.Statistics.TimeoutMilliseconds, Is.InRange(580, 1100));
        script.All();
        script.Send(100);
        script.Wait(560);
        Assert.That(script.All(), Has.Count.EqualTo(1), "no retransmission before the timeout");
        script.Wait(600);
        Assert.That(script.All(), Is.Not.Empty);
    }

    [Test]
    public void An_acknowledgment_of_something_sent_twice_measures_nothing()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.Wait(10);
        script.In(Ack, 1, 101);
        int before = connection.Statistics.RoundTripMilliseconds;
        script.Send(100);
        script.Wait(3500);
        Assert.That(script.All().Count, Is.GreaterThan(2), "it was sent again");
        script.In(Ack, 1, 201);
        Assert.That(connection.Statistics.RoundTripMilliseconds, Is.EqualTo(before));
    }

    [Test]
    public void The_timer_starts_anew_with_each_acknowledgment_and_stops_when_all_is_acknowledged()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        connection.NoDelay = true;
        script.Send(100);
        script.Send(100);
        int timeout = connection.Statistics.TimeoutMilliseconds;
        script.Wait(timeout - 50);
        script.In(Ack, 1, 101);
        script.All();
        script.Wait(timeout / 2);
        script.NoMore();
        script.In(Ack, 1, 201);
        script.Wait(60_000);
        script.NoMore();
    }

    [Test]
    public void The_SYN_that_timed_out_makes_the_first_timeout_of_data_three_seconds()
    {
        TcpScript script = new();
        TcpConnection connection = script.Call();
        script.Wait(1500);
        Assert.That(script.All(), Has.Count.EqualTo(2));
        script.In(WireFlags.Syn | Ack, 0, 1, options: FrameForge.Mss(1460));
        script.All();
        script.Send(100);
        script.Wait(2900);
        Assert.That(script.All(), Has.Count.EqualTo(1));
        script.Wait(300);
        Assert.That(script.All(), Has.Count.EqualTo(1));
        Assert.That(connection.Error, Is.EqualTo(SocketError.None));
    }

    [Test]
    public void A_single_segment_is_acknowledged_within_half_a_second_and_two_at_once()
    {
        TcpScript script = new();
        script.Open();
        script.In(Ack, 1, 1, 100);
        script.Wait(500);
        SentSegment answer = script.Next();
        Assert.That(answer.Acknowledgment, Is.EqualTo(101));
        script.All();

        // Of any two full segments one is acknowledged at once; at the beginning perhaps each.
        for (int i = 0; i < 20; i++)
        {
            script.In(Ack, 101 + (i * 2920), 1, 1460);
            script.In(Ack, 101 + (i * 2920) + 1460, 1, 1460);
            int came = 101 + ((i + 1) * 2920);
            Assert.That(script.All()[^1].Acknowledgment, Is.InRange(came - 1460, came), $"pair {i}");
            script.Read(i == 0 ? 3020 : 2920);
            script.All();
        }
    }

    [Test]
    public void An_acknowledgment_rides_on_data()
    {
        TcpScript script = new();
        script.Open();
        script.In(Ack, 1, 1, 100);
        script.All();
        script.Send(10);
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(101));
        script.Wait(450);
        Assert.That(script.All().Where(segment => segment.Length == 0), Is.Empty);
    }

    [Test]
    public void A_segment_ahead_of_a_gap_and_one_that_fills_it_are_acknowledged_at_once()
    {
        TcpScript script = new();
        script.Open();
        script.In(Ack, 1461, 1, 1460);
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(1));
        script.In(Ack, 2921, 1, 1460);
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(1));
        script.In(Ack, 1, 1, 1460);
        Assert.That(script.All()[^1].Acknowledgment, Is.EqualTo(4381));
    }

    [Test]
    public void Small_messages_wait_while_something_is_in_flight_unless_told_not_to()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(10);
        Assert.That(script.Next().Length, Is.EqualTo(10));
        script.Send(10);
        script.Send(10);
        script.NoMore();
        script.In(Ack, 1, 11);
        SentSegment both = script.Next();
        Assert.That(both.Length, Is.EqualTo(20));
        connection.NoDelay = true;
        script.Send(5);
        Assert.That(script.Next().Length, Is.EqualTo(5));
    }

    [Test]
    public void Full_segments_do_not_wait_for_acknowledgments()
    {
        TcpScript script = new();
        script.Open();
        script.Send(10);
        script.All();
        script.Send(1460);
        Assert.That(script.Next().Length, Is.EqualTo(1460));
    }

    [Test]
    public void A_closed_window_is_probed_for_ever_and_ever_more_rarely()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.All();
        script.In(Ack, 1, 101, window: 0);
        script.Send(5000);
        script.NoMore();
        List<SentSegment> probes = [];
        for (int i = 0; i < 3600; i++)
        {
            script.Wait(1000);
            foreach (SentSegment probe in script.All())
            {
                probes.Add(probe);
                script.In(Ack, 1, 101, window: 0);
            }
        }

        Assert.That(connection.Error, Is.EqualTo(SocketError.None), "a peer that answers is not given up");
        long[] gaps = Gaps(probes);
        Assert.That(probes, Has.Count.InRange(20, 200));
        Assert.That(probes.Select(probe => probe.Length), Is.All.LessThanOrEqualTo(1));
        Assert.That(gaps[1], Is.GreaterThan(gaps[0]));
        Assert.That(gaps[3], Is.GreaterThan(gaps[1]));
        script.In(Ack, 1, probes[^1].Length > 0 ? 101 : 101, window: 60_000);
        Assert.That(script.All().Sum(segment => segment.Length), Is.GreaterThanOrEqualTo(1460));
    }

    [Test]
    public void A_lost_opening_of_the_window_is_found_by_a_probe()
    {
        TcpScript script = new();
        script.Open();
        script.Send(100);
        script.In(Ack, 1, 101, window: 0);
        script.All();
        script.Send(10);
        script.Wait(10_000);
        List<SentSegment> probes = script.All();
        Assert.That(probes, Is.Not.Empty);
        int taken = probes[0].Length;
        script.In(Ack, 1, 101 + taken, window: 10_000);
        Assert.That(script.All().Sum(segment => segment.Length), Is.InRange(10 - taken, 10));
    }

    [Test]
    public void The_receiver_does_not_open_its_window_by_silly_amounts()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        int sequence = 1;
        for (int i = 0; i < 2000 && (i == 0 || LastWindow(script) > 0); i++)
        {
            script.In(Ack, sequence, 1, 1460);
            sequence = 1 + connection.ReceiveAvailable;
        }

        script.Wait(1000);
        script.All();
        script.Read(10);
        script.Wait(1000);
        Assert.That(script.All().Select(segment => segment.Window), Is.All.Zero);
        int all = connection.ReceiveAvailable;
        script.Read(all);
        script.Wait(1000);
        Assert.That(script.All()[^1].Window, Is.GreaterThanOrEqualTo(1460), "a reader that has read all is told");
    }

    [Test]
    public void The_sender_does_not_send_silly_segments_into_a_small_window()
    {
        TcpScript script = new();
        script.Open();
        script.Send(60_000);
        List<SentSegment> first = script.All();
        int sent = first.Sum(segment => segment.Length);
        script.In(Ack, 1, 1 + sent, window: 100);
        Assert.That(script.All(), Is.Empty, "100 bytes of a window that was 60,000");
    }

    [Test]
    public void Keepalive_asks_a_silent_peer_and_gives_it_up_when_it_does_not_answer()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        connection.KeepAliveMilliseconds = 10_000;
        script.All();
        script.Wait(10_500);
        List<SentSegment> probes = script.All();
        Assert.That(probes, Has.Count.GreaterThanOrEqualTo(1));
        Assert.That((probes[0].Sequence, probes[0].Length), Is.EqualTo((0, 0)).Or.EqualTo((0, 1)));
        script.In(Ack, 1, 1);
        script.All();
        script.Wait(9000);
        script.NoMore();
        script.Wait(20 * 60 * 1000);
        Assert.That(connection.Error, Is.EqualTo(SocketError.TimedOut));
        Assert.That(script.All().Count, Is.InRange(2, 20));
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Without_keepalive_a_silent_connection_stays()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.All();
        script.Wait(24L * 3600 * 1000);
        script.NoMore();
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void Our_own_probes_of_life_are_answered_when_the_peer_sends_them()
    {
        TcpScript script = new();
        script.Open();
        script.All();
        script.In(Ack, 0, 1);
        SentSegment answer = script.Next();
        Assert.That((answer.Flags, answer.Sequence, answer.Acknowledgment), Is.EqualTo((Ack, 1, 1)));
    }

    private static int LastWindow(TcpScript script)
    {
        List<SentSegment> all = script.All();
        return all.Count == 0 ? 1 : all[^1].Window;
    }

    private static long[] Gaps(List<SentSegment> segments)
    {
        long[] gaps = new long[segments.Count - 1];
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] = (segments[i + 1].When - segments[i].When) / 1_000_000;
        }

        return gaps;
    }
}
