namespace System;

/// <summary>
/// A call under way. The C# compiler writes BeginInvoke and EndInvoke into every delegate type; nobody can call them,
/// but the types in their signatures must exist.
/// </summary>
public interface IAsyncResult
{
    /// <summary>What the caller gave along.</summary>
    object? AsyncState { get; }

    /// <summary>Did the call end before BeginInvoke returned?</summary>
    bool CompletedSynchronously { get; }

    /// <summary>Has the call ended?</summary>
    bool IsCompleted { get; }
}

/// <summary>Called when a call has ended.</summary>
public delegate void AsyncCallback(IAsyncResult ar);
