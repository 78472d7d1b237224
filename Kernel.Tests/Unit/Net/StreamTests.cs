using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>What IP does for TCP: headers, next hops, path MTUs.</summary>
[TestFixture]
public sealed class StreamTests
{
    private static readonly Ipv4Address Far = Ipv4Address.Of(192, 0, 2, 80);

    [Test]
    public void A_connection_asks_for_its_neighbour_first_and_its_segments_must_not_be_cut()
    {
        // RFC 826; RFC 1191, section 3.
        var lab = new StackLab();
        lab.Stack.Tcp.Connect(new Endpoint(Far, 80), lab.Now, out SocketError error);
        Assert.That(error, Is.EqualTo(SocketError.None));
        byte[] question = lab.Drain()[0];
        Assert.That(Ipv4Address.Read(question.AsSpan(38)), Is.EqualTo(StackLab.Gateway));
        byte[] syn = lab.Give(Frames.Arp(
            false, StackLab.Router, StackLab.Gateway, StackLab.Own, StackLab.OwnAddress))[0];
        Assert.That(MacAddress.Read(syn), Is.EqualTo(StackLab.Router));
        Assert.That(Ipv4Address.Read(syn.AsSpan(30)), Is.EqualTo(Far));
        Assert.That(syn[20] & 0x40, Is.EqualTo(0x40), "don't fragment");
        Assert.That(Frames.Checksum(syn.AsSpan(14, 20)), Is.Zero);
    }

    [Test]
    public void A_neighbour_that_is_silent_is_a_host_that_is_not_there()
    {
        var lab = new StackLab();
        TcpConnection connection = lab.Stack.Tcp.Connect(new Endpoint(StackLab.PeerAddress, 80), lab.Now, out _)!;
        lab.Pass(3_500);
        Assert.That(lab[NetCounter.ArpFailed], Is.EqualTo(1));
        lab.Pass(300_000);
        Assert.That(connection.Error, Is.EqualTo(SocketError.HostUnreachable).Or.EqualTo(SocketError.TimedOut));
    }

    [Test]
    public void A_lost_address_ends_its_connections()
    {
        var lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        TcpConnection connection = lab.Stack.Tcp.Connect(new Endpoint(StackLab.PeerAddress, 80), lab.Now, out _)!;
        lab.Stack.Configure(default, lab.Now);
        Assert.That(connection.State, Is.EqualTo(TcpState.Closed));
        Assert.That(lab.Drain(), Is.Empty);
    }

    [Test]
    public void What_the_card_sums_up_is_left_to_it()
    {
        (StackLab lab, TcpConnection connection) = Connected();
        connection.Send(Frames.Pattern(500), lab.Now);
        byte[] frame = new byte[INetworkDevice.FrameMax];
        int length = lab.Stack.Transmit(frame, lab.Now, out TransmitOffload offload);
        Assert.That((offload.TcpChecksum, offload.SegmentSize), Is.EqualTo((true, (ushort)0)));
        Assert.That(frame[24..26], Is.EqualTo(new byte[2]), "the header's sum");

        // As the card does it: the field holds the pseudo header's sum, so all of it together gives the checksum.
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(50), Frames.Checksum(frame.AsSpan(34, length - 34)));
        Assert.That(Sum(frame.AsSpan(34, length - 34)), Is.Zero);
    }

    [Test]
    public void What_has_to_wait_for_a_neighbour_is_summed_up_here()
    {
        (StackLab lab, TcpConnection connection) = Connected();
        lab.Stack.Arp.Flush();
        connection.Send(Frames.Pattern(501), lab.Now);
        lab.Drain();
        lab.Stack.OnFrame(
            Frames.Arp(false, StackLab.Peer, StackLab.PeerAddress, StackLab.Own, StackLab.OwnAddress), lab.Now);
        byte[] frame = new byte[INetworkDevice.FrameMax];
        int length = lab.Stack.Transmit(frame, lab.Now, out TransmitOffload offload);
        Assert.That(length, Is.GreaterThan(501));
        Assert.That(offload.TcpChecksum, Is.False);
        Assert.That(Frames.Checksum(frame.AsSpan(14, 20)), Is.Zero);
        Assert.That(Sum(frame.AsSpan(34, length - 34)), Is.Zero);
    }

    private static (StackLab Lab, TcpConnection Connection) Connected()
    {
        var lab = new StackLab();
        lab.Stack.Tcp.LeavesChecksum = true;
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        var remote = new Endpoint(StackLab.PeerAddress, 80);
        TcpConnection connection = lab.Stack.Tcp.Connect(remote, lab.Now, out _)!;
        byte[] syn = lab.Drain()[0][34..];

        // The answer: SYN and ACK, no options, a window of 8 KiB.
        byte[] answer = [syn[2], syn[3], syn[0], syn[1], 1, 2, 3, 4, .. syn[4..8], 0x50, 0x12, 0x20, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(
            answer.AsSpan(8), BinaryPrimitives.ReadUInt32BigEndian(syn.AsSpan(4)) + 1);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(16), Sum(answer));
        lab.Give(Frames.ToUs(Frames.Ip(StackLab.PeerAddress, StackLab.OwnAddress, 6, answer)));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
        return (lab, connection);
    }

    // The checksum over segment and pseudo header; zero for a segment that has the right one.
    private static ushort Sum(ReadOnlySpan<byte> segment)
    {
        byte[] whole = new byte[12 + segment.Length];
        StackLab.OwnAddress.Write(whole);
        StackLab.PeerAddress.Write(whole.AsSpan(4));
        whole[9] = 6;
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(10), (ushort)segment.Length);
        segment.CopyTo(whole.AsSpan(12));
        return Frames.Checksum(whole);
    }
}
