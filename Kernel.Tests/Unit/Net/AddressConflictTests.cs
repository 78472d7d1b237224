using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>The guard over our own address (RFC 5227).</summary>
[TestFixture]
public sealed class AddressConflictTests
{
    private static readonly byte[] Probe = Frames.Arp(
        true, StackLab.Own, Ipv4Address.Any, default, StackLab.OwnAddress);

    private static readonly byte[] Announcement = Frames.Arp(
        true, StackLab.Own, StackLab.OwnAddress, default, StackLab.OwnAddress);

    private static readonly byte[] Claim = Frames.Arp(
        true, StackLab.Peer, StackLab.OwnAddress, default, StackLab.Gateway);

    private StackLab lab = null!;

    [SetUp]
    public void SetUp()
    {
        lab = new StackLab(configured: false);
        lab.Stack.Configure(StackLab.Configuration, lab.Now);
    }

    [Test]
    public void An_address_is_probed_three_times_and_announced_twice()
    {
        // RFC 5227, sections 1.1, 2.1.1 and 2.3.
        Instant start = lab.Now;
        Assert.That((lab.Stack.Arp.State, lab.Stack.IsUp), Is.EqualTo((AddressState.Probing, false)));
        List<(Instant At, byte[] Frame)> sent = lab.Pass(20_000);
        Assert.That(sent.Select(frame => frame.Frame), Is.EqualTo(
            new[] { Probe, Probe, Probe, Announcement, Announcement }));
        double[] seconds = [.. sent.Select(frame => (frame.At - start) / 1e9)];
        Assert.That(seconds[0], Is.InRange(0.0, 1.0));
        Assert.That(seconds[1] - seconds[0], Is.InRange(0.999999, 2.0));
        Assert.That(seconds[2] - seconds[1], Is.InRange(0.999999, 2.0));
        Assert.That(seconds[3] - seconds[2], Is.EqualTo(2.0).Within(1e-6));
        Assert.That(seconds[4] - seconds[3], Is.EqualTo(2.0).Within(1e-6));
        Assert.That((lab.Stack.Arp.State, lab.Stack.IsUp), Is.EqualTo((AddressState.InUse, true)));
    }

    [Test]
    public void While_probing_nobody_is_answered()
    {
        Assert.That(lab.Give(Frames.Arp(
            true, StackLab.Peer, StackLab.PeerAddress, default, StackLab.OwnAddress)), Is.Empty);
        Assert.That(lab.Give(Frames.ToUs(Frames.Ip(
            StackLab.PeerAddress, StackLab.OwnAddress, 1, Frames.Icmp(8, 0, 1, [])))), Is.Empty);
    }

    [Test]
    public void An_answer_to_a_probe_means_that_the_address_is_taken()
    {
        // RFC 5227, section 2.1.1.
        lab.Pass(2_000);
        lab.Give(Frames.Arp(false, StackLab.Peer, StackLab.OwnAddress, StackLab.Own, default));
        Assert.That((lab.Stack.Arp.State, lab.Stack.IsUp), Is.EqualTo((AddressState.Conflict, false)));
        Assert.That(lab.Stack.Arp.ConflictWith, Is.EqualTo(StackLab.Peer));
        Assert.That(lab[NetCounter.ArpConflict], Is.EqualTo(1));
        Assert.That(lab.Pass(50_000), Is.Empty);
    }

    [Test]
    public void Somebody_else_who_probes_for_it_is_a_conflict_and_our_own_echo_is_not()
    {
        // RFC 5227, section 2.1.1: a probe from another station.
        lab.Pass(1_500);
        lab.Give(Probe);
        Assert.That(lab.Stack.Arp.State, Is.EqualTo(AddressState.Probing));
        lab.Give(Frames.Arp(true, StackLab.Peer, Ipv4Address.Any, default, StackLab.OwnAddress));
        Assert.That(lab.Stack.Arp.State, Is.EqualTo(AddressState.Conflict));
    }

    [Test]
    public void An_address_set_by_a_person_is_tried_again_after_a_minute()
    {
        lab.Pass(2_000);
        lab.Give(Claim);
        Assert.That(lab.Stack.Arp.State, Is.EqualTo(AddressState.Conflict));
        lab.Pass(70_000);
        Assert.That(lab.Stack.Arp.State, Is.EqualTo(AddressState.InUse));
    }

    [Test]
    public void An_address_in_use_is_defended_but_not_more_than_once_in_ten_seconds()
    {
        // RFC 5227, section 2.4 (c).
        lab.Pass(20_000);
        Assert.That(lab.Give(Claim), Is.EqualTo(new[] { Announcement }));
        lab.Pass(5_000);
        Assert.That(lab.Give(Claim), Is.Empty);
        Assert.That(lab.Stack.IsUp, Is.True, "a person's address is kept");
        Assert.That(lab.Stack.Arp.ConflictWith, Is.EqualTo(StackLab.Peer));
        lab.Pass(5_000);
        Assert.That(lab.Give(Claim), Is.EqualTo(new[] { Announcement }));
        Assert.That(lab[NetCounter.ArpConflict], Is.EqualTo(3));
        Assert.That(lab.Stack.Arp.Count, Is.Zero, "our own address is nobody's to teach");
    }

    [Test]
    public void After_a_move_the_address_is_announced()
    {
        lab.Pass(20_000);
        lab.Stack.Arp.Announce(lab.Now);
        Assert.That(lab.Pass(10_000).Select(sent => sent.Frame), Is.EqualTo(new[] { Announcement, Announcement }));
    }

    [Test]
    public void Two_nodes_with_one_address_do_not_both_use_it()
    {
        var other = new StackLab(configured: false, seed: 2, station: StackLab.Peer);
        other.Stack.Configure(StackLab.Configuration, other.Now);
        for (int i = 0; i < 2000; i++)
        {
            foreach ((_, byte[] frame) in lab.Pass(10))
            {
                other.Give(frame);
            }

            foreach ((_, byte[] frame) in other.Pass(10))
            {
                lab.Give(frame);
            }
        }

        Assert.That(lab.Stack.IsUp && other.Stack.IsUp, Is.False);
    }
}
