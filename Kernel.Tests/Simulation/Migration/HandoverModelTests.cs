using System;
using System.Collections.Generic;
using HaukiOS.Migration;
using HaukiOS.Tests.Unit.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Exactly one: at no time do two copies of a node run, and at no time is there none that can go on. Everything that
/// can happen is tried: every message lost, doubled, late or overtaken, either machine switched off and on at every
/// step, every write failing with and without having reached the medium, links dying and deadlines passing at any time,
/// and an operator who gives a word.
/// </summary>
[TestFixture]
internal sealed class HandoverModelTests
{
    private static readonly HandoverActions Persist = HandoverActions.Persist;

    [Test]
    public void Exactly_one_whatever_happens()
    {
        long states = 0;
        foreach (Operator person in Enum.GetValues<Operator>())
        {
            HandoverModel model = new(new HandoverTables(), person, hasDisks: true);
            Assert.That(model.Explore(), Is.Null, $"operator {person}");
            TestContext.Out.WriteLine($"with disks, operator {person}: {model.Count} states, {model.Steps} steps");
            states += model.Count;
            Assert.That(model.CountOf(world => world.TargetRuns), Is.Positive);
            Assert.That(model.CountOf(world => world.SourceRuns && world.Source == SourcePhase.Returned), Is.Positive);
        }

        Assert.That(states, Is.GreaterThan(10_000), "the model has lost most of its world");
    }

    [Test]
    public void Exactly_one_without_any_disk([Values(Operator.Careful, Operator.Hasty)] Operator person)
    {
        HandoverModel model = new(new HandoverTables(), person, hasDisks: false);
        Assert.That(model.Explore(), Is.Null);
        TestContext.Out.WriteLine($"without disks, operator {person}: {model.Count} states, {model.Steps} steps");
    }

    [Test]
    public void Without_a_disk_doubt_stays_doubt_until_somebody_vouches()
    {
        HandoverModel model = new(new HandoverTables(), Operator.Absent, hasDisks: false);
        Assert.That(model.Explore(), Does.StartWith("nobody can go on"));
    }

    [Test]
    public void Exactly_one_with_an_authority_that_is_out_of_reach_at_times([Values] bool hasDisks)
    {
        foreach (Operator person in Enum.GetValues<Operator>())
        {
            HandoverModel model = new(Authority(), person, hasDisks);
            string? wrong = model.Explore();
            TestContext.Out.WriteLine(
                $"authority, disks {hasDisks}, operator {person}: {model.Count} states, {model.Steps} steps");
            Assert.That(wrong, Is.Null, $"operator {person}");
            Assert.That(model.CountOf(world => world.Verdict == CommitVerdict.Run && world.TargetRuns), Is.Positive);
            Assert.That(model.CountOf(world => world.Verdict == CommitVerdict.Abort && world.SourceRuns), Is.Positive);
        }
    }

    [Test]
    public void Only_an_authority_ends_the_doubt_when_the_target_is_gone_and_nobody_vouches([Values] bool hasAuthority)
    {
        HandoverTables tables = hasAuthority ? Authority() : new HandoverTables();
        HandoverModel model = new(tables, Operator.Absent, hasDisks: true) { TargetMayDie = true };
        Assert.That(model.Explore(), hasAuthority ? Is.Null : Does.StartWith("nobody can go on"));
    }

    [Test]
    public void An_authority_that_is_not_obeyed_is_found([Range(0, 3)] int fault)
    {
        HandoverTables tables = Authority();
        switch (fault)
        {
            case 1:
                tables.Change(TargetPhase.Receiving, HandoverEvent.Commit, TargetPhase.PersistingOwner, Persist);
                break;
            case 2:
                tables.Change(SourcePhase.Fenced, HandoverEvent.Tick, SourcePhase.PersistingReturned, Persist);
                break;
            case 3:
                tables.Change(TargetPhase.AskingToRun, HandoverEvent.Tick, TargetPhase.PersistingAborted, Persist);
                break;
        }

        HandoverModel model = new(tables, Operator.Absent, hasDisks: true) { ForgetsVerdict = fault == 0 };
        string? wrong = model.Explore();
        TestContext.Out.WriteLine(wrong);
        Assert.That(wrong, Is.Not.Null);
    }

    [Test]
    public void A_source_does_not_leave_before_it_has_heard_that_the_target_could_land()
    {
        SourceHandover unheard = new(HandoverLab.Terms().Source);
        Assert.That(
            unheard.Step(HandoverEvent.Leave, default), Is.EqualTo(HandoverActions.SendAbort | HandoverActions.GoOn));
        Assert.That(unheard.Phase, Is.EqualTo(SourcePhase.GoesOn));
        SourceHandover heard = new(HandoverLab.Terms().Source);
        Assert.That(heard.Step(HandoverEvent.Rehearsed, default), Is.EqualTo(HandoverActions.None));
        Assert.That(heard.Step(HandoverEvent.Leave, default), Is.EqualTo(Persist));
        Assert.That(heard.ToPersist, Is.EqualTo(HandoverState.Leaving));
    }

    [Test]
    public void A_source_that_leaves_before_it_has_heard_of_the_target_may_ask_for_ever()
    {
        HandoverTables tables = new();
        tables.Change(SourcePhase.Copying, HandoverEvent.Leave, SourcePhase.PersistingLeaving, Persist);
        HandoverModel model = new(tables, Operator.Absent, hasDisks: true);
        Assert.That(model.Explore(), Does.StartWith("nobody can go on"));
    }

    [TestCaseSource(nameof(Mutants))]
    public void A_wrong_step_is_found(string name, Action<HandoverTables> change)
    {
        foreach (bool hasDisks in (bool[])[true, false])
        {
            foreach (Operator person in Enum.GetValues<Operator>())
            {
                if (!hasDisks && person == Operator.Absent)
                {
                    continue;
                }

                HandoverTables tables = new();
                change(tables);
                HandoverModel model = new(tables, person, hasDisks);
                if (model.Explore() is string wrong)
                {
                    TestContext.Out.WriteLine($"{name}: operator {person}, disks {hasDisks}: {wrong}");
                    return;
                }
            }
        }

        Assert.Fail($"{name}: nobody noticed");
    }

    private static HandoverTables Authority() => new(CommitVerdict.Undecided);

    private static IEnumerable<TestCaseData> Mutants()
    {
        foreach ((string name, Action<HandoverTables> change) in SourceMutants())
        {
            yield return new TestCaseData(name, change).SetArgDisplayNames(name);
        }

        foreach ((string name, Action<HandoverTables> change) in TargetMutants())
        {
            yield return new TestCaseData(name, change).SetArgDisplayNames(name);
        }
    }

    private static IEnumerable<(string Name, Action<HandoverTables> Change)> SourceMutants()
    {
        yield return ("a fenced source goes on when the link dies", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.LinkDead, SourcePhase.GoesOn, HandoverActions.GoOn));
        yield return ("a fenced source goes on when it has waited long", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.Tick, SourcePhase.GoesOn, HandoverActions.GoOn));
        yield return ("a fenced source lets itself be cancelled", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.Cancel, SourcePhase.PersistingReturned, Persist));
        yield return ("the commit is sent before the record is written", tables => tables.Change(
            SourcePhase.Rehearsed, HandoverEvent.Leave, SourcePhase.PersistingLeaving,
            Persist | HandoverActions.SendCommit));
        yield return ("the commit is sent while the node may still run", tables => tables.Change(
            SourcePhase.PersistingLeaving, HandoverEvent.Persisted, SourcePhase.Leaving,
            HandoverActions.SendCommit));
        yield return ("the commit is sent although the record was not written", tables => tables.Change(
            SourcePhase.PersistingLeaving, HandoverEvent.PersistFailed, SourcePhase.Leaving, HandoverActions.None));
        yield return ("the source is gone before it knows", tables => tables.Change(
            SourcePhase.Leaving, HandoverEvent.AllSent, SourcePhase.PersistingMoved,
            Persist | HandoverActions.SendCommit));
        yield return ("a node that may have left goes on by itself", tables => tables.Change(
            SourcePhase.Leaving, HandoverEvent.AllSent, SourcePhase.Leaving, HandoverActions.SendCommit));
        yield return ("a node whose record could not be taken back stands still", tables => tables.Change(
            SourcePhase.TakingBack, HandoverEvent.PersistFailed, SourcePhase.Fenced, HandoverActions.None));
        yield return ("a source switched on in doubt opens its store", tables =>
            tables.SourceBoot[(int)HandoverState.Leaving] = SourcePhase.GoesOn);
        yield return ("a source switched on after it left opens its store", tables =>
            tables.SourceBoot[(int)HandoverState.Moved] = SourcePhase.GoesOn);
        yield return ("a source switched on in doubt does not ask", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.Tick, SourcePhase.Fenced, HandoverActions.None));
        yield return ("a source says that it is settled before it has written it", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.RunToken, SourcePhase.PersistingMoved,
            Persist | HandoverActions.SendToken));
        yield return ("a source that left does not answer", tables =>
        {
            tables.Change(
                SourcePhase.PersistingMoved, HandoverEvent.Persisted, SourcePhase.Moved, HandoverActions.StartAnew);
            tables.Change(SourcePhase.Moved, HandoverEvent.RunToken, SourcePhase.Moved, HandoverActions.None);
        });
        yield return ("a source goes on by a word that it could not write down", tables => tables.Change(
            SourcePhase.PersistingReclaimed, HandoverEvent.PersistFailed, SourcePhase.Reclaimed,
            HandoverActions.SendToken | HandoverActions.GoOn));
        yield return ("both tokens mean the same", tables => tables.Change(
            SourcePhase.Fenced, HandoverEvent.RunToken, SourcePhase.PersistingReturned, Persist));
    }

    private static IEnumerable<(string Name, Action<HandoverTables> Change)> TargetMutants()
    {
        yield return ("the target runs before the source has let go", tables => tables.Change(
            TargetPhase.Receiving, HandoverEvent.Tick, TargetPhase.PersistingOwner, Persist));
        yield return ("the target lands before its record is written", tables => tables.Change(
            TargetPhase.Receiving, HandoverEvent.Commit, TargetPhase.PersistingOwner, Persist | HandoverActions.Land));
        yield return ("the target shows the token before its record is written", tables => tables.Change(
            TargetPhase.Receiving, HandoverEvent.Commit, TargetPhase.PersistingOwner,
            Persist | HandoverActions.SendToken));
        yield return ("the target lands although its record was not written", tables => tables.Change(
            TargetPhase.PersistingOwner, HandoverEvent.PersistFailed, TargetPhase.Owner,
            HandoverActions.SendToken | HandoverActions.Land));
        yield return ("after a failed decision the target says at once that the move is off", tables => tables.Change(
            TargetPhase.PersistingOwner, HandoverEvent.PersistFailed, TargetPhase.Aborted,
            HandoverActions.SendToken));
        yield return ("after two failed writes the target says that the move is off", tables => tables.Change(
            TargetPhase.PersistingWithdrawal, HandoverEvent.PersistFailed, TargetPhase.Aborted,
            HandoverActions.SendToken));
        yield return ("a stuck target stays stuck", tables =>
        {
            tables.Change(TargetPhase.Stuck, HandoverEvent.Tick, TargetPhase.Stuck, HandoverActions.None);
            tables.TargetBoot[(int)HandoverState.Receiving] = TargetPhase.Stuck;
        });
        yield return ("the target says that the move is off and then lets itself be told otherwise", tables =>
            tables.Change(TargetPhase.Aborted, HandoverEvent.Commit, TargetPhase.PersistingOwner, Persist));
        yield return ("a target switched on in the middle says nothing", tables =>
        {
            tables.GivesUpAfterRestart = false;
            tables.TargetBoot[(int)HandoverState.Receiving] = TargetPhase.Idle;
        });
        yield return ("a target switched on in the middle believes it has everything", tables =>
        {
            tables.GivesUpAfterRestart = false;
            tables.TargetBoot[(int)HandoverState.Receiving] = TargetPhase.Settled;
        });
        yield return ("a target that has given up does not answer", tables =>
        {
            tables.Change(TargetPhase.PersistingAborted, HandoverEvent.Persisted, TargetPhase.Aborted, default);
            tables.Change(TargetPhase.PersistingAborted, HandoverEvent.PersistFailed, TargetPhase.Aborted, default);
            tables.Change(TargetPhase.Aborted, HandoverEvent.Asked, TargetPhase.Aborted, default);
        });
        yield return ("a target that has the node does not answer", tables =>
        {
            tables.Change(
                TargetPhase.PersistingOwner, HandoverEvent.Persisted, TargetPhase.Owner, HandoverActions.Land);
            tables.Change(TargetPhase.Owner, HandoverEvent.Asked, TargetPhase.Owner, default);
            tables.Change(TargetPhase.Owner, HandoverEvent.Tick, TargetPhase.Owner, default);
        });
        yield return ("a target switched on again does not ask before it opens the store", tables =>
            tables.TargetBoot[(int)HandoverState.Owner] = TargetPhase.Settled);
        yield return ("a target does not hear that the node was resumed", tables =>
        {
            tables.Change(TargetPhase.Owner, HandoverEvent.ReclaimedToken, TargetPhase.PersistingSettled, Persist);
        });
        yield return ("a target that was superseded opens its store", tables =>
            tables.TargetBoot[(int)HandoverState.Superseded] = TargetPhase.Settled);
    }
}
