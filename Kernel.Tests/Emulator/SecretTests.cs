using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using HaukiOS.Host.Emulator;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>What a thief finds: in the memory of a locked machine, and on the disk.</summary>
public sealed class SecretTests : EmulatorFixture
{
    /// <summary>After locking, no answer is left anywhere in memory, as typed or as normalised.</summary>
    [Test]
    public void After_locking_no_answer_is_left_in_memory()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        console.Leave("lock");
        machine.Serial.Expect("answer> ", Patience);
        var memory = machine.DumpMemory(128);

        // The question just asked must be there, or the search would prove nothing.
        Assert.That(Find(memory, "of the net").Count + Find(memory, "mended the net").Count, Is.Positive);
        using (Assert.EnterMultipleScope())
        {
            foreach (var answer in Answers.Values)
            {
                foreach (var form in FormsOf(answer))
                {
                    Assert.That(Find(memory, form), Is.Empty, $"'{form}' is still in memory at these addresses");
                }
            }

            Assert.That(Find(memory, "Rauma"), Is.Empty, "a value of the locked store");
        }
    }

    /// <summary>Nor while the store is open: answers are wiped as soon as the key is derived.</summary>
    [Test]
    public void After_enrolment_neither_answers_nor_the_recovery_key_are_in_memory()
    {
        using var machine = QemuMachine.Start(PcWith(EmptyDisk()));
        var console = new ConsoleDriver(machine.Serial);
        var key = console.Enrol([.. Answers]);

        // The screen shows the key until something else scrolls it away.
        for (var i = 0; i < 3; i++)
        {
            console.Command("help");
        }

        var memory = machine.DumpMemory(128);
        using (Assert.EnterMultipleScope())
        {
            foreach (var answer in Answers.Values)
            {
                foreach (var form in FormsOf(answer))
                {
                    Assert.That(Find(memory, form), Is.Empty, $"'{form}' is still in memory at these addresses");
                }
            }

            Assert.That(Find(memory, key[..14]), Is.Empty, "the recovery key is still in memory");
        }
    }

    /// <summary>The same where the answers came over the network: through a card's ring, TCP and a channel.</summary>
    [Test]
    public void After_unlocking_over_the_network_no_answer_is_left_in_memory()
    {
        var person = new RemoteOperator(Scratch(string.Empty));
        using var machine = QemuMachine.Start(person.Reachable(PcWith(EnrolledDisk()), Tree.Kernel));
        var console = new ConsoleDriver(machine.Serial);
        var fingerprint = RemoteOperator.ReadFingerprint(machine);
        var (code, said) = person.Unlock(Answers.Values, "--fingerprint", fingerprint);
        Assert.That(code, Is.Zero, said);
        machine.Serial.Expect(ConsoleDriver.Prompt, Patience);
        AssertNoAnswers(machine.DumpMemory(128));
        console.Leave("lock");
        machine.Serial.Expect("answer> ", Patience);
        AssertNoAnswers(machine.DumpMemory(128));
    }

    /// <summary>The volume key is in memory while the store is open, and nowhere once it is locked.</summary>
    [Test]
    public void After_locking_the_volume_key_is_gone_from_memory()
    {
        var disk = EnrolledDisk();
        using var volumeKey = ReadVolumeKey(disk);
        using var machine = QemuMachine.Start(PcWith(disk));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        console.Command("put something warm");
        var copiesWhileOpen = Find(machine.DumpMemory(128), volumeKey.Span);
        console.Leave("lock");
        machine.Serial.Expect("answer> ", Patience);
        var copiesWhenLocked = Find(machine.DumpMemory(128), volumeKey.Span);
        TestContext.Out.WriteLine($"copies of the volume key while open: {string.Join(' ', copiesWhileOpen)}");
        Assert.That(copiesWhenLocked, Is.Empty, "the volume key is still at these addresses");
    }

    /// <summary>Every byte at rest is encrypted: no name, value or answer stands on the disk.</summary>
    [Test]
    public void The_disk_shows_neither_names_nor_values_nor_answers()
    {
        var disk = EnrolledDisk();
        WithOpenStore(PcWith(disk), (_, console) => console.Command("put lighthouse Bengtskär"));
        var bytes = File.ReadAllBytes(disk);
        using (Assert.EnterMultipleScope())
        {
            string[] secrets = ["lighthouse", "Bengtskär", "harbour", "Rauma", .. Answers.Values];
            foreach (var secret in secrets)
            {
                Assert.That(Find(bytes, secret), Is.Empty, secret);
            }
        }
    }

    private static void AssertNoAnswers(byte[] memory)
    {
        // The questions are there, or the search would prove nothing.
        Assert.That(Find(memory, "mended the net").Count, Is.Positive);
        using (Assert.EnterMultipleScope())
        {
            foreach (var answer in Answers.Values)
            {
                foreach (var form in FormsOf(answer))
                {
                    Assert.That(Find(memory, form), Is.Empty, $"'{form}' is still in memory at these addresses");
                }
            }
        }
    }

    private static IEnumerable<string> FormsOf(string answer)
    {
        yield return answer;
        yield return answer.ToLowerInvariant();
        yield return answer.ToLowerInvariant().Replace('ä', 'a').Replace("-", " ", StringComparison.Ordinal);
        yield return answer.ToLowerInvariant().Replace('ä', 'a').Replace("-", string.Empty, StringComparison.Ordinal)
            .Replace(" ", string.Empty, StringComparison.Ordinal);
    }

    // The kernel's own code on the host: the printed recovery key opens the lock record of the image.
    private static SecretBytes ReadVolumeKey(string disk)
    {
        using var device = new ImageFileDevice(disk);
        var reading = MirroredRecord.ForLock(device).Read();
        Assert.That(LockRecord.TryDecode(reading.Content, out var record, out var reason), reason);
        using var recovery = new SecretBytes(HaukiOS.Lock.RecoveryKey.Length);
        Assert.That(HaukiOS.Lock.RecoveryKey.TryParse(Encoding.ASCII.GetBytes(RecoveryKey), recovery));
        var key = KeySlots.OpenWithRecoveryKey(record!, recovery);
        Assert.That(key, Is.Not.Null);
        return key!;
    }

    private static List<string> Find(byte[] memory, string text) =>
        [.. Find(memory, Encoding.UTF8.GetBytes(text)), .. Find(memory, Encoding.Unicode.GetBytes(text))];

    private static List<string> Find(byte[] memory, ReadOnlySpan<byte> needle)
    {
        const int foundMax = 8;
        var found = new List<string>();
        var from = 0;
        while (found.Count < foundMax && memory.AsSpan(from).IndexOf(needle) is var at and >= 0)
        {
            found.Add($"0x{from + at:X}");
            from += at + 1;
        }

        return found;
    }
}
