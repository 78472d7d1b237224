using System;

namespace HaukiOS.Host.Unlock;

/// <summary>How <c>hauki unlock</c> ended. The numbers are its exit codes.</summary>
public enum UnlockOutcome
{
    /// <summary>The store is open.</summary>
    Unlocked = 0,

    /// <summary>The answers are wrong.</summary>
    Refused = 1,

    /// <summary>The command was used wrongly, or the node is not pinned yet.</summary>
    Usage = 2,

    /// <summary>The node could not be reached, or does not speak the protocol, or broke off.</summary>
    Unreachable = 3,

    /// <summary>The node takes no answers now; later it may.</summary>
    Busy = 4,

    /// <summary>The node is not the one that was pinned. Nothing was said to it.</summary>
    WrongNode = 5,

    /// <summary>The answers were sent, and the node broke off before it said what became of them.</summary>
    NoVerdict = 6,
}

/// <summary>Why unlocking did not come about; the message is for people.</summary>
public sealed class UnlockException : Exception
{
    /// <summary>An end with its one sentence.</summary>
    public UnlockException(UnlockOutcome outcome, string message, bool isPassing = false)
        : base(message)
    {
        Outcome = outcome;
        IsPassing = isPassing;
    }

    /// <summary>The exit code.</summary>
    public UnlockOutcome Outcome { get; }

    /// <summary>Might it work if it is tried again at once, as when a flood pushed this connection out?</summary>
    public bool IsPassing { get; }
}
