using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>When data is sent, and when it is sent again.</summary>
[TestFixture]
internal sealed class TcpSenderTests
{
    [Test(Description = "RFC 6928, section 2: ten segments")]
    public void The_first_window_is_ten_segments()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 16_000);
        List<Sent> all = script.TakeAll();
        Assert.That(all.Select(sent => sent.Payload.Length), Is.EqualTo(Enumerable.Repeat(1460, 10)));
    }

    [Test(Description = "RFC 5681, section 3.1: slow start, counted in bytes (RFC 3465)")]
    public void In_slow_start_each_acknowledged_byte_allows_another_one()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 16_000);
        script.TakeAll();
        script.Inject("A", 1, 1 + 1460);
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(11 * 1460));
        script.Inject("A", 1, 1 + (5 * 1460));
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(15 * 1460));
    }

    [Test(Description = "RFC 5681, section 3.1: a window that is not used does not grow")]
    public void The_window_does_not_grow_while_it_is_not_used()
    {
        TcpScript script = TcpScript.Accepted();
        for (uint at = 1; at < 5000; at += 100)
        {
            script.Send(at, 100);
            script.TakeAll();
            script.Inject("A", 1, at + 100);
        }

        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(14_600));
    }

    [Test(Description = "RFC 5681, section 4.1: after an idle time no more than the initial window")]
    public void After_a_silence_the_window_is_the_first_one_again()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 16_000);
        script.Inject("A", 1, 1 + (10 * 1460));
        script.TakeAll();
        script.Inject("A", 1, 16_001);
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.GreaterThan(14_600));
        script.Pass(2000);
        script.Send(16_001, 16_000);
        Assert.That(script.TakeAll(), Has.Count.EqualTo(10));
    }

    [Test(Description = "RFC 9293, section 3.7.4: Nagle")]
    public void A_small_segment_waits_while_another_one_is_on_its_way()
    {
        TcpScript script = TcpScript.Accepted(noDelay: false);
        script.Send(1, 10);
        script.Expect("A", 1, 1, 10);
        script.Send(11, 10);
        script.Send(21, 10);
        script.ExpectNothing();
        script.Inject("A", 1, 11);
        script.Expect("A", 11, 1, 20);
        script.Send(31, 1460);
        script.Expect("A", 31, 1, 1460);
        script.Send(1491, 5);
        script.ExpectNothing();
        script.Connection.NoDelay = true;
        script.Send(1496, 5);
        script.Expect("A", 1491, 1, 10);
    }

    [Test(Description = "RFC 9293, section 3.7.4, in Minshall's form: the tail of a long message need not wait")]
    public void The_tail_of_a_long_message_does_not_wait()
    {
        TcpScript script = TcpScript.Accepted(noDelay: false);
        script.Send(1, 2000);
        script.Expect("A", 1, 1, 1460);
        script.Expect("A", 1461, 1, 540);
    }

    [Test(Description = "RFC 9293, section 3.8.6.2.1: silly windows are not used")]
    public void A_small_part_of_a_window_is_not_used_before_the_timer_says_so()
    {
        TcpScript script = TcpScript.Accepted(window: 10_000);
        script.Send(1, 9600);
        Assert.That(script.TakeAll().Sum(sent => sent.Payload.Length), Is.EqualTo(9600));
        script.Inject("A", 1, 9601, window: 400);
        script.Send(9601, 1000);
        script.ExpectNothing();
        script.Pass(1000);
        script.Expect("A", 9601, 1, 400);
    }

    [Test(Description = "RFC 9293, section 3.8.6.1: probes of a closed window; answers keep it alive")]
    public void A_closed_window_is_probed_for_as_long_as_the_peer_answers()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 1000);
        script.TakeAll();
        script.Inject("A", 1, 1001, window: 0);
        script.Send(1001, 1000);
        script.ExpectNothing();
        var gaps = new List<int>();
        int gap = 0;
        for (int i = 0; i < 10_000; i++)
        {
            script.Pass(100);
            gap += 100;
            if (script.TryTake() is { } probe)
            {
                Assert.That((probe.Sequence - script.OurInitial, probe.Payload.Length), Is.EqualTo((1001u, 1)));
                gaps.Add(gap);
                gap = 0;
                script.Inject("A", 1, 1001, window: 0);
            }
        }

        Assert.That(gaps.Take(4), Is.Ordered);
        Assert.That(gaps[1], Is.EqualTo(2 * gaps[0]).Within(100));
        Assert.That(gaps.Max(), Is.LessThanOrEqualTo(60_100));
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established), "a thousand seconds later");
        script.Inject("A", 1, 1001, window: 5000);
        script.Expect("A", 1001, 1, 1000);
    }

    [Test(Description = "RFC 9293, section 3.8.6.1: a probe's byte may be taken")]
    public void A_probe_that_is_taken_counts()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 10);
        script.TakeAll();
        script.Inject("A", 1, 11, window: 0);
        script.Send(11, 10);
        script.ExpectNothing();
        script.Pass(300);
        script.Expect("A", 11, 1, 1);
        script.Inject("A", 1, 12, window: 1000);
        script.Expect("A", 12, 1, 9);
    }

    [Test(Description = "RFC 9293, section 3.8.3: R2")]
    public void A_peer_that_does_not_answer_is_given_up_after_the_user_timeout()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.UserTimeoutMilliseconds = 30_000;
        script.Send(1, 10);
        script.Take();
        script.Pass(29_900);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
        script.TakeAll();
        script.Pass(200);
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.TimedOut));
        Assert.That(script.TakeAll().Last().Flags, Is.EqualTo("RA"));
    }

    [Test(Description = "RFC 9293, section 3.8.4: keep-alives, off by default")]
    public void A_silent_peer_is_asked_and_given_up_if_it_does_not_answer()
    {
        TcpScript script = TcpScript.Accepted();
        script.Pass(3 * 60 * 60 * 1000);
        script.ExpectNothing();
        script.Connection.KeepAliveMilliseconds = 80_000;
        script.Pass(80_000);
        script.Expect("A", 0, 1);
        script.Inject("A", 1, 1);
        script.Pass(79_000);
        script.ExpectNothing();
        script.Pass(1000);
        script.Expect("A", 0, 1);
        for (int i = 0; i < 8; i++)
        {
            script.Pass(10_000);
            script.Expect("A", 0, 1);
        }

        script.Pass(10_000);
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.TimedOut));
    }

    [Test(Description = "RFC 6298, sections 2 and 5: the timeout, doubled; RFC 5681, section 3.1: one segment")]
    public void Without_an_answer_the_first_segment_is_sent_again_ever_later()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 5000);
        Assert.That(script.TakeAll(), Has.Count.EqualTo(4));
        int timeout = script.Connection.Statistics.TimeoutMilliseconds;
        Assert.That(timeout, Is.EqualTo(200));
        for (int i = 0; i < 5; i++)
        {
            script.Pass(timeout - 1);
            script.ExpectNothing();
            script.Pass(1);
            script.Expect("A", 1, 1, 1460);
            script.ExpectNothing();
            Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(1460));
            Assert.That(script.Connection.Statistics.SlowStartThreshold, Is.EqualTo(2 * 1460), "from 5000 in flight");
            timeout *= 2;
        }

        script.Inject("A", 1, 1461);
        script.Expect("A", 1461, 1, 1460);
        script.Expect("A", 2921, 1, 1460);
        script.ExpectNothing();
        script.Inject("A", 1, 5001);
        Assert.That(script.Connection.SendPending, Is.Zero);
        script.Pass(100_000);
        script.ExpectNothing();
    }

    [Test(Description = "RFC 6298, section 2: SRTT, RTTVAR, RTO; section 3: Karn")]
    public void Round_trips_are_measured_but_not_of_what_was_sent_twice()
    {
        TcpScript script = TcpScript.Accepted();
        uint at = 1;
        for (int i = 0; i < 30; i++)
        {
            script.Send(at, 100);
            script.Take();
            script.Pass(80);
            at += 100;
            script.Inject("A", 1, at);
        }

        Assert.That(script.Connection.Statistics.RoundTripMilliseconds, Is.InRange(70, 80));
        Assert.That(script.Connection.Statistics.TimeoutMilliseconds, Is.InRange(270, 400));
        int before = script.Connection.Statistics.RoundTripMilliseconds;
        script.Send(at, 100);
        script.Take();
        script.Pass(500);
        script.Take();
        script.Pass(1);
        script.Inject("A", 1, at + 100);
        Assert.That(script.Connection.Statistics.RoundTripMilliseconds, Is.EqualTo(before));
    }

    [Test(Description = "RFC 7323, section 4: with timestamps what was sent twice is measured as well")]
    public void Timestamps_tell_which_one_was_answered()
    {
        TcpScript script = TcpScript.Accepted(timestamps: true);
        script.Send(1, 100);
        script.Take();
        script.Pass(1000);
        Sent again = script.TakeAll().Last();
        script.Pass(50);
        script.Echo = again.Timestamp!.Value.Value;
        script.Inject("A", 1, 101);
        Assert.That(script.Connection.Statistics.RoundTripMilliseconds, Is.LessThan(500));
    }

    [Test(Description = "RFC 3522 and RFC 4015: a late acknowledgement of the first one takes the loss back")]
    public void A_timeout_that_was_none_costs_nothing()
    {
        TcpScript script = TcpScript.Accepted(timestamps: true);
        script.Send(1, 10_000);
        List<Sent> all = script.TakeAll();
        int window = script.Connection.Statistics.CongestionWindow;
        script.Pass(250);
        script.Take();
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(1448));
        script.Echo = all[0].Timestamp!.Value.Value;
        script.Inject("A", 1, 1449);
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(window));
        script.ExpectNothing();
    }

    [Test(Description = "RFC 3042: limited transmit; RFC 6675, section 5: three reports mean loss")]
    public void Three_reports_of_what_is_ahead_of_a_gap_repair_it()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 16_384);
        Report(script, 1, (1461, 2921));
        Assert.That(Sequences(script), Is.EqualTo(new[] { 14_601 }), "one has arrived, so another one may go");
        Report(script, 1, (1461, 4381));
        Assert.That(Sequences(script), Is.EqualTo(new[] { 16_061 }));
        Report(script, 1, (1461, 5841));
        Assert.That(Sequences(script), Is.EqualTo(new[] { 1 }), "lost");
        Assert.That(script.Connection.Statistics.FastRecoveries, Is.EqualTo(1));
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(16_384 / 2).Within(1));
        script.Inject("A", 1, 16_385);
        Assert.That(script.Connection.SendPending, Is.Zero);
    }

    [Test(Description = "RFC 6675, section 4: only the gaps are sent again, as the pipe allows")]
    public void Only_what_is_missing_is_sent_again()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 14_600);
        Report(script, 1, (1461, 2921), (4381, 5841), (7301, 14_601));
        List<int> again = Sequences(script);
        Report(script, 1461, (4381, 5841), (7301, 14_601));
        again.AddRange(Sequences(script));
        Report(script, 2921, (4381, 5841), (7301, 14_601));
        again.AddRange(Sequences(script));
        Assert.That(again, Is.EqualTo(new[] { 1, 2921, 5841 }));
        script.Inject("A", 1, 14_601);
        Assert.That(script.Connection.SendPending, Is.Zero);
        Assert.That(script.Connection.Statistics.Timeouts, Is.Zero);
    }

    [Test(Description = "RFC 6675, section 5: pipe bounds what is sent in recovery")]
    public void In_recovery_no_more_is_in_flight_than_half_of_before()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 16_384);
        Report(script, 1, (1461, 2921));
        Report(script, 1, (1461, 4381));
        script.TakeAll();
        Report(script, 1, (1461, 5841));
        Assert.That(Sequences(script), Has.Count.EqualTo(1));
        for (uint edge = 7301; edge <= 14_601; edge += 1460)
        {
            Report(script, 1, (1461, edge));
            Assert.That(script.TakeAll(), Has.Count.LessThanOrEqualTo(1));
        }
    }

    [Test(Description = "RFC 5681, section 3.2, and RFC 6582, section 3.2: NewReno repairs a gap per round trip")]
    public void A_peer_without_sack_is_repaired_gap_by_gap()
    {
        TcpScript script = TcpScript.Accepted(sack: false);
        Fill(script, 14_600);
        script.Inject("A", 1, 1);
        script.Inject("A", 1, 1);
        script.ExpectNothing();
        script.Inject("A", 1, 1);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 1 }));
        script.Inject("A", 1, 1);
        script.Inject("A", 1, 1);
        script.TakeAll();
        script.Inject("A", 1, 4381);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 4381 }), "a partial acknowledgement: the next gap");
        script.Inject("A", 1, 8761);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 8761 }));
        script.Inject("A", 1, 14_601);
        Assert.That(script.Connection.Statistics.FastRecoveries, Is.EqualTo(1), "one reduction for all of them");
        Assert.That(script.Connection.SendPending, Is.Zero);
    }

    [Test(Description = "RFC 6582, section 4.1: echoes of what was sent again after a timeout are no new loss")]
    public void After_a_timeout_old_duplicates_start_no_recovery()
    {
        TcpScript script = TcpScript.Accepted(sack: false);
        Fill(script, 14_600);
        script.Pass(200);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 1 }));
        script.Inject("A", 1, 14_601);
        script.Send(14_601, 1000);
        script.TakeAll();
        for (int i = 0; i < 5; i++)
        {
            script.Inject("A", 1, 14_601);
        }

        Assert.That(script.Connection.Statistics.FastRecoveries, Is.Zero);
    }

    [Test(Description = "RFC 2018, section 8: what was reported may have been dropped")]
    public void A_peer_may_drop_what_it_had_reported()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 4380);
        Report(script, 1, (1461, 4381));
        script.TakeAll();
        script.Pass(200);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 1 }));
        script.Inject("A", 1, 1461);
        Assert.That(Sequences(script), Is.EqualTo(new[] { 1461, 2921 }), "all of it again");
        script.Inject("A", 1, 4381);
        Assert.That(script.Connection.SendPending, Is.Zero);
    }

    [Test(Description = "RFC 2018, section 5: nonsense in reports changes nothing")]
    public void Reports_of_what_cannot_be_are_passed_over()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 10_000);
        Report(script, 1, (5000, 4000), (9000, 20_000), (0x8000_0000, 0x8000_0100));
        Report(script, 1, (0, 1), (0xFFFF_FF00, 100), (10_001, 10_002));
        script.ExpectNothing();
        Assert.That(script.Connection.Statistics.FastRecoveries, Is.Zero);
    }

    [Test(Description = "RFC 1191, section 6.5: what is in flight is cut anew, and the window stays")]
    public void A_narrower_path_is_used_at_once()
    {
        TcpScript script = TcpScript.Accepted();
        Fill(script, 5840);
        script.Environment.Mtu = 1040;
        byte[] quoted = new byte[8];
        BinaryPrimitives.WriteUInt16BigEndian(quoted, TcpScript.LocalPort);
        BinaryPrimitives.WriteUInt16BigEndian(quoted.AsSpan(2), TcpScript.PeerPort);
        BinaryPrimitives.WriteUInt32BigEndian(quoted.AsSpan(4), script.OurInitial + 1);
        var header = new Ipv4Packet(TcpScript.LocalAddress, TcpScript.PeerAddress, 6);
        var error = new IcmpError(IcmpErrorKind.FragmentationNeeded, header, quoted, 1040);
        Assert.That(script.Tcp.IsCredible(error));
        script.Tcp.OnIcmpError(error, script.Now);
        List<Sent> again = script.TakeAll();
        Assert.That(again[0].Sequence - script.OurInitial, Is.EqualTo(1u));
        Assert.That(again.Sum(sent => sent.Payload.Length), Is.EqualTo(5840));
        Assert.That(again.Max(sent => sent.Payload.Length), Is.EqualTo(1000));
        Assert.That(script.Connection.Statistics.CongestionWindow, Is.EqualTo(10_000), "ten segments still");
    }

    [Test(Description = "RFC 2923, section 2.1: a path that swallows long segments")]
    public void After_three_timeouts_routers_may_cut()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 1460);
        Assert.That(script.Take().DontFragment);
        bool[] dontFragment = new bool[4];
        for (int i = 0; i < 4; i++)
        {
            script.Pass(200 << i);
            dontFragment[i] = script.Take().DontFragment;
        }

        Assert.That(dontFragment, Is.EqualTo(new[] { true, true, false, false }));
    }

    [TestCase(0, 536)]
    [TestCase(10, 88)]
    [TestCase(536, 536)]
    [TestCase(9000, 1460)]
    [Description("RFC 9293, section 3.7.1; RFC 6691")]
    public void Segments_are_as_long_as_peer_and_path_allow(int offered, int expected)
    {
        TcpScript script = TcpScript.Accepted(segmentSize: offered);
        script.Send(1, 5000);
        Assert.That(script.Take().Payload, Has.Length.EqualTo(expected));
    }

    [Test(Description = "RFC 6691, section 2: options are taken from the segment")]
    public void Timestamps_make_the_payload_shorter()
    {
        TcpScript script = TcpScript.Accepted(timestamps: true);
        script.Send(1, 5000);
        Assert.That(script.Take().Payload, Has.Length.EqualTo(1448));
    }

    [Test(Description = "RFC 5681, section 3.1: after a loss in the handshake one segment")]
    public void A_lost_syn_makes_the_first_window_small()
    {
        var script = new TcpScript();
        script.Connect();
        script.Pass(1000);
        script.Take();
        script.Inject("SA", 0, 1);
        script.Take();
        script.Send(1, 10_000);
        Assert.That(script.TakeAll(), Has.Count.EqualTo(1));
        Assert.That(script.Connection.Statistics.TimeoutMilliseconds, Is.EqualTo(3000), "RFC 6298, section 5.7");
    }

    [Test]
    public void A_card_that_cuts_gets_many_segments_as_one()
    {
        TcpScript script = TcpScript.Accepted();
        script.Tcp.LeavesChecksum = true;
        script.Tcp.LargeSegmentMax = 32 * 1024;
        script.Send(1, 16_000);
        byte[] room = new byte[40_000];
        Assert.That(script.Tcp.TryTakeSegment(room, script.Now, out TcpOutput output));
        Assert.That((output.CutInto, output.IsChecksumLeft, output.Length), Is.EqualTo((1460, true, 20 + 14_600)));
        Assert.That(room[20..14_620], Is.EqualTo(TcpScript.Bytes(1, 14_600)));
        Assert.That(script.Tcp.TryTakeSegment(room, script.Now, out _), Is.False, "the window is used up");
        script.Inject("A", 1, 14_601);
        Assert.That(script.Tcp.TryTakeSegment(room, script.Now, out output));
        Assert.That((output.CutInto, output.Length), Is.EqualTo((0, 20 + 1400)));
    }

    [Test]
    public void The_owner_is_told_when_half_of_the_ring_is_free_not_before()
    {
        TcpScript script = TcpScript.Accepted(limits: new TcpLimits { RingMax = 16_384 });
        script.Send(1, 16_384);
        while (script.Environment.Ready.Take() is not null)
        {
        }

        script.TakeAll();
        Assert.That(script.Connection.SendSpace, Is.Zero);
        script.Inject("A", 1, 1461);
        Assert.That(script.Environment.Ready.IsEmpty);
        script.Inject("A", 1, 14_601);
        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Connection));
    }

    private static void Fill(TcpScript script, int length)
    {
        script.Send(1, length);
        Assert.That(script.TakeAll().Sum(sent => sent.Payload.Length), Is.EqualTo(Math.Min(length, 14_600)));
    }

    private static void Report(TcpScript script, uint acknowledged, params (uint Start, uint End)[] sacks) =>
        script.Inject("A", 1, acknowledged, sacks: sacks);

    private static List<int> Sequences(TcpScript script) =>
        script.TakeAll().Select(sent => (int)(sent.Sequence - script.OurInitial)).ToList();
}
