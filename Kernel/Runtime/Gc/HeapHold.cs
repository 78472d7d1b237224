namespace Internal.Runtime;

/// <summary>
/// Keeps the heap and the runtime's tables as they are, while they are being copied to another machine: an allocation
/// or the first use of a class with a static constructor fails as if memory were out, a collection does not happen,
/// interface calls and casts are looked up and not remembered.
/// </summary>
public static class HeapHold
{
    /// <summary>Does the heap stand still?</summary>
    public static bool IsActive => GcHeap.IsHeld;

    /// <summary>From here on it stands still. Interrupts are off, so no other thread sees it.</summary>
    public static void Begin() => GcHeap.Hold();

    /// <summary>It goes on where it stopped.</summary>
    public static void End() => GcHeap.Release();
}
