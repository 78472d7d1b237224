using System;

namespace HaukiOS.Host.Emulator;

/// <summary>An emulated machine did not do what was waited for. The message carries what its console said.</summary>
public sealed class EmulatorException : Exception
{
    /// <summary>An exception with one sentence and, below it, the evidence.</summary>
    public EmulatorException(string message)
        : base(message)
    {
    }
}
