using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>What a node's disk asks of the target's.</summary>
/// <param name="Sectors">Sectors that the target's disk must have; 0 if the node has no disk.</param>
public readonly record struct DiskOffer(long Sectors)
{
    /// <summary>Sectors that no move touches: they say which machine the node is on.</summary>
    internal const long ReservedFirst = 176;

    /// <summary>The end of these sectors.</summary>
    internal const long ReservedEnd = 192;

    /// <summary>
    /// What this node would offer. An open store says how far it reaches; otherwise all of the disk is the node's.
    /// </summary>
    public static DiskOffer Of(IBlockDevice? disk, EncryptedStore? store) =>
        disk is null || disk.SectorCount == 0 ? default : new DiskOffer(store?.EndSector ?? disk.SectorCount);

    /// <summary>Does the run of sectors keep within the offer, and off the reserved sectors?</summary>
    internal bool Covers(long sector, int count) =>
        count > 0 && sector >= 0 && sector <= Sectors - count
        && (sector >= ReservedEnd || sector + count <= ReservedFirst);
}

/// <summary>One piece of a disk on its way.</summary>
/// <param name="Sector">The first sector.</param>
/// <param name="Sectors">How many, at most <see cref="SectorsMax"/>.</param>
/// <param name="IsZero">All of them are zero; the bytes need not travel.</param>
public readonly record struct DiskPiece(long Sector, int Sectors, bool IsZero)
{
    /// <summary>The most sectors of a piece.</summary>
    public const int SectorsMax = 64;

    /// <summary>Bytes that travel.</summary>
    public int Length => IsZero ? 0 : Sectors * IBlockDevice.SectorSize;
}
