using System;
using HaukiOS.Drivers.Screen;

namespace HaukiOS.Image;

/// <summary>The memory of the real text screen, in the machine-local zone.</summary>
internal sealed unsafe class ScreenMemory : TextMemory
{
    /// <inheritdoc/>
    public override Span<ushort> Cells => new((ushort*)VgaText.PhysicalAddress, VgaText.Columns * VgaText.Rows);
}
