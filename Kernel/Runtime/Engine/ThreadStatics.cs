using System;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

/// <summary>
/// Thread statics: each thread has a table with one object for each class that declares some, made at the first use.
/// </summary>
internal static unsafe class ThreadStatics
{
    // The compiler wants a field of this name for statics that it would reach without a call; it is told not to
    // (--noinlinetls is not needed: the target has no thread-local section, so it does not ask).
    [ThreadStatic]
    private static object? t_inlinedThreadStaticBase;

    /// <summary>The calling thread's object for one class. The compiler calls it by name.</summary>
    internal static object GetThreadStaticBaseForType(TypeManagerSlot* slot, int typeTlsIndex)
    {
        RuntimeThread* thread = RuntimeThread.Current;
        object?[]? table = Unsafe.As<nint, object?[]?>(ref *(nint*)&thread->Statics);
        if (table == null || typeTlsIndex >= table.Length)
            table = Grow(thread, table);
        return table[typeTlsIndex] ??= ObjectAllocator.New(ModuleTables.ThreadStaticType(typeTlsIndex));
    }

    private static object GetInlinedThreadStaticBase() => t_inlinedThreadStaticBase!;

    private static object GetInlinedThreadStaticBaseSlow(ref object? threadStorage) =>
        throw new NotSupportedException("Inlined thread statics.");

    private static object?[] Grow(RuntimeThread* thread, object?[]? old)
    {
        var table = new object?[ModuleTables.ThreadStaticTypeCount];
        if (old != null)
            Array.Copy(old, table, old.Length);
        thread->Statics = *(void**)&table;
        return table;
    }
}
