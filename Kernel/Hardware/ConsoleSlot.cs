using System;

namespace HaukiOS.Hardware;

/// <summary>
/// The place of a line to a person. The console holds the slot and never the device itself, so that it goes on when
/// the node has landed on a machine with other devices. While the slot is empty nothing is typed, and what is written
/// is lost.
/// </summary>
public sealed class ConsoleSlot : IConsolePort
{
    /// <summary>The device in the slot; null if there is none.</summary>
    public IConsolePort? Device { get; set; }

    /// <inheritdoc/>
    public bool TryRead(out byte value)
    {
        value = 0;
        return Device is IConsolePort device && device.TryRead(out value);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => Device?.Write(bytes);
}
