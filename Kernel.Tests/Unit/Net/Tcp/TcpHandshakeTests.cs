using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>How connections begin and end, by scripts of segments.</summary>
[TestFixture]
internal sealed class TcpHandshakeTests
{
    [Test(Description = "RFC 9293, section 3.5, figure 6")]
    public void A_peer_that_connects_is_answered_and_accepted()
    {
        var script = new TcpScript();
        script.Listen();
        script.Handshake();

        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Listener));
        TcpConnection? accepted = script.Listener.Accept();
        Assert.That(accepted?.State, Is.EqualTo(TcpState.Established));
        Assert.That(accepted!.Remote, Is.EqualTo(new Endpoint(TcpScript.PeerAddress, TcpScript.PeerPort)));
        script.ExpectNothing();
    }

    [Test(Description = "RFC 9293, section 3.5, figure 6")]
    public void A_connection_of_ours_stands_when_the_peer_has_answered()
    {
        var script = new TcpScript();
        Sent syn = script.Connect();
        Assert.That((syn.SegmentSize, syn.SackPermitted, syn.WindowScale), Is.EqualTo((1460, true, 3)));
        Assert.That(syn.Timestamp, Is.Not.Null);
        script.Inject("SA", 0, 1);

        script.Expect("A", 1, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Connection));
    }

    [Test(Description = "RFC 9293, section 3.5, figure 8: simultaneous open")]
    public void Two_that_open_at_the_same_time_get_one_connection()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("S", 0, 0);
        script.Expect("SA", 0, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.SynReceived));
        script.Inject("SA", 0, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
        script.Send(1, 10);
        script.Expect("A", 1, 1, 10);
    }

    [Test(Description = "RFC 9293, section 3.5, figure 8: the peer's half is a bare acknowledgement")]
    public void Opening_at_the_same_time_also_ends_with_a_bare_acknowledgement()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("S", 0, 0);
        script.Expect("SA", 0, 1);
        script.Inject("A", 1, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
    }

    [Test(Description = "RFC 9293, section 3.10.7.3: data and FIN may come with the SYN")]
    public void What_comes_with_the_answer_to_our_syn_is_taken()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("SAF", 0, 1, payload: TcpScript.Bytes(1, 5));
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.CloseWait));
        script.Expect("A", 1, 7);
        script.ExpectReceived(1, 5);
        Assert.That(script.Connection.IsReceiveClosed);
    }

    [Test(Description = "RFC 9293, section 3.10.7.3: unacceptable acknowledgement in SYN-SENT")]
    public void An_answer_to_another_syn_is_refused_and_ours_goes_on()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("SA", 0, 900);
        Sent reset = script.Take();
        Assert.That((reset.Flags, reset.Sequence - script.OurInitial), Is.EqualTo(("R", 900u)));
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.SynSent));
        script.Inject("R", 0, 0);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.SynSent), "a bare reset is no answer");
        script.Inject("SA", 0, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
    }

    [Test(Description = "RFC 9293, section 3.10.7.3: RST in SYN-SENT")]
    public void A_refused_connection_says_so()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("RA", 0, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Closed));
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Connection));
        script.Connection.Close(script.Now);
        Assert.That(script.Tcp.BufferBytes, Is.Zero);
        script.ExpectNothing();
    }

    [Test(Description = "RFC 6298, sections 2.1 and 5.5; RFC 9293, section 3.8.3: three minutes for a SYN")]
    public void A_syn_is_sent_again_ever_later_and_given_up_after_three_minutes()
    {
        var script = new TcpScript();
        script.Connect();
        var gaps = new List<long>();
        Instant last = script.Now;
        while (script.Connection.State == TcpState.SynSent)
        {
            script.Pass(100);
            foreach (Sent syn in script.TakeAll())
            {
                Assert.That(syn.Flags, Is.EqualTo("S"));
                gaps.Add((script.Now - last) / 1_000_000_000);
                last = script.Now;
            }
        }

        Assert.That(gaps, Is.EqualTo(new long[] { 1, 2, 4, 8, 16, 32, 60 }));
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.TimedOut));
        Assert.That((script.Now - new Instant(1_000_000_000)) / 1_000_000_000, Is.EqualTo(180));
    }

    [Test(Description = "RFC 9293, section 3.8.3, bounded for half-open connections: 1 + 2 + 4 + 8 + 16 + 32 s")]
    public void An_answer_to_a_syn_is_sent_five_times_more_and_forgotten()
    {
        var script = new TcpScript();
        script.Listen();
        script.Syn();
        int answers = 0;
        for (int i = 0; i < 640; i++)
        {
            answers += script.TakeAll().Count(sent => sent.Flags == "SA");
            script.Pass(100);
        }

        Assert.That(answers, Is.EqualTo(6));
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Environment.Ready.IsEmpty);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: the same SYN again in SYN-RECEIVED")]
    public void The_same_syn_again_gets_the_same_answer()
    {
        var script = new TcpScript();
        script.Listen();
        script.Syn();
        Sent first = script.Take();
        script.Syn();
        Sent second = script.Take();
        Assert.That((second.Flags, second.Sequence), Is.EqualTo(("SA", first.Sequence)));
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: RST in SYN-RECEIVED after a passive open")]
    public void A_reset_of_a_half_open_connection_leaves_nothing()
    {
        var script = new TcpScript();
        script.Listen();
        script.Syn();
        script.Take();
        script.Inject("R", 1, 0);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Environment.Ready.IsEmpty);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: unacceptable acknowledgement in SYN-RECEIVED")]
    public void The_third_step_must_acknowledge_our_syn()
    {
        var script = new TcpScript();
        script.Listen();
        script.Syn();
        script.OurInitial = script.Take().Sequence;
        script.Inject("A", 1, 2);
        Sent reset = script.Take();
        Assert.That((reset.Flags, reset.Sequence - script.OurInitial), Is.EqualTo(("R", 2u)));
        Assert.That(script.Listener.Accept(), Is.Null);
    }

    [TestCase("A", "R", 77u, 0u)]
    [TestCase("S", "RA", 0u, 1u)]
    [TestCase("SF", "RA", 0u, 2u)]
    [TestCase("", "RA", 0u, 0u)]
    [TestCase("R", null, 0u, 0u)]
    [TestCase("RA", null, 0u, 0u)]
    [Description("RFC 9293, section 3.10.7.1")]
    public void Where_nobody_listens_a_reset_answers_that_the_sender_will_believe(
        string flags, string? answer, uint sequence, uint acknowledged)
    {
        var script = new TcpScript { OurInitial = 0 };
        script.Inject(flags, 0, 77);
        Sent? reset = script.TryTake();
        Assert.That(reset?.Flags, Is.EqualTo(answer));
        if (reset is not null)
        {
            Assert.That(reset.Sequence, Is.EqualTo(sequence));
            Assert.That(reset.Acknowledgement, Is.EqualTo(answer == "R" ? 0 : TcpScript.PeerInitial + acknowledged));
        }

        script.ExpectNothing();
    }

    [Test(Description = "RFC 9293, section 3.10.7.2; a SYN with FIN is nobody's beginning")]
    public void A_listener_passes_over_what_cannot_begin_a_connection()
    {
        var script = new TcpScript();
        script.Listen();
        script.Syn(flags: "SF");
        script.Inject("F", 0, 0);
        script.Inject("", 0, 0, 10);
        script.Inject("R", 0, 0);
        script.ExpectNothing();
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.6, figure 12; both directions carry data first")]
    public void Data_flows_both_ways_and_both_close()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("PA", 1, 1, 100);
        script.ExpectReceived(1, 100);
        script.Send(1, 50);
        script.Expect("A", 1, 101, 50);
        script.Inject("A", 101, 51);
        script.Connection.Close(script.Now);
        script.Expect("FA", 51, 101);
        script.Inject("A", 101, 52);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.FinWait2));
        script.Inject("FA", 101, 52);
        script.Expect("A", 52, 102);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.TimeWait));
        script.Pass(59_000);
        Assert.That(script.Tcp.ConnectionCount, Is.EqualTo(1));
        script.Pass(1_000);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Tcp.BufferBytes, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.6, case 2: the peer closes first")]
    public void A_peer_that_closes_first_is_seen_and_followed()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("FA", 1, 1, 10);
        script.Expect("A", 1, 12);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.CloseWait));
        Assert.That(script.Connection.IsReceiveClosed, Is.False, "there is something to read still");
        script.ExpectReceived(1, 10);
        Assert.That(script.Connection.IsReceiveClosed);
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 12);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.LastAck));
        script.Inject("A", 12, 2);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Tcp.BufferBytes, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.6, figure 13: simultaneous close")]
    public void Two_that_close_at_the_same_time_both_wait()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("FA", 1, 1);
        script.Expect("A", 2, 2);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Closing));
        script.Inject("A", 2, 2);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.TimeWait));
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: FIN and the acknowledgement of ours in one segment")]
    public void A_fin_that_acknowledges_ours_leads_straight_to_time_wait()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("FA", 1, 2);
        script.Expect("A", 2, 2);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.TimeWait));
    }

    [Test(Description = "RFC 9293, section 3.6: half-close")]
    public void After_our_fin_the_peer_may_still_send_as_much_as_it_likes()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Shutdown(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("A", 1, 2);
        for (uint at = 1; at < 50_000; at += 1000)
        {
            script.Inject("A", at, 2, 1000);
            script.ExpectReceived(at, 1000);
            script.TakeAll();
        }

        Assert.That(script.Connection.State, Is.EqualTo(TcpState.FinWait2));
        Assert.That(script.Connection.Send([1], script.Now), Is.Zero);
        script.Pass(600_000);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.FinWait2), "its owner waits for the peer");
    }

    [Test(Description = "RFC 9293, section 3.6: the peer has closed, we go on")]
    public void After_the_peers_fin_we_may_still_send()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("FA", 1, 1);
        script.Expect("A", 1, 2);
        script.Send(1, 3000);
        Assert.That(script.TakeAll().Sum(sent => sent.Payload.Length), Is.EqualTo(3000));
        script.Connection.Shutdown(script.Now);
        script.Expect("FA", 3001, 2);
        script.Inject("A", 2, 3002);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Closed));
        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.None));
    }

    [Test(Description = "RFC 9293, section 3.10.4: CLOSE waits for what was sent before")]
    public void The_fin_comes_after_all_the_bytes()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 2000);
        script.Connection.Close(script.Now);
        script.Expect("A", 1, 1, 1460);
        script.Expect("FA", 1461, 1, 540);
    }

    [Test(Description = "RFC 9293, section 3.10.4: CLOSE in SYN-SENT and in SYN-RECEIVED")]
    public void Closing_before_the_handshake_is_done_is_possible()
    {
        var script = new TcpScript();
        script.Connect();
        script.Connection.Close(script.Now);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);

        script = new TcpScript();
        script.Connect();
        Assert.That(script.Connection.Send(TcpScript.Bytes(1, 4), script.Now), Is.EqualTo(4));
        script.Connection.Shutdown(script.Now);
        script.Inject("SA", 0, 1);
        script.Expect("FA", 1, 1, 4);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.FinWait1));
    }

    [Test(Description = "RFC 9293, section 3.6.1; RFC 2525, section 2.17")]
    public void Closing_with_unread_bytes_resets_the_connection()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("A", 1, 1, 10);
        script.Connection.Close(script.Now);
        script.Expect("RA", 1, 11);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Tcp.BufferBytes, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.6.1: data after the owner has closed")]
    public void Data_for_a_closed_owner_resets_the_connection()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("A", 1, 2, 10);
        Assert.That(script.Take().Flags, Is.EqualTo("RA"));
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.10.5: ABORT")]
    public void Breaking_off_sends_a_reset_and_frees_everything()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 5000);
        script.Connection.Abort(script.Now);
        script.Expect("RA", 1, 1);
        script.ExpectNothing();
        Assert.That((script.Tcp.ConnectionCount, script.Tcp.BufferBytes), Is.EqualTo((0, 0)));
        script.Connection.Abort(script.Now);
        script.Connection.Close(script.Now);
        Assert.That(script.Connection.Send([1], script.Now), Is.Zero);
        Assert.That(script.Connection.Receive(new byte[1], script.Now), Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: only the FIN again, and 2 MSL begin anew")]
    public void Time_wait_answers_the_fin_again_and_begins_anew()
    {
        TcpScript script = InTimeWait();
        script.Pass(50_000);
        script.Inject("FA", 1, 2);
        script.Expect("A", 2, 2);
        script.Pass(50_000);
        Assert.That(script.Tcp.ConnectionCount, Is.EqualTo(1));
        script.Pass(10_000);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
    }

    [Test(Description = "RFC 1337: TIME-WAIT assassination")]
    public void A_reset_does_not_end_time_wait()
    {
        TcpScript script = InTimeWait();
        script.Inject("R", 2, 0);
        Assert.That(script.Tcp.ConnectionCount, Is.EqualTo(1));
    }

    [TestCase(100u, true)]
    [TestCase(0xFFFF_FF00u, false)]
    [Description("RFC 9293, section 3.6.1, MAY-2: a new SYN beyond the old window")]
    public void A_new_syn_takes_the_place_of_time_wait_if_its_number_is_higher(uint further, bool isNew)
    {
        TcpScript script = InTimeWait();
        uint before = script.OurInitial;
        script.PeerStart += further;
        script.Syn();
        Sent answer = script.Take();
        Assert.That(answer.Flags, Is.EqualTo(isNew ? "SA" : "A"));
        if (isNew)
        {
            Assert.That((int)(answer.Sequence - before), Is.GreaterThan(0x10000), "beyond all that is old");
            script.OurInitial = answer.Sequence;
            script.Inject("A", 1, 1);
            Assert.That(script.Listener.Accept()?.State, Is.EqualTo(TcpState.Established));
        }
    }

    [TestCase(1, true)]
    [TestCase(-1, false)]
    [Description("RFC 6191, section 2: timestamps decide, whatever the sequence numbers say")]
    public void A_new_syn_takes_the_place_of_time_wait_if_its_timestamp_is_higher(int later, bool isNew)
    {
        TcpScript script = InTimeWait(timestamps: true);
        script.PeerStart -= 50_000;
        script.PeerClock = (uint)((int)script.PeerClock! + later);
        script.Syn();
        Assert.That(script.Take().Flags, Is.EqualTo(isNew ? "SA" : "A"));
    }

    [Test(Description = "A connection that nobody owns does not wait for ever for the peer's FIN")]
    public void A_closed_connection_in_fin_wait_2_ends_after_a_minute()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("A", 1, 2);
        script.Pass(61_000);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: a FIN ahead of missing bytes waits for them")]
    public void A_fin_ahead_of_a_gap_takes_effect_when_the_gap_is_closed()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("FA", 101, 1, 50);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
        script.Inject("A", 1, 1, 100);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.CloseWait));
        script.ExpectReceived(1, 150);
        script.Expect("A", 1, 152);
    }

    [Test(Description = "RFC 9293, section 3.10.7.4: what is sent again is answered with where we stand")]
    public void Our_fin_is_sent_again_until_it_is_acknowledged()
    {
        TcpScript script = TcpScript.Accepted();
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Pass(1000);
        script.Expect("FA", 1, 1);
        script.Pass(30_000);
        Assert.That(script.TakeAll().All(sent => sent.Flags == "FA"));
        script.Pass(60_000);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero, "nobody owns it, so it has a minute");
    }

    [Test]
    public void A_listener_that_closes_breaks_off_what_was_not_accepted()
    {
        var script = new TcpScript();
        script.Listen();
        script.Handshake();
        script.FromPort++;
        script.Syn();
        script.Take();
        script.Listener.Close(script.Now);
        Assert.That(script.TakeAll().Select(sent => sent.Flags), Is.EqualTo(new[] { "RA", "RA" }));
        Assert.That((script.Tcp.ConnectionCount, script.Tcp.BufferBytes), Is.EqualTo((0, 0)));
        script.Syn();
        Assert.That(script.Take().Flags, Is.EqualTo("RA"), "nobody listens any more");
    }

    [Test]
    public void A_connection_that_breaks_while_it_waits_is_not_handed_out()
    {
        var script = new TcpScript();
        script.Listen();
        script.Handshake();
        script.Inject("R", 1, 0);
        Assert.That(script.Listener.Accept(), Is.Null);
        Assert.That((script.Tcp.ConnectionCount, script.Tcp.BufferBytes), Is.EqualTo((0, 0)));
    }

    private static TcpScript InTimeWait(bool timestamps = false)
    {
        TcpScript script = TcpScript.Accepted(timestamps: timestamps);
        script.Connection.Close(script.Now);
        script.Expect("FA", 1, 1);
        script.Inject("FA", 1, 2);
        script.Expect("A", 2, 2);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.TimeWait));
        return script;
    }
}
