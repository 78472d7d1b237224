using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>Neighbours (RFC 826; RFC 1122, section 2.3.2).</summary>
[TestFixture]
public sealed class ArpTests
{
    private static readonly Endpoint Remote = new(StackLab.PeerAddress, 9);

    [Test]
    public void A_request_for_us_is_answered_to_who_asked()
    {
        // RFC 826, packet reception.
        var lab = new StackLab();
        byte[] question = Frames.Arp(true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.OwnAddress);
        byte[] expected = Frames.Arp(
            false, StackLab.Own, StackLab.OwnAddress, StackLab.Peer, StackLab.PeerAddress);
        Assert.That(lab.Give(question).Single(), Is.EqualTo(expected));
        Assert.That(lab.Give(Frames.Arp(
            true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.Gateway)), Is.Empty);
        Assert.That(lab.Stack.Arp.NeighbourAt(0), Is.EqualTo(
            new Neighbour(StackLab.PeerAddress, StackLab.Peer, NeighbourState.Reachable)));
    }

    [Test]
    public void A_probe_for_our_address_is_answered_too()
    {
        // RFC 5227, section 2.1.1: the prober has to hear that the address is taken.
        var lab = new StackLab();
        byte[] answer = lab.Give(Frames.Arp(
            true, StackLab.Peer, Ipv4Address.Any, default, StackLab.OwnAddress)).Single();
        Assert.That(answer, Is.EqualTo(Frames.Arp(
            false, StackLab.Own, StackLab.OwnAddress, StackLab.Peer, Ipv4Address.Any)));
        Assert.That(lab.Stack.Arp.Count, Is.Zero, "nobody is to be learnt from a probe");
    }

    [Test]
    public void Datagrams_wait_for_the_answer_and_the_latest_survive()
    {
        // RFC 1122, section 2.3.2.2.
        var lab = new StackLab();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        for (byte i = 0; i < 5; i++)
        {
            socket.Send(Remote, [i], lab.Now);
        }

        byte[] question = lab.Drain().Single();
        Assert.That(question, Is.EqualTo(Frames.Arp(
            true, StackLab.Own, StackLab.OwnAddress, default, StackLab.PeerAddress)));
        List<byte[]> sent = lab.Give(Frames.Arp(
            false, StackLab.Peer, StackLab.PeerAddress, StackLab.Own, StackLab.OwnAddress));
        Assert.That(sent.Select(frame => frame[^1]), Is.EqualTo(new byte[] { 2, 3, 4 }));
        Assert.That(sent.Select(frame => MacAddress.Read(frame)), Has.All.EqualTo(StackLab.Peer));
        Assert.That(lab[NetCounter.ArpWaitingFull], Is.EqualTo(2));
    }

    [Test]
    public void A_silent_neighbour_is_asked_once_a_second_and_then_reported()
    {
        // RFC 1122, sections 2.3.2.1 and 2.4.
        var lab = new StackLab();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        Instant start = lab.Now;
        List<(Instant At, byte[] Frame)> sent = lab.Pass(10_000);
        Assert.That(
            sent.Select(frame => (frame.At - start) / 1_000_000), Is.EqualTo(new long[] { 0, 1000, 2000 }));
        Assert.That(sent.Select(frame => frame.Frame[13]), Has.All.EqualTo(6));
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));
        Assert.That(socket.TakeError(), Is.EqualTo(SocketError.HostUnreachable));
    }

    [Test]
    public void While_a_neighbour_is_known_to_be_silent_it_is_reported_at_once()
    {
        var lab = new StackLab();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        lab.Pass(3_100);
        Assert.That(socket.TakeError(), Is.EqualTo(SocketError.HostUnreachable));
        socket.Send(Remote, [1], lab.Now);
        Assert.That(lab.Drain(), Is.Empty);
        Assert.That(socket.TakeError(), Is.EqualTo(SocketError.HostUnreachable));

        lab.Pass(NeighbourTable.FailedMilliseconds);
        socket.Send(Remote, [1], lab.Now);
        Assert.That(lab.Drain(), Has.Count.EqualTo(1), "asked anew");
    }

    [Test]
    public void A_neighbour_is_asked_again_alone_while_its_address_is_used()
    {
        // RFC 1122, section 2.3.2.1 (2): a unicast poll.
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        Assert.That(lab.Drain(), Has.Count.EqualTo(1), "fresh: only the datagram");
        Assert.That(lab.Pass(NeighbourTable.ReachableMilliseconds), Is.Empty, "nobody asks for who is not spoken to");

        socket.Send(Remote, [2], lab.Now);
        List<byte[]> sent = lab.Drain();
        Assert.That(sent.Select(frame => frame[13]), Is.EquivalentTo(new byte[] { 0, 6 }));
        Assert.That(sent.Select(frame => MacAddress.Read(frame)), Has.All.EqualTo(StackLab.Peer));
        lab.Give(Frames.Arp(false, StackLab.Peer, StackLab.PeerAddress, StackLab.Own, StackLab.OwnAddress));
        Assert.That(lab.Pass(20_000), Is.Empty);
    }

    [Test]
    public void A_neighbour_that_is_gone_is_sought_everywhere_and_then_given_up()
    {
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        lab.Pass(NeighbourTable.ReachableMilliseconds);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        MacAddress[] asked =
        [
            .. lab.Pass(20_000).Where(sent => sent.Frame[13] == 6).Select(sent => MacAddress.Read(sent.Frame)),
        ];
        MacAddress all = MacAddress.Broadcast;
        Assert.That(asked, Is.EqualTo(new[] { StackLab.Peer, StackLab.Peer, all, all, all }));
        Assert.That(lab.Stack.Arp.NeighbourAt(0).State, Is.EqualTo(NeighbourState.Failed));
    }

    [Test]
    public void Answers_that_nobody_asked_for_teach_nothing()
    {
        var lab = new StackLab();
        lab.Give(Frames.Arp(false, StackLab.Peer, StackLab.PeerAddress, StackLab.Own, StackLab.OwnAddress));
        lab.Give(Frames.Arp(true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.PeerAddress));
        Assert.That(lab.Stack.Arp.Count, Is.Zero);
        Assert.That(lab[NetCounter.ArpUnasked], Is.EqualTo(1));
    }

    [Test]
    public void A_neighbour_that_announces_itself_elsewhere_is_found_there()
    {
        // RFC 826: the merge; RFC 5227, section 2.3: an announcement renews what others know.
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        lab.Give(Frames.Arp(true, StackLab.Router, StackLab.PeerAddress, default, StackLab.PeerAddress));
        Assert.That(lab.Stack.Arp.NeighbourAt(0).Station, Is.EqualTo(StackLab.Router));
        Assert.That(lab[NetCounter.ArpMoved], Is.EqualTo(1));
    }

    [Test]
    public void A_flood_of_strangers_pushes_out_no_neighbour_in_use()
    {
        var lab = new StackLab(configured: false);
        lab.Stack.Configure(StackLab.Configuration with { PrefixLength = 8 }, lab.Now, probe: false);
        lab.Introduce(StackLab.Gateway, StackLab.Router);
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        lab.Drain();

        for (uint i = 0; i < 5000; i++)
        {
            var stranger = new Ipv4Address(0x0A01_0000 + i);
            lab.Introduce(stranger, new MacAddress(0x0600_0000_0000ul + i));
            lab.Give(Frames.ToUs(Frames.Ip(stranger, StackLab.OwnAddress, 1, Frames.Icmp(8, 0, i, []))));
        }

        Assert.That(lab.Stack.Arp.Count, Is.LessThanOrEqualTo(NeighbourTable.NeighboursMax));
        socket.Send(Remote, [2], lab.Now);
        Assert.That(MacAddress.Read(lab.Drain().Single()), Is.EqualTo(StackLab.Peer));
        socket.Send(new Endpoint(Ipv4Address.Of(192, 0, 2, 1), 9), [3], lab.Now);
        Assert.That(MacAddress.Read(lab.Drain().Single()), Is.EqualTo(StackLab.Router));
    }

    [Test]
    public void A_flood_with_false_senders_fills_only_its_part_of_the_table()
    {
        // Answers to senders that do not exist make us ask for them.
        var lab = new StackLab(configured: false);
        lab.Stack.Configure(new InterfaceConfiguration(StackLab.OwnAddress, 8, default), lab.Now, probe: false);
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        for (uint i = 0; i < 5000; i++)
        {
            lab.Give(Frames.ToUs(Frames.Ip(
                new Ipv4Address(0x0A01_0000 + i), StackLab.OwnAddress, 1, Frames.Icmp(8, 0, i, []))));
        }

        Assert.That(lab.Stack.Arp.Count, Is.LessThanOrEqualTo(1 + NeighbourTable.IncompleteMax));
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [2], lab.Now);
        Assert.That(MacAddress.Read(lab.Drain().Single()), Is.EqualTo(StackLab.Peer));
        lab.Pass(60_000);
        for (int i = 0; i < lab.Stack.Arp.Count; i++)
        {
            Assert.That(lab.Stack.Arp.NeighbourAt(i).State, Is.Not.EqualTo(NeighbourState.Incomplete));
        }
    }

    [TestCase(1, 2)]
    [TestCase(3, 1)]
    [TestCase(4, 7)]
    [TestCase(5, 6)]
    [TestCase(7, 3)]
    [TestCase(8, 1)]
    [TestCase(14, 127)]
    [TestCase(14, 224)]
    public void What_is_not_arp_for_this_wire_is_dropped(int at, byte value)
    {
        var lab = new StackLab();
        byte[] frame = Frames.Arp(true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.OwnAddress);
        frame[14 + at] = value;
        Assert.That(lab.Give(frame), Is.Empty);
        Assert.That(lab[NetCounter.ArpBad], Is.EqualTo(1));
        Assert.That(lab.Give(frame[..41]), Is.Empty);
        Assert.That(lab[NetCounter.ArpBad], Is.EqualTo(2));
    }
}
