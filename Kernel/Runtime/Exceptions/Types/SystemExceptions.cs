namespace System;

/// <summary>The base of what the runtime and its library throw.</summary>
public class SystemException : Exception
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public SystemException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public SystemException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public SystemException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "System error.";
}

/// <summary>The base that some programs give their own exceptions.</summary>
public class ApplicationException : Exception
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public ApplicationException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public ApplicationException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ApplicationException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Error in the application.";
}

/// <summary>A calculation has no result.</summary>
public class ArithmeticException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public ArithmeticException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public ArithmeticException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ArithmeticException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Overflow or underflow in the arithmetic operation.";
}

/// <summary>A whole number was divided by zero.</summary>
public class DivideByZeroException : ArithmeticException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public DivideByZeroException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public DivideByZeroException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public DivideByZeroException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Attempted to divide by zero.";
}

/// <summary>A result does not fit its type.</summary>
public class OverflowException : ArithmeticException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public OverflowException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public OverflowException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public OverflowException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Arithmetic operation resulted in an overflow.";
}

/// <summary>A member of nothing was used.</summary>
public class NullReferenceException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public NullReferenceException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public NullReferenceException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public NullReferenceException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Object reference not set to an instance of an object.";
}

/// <summary>An index lies outside its array.</summary>
public sealed class IndexOutOfRangeException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public IndexOutOfRangeException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public IndexOutOfRangeException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public IndexOutOfRangeException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Index was outside the bounds of the array.";
}

/// <summary>An object is not of the type it was cast to.</summary>
public class InvalidCastException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public InvalidCastException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public InvalidCastException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public InvalidCastException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Specified cast is not valid.";
}

/// <summary>An object does not fit into the array it was stored to.</summary>
public class ArrayTypeMismatchException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public ArrayTypeMismatchException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public ArrayTypeMismatchException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ArrayTypeMismatchException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage =>
        "Attempted to access an element as a type incompatible with the array.";
}

/// <summary>An array has the wrong number of dimensions.</summary>
public class RankException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public RankException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public RankException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public RankException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage =>
        "Attempted to operate on an array with the incorrect number of dimensions.";
}

/// <summary>The heap, or another bounded store of memory, is exhausted.</summary>
public class OutOfMemoryException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public OutOfMemoryException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public OutOfMemoryException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public OutOfMemoryException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage =>
        "Insufficient memory to continue the execution of the program.";
}

/// <summary>Too little stack is left for a deep computation.</summary>
public sealed class InsufficientExecutionStackException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public InsufficientExecutionStackException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public InsufficientExecutionStackException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public InsufficientExecutionStackException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage =>
        "Insufficient stack to continue executing the program safely.";
}

/// <summary>A thread ran into the guard pages of its stack.</summary>
public sealed class StackOverflowException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public StackOverflowException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public StackOverflowException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public StackOverflowException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Operation caused a stack overflow.";
}

/// <summary>A type is not in the image.</summary>
public class TypeLoadException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public TypeLoadException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public TypeLoadException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public TypeLoadException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Failure has occurred while loading a type.";
}

/// <summary>No method implements an interface slot.</summary>
public class EntryPointNotFoundException : TypeLoadException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public EntryPointNotFoundException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public EntryPointNotFoundException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public EntryPointNotFoundException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Entry point was not found.";
}

/// <summary>Two default methods implement one interface slot.</summary>
public sealed class AmbiguousImplementationException : Exception
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public AmbiguousImplementationException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public AmbiguousImplementationException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public AmbiguousImplementationException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Ambiguous implementation found.";
}

/// <summary>The compiler could not make sense of a method.</summary>
public sealed class InvalidProgramException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public InvalidProgramException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public InvalidProgramException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public InvalidProgramException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "The program is not valid.";
}

/// <summary>Compiled code that cannot be understood.</summary>
public class BadImageFormatException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public BadImageFormatException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public BadImageFormatException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public BadImageFormatException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Format of the image is invalid.";
}

/// <summary>A member cannot be used.</summary>
public class MemberAccessException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public MemberAccessException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public MemberAccessException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public MemberAccessException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Cannot access member.";
}

/// <summary>A member is not in the image.</summary>
public class MissingMemberException : MemberAccessException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public MissingMemberException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public MissingMemberException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public MissingMemberException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Attempted to access a missing member.";
}

/// <summary>A method is not in the image.</summary>
public class MissingMethodException : MissingMemberException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public MissingMethodException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public MissingMethodException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public MissingMethodException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Attempted to access a missing method.";
}

/// <summary>A field is not in the image.</summary>
public class MissingFieldException : MissingMemberException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public MissingFieldException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public MissingFieldException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public MissingFieldException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Attempted to access a field that does not exist.";
}

/// <summary>The object does not offer this operation.</summary>
public class NotSupportedException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public NotSupportedException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public NotSupportedException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public NotSupportedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Specified method is not supported.";
}

/// <summary>The machine or the kernel does not offer this operation.</summary>
public class PlatformNotSupportedException : NotSupportedException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public PlatformNotSupportedException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public PlatformNotSupportedException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public PlatformNotSupportedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "Operation is not supported on this platform.";
}

/// <summary>The operation is not there yet.</summary>
public class NotImplementedException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public NotImplementedException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public NotImplementedException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public NotImplementedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "The method or operation is not implemented.";
}

/// <summary>The object is in the wrong state for this operation.</summary>
public class InvalidOperationException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public InvalidOperationException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public InvalidOperationException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public InvalidOperationException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage =>
        "Operation is not valid due to the current state of the object.";
}

/// <summary>A text has not the form it should have.</summary>
public class FormatException : SystemException
{
    /// <summary>Makes the exception with the usual sentence.</summary>
    public FormatException()
    {
    }

    /// <summary>Makes the exception with a sentence of its own.</summary>
    public FormatException(string? message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public FormatException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    private protected override string? DefaultMessage => "One of the identified items was in an invalid format.";
}
