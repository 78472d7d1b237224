namespace Internal.Runtime;

/// <summary>What a span of pages is used for.</summary>
internal enum SpanState : byte
{
    /// <summary>For nothing.</summary>
    Free,

    /// <summary>Cut into cells of one size.</summary>
    Small,

    /// <summary>One object.</summary>
    Large,
}

/// <summary>Pages in a row that belong together.</summary>
internal unsafe struct Span
{
    internal byte* Start;
    internal uint PageCount;

    /// <summary>Bytes of a cell; of a large span, of the whole.</summary>
    internal uint CellSize;
    internal uint CellCount;

    /// <summary>
    /// Cells before this one are in use or have been handed out since the last collection; of the others the mark
    /// bits of that collection tell.
    /// </summary>
    internal uint Taken;

    /// <summary>In the list of free spans, or of blocks with free cells.</summary>
    internal Span* Next;
    internal Span* Previous;
    internal SpanState State;
    internal byte Class;
}

/// <summary>
/// Pages of the heap's range. The range begins with tables that grow with it (one entry per page: its span, whether
/// it is committed; the mark bits), and the permanent area; the rest is spans without gaps, up to a frontier.
/// </summary>
internal static unsafe class PageHeap
{
    internal const uint PageSize = 4096;

    /// <summary>The tables grow in steps, so that most allocations need not look after them.</summary>
    private const uint FrontierStep = 256;

    /// <summary>Free spans of up to this many pages have a list for each length; longer ones share list 0.</summary>
    private const int ExactLists = 64;

    /// <summary>First address that objects may have.</summary>
    internal static byte* ObjectsStart;

    /// <summary>End of the spans; objects lie below.</summary>
    internal static byte* Frontier;

    private static byte* objectsEnd;
    private static nint* spanOfPage;
    private static byte* spanOfPageEnd;
    private static byte* isCommitted;
    private static byte* isCommittedEnd;
    private static Span** freeLists;
    private static Span* spareSpans;
    private static delegate*<nuint, nuint, bool> commitPages;
    private static delegate*<nuint, nuint, void> decommitPages;

    /// <summary>Address space of the heap.</summary>
    internal static ulong ReservedBytes { get; private set; }

    /// <summary>Memory behind objects and tables.</summary>
    internal static ulong CommittedBytes { get; private set; }

    /// <summary>The most there ever was.</summary>
    internal static ulong PeakCommittedBytes { get; private set; }

    /// <summary>Committed pages in free spans, in bytes.</summary>
    internal static ulong FreeCommittedBytes { get; private set; }

    /// <summary>Lays the range out. Part of start-up.</summary>
    internal static void Initialize(
        byte* start,
        nuint reservedBytes,
        delegate*<nuint, nuint, bool> commit,
        delegate*<nuint, nuint, void> decommit)
    {
        commitPages = commit;
        decommitPages = decommit;
        ReservedBytes = reservedBytes;
        uint pages = (uint)(reservedBytes / PageSize);
        byte* at = start;
        spanOfPageEnd = Reserve(ref at, pages * 4);
        spanOfPage = (nint*)spanOfPageEnd;
        isCommitted = isCommittedEnd = Reserve(ref at, pages);
        byte* firstBits = Reserve(ref at, pages * MarkBits.BytesPerPage);
        byte* secondBits = Reserve(ref at, pages * MarkBits.BytesPerPage);
        byte* permanent = Reserve(ref at, PermanentMemory.BytesFor(reservedBytes));
        PermanentMemory.Initialize(permanent, at);
        freeLists = (Span**)PermanentMemory.Allocate((ExactLists + 1) * (uint)sizeof(Span*));
        ObjectsStart = Frontier = at;
        objectsEnd = start + reservedBytes;
        MarkBits.Initialize(at, firstBits, secondBits);
        if (at >= objectsEnd)
            FatalError.Fail("the heap's range is too small for its own tables");
    }

    /// <summary>The span that an address of the heap lies in.</summary>
    internal static Span* SpanOf(byte* address) => (Span*)spanOfPage[(nuint)(address - ObjectsStart) / PageSize];

    /// <summary>Takes pages, committed but with any content.</summary>
    /// <returns>Null if neither the range nor the machine has that much left.</returns>
    internal static Span* Allocate(uint pages)
    {
        Span* span = FindFree(pages);
        if (span == null)
        {
            if (!Extend(pages))
                return null;
            span = FindFree(pages);
            if (span == null)
                return null;
        }
        if (!CommitRange(span->Start, pages))
            return null;
        Unlink(span);
        if (span->PageCount > pages && !Split(span, pages))
        {
            Link(span);
            return null;
        }
        FreeCommittedBytes -= pages * PageSize;
        for (byte* page = span->Start; page < span->Start + pages * PageSize; page += PageSize)
            spanOfPage[(nuint)(page - ObjectsStart) / PageSize] = (nint)span;
        return span;
    }

    /// <summary>Gives pages back, joined with free neighbours. They stay committed until <see cref="Trim"/>.</summary>
    /// <returns>The free span that now holds them.</returns>
    internal static Span* Free(Span* span)
    {
        FreeCommittedBytes += span->PageCount * PageSize;
        span->State = SpanState.Free;
        if (span->Start > ObjectsStart)
        {
            Span* before = SpanOf(span->Start - 1);
            if (before->State == SpanState.Free)
            {
                Unlink(before);
                before->PageCount += span->PageCount;
                Retire(span);
                span = before;
            }
        }
        byte* end = span->Start + span->PageCount * PageSize;
        if (end < Frontier)
        {
            Span* after = SpanOf(end);
            if (after->State == SpanState.Free)
            {
                Unlink(after);
                span->PageCount += after->PageCount;
                Retire(after);
            }
        }
        Link(span);
        return span;
    }

    /// <summary>Gives memory of free spans back to the machine until only so much is kept, from the top down.</summary>
    internal static void Trim(ulong keepBytes)
    {
        byte* end = Frontier;
        while (FreeCommittedBytes > keepBytes && end > ObjectsStart)
        {
            Span* span = SpanOf(end - 1);
            end = span->Start;
            if (span->State == SpanState.Free)
                DecommitRange(span->Start, span->PageCount);
        }
    }

    /// <summary>Commits the pages of a table up to an address, and zeroes them.</summary>
    /// <param name="committedEnd">How far the table is committed now; moves up.</param>
    /// <param name="end">What must be committed.</param>
    internal static bool GrowTable(ref byte* committedEnd, byte* end)
    {
        if (end <= committedEnd)
            return true;
        nuint bytes = ((nuint)(end - committedEnd) + PageSize - 1) & ~(nuint)(PageSize - 1);
        if (!commitPages((nuint)committedEnd, bytes))
            return false;
        System.SpanHelpers.ClearWithoutReferences(ref *committedEnd, bytes);
        committedEnd += bytes;
        CountCommitted(bytes);
        return true;
    }

    private static byte* Reserve(ref byte* at, uint bytes)
    {
        byte* table = at;
        at += (bytes + PageSize - 1) & ~(PageSize - 1);
        return table;
    }

    private static Span* FindFree(uint pages)
    {
        for (uint length = pages; length <= ExactLists; length++)
        {
            if (freeLists[length] != null)
                return freeLists[length];
        }
        Span* best = null;
        for (Span* span = freeLists[0]; span != null; span = span->Next)
        {
            if (span->PageCount >= pages && (best == null || span->PageCount < best->PageCount))
                best = span;
        }
        return best;
    }

    /// <summary>Moves the frontier up and adds the new pages as a free span.</summary>
    private static bool Extend(uint pages)
    {
        uint left = (uint)(objectsEnd - Frontier) / PageSize;
        // What is free just below the frontier will join the new pages.
        if (Frontier > ObjectsStart)
        {
            Span* last = SpanOf(Frontier - 1);
            if (last->State == SpanState.Free && last->PageCount < pages)
                pages -= last->PageCount;
        }
        if (pages > left)
            return false;
        uint step = (pages + FrontierStep - 1) / FrontierStep * FrontierStep;
        if (step > left)
            step = left;
        Span* span = NewSpan();
        if (span == null || !GrowTables(Frontier + step * PageSize))
        {
            if (span != null)
                Retire(span);
            return false;
        }
        span->Start = Frontier;
        span->PageCount = step;
        Frontier += step * PageSize;
        // Free counts its pages as committed; these are not.
        Free(span);
        FreeCommittedBytes -= step * PageSize;
        return true;
    }

    private static bool GrowTables(byte* newFrontier)
    {
        uint pages = (uint)(newFrontier - ObjectsStart) / PageSize;
        return GrowTable(ref spanOfPageEnd, (byte*)spanOfPage + pages * 4)
            && GrowTable(ref isCommittedEnd, isCommitted + pages)
            && MarkBits.Grow(pages);
    }

    private static bool CommitRange(byte* start, uint pages)
    {
        nuint first = (nuint)(start - ObjectsStart) / PageSize;
        nuint end = first + pages;
        while (first < end)
        {
            if (isCommitted[first] != 0)
            {
                first++;
                continue;
            }
            nuint last = first;
            while (last < end && isCommitted[last] == 0)
                last++;
            nuint bytes = (last - first) * PageSize;
            if (!commitPages((nuint)(ObjectsStart + first * PageSize), bytes))
                return false;
            for (; first < last; first++)
                isCommitted[first] = 1;
            FreeCommittedBytes += bytes;
            CountCommitted(bytes);
        }
        return true;
    }

    private static void DecommitRange(byte* start, uint pages)
    {
        nuint first = (nuint)(start - ObjectsStart) / PageSize;
        nuint end = first + pages;
        while (first < end)
        {
            if (isCommitted[first] == 0)
            {
                first++;
                continue;
            }
            nuint last = first;
            while (last < end && isCommitted[last] != 0)
                isCommitted[last++] = 0;
            nuint bytes = (last - first) * PageSize;
            decommitPages((nuint)(ObjectsStart + first * PageSize), bytes);
            FreeCommittedBytes -= bytes;
            CommittedBytes -= bytes;
            first = last;
        }
    }

    private static void CountCommitted(nuint bytes)
    {
        CommittedBytes += bytes;
        if (CommittedBytes > PeakCommittedBytes)
            PeakCommittedBytes = CommittedBytes;
    }

    /// <summary>Cuts the tail off a span that is in no list, and frees it.</summary>
    private static bool Split(Span* span, uint pages)
    {
        Span* tail = NewSpan();
        if (tail == null)
            return false;
        tail->Start = span->Start + pages * PageSize;
        tail->PageCount = span->PageCount - pages;
        span->PageCount = pages;
        Link(tail);
        return true;
    }

    private static void Link(Span* span)
    {
        span->State = SpanState.Free;
        SetEnds(span);
        uint list = span->PageCount <= ExactLists ? span->PageCount : 0;
        span->Previous = null;
        span->Next = freeLists[list];
        if (span->Next != null)
            span->Next->Previous = span;
        freeLists[list] = span;
    }

    private static void Unlink(Span* span)
    {
        if (span->Next != null)
            span->Next->Previous = span->Previous;
        if (span->Previous != null)
            span->Previous->Next = span->Next;
        else
            freeLists[span->PageCount <= ExactLists ? span->PageCount : 0] = span->Next;
    }

    /// <summary>Of a free span only the first and the last page know it: that is where neighbours look.</summary>
    private static void SetEnds(Span* span)
    {
        nuint first = (nuint)(span->Start - ObjectsStart) / PageSize;
        spanOfPage[first] = (nint)span;
        spanOfPage[first + span->PageCount - 1] = (nint)span;
    }

    private static Span* NewSpan()
    {
        Span* span = spareSpans;
        if (span != null)
        {
            spareSpans = span->Next;
            *span = default;
            return span;
        }
        return (Span*)PermanentMemory.TryAllocate((uint)sizeof(Span));
    }

    private static void Retire(Span* span)
    {
        span->Next = spareSpans;
        spareSpans = span;
    }
}
