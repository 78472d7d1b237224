namespace Internal.Runtime;

/// <summary>Marks objects and follows their references, with a stack of its own instead of recursion.</summary>
internal static unsafe class Marker
{
    /// <summary>Marks what words of a stack or of saved registers point to, or into.</summary>
    internal static void MarkConservatively(nuint* from, nuint* end)
    {
        for (; from < end; from++)
        {
            byte* address = (byte*)*from;
            if (address < PageHeap.ObjectsStart || address >= PageHeap.Frontier)
                continue;
            byte* cell = FindCell(address);
            if (cell != null)
                MarkObject(cell + 4);
        }
    }

    /// <summary>
    /// Marks an object that is known to be one, unless it lies outside of the heap: frozen, or on a stack.
    /// </summary>
    internal static void MarkObject(byte* o)
    {
        if (o < PageHeap.ObjectsStart || o >= PageHeap.Frontier)
            return;
        if (MarkBits.TryMark(o - 4) && (*(MethodTable**)o)->ContainsReferences)
            MarkStack.Push(o);
    }

    /// <summary>Follows references until nothing new is found.</summary>
    internal static void Drain()
    {
        while (true)
        {
            for (byte* o = MarkStack.Pop(); o != null; o = MarkStack.Pop())
                MarkReferences(o);
            if (!MarkStack.TakeOverflow(out byte* low, out byte* high))
                return;
            MarkAgain(low, high);
        }
    }

    /// <summary>
    /// Marks what an object refers to. In front of a type that holds references lies the compiler's description: a
    /// count, then, for a positive count, pairs (length less the object's size, offset) of runs of references; for a
    /// negative one, the offset of the first element of an array of structs and for each run in an element
    /// (u16 references, u16 bytes to skip).
    /// </summary>
    internal static void MarkReferences(byte* o)
    {
        var type = *(MethodTable**)o;
        int* description = (int*)type;
        int count = description[-1];
        uint size = SizeOf(o, type);
        if (count > 0)
        {
            for (int i = 0; i < count; i++)
            {
                byte* run = o + description[-2 - 2 * i];
                MarkRange((byte**)run, (byte**)(run + description[-3 - 2 * i] + size));
            }
            return;
        }
        byte* at = o + description[-2];
        // The size counts the header word, which lies before the object.
        byte* end = o + size - 4;
        while (at < end)
        {
            for (int i = 0; i > count; i--)
            {
                uint item = (uint)description[-3 + i];
                uint bytes = (item & 0xFFFF) * 4;
                MarkRange((byte**)at, (byte**)(at + bytes));
                at += bytes + (item >> 16);
            }
        }
    }

    /// <summary>Bytes of an object, header word included.</summary>
    internal static uint SizeOf(byte* o, MethodTable* type)
    {
        uint size = type->BaseSize;
        if (type->HasComponentSize)
            size += type->ComponentSize * *(uint*)(o + RawArrayLayout.LengthOffset);
        return size;
    }

    private static void MarkRange(byte** from, byte** end)
    {
        byte* low = PageHeap.ObjectsStart;
        byte* high = PageHeap.Frontier;
        for (; from < end; from++)
        {
            byte* o = *from;
            if (o < low || o >= high)
                continue;
            if (MarkBits.TryMark(o - 4) && (*(MethodTable**)o)->ContainsReferences)
                MarkStack.Push(o);
        }
    }

    /// <summary>The cell in use that an address points into; null if there is none.</summary>
    private static byte* FindCell(byte* address)
    {
        Span* span = PageHeap.SpanOf(address);
        // Inside of a free span the table may still name a span of the past.
        if (span == null || span->State == SpanState.Free || address < span->Start)
            return null;
        uint offset = (uint)(address - span->Start);
        if (offset >= span->PageCount * PageHeap.PageSize)
            return null;
        uint index = span->State == SpanState.Large ? 0 : offset / span->CellSize;
        byte* cell = span->Start + index * span->CellSize;
        // No reference points to the header word; a pointer there is one past the end of the cell before.
        if (index >= span->CellCount || address < cell + 4)
            return null;
        // A free cell has old content unless it has been handed out, and then no type until an object is made in it.
        if (index >= span->Taken && !MarkBits.IsLive(cell))
            return null;
        return *(MethodTable**)(cell + 4) == null ? null : cell;
    }

    /// <summary>
    /// The mark stack was full: some marked objects in this range were not followed. All marked objects there are
    /// followed again.
    /// </summary>
    private static void MarkAgain(byte* low, byte* high)
    {
        byte* at = PageHeap.SpanOf(low)->Start;
        while (at <= high)
        {
            Span* span = PageHeap.SpanOf(at);
            if (span->State != SpanState.Free)
            {
                for (uint i = 0; i < span->CellCount; i++)
                {
                    byte* cell = span->Start + i * span->CellSize;
                    if (!MarkBits.IsMarked(cell) || !(*(MethodTable**)(cell + 4))->ContainsReferences)
                        continue;
                    MarkReferences(cell + 4);
                    // Keep the stack shallow: going on would only overflow it again.
                    for (byte* o = MarkStack.Pop(); o != null; o = MarkStack.Pop())
                        MarkReferences(o);
                }
            }
            at = span->Start + span->PageCount * PageHeap.PageSize;
        }
    }
}

/// <summary>
/// Objects that are marked but not yet followed. Bounded; what does not fit is remembered as an address range that
/// must be gone through again.
/// </summary>
internal static unsafe class MarkStack
{
    /// <summary>Entries. A chain of any length needs one at a time, a wide array as many as it has elements.</summary>
    private const int Capacity = 32 * 1024;

    private static nint* entries;
    private static int count;
    private static byte* overflowLow;
    private static byte* overflowHigh;

    /// <summary>Empties the stack; makes it at the first collection.</summary>
    internal static void Prepare()
    {
        if (entries == null)
            entries = (nint*)PermanentMemory.Allocate(Capacity * 4);
        count = 0;
        overflowLow = overflowHigh = null;
    }

    internal static void Push(byte* o)
    {
        if (count < Capacity)
        {
            entries[count++] = (nint)o;
            return;
        }
        if (overflowLow == null || o < overflowLow)
            overflowLow = o;
        if (o > overflowHigh)
            overflowHigh = o;
    }

    /// <summary>The object pushed last; null when there is none.</summary>
    internal static byte* Pop() => count == 0 ? null : (byte*)entries[--count];

    /// <summary>Where objects were lost, if some were; forgets it.</summary>
    internal static bool TakeOverflow(out byte* low, out byte* high)
    {
        low = overflowLow;
        high = overflowHigh;
        overflowLow = overflowHigh = null;
        return low != null;
    }
}
