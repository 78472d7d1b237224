using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>RFC 5961, 6528, 4987, 5927: what strangers can not do.</summary>
[TestFixture]
public sealed class AttackRules
{
    private const WireFlags Ack = WireFlags.Ack;
    private const WireFlags Rst = WireFlags.Rst;
    private const WireFlags Syn = WireFlags.Syn;

    [Test]
    public void A_reset_must_have_exactly_the_next_number()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Rst, 2, 0);
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
        SentSegment challenge = script.Next();
        Assert.That((challenge.Flags, challenge.Sequence, challenge.Acknowledgment), Is.EqualTo((Ack, 1, 1)));
        script.In(Rst, 1_000_000, 0);
        script.NoMore();
        script.In(Rst, 1, 0);
        Assert.That(connection.Error, Is.EqualTo(SocketError.ConnectionReset));
        script.NoMore();
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(-100_000)]
    public void A_SYN_in_a_conversation_is_challenged(int sequence)
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Syn, sequence, 0);
        SentSegment challenge = script.Next();
        Assert.That((challenge.Flags, challenge.Sequence, challenge.Acknowledgment), Is.EqualTo((Ack, 1, 1)));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
    }

    [TestCase(1000)]
    [TestCase(-200_000)]
    public void Data_whose_acknowledgment_cannot_be_are_not_taken(int acknowledgment)
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.In(Ack, 1, acknowledgment, 100);
        Assert.That(connection.ReceiveAvailable, Is.Zero);
        SentSegment challenge = script.Next();
        Assert.That((challenge.Flags, challenge.Acknowledgment), Is.EqualTo((Ack, 1)));
    }

    [Test]
    public void Challenges_are_limited()
    {
        TcpScript script = new();
        script.Open();
        for (int i = 0; i < 10_000; i++)
        {
            script.In(Syn, 5, 0);
        }

        Assert.That(script.All(), Has.Count.InRange(1, 1000));
    }

    [Test]
    public void Initial_numbers_differ_by_ends_and_secret_and_rise_with_time()
    {
        uint first = InitialOf(1, TcpScript.PeerPort, 0);
        Assert.That(InitialOf(1, TcpScript.PeerPort, 0), Is.EqualTo(first), "the same question, the same answer");
        Assert.That(Distance(InitialOf(1, TcpScript.PeerPort + 1, 0), first), Is.GreaterThan(1000));
        Assert.That(Distance(InitialOf(2, TcpScript.PeerPort, 0), first), Is.GreaterThan(1000));

        // Section 3: the clock ticks every four microseconds, some 250,000 in a second.
        Assert.That(InitialOf(1, TcpScript.PeerPort, 10_000) - first, Is.InRange(2_000_000u, 3_000_000u));
    }

    [Test]
    public void Ports_of_our_calls_cannot_be_foretold()
    {
        HashSet<int> steps = [];
        for (int seed = 1; seed <= 20; seed++)
        {
            TcpScript script = new(seed);
            steps.Add(script.Call().Local.Port);
        }

        Assert.That(steps, Has.Count.GreaterThan(15));
        Assert.That(steps, Is.All.GreaterThanOrEqualTo(1024));
    }

    [Test]
    public void A_flood_of_SYNs_keeps_no_state_and_an_honest_caller_gets_in()
    {
        TcpScript script = new();
        TcpListener listener = script.Listen(16);
        Flood(script, 5000);
        int connections = script.Stack.Tcp.ConnectionCount;
        int bytes = script.Stack.Tcp.BufferBytes;
        Flood(script, 5000);
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.EqualTo(connections).And.LessThan(200));
        Assert.That(script.Stack.Tcp.BufferBytes, Is.EqualTo(bytes));
        Assert.That(script.Stack.Tcp.Counters.CookiesSent, Is.GreaterThan(0));
        script.ThePeerPort = TcpScript.PeerPort;
        script.All();
        TcpConnection connection = script.Open(FrameForge.Mss(1300), listener);
        Assert.That(connection.Statistics.SegmentSize, Is.InRange(536, 1300));
        script.In(Ack, 1, 1, 100);
        script.Read(100);
        script.Send(100);
        script.In(Ack, 101, 101);
        Assert.That(connection.SendPending, Is.Zero);
        Assert.That(script.Stack.Tcp.Counters.CookiesAccepted, Is.EqualTo(1));
    }

    [Test]
    public void Cookies_carry_what_the_SYN_offered_in_timestamps()
    {
        TcpScript script = new() { PeerStamp = 777, PeerScale = 5 };
        TcpListener listener = script.Listen(16);
        Flood(script, 5000);
        script.ThePeerPort = TcpScript.PeerPort;
        script.All();
        TcpConnection connection = script.Open(
            FrameForge.Join(
                FrameForge.Mss(1460), FrameForge.SackPermitted, FrameForge.Stamps(777, 0), FrameForge.Scale(5), [1]),
            listener, 64_000);
        Assert.That(script.Stack.Tcp.Counters.CookiesAccepted, Is.EqualTo(1));
        script.In(Ack, 1, 1, window: 1000);
        Assert.That(connection.Statistics.SendWindow, Is.EqualTo(32_000));
        script.PeerStamp = 778;
        script.In(Ack, 1001, 1, 10);
        SentSegment answer = script.All()[^1];
        Assert.That(answer.HasStamps, Is.True);
        Assert.That(answer.Sacks, Is.EqualTo(new[] { (1001, 1011) }));
    }

    [Test]
    public void Made_up_cookies_open_nothing()
    {
        TcpScript script = new();
        TcpListener listener = script.Listen(16);
        Flood(script, 2000);
        int before = script.Stack.Tcp.ConnectionCount;
        Random random = new(1);
        for (int i = 0; i < 20_000; i++)
        {
            script.Deliver(new ForgedSegment(
                (ushort)random.Next(1024, 65536), 80, (uint)random.Next(), (uint)random.NextInt64(1L << 32), Ack, 100));
        }

        Assert.That(script.Stack.Tcp.ConnectionCount, Is.LessThanOrEqualTo(before));
        Assert.That(listener.Waiting, Is.Zero);
    }

    [Test]
    public void A_cookie_does_not_open_the_same_connection_after_it_has_grown_old()
    {
        TcpScript script = new();
        TcpListener listener = script.Listen(16);
        Flood(script, 2000);
        script.ThePeerPort = TcpScript.PeerPort;
        script.All();
        script.Syn();
        script.Next();
        uint cookie = script.OurInitial;
        script.Wait(10 * 60 * 1000);
        Flood(script, 2000);
        script.ThePeerPort = TcpScript.PeerPort;
        script.All();
        script.OurInitial = cookie;
        script.In(Ack, 1, 1);
        Assert.That(listener.Accept(), Is.Null);
        Assert.That(script.All()[^1].Has(Rst), Is.True);
    }

    [Test]
    public void Half_open_connections_are_given_up()
    {
        TcpScript script = new();
        script.Listen();
        script.Syn();
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.LessThanOrEqualTo(1));
        script.Wait(10 * 60 * 1000);
        Assert.That(script.All().Count, Is.InRange(2, 12), "the answer is sent again a few times");
        Assert.That(script.Stack.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Stack.Tcp.BufferBytes, Is.Zero);
    }

    [Test]
    public void An_ICMP_error_about_a_segment_that_is_not_in_flight_changes_nothing()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(1460);
        script.All();
        foreach (uint off in new uint[] { 100_000, 0x8000_0000, unchecked((uint)-100_000) })
        {
            script.DeliverFrame(Error(script, 4, 600, script.OurInitial + 1 + off));
            script.DeliverFrame(Error(script, 3, 0, script.OurInitial + 1 + off));
        }

        script.Send(1460);
        Assert.That(script.Next().Length, Is.EqualTo(1460));
        Assert.That(connection.Error, Is.EqualTo(SocketError.None));
    }

    [Test]
    public void A_hard_ICMP_error_does_not_break_a_connection_that_stands()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(100);
        script.DeliverFrame(Error(script, 3, 0, script.OurInitial + 1));
        script.DeliverFrame(Error(script, 2, 0, script.OurInitial + 1));
        script.DeliverFrame(Error(script, 1, 0, script.OurInitial + 1));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established), "RFC 5927, section 5.2");
    }

    [Test]
    public void A_credible_message_of_a_router_makes_segments_smaller_and_sends_them_at_once()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(5000);
        Assert.That(script.All().TrueForAll(segment => segment.DontFragment), Is.True, "RFC 1191, section 6");
        script.DeliverFrame(Error(script, 4, 1000, script.OurInitial + 1));
        List<SentSegment> again = script.All();
        Assert.That(connection.Statistics.SegmentSize, Is.EqualTo(960));
        Assert.That(again, Is.Not.Empty);
        Assert.That((again[0].Sequence, again[0].Length), Is.EqualTo((1, 960)));
    }

    [TestCase(0)]
    [TestCase(20)]
    [TestCase(67)]
    public void A_router_that_says_nothing_of_use_does_not_make_segments_tiny(int mtu)
    {
        TcpScript script = new();
        TcpConnection connection = script.Open();
        script.Send(5000);
        script.DeliverFrame(Error(script, 4, mtu, script.OurInitial + 1));
        Assert.That(connection.Statistics.SegmentSize, Is.GreaterThanOrEqualTo(256));
        Assert.That(connection.Error, Is.EqualTo(SocketError.None));
    }

    private static byte[] Error(TcpScript script, int code, int mtu, uint sequence)
    {
        byte[] ours = FrameForge.Tcp(TcpScript.Us, TcpScript.Peer, new ForgedSegment(
            script.OurPort, script.ThePeerPort, sequence, script.PeerInitial + 1, Ack, 1000)
        {
            Payload = new byte[1400],
        });
        return FrameForge.Icmp(FrameForge.Router, TcpScript.Us, 3, code, (uint)mtu, ours.AsSpan(14, 28));
    }

    private static void Flood(TcpScript script, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Station from = new(
                TcpScript.Peer.Mac, Ipv4Address.Of(10, 0, 0, (byte)(10 + (i % 200))));
            script.DeliverFrame(FrameForge.Tcp(
                from, TcpScript.Us, new ForgedSegment((ushort)(2000 + i), 80, (uint)i * 7919, 0, Syn, 1000)
                {
                    Options = FrameForge.Mss(1460),
                }));
        }
    }

    private static uint InitialOf(int seed, int peerPort, int afterMilliseconds)
    {
        TcpScript script = new(seed) { ThePeerPort = (ushort)peerPort };
        script.Listen();
        script.Wait(afterMilliseconds);
        script.Syn();
        return script.Next().RawSequence;
    }

    private static uint Distance(uint a, uint b) => Math.Min(a - b, b - a);
}
