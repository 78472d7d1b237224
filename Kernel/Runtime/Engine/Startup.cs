namespace Internal.Runtime;

/// <summary>Brings the runtime to life: after this, ordinary C# works.</summary>
public static unsafe class Startup
{
    /// <summary>
    /// Prepares the heap, the static bases and the frozen objects, then runs the static constructors that must run
    /// early. The boot thread must be registered (<see cref="RuntimeThread.Register"/>) before.
    /// </summary>
    /// <param name="heapStart">First address of the heap's range, page aligned.</param>
    /// <param name="heapReservedBytes">Length of the range, a multiple of the page size.</param>
    /// <param name="commit">Backs (address, bytes) with memory; false when there is none left. The pages may hold anything.</param>
    /// <param name="decommit">Takes the memory of (address, bytes) back.</param>
    public static void Initialize(
        nuint heapStart,
        nuint heapReservedBytes,
        delegate*<nuint, nuint, bool> commit,
        delegate*<nuint, nuint, void> decommit)
    {
    }
}
