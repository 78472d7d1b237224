using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Disk;

/// <summary>
/// An ATA hard disk. Requests are cut into pieces that the channel can carry; a piece that fails is tried again,
/// after a timeout with a reset before, and by PIO if DMA was the trouble. What still fails is the caller's to know.
/// </summary>
public sealed class AtaDisk : IBlockDevice
{
    /// <summary>
    /// Tries of a piece in all. A medium's error is not tried again: the disk itself has done so already.
    /// </summary>
    public const int TriesMax = 3;

    private const int SectorsPerPieceMax = 128; // 64 KiB; below the 256 of a command without LBA48
    private const long Sectors28 = 1L << 28;

    private readonly IdeChannel channel;
    private readonly bool second;
    private readonly AtaIdentity identity;
    private bool usesDma;

    internal AtaDisk(IdeChannel channel, bool second, AtaIdentity identity)
    {
        this.channel = channel;
        this.second = second;
        this.identity = identity;
        usesDma = identity.HasDmaMode && channel.DmaLengthMax > 0;
    }

    /// <inheritdoc/>
    public string Name => identity.Model;

    /// <inheritdoc/>
    public long SectorCount => identity.SectorCount;

    /// <summary>Is DMA in use? It is given up for good when PIO did what DMA could not.</summary>
    public bool UsesDma => usesDma;

    /// <inheritdoc/>
    public BlockResult Read(long sector, Span<byte> into)
    {
        BlockResult result = Check(sector, into.Length);
        while (into.Length > 0 && result == BlockResult.Ok)
        {
            int length = Math.Min(into.Length, SectorsPerPieceMax * IBlockDevice.SectorSize);
            result = ReadPiece(sector, into[..length]);
            into = into[length..];
            sector += length / IBlockDevice.SectorSize;
        }

        return result;
    }

    /// <inheritdoc/>
    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        BlockResult result = Check(sector, from.Length);
        while (from.Length > 0 && result == BlockResult.Ok)
        {
            int length = Math.Min(from.Length, SectorsPerPieceMax * IBlockDevice.SectorSize);
            result = WritePiece(sector, from[..length]);
            from = from[length..];
            sector += length / IBlockDevice.SectorSize;
        }

        return result;
    }

    /// <inheritdoc/>
    public BlockResult Flush()
    {
        AtaCommand command = identity.HasFlushExt ? AtaCommand.FlushCacheExt : AtaCommand.FlushCache;
        BlockResult result = channel.Run(
            second, new AtaRequest(command, 0, 0, identity.HasFlushExt), IdeChannel.FlushMilliseconds);

        // A flush that failed is never tried again: the disk may have dropped what it could not write, and a second
        // flush would then report success for data that is lost.
        if (result == BlockResult.Timeout && !channel.Reset())
        {
            return BlockResult.NoDevice;
        }

        // A disk from before the command has no cache to flush and refuses the command.
        return result == BlockResult.DeviceFault && !identity.HasFlush ? BlockResult.Ok : result;
    }

    private BlockResult ReadPiece(long sector, Span<byte> into)
    {
        BlockResult result = BlockResult.DeviceFault;
        for (int attempt = 0; attempt < TriesMax; attempt++)
        {
            bool dma = UsesDmaIn(attempt);
            result = dma
                ? channel.ReadDma(second, Request(AtaCommand.ReadDma, AtaCommand.ReadDmaExt, sector, into.Length), into)
                : channel.ReadPio(
                    second, Request(AtaCommand.ReadSectors, AtaCommand.ReadSectorsExt, sector, into.Length), into);
            if (IsFinal(ref result, dma))
            {
                break;
            }
        }

        return result;
    }

    private BlockResult WritePiece(long sector, ReadOnlySpan<byte> from)
    {
        BlockResult result = BlockResult.DeviceFault;
        for (int attempt = 0; attempt < TriesMax; attempt++)
        {
            bool dma = UsesDmaIn(attempt);
            result = dma
                ? channel.WriteDma(
                    second, Request(AtaCommand.WriteDma, AtaCommand.WriteDmaExt, sector, from.Length), from)
                : channel.WritePio(
                    second, Request(AtaCommand.WriteSectors, AtaCommand.WriteSectorsExt, sector, from.Length), from);
            if (IsFinal(ref result, dma))
            {
                break;
            }
        }

        return result;
    }

    /// <summary>The last try goes the simplest way.</summary>
    private bool UsesDmaIn(int attempt) => usesDma && attempt < TriesMax - 1;

    /// <summary>Decides whether to try again, and brings the channel into a state in which that makes sense.</summary>
    private bool IsFinal(ref BlockResult result, bool dma)
    {
        switch (result)
        {
            case BlockResult.Ok:
                usesDma &= dma;
                return true;
            case BlockResult.Timeout:
                if (channel.Reset())
                {
                    return false;
                }

                result = BlockResult.NoDevice;
                return true;
            case BlockResult.DeviceFault:
                return false;
            default:
                return true;
        }
    }

    private AtaRequest Request(AtaCommand narrow, AtaCommand wide, long sector, int length)
    {
        int count = length / IBlockDevice.SectorSize;
        bool needsWide = sector + count > Sectors28;
        return new AtaRequest(needsWide ? wide : narrow, sector, count, needsWide);
    }

    private BlockResult Check(long sector, int length)
    {
        if (length % IBlockDevice.SectorSize != 0)
        {
            throw new ArgumentException("a disk moves whole sectors");
        }

        long count = length / IBlockDevice.SectorSize;
        return sector < 0 || sector > SectorCount - count ? BlockResult.OutOfRange : BlockResult.Ok;
    }
}
