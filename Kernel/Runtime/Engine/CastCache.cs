using System.Runtime;
using System.Threading;

namespace Internal.Runtime;

/// <summary>
/// Remembers the answers of <see cref="TypeCast.ComputeAssignable"/>. A fixed table, direct mapped: a collision only
/// costs the computation again.
/// </summary>
internal static unsafe class CastCache
{
    /// <summary>Entries: a program casts between far fewer pairs that need the slow rules.</summary>
    private const int EntryCount = 512;

    private struct Entry
    {
        internal nuint Source;

        /// <summary>The target's address; bit 0 holds the answer (method tables are at least 4-byte aligned).</summary>
        internal nuint TargetAndAnswer;
    }

    [System.Runtime.CompilerServices.InlineArray(EntryCount)]
    private struct Table
    {
        private Entry first;
    }

    private static Table table;

    internal static bool IsAssignable(MethodTable* source, MethodTable* target)
    {
        if (source == target)
            return true;
        nuint hash = ((nuint)source >> 3) ^ ((nuint)target >> 5);
        Entry* entry = Slot(hash);
        nuint known = Volatile.Read(ref entry->TargetAndAnswer);
        // The two words may be torn by a thread switch; then the source read last does not fit the target read first
        // and back, so the target is read twice.
        if (Volatile.Read(ref entry->Source) == (nuint)source
            && (known & ~(nuint)1) == (nuint)target
            && Volatile.Read(ref entry->TargetAndAnswer) == known)
            return (known & 1) != 0;
        bool answer = TypeCast.ComputeAssignable(source, target);
        if (GcHeap.IsHeld)
            return answer;
        Preemption.Disabled++;
        entry->Source = (nuint)source;
        entry->TargetAndAnswer = (nuint)target | (answer ? 1u : 0u);
        Preemption.Disabled--;
        return answer;
    }

    private static Entry* Slot(nuint hash) =>
        (Entry*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref table) + (hash & (EntryCount - 1));
}
