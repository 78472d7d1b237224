using System;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>
/// Writes what a <see cref="DiskSender"/> sends to the target's disk. What lies side by side is gathered, since a disk
/// takes as long for a sector as for a hundred; and it is flushed now and then, so that the last flush is a short one.
/// The first failure is final: a disk that has failed once must not become the node's. Nothing is sure to be durable
/// before <see cref="Flush"/>.
/// </summary>
public sealed class DiskReceiver
{
    private const int GatherSectors = 128;

    // What is left for the last flush, for which the node stands still, takes some milliseconds to become durable.
    private const int UnflushedMax = 2048;

    // Zero sectors amid others are written with them; a longer run is looked at first, since it mostly is zero.
    private const int ZerosGatheredMax = 16;

    private readonly IBlockDevice disk;
    private readonly DiskOffer offer;
    private readonly byte[] gathered = new byte[GatherSectors * IBlockDevice.SectorSize];
    private readonly byte[] looked = new byte[DiskPiece.SectorsMax * IBlockDevice.SectorSize];
    private long first;
    private int count;
    private int unflushed;

    /// <summary>A copy in the making, after <see cref="Check"/>.</summary>
    public DiskReceiver(IBlockDevice disk, DiskOffer offer)
    {
        this.disk = disk;
        this.offer = offer;
    }

    /// <summary>The first failure; Ok as long as there was none.</summary>
    public BlockResult Failure { get; private set; }

    /// <summary>Where it was.</summary>
    public long FailedSector { get; private set; }

    /// <summary>Sectors that have arrived, those found zero already included.</summary>
    public long Sectors { get; private set; }

    /// <summary>Why this disk cannot be the node's, in a sentence; null if it can.</summary>
    public string? Problem => Failure == BlockResult.Ok
        ? null
        : $"the target's disk failed at sector {FailedSector}: {Words(Failure)}";

    /// <summary>Would the target's disk do? Reads only.</summary>
    /// <param name="disk">The disk; null if the target has none.</param>
    /// <param name="offer">What the node needs.</param>
    /// <param name="mayOverwrite">Whatever is on the disk is known to be dispensable.</param>
    /// <returns>Null if it would; otherwise why not, in a sentence.</returns>
    public static string? Check(IBlockDevice? disk, DiskOffer offer, bool mayOverwrite)
    {
        if (offer.Sectors == 0)
        {
            return null;
        }

        if (offer.Sectors < 0)
        {
            return "the offer of a disk makes no sense";
        }

        if (disk is null || disk.SectorCount == 0)
        {
            return "the target has no disk, and the node has one";
        }

        if (disk.SectorCount < offer.Sectors)
        {
            return $"the target's disk has {disk.SectorCount} sectors; the node's needs {offer.Sectors}";
        }

        return mayOverwrite ? null : Inspect(disk);
    }

    /// <summary>Takes sectors.</summary>
    /// <param name="sector">The first.</param>
    /// <param name="bytes">A whole number of sectors.</param>
    /// <returns>OutOfRange for what no sender sends; else the first failure so far, maybe an older one.</returns>
    public BlockResult Write(long sector, ReadOnlySpan<byte> bytes)
    {
        int sectors = bytes.Length / IBlockDevice.SectorSize;
        if (bytes.Length % IBlockDevice.SectorSize != 0 || !IsSound(sector, sectors))
        {
            return BlockResult.OutOfRange;
        }

        Sectors += sectors;
        Gather(sector, sectors, bytes);
        return Failure;
    }

    /// <summary>Takes sectors that are all zero.</summary>
    /// <returns>As for <see cref="Write"/>.</returns>
    public BlockResult Zero(long sector, int sectors)
    {
        if (!IsSound(sector, sectors))
        {
            return BlockResult.OutOfRange;
        }

        Sectors += sectors;
        if (sectors <= ZerosGatheredMax && count > 0 && sector == first + count)
        {
            Gather(sector, sectors, default);
            return Failure;
        }

        WriteGathered();
        Span<byte> there = looked.AsSpan(0, sectors * IBlockDevice.SectorSize);
        // What cannot be read may still be written.
        if (Failure == BlockResult.Ok
            && (disk.Read(sector, there) != BlockResult.Ok || there.IndexOfAnyExcept((byte)0) >= 0))
        {
            there.Clear();
            WriteNow(sector, there);
        }

        return Failure;
    }

    /// <summary>Everything taken so far is on the medium when this returns Ok.</summary>
    public BlockResult Flush()
    {
        WriteGathered();
        FlushWritten();
        return Failure;
    }

    private static string? Inspect(IBlockDevice disk)
    {
        DiskState state = Volume.Inspect(disk, out string? message);
        return state switch
        {
            // Too small for a store of its own, and still large enough for what is offered.
            DiskState.Empty or DiskState.Unfinished or DiskState.TooSmall => null,
            DiskState.Volume => "the target's disk holds a store of its own",
            _ => "the target's disk is not empty: " + (message ?? "it holds a damaged store"),
        };
    }

    private static string Words(BlockResult result) => result switch
    {
        BlockResult.MediumError => "the medium is bad there",
        BlockResult.Timeout => "no answer in time",
        BlockResult.NoDevice => "it is gone",
        _ => "it refused",
    };

    private bool IsSound(long sector, int sectors) =>
        sectors <= DiskPiece.SectorsMax && offer.Covers(sector, sectors);

    private void Gather(long sector, int sectors, ReadOnlySpan<byte> bytes)
    {
        if (sector != first + count || count + sectors > GatherSectors)
        {
            WriteGathered();
        }

        if (count == 0)
        {
            first = sector;
        }

        Span<byte> into = gathered.AsSpan(count * IBlockDevice.SectorSize, sectors * IBlockDevice.SectorSize);
        if (bytes.IsEmpty)
        {
            into.Clear();
        }
        else
        {
            bytes.CopyTo(into);
        }

        count += sectors;
    }

    private void WriteGathered()
    {
        if (count > 0 && Failure == BlockResult.Ok)
        {
            WriteNow(first, gathered.AsSpan(0, count * IBlockDevice.SectorSize));
        }

        count = 0;
    }

    private void WriteNow(long sector, ReadOnlySpan<byte> bytes)
    {
        Note(disk.Write(sector, bytes), sector);
        unflushed += bytes.Length / IBlockDevice.SectorSize;
        if (unflushed >= UnflushedMax)
        {
            FlushWritten();
        }
    }

    private void FlushWritten()
    {
        if (unflushed > 0 && Failure == BlockResult.Ok)
        {
            Note(disk.Flush(), first);
        }

        unflushed = 0;
    }

    private void Note(BlockResult result, long sector)
    {
        if (result != BlockResult.Ok && Failure == BlockResult.Ok)
        {
            Failure = result;
            FailedSector = sector;
        }
    }
}
