using System;
using System.Diagnostics.CodeAnalysis;

namespace Internal.Runtime;

/// <summary>Faults of the processor that are ordinary exceptions in C#.</summary>
public enum HardwareFaultKind
{
    /// <summary>Not one of these.</summary>
    None,

    /// <summary>An address below 64 KiB was used.</summary>
    NullReference,

    /// <summary>A whole number was divided by zero.</summary>
    DivideByZero,

    /// <summary>The quotient does not fit: int.MinValue / -1.</summary>
    Overflow,

    /// <summary>The stack ended; its guard pages are open now.</summary>
    StackOverflow,
}

/// <summary>Throws the exception that a processor fault stands for, in the code where it happened.</summary>
public static unsafe class HardwareFault
{
    /// <summary>
    /// Thrown for every stack overflow: the opened guard pages are no place to run the allocator, let alone a
    /// collection. Made while there is room.
    /// </summary>
    private static StackOverflowException? stackOverflow;

    // For faults where the allocator must not run: with interrupts off it may be what was interrupted.
    private static NullReferenceException? nullReference;
    private static DivideByZeroException? divideByZero;
    private static OverflowException? overflow;

    /// <summary>Makes what cannot be made later. Called once the heap works.</summary>
    public static void Prepare()
    {
        stackOverflow = new StackOverflowException();
        nullReference = new NullReferenceException();
        divideByZero = new DivideByZeroException();
        overflow = new OverflowException();
    }

    /// <summary>Throws.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="context">The registers at the fault.</param>
    /// <param name="atFault">EIP is the failing instruction, not a return address.</param>
    /// <param name="mayAllocate">No interrupt handler, so the heap is whole; else a shared object is thrown.</param>
    [DoesNotReturn]
    public static void Raise(HardwareFaultKind kind, RegisterContext* context, bool atFault, bool mayAllocate)
    {
        Exception? exception = kind switch
        {
            HardwareFaultKind.NullReference => mayAllocate ? new NullReferenceException() : nullReference,
            HardwareFaultKind.DivideByZero => mayAllocate ? new DivideByZeroException() : divideByZero,
            HardwareFaultKind.Overflow => mayAllocate ? new OverflowException() : overflow,
            _ => PreparedStackOverflow(),
        };
        if (exception == null)
            FatalError.Fail("a fault before the runtime was ready");
        ExceptionDispatcher.Throw(exception!, context, atFault);
    }

    private static Exception PreparedStackOverflow()
    {
        if (stackOverflow == null)
            FatalError.Fail("stack overflow before the runtime was ready");
        ExceptionDispatcher.GuardPagesAreOpen();
        return stackOverflow!;
    }
}
