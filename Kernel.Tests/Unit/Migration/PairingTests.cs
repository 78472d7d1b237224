using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HaukiOS.Hardware;
using HaukiOS.Host;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>Two machines agree on a move, or do not: over our own TCP, at one wire.</summary>
[TestFixture]
public sealed class PairingTests
{
    [Test]
    public void With_the_code_both_sides_come_to_the_same_terms()
    {
        using var lab = new PairingLab(1);
        PairingServer server = lab.StandBy();
        PairingClient client = lab.Run(lab.Begin(lab.Code));
        Assert.That(client.Problem, Is.Null);
        Assert.That((client.State, server.State), Is.EqualTo((PairingState.Agreed, PairingState.Agreed)));
        SessionTerms source = client.Terms!, target = server.Terms!;
        Assert.That((source.IsSource, target.IsSource), Is.EqualTo((true, false)));
        Assert.That(source.Session, Is.EqualTo(target.Session).And.Not.Zero);
        Assert.That(source.HandoverId, Is.EqualTo(target.HandoverId).And.Length.EqualTo(16));
        Assert.That(source.SendKey, Is.EqualTo(target.ReceiveKey));
        Assert.That(source.ReceiveKey, Is.EqualTo(target.SendKey).And.Not.EqualTo(source.SendKey));
        Assert.That(source.RunHash, Is.EqualTo(SessionTerms.HashOf(target.RunToken)));
        Assert.That(source.AbortHash, Is.EqualTo(SessionTerms.HashOf(target.AbortToken)));
        Assert.That((source.RunToken, source.AbortToken), Is.EqualTo(((byte[]?)null, (byte[]?)null)));
        Assert.That((source.Peer, target.Peer), Is.EqualTo((lab.TargetSide.Station, lab.Offer.Source.Station)));
        Assert.That(source.PeerProfile.BuildId.ToArray(), Is.EqualTo(lab.TargetSide.Profile.BuildId.ToArray()));
        Assert.That(source.PeerReceiveCapacity, Is.EqualTo(lab.TargetSide.ReceiveCapacity));
        Assert.That(source.PeerFingerprint, Is.EqualTo(Fingerprint.Of(lab.TargetKey.PublicKey).ToString()));
        Assert.That(target.PeerFingerprint, Is.EqualTo(Fingerprint.Of(lab.SourceKey.PublicKey).ToString()));
        Assert.That(source.NodeKey, Is.EqualTo(target.NodeKey).And.EqualTo(lab.SourceKey.PublicKey.ToArray()));
        Assert.That((target.Offer.Pages, target.Offer.LiveSectors), Is.EqualTo((12_345u, 1000L)));
    }

    [Test]
    public void Afterwards_the_source_holds_no_connection_and_nobody_else_gets_in()
    {
        using var lab = new PairingLab(2);
        PairingServer server = lab.StandBy();
        Assert.That(lab.Run(lab.Begin(lab.Code)).State, Is.EqualTo(PairingState.Agreed));
        Assert.That(lab.Stacks[1].Tcp.ConnectionCount, Is.Zero, "the target has the TIME-WAIT");
        PairingClient second = lab.Run(lab.Begin(lab.Code, from: 2));
        Assert.That(second.State, Is.EqualTo(PairingState.Failed));
        Assert.That(server.ConnectionCount, Is.Zero);
    }

    [Test]
    public void A_wrong_code_is_refused_and_after_five_the_right_one_too()
    {
        using var lab = new PairingLab(3);
        PairingServer server = lab.StandBy();
        using PairingCode wrong = PairingCode.Generate(new FixedRandom(99));
        for (int i = 1; i <= PairingProtocol.WrongCodesMax; i++)
        {
            PairingClient client = lab.Run(lab.Begin(wrong));
            Assert.That(client.Problem, Does.Contain("did not accept the code"));
            Assert.That(server.WrongCodes, Is.EqualTo(i));
        }

        Assert.That(server.Problem, Is.EqualTo("somebody said a wrong code 5 times"));
        Assert.That(lab.Run(lab.Begin(lab.Code)).State, Is.EqualTo(PairingState.Failed));
        Assert.That(server.Terms, Is.Null);
    }

    [Test]
    public void The_code_is_good_for_ten_minutes()
    {
        using var lab = new PairingLab(4);
        PairingServer server = lab.StandBy();
        lab.Pass(PairingProtocol.CodeMilliseconds - 1000);
        Assert.That(server.State, Is.EqualTo(PairingState.Running));
        lab.Pass(1200);
        Assert.That(server.Problem, Is.EqualTo("the code has expired"));
    }

    [Test]
    public void A_code_is_read_as_people_type_it()
    {
        using PairingCode code = PairingCode.Generate(new FixedRandom(5));
        string text = code.ToString();
        Assert.That(text, Does.Match("^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$"));
        string typed = text.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal);
        Assert.That(PairingCode.TryParse(typed, out PairingCode? read));
        Assert.That(read!.Key.Span.ToArray(), Is.EqualTo(code.Key.Span.ToArray()));
        Assert.That(PairingCode.TryParse(text[..^1], out _), Is.False);
        Assert.That(PairingCode.TryParse(text + "0", out _), Is.False);
    }

    [Test]
    public void Machines_that_know_each_other_need_no_code()
    {
        using var lab = new PairingLab(6);
        var node = Fingerprint.Of(lab.SourceKey.PublicKey);
        lab.Knows = node.Equals;
        lab.StandBy(hasCode: false);
        PairingClient client = lab.Run(lab.Begin(null, Fingerprint.Of(lab.TargetKey.PublicKey)));
        Assert.That(client.Problem, Is.Null);
        Assert.That(client.Terms!.SendKey, Is.EqualTo(lab.Server!.Terms!.ReceiveKey));
    }

    [Test]
    public void A_node_that_the_target_does_not_know_has_to_say_the_code()
    {
        using var lab = new PairingLab(7);
        PairingServer server = lab.StandBy();
        PairingClient client = lab.Run(lab.Begin(null, Fingerprint.Of(lab.TargetKey.PublicKey)));
        Assert.That(client.Problem, Does.Contain("does not know this node's key"));
        Assert.That((server.State, server.WrongCodes), Is.EqualTo((PairingState.Running, 0)));
        Assert.That(lab.Run(lab.Begin(lab.Code)).State, Is.EqualTo(PairingState.Agreed));
    }

    [Test]
    public void A_target_that_is_not_the_known_one_learns_nothing_of_the_node()
    {
        using var lab = new PairingLab(8);
        lab.Knows = static _ => true;
        PairingServer server = lab.StandBy();
        PairingClient client = lab.Run(lab.Begin(null, Fingerprint.Of(lab.SourceKey.PublicKey)));
        Assert.That(client.Problem, Is.EqualTo("another machine answers there than the known one"));
        Assert.That(server.State, Is.EqualTo(PairingState.Running));
    }

    [Test]
    public void Without_code_and_known_key_nothing_is_sent()
    {
        using var lab = new PairingLab(9);
        lab.StandBy();
        int before = lab.Frames;
        PairingClient client = lab.Begin(null);
        Assert.That(client.Problem, Does.StartWith("say the code"));
        lab.Pass(100);
        Assert.That(lab.Frames, Is.EqualTo(before));
    }

    [Test]
    public void What_the_target_says_against_it_is_told_to_the_source_and_the_code_stays_good()
    {
        using var lab = new PairingLab(10);
        PairingServer server = lab.StandBy();
        lab.Judge = static offer => $"{offer.Pages} pages do not fit";
        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Is.EqualTo("12345 pages do not fit"));
        lab.Judge = static _ => new string('ä', 300);
        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Is.EqualTo(new string('ä', MoveAnswer.RefusalMax / 2)));
        lab.Judge = static _ => null;
        Assert.That(server.State, Is.EqualTo(PairingState.Running));
        Assert.That(lab.Run(lab.Begin(lab.Code)).State, Is.EqualTo(PairingState.Agreed));
    }

    [Test]
    public void A_processor_that_lacks_what_the_node_uses_is_refused_by_name_and_others_are_not()
    {
        using var lab = new PairingLab(11);
        lab.StandBy();
        lab.TargetSide = PairingLab.Side(1, 0x0783_FBFF & ~(1u << 26) & ~(1u << 15));
        Assert.That(
            lab.Run(lab.Begin(lab.Code)).Problem,
            Is.EqualTo("the processor there lacks what the node may be using: CMOV, SSE2"));
        Assert.That(ProcessorFeatures.Judge(0, 0xFFFF_FFFF), Is.Null, "more is welcome");
    }

    [Test]
    public void What_the_first_instructions_insist_on_is_what_another_processor_must_have()
    {
        string boot = File.ReadAllText(Path.Combine(Layout.Find().Root, "Kernel", "Boot", "boot.asm"));
        Dictionary<string, uint> bits = Regex.Matches(boot, @"^(FEATURE_\w+) +equ 1 << (\d+)", RegexOptions.Multiline)
            .ToDictionary(m => m.Groups[1].Value, m => 1u << int.Parse(m.Groups[2].Value, null));
        string[] needed = Regex.Match(boot, @"^NEEDED equ (\S+)", RegexOptions.Multiline).Groups[1].Value.Split('|');
        uint all = needed.Aggregate(0u, (sum, name) => sum | bits[name]);
        Assert.That(ProcessorFeatures.Judge(0xFFFF_FFFF, all), Is.Null);
        foreach (string name in needed)
        {
            Assert.That(
                ProcessorFeatures.Judge(0xFFFF_FFFF, all & ~bits[name]),
                Does.EndWith("may be using: " + name["FEATURE_".Length..]));
        }
    }

    [Test]
    public void Two_machines_of_one_station_address_are_refused()
    {
        using var lab = new PairingLab(12);
        lab.StandBy();
        lab.TargetSide = lab.TargetSide with { Station = lab.Offer.Source.Station };
        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Does.Contain("both machines have the station address"));
    }

    [Test]
    public void Nobody_there_and_nobody_standing_by_are_told_apart()
    {
        using var lab = new PairingLab(13);
        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Does.Contain("no machine stands by at 10.0.0.1"));
        lab.Loses = static (sender, _) => sender == 0;
        Assert.That(lab.Run(lab.Begin(lab.Code, from: 2)).Problem, Does.Contain("10.0.0.1"));
    }

    [Test]
    public void A_target_behind_a_router_is_refused()
    {
        using var lab = new PairingLab(14);
        var order = new PairingOrder(Ipv4Address.Of(10, 0, 1, 1), lab.SourceKey, new FixedRandom(1), lab.Offer)
        {
            Code = lab.Code,
        };
        Assert.That(new PairingClient(order, lab.Stacks[1], lab.Now).Problem, Does.Contain("is not on this wire"));
    }

    [Test]
    public void A_bad_wire_leads_to_terms_on_both_sides_or_to_none_on_the_source([Range(1, 12)] int seed)
    {
        using var lab = new PairingLab(20 + seed);
        PairingServer server = lab.StandBy();
        var chance = new Random(seed);
        lab.Loses = (_, _) => chance.Next(100) < 25;
        PairingClient client = lab.Run(lab.Begin(lab.Code));
        lab.Pass(15_000);
        if (client.State == PairingState.Agreed)
        {
            Assert.That(server.State, Is.EqualTo(PairingState.Agreed));
            Assert.That(client.Terms!.SendKey, Is.EqualTo(server.Terms!.ReceiveKey));
        }

        Assert.That(client.State, Is.Not.EqualTo(PairingState.Running));
        Assert.That(server.ConnectionCount, Is.Zero);
    }

    [Test]
    public void A_target_that_falls_silent_at_any_moment_leaves_the_source_with_a_sentence([Range(0, 12)] int after)
    {
        using var lab = new PairingLab(40);
        lab.StandBy();
        int from = 0, sent = 0;
        lab.Loses = (sender, _) => sender == from && sent++ >= after;
        PairingClient client = lab.Run(lab.Begin(lab.Code));
        Assert.That(client.State == PairingState.Agreed || client.Problem is not null);
        Assert.That(client.State == PairingState.Agreed && lab.Server!.Terms is null, Is.False);
    }

    [Test]
    public void Giving_up_ends_the_connection()
    {
        using var lab = new PairingLab(50);
        PairingServer server = lab.StandBy();
        PairingClient client = lab.Begin(lab.Code);
        lab.Pass(20);
        client.Cancel("given up", lab.Now);
        lab.Pass(500);
        Assert.That((client.State, client.Problem), Is.EqualTo((PairingState.Failed, "given up")));
        Assert.That((server.ConnectionCount, lab.Stacks[1].Tcp.ConnectionCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Terms_that_nobody_has_taken_yet_can_still_be_given_up()
    {
        using var lab = new PairingLab(51);
        lab.StandBy();
        PairingClient client = lab.Run(lab.Begin(lab.Code));
        byte[] key = client.Terms!.SendKey;
        client.Cancel("given up", lab.Now);
        Assert.That((client.State, client.Problem), Is.EqualTo((PairingState.Failed, "given up")));
        Assert.That(client.Terms, Is.Null);
        Assert.That(key, Has.All.Zero);
    }

    [Test]
    public void Of_two_nodes_with_one_code_only_one_believes_that_it_may_come()
    {
        using var lab = new PairingLab(52);
        lab.StandBy();
        PairingClient[] both = [lab.Begin(lab.Code, from: 1), lab.Begin(lab.Code, from: 2)];
        for (int i = 0; i < 1000 && both.Any(client => client.State == PairingState.Running); i++)
        {
            foreach (PairingClient client in both)
            {
                client.Step(lab.Now);
            }

            lab.Pass(10);
        }

        Assert.That(both.Count(client => client.State == PairingState.Agreed), Is.EqualTo(1));
        Assert.That(both.Count(client => client.State == PairingState.Failed), Is.EqualTo(1));
    }

    [Test]
    public void Strangers_who_finish_a_handshake_and_say_nothing_do_not_keep_the_source_out()
    {
        using var lab = new PairingLab(61);
        lab.Knows = static _ => false;
        PairingServer server = lab.StandBy();
        var strangers = new List<(TcpConnection Connection, SecureChannel Channel)>();
        using KeyPair key = KeyPair.Generate(new FixedRandom(61));
        for (int i = 0; i < 2 * PairingServer.ConversationsMax; i++)
        {
            var port = new Endpoint(PairingLab.AddressOf(1), PairingProtocol.Port);
            TcpConnection connection = lab.Stacks[2].Tcp.Connect(port, lab.Now, out _)!;
            lab.Pass(20);
            connection.Send([(byte)PairingWay.Key], lab.Now);
            var channel = new SecureChannel(
                new ChannelSettings(PairingProtocol.KeyNoise, true, PairingProtocol.Purpose, new FixedRandom(i))
                {
                    Static = key,
                    MessageMax = PairingProtocol.MessageMax,
                },
                lab.Now);
            strangers.Add((connection, channel));
            for (int turn = 0; turn < 20; turn++)
            {
                strangers.ForEach(stranger => Carry(stranger.Connection, stranger.Channel, lab.Now));
                lab.Pass(10);
            }
        }

        Assert.That(server.ConnectionCount, Is.Positive);
        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Is.Null);
        strangers.ForEach(stranger => stranger.Channel.Dispose());
    }

    private static void Carry(TcpConnection connection, SecureChannel channel, Instant now)
    {
        while (channel.HasWork)
        {
            channel.Step(now);
        }

        connection.Consume(channel.Feed(connection.Peek()), now);
        channel.ConsumeOutput(connection.Send(channel.Output, now));
    }

    [Test]
    public void Silent_and_talkative_strangers_do_not_keep_the_source_out()
    {
        using var lab = new PairingLab(60);
        PairingServer server = lab.StandBy();
        var random = new Random(60);
        var strangers = new List<TcpConnection>();
        for (int i = 0; i < 40; i++)
        {
            var port = new Endpoint(PairingLab.AddressOf(1), PairingProtocol.Port);
            TcpConnection stranger = lab.Stacks[2].Tcp.Connect(port, lab.Now, out _)!;
            strangers.Add(stranger);
            lab.Pass(50);
            byte[] rubbish = new byte[random.Next(200)];
            random.NextBytes(rubbish);
            stranger.Send(rubbish, lab.Now);
            lab.Pass(50);
            Assert.That(server.ConnectionCount, Is.LessThanOrEqualTo(PairingServer.ConversationsMax));
        }

        Assert.That(lab.Run(lab.Begin(lab.Code)).Problem, Is.Null);
        strangers.ForEach(stranger => stranger.Abort(lab.Now));
    }
}
