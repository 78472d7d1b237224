using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>A machine that was switched on, whose card's address a node may have taken along.</summary>
[TestFixture]
public sealed class StationClaimTests
{
    private const ulong CardAddress = 0x52_54_00_00_00_0A;
    private const ulong OtherAddress = 0xD2_54_00_00_00_0A;

    private readonly List<Machine> machines = [];

    [SetUp]
    public void Unplug() => machines.Clear();

    [Test]
    public void Nobody_else_has_the_address_and_so_it_is_kept_and_defended()
    {
        Machine left = SwitchOn(CardAddress);
        Machine third = SwitchOn(0x52_54_00_00_00_0C);
        left.Begin();
        Run(4_900);
        Assert.That(left.Claim.IsAsking);
        Run(300);
        Assert.That((left.Claim.IsAsking, left.Station), Is.EqualTo((false, CardAddress)));

        third.Node.Service.UseStation(new MacAddress(CardAddress), third.Node.Now);
        third.Begin();
        Run(20);
        Assert.That((left.Station, third.Station), Is.EqualTo((CardAddress, OtherAddress)), "who had it keeps it");
    }

    [Test]
    public void An_address_that_a_node_took_along_is_given_up_before_a_word_was_said_under_it()
    {
        Machine left = SwitchOn(CardAddress);
        Machine node = SwitchOn(CardAddress);
        left.Node.Use("10.0.0.1/24");
        left.Begin();
        Run(300);
        Assert.That((left.Station, node.Station), Is.EqualTo((OtherAddress, CardAddress)));
        Assert.That(Senders(left), Has.None.EqualTo(CardAddress).And.Some.EqualTo(OtherAddress));

        left.Node.Service.UseStation(new MacAddress(CardAddress), left.Node.Now);
        left.Begin();
        Run(300);
        Assert.That(left.Station, Is.EqualTo(OtherAddress), "the same one each time");
    }

    [Test]
    public void When_the_other_address_is_in_use_as_well_one_is_made_up()
    {
        Machine left = SwitchOn(CardAddress);
        SwitchOn(CardAddress);
        SwitchOn(OtherAddress);
        left.Begin();
        Run(300);
        Assert.That(left.Station, Is.Not.EqualTo(CardAddress).And.Not.EqualTo(OtherAddress));
        Run(6_000);
        Assert.That(left.Claim.IsAsking, Is.False);
    }

    [Test]
    public void A_card_without_a_wire_asks_when_it_has_one()
    {
        Machine left = SwitchOn(CardAddress);
        SwitchOn(CardAddress);
        left.Node.Card!.Link = LinkState.Down;
        left.Node.Use("10.0.0.1/24");
        left.Begin();
        Run(10_000);
        Assert.That((left.Claim.IsAsking, left.Node.Service.IsStackHeld), Is.EqualTo((true, true)));
        left.Node.Card.Link = LinkState.Up;
        Run(300);
        Assert.That(left.Station, Is.EqualTo(OtherAddress));
        Assert.That(left.Node.Service.IsStackHeld, Is.False);
    }

    [Test]
    public void Who_stands_by_does_not_wait_for_an_answer()
    {
        Machine left = SwitchOn(CardAddress);
        left.Begin();
        left.Claim.Avoid(left.Node.Now);
        Assert.That(left.Station, Is.EqualTo(OtherAddress));
        left.Claim.Avoid(left.Node.Now);
        Run(6_000);
        left.Claim.Avoid(left.Node.Now);
        Assert.That((left.Claim.IsAsking, left.Station), Is.EqualTo((false, OtherAddress)));
    }

    [Test]
    public void A_node_that_has_landed_keeps_its_address()
    {
        Machine node = SwitchOn(CardAddress);
        node.Begin();
        Run(10);
        node.Claim.Settle();
        Machine left = SwitchOn(CardAddress);
        left.Begin();
        Run(300);
        Assert.That((node.Station, left.Station), Is.EqualTo((CardAddress, OtherAddress)));
    }

    [Test]
    public void Of_two_that_ask_neither_can_tell_whose_the_address_is()
    {
        Machine left = SwitchOn(CardAddress), right = SwitchOn(CardAddress);
        left.Begin();
        right.Begin();
        Run(6_000);
        Assert.That((left.Station, right.Station), Is.EqualTo((CardAddress, CardAddress)));
    }

    [Test]
    public void A_server_is_asked_anew_under_the_other_address()
    {
        Machine left = SwitchOn(CardAddress);
        left.Node.Use("dhcp");
        Run(1_000);
        Assert.That(Discoveries(left), Is.EqualTo(new[] { CardAddress }));
        SwitchOn(CardAddress);
        left.Begin();
        Run(1_000);
        Assert.That(Discoveries(left), Is.EqualTo(new[] { CardAddress, OtherAddress }));
    }

    [Test]
    public void A_fixed_address_that_the_node_took_along_is_not_used([Values] bool hasRecord)
    {
        (Machine left, Machine node) = SwitchOnLeft(hasRecord, "10.0.0.1/24");
        Run(20_000);
        Assert.That(left.Node.Stack.Arp.State, Is.EqualTo(AddressState.Conflict));
        Assert.That(node.Node.Stack.Arp.State, Is.EqualTo(AddressState.InUse));
        Assert.That(left.Said.Where(SaysItHas(Ipv4Address.Of(10, 0, 0, 1))), Is.Empty);
        machines.Remove(node);
        Run(70_000);
        Assert.That(left.Node.Stack.Arp.State, Is.EqualTo(AddressState.InUse), "nobody else has it any more");
    }

    [Test]
    public void A_fixed_address_that_is_not_the_nodes_is_used_at_once([Values] bool hasRecord, [Values] bool isAlone)
    {
        (Machine left, Machine node) = SwitchOnLeft(hasRecord, isAlone ? "10.0.0.1/24" : "10.0.0.7/24");
        if (isAlone)
        {
            machines.Remove(node);
        }

        Run(300);
        Assert.That(left.Node.Stack.Arp.State, Is.EqualTo(AddressState.InUse));
        Assert.That(left.Said.Where(SaysItHas(left.Node.Stack.Configuration.Address)), Is.Not.Empty);
    }

    private static Func<byte[], bool> SaysItHas(Ipv4Address address) =>
        frame => frame[12] == 8 && frame[13] == 6 && Ipv4Address.Read(frame.AsSpan(28)) == address;

    // Without a record the card has its own address; with one it was given another before anybody asked.
    private (Machine Left, Machine Node) SwitchOnLeft(bool hasRecord, string address)
    {
        Machine node = SwitchOn(CardAddress);
        node.Node.Use("10.0.0.1/24");
        Run(100);
        Machine left = SwitchOn(hasRecord ? 0x02_54_00_00_00_0Dul : CardAddress);
        left.Begin(hasRecord, hasRecord ? CardAddress : 0);
        left.Node.Use(address);
        return (left, node);
    }

    private static IEnumerable<ulong> Senders(Machine machine) =>
        machine.Said.Select(static frame => LinkFrames.SenderOf(frame).Value);

    private static ulong[] Discoveries(Machine machine) => [.. machine.Said
        .Where(static frame => !LinkFrames.TryReadStation(frame, out _, out _, out _))
        .Select(static frame => LinkFrames.SenderOf(frame).Value)];

    // On a hub: everybody hears everybody.
    private Machine SwitchOn(ulong address)
    {
        var machine = new Machine(address, machines.Count + 1);
        machines.Add(machine);
        return machine;
    }

    private void Run(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            NetworkNode.Run([.. machines.Select(static machine => machine.Node)], () => false, 1);
            foreach (Machine machine in machines)
            {
                machine.Claim.Step(machine.Node.Now);
                Deliver(machine);
            }
        }
    }

    private void Deliver(Machine from)
    {
        List<byte[]> frames = [.. from.Node.Card!.Sent];
        from.Node.Card.Sent.Clear();
        from.Said.AddRange(frames);
        foreach (Machine to in machines.Where(to => to != from))
        {
            frames.ForEach(to.Node.Card!.Arrive);
        }
    }

    private sealed class Machine
    {
        public Machine(ulong address, int seed)
        {
            Node = new NetworkNode(new SimulatedCard(new MacAddress(address)), seed);
            Claim = new StationClaim(Node.Service, Node.Entropy, Node.Log);
            Node.Service.Side = Claim;
        }

        public NetworkNode Node { get; }

        public StationClaim Claim { get; }

        public List<byte[]> Said { get; } = [];

        public ulong Station => Node.Stack.Station.Value;

        public void Begin(bool isCertain = false, ulong gone = 0) =>
            Claim.Begin(isCertain, new MacAddress(gone), Node.Now);
    }
}
