using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The double fault task. A fault that cannot be reported because there is no stack to report it on ends here, on a
/// stack of its own. Mostly that is a stack overflow: then the guard pages are opened and the main task goes on with
/// throwing <see cref="System.StackOverflowException"/>. All else is a panic.
/// </summary>
internal static unsafe class DoubleFault
{
    private const uint InterruptFlag = 1u << 9;

    /// <summary>Frames up to three pages are made without touching the pages between.</summary>
    private const uint LargestFrame = 3 * 4096;

    // The overflow's registers, from the task to the code that throws. Interrupts stay off in between.
    private static RegisterContext overflow;
    private static bool interruptsWereEnabled;

    /// <summary>Runs in the double fault task, interrupts off.</summary>
    [RuntimeExport("HandleDoubleFault")]
    private static void Handle()
    {
        TaskState* main = DescriptorTables.MainTask;
        var context = new RegisterContext
        {
            Edi = main->Edi, Esi = main->Esi, Ebx = main->Ebx, Ebp = main->Ebp, Esp = main->Esp, Eip = main->Eip,
        };

        RuntimeThread* thread = RuntimeThread.Current;
        if (thread == null)
            Panic.At("double fault before there was a thread", &context);
        uint low = (uint)thread->StackLow;
        // The push that failed was below ESP: ESP itself may still stand on the last good word, or a frame below it.
        bool atTheEnd = main->Esp < low + 512 && main->Esp >= low - StackGuard.Bytes - LargestFrame;
        if (!atTheEnd)
            Panic.At("double fault", &context);
        if (TrapAtTheEnd.Resume(main, thread))
            return;
        if (StackGuard.IsOpen(low) || !StackGuard.Open(low - 4))
            Panic.At("stack overflow while a stack overflow was being handled", &context);

        overflow = context;
        interruptsWereEnabled = (main->Eflags & InterruptFlag) != 0;
        main->Eip = (uint)(delegate*<void>)&StackOverflowEntry;
        main->Esp &= ~3u;
        main->Eflags &= ~InterruptFlag;
    }

    /// <summary>Runs in the main task, on the opened guard pages, interrupts off. Never returns.</summary>
    [RuntimeExport("RaiseStackOverflow")]
    private static void RaiseStackOverflow()
    {
        RegisterContext context = overflow;
        bool atFault = Faults.LeaveAssembler(ref context);
        if (interruptsWereEnabled)
            Cpu.EnableInterrupts();
        HardwareFault.Raise(HardwareFaultKind.StackOverflow, &context, atFault, false);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiStackOverflowEntry")]
    private static extern void StackOverflowEntry();
}
