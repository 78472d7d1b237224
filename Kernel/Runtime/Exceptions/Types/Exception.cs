using Internal.Runtime;

namespace System;

/// <summary>
/// The base of everything that can be thrown. The return addresses of the frames that it passed are kept inside the
/// object, for a throw must work when the heap is exhausted; names are looked up only when somebody asks.
/// </summary>
public unsafe class Exception
{
    private readonly string? message;
    private readonly Exception? inner;
    private CapturedTrace trace;

    /// <summary>Makes an exception that says only its type.</summary>
    public Exception()
    {
    }

    /// <summary>Makes an exception with a sentence for people.</summary>
    public Exception(string? message) => this.message = message;

    /// <summary>Makes an exception that tells what caused it.</summary>
    public Exception(string? message, Exception? innerException)
    {
        this.message = message;
        inner = innerException;
    }

    /// <summary>The sentence for people.</summary>
    public virtual string Message => StoredMessage ?? "Exception of type '" + TypeName + "' was thrown.";

    /// <summary>What caused this exception, if it says so.</summary>
    public Exception? InnerException => inner;

    /// <summary>A number that other systems know this failure by; nothing in the kernel reads it.</summary>
    public int HResult { get; set; } = unchecked((int)0x8013_1500);

    /// <summary>The program or object that failed.</summary>
    public virtual string? Source { get; set; }

    /// <summary>Where to read more.</summary>
    public virtual string? HelpLink { get; set; }

    /// <summary>The frames that the exception passed, one a line, nearest first; null if it was never thrown.</summary>
    public virtual string? StackTrace => trace.Count == 0 ? null : TraceText.Of(in trace);

    /// <summary>The sentence that was given, without a call to anything that may be overridden.</summary>
    internal string? StoredMessage => message ?? DefaultMessage;

    /// <summary>What a type of its own says when it was given no sentence.</summary>
    private protected virtual string? DefaultMessage => null;

    /// <summary>Full name of the type.</summary>
    private string TypeName => GetType().ToString();

    /// <summary>The exception at the end of the chain of causes.</summary>
    public virtual Exception GetBaseException()
    {
        Exception innermost = this;
        while (innermost.inner is Exception next)
            innermost = next;
        return innermost;
    }

    /// <summary>Type, message, causes and trace.</summary>
    public override string ToString()
    {
        string text = TypeName;
        string sentence = Message;
        if (sentence.Length != 0)
            text = text + ": " + sentence;
        if (inner != null)
            text = text + "\n ---> " + inner.ToString() + "\n   --- End of inner exception stack trace ---";
        string? frames = StackTrace;
        return frames == null ? text : text + "\n" + frames;
    }

    /// <summary>Forgets the frames of an earlier throw: <c>throw e</c> starts anew, <c>throw</c> goes on.</summary>
    internal void RestartTrace() => trace.Count = 0;

    /// <summary>Notes a frame that the exception passes.</summary>
    internal void AppendTrace(uint instruction) => trace.Append(instruction);
}
