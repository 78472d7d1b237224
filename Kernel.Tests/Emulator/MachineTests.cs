using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// Machines of all kinds: little and much memory, no PCI, no serial port, too old a processor, Bochs.
/// </summary>
public sealed class MachineTests : EmulatorFixture
{
    /// <summary>The store made on one machine opens on a smaller or bigger one.</summary>
    [TestCase(32)]
    [TestCase(1024)]
    public void Enrols_and_opens_with_so_many_megabytes(int mebibytes)
    {
        using var machine = QemuMachine.Start(PcWith(EmptyDisk()) with { MemoryMiB = mebibytes });
        var console = new ConsoleDriver(machine.Serial);
        console.Enrol([.. Answers]);
        console.Command("put size some");
        console.Leave("reboot");
        console.Unlock(Answers);
        Assert.That(Get(console, "size"), Is.EqualTo("some"));
        if (mebibytes < 64)
        {
            // Less than the 64 MiB that a derivation should have: the person is told.
            Assert.That(machine.Serial.Transcript, Does.Contain("this machine has little memory"));
        }
    }

    /// <summary>A PC of the ISA age: no PCI, so the disk is found at its old ports and worked by PIO.</summary>
    [Test]
    public void Opens_on_a_machine_without_PCI() => WithOpenStore(
        PcWith(EnrolledDisk()) with { Machine = "isapc" },
        (_, console) => Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma")));

    /// <summary>The polite refusal, in a line a person understands, on serial line and screen.</summary>
    [Test]
    public void A_processor_without_SSE2_is_refused_politely()
    {
        using var machine = QemuMachine.Start(Pc with { Cpu = "pentium3" });
        machine.Serial.Expect("SSE2", Patience);
        machine.Serial.ExpectLineEnd(Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.Refused));
    }

    /// <summary>The screen has the same line; here without the exit device, so that the machine stays.</summary>
    [Test]
    public void A_processor_without_SSE2_is_refused_on_the_screen_too()
    {
        using var machine = QemuMachine.Start(Pc with { Cpu = "pentium2", HasSerial = false, HasExitDevice = false });
        machine.ExpectOnScreen("SSE2", Patience);
        Assert.That(machine.HasExited, Is.False);
    }

    /// <summary>
    /// The power of a machine is cut on one thread while another sees that it is dead and puts it away: neither of them
    /// trips over the other.
    /// </summary>
    [Test]
    public void A_machine_is_killed_by_one_thread_and_put_away_by_another()
    {
        var machine = QemuMachine.Start(Pc with { HasSerial = false });
        Exception? thrown = null;
        var killer = new Thread(() =>
        {
            try
            {
                machine.Kill();
            }
            catch (InvalidOperationException problem)
            {
                thrown = problem;
            }
        });
        killer.Start();
        machine.Dispose();
        killer.Join();
        Assert.That(thrown, Is.Null);
        Assert.That(machine.Kill, Throws.Nothing, "the slower thread may come when all is over");
    }

    /// <summary>A PC with only a screen and a keyboard.</summary>
    [Test]
    public void Works_by_screen_and_keyboard_alone()
    {
        using var machine = QemuMachine.Start(PcWith(EmptyDisk()) with { HasSerial = false });
        var number = 0;
        foreach (var (question, answer) in new Dictionary<string, string>
        {
            ["Lake?"] = "Big One",
            ["Boat?"] = "perch",
            ["Net?"] = "helmi",
        })
        {
            number++;
            machine.ExpectOnScreen($"question {number}>", Patience);
            machine.Type(question + "\r");
            machine.ExpectOnScreen($"answer {number}>", Patience);
            machine.Type(answer + "\r");
        }

        machine.ExpectOnScreen("question 4>", Patience);
        machine.Type("\r");
        machine.ExpectOnScreen("recovery key: ", TimeSpan.FromSeconds(120));
        machine.ExpectOnScreen("hauki>", TimeSpan.FromSeconds(120));
        machine.Type("put Crew 4_men\r");
        machine.Type("get Crew\r");
        Assert.That(machine.ExpectOnScreen("\n4_men", Patience), Does.Not.Contain("Big One"));
    }

    /// <summary>The second witness: an emulator that refuses every instruction a Willamette did not have.</summary>
    [Test]
    public void Opens_on_Bochs_with_a_Pentium_4_Willamette()
    {
        using var machine = BochsMachine.Start(PcWith(EnrolledDisk()));
        var patience = TimeSpan.FromSeconds(200);
        var console = new ConsoleDriver(machine.Serial) { Patience = patience, DerivationPatience = patience };
        console.Unlock(Answers);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
    }

    /// <summary>All that the kernel can check of itself, with the published vectors.</summary>
    [Test]
    public void The_self_test_passes() => WithOpenStore(PcWith(EnrolledDisk()), (_, console) =>
    {
        var report = console.Command("selftest", TimeSpan.FromSeconds(180));
        TestContext.Out.WriteLine(report);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(report.ToUpperInvariant(), Does.Not.Contain("FAIL"));
            string[] subjects = ["Argon2", "BLAKE2", "SHA-2", "HMAC", "HKDF", "ChaCha20", "25519", "ML-KEM"];
            foreach (var subject in subjects)
            {
                Assert.That(report, Does.Contain(subject).IgnoreCase);
            }
        }
    });

    /// <summary>A non-maskable interrupt is a dying machine's; it shows what a panic shows.</summary>
    [Test]
    public void A_panic_shows_registers_trace_and_build_and_has_its_exit_code()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        machine.Serial.Expect("answer> ", Patience);
        machine.RaiseNonMaskableInterrupt();
        var code = machine.WaitForExit(Patience);
        var said = machine.Serial.ExpectEnd(Patience);
        TestContext.Out.WriteLine(said);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(GuestExit.Panic));
            Assert.That(said, Does.Contain("eip").IgnoreCase);
            Assert.That(said, Does.Contain("esp").IgnoreCase);
            Assert.That(said, Does.Contain("cr2").IgnoreCase);
            Assert.That(said, Does.Contain("build").IgnoreCase);
            Assert.That(said, Does.Contain("HaukiOS."), "names of methods in the trace");
        }
    }

    /// <summary>The poweroff command ends the machine, and the emulator with it.</summary>
    [Test]
    public void Poweroff_switches_the_machine_off() => WithOpenStore(PcWith(EnrolledDisk()), (machine, console) =>
    {
        console.Leave("poweroff");
        Assert.That(machine.WaitForExit(Patience), Is.Zero);
    });

    /// <summary>A collector that leaks or a heap that only grows would end this.</summary>
    [Test]
    public void Allocating_much_more_than_the_heap_leaves_memory_flat() => WithOpenStore(
        PcWith(EnrolledDisk()),
        (_, console) =>
        {
            console.Command("soak alloc 64", TimeSpan.FromSeconds(60));
            var before = MemoryFigures.Read(console);
            console.Command("soak alloc 512", TimeSpan.FromSeconds(120));
            var after = MemoryFigures.Read(console);
            Assert.That(after.LiveKibibytes, Is.EqualTo(before.LiveKibibytes).Within(1024), "KiB alive");
            Assert.That(after.HeapKibibytes, Is.EqualTo(before.HeapKibibytes).Within(4096), "KiB of heap");
        });
}
