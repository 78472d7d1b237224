using System.Collections.Generic;
using System.Linq;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What each state of RFC 9293 says when the node has landed: at once, and once.</summary>
[TestFixture]
public sealed class SpeakFirstTests
{
    private const WireFlags Ack = WireFlags.Ack;

    [Test]
    public void A_syn_is_sent_again_at_once_and_its_timer_begins_anew()
    {
        TcpScript script = new();
        script.Call();
        script.Wait(3500); // two timeouts are over, the third is long
        script.All();
        Land(script);
        Assert.That(script.Next().Is(WireFlags.Syn));
        script.NoMore();
        script.Wait(990);
        script.NoMore();
        script.Wait(60);
        Assert.That(script.Next().Is(WireFlags.Syn), "a first timeout again");
    }

    [Test]
    public void The_answer_to_a_syn_is_sent_again_at_once()
    {
        TcpScript script = new();
        TcpListener listener = script.Listen();
        script.Syn();
        Assert.That(script.Next().Is(WireFlags.Syn | Ack));
        Land(script);
        Assert.That(script.Next().Is(WireFlags.Syn | Ack));
        script.NoMore();
        script.In(Ack, 1, 1);
        Assert.That(listener.Accept()!.State, Is.EqualTo(TcpState.Established));
    }

    [TestCase(TcpState.Established, 4)]
    [TestCase(TcpState.FinWait2, 4)]
    [TestCase(TcpState.CloseWait, 1)]
    [TestCase(TcpState.TimeWait, 1)]
    public void Without_anything_outstanding_the_peer_hears_where_we_stand(TcpState state, int acks)
    {
        TcpScript script = Reach(state);
        Land(script);
        List<SentSegment> sent = script.All();
        Assert.That(sent, Has.Count.EqualTo(acks));
        Assert.That(sent.TrueForAll(one => one.Is(Ack) && one.Length == 0));
        Assert.That(sent.Select(one => (one.Sequence, one.Acknowledgment, one.Window)).Distinct().Count(),
            Is.EqualTo(1), "each but the first is a duplicate");
        script.Wait(3000);
        script.NoMore();
    }

    [TestCase(TcpState.FinWait1, 4)]
    [TestCase(TcpState.Closing, 1)]
    [TestCase(TcpState.LastAck, 1)]
    public void A_fin_that_is_not_acknowledged_follows_the_acknowledgements(TcpState state, int acks)
    {
        TcpScript script = Reach(state);
        Land(script);
        List<SentSegment> sent = script.All();
        Assert.That(sent, Has.Count.EqualTo(acks + 1));
        Assert.That(sent.Take(acks).All(one => one.Is(Ack) && one.Length == 0));
        Assert.That(sent[^1].Has(WireFlags.Fin));
    }

    [Test]
    public void The_first_outstanding_segment_is_sent_once_without_backing_off_or_shrinking()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(5 * 1460);
        script.All();
        int window = connection.Statistics.CongestionWindow;
        int timeout = connection.Statistics.TimeoutMilliseconds;
        Land(script);
        List<SentSegment> sent = script.All();
        Assert.That(sent.Select(one => one.Length), Is.EqualTo(new[] { 0, 0, 0, 0, 1460 }));
        Assert.That(sent[^1].Sequence, Is.EqualTo(1));
        Assert.That(connection.Statistics.CongestionWindow, Is.EqualTo(window));
        Assert.That(connection.Statistics.TimeoutMilliseconds, Is.EqualTo(timeout));

        // The peer had everything, and says so.
        script.In(Ack, 1, 1 + (5 * 1460));
        script.NoMore();
        Assert.That(connection.SendPending, Is.Zero);
        Assert.That(connection.Statistics.CongestionWindow, Is.GreaterThanOrEqualTo(window));
    }

    [Test]
    public void What_the_peer_did_not_have_follows_as_fast_as_the_window_allows()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(5 * 1460);
        int window = connection.Statistics.CongestionWindow;
        Land(script);
        script.All();
        script.In(Ack, 1, 1 + 1460);
        List<SentSegment> sent = script.All();
        Assert.That(sent.Select(one => one.Sequence), Is.EqualTo(new[] { 1461, 2921, 4381, 5841 }));
        Assert.That(connection.Statistics.CongestionWindow, Is.GreaterThanOrEqualTo(window));
        script.In(Ack, 1, 1 + (5 * 1460));
        script.NoMore();
        Assert.That(connection.Statistics.Timeouts, Is.Zero);
    }

    [Test]
    public void A_timeout_that_was_backed_off_is_forgotten()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.Wait(4000);
        Assert.That(connection.Statistics.TimeoutMilliseconds, Is.GreaterThan(3000));
        script.All();
        Land(script);
        Assert.That(script.All()[^1].Length, Is.EqualTo(100));
        Assert.That(connection.Statistics.TimeoutMilliseconds, Is.LessThan(1100));
    }

    [Test]
    public void A_closed_window_is_probed_at_once()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.In(Ack, 1, 101, window: 0);
        script.Send(500);
        script.Wait(5000);
        script.All();
        Land(script);
        Assert.That(script.All()[^1].Length, Is.EqualTo(1));
        script.In(Ack, 1, 101);
        Assert.That(script.All().Sum(one => one.Length), Is.GreaterThanOrEqualTo(499));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
    }

    [Test]
    public void An_acknowledgement_that_was_owed_comes_before_its_duplicates()
    {
        TcpScript script = new();
        script.Open();
        for (int i = 0; i < 30; i++)
        {
            script.In(Ack, 1 + (i * 100), 1, 100);
        }

        script.Wait(500);
        script.All();
        script.In(Ack, 3001, 1, 100);
        Land(script);
        List<SentSegment> sent = script.All();
        Assert.That(sent.Count(one => one.Acknowledgment == 3101), Is.GreaterThanOrEqualTo(4));
    }

    private static void Land(TcpScript script) => script.Do(now => script.Stack.OnTimeJump(0, now));

    private static TcpScript Reach(TcpState state)
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        bool peerFirst = state is TcpState.CloseWait or TcpState.LastAck;
        if (peerFirst)
        {
            script.In(WireFlags.Fin | Ack, 1, 1);
        }

        if (state is not (TcpState.Established or TcpState.CloseWait))
        {
            script.Do(connection.Shutdown);
        }

        switch (state)
        {
            case TcpState.FinWait2:
                script.In(Ack, 1, 2);
                break;
            case TcpState.Closing:
                script.In(WireFlags.Fin | Ack, 1, 1);
                break;
            case TcpState.TimeWait:
                script.In(WireFlags.Fin | Ack, 1, 2);
                break;
        }

        script.Wait(100);
        script.All();
        Assert.That(connection.State, Is.EqualTo(state));
        return script;
    }
}
