using System;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>The glue between a card, the stack and the loop.</summary>
[TestFixture]
internal sealed class NetworkServiceTests
{
    [Test]
    public void Two_nodes_at_a_wire_ping_each_other()
    {
        (NetworkNode a, NetworkNode b) = NetworkNode.Pair();
        EchoSocket socket = a.Stack.Icmp.OpenEcho(out _)!;
        var owner = new Listener();
        socket.Owner = owner;
        Assert.That(socket.Send(Ipv4Address.Of(10, 0, 0, 2), 7, "abc"u8, a.Now), Is.EqualTo(SocketError.None));
        a.Service.Kick();

        Assert.That(NetworkNode.Run([a, b], () => owner.Calls > 0));
        Assert.That(socket.TryReceive(new byte[8], out EchoReply reply));
        Assert.That((reply.Sequence, reply.Length, reply.Error), Is.EqualTo(((ushort)7, 3, SocketError.None)));
    }

    [Test]
    public void What_was_received_is_answered_before_more_is_received()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        byte[] request = EchoRequest(a, b);
        b.Card!.Order = string.Empty;
        for (int i = 0; i < 40; i++)
        {
            b.Card.Arrive(request);
        }

        b.RunTurns();

        // Sixteen in, sixteen answers out, and again.
        string batch = new string('R', NetworkService.FramesPerBatch) + new string('S', NetworkService.FramesPerBatch);
        Assert.That(b.Card.Order, Is.EqualTo(batch + batch + new string('R', 8) + new string('S', 8)));
    }

    [Test]
    public void One_turn_takes_a_bounded_number_of_frames_and_asks_for_another_one()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        byte[] request = EchoRequest(a, b);
        const int turn = NetworkService.FramesPerBatch * NetworkService.BatchesPerTurn;
        b.Card!.RingMax = 1000;
        for (int i = 0; i < turn + 20; i++)
        {
            b.Card.Arrive(request);
        }

        b.Loop.RunOnce();
        Assert.That(b.Card.Waiting, Is.EqualTo(20));
        Assert.That(b.Loop.HasWork);
        b.RunTurns();
        Assert.That(b.Card.Waiting, Is.Zero);
        Assert.That(b.Loop.HasWork, Is.False);
    }

    [Test]
    public void A_turn_ends_when_it_has_taken_long()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        byte[] request = EchoRequest(a, b);
        for (int i = 0; i < 60; i++)
        {
            b.Card!.Arrive(request);
        }

        b.PassPerLook = 3_000_000;
        b.Loop.RunOnce();
        Assert.That(b.Card!.Waiting, Is.EqualTo(60 - NetworkService.FramesPerBatch));
        b.PassPerLook = 0;
    }

    [Test]
    public void A_full_card_stops_sending_until_it_has_room_again()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        byte[] request = EchoRequest(a, b);
        b.Card!.SendRoom = 2;
        long before = b.Card.Counters.Sent;
        for (int i = 0; i < 5; i++)
        {
            b.Card.Arrive(request);
        }

        b.RunTurns();
        Assert.That(b.Card.Counters.Sent - before, Is.EqualTo(2));
        Assert.That(b.Loop.HasWork, Is.False, "it waits for the card's interrupt");
        b.Card.MakeRoom(10);
        b.RunTurns();
        Assert.That(b.Card.Counters.Sent - before, Is.EqualTo(5));
    }

    [Test]
    public void The_card_is_looked_at_ten_times_a_second()
    {
        (NetworkNode a, NetworkNode b) = NetworkNode.Pair();
        NetworkNode.Run([a, b], () => false, 1000);
        Assert.That(a.Card!.Checks, Is.InRange(9, 11));
    }

    [Test]
    public void A_change_of_the_link_and_of_the_address_is_noted_once()
    {
        (NetworkNode a, NetworkNode b) = NetworkNode.Pair();
        NetworkNode.Run([a, b], () => false, 300);
        a.Card!.Link = LinkState.Down;
        NetworkNode.Run([a, b], () => false, 300);
        a.Card.Link = LinkState.Up;
        NetworkNode.Run([a, b], () => false, 300);
        a.Use("off");
        NetworkNode.Run([a, b], () => false, 300);
        string[] log = Enumerable.Range(0, a.Log.Count).Select(i => a.Log[i].Text).ToArray();
        Assert.That(log, Is.EqualTo(new[]
        {
            "network: address 10.0.0.1/24", "network: no link", "network: link up", "network: no address",
        }));
    }

    [Test]
    public void Another_card_takes_over_with_the_same_station_address()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        var other = new SimulatedCard(new MacAddress(0x02_00_00_00_00_0C));
        MacAddress station = a.Card!.Address;
        other.Plug(b.Card!);
        a.Service.Attach(other);
        Assert.That(a.Card.Pending is null && !a.Card.IsStopped, "the old one is another machine's");
        Assert.That(other.Address, Is.EqualTo(station));

        EchoSocket socket = a.Stack.Icmp.OpenEcho(out _)!;
        socket.Send(Ipv4Address.Of(10, 0, 0, 2), 1, default, a.Now);
        a.Service.Kick();
        long sent = a.Card.Counters.Sent;
        Assert.That(NetworkNode.Run([a, b], () => socket.TryReceive(default, out _)));
        Assert.That(a.Card.Counters.Sent, Is.EqualTo(sent), "nothing more over the old one");
    }

    [Test]
    public void Another_station_address_is_listened_to_and_told_to_everybody()
    {
        (NetworkNode a, NetworkNode b) = Introduced();
        MacAddress other = new(0x02_00_00_00_00_77);
        a.Service.UseStation(other, a.Now);
        NetworkNode.Run([a, b], () => false, 20);
        Assert.That((a.Card!.Address, a.Stack.Station), Is.EqualTo((other, other)));
        EchoSocket socket = b.Stack.Icmp.OpenEcho(out _)!;
        socket.Send(Ipv4Address.Of(10, 0, 0, 1), 1, default, b.Now);
        b.Service.Kick();
        Assert.That(NetworkNode.Run([a, b], () => socket.TryReceive(default, out _)), "b has learned of it");
    }

    [Test]
    public void A_node_without_a_card_has_an_address_of_its_own_making_and_works_on()
    {
        var node = new NetworkNode(null);
        ulong station = node.Stack.Station.Value;
        Assert.That(station >> 40 & 3, Is.EqualTo(2), "individual, administered locally");
        node.Use("10.0.0.1/24");
        NetworkNode.Run([node], () => false, 500);
        node.RunTurns();
        Assert.That(node.Loop.HasWork, Is.False);
    }

    private static (NetworkNode, NetworkNode) Introduced()
    {
        (NetworkNode a, NetworkNode b) = NetworkNode.Pair();
        EchoSocket socket = a.Stack.Icmp.OpenEcho(out _)!;
        socket.Send(Ipv4Address.Of(10, 0, 0, 2), 1, default, a.Now);
        a.Service.Kick();
        Assert.That(NetworkNode.Run([a, b], () => socket.TryReceive(default, out _)));
        socket.Close();
        NetworkNode.Run([a, b], () => false, 5);
        return (a, b);
    }

    // A request as node a sends it, caught before it reaches b.
    private static byte[] EchoRequest(NetworkNode a, NetworkNode b)
    {
        EchoSocket socket = a.Stack.Icmp.OpenEcho(out _)!;
        socket.Send(Ipv4Address.Of(10, 0, 0, 2), 1, new byte[32], a.Now);
        byte[] frame = new byte[INetworkDevice.FrameMax];
        int length = a.Stack.Transmit(frame, a.Now);
        Assert.That(length, Is.GreaterThan(0));
        return frame.AsSpan(0, length).ToArray();
    }

    private sealed class Listener : ISocketOwner
    {
        public int Calls { get; private set; }

        public void OnSocketReady(NetSocket socket, Instant now) => Calls++;
    }
}
