namespace Internal.Runtime;

/// <summary>
/// One bit for every 8 bytes of the heap, set at the first byte of a cell that is alive. Two maps take turns: one
/// holds what the last collection found and says which cells are in use, the other is being filled by the
/// collection under way. They lie apart from the objects, so that a collection leaves the objects' pages clean.
/// </summary>
internal static unsafe class MarkBits
{
    /// <summary>Bytes of a map for one page of the heap.</summary>
    internal const uint BytesPerPage = PageHeap.PageSize / 64;

    private static byte* heap;
    private static uint* live;
    private static uint* marking;
    private static byte* firstMap;
    private static byte* firstEnd;
    private static byte* secondMap;
    private static byte* secondEnd;

    /// <summary>Takes possession of the two areas.</summary>
    internal static void Initialize(byte* heapStart, byte* first, byte* second)
    {
        heap = heapStart;
        live = (uint*)first;
        marking = (uint*)second;
        firstMap = firstEnd = first;
        secondMap = secondEnd = second;
    }

    /// <summary>Commits the bits for so many pages.</summary>
    internal static bool Grow(uint pages) =>
        PageHeap.GrowTable(ref firstEnd, firstMap + pages * BytesPerPage)
        && PageHeap.GrowTable(ref secondEnd, secondMap + pages * BytesPerPage);

    /// <summary>Did the last collection find this cell alive?</summary>
    internal static bool IsLive(byte* cell)
    {
        nuint bit = (nuint)(cell - heap) >> 3;
        return (live[bit >> 5] >> (int)(bit & 31) & 1) != 0;
    }

    /// <summary>Has the collection under way found this cell?</summary>
    internal static bool IsMarked(byte* cell)
    {
        nuint bit = (nuint)(cell - heap) >> 3;
        return (marking[bit >> 5] >> (int)(bit & 31) & 1) != 0;
    }

    /// <summary>Marks a cell.</summary>
    /// <returns>False if it was marked before.</returns>
    internal static bool TryMark(byte* cell)
    {
        nuint bit = (nuint)(cell - heap) >> 3;
        uint mask = 1u << (int)(bit & 31);
        uint word = marking[bit >> 5];
        if ((word & mask) != 0)
            return false;
        marking[bit >> 5] = word | mask;
        return true;
    }

    /// <summary>Counts the cells in pages that the last collection found alive.</summary>
    internal static uint CountLive(byte* start, uint pages)
    {
        uint* word = live + ((nuint)(start - heap) >> 8);
        uint* end = word + pages * (BytesPerPage / 4);
        uint count = 0;
        for (; word < end; word++)
        {
            // Each step clears the lowest bit: most words are empty or nearly so.
            for (uint bits = *word; bits != 0; bits &= bits - 1)
                count++;
        }
        return count;
    }

    /// <summary>Empties the map for a new collection.</summary>
    internal static void StartMarking()
    {
        nuint bytes = (nuint)(PageHeap.Frontier - heap) >> 6;
        System.SpanHelpers.ClearWithoutReferences(ref *(byte*)marking, bytes);
    }

    /// <summary>What has been marked is now what is alive.</summary>
    internal static void FinishMarking()
    {
        uint* marked = marking;
        marking = live;
        live = marked;
    }
}
