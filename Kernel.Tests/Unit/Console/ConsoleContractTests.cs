using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>The console's contract, word by word.</summary>
[TestFixture]
public sealed partial class ConsoleContractTests
{
    internal static readonly Dictionary<string, string> Answers = new()
    {
        ["Which lake froze first?"] = "Pyhäjärvi of the north",
        ["What was the boat's name?"] = "Silver Perch",
        ["Who mended the net?"] = "Great-aunt Helmi",
    };

    private static readonly Lazy<(MemoryDisk Disk, string Recovery)> Enrolled = new(() =>
    {
        MemoryDisk disk = EnrolledDisk(out string recovery, _ => { });
        return (disk, recovery);
    });

    [Test]
    public void An_empty_disk_enrols_and_ends_at_the_prompt()
    {
        var machine = new SimulatedMachine(new MemoryDisk(8));
        string recovery = Enrol(machine);
        Assert.That(recovery, Does.Match("^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$"));
        Assert.That(machine.Output, Does.EndWith("\r\nhauki> "));
        foreach (string answer in Answers.Values)
        {
            Assert.That(machine.Output, Does.Not.Contain(answer));
            Assert.That(machine.Output, Does.Contain("> " + new string('*', answer.Length) + "\r\n"));
        }

        Assert.That(LoneLineFeeds().Matches(machine.Output), Is.Empty);
    }

    [Test]
    public void What_was_put_is_there_after_a_reboot_and_right_answers()
    {
        MemoryDisk disk = EnrolledDisk(out _, machine =>
        {
            Assert.That(machine.Say("put boat Silver  Perch "), Is.EqualTo("put boat Silver  Perch \r\nhauki> "));
            machine.Say("put \"two words\" \"quoted \"value\"\"");
        });
        var second = new SimulatedMachine(disk, 2);
        second.Run();
        string said = Answer(second, Answers);
        Assert.That(said, Does.Contain("\r\nunlocked\r\n").And.EndWith("hauki> "));
        Assert.That(second.Say("get boat"), Is.EqualTo("get boat\r\nSilver  Perch \r\nhauki> "));
        Assert.That(second.Say("get \"two words\""), Does.Contain("\r\nquoted \"value\"\r\n"));
        Assert.That(second.Say("list"), Is.EqualTo("list\r\nboat\r\ntwo words\r\n2 names\r\nhauki> "));
        Assert.That(second.Say("list tw"), Does.Contain("1 name\r\n"));
        Assert.That(second.Say("del boat"), Is.EqualTo("del boat\r\nhauki> "));
        Assert.That(second.Say("get boat"), Does.Contain("get: "));
    }

    [Test]
    public void A_node_has_a_key_of_its_own_from_enrolment_on_while_it_is_open()
    {
        string? atFirst = null, said = null;
        MemoryDisk disk = EnrolledDisk(out _, machine =>
        {
            said = machine.Say("status");
            atFirst = NodeKey().Match(said).Value;
        });
        Assert.That(atFirst, Is.Not.Empty, said);

        var again = new SimulatedMachine(disk, 2);
        again.Run();
        Answer(again, Answers);
        Assert.That(NodeKey().Match(again.Say("status")).Value, Is.EqualTo(atFirst));

        var other = new SimulatedMachine(new MemoryDisk(8), 7);
        Enrol(other);
        Assert.That(NodeKey().Match(other.Say("status")).Value, Is.Not.Empty.And.Not.EqualTo(atFirst));
    }

    [Test]
    public void Unlock_with_answers_in_another_case_opens_the_store()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 3);
        machine.Run();
        string said = Answer(machine, new()
        {
            ["Which lake froze first?"] = "  PYHAJARVI   of the NORTH ",
            ["What was the boat's name?"] = "silver perch!",
            ["Who mended the net?"] = "GREAT AUNT HELMI",
        });
        Assert.That(said, Does.Contain("\r\nunlocked\r\n"));
    }

    [Test]
    public void One_wrong_answer_is_refused_as_three_are_and_the_delay_grows_across_reboots()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        var oneWrong = new Dictionary<string, string>(Answers) { ["Who mended the net?"] = "Helmi" };
        var machine = new SimulatedMachine(disk, 4);
        machine.Run();
        string one = Answer(machine, oneWrong);
        Assert.That(Refusal(one), Is.EqualTo("locked: the next attempt is possible in 1 s"));
        machine.Run(2);
        string three = Answer(machine, []);
        Assert.That(Refusal(three), Is.EqualTo("locked: the next attempt is possible in 2 s"));

        machine = new SimulatedMachine(disk, 5);
        machine.Run(1.5);
        Assert.That(machine.Output, Does.Contain("locked: the next attempt is possible in 2 s\r\n"));
        Assert.That(machine.Output, Does.Not.Contain("challenge"));
        machine.Run(1);
        Assert.That(machine.Output, Does.Contain("\r\nchallenge 1/3: "));
        Assert.That(Answer(machine, oneWrong), Does.Contain("in 4 s"));
        machine.Run(4.2);
        string said = Answer(machine, Answers);
        Assert.That(said, Does.Contain("unlocked\r\nfailed attempts since the last success: 3\r\n"));

        machine = new SimulatedMachine(disk, 6);
        machine.Run();
        Assert.That(machine.Output, Does.Contain("challenge 1/3: "));
    }

    [Test]
    public void An_attempt_is_counted_before_it_is_looked_at()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        var machine = new SimulatedMachine(disk, 7) { RunsJobs = false };
        machine.Run();
        Answer(machine, []);

        // The plug is pulled while the key is being derived.
        var next = new SimulatedMachine(disk, 8);
        next.Run(0.3);
        Assert.That(next.Output, Does.Contain("locked: the next attempt is possible in 1 s"));
    }

    [Test]
    public void An_attempt_that_cannot_be_counted_is_not_looked_at()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        var machine = new SimulatedMachine(disk, 9);
        machine.Run();
        disk.FailsWrites = true;
        string said = Answer(machine, Answers);
        Assert.That(said, Does.Contain("locked: the attempt cannot be counted").And.Not.Contain("unlocked"));
    }

    [Test]
    public void The_recovery_key_opens_and_forgives_the_way_it_is_typed()
    {
        MemoryDisk disk = EnrolledDisk(out string recovery);
        var machine = new SimulatedMachine(disk, 10);
        machine.Run();
        string wrong = recovery[..^1] + (recovery[^1] == 'A' ? 'B' : 'A');
        Assert.That(machine.Say("recover"), Does.Contain("*******\r\nrecovery key> "));
        Assert.That(machine.Say(wrong), Does.Contain("\r\nlocked: that is no recovery key").And.EndWith("answer> "));
        machine.Say("recover");
        string said = machine.Say(recovery.Replace('-', ' ').Replace('0', 'o').Replace('1', 'l').ToLowerInvariant());
        Assert.That(said, Does.Contain("\r\nunlocked\r\n").And.EndWith("hauki> "));
    }

    [Test]
    public void Locking_asks_again_and_closes_the_store()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 11);
        machine.Run();
        Answer(machine, Answers);
        machine.Type("lock\r");
        Assert.That(machine.Output, Does.Contain("hauki> lock\r\nchallenge 1/3: ").And.EndWith("answer> "));
        Assert.That(Answer(machine, Answers), Does.Contain("unlocked"));
    }

    [Test]
    public void Questions_come_in_any_order()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        var first = new HashSet<string>();
        for (int seed = 0; seed < 20; seed++)
        {
            var machine = new SimulatedMachine(disk, 100 + seed, entropyReady: seed % 2 == 0);
            machine.Run();
            first.Add(Question().Match(machine.Output).Groups[2].Value);
        }

        Assert.That(first, Has.Count.EqualTo(3));
    }

    [Test]
    public void Weak_empty_and_repeated_answers_and_questions_are_refused()
    {
        var machine = new SimulatedMachine(new MemoryDisk(8));
        machine.Run();
        Assert.That(machine.Say(""), Does.Contain("at least 3 questions").And.EndWith("question 1> "));
        machine.Say("First?");
        Assert.That(machine.Say(" .,! "), Does.Contain("the answer is empty").And.EndWith("answer 1> "));
        Assert.That(machine.Say("ab"), Does.Contain("too weak"));
        Assert.That(machine.Say("aaaaaaa"), Does.Contain("too weak"));
        Assert.That(machine.Say(new string('x', 300)), Does.Contain("at most 256 bytes"));
        Assert.That(machine.Say("perch"), Does.EndWith("question 2> "));
        Assert.That(machine.Say("first"), Does.Contain("asked that already"));
        machine.Say("Second?");
        Assert.That(machine.Say("P-E-R-C-H"), Does.Contain("another question has this answer"));
        machine.Say("abc");
        machine.Say("Third?");
        machine.Say("xyz");
        Assert.That(machine.Say(""), Does.Contain("too weak: 11 characters of 12"));
        machine.Say("Fourth?");
        machine.Say("pike");
        Assert.That(machine.Say(""), Does.Contain("\r\nrecovery key: "));
    }

    [Test]
    public void A_foreign_disk_is_left_alone_until_the_sentence_is_typed()
    {
        var disk = new MemoryDisk(8);
        new Random(1).NextBytes(disk.Bytes);
        byte[] before = (byte[])disk.Bytes.Clone();
        var machine = new SimulatedMachine(disk);
        machine.Run();
        Assert.That(machine.Output, Does.Contain("not HaukiOS").And.EndWith("confirm> "));
        Assert.That(machine.Say("yes"), Does.Contain("left as it is").And.EndWith("hauki (foreign disk)> "));
        Assert.That(machine.Say("put a b"), Does.Contain("put: no store is open"));
        Assert.That(disk.Bytes.AsSpan().SequenceEqual(before));
        Assert.That(machine.Say("format"), Does.EndWith("confirm> "));
        machine.Type("erase everything\r");
        Enrol(machine);
        Assert.That(machine.Say("put a b"), Is.EqualTo("put a b\r\nhauki> "));
    }

    [Test]
    public void A_machine_without_a_disk_has_a_prompt_of_its_own()
    {
        var machine = new SimulatedMachine(null);
        machine.Run();
        Assert.That(machine.Output, Does.Contain("no disk").And.EndWith("hauki (no disk)> "));
        foreach (string command in (string[])["help", "status", "mem", "log", "selftest", "lock", "list", "format"])
        {
            Assert.That(machine.Say(command), Does.EndWith("hauki (no disk)> "), command);
        }
    }

    [Test]
    public void A_damaged_lock_record_is_told_in_words()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        disk.Bytes.AsSpan(16 * 512, 80 * 512).Fill(0x55);
        var machine = new SimulatedMachine(disk, 12);
        machine.Run();
        Assert.That(machine.Output, Does.Contain("lock record").And.EndWith("hauki (damaged disk)> "));
    }

    [Test]
    public void One_damaged_copy_of_the_lock_record_only_warns()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        disk.Bytes[(16 * 512) + 100] ^= 1;
        var machine = new SimulatedMachine(disk, 13);
        machine.Run();
        Assert.That(machine.Output, Does.Contain("warning: lock record: copy A").And.EndWith("answer> "));
        Assert.That(Answer(machine, Answers), Does.Contain("unlocked"));
    }

    [Test]
    public void A_changed_question_opens_nothing()
    {
        MemoryDisk disk = EnrolledDisk(out _);
        LockRecord.TryDecode(
            MirroredRecord.ForLock(disk).Read().Content, out LockRecord? record, out _);
        record!.Questions[0] = new Question(1, "Tell me your mother's name?");
        MirroredRecord.ForLock(disk).WriteBoth(record.Encode());
        var machine = new SimulatedMachine(disk, 14);
        machine.Run();
        var answers = new Dictionary<string, string>(Answers)
        {
            ["Tell me your mother's name?"] = Answers.First().Value,
        };
        Assert.That(Answer(machine, answers), Does.Contain("locked: "));
    }

    [Test]
    public void A_small_machine_says_that_it_uses_less_memory()
    {
        var machine = new SimulatedMachine(new MemoryDisk(8), memory: 20 << 20);
        Enrol(machine);
        Assert.That(machine.Output, Does.Contain("the key derivation will use 16 MiB instead of 64 MiB"));
        Assert.That(machine.Work.LentBytes, Is.Zero);
    }

    [Test]
    public void Unlocking_on_a_machine_with_too_little_memory_says_so()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 15, memory: 6 << 20);
        machine.Run();
        Assert.That(Answer(machine, Answers), Does.Contain("locked: the key derivation needs 8 MiB"));
    }

    [Test]
    public void Making_keys_waits_for_entropy_and_shows_it()
    {
        var machine = new SimulatedMachine(new MemoryDisk(8), entropyReady: false);
        machine.Run();
        TypePairs(machine);
        Assert.That(machine.Output, Does.Contain("gathering randomness: ").And.Not.Contain("recovery key: "));
        machine.GatherEntropy();
        machine.Run(1);
        Assert.That(machine.Output, Does.Contain("recovery key: ").And.EndWith("hauki> "));
    }

    [Test]
    public void Making_keys_waits_again_when_a_time_jump_takes_the_randomness_back([Values(1, 2)] int jobsBefore)
    {
        var machine = new SimulatedMachine(new MemoryDisk(8)) { RunsJobs = false };
        machine.Run();
        TypePairs(machine);
        for (int job = 1; job <= jobsBefore; job++)
        {
            machine.Run();
            machine.RunsJobs = true;
            machine.Run(0.01);
            machine.RunsJobs = false;
        }

        machine.Entropy.OnTimeJump(new TimeJump(TimeJumpCause.StoodStill, machine.Now, 0));
        machine.RunsJobs = true;
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain("gathering randomness: ").And.Not.Contain("recovery key: "));
        machine.GatherEntropy();
        machine.Run(1);
        Assert.That(machine.Output, Does.Contain("recovery key: ").And.EndWith("hauki> "));
    }

    [Test]
    public void Typing_ahead_during_a_derivation_is_not_lost_and_control_C_ends_it()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 16, memory: 1 << 30);
        machine.Run();
        Answer(machine, Answers);
        machine.RunsJobs = false;
        Assert.That(machine.Say("bench argon2"), Does.Not.Contain("hauki> "));
        machine.Type("put ahead yes\r");
        machine.RunsJobs = true;
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Match("argon2id 64 MiB t=3 p=1: [0-9]+ ms\r\nhauki> put ahead yes\r\n"));
        machine.RunsJobs = false;
        machine.Say("bench argon2");
        machine.Type("lost\u0003");
        machine.RunsJobs = true;
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.Contain("bench: interrupted").And.EndWith("hauki> "));
    }

    [Test]
    public void Commands_that_do_not_exist_name_help()
    {
        var machine = new SimulatedMachine(null);
        machine.Run();
        Assert.That(machine.Say("frobnicate"), Does.Contain("no such command; 'help' lists all"));
        Assert.That(machine.Say("   "), Does.EndWith("    \r\nhauki (no disk)> ").Or.Contain("hauki (no disk)> "));
    }

    [Test]
    public void Reboot_and_poweroff_reach_the_machine()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 17);
        machine.Run();
        Answer(machine, Answers);
        machine.Say("reboot");
        Assert.That(machine.Fate, Is.EqualTo("reboot"));
        machine.Say("poweroff");
        Assert.That(machine.Fate, Is.EqualTo("poweroff"));
    }

    [Test]
    public void Soaks_report_what_they_did_and_leave_nothing()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 18);
        machine.Run();
        Answer(machine, Answers);
        Assert.That(machine.Say("soak put 2000"), Does.Contain("2000 puts done\r\nhauki> "));
        Assert.That(machine.Say("list"), Does.Contain("\r\n0 names\r\n"));
        Assert.That(machine.Say("soak alloc 20"), Does.Contain("20 MiB done"));
        Assert.That(machine.Say("soak put"), Does.Contain("soak: "));
        Assert.That(machine.Say("soak put 99999999999"), Does.Contain("soak: "));
    }

    [Test]
    public void Every_command_ends_at_the_prompt()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 19);
        machine.Run();
        Answer(machine, Answers);
        foreach (string command in (string[])["help", "status", "mem", "log", "put", "put a", "get", "del", "selftest"])
        {
            Assert.That(machine.Say(command), Does.EndWith("\r\nhauki> "), command);
        }

        Assert.That(machine.Say("selftest"), Does.Not.Contain("FAILED").And.Contain("selftest ML-KEM-768: ok"));
        Assert.That(machine.Say("status"), Does.Contain("2026-01-01 00:00:00 UTC"));
    }

    [Test]
    public void A_flood_of_anything_leaves_a_working_console([Range(1, 5)] int seed)
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 20);
        machine.Run();
        Answer(machine, Answers);
        var random = new Random(seed);
        var flood = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            flood.Append((char)random.Next(1, random.Next(2) == 0 ? 128 : 0x2000));
        }

        machine.Type(flood.ToString());
        machine.Run(10);
        machine.Type("\u0003");
        machine.TakeOutput();
        Assert.That(machine.Say("help"), Does.Contain("this list").And.EndWith("hauki> "), $"seed {seed}");
    }

    [Test]
    public void A_line_too_long_is_refused_as_a_whole()
    {
        var machine = new SimulatedMachine(EnrolledDisk(out _), 21);
        machine.Run();
        Answer(machine, Answers);
        Assert.That(machine.Say("put big " + new string('x', 200_000)), Does.Contain("the line is too long"));
        Assert.That(machine.Say("get big"), Does.Contain("get: "));
    }

    internal static MemoryDisk EnrolledDisk(out string recovery, Action<SimulatedMachine>? more = null)
    {
        if (more is null)
        {
            recovery = Enrolled.Value.Recovery;
            return MemoryDisk.CopyOf(Enrolled.Value.Disk);
        }

        var disk = new MemoryDisk(8);
        var machine = new SimulatedMachine(disk);
        recovery = Enrol(machine);
        more.Invoke(machine);
        return disk;
    }

    internal static string Enrol(SimulatedMachine machine)
    {
        machine.Run();
        TypePairs(machine);
        Match match = Recovery().Match(machine.Output);
        Assert.That(match.Success, machine.Output);
        return match.Groups[1].Value;
    }

    private static void TypePairs(SimulatedMachine machine)
    {
        int number = 1;
        foreach ((string question, string answer) in Answers)
        {
            Assert.That(machine.Output, Does.EndWith($"question {number}> "));
            machine.Type(question + "\r");
            Assert.That(machine.Output, Does.EndWith($"answer {number++}> "));
            machine.Type(answer + "\r");
        }

        machine.Type("\r");
        machine.Run(1);
    }

    internal static string Answer(SimulatedMachine machine, Dictionary<string, string> answers)
    {
        string said = string.Empty;
        for (int number = 1; number <= 3; number++)
        {
            Match match = Question().Matches(machine.Output).Last();
            Assert.That(match.Groups[1].Value, Is.EqualTo($"{number}/3"), machine.Output);
            said = machine.Say(answers.GetValueOrDefault(match.Groups[2].Value, "certainly wrong"));
            machine.Write(Encoding.UTF8.GetBytes(said));
        }

        machine.Run(0.5);
        return machine.Output;
    }

    private static string Refusal(string output) =>
        output.Split("\r\n").Single(line => line.StartsWith("locked: ", StringComparison.Ordinal));

    [GeneratedRegex("(?<!\r)\n")]
    private static partial Regex LoneLineFeeds();

    [GeneratedRegex("challenge ([0-9]+/[0-9]+): (.*?)\r\nanswer> ")]
    private static partial Regex Question();

    [GeneratedRegex("node key: ([0-9A-Z]{4}-){7}[0-9A-Z]{4}")]
    private static partial Regex NodeKey();

    [GeneratedRegex("\r\nrecovery key: ([0-9A-Z-]+)\r\nhauki> ")]
    private static partial Regex Recovery();
}
