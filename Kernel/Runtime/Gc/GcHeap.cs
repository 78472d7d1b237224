using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// The managed heap: hands out cells of zeroed memory.
/// <para>
/// Small objects live in blocks of <see cref="BlockPages"/> pages, each cut into cells of one size class; bigger
/// objects have pages of their own. A cell begins with the object's header word. An allocator context per size class
/// holds a run of free, zeroed cells; the assembler takes cells from it (Native/Allocator.asm) and comes here when
/// it is used up. Which cells are free is what the last collection's mark bits say: there is no sweep that touches
/// dead objects, only a search for the next run of unmarked cells when one is needed.
/// </para>
/// </summary>
internal static unsafe class GcHeap
{
    /// <summary>Pages of a block of small cells.</summary>
    internal const uint BlockPages = 8;

    /// <summary>The largest object that lives in a block; bigger ones get pages of their own.</summary>
    internal const uint LargestSmall = 8192;

    /// <summary>Number of size classes.</summary>
    private const int ClassCount = 32;

    /// <summary>Allocation between two collections is at least this much, however little is alive.</summary>
    private const uint SmallestBudget = 4 * 1024 * 1024;

    /// <summary>
    /// Stack that an allocation needs at most, with a collection and an interrupt in it. A stack that ends in the
    /// middle of either would leave the heap half changed.
    /// </summary>
    private const int StackNeeded = 6144;

    /// <summary>What the assembler takes cells from. It knows the layout.</summary>
    internal struct Context
    {
        internal byte* Next;
        internal byte* End;
        internal uint CellSize;
        internal uint Unused;
    }

    private struct SizeClass
    {
        /// <summary>The block that the context's run lies in.</summary>
        internal Span* Current;

        /// <summary>Blocks that may have free cells, not looked at since the last collection.</summary>
        internal Span* Partial;
    }

    /// <summary>Ends of the runs, while <see cref="IsHeld"/>.</summary>
    private struct HeldEnds
    {
        internal fixed uint Ends[ClassCount];
    }

    private static SizeClass* classes;
    private static HeldEnds held;
    private static ulong allocatedBefore;
    private static ulong budget;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiAllocatorContexts")]
    private static extern Context* Contexts();

    /// <summary>Nothing may be allocated, and nothing collected (<see cref="HeapHold"/>).</summary>
    internal static bool IsHeld { get; private set; }

    /// <summary>Class of a size, by size / 8 rounded up; <see cref="LargestSmall"/> / 8 + 1 bytes.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiAllocatorClassOfSize")]
    private static extern byte* ClassOfSize();

    /// <summary>Bytes handed out since the start, in whole runs.</summary>
    internal static ulong AllocatedBytes { get; private set; }

    /// <summary>Bytes handed out since the last collection.</summary>
    internal static ulong AllocatedSinceCollection => AllocatedBytes - allocatedBefore;

    /// <summary>Cell sizes: steps of 8, then four to each doubling, then what divides a block well.</summary>
    private static System.ReadOnlySpan<ushort> CellSizes =>
    [
        16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        384, 448, 512, 640, 768, 896, 1024, 1280, 1536, 1816, 2048, 2728, 3272, 4096, 5456, 8192,
    ];

    /// <summary>Takes possession of the range. Part of start-up.</summary>
    internal static void Initialize(
        nuint start,
        nuint reservedBytes,
        delegate*<nuint, nuint, bool> commit,
        delegate*<nuint, nuint, void> decommit)
    {
        PageHeap.Initialize((byte*)start, reservedBytes, commit, decommit);
        classes = (SizeClass*)PermanentMemory.Allocate(ClassCount * (uint)sizeof(SizeClass));
        Context* contexts = Contexts();
        byte* classOfSize = ClassOfSize();
        uint size = 0;
        for (int i = 0; i < ClassCount; i++)
        {
            contexts[i].CellSize = CellSizes[i];
            for (; size <= CellSizes[i]; size += 8)
                classOfSize[size / 8] = (byte)i;
        }
        budget = SmallestBudget;
    }

    /// <summary>
    /// Memory for one object, zeroed but for its type (and its length, if it is an array): the collector must never
    /// find a cell in use whose type it cannot read, so both are set before another thread can run.
    /// </summary>
    /// <returns>The object, or null if there is no memory left even after a collection.</returns>
    internal static byte* AllocateObject(MethodTable* type, uint size, int length)
    {
        if (IsHeld)
            return null;
        byte here = 0;
        _ = System.Threading.Volatile.Read(ref *(&here - StackNeeded)); // faults here if the stack is too short
        Preemption.Disabled++;
        // The object, never its cell: a pointer to the header word keeps nothing alive, and as soon as the count is
        // back another thread may collect.
        byte* o = size <= LargestSmall ? TakeSmall((size + 7) & ~7u) : TakeLarge(size);
        if (o != null)
        {
            if (type->HasComponentSize)
                *(int*)(o + RawArrayLayout.LengthOffset) = length;
            *(MethodTable**)o = type;
        }
        Preemption.Disabled--;
        return o;
    }

    /// <summary>The assembler finds no run any more and comes here, where nothing is given out.</summary>
    internal static void Hold()
    {
        Context* contexts = Contexts();
        for (int i = 0; i < ClassCount; i++)
        {
            held.Ends[i] = (uint)contexts[i].End;
            contexts[i].End = null;
        }

        IsHeld = true;
    }

    /// <summary>The end of <see cref="Hold"/>: all is as before.</summary>
    internal static void Release()
    {
        IsHeld = false;
        Context* contexts = Contexts();
        for (int i = 0; i < ClassCount; i++)
            contexts[i].End = (byte*)held.Ends[i];
    }

    /// <summary>
    /// Forgets all runs and free blocks, for the mark bits have changed; the blocks come back by
    /// <see cref="AddPartial"/>.
    /// </summary>
    internal static void ForgetFreeCells()
    {
        Context* contexts = Contexts();
        for (int i = 0; i < ClassCount; i++)
        {
            contexts[i].Next = null;
            contexts[i].End = null;
            classes[i] = default;
        }
    }

    /// <summary>A block with free cells, found by a collection.</summary>
    internal static void AddPartial(Span* block)
    {
        block->Next = classes[block->Class].Partial;
        classes[block->Class].Partial = block;
    }

    /// <summary>Sets how much may be allocated before the next collection.</summary>
    /// <returns>The allowance, in bytes.</returns>
    internal static ulong StartBudget(ulong liveBytes)
    {
        allocatedBefore = AllocatedBytes;
        budget = liveBytes > SmallestBudget ? liveBytes : SmallestBudget;
        return budget;
    }

    private static byte* TakeSmall(uint size)
    {
        int index = ClassOfSize()[size / 8];
        Context* context = Contexts() + index;
        if (context->Next >= context->End && !Refill(index, context))
            return null;
        byte* cell = context->Next;
        context->Next += context->CellSize;
        return cell + 4;
    }

    private static bool Refill(int index, Context* context)
    {
        if (AllocatedSinceCollection >= budget)
            Collector.Collect(trim: false);
        if (FindRun(index, context) || StartBlock(index, context))
            return true;
        // No memory: what has died since the last collection is the last hope.
        Collector.Collect(trim: true);
        return FindRun(index, context) || StartBlock(index, context);
    }

    private static bool FindRun(int index, Context* context)
    {
        SizeClass* sizeClass = classes + index;
        while (true)
        {
            if (sizeClass->Current != null && NextRun(sizeClass->Current, context))
                return true;
            sizeClass->Current = sizeClass->Partial;
            if (sizeClass->Current == null)
                return false;
            sizeClass->Partial = sizeClass->Current->Next;
        }
    }

    private static bool StartBlock(int index, Context* context)
    {
        Span* block = PageHeap.Allocate(BlockPages);
        if (block == null)
            return false;
        block->State = SpanState.Small;
        block->Class = (byte)index;
        block->CellSize = context->CellSize;
        block->CellCount = BlockPages * PageHeap.PageSize / context->CellSize;
        block->Taken = block->CellCount;
        classes[index].Current = block;
        HandOut(context, block->Start, block->CellCount * block->CellSize);
        return true;
    }

    /// <summary>The next cells in the block that are free and lie together.</summary>
    private static bool NextRun(Span* block, Context* context)
    {
        uint count = block->CellCount;
        uint first = block->Taken;
        while (first < count && MarkBits.IsLive(block->Start + first * block->CellSize))
            first++;
        uint end = first;
        while (end < count && !MarkBits.IsLive(block->Start + end * block->CellSize))
            end++;
        block->Taken = end;
        if (end == first)
            return false;
        HandOut(context, block->Start + first * block->CellSize, (end - first) * block->CellSize);
        return true;
    }

    private static void HandOut(Context* context, byte* start, uint bytes)
    {
        System.SpanHelpers.ClearWithoutReferences(ref *start, bytes);
        AllocatedBytes += bytes;
        context->Next = start;
        context->End = start + bytes;
    }

    private static byte* TakeLarge(uint size)
    {
        uint pages = (size + PageHeap.PageSize - 1) / PageHeap.PageSize;
        if (AllocatedSinceCollection + size >= budget && AllocatedSinceCollection != 0)
            Collector.Collect(trim: false);
        Span* span = PageHeap.Allocate(pages);
        if (span == null)
        {
            Collector.Collect(trim: true);
            span = PageHeap.Allocate(pages);
            if (span == null)
                return null;
        }
        span->State = SpanState.Large;
        span->CellSize = pages * PageHeap.PageSize;
        span->CellCount = 1;
        span->Taken = 1;
        AllocatedBytes += span->CellSize;
        System.SpanHelpers.ClearWithoutReferences(ref *span->Start, size);
        return span->Start + 4;
    }
}
