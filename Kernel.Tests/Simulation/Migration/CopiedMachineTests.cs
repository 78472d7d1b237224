using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Memory;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// An emulator stops a machine in the middle of a move, or sets it back to a snapshot. Another machine may go on with
/// the same keys and numbers, so nothing is sealed with them any more.
/// </summary>
[TestFixture]
internal sealed class CopiedMachineTests
{
    private const string Why = "a machine was stopped, or set back, by its emulator";

    [Test]
    public void A_machine_that_may_be_a_copy_seals_nothing_more_and_the_node_goes_on([Values] bool isSource)
    {
        using var lab = Copying();
        MoveMachine copy = isSource ? lab.Source : lab.Target, other = isSource ? lab.Target : lab.Source;
        List<LinkFrameKind> sealedFrames = Watch(copy);

        Jump(copy);

        Assert.That(lab.RunUntil(() => copy.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(copy.Teleporter.Status.Problem, Is.EqualTo(Why));
        Assert.That(lab.RunUntil(() => other.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Target.Landed, Is.Null);
        Assert.That(sealedFrames, Is.Empty);
    }

    [Test]
    public void A_code_is_not_good_for_two_copies_and_nobody_is_answered_without_randomness()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 10, seed: 1);
        Assert.That(lab.Target.Teleporter.StandBy(out string? code, lab.Target.Node.Now), Is.Null);

        Jump(lab.Target);
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        var order = new MoveOrder(HaukiOS.Net.Ipv4Address.Of(10, 0, 0, 2), code);
        Assert.That(lab.Source.Teleporter.Begin(order, lab.Source.Node.Now), Is.Null);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Does.Contain("no machine stands by"));
        Assert.That(
            lab.Target.Teleporter.StandBy(out _, lab.Target.Node.Now), Does.StartWith("not enough randomness"));
        lab.Target.GatherRandomness();
        Assert.That(lab.Target.Teleporter.StandBy(out string? another, lab.Target.Node.Now), Is.Null);
        Assert.That(another, Is.Not.EqualTo(code));
    }

    [Test]
    public void A_pairing_ends_as_well()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 10, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.Source.Teleporter.Status.Phase, Is.EqualTo(MovePhase.Connecting));

        Jump(lab.Source);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Is.EqualTo(Why));
    }

    [Test]
    public void A_landing_is_no_reason_to_give_anything_up()
    {
        using var lab = Copying();

        lab.Source.Jumps.Tell(new TimeJump(TimeJumpCause.Landed, lab.Source.Node.Now, 0));

        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True);
    }

    private static MoveLab Copying()
    {
        var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 1000, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.PagesSent > 300), Is.True);
        return lab;
    }

    private static void Jump(MoveMachine machine) =>
        machine.Jumps.Tell(new TimeJump(TimeJumpCause.StoodStill, machine.Node.Now, 0));

    // What a machine seals from now on.
    private static List<LinkFrameKind> Watch(MoveMachine machine)
    {
        var seen = new List<LinkFrameKind>();
        machine.Node.Card!.Tap = frame =>
        {
            if (LinkFrames.TryRead(frame, out LinkFrameKind kind, out _)
                && kind is LinkFrameKind.Data or LinkFrameKind.Acknowledgement)
            {
                seen.Add(kind);
            }
        };
        return seen;
    }
}
