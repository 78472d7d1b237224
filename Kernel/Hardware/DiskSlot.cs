using System;

namespace HaukiOS.Hardware;

/// <summary>Is told what is written to a disk. Called by the writer: must not allocate, throw or use it.</summary>
public interface IWriteObserver
{
    /// <summary>These sectors may be other than they were, also if the write failed.</summary>
    /// <param name="sector">The first of them.</param>
    /// <param name="count">How many.</param>
    void Written(long sector, int count);
}

/// <summary>
/// The place of the node's disk. Everything in the kernel holds the slot and never the disk itself, so that another
/// disk can be put in when the node has landed on another machine, and so that what is written can be watched.
/// </summary>
public sealed class DiskSlot : IBlockDevice
{
    /// <summary>A slot with a disk in it, or an empty one.</summary>
    public DiskSlot(IBlockDevice? device = null) => Device = device;

    /// <summary>The disk in the slot; null if there is none.</summary>
    public IBlockDevice? Device { get; set; }

    /// <summary>Who is told of every write; null for nobody.</summary>
    public IWriteObserver? Observer { get; set; }

    /// <inheritdoc/>
    public string Name => Device?.Name ?? "no disk";

    /// <inheritdoc/>
    public long SectorCount => Device?.SectorCount ?? 0;

    /// <inheritdoc/>
    public BlockResult Read(long sector, Span<byte> into) =>
        Device is IBlockDevice device ? device.Read(sector, into) : BlockResult.NoDevice;

    /// <inheritdoc/>
    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        if (Device is not IBlockDevice device)
        {
            return BlockResult.NoDevice;
        }

        BlockResult result = device.Write(sector, from);
        // Afterwards: who reads the sector after being told sees what was written.
        Observer?.Written(sector, from.Length / IBlockDevice.SectorSize);
        return result;
    }

    /// <inheritdoc/>
    public BlockResult Flush() => Device is IBlockDevice device ? device.Flush() : BlockResult.NoDevice;
}
