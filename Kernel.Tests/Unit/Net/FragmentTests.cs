using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>Fragments in and out (RFC 791, section 3.2; RFC 815; RFC 5722).</summary>
[TestFixture]
public sealed class FragmentTests
{
    private const int More = 0x2000;

    private static readonly Endpoint Remote = new(StackLab.PeerAddress, 5000);
    private static readonly Endpoint Local = new(StackLab.OwnAddress, 7);

    private StackLab lab = null!;
    private UdpSocket socket = null!;

    [SetUp]
    public void SetUp()
    {
        lab = new StackLab();
        lab.Introduce(StackLab.PeerAddress, StackLab.Peer);
        socket = lab.Stack.Udp.Open(7, out _)!;
    }

    [Test]
    public void Fragments_in_any_order_make_the_datagram([Range(1, 12)] int seed)
    {
        var random = new Random(seed);
        byte[] payload = Frames.Pattern(random.Next(3000, 65000), seed);
        List<byte[]> fragments = Cut(Frames.Udp(Remote, Local, payload), 8 * random.Next(60, 186));
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fragments));
        foreach (byte[] fragment in fragments)
        {
            Assert.That(socket.Count, Is.Zero);
            lab.Give(fragment);
            lab.Give(fragment);
        }

        Assert.That(Received(), Is.EqualTo(payload));
        Assert.That(lab[NetCounter.Reassembled], Is.EqualTo(1));

        // The copy of the last one begins a datagram that will never be whole: the sender's loss, and bounded.
        Assert.That(lab[NetCounter.FragmentDuplicate], Is.EqualTo(fragments.Count - 1));
    }

    [Test]
    public void Two_datagrams_at_once_do_not_mix()
    {
        byte[] one = Frames.Pattern(4000, 1), two = Frames.Pattern(4000, 2);
        List<byte[]> first = Cut(Frames.Udp(Remote, Local, one), 1480, id: 1);
        List<byte[]> second = Cut(Frames.Udp(Remote, Local, two), 1480, id: 2);
        foreach ((byte[] a, byte[] b) in first.Zip(second))
        {
            lab.Give(a);
            lab.Give(b);
        }

        Assert.That(Received(), Is.EqualTo(one));
        Assert.That(Received(), Is.EqualTo(two));
    }

    // Teardrop and its kin: (start, length, last) of what comes after a first fragment of 0 to 800.
    private static readonly object[] Overlaps =
    [
        new object[] { 400, 200, false },
        new object[] { 792, 400, true },
        new object[] { 0, 1480, false },
        new object[] { 0, 400, false },
        new object[] { 24, 4, true },
    ];

    [TestCaseSource(nameof(Overlaps))]
    public void Overlapping_fragments_end_the_datagram(int start, int length, bool isLast)
    {
        // RFC 5722, section 4: the whole datagram goes, and what follows of it.
        byte[] udp = Frames.Udp(Remote, Local, Frames.Pattern(2000));
        lab.Give(Piece(udp, 0, 800, true));
        byte[] evil = Frames.Pattern(length, 99);
        lab.Give(Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 17, evil, 7, (start / 8) | (isLast ? 0 : More))));
        Assert.That(lab[NetCounter.FragmentOverlap], Is.EqualTo(1));
        lab.Give(Piece(udp, 0, 800, true));
        lab.Give(Piece(udp, 800, udp.Length - 800, false));
        Assert.That(socket.Count, Is.Zero);

        lab.Pass(Reassembly.TimeoutMilliseconds);
        foreach (byte[] fragment in Cut(udp, 800))
        {
            lab.Give(fragment);
        }

        Assert.That(socket.Count, Is.EqualTo(1), "the identification is free again after its time");
    }

    [Test]
    public void Two_ends_or_something_behind_the_end_finish_the_datagram()
    {
        byte[] udp = Frames.Udp(Remote, Local, Frames.Pattern(2992));
        lab.Give(Piece(udp, 1600, 400, false));
        lab.Give(Piece(udp, 2400, 400, true));
        Assert.That(lab[NetCounter.FragmentOverlap], Is.EqualTo(1));
        lab.Give(Piece(udp, 1600, 400, false, id: 8));
        lab.Give(Piece(udp, 2400, 400, false, id: 8));
        Assert.That(lab[NetCounter.FragmentOverlap], Is.EqualTo(2));
        lab.Give(Piece(udp, 2400, 400, true, id: 9));
        lab.Give(Piece(udp, 1600, 400, false, id: 9));
        Assert.That(lab[NetCounter.FragmentOverlap], Is.EqualTo(3));
    }

    [Test]
    public void Impossible_fragments_are_dropped()
    {
        byte[] Give(int offset, int length, bool more) => Frames.ToUs(Frames.Ip(
            Remote.Address, Local.Address, 17, new byte[length], 7, (offset / 8) | (more ? More : 0)));

        lab.Give(Give(0, 100, true)); // not a multiple of eight
        lab.Give(Give(8, 0, false)); // empty
        lab.Give(Give(65528, 1480, false)); // the ping of death
        lab.Give(Give(65512, 4, false)); // one byte more than a datagram holds behind its header
        Assert.That(lab[NetCounter.FragmentBad], Is.EqualTo(4));
        lab.Give(Give(65512, 3, false));
        Assert.That(lab[NetCounter.FragmentBad], Is.EqualTo(4));
    }

    [Test]
    public void What_does_not_become_whole_in_time_is_dropped_and_its_sender_told()
    {
        // RFC 1122, section 3.3.2; ours is 30 seconds.
        byte[] udp = Frames.Udp(Remote, Local, Frames.Pattern(2000));
        lab.Give(Piece(udp, 0, 1480, true));
        Assert.That(lab.Pass(29_000), Is.Empty);
        byte[] error = lab.Pass(2_000).Single().Frame;
        Assert.That((error[34], error[35]), Is.EqualTo((11, 1)));
        Assert.That(error[62..70], Is.EqualTo(udp[..8]));
        Assert.That(lab[NetCounter.FragmentTimeout], Is.EqualTo(1));

        // Without the first fragment nobody is told.
        lab.Give(Piece(udp, 1480, udp.Length - 1480, false, id: 8));
        Assert.That(lab.Pass(40_000), Is.Empty);
        Assert.That(lab.Stack.TryGetNextDue(out _), Is.False);
    }

    [Test]
    public void A_flood_of_fragments_stays_in_its_room_and_ends()
    {
        byte[] piece = new byte[1480];
        for (int i = 0; i < 20_000; i++)
        {
            lab.Stack.OnFrame(
                Frames.ToUs(Frames.Ip(
                    Remote.Address, Local.Address, 17, piece, (ushort)(i / 3), ((i % 3) * 185) | More)),
                lab.Now);
        }

        Assert.That(lab[NetCounter.FragmentEvicted], Is.GreaterThan(6_000));
        byte[] payload = Frames.Pattern(5000);
        foreach (byte[] fragment in Cut(Frames.Udp(Remote, Local, payload), 1480, id: 65535))
        {
            lab.Give(fragment);
        }

        Assert.That(Received(), Is.EqualTo(payload));
        lab.Pass(60_000);
        Assert.That(lab.Stack.TryGetNextDue(out _), Is.False);
    }

    [Test]
    public void One_datagram_of_many_small_fragments_cannot_hold_all_room_for_ever()
    {
        for (int i = 0; i < Reassembly.FragmentsMax + 10; i++)
        {
            lab.Give(Frames.ToUs(Frames.Ip(Remote.Address, Local.Address, 17, new byte[8], 7, (i * 2) | More)));
        }

        Assert.That(lab[NetCounter.FragmentEvicted], Is.EqualTo(1));
    }

    [Test]
    public void The_longest_ping_is_answered_in_fragments()
    {
        byte[] echo = Frames.Icmp(8, 0, 1, Frames.Pattern(65507));
        var sent = new List<byte[]>();
        foreach (byte[] fragment in Cut(echo, 1480, protocol: 1))
        {
            sent.AddRange(lab.Give(fragment));
        }

        echo[0] = 0;
        Assert.That(Joined(sent)[4..], Is.EqualTo(echo[4..]));
        Assert.That(sent, Has.Count.EqualTo(45));
    }

    [TestCase(1473, 2)]
    [TestCase(1472, 1)]
    [TestCase(65507, 45)]
    public void A_long_datagram_is_sent_in_fragments(int length, int pieces)
    {
        // RFC 791, section 2.3.
        byte[] payload = Frames.Pattern(length);
        Assert.That(socket.Send(Remote, payload, lab.Now), Is.EqualTo(SocketError.None));
        List<byte[]> sent = lab.Drain();
        Assert.That(sent, Has.Count.EqualTo(pieces));
        Assert.That(Joined(sent), Is.EqualTo(Frames.Udp(Local, Remote, payload)));
        Assert.That(sent, Has.All.Length.LessThanOrEqualTo(1514));
    }

    [Test]
    public void More_than_a_datagram_can_hold_is_refused() =>
        Assert.That(socket.Send(Remote, new byte[65508], lab.Now), Is.EqualTo(SocketError.MessageTooLong));

    private static byte[] Piece(byte[] udp, int start, int length, bool more, ushort id = 7) => Frames.ToUs(Frames.Ip(
        Remote.Address, Local.Address, 17, udp[start..(start + length)], id, (start / 8) | (more ? More : 0)));

    private static List<byte[]> Cut(byte[] payload, int step, ushort id = 7, byte protocol = 17)
    {
        var fragments = new List<byte[]>();
        for (int at = 0; at < payload.Length; at += step)
        {
            int end = Math.Min(at + step, payload.Length);
            fragments.Add(Frames.ToUs(Frames.Ip(
                Remote.Address, Local.Address, protocol, payload[at..end], id,
                (at / 8) | (end < payload.Length ? More : 0))));
        }

        return fragments;
    }

    private static byte[] Joined(List<byte[]> frames)
    {
        byte[] whole = new byte[frames.Sum(frame => frame.Length - 34)];
        foreach (byte[] frame in frames)
        {
            int offset = (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(20)) & 0x1FFF) * 8;
            Assert.That(Frames.Checksum(frame.AsSpan(14, 20)), Is.Zero);
            frame.AsSpan(34).CopyTo(whole.AsSpan(offset));
        }

        return whole;
    }

    private byte[] Received()
    {
        byte[] room = new byte[65535];
        Assert.That(socket.TryReceive(room, out int length, out Endpoint from), Is.True);
        Assert.That(from, Is.EqualTo(Remote));
        return room[..length];
    }
}
