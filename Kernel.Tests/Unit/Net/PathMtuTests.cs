using System;
using System.Buffers.Binary;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>Path MTU discovery (RFC 1191) and its forgeries (RFC 5927).</summary>
[TestFixture]
public sealed class PathMtuTests
{
    private static readonly Ipv4Address Far = Ipv4Address.Of(192, 0, 2, 80);

    private StackLab lab = null!;
    private byte[] syn = null!;

    [SetUp]
    public void SetUp()
    {
        lab = new StackLab();
        lab.Introduce(StackLab.Gateway, StackLab.Router);
        lab.Stack.Tcp.Connect(new Endpoint(Far, 80), lab.Now, out _);
        syn = lab.Drain().Single()[14..];
    }

    [Test]
    public void A_router_that_says_how_much_it_takes_is_believed_about_a_segment_on_its_way()
    {
        // RFC 1191, section 3 and 4.
        Say(1400, syn);
        Assert.That(Mtu(), Is.EqualTo(1400));
        Assert.That(lab[NetCounter.PathMtuLearnt], Is.EqualTo(1));
        Assert.That(Mtu(StackLab.PeerAddress), Is.EqualTo(1500), "other paths are as they were");
    }

    [Test]
    public void A_forgery_about_a_segment_that_is_not_on_its_way_is_not_believed()
    {
        // RFC 5927, section 4.1: the sequence number is what a stranger does not know.
        byte[] wrongNumber = (byte[])syn.Clone();
        wrongNumber[24] ^= 0x40;
        byte[] wrongPort = (byte[])syn.Clone();
        wrongPort[21] ^= 1;
        Say(1000, wrongNumber);
        Say(1000, wrongPort);
        Assert.That(Mtu(), Is.EqualTo(1500));
        Assert.That(lab[NetCounter.IcmpErrorUnasked], Is.EqualTo(2));
    }

    [Test]
    public void A_path_is_not_believed_to_grow_by_what_a_router_says()
    {
        Say(1000, syn);
        Say(1400, syn);
        Assert.That(Mtu(), Is.EqualTo(1000));
    }

    [Test]
    public void An_old_router_that_says_nothing_means_the_next_plateau()
    {
        // RFC 1191, sections 5 and 7.1: by the length of what was sent.
        byte[] sent = (byte[])syn.Clone();
        BinaryPrimitives.WriteUInt16BigEndian(sent.AsSpan(2), 1500);
        Say(0, sent);
        Assert.That(Mtu(), Is.EqualTo(1492));
        BinaryPrimitives.WriteUInt16BigEndian(sent.AsSpan(2), 1492);
        Say(0, sent);
        Assert.That(Mtu(), Is.EqualTo(1006));
    }

    [Test]
    public void A_path_narrower_than_we_go_is_served_by_letting_routers_cut()
    {
        Say(296, syn);
        Assert.That(Mtu(), Is.EqualTo(Ipv4Routes.PathMtuMin));
        byte[] again = lab.Pass(5_000)[0].Frame;
        Assert.That(again[20] & 0x40, Is.Zero, "don't fragment");
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(again.AsSpan(18)), Is.Not.Zero, "identification");
    }

    [Test]
    public void What_was_learnt_is_forgotten_after_ten_minutes()
    {
        // RFC 1191, section 6.3.
        Say(1400, syn);
        lab.Pass((Ipv4Routes.PathAgeMinutes * 60_000) - 1_000);
        Assert.That(Mtu(), Is.EqualTo(1400));
        lab.Pass(2_000);
        Assert.That(Mtu(), Is.EqualTo(1500));
    }

    [Test]
    public void The_cache_is_bounded_and_forgets_what_was_learnt_first()
    {
        var routes = new Ipv4Routes(new NetworkCounters());
        for (uint i = 0; i < 1000; i++)
        {
            routes.LearnPathMtu(new Ipv4Address(0xC000_0200 + i), 1000, new Instant(i));
        }

        int known = Enumerable.Range(0, 1000).Count(
            i => routes.PathMtu(new Ipv4Address(0xC000_0200 + (uint)i)) == 1000);
        Assert.That(known, Is.EqualTo(Ipv4Routes.PathsMax));
        Assert.That(routes.PathMtu(new Ipv4Address(0xC000_0200 + 999)), Is.EqualTo(1000));
    }

    [Test]
    public void Datagrams_are_cut_to_the_path()
    {
        Say(1000, syn);
        UdpSocket socket = lab.Stack.Udp.Open(7, out _)!;
        socket.Send(new Endpoint(Far, 9), new byte[1400], lab.Now);
        Assert.That(lab.Drain().Select(frame => frame.Length), Is.EqualTo(new[] { 14 + 996, 14 + 20 + 1408 - 976 }));
    }

    private int Mtu(Ipv4Address? to = null) => lab.Stack.Routes.PathMtu(to ?? Far);

    private void Say(int mtu, byte[] quoted) => lab.Give(Frames.Ethernet(
        StackLab.Own,
        StackLab.Router,
        0x0800,
        Frames.Ip(StackLab.Gateway, StackLab.OwnAddress, 1, Frames.Icmp(3, 4, (uint)mtu, quoted))));
}
