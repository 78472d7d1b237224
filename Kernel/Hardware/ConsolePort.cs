using System;

namespace HaukiOS.Hardware;

/// <summary>A line to a person: the serial port, or the screen and keyboard. Bytes are UTF-8.</summary>
public interface IConsolePort
{
    /// <summary>Takes one received byte, if there is one. Never waits.</summary>
    bool TryRead(out byte value);

    /// <summary>Sends all the bytes; waits only for the device's own speed.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
