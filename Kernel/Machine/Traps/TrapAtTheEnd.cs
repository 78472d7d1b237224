using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// A trap that comes when the stack has just enough room for the interrupted code, but none for the handler. The guard
/// pages are opened for the handler, which then goes on where it failed; when it is done, the stack overflow is thrown
/// at the next call that the interrupted code makes, for it has all but reached the end.
/// </summary>
internal static unsafe class TrapAtTheEnd
{
    private const uint InterruptFlag = 1u << 9;
    private const uint TrapFlag = 1u << 8;
    private const int StepVector = 1;

    /// <summary>Bytes that the way back from a handler may still need.</summary>
    private const uint RoomToReturn = 512;

    // 8259A: the next read of the command port gives the in-service register.
    private const ushort Controller = 0x20;
    private const ushort SecondController = 0xA0;
    private const byte ReadInService = 0x0B;
    private const int Cascade = 2;

    /// <summary>The thread whose guard pages are open for a handler, and that has yet to hear of it.</summary>
    private static RuntimeThread* open;

    /// <summary>
    /// In the double fault task: if a trap was on its way or being handled, lets it go on. An interrupt that failed to
    /// be delivered is not repeated by its controller, which holds it for served: it is delivered here.
    /// </summary>
    /// <returns>False if no trap was involved.</returns>
    internal static bool Resume(TaskState* main, RuntimeThread* thread)
    {
        bool handling = *Depth() != 0 || (main->Eip >= (uint)CodeStart() && main->Eip < (uint)CodeEnd());
        int lost = handling || (main->Eflags & InterruptFlag) == 0 ? -1 : LineInService();
        if (!handling && lost < 0)
            return false;
        uint low = (uint)thread->StackLow;
        if (StackGuard.IsOpen(low) || !StackGuard.Open(low - 4))
            return false;
        open = thread;
        if (lost >= 0)
        {
            Push(main, main->Eflags);
            Push(main, DescriptorTables.CodeSelector);
            Push(main, main->Eip);
            main->Eip = DescriptorTables.TrapStub(InterruptTable.FirstLine + lost);
            main->Eflags &= ~InterruptFlag;
        }

        Push(main, main->Eip);
        main->Eip = (uint)(delegate*<void>)&ResumeEntry;
        return true;
    }

    /// <summary>Runs a handler; afterwards throws what could not be thrown before it.</summary>
    internal static void Handle(delegate*<TrapFrame*, void> handler, TrapFrame* frame)
    {
        handler(frame);
        if (open != null && open == RuntimeThread.Current)
            ThrowOrStep(frame);
    }

    /// <summary>
    /// The running thread has yet to hear of its overflow. It keeps the processor until then: there is one such debt,
    /// and another thread could run into its own.
    /// </summary>
    internal static bool IsPending => open != null;

    /// <summary>Must the trap at hand become a stack overflow? Says so once.</summary>
    internal static bool TakeOverflow()
    {
        if (open == null || open != RuntimeThread.Current)
            return false;
        open = null;
        return true;
    }

    /// <summary>The handler of a trap leaves without returning, or another thread goes on.</summary>
    internal static void Leave() => --*Depth();

    /// <summary>The handler that was left by <see cref="Leave"/> goes on.</summary>
    internal static void Return() => ++*Depth();

    /// <summary>
    /// Interrupted code can stand anywhere, in the middle of leaving its frame too, where nothing can be unwound. So
    /// it goes on one instruction at a time (at full speed it would run through the guard pages) until it makes a
    /// call, which is where a stack ends anyway; or until it has given back so much that the pages can be closed.
    /// </summary>
    private static void ThrowOrStep(TrapFrame* frame)
    {
        uint low = (uint)RuntimeThread.Current->StackLow;
        if ((uint)&low > low + RoomToReturn)
        {
            frame->Eflags &= ~TrapFlag;
            open = null;
            StackGuard.Rearm();
            return;
        }

        if (StandsAtCall(frame))
        {
            frame->Eflags &= ~TrapFlag;
            Faults.Raise(frame);
        }

        InterruptTable.SetHandler(StepVector, &OnStep);
        frame->Eflags |= TrapFlag;
    }

    /// <summary>
    /// Has compiled code just called a compiled method, while neither holds anything half-changed? Then the stack
    /// looks as if the call itself had found no room.
    /// </summary>
    private static bool StandsAtCall(TrapFrame* frame)
    {
        ImageLayout* image = ImageLayout.Current;
        return Preemption.Disabled == 0 && image->IsMethodEntry(frame->Eip)
            && image->IsManaged(*(uint*)TrapFrame.StackPointerOf(frame));
    }

    // The rest is done after every handler (Handle).
    private static void OnStep(TrapFrame* frame) => frame->Eflags &= ~TrapFlag;

    private static void Push(TaskState* task, uint value)
    {
        task->Esp -= 4;
        *(uint*)task->Esp = value;
    }

    private static int LineInService()
    {
        int line = LowestBit(InService(Controller));
        if (line != Cascade)
            return line;
        int second = LowestBit(InService(SecondController));
        return second < 0 ? line : second + 8;
    }

    private static byte InService(ushort controller)
    {
        Cpu.Out8(controller, ReadInService);
        return Cpu.In8(controller);
    }

    private static int LowestBit(byte bits)
    {
        for (int i = 0; i < 8; i++)
        {
            if ((bits >> i & 1) != 0)
                return i;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTrapDepth")]
    private static extern int* Depth();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTrapCodeStart")]
    private static extern byte* CodeStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTrapCodeEnd")]
    private static extern byte* CodeEnd();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiResumeEntry")]
    private static extern void ResumeEntry();
}
