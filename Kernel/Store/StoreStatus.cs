namespace HaukiOS.Store;

/// <summary>Figures of a store, for people.</summary>
public readonly struct StoreStatus
{
    /// <summary>Names in the store, the kernel's own not counted.</summary>
    public int Names { get; init; }

    /// <summary>The most names that fit.</summary>
    public int NamesMax { get; init; }

    /// <summary>Bytes that names and values take on the disk.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes that they may take.</summary>
    public long CapacityBytes { get; init; }

    /// <summary>Segments of the log.</summary>
    public int Segments { get; init; }

    /// <summary>Segments that may be written anew.</summary>
    public int FreeSegments { get; init; }

    /// <summary>Records ever written to this store.</summary>
    public ulong Records { get; init; }

    /// <summary>Checkpoints completed since the store was opened.</summary>
    public long Checkpoints { get; init; }

    /// <summary>Bytes that compaction has moved since the store was opened.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Why the store takes no writes, or null if it does.</summary>
    public string? ReadOnlyReason { get; init; }
}
