using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Tests.Simulation;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>What a person at the console sees of moves, at every prompt.</summary>
[TestFixture]
internal sealed class MoveCommandTests
{
    private const string Waiting =
        "pairing code: 0123-4567-89AB-CDEF\r\n"
        + "it is good for one node and ten minutes; Ctrl-C ends the waiting\r\n"
        + "at the node that is to come here, type: migrate 10.0.0.1 0123-4567-89AB-CDEF\r\n"
        + "hauki (standby)> ";

    private FakeTeleporter teleporter = null!;

    [SetUp]
    public void Fresh() => teleporter = new FakeTeleporter();

    [Test]
    public void Migrate_reads_address_code_and_downtime_in_any_shape()
    {
        SimulatedMachine machine = Start(null);
        machine.Say("migrate 10.0.0.9 abcd-efgh-jkmn-pqrs downtime=250");
        machine.Type("\x03");
        machine.Say("migrate 10.0.0.9 abcd efgh jkmn pqrs");
        machine.Type("\x03");
        machine.Say("migrate 10.0.0.9");
        var target = Ipv4Address.Of(10, 0, 0, 9);
        Assert.That(teleporter.Orders, Is.EqualTo(new[]
        {
            new MoveOrder(target, "abcd-efgh-jkmn-pqrs") { DowntimeMs = 250 },
            new MoveOrder(target, "abcdefghjkmnpqrs"),
            new MoveOrder(target, null),
        }));
    }

    [TestCase("migrate nowhere", "migrate: say where to: migrate ADDRESS CODE, as the machine there shows it")]
    [TestCase("migrate 10.0.0", "migrate: say where to: migrate ADDRESS CODE, as the machine there shows it")]
    [TestCase("migrate cancel it", "migrate: say where to: migrate ADDRESS CODE, as the machine there shows it")]
    [TestCase("migrate 10.0.0.9 downtime=", "migrate: downtime is a number of milliseconds from 1 to 60000")]
    [TestCase("migrate 10.0.0.9 downtime=0", "migrate: downtime is a number of milliseconds from 1 to 60000")]
    [TestCase("migrate 10.0.0.9 downtime=-5", "migrate: downtime is a number of milliseconds from 1 to 60000")]
    [TestCase("migrate 10.0.0.9 downtime=60001", "migrate: downtime is a number of milliseconds from 1 to 60000")]
    [TestCase("migrate 10.0.0.9 x downtime=99999999999999999999",
        "migrate: downtime is a number of milliseconds from 1 to 60000")]
    [TestCase("migrate", "migrate: no move has been made")]
    [TestCase("migrate cancel", "migrate: no move is under way")]
    [TestCase("standby now", "standby: that is one word too many")]
    [TestCase("reclaim", "reclaim: there is no doubt about a node here")]
    [TestCase("resume",
        "resume: the node does not stand still; the word is for one that waits for its target's answer")]
    public void What_makes_no_sense_moves_nothing(string line, string answer)
    {
        SimulatedMachine machine = Start(null);
        Assert.That(machine.Say(line), Is.EqualTo($"{line}\r\n{answer}\r\nhauki (no disk)> "));
        Assert.That((teleporter.Orders.Count, teleporter.Codes.Count, teleporter.Cancelled), Is.EqualTo((0, 0, 0)));
    }

    [TestCase("migrate 10.0.0.9 x")]
    [TestCase("migrate cancel")]
    [TestCase("standby")]
    [TestCase("reclaim")]
    [TestCase("format")]
    public void Who_stands_by_does_nothing_else_with_the_node(string line)
    {
        SimulatedMachine machine = Start(null);
        machine.Say("standby");
        Assert.That(machine.Say(line), Is.EqualTo(
            line + "\r\nthis machine stands by for a node; Ctrl-C ends that\r\nhauki (standby)> "));
        Assert.That((teleporter.Orders.Count, teleporter.Ended), Is.EqualTo((0, 0)));
    }

    [TestCase("migrate")]
    [TestCase("standby")]
    public void A_kernel_that_cannot_move_says_so(string line)
    {
        (SimulatedCard card, _) = SimulatedCard.Pair();
        var machine = new SimulatedMachine(null, card: card);
        machine.Run();
        machine.TakeOutput();
        Assert.That(machine.Say(line), Is.EqualTo(
            $"{line}\r\n{line}: this kernel was composed without it\r\nhauki (no disk)> "));
    }

    [Test]
    public void A_move_shows_its_progress_and_its_end()
    {
        SimulatedMachine machine = Start(null);
        Assert.That(machine.Say("migrate 10.0.0.9 x"), Does.EndWith("looking for the machine that stands by"));
        teleporter.Status = new MoveStatus
        {
            Phase = MovePhase.Copying, Round = 2, PagesLeft = 345, BytesPerSecond = 11_744_051,
            DirtyPagesPerSecond = 120, EstimatedDowntimeMs = 17, WorkerShare = 50,
        };
        machine.TakeOutput();
        machine.Run(0.5);
        Assert.That(machine.TakeOutput().Trim(' '), Is.EqualTo(
            "\rround 2: 345 pages left, 11.1 MiB/s, 120 pages/s written, 17 ms to stand still, worker at 50 %"));
        teleporter.Status = teleporter.Status with { Round = 1, EstimatedDowntimeMs = 0, WorkerShare = 100 };
        machine.Run(0.5);
        Assert.That(machine.TakeOutput().Trim(' '), Is.EqualTo(
            "\rround 1: 345 pages left, 11.1 MiB/s, 120 pages/s written, standstill not known yet"));
        teleporter.Status = new MoveStatus
        {
            Phase = MovePhase.Landed, DowntimeMicroseconds = 12_345, TotalMs = 412, BytesSent = 2_812_345, Round = 3,
        };
        machine.Run();
        Assert.That(machine.TakeOutput(), Is.EqualTo(
            "\r\nmoved: stood still 12.345 ms, 412 ms in all, 2812345 bytes, 3 rounds\r\nhauki (no disk)> "));
        machine.Run(1);
        Assert.That(machine.Output, Is.Empty, "it is said once");
    }

    [Test]
    public void A_move_that_fails_says_why_and_the_prompt_is_back()
    {
        SimulatedMachine machine = Start(null);
        machine.Say("migrate 10.0.0.9 x");
        teleporter.Status = new MoveStatus { Phase = MovePhase.Failed, Problem = "no machine stands by there" };
        machine.TakeOutput();
        machine.Run();
        Assert.That(
            machine.TakeOutput(), Is.EqualTo("\r\nmigrate: no machine stands by there\r\nhauki (no disk)> "));
        teleporter.Refusal = "a move is under way";
        Assert.That(machine.Say("migrate 10.0.0.9 x"), Does.Contain("migrate: a move is under way\r\nhauki"));
    }

    [Test]
    public void A_move_waits_for_randomness_and_can_be_given_up_meanwhile()
    {
        SimulatedMachine machine = Start(null, entropyReady: false);
        Assert.That(machine.Say("migrate 10.0.0.9 x"), Does.EndWith("gathering randomness: 0 %"));
        machine.TakeOutput();
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Is.EqualTo("\r\nmigrate: given up\r\nhauki (no disk)> "));
        machine.Say("migrate 10.0.0.9 x");
        Assert.That(teleporter.Orders, Is.Empty);
        machine.GatherEntropy();
        machine.Run();
        Assert.That(teleporter.Orders, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_move_that_somebody_else_has_ordered_is_told_of_and_can_be_given_up()
    {
        SimulatedMachine machine = Start(null);
        teleporter.Status = new MoveStatus { Phase = MovePhase.Copying, Round = 1, PagesLeft = 9 };
        machine.TakeOutput();
        machine.Run();
        Assert.That(machine.TakeOutput(), Is.Empty);
        Assert.That(machine.Say("migrate"), Does.Contain("migrate: round 1: 9 pages left"));
        Assert.That(machine.Say("status"), Does.Contain("move: round 1: 9 pages left"));
        Assert.That(machine.Say("migrate cancel"), Does.Contain("migrate: given up"));
        Assert.That(teleporter.Cancelled, Is.EqualTo(1));
        teleporter.Status = new MoveStatus { Phase = MovePhase.Landed, Round = 1 };
        machine.TakeOutput();
        machine.Run();
        Assert.That(machine.TakeOutput(), Is.EqualTo(
            "\r\nmoved: stood still 0.000 ms, 0 ms in all, 0 bytes, 1 round\r\nhauki (no disk)> "));
    }

    [Test]
    public void Standby_shows_the_code_and_what_to_type_and_ends_with_ctrl_c()
    {
        SimulatedMachine machine = Start(null);
        Assert.That(machine.Say("standby"), Is.EqualTo("standby\r\n" + Waiting));
        Assert.That(machine.Say("net"), Does.Contain("10.0.0.1").And.EndWith("hauki (standby)> "));
        Assert.That(machine.Say("migrate 10.0.0.9 x"), Does.Contain("stands by for a node; Ctrl-C ends that"));
        Assert.That(teleporter.Orders, Is.Empty);
        machine.TakeOutput();
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Does.EndWith("nobody is waited for any more\r\nhauki (no disk)> "));
        Assert.That(teleporter.Ended, Is.EqualTo(1));
        Assert.That(machine.Say("get x"), Does.Contain("no store is open"));
    }

    [Test]
    public void A_node_that_arrives_is_shown_and_one_that_does_not_leads_to_another_code()
    {
        SimulatedMachine machine = Start(null);
        machine.Say("standby");
        teleporter.Status = new MoveStatus
        {
            Phase = MovePhase.Receiving, PagesSent = 7, SectorsSent = 8, BytesSent = 3 << 19,
        };
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.EndWith("a node arrives: 7 pages, 8 sectors, 1.5 MiB"));
        teleporter.Status = new MoveStatus { Phase = MovePhase.Failed, Problem = "the wire is dead" };
        machine.Run();
        Assert.That(machine.TakeOutput(), Is.EqualTo("\r\nstandby: the wire is dead\r\n"));
        machine.Run(3);
        Assert.That(
            machine.TakeOutput(), Is.EqualTo(Waiting.Replace("0123-4567-89AB-CDEF", "1111-2222-3333-4444")));
    }

    [Test]
    public void Ctrl_C_while_a_node_arrives_sends_it_back()
    {
        SimulatedMachine machine = Start(null);
        machine.Say("standby");
        teleporter.Status = new MoveStatus { Phase = MovePhase.Receiving };
        machine.Run();
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Does.EndWith("nobody is waited for any more\r\nhauki (no disk)> "));
        Assert.That(teleporter.Ended, Is.EqualTo(1));
    }

    [Test]
    public void The_word_at_boot_waits_for_randomness_and_for_an_address()
    {
        SimulatedMachine machine = Start(null, standsBy: true, entropyReady: false, address: null);
        Assert.That(machine.TakeOutput(), Does.Contain("gathering randomness: 0 %").And.Not.Contain("code"));
        machine.GatherEntropy();
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain(
            "no network address yet; 'net set ADDRESS/PREFIX' gives it one\r\nhauki (standby)> "));
        machine.Network.Apply(Settings("10.0.0.1/24"), machine.Now, probe: false);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.EndWith(
            "type: migrate 10.0.0.1 0123-4567-89AB-CDEF\r\nhauki (standby)> "));
    }

    [Test]
    public void A_machine_without_a_card_says_so_and_goes_on()
    {
        var machine = new SimulatedMachine(null, teleporter: teleporter, standsBy: true);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.EndWith(
            "standby: this machine has no network card that we know\r\nhauki (no disk)> "));
        Assert.That(machine.Say("migrate 10.0.0.2"), Does.Contain("no network card that we know"));
    }

    [Test]
    public void At_enrolment_the_word_waits_for_a_node_and_an_empty_disk_is_given_away_without_a_question()
    {
        SimulatedMachine machine = Start(new MemoryDisk(8));
        Assert.That(
            machine.TakeOutput(), Does.EndWith("'standby' waits for a node to move here instead.\r\nquestion 1> "));
        Assert.That(machine.Say("standby"), Is.EqualTo("standby\r\n" + Waiting));
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Does.EndWith("question 1> "));
        Assert.That(machine.Say("Which lake?"), Does.EndWith("answer 1> "));
        Assert.That(machine.Say("standby"), Does.EndWith("question 2> "), "as an answer it is an answer");
    }

    [Test]
    public void A_disk_that_holds_a_store_is_given_away_only_when_a_person_says_so()
    {
        SimulatedMachine machine = Start(UnlockLab.EnrolledDisk());
        teleporter.WouldOverwrite = true;
        Assert.That(machine.Say("standby"), Does.Contain("overwrites all 8 MiB of it").And.EndWith("confirm> "));
        Assert.That(machine.Say("yes"), Does.Contain("the disk is left as it is").And.EndWith("answer> "));
        Assert.That(teleporter.Codes, Is.Empty);
        machine.Say("standby");
        Assert.That(teleporter.MayOverwrite, Is.False);
        Assert.That(machine.Say("give the disk away"), Is.EqualTo("give the disk away\r\n" + Waiting));
        Assert.That(teleporter.MayOverwrite);
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Does.EndWith("answer> "));
        Assert.That(machine.Node.IsAsking);
    }

    [Test]
    public void A_locked_node_can_be_moved_and_other_answers_stay_answers()
    {
        SimulatedMachine machine = Start(UnlockLab.EnrolledDisk());
        machine.Say("migrate 10.0.0.9 x");
        Assert.That(teleporter.Orders.Single().Code, Is.EqualTo("x"));
        teleporter.Status = new MoveStatus { Phase = MovePhase.Landed, Round = 1 };
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain("moved: stood still").And.EndWith("answer> "));
        Assert.That(machine.Say("migrate the birds"), Does.Contain("challenge 2/3"));
        Assert.That(teleporter.Orders, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_open_store_keeps_the_machine_from_standing_by()
    {
        SimulatedMachine machine = Start(UnlockLab.EnrolledDisk());
        for (int i = 0; i < UnlockLab.Answers.Count; i++)
        {
            string question = machine.Output[(machine.Output.LastIndexOf("/3: ") + 4)..].Split('\r')[0];
            machine.Type(UnlockLab.Answers[question] + "\r");
        }

        Assert.That(machine.Output, Does.EndWith("hauki> "));
        Assert.That(machine.Say("standby"), Does.Contain("a node runs here, and its store is open"));
        Assert.That(teleporter.Codes, Is.Empty);
    }

    [Test]
    public void What_the_teleporter_says_against_waiting_is_said_and_the_prompt_is_back()
    {
        SimulatedMachine machine = Start(null);
        teleporter.Refusal = "a move is under way";
        Assert.That(machine.Say("standby"), Is.EqualTo(
            "standby\r\nstandby: a move is under way\r\nhauki (no disk)> "));
    }

    [Test]
    public void Help_lists_them()
    {
        string help = Start(null).Say("help");
        Assert.That(help, Does.Contain("\r\nstandby ").And.Contain("\r\nmigrate ADDRESS [CODE]"));
    }

    private static NetworkSettings Settings(string text) =>
        NetworkSettings.TryParse(text, out NetworkSettings settings, out _) ? settings : NetworkSettings.Off;

    private SimulatedMachine Start(
        MemoryDisk? disk, bool standsBy = false, bool entropyReady = true, string? address = "10.0.0.1/24")
    {
        (SimulatedCard card, _) = SimulatedCard.Pair();
        var machine = new SimulatedMachine(
            disk, entropyReady: entropyReady, card: card, teleporter: teleporter, standsBy: standsBy);
        machine.Node.IsReachable = true;
        if (address is not null)
        {
            machine.Network.Apply(Settings(address), machine.Now, probe: false);
        }

        machine.Run();
        return machine;
    }
}
