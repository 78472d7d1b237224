using System;

namespace HaukiOS.Hardware;

/// <summary>
/// Memory that a device may read and write by itself. It always lies in the machine-local zone: nothing that a
/// device writes to ever travels to another machine.
/// </summary>
public abstract unsafe class DmaRegion
{
    /// <summary>The address the device is told, in bytes; 32 bits on this class of machine.</summary>
    public abstract uint PhysicalAddress { get; }

    /// <summary>The bytes as the processor sees them.</summary>
    public abstract Span<byte> Bytes { get; }
}

/// <summary>Hands out DMA memory. The only source of it, and only for drivers.</summary>
public interface IDmaMemory
{
    /// <summary>
    /// Allocates physically contiguous memory. What stands in it is undefined: rings and buffers are large, are written
    /// before they are read, and while a node lands everybody waits for them.
    /// </summary>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <param name="boundary">
    /// The region crosses no multiple of this many bytes; a power of two, 0 for no such rule.
    /// </param>
    /// <exception cref="OutOfMemoryException">The machine-local zone has no such region left.</exception>
    DmaRegion Allocate(int length, int alignment, int boundary);
}

/// <summary>DMA memory with zeros in it.</summary>
public static class ZeroedDma
{
    /// <summary>Allocates physically contiguous memory and clears it.</summary>
    /// <inheritdoc cref="IDmaMemory.Allocate"/>
    public static DmaRegion AllocateZeroed(this IDmaMemory memory, int length, int alignment, int boundary)
    {
        DmaRegion region = memory.Allocate(length, alignment, boundary);
        region.Bytes.Clear();
        return region;
    }
}
