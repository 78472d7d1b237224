using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// What must never happen, done on purpose by the kernel itself (FaultDrill in Kernel/Machine/Panic): either it is an
/// exception that the kernel survives, or a panic that says where. Never silence, never a reset.
/// </summary>
public sealed class FaultDrillTests : EmulatorFixture
{
    /// <summary>Exceptions that are caught, and after which everything is as before.</summary>
    [TestCase("overflow", 3)]
    [TestCase("overflow-frames", 3)]
    [TestCase("overflow-probe", 3)]
    [TestCase("interrupt", 0)]
    [TestCase("null-jump", 0)]
    public void The_kernel_survives(string drill, int overflows)
    {
        using var machine = Start(drill);
        for (int i = 0; i < overflows; i++)
            machine.Serial.Expect("drill: stack overflow caught", Patience);
        machine.Serial.Expect("drill: passed", Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.CasesDone));
    }

    /// <summary>
    /// Worker and event loop allocate, collect, throw and overflow their stacks side by side, under a timer of 1 kHz;
    /// what they hold has checksums. Eight seconds of the guest's time, also on a machine that is much slower:
    /// 31 million instructions a second by its own clock.
    /// </summary>
    [TestCase]
    [TestCase("-icount", "shift=5,sleep=off")]
    public void Two_threads_leave_each_other_whole(params string[] extra)
    {
        using var machine = QemuMachine.Start(Drilled("threads", 64) with { Extra = extra });
        var patience = 3 * Patience;
        machine.Serial.Expect("drill: worker rounds", patience);
        machine.Serial.Expect("drill: loop rounds", patience);
        machine.Serial.Expect("drill: collections", Patience);
        machine.Serial.Expect("drill: passed", Patience);
        TestContext.Out.WriteLine(machine.Serial.Transcript);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.CasesDone));
    }

    /// <summary>
    /// The whole kernel moves to the very machine that it runs on, a hundred times, with a worker in the middle of its
    /// work and something in every register. The drill looks at what could have stayed behind; here the console must
    /// be the one from before.
    /// </summary>
    [TestCase(64)]
    [TestCase(1024)]
    public void The_kernel_jumps_from_itself_to_itself(int memory)
    {
        using var machine = Start("jump", memory);
        var patience = 3 * Patience;
        machine.Serial.Expect("drill: jumps 100", patience);
        machine.Serial.Expect("; given up 200; refused 17;", Patience);
        machine.Serial.Expect("drill: passed", Patience);
        machine.Serial.Expect("drill: worker rounds", patience);
        machine.Serial.Send("log\r");
        machine.Serial.Expect("clock: ", Patience);
    }

    /// <summary>A landed kernel reports its faults as before: gates, stack and symbols are its own.</summary>
    [Test]
    public void After_a_jump_a_fault_is_still_a_panic_with_a_trace()
    {
        using var machine = Start("jump-panic");
        machine.Serial.Expect("PANIC: page fault", Patience);
        machine.Serial.Expect("cr2 C0000000", Patience);
        machine.Serial.Expect("at HaukiOS.Machine.JumpDrill.OnPending", Patience);
        machine.Serial.Expect("at HaukiOS.Image.Composition.Run", Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.Panic));
    }

    /// <summary>A machine that a node has left holds nothing but zeros, and starts anew.</summary>
    [TestCase(64)]
    [TestCase(256)]
    public void A_memory_that_vanishes_is_empty_before_the_reset(int mebibytes)
    {
        using var machine = QemuMachine.Start(Drilled("vanish", mebibytes) with
        {
            EndOnReset = true,
            Extra = ["-no-shutdown"],
        });
        machine.Serial.Expect("burbot 0: the memory is wiped", Patience);
        var deadline = Stopwatch.StartNew();
        while (machine.Qmp.Execute("query-status")!["status"]!.GetValue<string>() == "running")
        {
            Assert.That(deadline.Elapsed, Is.LessThan(Patience), "the machine was not reset");
        }

        // One page holds the code that wiped the others; the last frames may be the BIOS's.
        const int page = 4096;
        const int low = 0x10_0000;
        const int tables = 0x4_0000;
        byte[] memory = machine.DumpMemory(mebibytes);
        List<int> left = [];
        for (var at = low; at < memory.Length - tables; at += page)
        {
            if (memory.AsSpan(at, page).IndexOfAnyExcept((byte)0) >= 0)
                left.Add(at);
        }

        Assert.That(left, Has.Count.EqualTo(1), string.Join(' ', left.Select(at => $"{at:x}")));
        Assert.That(memory.AsSpan().IndexOf("burbot"u8), Is.Negative);
        Assert.That(memory.AsSpan().IndexOf("b\0u\0r\0b\0o\0t\0"u8), Is.Negative);
    }

    /// <summary>The sentence, then the function where it happened, named.</summary>
    [TestCase("panic", "a drill", "FaultDrill.RunIfAsked")]
    [TestCase("unhandled", "nobody catches an exception", "FaultDrill.RunIfAsked")]
    [TestCase("overflow-unhandled", "nobody catches an exception", "FaultDrill.Recurse")]
    [TestCase("overflow-twice", "stack overflow while a stack overflow was being", "FaultDrill.RecurseAndAgain")]
    [TestCase("interrupt-escape", "an exception escaped an interrupt handler", "FaultDrill.ThrowInHandler")]
    [TestCase("wild-read", "page fault", "FaultDrill.RunIfAsked")]
    [TestCase("wild-jump", "page fault", "FaultDrill.RunIfAsked")]
    [TestCase("damaged-stack", "nobody catches an exception", "FaultDrill.DamageStack")]
    public void The_panic_says_what_and_where(string drill, string sentence, string function)
    {
        using var machine = Start(drill);
        machine.Serial.Expect("PANIC: " + sentence, Patience);
        machine.Serial.Expect("eip ", Patience);
        machine.Serial.Expect("at HaukiOS.Machine." + function, Patience);
        machine.Serial.Expect("build ", Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.Panic));
    }

    /// <summary>What was interrupted stands below the handler in the trace.</summary>
    [Test]
    public void A_trace_crosses_the_interrupt()
    {
        using var machine = Start("interrupt-escape");
        machine.Serial.Expect("at HaukiOS.Machine.FaultDrill.ThrowInHandler", Patience);
        machine.Serial.Expect("at HaukiOS.Machine.FaultDrill.RunSurvivable", Patience);
        machine.Serial.Expect("at HaukiOS.Machine.KernelStart", Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.Panic));
    }

    private static QemuMachine Start(string drill, int memory = 64) =>
        QemuMachine.Start(Drilled(drill, memory));

    private static MachineOptions Drilled(string drill, int memory) => new()
    {
        Kernel = Path.ChangeExtension(Iso, ".elf"),
        KernelArguments = "drill=" + drill,
        MemoryMiB = memory,
    };
}
