using System;
using System.IO;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>The first boot: an empty disk, a foreign one, none at all.</summary>
public sealed class EnrolmentTests : EmulatorFixture
{
    /// <summary>The whole conversation, as the contract has it.</summary>
    [Test]
    public void An_empty_disk_enrols_the_operator_and_opens_the_store()
    {
        using var machine = QemuMachine.Start(PcWith(EmptyDisk()));
        var console = new ConsoleDriver(machine.Serial);
        var key = console.Enrol([.. Answers]);
        console.Command("put island Seili");
        var transcript = machine.Serial.Transcript;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(key, Does.Match("^([0-9A-Z]{4}-){3,}[0-9A-Z]{1,4}$"), "the recovery key's form");
            Assert.That(Get(console, "island"), Is.EqualTo("Seili"));
            Assert.That(Regex.Matches(transcript, "(?<!\r)\n"), Is.Empty, "every line ends in CR LF");
            foreach (var (question, answer) in Answers)
            {
                Assert.That(transcript, Does.Contain(question));
                Assert.That(transcript, Does.Not.Contain(answer), "answers are echoed as stars");
                Assert.That(transcript, Does.Contain("> " + new string('*', answer.Length)));
            }
        }
    }

    /// <summary>Fewer than three questions are no lock.</summary>
    [Test]
    public void An_empty_question_before_the_third_pair_does_not_end_the_enrolment()
    {
        using var machine = QemuMachine.Start(PcWith(EmptyDisk()));
        machine.Serial.Expect("question 1> ", Patience);
        machine.Serial.Send("\r");
        machine.Serial.Expect("question 1> ", Patience);
        Assert.That(machine.Serial.Transcript, Does.Not.Contain("recovery key"));
    }

    /// <summary>A disk with somebody's data is left alone, byte for byte, whatever is typed.</summary>
    [Test]
    public void A_foreign_disk_is_not_overwritten()
    {
        var disk = Scratch("foreign.img");
        var content = new byte[8 << 20];
        new Random(7).NextBytes(content);
        File.WriteAllBytes(disk, content);
        using (var machine = QemuMachine.Start(PcWith(disk)))
        {
            // A person has to type a whole sentence before anything is written; everything else is a no.
            machine.Serial.Expect("confirm> ", Patience);
            machine.Serial.Send("yes\r");
            machine.Serial.Expect("left as it is", Patience);
            machine.Serial.Send("put boat Silakka\r");
            machine.Serial.Expect("no store is open", Patience);
        }

        Assert.That(SHA256.HashData(File.ReadAllBytes(disk)), Is.EqualTo(SHA256.HashData(content)));
    }

    /// <summary>A machine without a disk says so instead of waiting for one.</summary>
    [Test]
    public void A_machine_without_a_disk_says_so()
    {
        using var machine = QemuMachine.Start(Pc);
        machine.Serial.Expect("no disk", Patience);
        machine.Serial.Expect("> ", Patience);
        machine.Serial.Send("help\r");
        machine.Serial.Expect("status", Patience);
        Assert.That(machine.Serial.Transcript, Does.Not.Contain("question 1> "));
    }

    /// <summary>A warm start by the machine's own command, not by the emulator.</summary>
    [Test]
    public void What_was_put_before_a_reboot_is_there_after_it()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        console.Command("put boat Silakka");
        console.Leave("reboot");
        console.Unlock(Answers);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Get(console, "boat"), Is.EqualTo("Silakka"));
            Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
            Assert.That(console.Command("list"), Does.Contain("boat").And.Contain("harbour"));
        }
    }
}
