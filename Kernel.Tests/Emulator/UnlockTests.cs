using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>Every later boot: challenges, refusals, delays, the recovery key.</summary>
public sealed partial class UnlockTests : EmulatorFixture
{
    /// <summary>The rule of normalisation on the metal: case, spacing, punctuation and accents do not matter.</summary>
    [Test]
    public void Answers_in_another_case_and_spacing_open_the_store()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(new Dictionary<string, string>
        {
            ["Which lake froze first?"] = "  PYHAJARVI   of the NORTH ",
            ["What was the boat's name?"] = "silver perch!",
            ["Who mended the net?"] = "GREAT AUNT HELMI",
        });
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
    }

    /// <summary>Nothing of the store is shown, or its names, before the right answers.</summary>
    [Test]
    public void Before_the_answers_no_command_works()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        machine.Serial.Expect(ConsoleDriver.FirstChallenge, Patience);
        machine.Serial.Expect("answer> ", Patience);
        machine.Serial.Send("list\r");
        machine.Serial.Expect("challenge 2/", Patience);
        Assert.That(machine.Serial.Transcript, Does.Not.Contain("harbour"));
    }

    /// <summary>One wrong answer of three is refused as three are, in one line, and each refusal costs more.</summary>
    [Test]
    public void Wrong_answers_cost_a_growing_delay_that_outlives_a_reboot()
    {
        var disk = EnrolledDisk();
        var oneWrong = new Dictionary<string, string>(Answers) { ["Who mended the net?"] = "Helmi" };
        var delays = new List<double>();
        using (var machine = QemuMachine.Start(PcWith(disk)))
        {
            var console = new ConsoleDriver(machine.Serial);
            delays.Add(Refuse(console, oneWrong));
            delays.Add(Refuse(console, new Dictionary<string, string>()));
        }

        using (var machine = QemuMachine.Start(PcWith(disk)))
        {
            var console = new ConsoleDriver(machine.Serial);
            delays.Add(Refuse(console, oneWrong));
            var refusedAt = Stopwatch.GetTimestamp();
            console.Unlock(Answers);
            var waited = Stopwatch.GetElapsedTime(refusedAt).TotalSeconds;
            Assert.That(waited, Is.GreaterThan(delays[^1] * 0.8), "the delay is served, not only announced");
        }

        Assert.That(delays, Is.Ordered.Ascending);
        Assert.That(delays[2], Is.GreaterThanOrEqualTo(2 * delays[0]), string.Join(", ", delays));
    }

    /// <summary>The paper in the safe.</summary>
    [Test]
    public void The_recovery_key_opens_the_store_and_a_wrong_one_does_not()
    {
        var slip = RecoveryKey[..^1] + (RecoveryKey[^1] == 'A' ? 'B' : 'A');
        var text = new byte[HaukiOS.Lock.RecoveryKey.TextLength];
        HaukiOS.Lock.RecoveryKey.Format(new byte[HaukiOS.Lock.RecoveryKey.Length], text);
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        Assert.That(console.TryRecover(slip, out var noticed), Is.False);
        Assert.That(noticed, Does.Contain("that is no recovery key"), "the checksum tells a slip of the pen");
        Assert.That(console.TryRecover(Encoding.ASCII.GetString(text), out var wrong), Is.False);
        Assert.That(wrong, Does.StartWith("locked: "));
        Assert.That(console.TryRecover(RecoveryKey, out var refusal), Is.True, refusal);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
    }

    /// <summary>Locking goes back to the challenge, and the challenge still opens.</summary>
    [Test]
    public void Locking_asks_again()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        console.Leave("lock");
        console.Unlock(Answers);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
    }

    /// <summary>Which answer belongs to which place must not be learnt by looking over a shoulder.</summary>
    [Test]
    public void Questions_come_in_any_order()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var first = new HashSet<string>();

        // Three questions: the same one comes first nine times in a row once in 3^8 runs.
        for (var boot = 0; boot < 9 && first.Count < 2; boot++)
        {
            machine.Serial.Expect(ConsoleDriver.FirstChallenge, Patience);
            first.Add(machine.Serial.ExpectLineEnd(Patience));
            machine.Reset();
        }

        Assert.That(first, Has.Count.GreaterThan(1));
    }

    [GeneratedRegex("([0-9]+(\\.[0-9]+)?) *s")]
    private static partial Regex Seconds();

    private static double Refuse(ConsoleDriver console, Dictionary<string, string> answers)
    {
        Assert.That(console.TryUnlock(answers, out var refusal), Is.False, "wrong answers opened the store");
        var match = Seconds().Match(refusal!);
        Assert.That(match.Success, $"'{refusal}' does not say a delay in seconds");
        foreach (var answer in Answers.Values.Concat(Answers.Keys))
        {
            Assert.That(refusal, Does.Not.Contain(answer));
        }

        return double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
    }
}
