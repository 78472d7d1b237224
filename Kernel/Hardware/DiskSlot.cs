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
    private IBlockDevice? device;

    /// <summary>A slot with a disk in it, or an empty one.</summary>
    public DiskSlot(IBlockDevice? device = null) => this.device = device;

    /// <summary>The disk in the slot; null for none. Who watched the old one does not watch a new one.</summary>
    public IBlockDevice? Device
    {
        get => device;
        set
        {
            device = value;
            Observer = null;
        }
    }

    /// <summary>Who is told of every write; null for nobody.</summary>
    public IWriteObserver? Observer { get; set; }

    /// <inheritdoc/>
    public string Name => device?.Name ?? "no disk";

    /// <inheritdoc/>
    public long SectorCount => device?.SectorCount ?? 0;

    /// <inheritdoc/>
    public BlockResult Read(long sector, Span<byte> into) => device?.Read(sector, into) ?? BlockResult.NoDevice;

    /// <inheritdoc/>
    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        if (device is null)
        {
            return BlockResult.NoDevice;
        }

        BlockResult result = device.Write(sector, from);
        // Afterwards: who reads the sector after being told sees what was written.
        Observer?.Written(sector, from.Length / IBlockDevice.SectorSize);
        return result;
    }

    /// <inheritdoc/>
    public BlockResult Flush() => device?.Flush() ?? BlockResult.NoDevice;
}
