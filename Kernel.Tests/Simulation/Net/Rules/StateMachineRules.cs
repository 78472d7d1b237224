using System;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>RFC 9293: what each state answers to what.</summary>
[TestFixture]
public sealed class StateMachineRules
{
    private const WireFlags Ack = WireFlags.Ack;
    private const WireFlags Rst = WireFlags.Rst;
    private const WireFlags Syn = WireFlags.Syn;
    private const WireFlags Fin = WireFlags.Fin;

    [Test]
    public void A_segment_to_a_closed_port_is_answered_with_a_reset_made_from_its_numbers()
    {
        TcpScript script = new();
        script.Deliver(new ForgedSegment(40_000, 80, 7000, 9000, Ack, 100) { Payload = new byte[10] });
        SentSegment reset = script.Next();
        Assert.That(reset.Flags, Is.EqualTo(Rst));
        Assert.That(reset.RawSequence, Is.EqualTo(9000u), "SEQ=SEG.ACK");

        script.Deliver(new ForgedSegment(40_000, 80, 7000, 0, Syn, 100));
        reset = script.Next();
        Assert.That(reset.Flags, Is.EqualTo(Rst | Ack));
        Assert.That(reset.RawSequence, Is.Zero);
        Assert.That(reset.RawAcknowledgment, Is.EqualTo(7001u), "ACK=SEG.SEQ+SEG.LEN");
        script.NoMore();
    }

    [Test]
    public void A_reset_is_never_answered_with_a_reset()
    {
        TcpScript script = new();
        script.Deliver(new ForgedSegment(40_000, 80, 7000, 9000, Rst | Ack, 100));
        script.Deliver(new ForgedSegment(40_000, 80, 7000, 0, Rst, 100));
        script.NoMore();
        script.Listen();
        script.Deliver(new ForgedSegment(40_000, 80, 7000, 9000, Rst | Ack, 100));
        script.NoMore();
    }

    [Test]
    public void A_listener_answers_an_acknowledgment_with_a_reset()
    {
        TcpScript script = new();
        script.Listen();
        script.Deliver(new ForgedSegment(40_000, 80, 7000, 9000, Ack, 100));
        SentSegment reset = script.Next();
        Assert.That(reset.Flags, Is.EqualTo(Rst));
        Assert.That(reset.RawSequence, Is.EqualTo(9000u));
    }

    [Test]
    public void Both_ends_that_open_at_once_are_connected()
    {
        TcpScript script = new();
        TcpConnection connection = script.Call();
        Assert.That(script.Next().Flags, Is.EqualTo(Syn));
        script.Syn();
        SentSegment answer = script.Next();
        Assert.That(answer.Flags, Is.EqualTo(Syn | Ack));
        Assert.That((answer.Sequence, answer.Acknowledgment), Is.EqualTo((0, 1)));
        Assert.That(connection.State, Is.EqualTo(TcpState.SynReceived));
        script.In(Syn | Ack, 0, 1, options: FrameForge.Mss(1460));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
        script.All();
        script.In(Ack, 1, 1, 100);
        script.Wait(500);
        script.Read(100);
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(101));
    }

    [Test]
    public void A_refusal_must_acknowledge_our_SYN()
    {
        TcpScript script = new();
        TcpConnection connection = script.Call();
        script.Next();
        script.In(Rst, 0, 0);
        script.In(Rst | Ack, 0, 0);
        script.In(Rst | Ack, 0, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.SynSent));
        script.In(Rst | Ack, 0, 1);
        Assert.That(connection.State, Is.EqualTo(TcpState.Closed));
        Assert.That(connection.Error, Is.EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public void A_wrong_acknowledgment_of_our_SYN_is_reset_and_we_go_on()
    {
        TcpScript script = new();
        TcpConnection connection = script.Call();
        script.Next();
        script.Deliver(new ForgedSegment(
            TcpScript.Port, script.OurPort, script.PeerInitial, script.OurInitial + 77, Syn | Ack, 1000));
        SentSegment reset = script.Next();
        Assert.That(reset.Flags, Is.EqualTo(Rst));
        Assert.That(reset.Sequence, Is.EqualTo(77));
        Assert.That(connection.State, Is.EqualTo(TcpState.SynSent));
    }

    [TestCase(-2, 1, Description = "wholly before the window")]
    [TestCase(200_000_000, 1, Description = "far beyond the window")]
    public void A_segment_outside_the_window_is_answered_with_an_acknowledgment_and_dropped(int place, int length)
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Ack, 1, 1, 10);
        script.Wait(600);
        script.All();
        script.In(Ack, 11 + place, 1, length);
        SentSegment answer = script.Next();
        Assert.That((answer.Flags, answer.Acknowledgment, answer.Length), Is.EqualTo((Ack, 11, 0)));
        Assert.That(connection.ReceiveAvailable, Is.EqualTo(10));
    }

    [Test]
    public void A_segment_that_begins_before_the_window_brings_what_lies_in_it()
    {
        TcpScript script = new();
        script.Open();
        script.In(Ack, 1, 1, 100);
        script.In(Ack, 51, 1, 100);
        byte[] data = new byte[200];
        Assert.That(script.Connection.Receive(data, script.Now), Is.EqualTo(150));
        Assert.That(Pattern.Mismatch(1, 1, data.AsSpan(0, 150)), Is.EqualTo(-1));
    }

    [Test]
    public void Data_beyond_the_window_are_not_taken()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Ack, 1, 1, 1);
        script.Wait(600);
        int window = script.All()[^1].Window;
        int sent = 0;
        while (sent < window - 1000)
        {
            script.In(Ack, 2 + sent, 1, 1000);
            sent += 1000;
        }

        int left = window - sent;
        script.In(Ack, 2 + sent, 1, 1400);
        Assert.That(connection.ReceiveAvailable, Is.LessThanOrEqualTo(1 + sent + 1400));
        Assert.That(left, Is.LessThanOrEqualTo(1000));
        script.In(Ack, 2 + sent + 1400, 1, 1400);
        script.In(Ack, 2 + sent + 2800, 1, 1400);
        Assert.That(
            connection.ReceiveAvailable, Is.LessThanOrEqualTo(connection.Statistics.BytesReceived));
        Assert.That(script.All()[^1].Acknowledgment, Is.LessThanOrEqualTo(2 + sent + 4200));
    }

    [Test]
    public void An_orderly_end_goes_through_FIN_WAIT_and_TIME_WAIT()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Do(connection.Shutdown);
        SentSegment fin = script.Next();
        Assert.That((fin.Flags & Fin, fin.Sequence), Is.EqualTo((Fin, 1)));
        Assert.That(connection.State, Is.EqualTo(TcpState.FinWait1));
        script.In(Ack, 1, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.FinWait2));
        script.In(Ack, 1, 2, 10);
        Assert.That(connection.ReceiveAvailable, Is.EqualTo(10), "the other half goes on");
        script.Read(10);
        script.In(Fin | Ack, 11, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.TimeWait));
        Assert.That(script.All()[^1].Acknowledgment, Is.EqualTo(12));
        Assert.That(connection.IsReceiveClosed, Is.True);
    }

    [Test]
    public void A_FIN_again_in_TIME_WAIT_is_acknowledged_and_the_wait_begins_anew()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Do(connection.Close);
        script.In(Fin | Ack, 1, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.TimeWait));
        script.Wait(40_000);
        script.All();
        script.In(Fin | Ack, 1, 2);
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(2));
        script.Wait(40_000);
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.EqualTo(1));
        script.Wait(300_000);
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Both_ends_that_close_at_once_meet_in_CLOSING()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Do(connection.Shutdown);
        script.All();
        script.In(Fin | Ack, 1, 1);
        Assert.That(connection.State, Is.EqualTo(TcpState.Closing));
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(2));
        script.In(Ack, 2, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.TimeWait));
    }

    [Test]
    public void The_end_that_closes_last_is_gone_with_the_last_acknowledgment()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Fin | Ack, 1, 1);
        Assert.That(connection.State, Is.EqualTo(TcpState.CloseWait));
        script.Wait(600);
        Assert.That(script.All()[^1].Acknowledgment, Is.EqualTo(2));
        script.Send(10);
        script.Do(connection.Shutdown);
        Assert.That(connection.State, Is.EqualTo(TcpState.LastAck));
        script.All();
        script.In(Ack, 2, 12);
        Assert.That(connection.State, Is.EqualTo(TcpState.Closed));
        Assert.That(connection.Error, Is.EqualTo(SocketError.None));
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [Test]
    public void A_FIN_behind_a_gap_waits_for_the_gap_to_be_filled()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Fin | Ack, 101, 1, 100);
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
        script.In(Ack, 1, 1, 100);
        Assert.That(connection.State, Is.EqualTo(TcpState.CloseWait));
        script.Read(200);
        Assert.That(connection.IsReceiveClosed, Is.True);
        Assert.That(script.All()[^1].Acknowledgment, Is.EqualTo(202));
    }

    [Test]
    public void A_close_that_loses_received_data_is_a_reset()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Ack, 1, 1, 10);
        script.All();
        script.Do(connection.Close);
        Assert.That(script.All()[^1].Has(Rst), Is.True);
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Data_after_both_halves_are_closed_here_are_answered_with_a_reset()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Do(connection.Close);
        script.In(Ack, 1, 2);
        script.All();
        script.In(Ack, 1, 2, 10);
        Assert.That(script.All()[^1].Has(Rst), Is.True);
    }

    [Test]
    public void Abort_sends_a_reset_with_the_next_number()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(10);
        script.All();
        script.Do(connection.Abort);
        SentSegment reset = script.Next();
        Assert.That((reset.Has(Rst), reset.Sequence), Is.EqualTo((true, 11)));
        script.NoMore();
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Urgent_data_are_data_like_others()
    {
        TcpScript script = new();
        script.Open();
        byte[] frame = FrameForge.Tcp(TcpScript.Peer, TcpScript.Us, new ForgedSegment(
            script.ThePeerPort, script.OurPort, script.PeerInitial + 1, script.OurInitial + 1,
            Ack | WireFlags.Urg, 1000)
        {
            Payload = [1, 2, 3],
        });
        frame[14 + 20 + 19] = 2;
        FrameForge.FixTransportChecksum(frame);
        script.DeliverFrame(frame);
        byte[] data = new byte[10];
        Assert.That(script.Connection.Receive(data, script.Now), Is.EqualTo(3));
    }

    [Test]
    public void A_SYN_of_a_later_conversation_may_end_TIME_WAIT()
    {
        TcpScript script = new();
        TcpListener listener = script.Listen();
        TcpConnection connection = script.Open(listener: listener);
        script.Do(connection.Close);
        script.In(Fin | Ack, 1, 2);
        Assert.That(connection.State, Is.EqualTo(TcpState.TimeWait));
        script.All();
        script.Wait(2000);
        script.PeerInitial += 100_000;
        script.Syn();
        SentSegment answer = script.Next();
        Assert.That(answer.Flags, Is.EqualTo(Syn | Ack));
        Assert.That(answer.Acknowledgment, Is.EqualTo(1));
    }

    [Test]
    public void Without_the_MSS_option_536_is_taken()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open([]);
        Assert.That(connection.Statistics.SegmentSize, Is.EqualTo(536));
        script.Send(2000);
        Assert.That(script.Next().Length, Is.EqualTo(536));
    }

    [Test]
    public void Our_SYN_says_how_long_segments_may_be()
    {
        TcpScript script = new();
        script.Call();
        Assert.That(script.Next().Mss, Is.EqualTo(1460));
        TcpScript other = new();
        other.Listen();
        other.Syn();
        Assert.That(other.Next().Mss, Is.EqualTo(1460));
    }

    [Test]
    public void A_lost_SYN_is_sent_again_and_in_the_end_given_up()
    {
        TcpScript script = new();
        TcpConnection connection = script.Call();
        Instant start = script.Now;
        script.Wait(10 * 60 * 1000);
        int count = script.All().Count;
        Assert.That(count, Is.InRange(4, 12));
        Assert.That(connection.Error, Is.EqualTo(SocketError.TimedOut));
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Now - start, Is.GreaterThan(0));
    }

    [Test]
    public void A_peer_that_falls_silent_is_given_up_and_the_error_says_so()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.Wait(30 * 60 * 1000);
        Assert.That(connection.Error, Is.EqualTo(SocketError.TimedOut));

        // RFC 9293, section 3.8.3: at least 100 seconds.
        Assert.That(script.All()[^1].When.Nanoseconds, Is.GreaterThan(100_000_000_000));
    }
}
