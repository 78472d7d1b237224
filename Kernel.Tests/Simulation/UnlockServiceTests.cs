using System;
using System.Collections.Generic;
using System.IO;
using HaukiOS.Host.Unlock;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation;

/// <summary>The port of the lock under everything that a wire can bring: bounded, and open to the honest.</summary>
[TestFixture]
public sealed class UnlockServiceTests
{
    [Test]
    public void Unlocking_works_over_tcp_from_end_to_end()
    {
        using var network = new UnlockNetwork(1, 1);
        Assert.That(network.Machine.Output, Does.Contain("answered over the network at 10.0.0.1:4285\r\n"));
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        network.Turn(0.2);
        Assert.That(network.Machine.Output, Does.EndWith("unlocked over the network from 10.0.0.2\r\nhauki> "));
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(network.Said[^1], Is.EqualTo("the store is open already"));
        network.Turn(1);
        Assert.That(network.Service.ConnectionCount, Is.Zero);
    }

    [Test]
    public void Remote_off_closes_the_port_and_on_opens_it()
    {
        using var network = new UnlockNetwork(2, 1);
        network.Unlock();
        network.Turn(0.2);
        Assert.That(network.Machine.Say("remote"), Does.Contain("network unlock is on at 10.0.0.1:4285")
            .And.Contain($"known operator: {Fingerprint.Of(network.Operator.PublicKey)}"));
        network.Machine.Say("remote off");
        network.Machine.Say("remote forget");
        Assert.That(network.Machine.Say("remote"), Does.Contain("is off").And.Not.Contain("known"));
        Assert.That(network.Machine.Network.Services.Count, Is.Zero);
        network.Machine.Say("lock");
        Assert.That(network.Machine.Output, Does.Not.Contain("answered over"));
        Assert.That(() => network.Unlock(), Throws.TypeOf<UnlockException>());
        network.Machine.Node.Boot.Record!.AllowsNetworkUnlock = true;
        network.Turn(0.2);
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
    }

    [TestCase(1, TestName = "A flood from one other address")]
    [TestCase(5, TestName = "A flood from five other addresses")]
    public void A_flood_of_silent_connections_keeps_nobody_out(int attackers)
    {
        using var network = new UnlockNetwork(3, 1 + attackers);
        var flood = new Flood(network, attackers, null);
        network.EveryTurn = flood.Turn;
        network.Turn(3);
        Assert.That(network.Service.ConnectionCount, Is.Positive, "the flood reaches the port");
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(flood.Most, Is.LessThanOrEqualTo(UnlockService.HandshakesMax + UnlockService.ConversationsMax));
        Assert.That(network.Service.TurnedAway, Is.GreaterThan(50u));
        flood.End();
    }

    [Test]
    public void A_flood_of_real_handshakes_stops_neither_the_console_nor_a_derivation_nor_a_known_operator()
    {
        using var network = new UnlockNetwork(4, 3);
        network.Unlock();
        network.Turn(0.2);
        network.Machine.Say("lock");
        using KeyPair key = KeyPair.Generate(new FixedRandom(5));
        var flood = new Flood(network, 2, connection => new Visitor(network, connection, key));
        network.EveryTurn = flood.Turn;
        network.Turn(3);
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(flood.Most, Is.LessThanOrEqualTo(UnlockService.HandshakesMax + UnlockService.ConversationsMax));
        network.Turn(0.2);
        Assert.That(network.Machine.Say("get boat"), Is.EqualTo("get boat\r\nPerch\r\nhauki> "));
        flood.End();
        network.EveryTurn = null;
        network.Turn(16);
        Assert.That(network.Service.ConnectionCount, Is.Zero, "all of them were dropped in time");
    }

    [Test]
    public void A_newcomer_gets_in_during_a_flood_of_real_handshakes_in_the_end()
    {
        using var network = new UnlockNetwork(5, 3);
        using KeyPair key = KeyPair.Generate(new FixedRandom(6));
        var flood = new Flood(network, 2, connection => new Visitor(network, connection, key));
        network.EveryTurn = flood.Turn;
        network.Turn(3);
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        flood.End();
    }

    [Test]
    public void Whoever_holds_a_conversation_gives_way_after_its_grace_and_to_a_known_operator_at_once()
    {
        using var network = new UnlockNetwork(8, 2);
        network.Unlock();
        network.Turn(0.2);
        network.Machine.Say("lock");
        KeyPair known = network.Operator;
        using KeyPair strange = KeyPair.Generate(new FixedRandom(7)), newcomer = KeyPair.Generate(new FixedRandom(8));
        var visitors = new List<Visitor>();
        network.EveryTurn = () => visitors.ForEach(visitor => visitor.Turn());
        FillConversations(network, visitors, strange);
        network.Said.Clear();
        network.Operator = newcomer;
        network.Knows = [];
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Refused));
        Assert.That(network.Said[0], Does.Contain("trying again"), "nobody's grace is over");

        FillConversations(network, visitors, strange);
        network.Turn(UnlockService.GraceMilliseconds / 1000.0);
        network.Said.Clear();
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Refused));
        Assert.That(network.Said, Has.None.Contain("trying again"));

        FillConversations(network, visitors, strange);
        network.Said.Clear();
        network.Operator = known;
        network.Knows = UnlockLab.Answers;
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        Assert.That(network.Said, Is.EqualTo(new[] { "unlocked" }).Or.EqualTo(new[] { "unlocked", network.Said[^1] }));
    }

    [Test]
    public void Guessing_strangers_are_answered_with_a_delay_and_do_not_hold_the_lock()
    {
        using var network = new UnlockNetwork(6, 1);
        network.Knows = [];
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Refused));
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Refused));
        Assert.That(network.Keeper.Failed, Is.EqualTo(new FailedAttempts(0, 0, 2)));
        Assert.That(network.Machine.Output, Does.EndWith("answer> "));
    }

    [Test]
    public void Garbage_of_every_length_ends_its_connection_and_no_other([Range(1, 3)] int seed)
    {
        using var network = new UnlockNetwork(7, 1);
        var random = new Random(seed);
        for (int i = 0; i < 60; i++)
        {
            byte[] garbage = new byte[random.Next(1, 400)];
            random.NextBytes(garbage);
            if (i % 2 == 0)
            {
                // The rest is a handshake message, or is meant to be one.
                garbage = [.. "HKC1"u8, 0, (byte)random.Next(256), .. garbage];
            }

            using TcpStream stream = network.Connect(network.Hosts[0]);
            network.Turn(0.02);
            try
            {
                stream.Write(garbage);
            }
            catch (IOException)
            {
                // Broken off already.
            }

            network.Turn(0.1);
        }

        network.Turn(6);
        Assert.That(network.Service.ConnectionCount, Is.Zero);
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
    }

    private static void FillConversations(UnlockNetwork network, List<Visitor> visitors, KeyPair key)
    {
        network.Turn(20);
        visitors.Clear();
        for (int i = 0; i < UnlockService.ConversationsMax; i++)
        {
            TcpConnection connection = network.Hosts[1].Tcp.Connect(
                UnlockNetwork.Port, network.Machine.Now, out _)!;
            visitors.Add(new Visitor(network, connection, key));
            network.Turn(0.2);
        }

        Assert.That(network.Service.ConnectionCount, Is.EqualTo(UnlockService.ConversationsMax));
    }

    /// <summary>New connections from several hosts in every turn, none of them given back until they break.</summary>
    private sealed class Flood(UnlockNetwork network, int attackers, Func<TcpConnection, Visitor>? visit)
    {
        private const int OpenMax = 60;

        private readonly List<TcpConnection> open = [];
        private readonly List<Visitor> visitors = [];

        /// <summary>The most connections that the node has held.</summary>
        public int Most { get; private set; }

        public void Turn()
        {
            for (int i = open.Count - 1; i >= 0; i--)
            {
                if (open[i].Error != SocketError.None || open[i].IsReceiveClosed)
                {
                    open[i].Close(network.Machine.Now);
                    open.RemoveAt(i);
                }
            }

            for (int i = 1; i <= attackers && open.Count < OpenMax; i++)
            {
                TcpConnection? made = network.Hosts[i].Tcp.Connect(UnlockNetwork.Port, network.Machine.Now, out _);
                if (made is not null)
                {
                    open.Add(made);
                    if (visit is not null)
                    {
                        visitors.Add(visit(made));
                    }
                }
            }

            visitors.RemoveAll(visitor => !visitor.Turn());
            Most = Math.Max(Most, network.Service.ConnectionCount);
        }

        public void End()
        {
            foreach (TcpConnection connection in open)
            {
                connection.Abort(network.Machine.Now);
            }

            open.Clear();
        }
    }

    /// <summary>Does a whole handshake, hears the questions, and then holds the place.</summary>
    private sealed class Visitor(UnlockNetwork network, TcpConnection connection, KeyPair key)
    {
        private readonly SecureChannel channel = new(
            new ChannelSettings(UnlockProtocol.Noise, true, UnlockProtocol.Purpose, new FixedRandom(9))
            {
                Static = key,
                MessageMax = UnlockProtocol.MessageMax,
            },
            network.Machine.Now);

        public bool Turn()
        {
            if (connection.Error != SocketError.None)
            {
                channel.Dispose();
                return false;
            }

            do
            {
                channel.Step(network.Machine.Now);
                ReadOnlySpan<byte> came = connection.Peek();
                connection.Consume(channel.Feed(came), network.Machine.Now);
                channel.ConsumeOutput(connection.Send(channel.Output, network.Machine.Now));
            }
            while (channel.HasWork);
            return channel.State is ChannelState.Handshaking or ChannelState.Open;
        }
    }
}
