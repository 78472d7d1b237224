namespace Internal.Runtime;

/// <summary>
/// Tells which pages of the heap hold nothing: what stands in them will never be read, for memory is zeroed when it is
/// handed out. For a move, which then need not send them.
/// </summary>
public static unsafe class FreePages
{
    /// <summary>
    /// Finds the next span of free pages; some of them may have no memory behind them. Allocates nothing. What was
    /// found holds until the next allocation.
    /// </summary>
    /// <param name="at">Where to go on; 0 at first. Moves behind the span.</param>
    /// <param name="start">The first page.</param>
    /// <param name="bytes">Length of the span.</param>
    /// <returns>False when there is no other.</returns>
    public static bool TryNext(ref uint at, out uint start, out uint bytes)
    {
        byte* next = at == 0 ? PageHeap.ObjectsStart : (byte*)at;
        while (next < PageHeap.Frontier)
        {
            Span* span = PageHeap.SpanOf(next);
            next = span->Start + span->PageCount * PageHeap.PageSize;
            if (span->State == SpanState.Free)
            {
                at = (uint)next;
                start = (uint)span->Start;
                bytes = span->PageCount * PageHeap.PageSize;
                return true;
            }
        }
        at = (uint)next;
        start = 0;
        bytes = 0;
        return false;
    }
}
