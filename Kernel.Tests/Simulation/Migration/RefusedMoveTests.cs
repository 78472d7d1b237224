using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Console;
using HaukiOS.Tests.Unit.Migration;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>What an operator is told when a move, or the wait for one, cannot be: a sentence that helps.</summary>
[TestFixture]
internal sealed class RefusedMoveTests
{
    private const string Good = "0123-4567-89AB-CDEF";

    private const string NoCode = "that is no pairing code; it has 16 letters and digits in groups of four";

    private static IEnumerable<TestCaseData> Orders() =>
    [
        new("10.0.0.2", "0123-4567-89AB", NoCode),
        new("10.0.0.2", "0123-4567-89AB-CDE!", NoCode),
        new("10.0.0.2", null, "say the code that the machine there shows: its key is not known here"),
        new("10.0.0.2", Good, "no machine stands by at 10.0.0.2; say 'standby' at its console first"),
        new("10.0.0.77", Good, "10.0.0.77 does not answer"),
        new("10.0.0.1", Good, "10.0.0.1 is this node's own address; the machine there shows what to type"),
        new("0.0.0.0", Good, "0.0.0.0 is not the address of a machine"),
        new("10.0.0.255", Good, "10.0.0.255 is not the address of a machine"),
        new("255.255.255.255", Good, "255.255.255.255 is not the address of a machine"),
        new("127.0.0.1", Good, "127.0.0.1 is not the address of a machine"),
        new("224.0.0.1", Good, "224.0.0.1 is not the address of a machine"),
        new("10.0.1.2", Good, "10.0.1.2 is not on this wire, and a node moves between machines on one wire"),
    ];

    [TestCaseSource(nameof(Orders))]
    public void An_order_that_cannot_be_followed_is_answered_by_a_sentence(string to, string? code, string sentence)
    {
        using var lab = new MoveLab();
        Assert.That(Order(lab, to, code), Is.EqualTo(sentence));
        Assert.That(lab.Source.Teleporter.Status.PagesSent, Is.Zero);
    }

    [Test]
    public void A_second_move_waits_for_the_end_of_the_first()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 1000, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(Order(lab, "10.0.0.2", Good), Is.EqualTo("a move is under way"));
        Assert.That(StandBy(lab.Source), Is.EqualTo("a move is under way"));
        Assert.That(StandBy(lab.Target), Is.EqualTo("a move is under way"));
    }

    [Test]
    public void A_disk_whose_node_is_elsewhere_or_that_takes_no_record_keeps_the_node_here()
    {
        MemoryDisk disk = UnlockLab.EnrolledDisk();
        using (var lab = new MoveLab(from: disk))
        {
            disk.FailsWrites = true;
            Assert.That(Order(lab, "10.0.0.2", Good), Is.EqualTo("the disk does not take the record of the move"));
        }

        disk.FailsWrites = false;
        HandoverJournal.Open(disk).Write(HandoverState.Moved, HandoverLab.Terms().Source);
        using var left = new MoveLab(from: disk);
        Assert.That(Order(left, "10.0.0.2", Good), Is.EqualTo("the node of this disk is not here"));
    }

    [Test]
    public void A_machine_with_something_to_lose_does_not_stand_by()
    {
        using var lab = new MoveLab(to: UnlockLab.EnrolledDisk());
        Assert.That(
            StandBy(lab.Target), Is.EqualTo("the disk here holds the store of a node, which would be lost"));
        lab.Target.Lock.Store = StoreNode.Make(1, 1).Store;
        Assert.That(StandBy(lab.Target), Is.EqualTo("a node is at work here, and its store is open"));
    }

    [Test]
    public void A_port_that_is_taken_is_named()
    {
        using var lab = new MoveLab();
        Assert.That(lab.Target.Node.Stack.Tcp.Listen(PairingProtocol.Port, 1, out _), Is.Not.Null);
        Assert.That(StandBy(lab.Target), Is.EqualTo($"port {PairingProtocol.Port}: the port is in use"));
    }

    [Test]
    public void Both_sides_are_told_which_operator_has_ended_it([Values] bool isSource)
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 1000, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.PagesSent > 300));
        if (isSource)
        {
            lab.Source.Teleporter.Cancel();
        }
        else
        {
            lab.Target.Teleporter.EndStandBy();
        }

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed));
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase == MovePhase.Failed));
        Assert.That(
            (lab.Source.Teleporter.Status.Problem, lab.Target.Teleporter.Status.Problem),
            Is.EqualTo(isSource
                ? ("the operator has given it up", "the source has given up")
                : ("the target's operator has ended it", "the target's operator has ended it")));
    }

    [Test]
    public void Waiting_ends_with_a_word()
    {
        using var lab = new MoveLab();
        Assert.That(StandBy(lab.Target), Is.Null);
        lab.Target.Teleporter.EndStandBy();
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase == MovePhase.Failed));
        Assert.That(lab.Target.Teleporter.Status.Problem, Is.EqualTo("ended by the operator"));
    }

    private static string? StandBy(MoveMachine machine) => machine.Teleporter.StandBy(out _, machine.Node.Now);

    private static string? Order(MoveLab lab, string to, string? code)
    {
        Assert.That(Ipv4Address.TryParse(to, out Ipv4Address address));
        string? problem = lab.Source.Teleporter.Begin(new MoveOrder(address, code), lab.Source.Node.Now);
        if (problem is null)
        {
            Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed));
            problem = lab.Source.Teleporter.Status.Problem;
        }

        return problem;
    }
}
