using HaukiOS.Migration;
using Internal.Runtime;

namespace HaukiOS.Image;

/// <summary>The free pages of the collector's heap, for a move.</summary>
internal sealed class FreeHeapPages : IFreeMemory
{
    /// <inheritdoc/>
    public bool TryNext(ref uint at, out uint start, out uint bytes) => FreePages.TryNext(ref at, out start, out bytes);
}
