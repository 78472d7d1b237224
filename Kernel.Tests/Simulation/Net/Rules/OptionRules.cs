using System.Linq;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>RFC 7323: larger windows, and timestamps.</summary>
[TestFixture]
public sealed class OptionRules
{
    private const WireFlags Ack = WireFlags.Ack;

    private static byte[] WithScale(int shift) => FrameForge.Join(FrameForge.Mss(1460), FrameForge.Scale(shift), [1]);

    private static byte[] WithStamps(uint value) =>
        FrameForge.Join(FrameForge.Mss(1460), [1, 1], FrameForge.Stamps(value, 0));

    [Test]
    public void A_scale_is_used_only_if_both_ends_have_sent_one()
    {
        TcpScript script = new();
        script.Listen();
        script.Syn();
        Assert.That(script.Next().Scale, Is.EqualTo(-1));
        script.ThePeerPort++;
        script.Syn(WithScale(2));
        Assert.That(script.Next().Scale, Is.GreaterThanOrEqualTo(0));
        TcpScript caller = new();
        caller.Call();
        Assert.That(caller.Next().Scale, Is.GreaterThanOrEqualTo(0));
    }

    [Test]
    public void The_peers_windows_are_shifted_but_for_the_one_in_its_SYN()
    {
        TcpScript script = new() { PeerScale = 4 };
        TcpConnection connection = script.Open(WithScale(4), window: 32_000);
        Assert.That(connection.Statistics.SendWindow, Is.EqualTo(32_000), "2000 << 4, as the third segment says");
        script.In(Ack, 1, 1, window: 100);
        Assert.That(connection.Statistics.SendWindow, Is.EqualTo(1600));
    }

    [Test]
    public void A_scale_above_14_is_taken_as_14()
    {
        TcpScript script = new();
        TcpConnection connection = script.Open(WithScale(15));
        script.In(Ack, 1, 1, window: 2);
        Assert.That(connection.Statistics.SendWindow, Is.EqualTo(2 << 14));
    }

    [Test]
    public void Timestamps_are_in_every_segment_once_agreed_on_and_in_none_otherwise()
    {
        TcpScript script = new() { PeerStamp = 1000 };
        script.Listen();
        script.Open(WithStamps(1000), Listener(script));
        script.Send(100);
        SentSegment data = script.Next();
        Assert.That((data.HasStamps, data.StampEcho), Is.EqualTo((true, 1000u)));
        Assert.That(data.Length, Is.EqualTo(100));
        TcpScript without = new();
        without.Open();
        without.Send(100);
        Assert.That(without.Next().HasStamps, Is.False);
    }

    [Test]
    public void Our_timestamps_rise_with_time_and_begin_anywhere()
    {
        TcpScript script = new() { PeerStamp = 1 };
        script.Open(WithStamps(1));
        uint first = script.OurStamp;
        script.Wait(1000);
        script.PeerStamp = 1001;
        script.In(Ack, 1, 1, 10);
        script.Wait(600);
        uint ticks = script.OurStamp - first;

        // Section 5.4: a tick is between a millisecond and a second.
        Assert.That(ticks, Is.InRange(1, 1700));
        TcpScript other = new(seed: 2) { PeerStamp = 1 };
        other.Open(WithStamps(1));
        Assert.That(other.OurStamp, Is.Not.EqualTo(first));
    }

    [Test]
    public void A_segment_with_an_old_timestamp_is_dropped_and_acknowledged()
    {
        TcpScript script = new() { PeerStamp = 5000 };
        TcpConnection connection = script.Open(WithStamps(5000));
        script.PeerStamp = 6000;
        script.In(Ack, 1, 1, 100);
        script.Wait(600);
        script.All();
        script.PeerStamp = 5500;
        script.In(Ack, 101, 1, 100);
        Assert.That(connection.ReceiveAvailable, Is.EqualTo(100));
        Assert.That(script.Next().Acknowledgment, Is.EqualTo(101));
        Assert.That(script.Stack.Tcp.Counters.PawsRejected, Is.EqualTo(1));
        script.PeerStamp = 6001;
        script.In(Ack, 101, 1, 100);
        Assert.That(connection.ReceiveAvailable, Is.EqualTo(200));
    }

    [Test]
    public void A_reset_with_an_old_timestamp_counts()
    {
        TcpScript script = new() { PeerStamp = 5000 };
        TcpConnection connection = script.Open(WithStamps(5000));
        script.PeerStamp = 100;
        script.In(WireFlags.Rst | Ack, 1, 1);
        Assert.That(connection.Error, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public void After_24_days_of_silence_an_old_timestamp_is_no_sign_of_age()
    {
        TcpScript script = new() { PeerStamp = 3_000_000_000 };
        TcpConnection connection = script.Open(WithStamps(3_000_000_000));
        script.All();
        script.Wait(25L * 24 * 3600 * 1000);
        script.PeerStamp = 2_000_000_000;
        script.In(Ack, 1, 1, 100);
        Assert.That(connection.ReceiveAvailable, Is.EqualTo(100));
    }

    [Test]
    public void The_echo_is_that_of_the_segment_which_the_acknowledgment_began_with()
    {
        TcpScript script = new() { PeerStamp = 100 };
        script.Open(WithStamps(100));
        script.PeerStamp = 200;
        script.In(Ack, 1, 1, 10);
        script.PeerStamp = 210;
        script.In(Ack, 11, 1, 10);
        script.Wait(600);
        SentSegment answer = script.All()[^1];
        Assert.That(answer.Acknowledgment, Is.EqualTo(21));

        // RFC 7323, section 4.3 (1): a delayed acknowledgment echoes the earliest of the segments it is for, unless
        // each of them was acknowledged by itself.
        Assert.That(answer.StampEcho, Is.EqualTo(200u).Or.EqualTo(210u));
        script.All();
        script.PeerStamp = 300;
        script.In(Ack, 121, 1, 10);
        SentSegment gap = script.Next();
        Assert.That(gap.StampEcho, Is.LessThan(300u), "(2): what lies ahead of a gap is not echoed");
    }

    [Test]
    public void A_segment_without_the_agreed_timestamps_is_dropped()
    {
        TcpScript script = new() { PeerStamp = 100 };
        TcpConnection connection = script.Open(WithStamps(100));
        script.PeerStamp = null;
        script.In(Ack, 1, 1, 10);
        Assert.That(connection.ReceiveAvailable, Is.Zero);
    }

    [Test]
    public void Room_for_the_options_is_taken_from_the_segments()
    {
        TcpScript script = new() { PeerStamp = 100 };
        script.Open(WithStamps(100));
        script.Send(5000);
        Assert.That(script.All().Max(segment => segment.Length), Is.EqualTo(1448));
    }

    [Test]
    public void Timestamps_measure_what_was_sent_twice_too()
    {
        TcpScript script = new() { PeerStamp = 100 };
        TcpConnection connection = script.Open(WithStamps(100));
        script.Send(100);
        script.Wait(2000);
        Assert.That(script.All().Count, Is.GreaterThan(1));
        script.Wait(50);
        script.PeerStamp = 2200;
        script.In(Ack, 1, 101);
        Assert.That(connection.Statistics.RoundTripMilliseconds, Is.InRange(0, 1500));
        Assert.That(connection.Statistics.TimeoutMilliseconds, Is.LessThan(2500));
    }

    private static TcpListener Listener(TcpScript script) => script.Stack.Tcp.ListenerAt(0);
}
