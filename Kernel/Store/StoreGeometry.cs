namespace HaukiOS.Store;

/// <summary>How the log of a disk is cut into segments. Decided once, when the store is formatted.</summary>
public sealed class StoreGeometry
{
    /// <summary>Fewer segments leave no room to compact in.</summary>
    public const int SegmentsMin = 16;

    /// <summary>More would make opening slow: the header of every segment is read.</summary>
    public const int SegmentsMax = 4096;

    /// <summary>The smallest segment: three of the largest records.</summary>
    public const int SegmentSectorsMin = 512;

    /// <summary>The largest segment, 32 MiB: the store uses up to 4096 of them, the first 128 GiB of a disk.</summary>
    public const int SegmentSectorsMax = 65536;

    /// <summary>A smaller disk cannot be formatted: 4 MiB for the log, and the headers before it.</summary>
    public const long MinimumDiskSectors = VolumeLayout.LogStart + (SegmentsMin * SegmentSectorsMin);

    /// <summary>A geometry as written in the store's header.</summary>
    public StoreGeometry(int segmentSectors, int segmentCount)
    {
        SegmentSectors = segmentSectors;
        SegmentCount = segmentCount;
    }

    /// <summary>Sectors in a segment; a power of two.</summary>
    public int SegmentSectors { get; }

    /// <summary>Segments in the log.</summary>
    public int SegmentCount { get; }

    /// <summary>Sectors of the disk that the store lies on, headers included.</summary>
    public long EndSector => VolumeLayout.LogStart + ((long)SegmentSectors * SegmentCount);

    /// <summary>The best cut for a disk of this size, at least <see cref="MinimumDiskSectors"/>.</summary>
    public static StoreGeometry ForDisk(long diskSectors)
    {
        long log = diskSectors - VolumeLayout.LogStart;
        int segment = SegmentSectorsMin;
        // Larger segments waste less at their end; more segments make finer work for the compaction.
        if (log >= 1024L * 64)
        {
            segment = 1024;
        }
        while (segment < SegmentSectorsMax && log / segment > SegmentsMax)
        {
            segment *= 2;
        }
        long count = log / segment;
        return new StoreGeometry(segment, (int)(count > SegmentsMax ? SegmentsMax : count));
    }

    /// <summary>Can a header that says so be believed?</summary>
    public bool IsSound(long diskSectors) =>
        SegmentSectors is >= SegmentSectorsMin and <= SegmentSectorsMax
        && (SegmentSectors & (SegmentSectors - 1)) == 0
        && SegmentCount is >= SegmentsMin and <= SegmentsMax
        && EndSector <= diskSectors;

    /// <summary>The first sector of a segment's place.</summary>
    public long FirstSector(int slot) => VolumeLayout.LogStart + ((long)slot * SegmentSectors);
}
