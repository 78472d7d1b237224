using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>What strangers try: guessed segments, floods, forged errors.</summary>
[TestFixture]
internal sealed class TcpSecurityTests
{
    [TestCase(1u, TcpState.Closed, false)]
    [TestCase(2u, TcpState.Established, true)]
    [TestCase(10_000u, TcpState.Established, true)]
    [TestCase(0u, TcpState.Established, false)]
    [TestCase(70_000u, TcpState.Established, false)]
    [Description("RFC 5961, section 3.2")]
    public void A_reset_counts_only_at_exactly_the_next_number(uint sequence, TcpState after, bool isChallenged)
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("R", sequence, 0);
        Assert.That(script.Connection.State, Is.EqualTo(after));
        if (isChallenged)
        {
            script.Expect("A", 1, 1);
        }

        script.ExpectNothing();
        if (after == TcpState.Closed)
        {
            Assert.That(script.Connection.Error, Is.EqualTo(SocketError.ConnectionReset));
        }
    }

    [TestCase(1u)]
    [TestCase(100u)]
    [TestCase(0u)]
    [TestCase(0x8000_0000u)]
    [Description("RFC 5961, section 4.2: whatever its number")]
    public void A_syn_in_a_connection_is_challenged_and_nothing_else(uint sequence)
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("S", sequence, 0);
        script.Expect("A", 1, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
    }

    [TestCase(2u, false)]
    [TestCase(1_000_000u, false)]
    [TestCase(0xFFFE_0000u, false)]
    [TestCase(0u, true)]
    [Description("RFC 5961, section 5.2: SND.UNA - MAX.SND.WND <= SEG.ACK <= SND.NXT")]
    public void Data_with_an_acknowledgement_that_cannot_be_is_dropped(uint acknowledgement, bool isTaken)
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("A", 1, acknowledgement, 10);
        Assert.That(script.Connection.ReceiveAvailable, Is.EqualTo(isTaken ? 10 : 0));
        script.Expect("A", 1, isTaken ? 11u : 1u);
    }

    [Test(Description = "RFC 5961, section 7: one connection cannot be made to challenge at any rate")]
    public void A_connection_challenges_twice_a_second_at_most()
    {
        TcpScript script = TcpScript.Accepted();
        for (int i = 0; i < 100; i++)
        {
            script.Inject("S", 5, 0);
            script.Pass(100);
        }

        Assert.That(script.TakeAll(), Has.Count.EqualTo(1), "one segment says it for all of them");
        Assert.That(script.Tcp.Counters.ChallengesSent, Is.EqualTo(20));
    }

    [Test(Description = "RFC 5961, section 7: nor can the whole stack")]
    public void All_connections_together_challenge_at_a_bounded_rate()
    {
        var script = new TcpScript();
        script.Listen(256);
        for (int i = 0; i < 200; i++)
        {
            script.FromPort = (ushort)(1000 + i);
            script.Handshake();
        }

        for (int i = 0; i < 200; i++)
        {
            script.FromPort = (ushort)(1000 + i);
            script.Inject("S", 5, 0);
        }

        Assert.That(script.TakeAll(), Has.Count.InRange(64, 127));
        Assert.That(script.Tcp.Counters.ChallengesSuppressed, Is.GreaterThan(70));
    }

    [Test(Description = "RFC 6528, section 3: ISN = M + F(ends, secret)")]
    public void Initial_numbers_follow_a_clock_for_the_same_ends_and_nothing_for_others()
    {
        var script = new TcpScript();
        var numbers = new TcpNumbers(script.Environment);
        var local = new Endpoint(TcpScript.LocalAddress, 80);
        var remote = new Endpoint(TcpScript.PeerAddress, 1000);
        uint first = numbers.InitialSequence(local, remote, new Instant(0));
        uint later = numbers.InitialSequence(local, remote, new Instant(1_000_000_000));
        Assert.That(later - first, Is.InRange(240_000u, 250_000u));
        uint other = numbers.InitialSequence(local, remote with { Port = 1001 }, new Instant(0));
        Assert.That(other - first, Is.InRange(0x1_0000u, 0xFFFF_0000u));
        script.Environment.Secret++;
        Assert.That(numbers.InitialSequence(local, remote, new Instant(0)), Is.Not.EqualTo(first));
    }

    [Test(Description = "RFC 6056, section 3.3.3; RFC 6335, section 6")]
    public void Ports_are_dynamic_ones_that_are_free_and_start_at_a_secret_place()
    {
        var script = new TcpScript();
        var ports = new HashSet<ushort>();
        for (int i = 0; i < 300; i++)
        {
            TcpConnection? connection =
                script.Tcp.Connect(new Endpoint(TcpScript.PeerAddress, 80), script.Now, out SocketError error);
            Assert.That(error, Is.EqualTo(SocketError.None));
            Assert.That(connection!.Local.Port, Is.GreaterThanOrEqualTo(49152));
            Assert.That(ports.Add(connection.Local.Port));
        }

        var other = new TcpScript();
        other.Environment.Secret ^= 0xFFFF_0000_0000;
        other.Connect();
        Assert.That(ports, Does.Not.Contain(other.OurPort));
    }

    [Test(Description = "RFC 4987, section 3.6: beyond the bound nothing is kept, and yet peers get through")]
    public void Beyond_the_bound_of_half_open_connections_cookies_answer()
    {
        TcpScript script = Flooded(timestamps: false);
        int before = script.Tcp.ConnectionCount;
        script.FromPort = 7777;
        script.Syn(scale: 7, segmentSize: 1380);
        Sent answer = script.Take();
        Assert.That(answer.Flags, Is.EqualTo("SA"));
        Assert.That((answer.WindowScale, answer.SackPermitted), Is.EqualTo((-1, false)), "nothing would remember them");
        Assert.That(script.Tcp.ConnectionCount, Is.EqualTo(before), "nothing is kept");

        script.OurInitial = answer.Sequence;
        script.Pass(30_000);
        script.Inject("A", 1, 1, 100, window: 1000);
        TcpConnection? accepted = script.Listener.Accept();
        Assert.That(accepted?.Remote.Port, Is.EqualTo(7777));
        Assert.That(accepted!.ReceiveAvailable, Is.EqualTo(100));
        Assert.That(accepted.Statistics.SegmentSize, Is.EqualTo(1360), "the next smaller size that a cookie can say");
        Assert.That(accepted.Statistics.SendWindow, Is.EqualTo(1000));
    }

    [Test(Description = "RFC 4987, section 3.6; RFC 7323: the timestamp carries what the number cannot")]
    public void A_cookie_with_timestamps_keeps_scaling_and_selective_acknowledgements()
    {
        TcpScript script = Flooded(timestamps: true);
        script.FromPort = 7777;
        script.PeerClock = 1234;
        script.Syn(scale: 5);
        Sent answer = script.Take();
        Assert.That(answer.Timestamp?.Echo, Is.EqualTo(1234));
        script.OurInitial = answer.Sequence;
        script.Echo = answer.Timestamp!.Value.Value;
        script.Inject("A", 1, 1, window: 1000);
        TcpConnection accepted = script.Listener.Accept()!;
        Assert.That(accepted.Statistics.SendWindow, Is.EqualTo(32_000));
        script.Inject("A", 101, 1, 100, window: 1000);
        Sent held = script.TakeAll().Last();
        Assert.That(held.Sacks, Has.Count.EqualTo(1));
        int passed = (int)(held.Timestamp!.Value.Value - script.Echo);
        Assert.That(passed, Is.GreaterThanOrEqualTo(0), "the clock never goes back");
    }

    [TestCase(0, 1u)]
    [TestCase(1, 0u)]
    [TestCase(200_000, 0u)]
    [Description("RFC 4987, section 3.6: an acknowledgement of no cookie, or of an old one, is refused")]
    public void A_cookie_must_be_ours_and_young(int milliseconds, uint difference)
    {
        TcpScript script = Flooded(timestamps: false);
        script.FromPort = 7777;
        script.Syn();
        script.OurInitial = script.Take().Sequence;
        script.Pass(milliseconds);
        script.TakeAll();
        script.Inject("A", 1, 1 + difference);
        bool isGood = difference == 0 && milliseconds < 60_000;
        Assert.That(script.Listener.Accept() is not null, Is.EqualTo(isGood));
        Assert.That(script.TryTake()?.Flags, Is.EqualTo(isGood ? null : "R"));
    }

    [Test(Description = "Guessing at cookies is of no use while none are made")]
    public void Without_a_flood_no_acknowledgement_makes_a_connection()
    {
        var script = new TcpScript();
        script.Listen();
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            script.Inject("A", (uint)random.Next(), (uint)random.Next());
            script.TakeAll();
        }

        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Tcp.Counters.CookiesRejected, Is.Zero);
    }

    [TestCase(IcmpErrorKind.PortUnreachable, SocketError.ConnectionRefused)]
    [TestCase(IcmpErrorKind.ProtocolUnreachable, SocketError.ConnectionRefused)]
    [TestCase(IcmpErrorKind.AdministrativelyProhibited, SocketError.ConnectionRefused)]
    [TestCase(IcmpErrorKind.HostUnreachable, SocketError.None)]
    [TestCase(IcmpErrorKind.NetworkUnreachable, SocketError.None)]
    [TestCase(IcmpErrorKind.TimeExceeded, SocketError.None)]
    [Description("RFC 1122, section 4.2.3.9; RFC 5461: hard errors end a SYN, soft ones do not at once")]
    public void A_hard_error_ends_what_is_being_opened(IcmpErrorKind kind, SocketError error)
    {
        var script = new TcpScript();
        script.Connect();
        Icmp(script, kind, 0);
        Assert.That(script.Connection.Error, Is.EqualTo(error));
    }

    [Test(Description = "RFC 5461, section 4.1: a few tries, then the soft error is believed")]
    public void A_host_that_is_not_there_is_given_up_soon()
    {
        var script = new TcpScript();
        script.Connect();
        for (int i = 0; i < 10; i++)
        {
            Icmp(script, IcmpErrorKind.HostUnreachable, 0);
            script.Pass(1000);
            script.TakeAll();
        }

        Assert.That(script.Connection.Error, Is.EqualTo(SocketError.HostUnreachable));
    }

    [TestCase(IcmpErrorKind.PortUnreachable)]
    [TestCase(IcmpErrorKind.HostUnreachable)]
    [TestCase(IcmpErrorKind.ProtocolUnreachable)]
    [Description("RFC 5461, section 4; RFC 5927, section 5.2")]
    public void No_error_ends_a_connection_that_stands(IcmpErrorKind kind)
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 10);
        script.Take();
        Icmp(script, kind, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
    }

    [TestCase(0u, false)]
    [TestCase(1u, true)]
    [TestCase(10u, true)]
    [TestCase(11u, false)]
    [Description("RFC 5927, section 4.1: only what is in flight can have met an error")]
    public void An_error_about_what_is_not_in_flight_is_not_credible(uint sequence, bool isCredible)
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 10);
        script.Take();
        IcmpError error = Error(script, IcmpErrorKind.FragmentationNeeded, sequence);
        Assert.That(script.Tcp.IsCredible(error), Is.EqualTo(isCredible));
    }

    [Test(Description = "RFC 9293, section 3.1: nothing that is not a whole segment with its checksum is looked at")]
    public void Mutilated_segments_change_nothing()
    {
        TcpScript script = TcpScript.Accepted();
        script.Send(1, 10);
        script.Take();
        byte[] good = new byte[32];
        good[12] = 0x50;
        var random = new Random(3);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = good[..random.Next(33)];
            random.NextBytes(bad);
            script.InjectRaw(bad);
        }

        script.ExpectNothing();
        Assert.That(script.Tcp.Counters.Malformed, Is.GreaterThan(19_900));
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
    }

    private static TcpScript Flooded(bool timestamps)
    {
        var script = new TcpScript();
        script.Listen();
        script.PeerClock = timestamps ? 1 : null;
        for (int i = 0; i < 64; i++)
        {
            script.FromPort = (ushort)(2000 + i);
            script.Syn();
        }

        Assert.That(script.TakeAll(), Has.Count.EqualTo(64));
        Assert.That(script.Tcp.ConnectionCount, Is.EqualTo(64));
        return script;
    }

    private static IcmpError Error(TcpScript script, IcmpErrorKind kind, uint sequence)
    {
        uint number = script.OurInitial + sequence;
        byte[] quoted =
        [
            (byte)(script.OurPort >> 8), (byte)script.OurPort,
            TcpScript.PeerPort >> 8, TcpScript.PeerPort & 0xFF,
            (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number,
        ];
        return new IcmpError(
            kind, new Ipv4Packet(TcpScript.LocalAddress, TcpScript.PeerAddress, 6), quoted, script.Environment.Mtu);
    }

    private static void Icmp(TcpScript script, IcmpErrorKind kind, uint sequence) =>
        script.Tcp.OnIcmpError(Error(script, kind, sequence), script.Now);
}
