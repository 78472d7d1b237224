namespace Internal.Runtime;

/// <summary>Figures of the managed heap, for <c>mem</c> and the tests.</summary>
public static unsafe class GcStatistics
{
    /// <summary>Gives the time stamp counter. The machine layer sets it; without it all pauses read as zero.</summary>
    public static delegate*<ulong> Clock;

    /// <summary>Address space reserved for the heap, in bytes.</summary>
    public static ulong ReservedBytes => PageHeap.ReservedBytes;

    /// <summary>Memory that backs the heap and its tables at this moment, in bytes.</summary>
    public static ulong CommittedBytes => PageHeap.CommittedBytes;

    /// <summary>The most memory that ever backed the heap, in bytes.</summary>
    public static ulong PeakCommittedBytes => PageHeap.PeakCommittedBytes;

    /// <summary>
    /// Bytes of the objects that survived the last collection, in whole cells. Before the first one nothing is known
    /// to be dead: all that was handed out counts.
    /// </summary>
    public static ulong LiveBytes => Collector.Collections == 0 ? GcHeap.AllocatedBytes : Collector.LiveBytes;

    /// <summary>Objects that survived the last collection.</summary>
    public static ulong LiveObjects => Collector.LiveObjects;

    /// <summary>Bytes handed out since the start, in whole runs of cells.</summary>
    public static ulong AllocatedBytes => GcHeap.AllocatedBytes;

    /// <summary>Collections since the start.</summary>
    public static uint Collections => Collector.Collections;

    /// <summary>Length of the last collection in ticks of <see cref="Clock"/>.</summary>
    public static ulong LastPause => Collector.LastPause;

    /// <summary>Length of the longest collection in ticks of <see cref="Clock"/>.</summary>
    public static ulong MaxPause => Collector.MaxPause;
}
