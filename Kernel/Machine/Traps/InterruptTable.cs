using System.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Who handles which interrupt. Handlers run with interrupts off, on the stack of the interrupted code; they must not
/// allocate. An exception that a handler throws and catches itself is fine; one that escapes it is a panic.
/// </summary>
public static unsafe class InterruptTable
{
    /// <summary>Vectors in all: the processor's 32 exceptions, then the 16 interrupt lines.</summary>
    public const int VectorCount = 48;

    /// <summary>The vector of interrupt line 0; line n has vector FirstLine + n.</summary>
    public const int FirstLine = 32;

    /// <summary>The vector that is a task of its own and cannot have a handler.</summary>
    public const int DoubleFaultVector = 8;

    private static HandlerTable handlers;

    /// <summary>Builds the descriptor tables; from here on a fault is an exception or a panic, not a reset.</summary>
    public static void Install() => DescriptorTables.Install();

    /// <summary>
    /// Makes a function the handler of a vector; null takes it away. A handler of an exception (vector below
    /// <see cref="FirstLine"/>) calls <see cref="Faults.Raise"/> for what is not its business.
    /// </summary>
    public static void SetHandler(int vector, delegate*<TrapFrame*, void> handler)
    {
        if ((uint)vector >= VectorCount || vector == DoubleFaultVector)
            Panic.At("there is no such interrupt vector", (uint)vector);
        handlers.Code[vector] = (uint)handler;
    }

    [RuntimeExport("DispatchTrap")]
    private static void Dispatch(TrapFrame* frame)
    {
        var handler = (delegate*<TrapFrame*, void>)handlers.Code[(int)frame->Vector];
        if (handler != null)
            TrapAtTheEnd.Handle(handler, frame);
        else
            Faults.Raise(frame);
    }

    // Not an array: interrupts come before, and while, the heap exists.
    private struct HandlerTable
    {
        public fixed uint Code[VectorCount];
    }
}
