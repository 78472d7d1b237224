using System;
using System.Runtime;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>The first C# of the kernel: brings up what all else stands on, in the one order that works.</summary>
internal static unsafe class Entry
{
    private const uint MultibootMagic = 0x2BAD_B002;

    /// <summary>Called by boot.asm, interrupts off, on the boot stack, with the first 64 MiB mapped.</summary>
    [RuntimeExport("KernelEntry")]
    private static void KernelEntry(uint magic, uint multibootInfoPhysical)
    {
        FatalError.Handler = &Fatal;
        ExceptionDispatcher.Unhandled = &Unhandled;
        ExceptionDispatcher.RearmStackGuard = &StackGuard.Rearm;
        PanicOutput.InitializeSerial();
        InterruptTable.Install();
        if (magic != MultibootMagic)
            Panic.At("the loader does not speak Multiboot 1", magic);
        FaultDrill.ReadCommandLine(multibootInfoPhysical);
        BootCommandLine.Keep(multibootInfoPhysical);
        KernelStart.Begin(multibootInfoPhysical);
    }

    private static void Fatal(string sentence) => Panic.At(sentence);

    private static void Unhandled(string sentence, Exception exception, RegisterContext* thrownFrom) =>
        Panic.At(sentence, exception, thrownFrom);
}
