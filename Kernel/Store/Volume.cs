using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Store;

/// <summary>What a disk is, before any key is at hand.</summary>
public enum DiskState
{
    /// <summary>
    /// Nothing on it: the header region is all zero, but for a record of moves. May be formatted.
    /// </summary>
    Empty,

    /// <summary>A HaukiOS volume whose formatting was cut short. It never held data; may be formatted anew.</summary>
    Unfinished,

    /// <summary>A HaukiOS volume.</summary>
    Volume,

    /// <summary>A HaukiOS volume by its other records, but both copies of the marker are bad.</summary>
    Damaged,

    /// <summary>A HaukiOS volume of a format that only a newer HaukiOS knows.</summary>
    FromTheFuture,

    /// <summary>Something else. Must not be overwritten unless a person says so.</summary>
    Foreign,

    /// <summary>The disk is smaller than the header region and a minimal log.</summary>
    TooSmall,

    /// <summary>The disk fails to read.</summary>
    Unreadable,
}

/// <summary>The disk as a whole: is it ours, and is it ready?</summary>
public static class Volume
{
    // The marker's content: version, readiness, zero. It lies in a mirrored record at sectors 0 and 8.
    private const int ContentBytes = 16;
    private const ushort FormatVersion = 1;
    private const ushort Unfinished = 1;
    private const ushort Ready = 2;

    /// <summary>Looks at a disk. Reads only.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="message">A sentence for people, or null if there is nothing to say.</param>
    public static DiskState Inspect(IBlockDevice device, out string? message)
    {
        if (device.SectorCount < StoreGeometry.MinimumDiskSectors)
        {
            message = $"the disk has {Sizes.Text(device.SectorCount)}; HaukiOS needs at least "
                + Sizes.Text(StoreGeometry.MinimumDiskSectors);
            return DiskState.TooSmall;
        }
        RecordReading marker = MirroredRecord.ForMarker(device).Read();
        message = marker.Complaint;
        return marker.State switch
        {
            RecordState.Present => InspectMarker(marker.Content, ref message),
            RecordState.FromTheFuture => DiskState.FromTheFuture,
            _ => InspectWithoutMarker(device, ref message),
        };
    }

    /// <summary>
    /// First step of formatting: claims the disk. Until <see cref="FinishFormat"/> it counts as unfinished, so a power
    /// cut in between leaves a disk that may be formatted again.
    /// </summary>
    /// <returns>Null on success.</returns>
    public static StoreError? BeginFormat(IBlockDevice device) => WriteMarker(device, Unfinished);

    /// <summary>Last step of formatting: the lock record and the store's header are on the disk.</summary>
    /// <returns>Null on success.</returns>
    public static StoreError? FinishFormat(IBlockDevice device) => WriteMarker(device, Ready);

    private static StoreError? WriteMarker(IBlockDevice device, ushort readiness)
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        content.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(content, FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(content[2..], readiness);
        return MirroredRecord.ForMarker(device).WriteBoth(content);
    }

    private static DiskState InspectMarker(ReadOnlySpan<byte> content, ref string? message)
    {
        int version = content.Length >= 4 ? BinaryPrimitives.ReadUInt16LittleEndian(content) : 0;
        int readiness = content.Length >= 4 ? BinaryPrimitives.ReadUInt16LittleEndian(content[2..]) : 0;
        if (version > FormatVersion)
        {
            message = $"the disk has format {version}; this HaukiOS knows formats up to {FormatVersion}";
            return DiskState.FromTheFuture;
        }
        if (version != FormatVersion || content.Length != ContentBytes)
        {
            message = "the volume marker says nothing this HaukiOS understands";
            return DiskState.Damaged;
        }
        return readiness == Ready ? DiskState.Volume : DiskState.Unfinished;
    }

    private static DiskState InspectWithoutMarker(IBlockDevice device, ref string? message)
    {
        Span<byte> sector = stackalloc byte[IBlockDevice.SectorSize];
        bool onlyMarkers = true;
        bool markersZero = true;
        bool hasMoves = HasRecord(MirroredRecord.ForHandover(device));
        for (int i = 0; i < VolumeLayout.HeaderSectors; i++)
        {
            BlockResult result = device.Read(i, sector);
            if (result != BlockResult.Ok)
            {
                message = StoreError.FromDisk(result, "read", new SectorRegion(i, 1)).Message;
                return DiskState.Unreadable;
            }
            bool zero = Sizes.AllZero(sector);
            bool isMarker = i == VolumeLayout.MarkerA.First || i == VolumeLayout.MarkerB.First;
            bool isOfMoves = hasMoves && i >= VolumeLayout.HandoverA.First && i <= VolumeLayout.HandoverB.Last;
            markersZero &= zero || !isMarker;
            onlyMarkers &= zero || isMarker || isOfMoves;
        }
        if (onlyMarkers && markersZero)
        {
            message = null;
            return DiskState.Empty;
        }
        if (HasRecord(MirroredRecord.ForLock(device)) || HasRecord(MirroredRecord.ForStoreHeader(device)))
        {
            return DiskState.Damaged;
        }
        if (onlyMarkers && MirroredRecord.BeginsLikeMarker(device))
        {
            // The very first write of a format was torn.
            return DiskState.Unfinished;
        }
        message = "the disk holds something that is not HaukiOS";
        return DiskState.Foreign;
    }

    private static bool HasRecord(MirroredRecord record) => record.Read().State == RecordState.Present;
}
