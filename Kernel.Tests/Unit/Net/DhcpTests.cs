using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net;

/// <summary>The client against a server on the bench (RFC 2131, RFC 2132).</summary>
[TestFixture]
public sealed class DhcpTests
{
    private StackLab lab = null!;
    private DhcpServer server = null!;

    [SetUp]
    public void SetUp()
    {
        lab = new StackLab(configured: false);
        server = new DhcpServer();
    }

    [Test]
    public void An_address_is_discovered_requested_probed_and_used()
    {
        // RFC 2131, section 3.1 and table 5; RFC 5227, section 2.1.1.
        lab.Stack.Dhcp.HostName = "hauki-1";
        lab.Stack.Dhcp.Start(lab.Now);
        Run(20_000);

        DhcpRequest discover = server.Heard[0], request = server.Heard[1];
        Assert.That(server.Heard, Has.Count.EqualTo(2));
        Assert.That((discover.Kind, request.Kind), Is.EqualTo((DhcpServer.Discover, DhcpServer.Request)));
        Assert.That(discover.Station, Is.EqualTo(StackLab.Own));
        Assert.That((discover.From, discover.To), Is.EqualTo((Ipv4Address.Any, Ipv4Address.Broadcast)));
        Assert.That(discover.ToStation, Is.EqualTo(MacAddress.Broadcast));
        Assert.That(discover.Options[12], Is.EqualTo("hauki-1"u8.ToArray()));
        Assert.That(discover.Options[61], Is.EqualTo(new byte[] { 1, 2, 0, 0, 0, 0, 1 }));
        Assert.That(discover.Server, Is.Null);
        Assert.That(request.Transaction, Is.EqualTo(discover.Transaction));
        Assert.That((request.Requested, request.Server), Is.EqualTo(((Ipv4Address?)server.Offered, server.Address)));
        Assert.That(request.Client, Is.EqualTo(Ipv4Address.Any));

        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Bound));
        Assert.That(lab.Stack.IsUp, Is.True);
        Assert.That(lab.Stack.Configuration, Is.EqualTo(
            new InterfaceConfiguration(server.Offered, 24, StackLab.Gateway)));
    }

    [Test]
    public void Questions_are_repeated_ever_more_slowly_and_never_stop()
    {
        // RFC 2131, section 4.1: 4, 8, 16, 32, 64 seconds, each with up to a second of chance.
        lab.Stack.Dhcp.Start(lab.Now);
        List<(Instant At, byte[] Frame)> sent = lab.Pass(400_000);
        double[] pauses = [.. sent.Skip(1).Zip(sent, (later, earlier) => (later.At - earlier.At) / 1e9)];
        Assert.That(pauses, Has.Length.GreaterThan(6));
        double[] expected = [4, 8, 16, 32, 64, 64, 64];
        for (int i = 0; i < 7; i++)
        {
            Assert.That(pauses[i], Is.EqualTo(expected[i]).Within(1.0), $"pause {i}");
        }

        Assert.That(pauses.Distinct().Count(), Is.GreaterThan(5), "no chance in it");
        Assert.That(sent.Select(frame => DhcpRequest.Read(frame.Frame)!.Transaction).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_request_without_answer_leads_back_to_the_search()
    {
        lab.Stack.Dhcp.Start(lab.Now);
        Run(100_000, drop: request => request.Kind == DhcpServer.Request);
        byte[] kinds = [.. server.Heard.Select(heard => heard.Kind)];
        Assert.That(kinds.Take(5), Is.EqualTo(new byte[] { 1, 3, 3, 3, 3 }));
        Assert.That(kinds[5], Is.EqualTo(DhcpServer.Discover));
        Assert.That(server.Heard[5].Transaction, Is.Not.EqualTo(server.Heard[0].Transaction));
    }

    [Test]
    public void A_lease_is_renewed_with_its_server_alone()
    {
        // RFC 2131, section 4.3.2: RENEWING is unicast from our address, without options 50 and 54.
        Bind();
        server.LeaseSeconds = 7200;
        Run(1_900_000);
        DhcpRequest renewal = server.Heard[^1];
        Assert.That(server.Heard, Has.Count.EqualTo(3));
        Assert.That((renewal.From, renewal.To), Is.EqualTo((server.Offered, server.Address)));
        Assert.That(renewal.Client, Is.EqualTo(server.Offered));
        Assert.That((renewal.Requested, renewal.Server), Is.EqualTo(((Ipv4Address?)null, (Ipv4Address?)null)));
        Assert.That(renewal.ToStation, Is.EqualTo(DhcpServer.Station));
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Bound));
        Assert.That(lab.Stack.Dhcp.Lease.Seconds, Is.EqualTo(7200));
        Assert.That(lab.Stack.IsUp, Is.True);
    }

    [Test]
    public void A_silent_server_means_asking_all_and_at_last_giving_up_the_address()
    {
        // RFC 2131, section 4.4.5: T1 at a half, T2 at seven eighths, and requests at least a minute apart.
        Bind();
        int heard = server.Heard.Count;
        Run(3_000_000, drop: _ => true);
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Renewing));
        Assert.That(lab.Stack.IsUp, Is.True);
        Run(400_000, drop: _ => true);
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Rebinding));
        DhcpRequest rebinding = server.Heard[^1];
        Assert.That((rebinding.From, rebinding.To), Is.EqualTo((server.Offered, Ipv4Address.Broadcast)));
        Assert.That(server.Heard.Count - heard, Is.InRange(4, 30));

        Run(300_000, drop: _ => true);
        Assert.That(lab.Stack.IsUp, Is.False);
        Assert.That(lab.Stack.Configuration.IsConfigured, Is.False);
        Assert.That(server.Heard[^1].Kind, Is.EqualTo(DhcpServer.Discover));
        Assert.That(server.Heard[^1].Requested, Is.EqualTo(server.Offered), "the old one would be welcome");
    }

    [Test]
    public void An_address_that_somebody_has_is_declined()
    {
        // RFC 2131, section 3.1, step 5; RFC 5227, section 2.1.1.
        lab.Stack.Dhcp.Start(lab.Now);
        Ipv4Address taken = server.Offered;
        Run(60_000, onProbe: probed =>
        {
            bool isTaken = probed == taken;
            server.Offered = Ipv4Address.Of(10, 9, 0, 101);
            return isTaken ? Frames.Arp(false, StackLab.Peer, taken, StackLab.Own, default) : null;
        });

        DhcpRequest decline = server.Heard.Single(heard => heard.Kind == DhcpServer.Decline);
        Assert.That((decline.Requested, decline.Server), Is.EqualTo(((Ipv4Address?)taken, server.Address)));
        Assert.That((decline.From, decline.To), Is.EqualTo((Ipv4Address.Any, Ipv4Address.Broadcast)));
        DhcpRequest next = server.Heard.SkipWhile(heard => heard != decline).Skip(1).First();
        Assert.That((next.Kind, next.Requested), Is.EqualTo((DhcpServer.Discover, (Ipv4Address?)null)));
        Assert.That(lab.Stack.Configuration.Address, Is.EqualTo(server.Offered));
        Assert.That(lab.Stack.IsUp, Is.True);
    }

    [Test]
    public void A_refusal_leads_back_to_the_search_and_a_stubborn_one_is_no_storm()
    {
        // RFC 2131, section 3.1, step 4.
        lab.Stack.Dhcp.Start(lab.Now);
        server.Refuses = true;
        Run(60_000);
        Assert.That(server.Heard.Count(heard => heard.Kind == DhcpServer.Discover), Is.InRange(3, 6));
        Assert.That(lab.Stack.IsUp, Is.False);
        server.Refuses = false;
        Run(90_000);
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Bound));
    }

    [Test]
    public void An_earlier_address_is_asked_for_first()
    {
        // RFC 2131, section 3.2 and table 5: INIT-REBOOT has option 50 and no option 54.
        Ipv4Address earlier = Ipv4Address.Of(10, 9, 0, 77);
        lab.Stack.Dhcp.Start(lab.Now, earlier);
        Run(15_000);
        DhcpRequest request = server.Heard.Single();
        Assert.That((request.Kind, request.Requested, request.Server), Is.EqualTo(
            (DhcpServer.Request, (Ipv4Address?)earlier, (Ipv4Address?)null)));
        Assert.That(request.Client, Is.EqualTo(Ipv4Address.Any));
        Assert.That(lab.Stack.Configuration.Address, Is.EqualTo(earlier));
    }

    [Test]
    public void A_released_lease_is_given_back_and_the_address_gone()
    {
        // RFC 2131, section 4.4.6.
        Bind();
        lab.Introduce(server.Offered, server.Address, DhcpServer.Station);
        lab.Stack.Dhcp.Release(lab.Now);
        Run(10);
        DhcpRequest release = server.Heard[^1];
        Assert.That((release.Kind, release.From, release.To), Is.EqualTo(
            (DhcpServer.Release, server.Offered, server.Address)));
        Assert.That((release.Client, release.Server), Is.EqualTo((server.Offered, (Ipv4Address?)server.Address)));
        Assert.That(release.ToStation, Is.EqualTo(DhcpServer.Station));
        Assert.That(lab.Stack.IsUp, Is.False);
        Assert.That(lab.Stack.TryGetNextDue(out _), Is.False);
    }

    [Test]
    public void A_fixed_address_ends_the_lease()
    {
        Bind();
        lab.Stack.Configure(StackLab.Configuration, lab.Now, probe: false);
        Run(10);
        Assert.That(server.Heard[^1].Kind, Is.EqualTo(DhcpServer.Release));
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Off));
        Assert.That(lab.Stack.Configuration, Is.EqualTo(StackLab.Configuration));
        Assert.That(lab.Stack.IsUp, Is.True);
    }

    [Test]
    public void An_address_taken_away_by_somebody_who_insists_is_declined()
    {
        // RFC 5227, section 2.4 (b).
        Bind();
        byte[] claim = Frames.Arp(true, StackLab.Peer, server.Offered, default, server.Offered);
        Assert.That(lab.Give(claim), Has.Count.EqualTo(1), "defended once");
        Assert.That(lab.Stack.IsUp, Is.True);
        List<byte[]> sent = lab.Give(claim);
        Assert.That(DhcpRequest.Read(sent[0])!.Kind, Is.EqualTo(DhcpServer.Decline));
        Assert.That(lab.Stack.IsUp, Is.False);
        Assert.That(lab.Stack.Arp.ConflictWith, Is.EqualTo(default(MacAddress)), "a new beginning");
    }

    [Test]
    public void What_the_server_says_of_the_wire_is_followed_as_far_as_it_makes_sense()
    {
        // RFC 2132: 26 MTU, 6 name servers, 58 and 59.
        server.Extra =
        [
            26, 2, 0x05, 0xAA, 6, 16, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
            58, 4, 0, 0, 2, 0, 59, 4, 0, 0, 4, 0,
        ];
        Bind();
        Assert.That(lab.Stack.Configuration.EffectiveMtu, Is.EqualTo(0x5AA));
        Assert.That(lab.Stack.Dhcp.NameServers.ToArray(), Is.EqualTo(new[]
        {
            Ipv4Address.Of(1, 1, 1, 1), Ipv4Address.Of(2, 2, 2, 2), Ipv4Address.Of(3, 3, 3, 3),
        }));
        DhcpLease lease = lab.Stack.Dhcp.Lease;
        Assert.That((lease.RebindAt - lease.RenewAt) / 1_000_000_000, Is.EqualTo(512));
        Assert.That((lease.ExpiresAt - lease.RebindAt) / 1_000_000_000, Is.EqualTo(3600 - 1024));
    }

    [Test]
    public void Options_may_go_on_in_the_fields_for_names()
    {
        // RFC 2132, section 9.3.
        lab.Stack.Dhcp.Start(lab.Now);
        DhcpRequest discover = DhcpRequest.Read(lab.Pass(1000)[0].Frame)!;
        byte[] offer = DhcpServer.Message(discover.Transaction, server.Offered, [52, 1, 3, 255]);
        new byte[] { 53, 1, 2, 54, 4, 10, 9, 0, 67, 255 }.CopyTo(offer, 108);
        new byte[] { 51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0, 255 }.CopyTo(offer, 44);
        byte[] request = lab.Give(server.Wrap(offer, server.Offered)).Single();
        Assert.That(DhcpRequest.Read(request)!.Kind, Is.EqualTo(DhcpServer.Request));
    }

    private static readonly byte[][] HostileOptions =
    [
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 1, 4, 255, 0, 255, 0, 255], // mask with a hole
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 1, 3, 255, 255, 255, 255], // short mask
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 0, 1, 255], // one second
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 255], // no lease
        [53, 1, 2, 54, 4, 224, 0, 0, 1, 51, 4, 0, 0, 14, 16, 255], // server is a group
        [53, 1, 2, 51, 4, 0, 0, 14, 16, 255], // no server
        [54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255], // no kind
        [53, 1, 5, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255], // a grant that nobody asked for
        [53, 1, 1, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255], // a client's message
        [53, 0, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255], // empty kind
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 6, 3, 1, 1, 1, 255], // crooked list
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 99, 200, 1], // beyond the end
        [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 99], // cut off
        [52, 1, 7, 53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255], // overload of what there is not
    ];

    [TestCaseSource(nameof(HostileOptions))]
    public void Hostile_options_are_passed_over(byte[] options)
    {
        lab.Stack.Dhcp.Start(lab.Now);
        DhcpRequest discover = DhcpRequest.Read(lab.Pass(1000)[0].Frame)!;
        byte[] offer = DhcpServer.Message(discover.Transaction, server.Offered, options);
        Assert.That(lab.Give(server.Wrap(offer, server.Offered)), Is.Empty);
        Assert.That(lab[NetCounter.DhcpBad], Is.EqualTo(1));
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Selecting));
    }

    [TestCase(0x00000000u)]
    [TestCase(0x7F000001u)]
    [TestCase(0xE0000001u)]
    [TestCase(0x0A0900FFu)]
    [TestCase(0x0A090000u)]
    public void An_address_that_no_host_can_have_is_not_taken(uint address)
    {
        lab.Stack.Dhcp.Start(lab.Now);
        server.Offered = new Ipv4Address(address);
        Run(3_000);
        Assert.That(server.Heard.Select(heard => heard.Kind), Has.All.EqualTo(DhcpServer.Discover));
    }

    [Test]
    public void Answers_for_another_transaction_or_station_are_passed_over()
    {
        lab.Stack.Dhcp.Start(lab.Now);
        DhcpRequest discover = DhcpRequest.Read(lab.Pass(1000)[0].Frame)!;
        Assert.That(lab.Give(server.Reply(DhcpServer.Offer, discover.Transaction + 1, server.Offered)), Is.Empty);
        byte[] other = DhcpServer.Message(
            discover.Transaction, server.Offered, [53, 1, 2, 54, 4, 10, 9, 0, 67, 51, 4, 0, 0, 14, 16, 255]);
        other[33] ^= 1;
        Assert.That(lab.Give(server.Wrap(other, server.Offered)), Is.Empty);
        Assert.That(lab[NetCounter.DhcpBad], Is.EqualTo(2));
    }

    [TestCase("a b")]
    [TestCase("ä")]
    [TestCase("a234567890123456789012345678901234567890123456789012345678901234")]
    public void A_host_name_that_is_none_is_refused(string name) =>
        Assert.That(() => lab.Stack.Dhcp.HostName = name, Throws.ArgumentException);

    [Test]
    public void A_lease_without_end_is_not_renewed()
    {
        server.LeaseSeconds = uint.MaxValue;
        Bind();
        Run(100_000_000);
        Assert.That(server.Heard, Has.Count.EqualTo(2));
        Assert.That(lab.Stack.IsUp, Is.True);
    }

    private void Bind()
    {
        lab.Stack.Dhcp.Start(lab.Now);
        Run(20_000);
        Assert.That(lab.Stack.Dhcp.State, Is.EqualTo(DhcpState.Bound));
    }

    // Lets server and client talk. The server's station answers ARP like any host.
    private void Run(
        long milliseconds, Func<DhcpRequest, bool>? drop = null, Func<Ipv4Address, byte[]?>? onProbe = null)
    {
        Instant end = lab.Now.AddMilliseconds(milliseconds);
        while (lab.Now < end)
        {
            long step = 1;
            if (lab.Stack.TryGetNextDue(out Instant due) && due > lab.Now)
            {
                step = ((due - lab.Now) / 1_000_000) + 1;
            }
            else if (!lab.Stack.TryGetNextDue(out _))
            {
                step = milliseconds;
            }

            var queue = new Queue<byte[]>(
                lab.Pass(Math.Min(step, ((end - lab.Now) / 1_000_000) + 1)).Select(sent => sent.Frame));
            while (queue.TryDequeue(out byte[]? frame))
            {
                byte[]? answer = AnswerTo(frame, drop, onProbe);
                foreach (byte[] next in answer is null ? [] : lab.Give(answer))
                {
                    queue.Enqueue(next);
                }
            }
        }
    }

    private byte[]? AnswerTo(byte[] frame, Func<DhcpRequest, bool>? drop, Func<Ipv4Address, byte[]?>? onProbe)
    {
        if (frame[13] == 6)
        {
            Ipv4Address sender = Ipv4Address.Read(frame.AsSpan(28)), target = Ipv4Address.Read(frame.AsSpan(38));
            return sender == Ipv4Address.Any
                ? onProbe?.Invoke(target)
                : target == server.Address
                    ? Frames.Arp(false, DhcpServer.Station, target, StackLab.Own, sender)
                    : null;
        }

        byte[]? answer = server.Answer(frame);
        return DhcpRequest.Read(frame) is { } request && drop?.Invoke(request) == true ? null : answer;
    }
}
