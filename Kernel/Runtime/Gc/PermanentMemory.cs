namespace Internal.Runtime;

/// <summary>Memory for the runtime's own tables: taken from the heap's range, zeroed, and never given back.</summary>
internal static unsafe class PermanentMemory
{
    private const uint Fixed = 2 * 1024 * 1024;

    /// <summary>Committed at a time.</summary>
    private const uint Step = 16 * 1024;

    private static byte* next;
    private static byte* committedEnd;
    private static byte* end;

    /// <summary>Address space to set aside: a span for every block there can be, and what the image needs.</summary>
    internal static uint BytesFor(nuint reservedBytes) => Fixed + (uint)(reservedBytes / 256);

    /// <summary>Takes possession of the area.</summary>
    internal static void Initialize(byte* start, byte* areaEnd)
    {
        next = committedEnd = start;
        end = areaEnd;
    }

    /// <summary>Zeroed memory, 8-byte aligned; or null when there is none.</summary>
    internal static byte* TryAllocate(uint bytes)
    {
        bytes = (bytes + 7) & ~7u;
        if (bytes > (nuint)(end - next))
            return null;
        if (next + bytes > committedEnd)
        {
            uint missing = (uint)(next + bytes - committedEnd);
            uint step = (missing + Step - 1) & ~(Step - 1);
            if (step > (nuint)(end - committedEnd))
                step = (uint)(end - committedEnd);
            if (!PageHeap.GrowTable(ref committedEnd, committedEnd + step))
                return null;
        }
        byte* memory = next;
        next += bytes;
        return memory;
    }

    /// <summary>Zeroed memory for something that the kernel cannot run without.</summary>
    internal static byte* Allocate(uint bytes)
    {
        byte* memory = TryAllocate(bytes);
        if (memory == null)
            FatalError.Fail("no memory for the runtime's own tables");
        return memory;
    }
}
