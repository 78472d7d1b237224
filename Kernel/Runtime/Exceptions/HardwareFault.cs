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

    /// <summary>Makes what cannot be made later. Called once the heap works.</summary>
    public static void Prepare() => stackOverflow = new StackOverflowException();

    /// <summary>Throws.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="context">The registers at the fault.</param>
    /// <param name="atFault">EIP is the failing instruction, not a return address.</param>
    [DoesNotReturn]
    public static void Raise(HardwareFaultKind kind, RegisterContext* context, bool atFault)
    {
        Exception exception = kind switch
        {
            HardwareFaultKind.NullReference => new NullReferenceException(),
            HardwareFaultKind.DivideByZero => new DivideByZeroException(),
            HardwareFaultKind.Overflow => new OverflowException(),
            _ => PreparedStackOverflow(),
        };
        ExceptionDispatcher.Throw(exception, context, atFault);
    }

    private static Exception PreparedStackOverflow()
    {
        if (stackOverflow == null)
            FatalError.Fail("stack overflow before the runtime was ready");
        ExceptionDispatcher.GuardPagesAreOpen();
        return stackOverflow!;
    }
}
