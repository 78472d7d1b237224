namespace Internal.Runtime;

/// <summary>
/// Says when the worker switcher must leave the running thread alone. Allocator, collector and exception dispatch
/// work on tables that all threads share; none of them may be left half-way for another thread to find.
/// </summary>
public static unsafe class Preemption
{
    /// <summary>Above zero: the running thread must not be switched away from. Counts nested holders.</summary>
    public static int Disabled;

    /// <summary>
    /// May a timer interrupt that stopped the running thread at <paramref name="instruction"/> switch to another
    /// thread? The short assembler paths of the allocator and of interface calls hold no count (that would double
    /// their length); they are known by their addresses instead.
    /// </summary>
    public static bool MaySwitchAt(nuint instruction) =>
        Disabled == 0
        && (instruction < (nuint)NativeSymbols.AllocatorStart() || instruction >= (nuint)NativeSymbols.AllocatorEnd())
        && (instruction < (nuint)NativeSymbols.DispatchStart() || instruction >= (nuint)NativeSymbols.DispatchEnd());
}
