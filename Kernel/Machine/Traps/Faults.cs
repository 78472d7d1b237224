using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Decides what a processor exception means: an ordinary managed exception (division, null, end of the stack), or the
/// end. Handlers of <see cref="InterruptTable"/> hand over here what is not theirs.
/// </summary>
public static unsafe class Faults
{
    /// <summary>Below this address nothing is ever mapped: who touches it has dereferenced null.</summary>
    public const uint NullZone = 0x0001_0000;

    private const uint DivideError = 0;
    private const uint PageFault = 14;

    /// <summary>Turns the fault into an exception in the interrupted code, or panics. Never returns.</summary>
    public static void Raise(TrapFrame* frame)
    {
        HardwareFaultKind kind = Classify(frame);
        if (kind == HardwareFaultKind.None)
            Panic.At(NameOf(frame->Vector), frame);

        TrapAtTheEnd.Leave();
        RegisterContext context = ContextOf(frame);
        bool atFault = LeaveAssembler(ref context);
        // From here the exception goes its way in the interrupted code, which may have had interrupts enabled.
        if (frame->InterruptsWereEnabled)
            Cpu.EnableInterrupts();
        HardwareFault.Raise(kind, &context, atFault, frame->InterruptsWereEnabled);
    }

    /// <summary>The interrupted code's registers that survive a call, for unwinding.</summary>
    internal static RegisterContext ContextOf(TrapFrame* frame) => new()
    {
        Edi = frame->Edi,
        Esi = frame->Esi,
        Ebx = frame->Ebx,
        Ebp = frame->Ebp,
        Esp = TrapFrame.StackPointerOf(frame),
        Eip = frame->Eip,
    };

    /// <summary>
    /// Assembler helpers have no unwind data. Those that can fault do so before they push anything, so the fault
    /// is as good as one at the call. A call that led to no code at all looks the same.
    /// </summary>
    /// <returns>True if the context is still at the faulting instruction, false if at a return address.</returns>
    internal static bool LeaveAssembler(ref RegisterContext context)
    {
        ImageLayout* image = ImageLayout.Current;
        if (image->IsManaged(context.Eip))
            return true;
        if (context.Eip >= image->StackProbe && context.Eip < image->StackProbeEnd)
            context.Esp += 4;
        // The compiler's own thunk for a delegate over a virtual method pushes a copy of its return address to make
        // room for an argument, and only then reads the object.
        if (*(uint*)context.Esp == *(uint*)(context.Esp + 4))
            context.Esp += 4;
        context.Eip = *(uint*)context.Esp;
        context.Esp += 4;
        return false;
    }

    private static HardwareFaultKind Classify(TrapFrame* frame)
    {
        if (TrapAtTheEnd.TakeOverflow())
            return HardwareFaultKind.StackOverflow;
        switch (frame->Vector)
        {
            case DivideError:
                return DivideInstruction.DivisorIsZero(frame)
                    ? HardwareFaultKind.DivideByZero
                    : HardwareFaultKind.Overflow;
            case PageFault when frame->FaultAddress < NullZone:
                return HardwareFaultKind.NullReference;
            case PageFault when StackGuard.Open(frame->FaultAddress):
                return HardwareFaultKind.StackOverflow;
            default:
                return HardwareFaultKind.None;
        }
    }

    /// <summary>Names as in Intel SDM volume 3, table 6-1.</summary>
    private static string NameOf(uint vector) => vector switch
    {
        1 => "debug exception",
        2 => "non-maskable interrupt: the hardware reports a failure",
        3 => "breakpoint, or code that was never to be reached",
        6 => "invalid instruction",
        7 => "the FPU is not available",
        10 => "invalid task state",
        11 => "segment not present",
        12 => "stack segment fault",
        13 => "general protection fault",
        PageFault => "page fault",
        16 => "x87 floating-point error",
        17 => "alignment check",
        18 => "machine check: the hardware reports a failure",
        19 => "SSE floating-point error",
        >= InterruptTable.FirstLine => "an interrupt that nobody handles",
        _ => "processor exception",
    };
}
