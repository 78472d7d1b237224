using System.IO;
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
    /// what they hold has checksums. Eight seconds of the guest's time.
    /// </summary>
    [Test]
    public void Two_threads_leave_each_other_whole()
    {
        using var machine = Start("threads");
        var patience = 3 * Patience;
        machine.Serial.Expect("drill: worker rounds", patience);
        machine.Serial.Expect("drill: loop rounds", patience);
        machine.Serial.Expect("drill: collections", Patience);
        machine.Serial.Expect("drill: passed", Patience);
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
        machine.Serial.Expect("drill: passed", Patience);
        machine.Serial.Expect("drill: worker rounds", patience);
        machine.Serial.Send("log\r");
        machine.Serial.Expect("clock: ", Patience);
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

    private static QemuMachine Start(string drill, int memory = 64) => QemuMachine.Start(new MachineOptions
    {
        Kernel = Path.ChangeExtension(Iso, ".elf"),
        KernelArguments = "drill=" + drill,
        MemoryMiB = memory,
    });
}
