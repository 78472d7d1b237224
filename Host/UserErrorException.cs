using System;

namespace HaukiOS.Host;

/// <summary>
/// Something the person at the keyboard can mend; the message says what and how. Shown without a trace.
/// </summary>
public sealed class UserErrorException : Exception
{
    /// <summary>An error with its one sentence.</summary>
    public UserErrorException(string message)
        : base(message)
    {
    }
}
