using System;
using HaukiOS.Drivers.Keyboard;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Screen;

/// <summary>The screen and the keyboard together as one line to a person. Either may be missing.</summary>
public sealed class ScreenConsole(VgaText? screen, KeyboardController? keyboard) : IConsolePort
{
    /// <inheritdoc/>
    public bool TryRead(out byte value)
    {
        value = 0;
        return keyboard is not null && keyboard.TryRead(out value);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes) => screen?.Write(bytes);
}
