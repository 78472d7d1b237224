using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>How writes to pages are noticed.</summary>
public enum TrackingMode
{
    /// <summary>The processor sets the dirty bit of a page's table entry (Intel SDM volume 3, section 4.8).</summary>
    DirtyBits,

    /// <summary>
    /// Pages are read-only until the first write, which faults; the kernel must have armed its fault handler. Stacks
    /// and the image's data, which a fault needs itself, go by dirty bits.
    /// </summary>
    WriteProtection,
}

/// <summary>What the target is to know of a page.</summary>
public enum PageKind
{
    /// <summary>What stands in it. If nobody can write to it, a kernel of the same build has the same.</summary>
    Content,

    /// <summary>That it is there; nobody minds what stands in it, so it may be full of zeros.</summary>
    Free,

    /// <summary>That it is not there any more; it was told of it before.</summary>
    Gone,
}

/// <summary>A page that the target has to be told of.</summary>
/// <param name="Address">Where it is in the migratable zone.</param>
/// <param name="FrameAddress">Physical address of its frame; 0 for one that is gone.</param>
/// <param name="Flags">What the landed node may do there: <see cref="PageFlags.Writable"/> or nothing.</param>
/// <param name="Kind">What there is to tell.</param>
public readonly record struct PageToSend(uint Address, uint FrameAddress, PageFlags Flags, PageKind Kind);

/// <summary>What one look at the page tables has found.</summary>
public readonly record struct TrackerCounts
{
    /// <summary>Pages of the migratable zone that are mapped.</summary>
    public int Present { get; init; }

    /// <summary>Pages written to since the look before; those mapped since then included.</summary>
    public int NewlyDirty { get; init; }

    /// <summary>Pages that the target knows and that are not mapped any more.</summary>
    public int Gone { get; init; }

    /// <summary>Pages that hold nothing that anybody needs.</summary>
    public int Free { get; init; }

    /// <summary>Pages written to in both of the last two intervals: an estimate of what will never be clean.</summary>
    public int WorkingSet { get; init; }

    /// <summary>Different pages written to per second, in the last interval.</summary>
    public long DirtyPagesPerSecond { get; init; }
}

/// <summary>Tells which memory of the node holds nothing that anybody will read before writing to it.</summary>
public interface IFreeMemory
{
    /// <summary>Finds the next such range. Allocates nothing.</summary>
    /// <param name="at">Where to go on; 0 at first. Moves behind the range.</param>
    /// <param name="start">The range's first address, a multiple of the page size.</param>
    /// <param name="bytes">Its length, a multiple of the page size.</param>
    /// <returns>False when there is no other.</returns>
    bool TryNext(ref uint at, out uint start, out uint bytes);
}
