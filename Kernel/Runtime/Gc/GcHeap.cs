namespace Internal.Runtime;

/// <summary>The managed heap: an address range, committed page by page.</summary>
internal static unsafe partial class GcHeap
{
    internal static ulong ReservedBytes;
    internal static ulong CommittedBytes;
    internal static ulong PeakCommittedBytes;
    internal static ulong AllocatedBytes;
}

/// <summary>Finds what is alive.</summary>
internal static unsafe partial class Collector
{
    internal static ulong LiveBytes;
    internal static ulong LiveObjects;
    internal static uint Collections;
    internal static ulong LastPause;
    internal static ulong MaxPause;
}
