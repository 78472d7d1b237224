namespace System.Runtime.ExceptionServices;

/// <summary>Throws an exception caught earlier.</summary>
public sealed class ExceptionDispatchInfo
{
    private ExceptionDispatchInfo(Exception exception)
    {
        SourceException = exception;
    }

    public Exception SourceException { get; }

    public static ExceptionDispatchInfo Capture(Exception source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ExceptionDispatchInfo(source);
    }

    [Diagnostics.CodeAnalysis.DoesNotReturn]
    public static void Throw(Exception source) => throw source;

    [Diagnostics.CodeAnalysis.DoesNotReturn]
    public void Throw() => throw SourceException;
}
