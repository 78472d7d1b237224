using System;

namespace HaukiOS.Hardware;

/// <summary>
/// A disk that is looked for when it is first used: a node that has just landed has more urgent things to do than to
/// wait for the answers of places where nothing may be connected.
/// </summary>
public sealed class LateDisk(Func<IBlockDevice?> find) : IBlockDevice
{
    private IBlockDevice? device;
    private bool isBound;

    /// <inheritdoc/>
    public string Name => Bind()?.Name ?? "no disk";

    /// <inheritdoc/>
    public long SectorCount => Bind()?.SectorCount ?? 0;

    /// <summary>Looks for the disk, if that has not been done.</summary>
    /// <returns>Null if there is none.</returns>
    public IBlockDevice? Bind()
    {
        if (!isBound)
        {
            isBound = true;
            device = find();
        }

        return device;
    }

    /// <inheritdoc/>
    public BlockResult Read(long sector, Span<byte> into) => Bind()?.Read(sector, into) ?? BlockResult.NoDevice;

    /// <inheritdoc/>
    public BlockResult Write(long sector, ReadOnlySpan<byte> from) =>
        Bind()?.Write(sector, from) ?? BlockResult.NoDevice;

    /// <inheritdoc/>
    public BlockResult Flush() => Bind()?.Flush() ?? BlockResult.NoDevice;
}
