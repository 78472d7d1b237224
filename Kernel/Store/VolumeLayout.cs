namespace HaukiOS.Store;

/// <summary>A run of sectors.</summary>
public readonly struct SectorRegion(long first, int count)
{
    /// <summary>The first sector.</summary>
    public long First { get; } = first;

    /// <summary>How many sectors.</summary>
    public int Count { get; } = count;

    /// <summary>The last sector.</summary>
    public long Last => First + Count - 1;

    /// <summary>For messages: <c>sector 8</c> or <c>sectors 16 to 55</c>.</summary>
    public override string ToString() => Count == 1 ? $"sector {First}" : $"sectors {First} to {Last}";
}

/// <summary>
/// Where everything lies on a HaukiOS disk, in sectors of 512 bytes, lowest first. Nothing else may invent a place.
/// The two copies of one record never share a 4 KiB block, the unit that many disks really write.
/// </summary>
public static class VolumeLayout
{
    /// <summary>
    /// Sectors before the log, 128 KiB. Everything well known keeps its first structure in here (MBR and boot
    /// sectors: 0, ext: 1 KiB, ISO 9660: 32 KiB, btrfs: 64 KiB), so a disk with other data never looks empty.
    /// </summary>
    public const int HeaderSectors = 256;

    /// <summary>The volume marker, copy A: says that this is a HaukiOS disk.</summary>
    public static readonly SectorRegion MarkerA = new(0, 1);

    /// <summary>The volume marker, copy B.</summary>
    public static readonly SectorRegion MarkerB = new(8, 1);

    /// <summary>The lock record (questions, wrapped keys), copy A. 20 KiB hold the 16 KiB it may have.</summary>
    public static readonly SectorRegion LockA = new(16, 40);

    /// <summary>The lock record, copy B.</summary>
    public static readonly SectorRegion LockB = new(56, 40);

    /// <summary>The count of wrong attempts, copy A.</summary>
    public static readonly SectorRegion AttemptsA = new(96, 8);

    /// <summary>The count of wrong attempts, copy B.</summary>
    public static readonly SectorRegion AttemptsB = new(104, 8);

    /// <summary>The store's header (salt, segment size), copy A.</summary>
    public static readonly SectorRegion StoreHeaderA = new(112, 8);

    /// <summary>The store's header, copy B.</summary>
    public static readonly SectorRegion StoreHeaderB = new(120, 8);

    /// <summary>The boot record (network, boot key), copy A.</summary>
    public static readonly SectorRegion BootA = new(128, 8);

    /// <summary>The boot record, copy B.</summary>
    public static readonly SectorRegion BootB = new(136, 8);

    /// <summary>The count of strangers' wrong attempts over the network, copy A.</summary>
    public static readonly SectorRegion StrangerAttemptsA = new(144, 8);

    /// <summary>The count of strangers' wrong attempts, copy B.</summary>
    public static readonly SectorRegion StrangerAttemptsB = new(152, 8);

    /// <summary>The count of known operators' wrong attempts over the network, copy A.</summary>
    public static readonly SectorRegion OperatorAttemptsA = new(160, 8);

    /// <summary>The count of known operators' wrong attempts, copy B.</summary>
    public static readonly SectorRegion OperatorAttemptsB = new(168, 8);

    /// <summary>The hand-over record (who may run this node), copy A. Never copied from one disk to another.</summary>
    public static readonly SectorRegion HandoverA = new(176, 8);

    /// <summary>The hand-over record, copy B.</summary>
    public static readonly SectorRegion HandoverB = new(184, 8);

    // 192 to 255: free, zero.

    /// <summary>The first sector of the encrypted log; it reaches to the end of the disk.</summary>
    public const long LogStart = HeaderSectors;
}
