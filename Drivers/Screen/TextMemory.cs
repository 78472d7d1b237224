using System;

namespace HaukiOS.Drivers.Screen;

/// <summary>The memory that a text screen shows. On the metal a window at 0xB8000, in a test an array.</summary>
public abstract class TextMemory
{
    /// <summary>One cell a character, row by row: the character in the low byte, its colours in the high one.</summary>
    public abstract Span<ushort> Cells { get; }
}
