using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>IPv4, ICMP and UDP as a peer sees them.</summary>
[TestFixture]
public sealed class DatagramTests
{
    private static readonly Endpoint Remote = new(StackLab.PeerAddress, 5000);
    private static readonly Endpoint Local = new(StackLab.OwnAddress, 7);

    [Test]
    public void An_echo_request_is_answered_with_all_its_payload()
    {
        // RFC 1122, section 3.2.2.6.
        var lab = Introduced();
        byte[] request = Frames.Icmp(8, 0, 0x1234_0001, Frames.Pattern(1001));
        List<byte[]> sent = lab.Give(Frames.ToUs(
            Frames.Ip(StackLab.PeerAddress, StackLab.OwnAddress, 1, request)));

        Assert.That(sent, Has.Count.EqualTo(1));
        byte[] reply = Frames.Icmp(0, 0, 0x1234_0001, Frames.Pattern(1001));
        Assert.That(sent[0][34..], Is.EqualTo(reply));
        Assert.That(MacAddress.Read(sent[0]), Is.EqualTo(StackLab.Peer));
        AssertHeader(sent[0], 1, reply.Length);
    }

    [Test]
    public void Padding_behind_a_short_datagram_is_not_echoed()
    {
        var lab = Introduced();
        byte[] frame = Frames.ToUs(Frames.Ip(
            StackLab.PeerAddress, StackLab.OwnAddress, 1, Frames.Icmp(8, 0, 1, [1, 2, 3])));
        List<byte[]> sent = lab.Give([.. frame, .. new byte[60 - frame.Length]]);
        Assert.That(sent[0], Has.Length.EqualTo(frame.Length));
    }

    [Test]
    public void Options_are_stepped_over_and_source_routes_refused()
    {
        // RFC 1122, section 3.2.1.8; RFC 7126, section 4.3.
        var lab = Introduced();
        byte[] echo = Frames.Icmp(8, 0, 1, []);
        byte[] Ask(params byte[] options) => Frames.ToUs(
            Frames.Ip(StackLab.PeerAddress, StackLab.OwnAddress, 1, echo, options: options));

        Assert.That(lab.Give(Ask(7, 7, 4, 0, 0, 0, 0, 0)), Has.Count.EqualTo(1), "record route");
        Assert.That(lab.Give(Ask(1, 1, 1, 0)), Has.Count.EqualTo(1), "padding");
        Assert.That(lab.Give(Ask(131, 7, 4, 10, 9, 0, 9, 0)), Is.Empty);
        Assert.That(lab[NetCounter.IpSourceRoute], Is.EqualTo(1));
        Assert.That(lab.Give(Ask(7, 0, 0, 0)), Is.Empty, "an option without length");
        Assert.That(lab.Give(Ask(7, 5, 0, 0)), Is.Empty, "an option beyond the header");
        Assert.That(lab.Give(Ask(1, 1, 1, 7)), Is.Empty, "an option cut off");
        Assert.That(lab[NetCounter.IpHeaderBad], Is.EqualTo(3));
    }

    [TestCase(0, 0x55, NetCounter.IpHeaderBad)]
    [TestCase(0, 0x44, NetCounter.IpHeaderBad)]
    [TestCase(2, 0xFF, NetCounter.IpHeaderBad)]
    [TestCase(3, 0x10, NetCounter.IpHeaderBad)]
    [TestCase(8, 0x01, NetCounter.IpChecksumBad)]
    public void A_bad_header_is_dropped_and_counted(int at, byte value, NetCounter counter)
    {
        // RFC 791, section 3.1; RFC 1122, sections 3.2.1.1 and 3.2.1.2.
        var lab = Introduced();
        byte[] ip = Frames.Ip(StackLab.PeerAddress, StackLab.OwnAddress, 1, Frames.Icmp(8, 0, 1, []));
        ip[at] = value;
        Assert.That(lab.Give(Frames.ToUs(ip)), Is.Empty);
        Assert.That(lab[counter], Is.EqualTo(1));
    }

    [TestCase(0x7F000001u)]
    [TestCase(0xE0000001u)]
    [TestCase(0xFFFFFFFFu)]
    [TestCase(0x00000000u)]
    [TestCase(0xF0000001u)]
    [TestCase(0x0A0900FFu)]
    [TestCase(0x0A090000u)]
    [TestCase(0x0A090002u)]
    public void A_source_that_cannot_be_is_dropped(uint source)
    {
        // RFC 1122, section 3.2.1.3.
        var lab = Introduced();
        byte[] ip = Frames.Ip(new Ipv4Address(source), StackLab.OwnAddress, 1, Frames.Icmp(8, 0, 1, []));
        Assert.That(lab.Give(Frames.ToUs(ip)), Is.Empty);
        Assert.That(lab[NetCounter.IpSourceBad], Is.EqualTo(1));
    }

    [Test]
    public void What_is_not_for_us_is_dropped()
    {
        var lab = Introduced();
        byte[] echo = Frames.Icmp(8, 0, 1, []);
        byte[] ip = Frames.Ip(StackLab.PeerAddress, StackLab.OwnAddress, 1, echo);
        lab.Give(Frames.Ethernet(StackLab.Router, StackLab.Peer, 0x0800, ip));
        Assert.That(lab[NetCounter.FrameNotOurs], Is.EqualTo(1));

        // RFC 1122, section 3.3.6: one host's datagram in a broadcast frame.
        Assert.That(lab.Give(Frames.Ethernet(MacAddress.Broadcast, StackLab.Peer, 0x0800, ip)), Is.Empty);
        Assert.That(lab.Give(Frames.ToUs(
            Frames.Ip(StackLab.PeerAddress, Ipv4Address.Of(10, 9, 0, 3), 1, echo))), Is.Empty);
        Assert.That(lab[NetCounter.IpNotOurs], Is.EqualTo(2));

        // RFC 1122, section 3.2.2.6: an echo request to everybody.
        byte[] toAll = Frames.Ip(StackLab.PeerAddress, Ipv4Address.Of(10, 9, 0, 255), 1, echo);
        Assert.That(lab.Give(Frames.Ethernet(MacAddress.Broadcast, StackLab.Peer, 0x0800, toAll)), Is.Empty);

        // RFC 1812, section 5.3.4: what is for everybody does not come in a frame for one.
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        var all = new Endpoint(Ipv4Address.Of(10, 9, 0, 255), 7);
        byte[] word = Frames.Ip(Remote.Address, all.Address, 17, Frames.Udp(Remote, all, [1]));
        lab.Give(Frames.ToUs(word));
        Assert.That((socket.Count, lab[NetCounter.IpNotOurs]), Is.EqualTo((0, 3L)));
        lab.Give(Frames.Ethernet(MacAddress.Broadcast, StackLab.Peer, 0x0800, word));
        Assert.That(socket.Count, Is.EqualTo(1));

        lab.Give(Frames.Ethernet(StackLab.Own, MacAddress.Broadcast, 0x0800, ip));
        lab.Give(new byte[13]);
        Assert.That(lab[NetCounter.FrameBad], Is.EqualTo(2));
    }

    [Test]
    public void A_socket_sends_and_takes_datagrams()
    {
        // RFC 768.
        var lab = Introduced();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        lab.Give(Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 17, Frames.Udp(Remote, Local, [1, 2, 3]))));
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));

        byte[] room = new byte[2];
        Assert.That(socket.TryReceive(room, out int length, out Endpoint from), Is.True);
        Assert.That((length, from), Is.EqualTo((3, Remote)));
        Assert.That(room, Is.EqualTo(new byte[] { 1, 2 }));
        Assert.That(socket.TryReceive(room, out _, out _), Is.False);

        Assert.That(socket.Send(Remote, Frames.Pattern(99), lab.Now), Is.EqualTo(SocketError.None));
        byte[] sent = lab.Drain()[0];
        Assert.That(sent[34..], Is.EqualTo(Frames.Udp(Local, Remote, Frames.Pattern(99))));
        AssertHeader(sent, 17, 107);
    }

    [Test]
    public void A_checksum_that_comes_out_as_zero_is_sent_as_ones()
    {
        // RFC 768: zero says that there is none.
        var lab = Introduced();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        byte[] payload = [0, 0];
        ushort sum = Checksum(Frames.Udp(Local, Remote, payload));
        BinaryPrimitives.WriteUInt16BigEndian(payload, sum);
        socket.Send(Remote, payload, lab.Now);
        Assert.That(Checksum(lab.Drain()[0][34..]), Is.EqualTo(0xFFFF));

        static ushort Checksum(byte[] udp) => BinaryPrimitives.ReadUInt16BigEndian(udp.AsSpan(6));
    }

    [Test]
    public void A_datagram_without_checksum_is_taken_and_with_a_wrong_one_not()
    {
        // RFC 1122, section 4.1.3.4.
        var lab = Introduced();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        byte[] udp = Frames.Udp(Remote, Local, [1, 2, 3]);
        udp[6] ^= 1;
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, udp)));
        Assert.That((socket.Count, lab[NetCounter.UdpChecksumBad]), Is.EqualTo((0, 1L)));
        udp[6] = 0;
        udp[7] = 0;
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, udp)));
        Assert.That(socket.Count, Is.EqualTo(1));
    }

    [TestCase(7)]
    [TestCase(12)]
    public void A_datagram_with_an_impossible_length_is_dropped(byte length)
    {
        var lab = Introduced();
        lab.Stack.Udp.Open(7, out _);
        byte[] udp = Frames.Udp(Remote, Local, [1, 2, 3]);
        udp[5] = length;
        udp[6] = 0;
        udp[7] = 0;
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, udp)));
        Assert.That(lab[NetCounter.UdpBad], Is.EqualTo(1));
    }

    [Test]
    public void The_queue_of_a_socket_is_bounded_and_the_rest_goes_on()
    {
        var lab = Introduced();
        UdpSocket full = lab.Stack.Udp.Open(7, out _)!, other = lab.Stack.Udp.Open(8, out _)!;
        byte[] flood = Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 17, Frames.Udp(Remote, Local, Frames.Pattern(1400))));
        for (int i = 0; i < 1000; i++)
        {
            lab.Stack.OnFrame(flood, lab.Now);
        }

        Assert.That(full.Count, Is.LessThanOrEqualTo(UdpSocket.ReceiveBytes / 1400));
        Assert.That(full.Count + lab[NetCounter.UdpQueueFull], Is.EqualTo(1000));
        var to = new Endpoint(Local.Address, 8);
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, Frames.Udp(Remote, to, [9]))));
        Assert.That(other.Count, Is.EqualTo(1));
        while (full.TryReceive(new byte[1400], out int length, out _))
        {
            Assert.That(length, Is.EqualTo(1400));
        }
    }

    [Test]
    public void A_full_output_queue_says_so_and_tells_when_there_is_room()
    {
        var lab = Introduced();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        int queued = 0;
        while (socket.Send(Remote, Frames.Pattern(1000), lab.Now) == SocketError.None)
        {
            queued++;
        }

        Assert.That(queued, Is.InRange(50, 100));
        Assert.That(lab.Stack.Ready.IsEmpty, Is.True);
        Assert.That(lab.Drain(), Has.Count.EqualTo(queued));
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));
    }

    [Test]
    public void Ports_are_given_once_and_come_back()
    {
        var lab = new StackLab();
        UdpSocket first = lab.Stack.Udp.Open(7, out _)!;
        Assert.That(lab.Stack.Udp.Open(7, out SocketError error), Is.Null);
        Assert.That(error, Is.EqualTo(SocketError.AddressInUse));
        first.Close();
        Assert.That(first.Send(Remote, [1], lab.Now), Is.EqualTo(SocketError.Closed));
        Assert.That(lab.Stack.Udp.Open(7, out _), Is.Not.Null);
        var ports = new HashSet<ushort>();
        for (int i = 1; i < UdpLayer.SocketsMax; i++)
        {
            ports.Add(lab.Stack.Udp.Open(0, out _)!.Port);
        }

        Assert.That(ports, Has.Count.EqualTo(UdpLayer.SocketsMax - 1));
        Assert.That(ports, Has.All.GreaterThanOrEqualTo(49152));
        Assert.That(lab.Stack.Udp.Open(0, out error), Is.Null);
        Assert.That(error, Is.EqualTo(SocketError.TooManySockets));
    }

    [Test]
    public void A_closed_port_is_reported_but_not_to_everybody()
    {
        // RFC 1122, sections 4.1.3.1 and 3.2.2.
        var lab = Introduced();
        byte[] ip = Frames.Ip(Remote.Address, Local.Address, 17, Frames.Udp(Remote, Local, Frames.Pattern(700)));
        byte[] error = lab.Give(Frames.ToUs(ip))[0];
        Assert.That((error[34], error[35]), Is.EqualTo((3, 3)));
        Assert.That(error, Has.Length.EqualTo(14 + 576), "RFC 1812, section 4.3.2.3");
        Assert.That(error[42..], Is.EqualTo(ip[..(576 - 28)]));
        Assert.That(Frames.Checksum(error.AsSpan(34)), Is.Zero);

        var all = new Endpoint(Ipv4Address.Broadcast, 7);
        byte[] toAll = Frames.Ip(Remote.Address, all.Address, 17, Frames.Udp(Remote, all, [1]));
        Assert.That(lab.Give(Frames.Ethernet(MacAddress.Broadcast, StackLab.Peer, 0x0800, toAll)), Is.Empty);
    }

    [Test]
    public void An_unknown_protocol_is_reported()
    {
        // RFC 1122, section 3.2.2.1.
        var lab = Introduced();
        byte[] error = lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 200, [1, 2, 3])))[0];
        Assert.That((error[34], error[35]), Is.EqualTo((3, 2)));
    }

    [Test]
    public void Errors_are_limited_in_their_rate()
    {
        // RFC 1812, section 4.3.2.8.
        var lab = Introduced();
        byte[] frame = Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, Frames.Udp(Remote, Local, [1])));
        int sent = 0;
        for (int i = 0; i < 1000; i++)
        {
            sent += lab.Give(frame).Count;
        }

        Assert.That(sent, Is.EqualTo(IcmpLayer.ErrorBurst));
        Assert.That(lab[NetCounter.IcmpRateLimited], Is.EqualTo(1000 - sent));
        lab.Pass(50);
        Assert.That(lab.Give(frame), Has.Count.EqualTo(1));
    }

    [Test]
    public void Ping_gets_its_answer_and_only_its_own()
    {
        var lab = Introduced();
        EchoSocket socket = lab.Stack.Icmp.OpenEcho(out _)!;
        Assert.That(socket.Send(Remote.Address, 3, Frames.Pattern(56), lab.Now), Is.EqualTo(SocketError.None));
        byte[] request = lab.Drain()[0][34..];
        uint rest = ((uint)socket.Identifier << 16) | 3;
        Assert.That(request, Is.EqualTo(Frames.Icmp(8, 0, rest, Frames.Pattern(56))));

        lab.Give(Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 1, Frames.Icmp(0, 0, rest ^ 0x10000, Frames.Pattern(56)))));
        Assert.That(lab[NetCounter.EchoUnasked], Is.EqualTo(1));
        lab.Give(Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 1, Frames.Icmp(0, 0, rest, Frames.Pattern(56)))));
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));
        byte[] payload = new byte[56];
        Assert.That(socket.TryReceive(payload, out EchoReply reply), Is.True);
        Assert.That(reply, Is.EqualTo(new EchoReply(Remote.Address, 3, 56, 64, lab.Now, SocketError.None)));
        Assert.That(payload, Is.EqualTo(Frames.Pattern(56)));
    }

    [TestCase(3, 1, SocketError.HostUnreachable)]
    [TestCase(3, 0, SocketError.NetworkUnreachable)]
    [TestCase(3, 13, SocketError.HostUnreachable)]
    [TestCase(11, 0, SocketError.TimedOut)]
    [TestCase(12, 0, SocketError.HostUnreachable)]
    public void A_router_can_say_that_a_ping_did_not_arrive(byte type, byte code, SocketError expected)
    {
        // RFC 1122, section 3.2.2: errors are handed to whoever sent.
        var lab = Introduced();
        EchoSocket socket = lab.Stack.Icmp.OpenEcho(out _)!;
        socket.Send(Remote.Address, 9, [1, 2], lab.Now);
        byte[] quoted = lab.Drain()[0][14..];
        lab.Give(Frames.ToUs(Frames.Ip(
            StackLab.Gateway, Local.Address, 1, Frames.Icmp(type, code, 0, quoted))));
        Assert.That(socket.TryReceive([], out EchoReply reply), Is.True);
        Assert.That((reply.From, reply.Sequence, reply.Error), Is.EqualTo((StackLab.Gateway, (ushort)9, expected)));
    }

    [Test]
    public void A_closed_port_far_away_is_told_to_the_socket_that_sent()
    {
        // RFC 1122, section 4.1.3.3.
        var lab = Introduced();
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(Remote, [1], lab.Now);
        byte[] quoted = lab.Drain()[0][14..];
        byte[] forged = Frames.Ip(Local.Address, Remote.Address, 17, Frames.Udp(Local, Remote with { Port = 1 }, [1]));
        byte[] foreign = Frames.Ip(Remote.Address, Local.Address, 17, Frames.Udp(Local, Remote, [1]));
        byte[] ofAnother = Frames.Ip(
            Ipv4Address.Of(10, 9, 0, 3), Remote.Address, 17, Frames.Udp(Local, Remote, [1]));
        foreach (byte[] about in new[] { forged, foreign, ofAnother })
        {
            lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 1, Frames.Icmp(3, 3, 0, about))));
            Assert.That(socket.TakeError(), Is.EqualTo(SocketError.None));
        }

        Assert.That(lab[NetCounter.IcmpErrorUnasked], Is.EqualTo(3));
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 1, Frames.Icmp(3, 3, 0, quoted))));
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));
        Assert.That(socket.TakeError(), Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(socket.TakeError(), Is.EqualTo(SocketError.None));
    }

    [Test]
    public void Errors_about_errors_and_cut_off_quotes_are_dropped()
    {
        // RFC 1122, section 3.2.2: eight bytes of what was sent, and nothing in answer.
        var lab = Introduced();
        byte[] quoted = Frames.Ip(Local.Address, Remote.Address, 17, Frames.Udp(Local, Remote, [1]));
        Assert.That(lab.Give(Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 1, Frames.Icmp(3, 3, 0, quoted[..27])))), Is.Empty);
        Assert.That(lab[NetCounter.IcmpBad], Is.EqualTo(1));

        // Redirects and source quench steer nothing (RFC 6633).
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 1, Frames.Icmp(5, 1, 0x0A090009, quoted))));
        lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 1, Frames.Icmp(4, 0, 0, quoted))));
        Assert.That(lab[NetCounter.IcmpIgnored], Is.EqualTo(2));
    }

    [Test]
    public void Without_an_address_nothing_is_sent_and_nothing_taken()
    {
        var lab = new StackLab(configured: false);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        Assert.That(socket.Send(Remote, [1], lab.Now), Is.EqualTo(SocketError.NetworkDown));
        Assert.That(
            lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, Frames.Udp(Remote, Local, [1])))),
            Is.Empty);
        Assert.That(socket.Count, Is.Zero);
    }

    [Test]
    public void What_is_not_on_the_wire_goes_to_the_gateway()
    {
        // RFC 1122, section 3.3.1.1.
        var lab = Introduced();
        lab.Introduce(StackLab.Gateway, StackLab.Router);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(new Endpoint(Ipv4Address.Of(192, 0, 2, 1), 9), [1], lab.Now);
        Assert.That(MacAddress.Read(lab.Drain()[0]), Is.EqualTo(StackLab.Router));
        socket.Send(new Endpoint(Ipv4Address.Of(10, 9, 0, 255), 9), [1], lab.Now);
        Assert.That(MacAddress.Read(lab.Drain()[0]), Is.EqualTo(MacAddress.Broadcast));

        lab.Stack.Configure(StackLab.Configuration with { Gateway = default }, lab.Now, probe: false);
        Assert.That(
            socket.Send(new Endpoint(Ipv4Address.Of(192, 0, 2, 1), 9), [1], lab.Now),
            Is.EqualTo(SocketError.NetworkUnreachable));
    }

    [Test]
    public void Raw_frames_go_to_whoever_takes_their_type()
    {
        var lab = new StackLab();
        RawSocket socket = lab.Stack.RawEthernet.Open(EtherType.Experimental, out _)!;
        Assert.That(lab.Stack.RawEthernet.Open(EtherType.Experimental, out SocketError error), Is.Null);
        Assert.That(error, Is.EqualTo(SocketError.AddressInUse));
        Assert.That(lab.Stack.RawEthernet.Open(EtherType.Arp, out _), Is.Null);

        byte[] frame = Frames.Ethernet(StackLab.Own, StackLab.Peer, EtherType.Experimental, Frames.Pattern(50));
        lab.Give(frame);
        Assert.That(lab.Stack.Ready.Take(), Is.SameAs(socket));
        byte[] payload = new byte[50];
        Assert.That(socket.TryReceive(payload, out int length, out MacAddress from), Is.True);
        Assert.That((length, from), Is.EqualTo((50, StackLab.Peer)));
        Assert.That(payload, Is.EqualTo(Frames.Pattern(50)));

        Assert.That(socket.Send(StackLab.Peer, Frames.Pattern(9)), Is.EqualTo(SocketError.None));
        Assert.That(lab.Drain()[0], Is.EqualTo(
            Frames.Ethernet(StackLab.Peer, StackLab.Own, EtherType.Experimental, Frames.Pattern(9))));
        Assert.That(socket.Send(StackLab.Peer, new byte[1501]), Is.EqualTo(SocketError.MessageTooLong));
        lab.Give(Frames.Ethernet(StackLab.Own, StackLab.Peer, 0x9999, []));
        Assert.That(lab[NetCounter.FrameTypeUnknown], Is.EqualTo(1));
    }

    [Test]
    public void The_capture_keeps_the_last_frames_of_both_ways()
    {
        var lab = Introduced();
        lab.Stack.Capture.Start(frames: 3, snapLength: 40);
        byte[] frame = Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 1, Frames.Icmp(8, 0, 1, Frames.Pattern(100))));
        lab.Give(frame);
        lab.Give(frame);
        Assert.That((lab.Stack.Capture.Count, lab.Stack.Capture.Seen), Is.EqualTo((3, 4L)));
        CapturedFrame oldest = lab.Stack.Capture.FrameAt(0), next = lab.Stack.Capture.FrameAt(1);
        Assert.That((oldest.IsOutgoing, next.IsOutgoing), Is.EqualTo((true, false)));
        Assert.That(next.Length, Is.EqualTo(frame.Length));
        Assert.That(next.Bytes.ToArray(), Is.EqualTo(frame[..40]));
        lab.Stack.Capture.Stop();
        lab.Give(frame);
        Assert.That(lab.Stack.Capture.Seen, Is.EqualTo(4));
    }

    private static StackLab Introduced()
    {
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        return lab;
    }

    private static void AssertHeader(byte[] frame, byte protocol, int payload)
    {
        Assert.That(frame[14], Is.EqualTo(0x45));
        Assert.That(frame[22], Is.EqualTo(64), "time to live");
        Assert.That(frame[23], Is.EqualTo(protocol));
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16)), Is.EqualTo(20 + payload));
        Assert.That(Frames.Checksum(frame.AsSpan(14, 20)), Is.Zero);
        Assert.That(Ipv4Address.Read(frame.AsSpan(26)), Is.EqualTo(StackLab.OwnAddress));
    }
}
