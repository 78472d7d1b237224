using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>Whole moves between two simulated machines, from the code to the landing.</summary>
[TestFixture]
internal sealed class MoveTests
{
    [Test]
    public void A_node_moves_and_has_all_of_its_pages()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 500, seed: 1);
        lab.Fill(AddressMap.StackLow(0), 16, seed: 2);

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));

        Assert.That(lab.Target.LandedState, Is.EqualTo(lab.Source.SavedState.ToArray()));
        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void What_is_written_meanwhile_arrives()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 500, seed: 1);
        var random = new Random(3);
        lab.Work = () =>
        {
            for (int i = 0; i < 5; i++)
            {
                uint page = (uint)random.Next(500) * AddressMap.PageSize;
                lab.Source.Block.Write(AddressMap.Heap + page + (uint)random.Next(4096), (byte)random.Next(256));
            }
        };

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));

        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void Pages_that_are_given_back_meanwhile_do_not_arrive()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 300, seed: 1);
        uint next = 0;
        lab.Work = () =>
        {
            if (lab.Source.Teleporter.Status.PagesSent > 100 && next < 100)
            {
                lab.Source.Block.Unmap(AddressMap.Heap + (next++ * AddressMap.PageSize));
            }
        };

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));

        Assert.That(next, Is.GreaterThan(10));
        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void Code_of_the_same_build_is_not_sent()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Image, 200, seed: 7, PageFlags.None);
        for (uint i = 0; i < 200; i++)
        {
            uint address = AddressMap.Image + (i * AddressMap.PageSize);
            lab.Target.Block.Map(address, PageFlags.None);
            lab.Source.Block.Page(address).CopyTo(lab.Target.Block.Page(address));
        }

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));

        Assert.That(lab.Compare(), Is.Null);
        Assert.That(lab.Source.Teleporter.Status.BytesSent, Is.LessThan(40_000));
    }

    [Test]
    public void A_machine_without_an_address_stands_by_and_is_found_when_it_has_one()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 10, seed: 1);
        lab.Target.Node.Use("off");
        Assert.That(lab.Target.Teleporter.StandBy(out string? code, lab.Target.Node.Now), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase != MovePhase.StandingBy, 2000), Is.False);

        lab.Target.Node.Use("10.0.0.9/24");
        var order = new MoveOrder(HaukiOS.Net.Ipv4Address.Of(10, 0, 0, 9), code);
        Assert.That(lab.Source.Teleporter.Begin(order, lab.Source.Node.Now), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));
    }

    [Test]
    public void A_node_without_an_address_is_told_how_it_comes_to_one()
    {
        using var lab = new MoveLab();
        lab.Source.Node.Use("off");
        Assert.That(lab.Begin(), Does.Contain("'net set ADDRESS/PREFIX' gives it one"));
    }

    [Test]
    public void A_wrong_code_moves_nothing()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 10, seed: 1);
        lab.Target.Teleporter.StandBy(out string? code, lab.Target.Node.Now);
        string wrong = (code![0] == '0' ? '1' : '0') + code[1..];

        lab.Source.Teleporter.Begin(
            new MoveOrder(HaukiOS.Net.Ipv4Address.Of(10, 0, 0, 2), wrong), lab.Source.Node.Now);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Is.Not.Empty);
        Assert.That(lab.Target.Landed, Is.Null);
    }

    [Test]
    public void A_target_that_is_too_small_says_so_and_the_source_goes_on()
    {
        using var lab = new MoveLab(sourceMebibytes: 32, targetMebibytes: 8);
        lab.Fill(AddressMap.Heap, 4000, seed: 1);

        Assert.That(lab.Begin(), Is.Null);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Does.Contain("MiB"));
        Assert.That(lab.Source.Teleporter.Status.PagesSent, Is.Zero);
    }

    [Test]
    public void An_operator_can_give_it_up_and_begin_again()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 1000, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.PagesSent > 300), Is.True);

        lab.Source.Teleporter.Cancel();

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));
        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void A_target_that_cannot_land_refuses_before_it_is_too_late()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 100, seed: 1);
        lab.Target.RefusesLanding = "no place for the tables";

        Assert.That(lab.Begin(), Is.Null);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Is.EqualTo("no place for the tables"));
        Assert.That(lab.Source.IsGone, Is.False);
        Assert.That(lab.Target.Landed, Is.Null);
    }

    [Test]
    public void What_would_keep_it_from_landing_is_found_while_the_node_works()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 100, seed: 1);
        lab.Target.RefusesLanding = "no place for the tables";
        bool wasStopped = false;
        lab.WhileStopped = () => wasStopped = true;

        Assert.That(lab.Begin(), Is.Null);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Teleporter.Status.Problem, Is.EqualTo("no place for the tables"));
        Assert.That(wasStopped, Is.False);
    }

    [Test]
    public void A_node_that_has_written_more_than_was_thought_works_on_and_moves_later()
    {
        const int pages = 3000;
        using var lab = new MoveLab(32, 32);
        lab.Fill(AddressMap.Heap, pages, seed: 1);
        int bursts = 0;
        var random = new Random(2);
        lab.Target.OnCheckLanding = () =>
        {
            for (uint i = 0; !lab.Source.IsStopped && bursts == 0 && i < pages; i++)
            {
                uint page = AddressMap.Heap + (i * AddressMap.PageSize);
                random.NextBytes(lab.Source.Block.Page(page));
                lab.Source.Block.Write(page, 1);
            }

            bursts += lab.Source.IsStopped ? 0 : 1;
        };

        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.IsGone), Is.True, Describe(lab));

        Assert.That(bursts, Is.GreaterThan(1), "the target was asked to rehearse once more");
        Assert.That(lab.Compare(), Is.Null);
    }

    [Test]
    public void A_wire_that_is_cut_while_copying_leaves_the_node_where_it_is()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 1000, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.PagesSent > 300), Is.True);

        Cut(lab);

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.RunUntil(() => lab.Target.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Target.Landed, Is.Null);
    }

    [Test]
    public void A_wire_that_is_cut_after_the_commit_leaves_the_source_in_doubt_until_its_operator_speaks()
    {
        using var lab = new MoveLab();
        lab.Fill(AddressMap.Heap, 100, seed: 1);
        Assert.That(lab.Begin(), Is.Null);
        lab.Target.OnCheckLanding = () =>
        {
            // The rehearsal has gone well.
            if (lab.Source.IsStopped)
            {
                lab.Target.RefusesLanding = "the wire has just been cut";
                Cut(lab);
            }
        };
        lab.WhileStopped = () =>
        {
            if (lab.Source.Told.Count > 0 && lab.Source.Typed.Count == 0)
            {
                foreach (byte typed in "resume\r"u8)
                {
                    lab.Source.Typed.Enqueue(typed);
                }
            }
        };

        Assert.That(lab.RunUntil(() => lab.Source.Teleporter.Status.Phase == MovePhase.Failed), Is.True);
        Assert.That(lab.Source.Told, Is.Not.Empty);
        Assert.That(lab.Source.Jumps.Last.MayBeCopied, "until it died, the target may have run the node");
        Assert.That(lab.Source.IsGone, Is.False);
        Assert.That(lab.Target.Landed, Is.Null);
    }

    private static void Cut(MoveLab lab)
    {
        lab.Source.Node.Card!.Link = LinkState.Down;
        lab.Target.Node.Card!.Link = LinkState.Down;
    }

    private static string Describe(MoveLab lab) =>
        $"source {lab.Source.Teleporter.Status}, target {lab.Target.Teleporter.Status}";
}
