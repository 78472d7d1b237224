using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Migration;
using HaukiOS.Tests.Unit.Migration;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>A machine that is switched on with a disk whose node is not here, or of which nobody can tell.</summary>
[TestFixture]
internal sealed class WhereaboutsTests
{
    private MemoryDisk disk = null!;
    private HandoverTerms source = null!;
    private HandoverTerms target = null!;
    private Witness witness = null!;

    [SetUp]
    public void Enrolled()
    {
        disk = ConsoleContractTests.EnrolledDisk(out _);
        (source, target) = HandoverLab.Terms();
    }

    [Test]
    public void A_disk_whose_node_is_here_asks_its_questions(
        [Values(HandoverState.Returned, HandoverState.Reclaimed, HandoverState.Settled)] HandoverState state)
    {
        Assert.That(SwitchOn(state).Output, Does.Contain("challenge 1/3"));
    }

    [TestCase(HandoverState.Moved, "has moved to another machine", "node elsewhere")]
    [TestCase(HandoverState.Aborted, "did not arrive", "node not here")]
    [TestCase(HandoverState.Receiving, "did not arrive", "node not here")]
    [TestCase(HandoverState.Superseded, "was resumed on the machine that it came from", "node elsewhere")]
    [TestCase(HandoverState.Leaving, "only the other machine knows", "in doubt")]
    [TestCase(HandoverState.Owner, "has not confirmed it yet", "unconfirmed")]
    public void A_store_that_must_stay_shut_stays_shut(HandoverState state, string sentence, string title)
    {
        SimulatedMachine machine = SwitchOn(state);
        Assert.That(machine.Output, Does.Contain(sentence).And.EndWith($"hauki ({title})> "));
        Assert.That(machine.Output, Does.Contain("the other machine's key: the "));
        Assert.That(machine.Output, Does.Not.Contain("challenge"));
        Assert.That(machine.Say("get boat"), Does.Contain($"get: no store is open ({title})"));
    }

    [TestCase(HandoverState.Leaving)]
    [TestCase(HandoverState.Owner)]
    public void A_doubt_is_ended_by_a_sentence_and_by_nothing_else(HandoverState state)
    {
        SimulatedMachine machine = SwitchOn(state);
        Assert.That(machine.Say("reclaim"), Does.EndWith("confirm> "));
        Assert.That(machine.Say("yes"), Does.Contain("nothing was changed"));
        Assert.That(HandoverJournal.Open(disk).State, Is.EqualTo(state));
        machine.Say("reclaim");
        machine.Type("it does not run there\r");
        Assert.That(machine.Output, Does.Contain("the node was reclaimed by an operator").And.Contain("challenge 1/3"));
        Assert.That(HandoverJournal.Open(disk).State.MayRun());
        Assert.That(ConsoleContractTests.Answer(machine, ConsoleContractTests.Answers), Does.Contain("unlocked"));
    }

    [Test]
    public void What_is_certain_cannot_be_reclaimed()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Moved);
        Assert.That(machine.Say("reclaim"), Does.Contain("there is no doubt").And.EndWith("hauki (node elsewhere)> "));
    }

    [Test]
    public void A_disk_in_doubt_is_neither_formatted_nor_given_away()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Leaving, new FakeTeleporter());
        const string why = "this disk may hold the only copy of a node; 'reclaim' decides that first";
        const string prompt = "hauki (in doubt)> ";
        Assert.That(machine.Say("format"), Is.EqualTo($"format\r\nformat: {why}\r\n{prompt}"));
        Assert.That(machine.Say("standby"), Is.EqualTo($"standby\r\nstandby: {why}\r\n{prompt}"));
        Assert.That(
            machine.Say("reclaim it"), Is.EqualTo($"reclaim it\r\nreclaim: that is one word too many\r\n{prompt}"));
        Assert.That(HandoverJournal.Open(disk).State, Is.EqualTo(HandoverState.Leaving));
    }

    [Test]
    public void The_answer_of_the_other_machine_opens_the_way()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Leaving);
        machine.TakeOutput();
        Hear(target.SecondToken, machine.Now);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain("the node is here").And.Contain("challenge 1/3"));
    }

    [Test]
    public void The_answer_of_the_other_machine_can_be_that_the_node_is_gone()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Leaving);
        machine.TakeOutput();
        Hear(target.FirstToken, machine.Now);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain("has moved").And.EndWith("hauki (node elsewhere)> "));
    }

    [Test]
    public void A_disk_that_was_left_behind_can_be_made_anew()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Moved);
        machine.Type("format\r");
        machine.Type("erase everything\r");
        ConsoleContractTests.Enrol(machine);
        Assert.That(machine.Output, Does.EndWith("hauki> "));
        Assert.That(HandoverJournal.Open(disk).State, Is.EqualTo(HandoverState.None));
        Assert.That(HandoverJournal.Open(disk).Record.TryAnswer(source.Session, true, out _), "it still answers");
    }

    [Test]
    public void The_address_of_a_node_that_is_elsewhere_is_not_used()
    {
        SimulatedMachine machine = SwitchOn(HandoverState.Moved);
        Assert.That(machine.Node.Boot.IsOfAnother);
        Assert.That(machine.Node.Boot.Key, Is.Not.Null, "by it the node knows this machine on the way back");
        Assert.That(machine.Node.Boot.Network, Is.EqualTo(HaukiOS.Net.NetworkSettings.Dhcp));
    }

    private void Hear(ReadOnlySpan<byte> token, Instant now)
    {
        byte[] frame = new byte[128];
        LinkFrames.WriteToken(frame, MacAddress.Broadcast, HandoverLab.TargetStation, source.Session, token);
        witness.TryTake(frame, now);
    }

    private SimulatedMachine SwitchOn(HandoverState state, ITeleporter? teleporter = null)
    {
        HandoverJournal.Open(disk).Write(state, state.IsOfSource() ? source : target);
        StillClock clock = new();
        witness = new Witness(clock, new KernelLog(clock));
        witness.Start(disk);
        SimulatedCard? card = teleporter is null ? null : SimulatedCard.Pair().Item1;
        SimulatedMachine machine = new(disk, 2, card: card, teleporter: teleporter, whereabouts: witness);
        machine.Run();
        return machine;
    }

    private sealed class StillClock : IClock
    {
        public Instant Now => Instant.PowerOn.AddMilliseconds(5000);
    }
}
