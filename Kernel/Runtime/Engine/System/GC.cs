using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>What programs may ask of the collector.</summary>
public static class GC
{
    /// <summary>Objects do not age here: there is one generation.</summary>
    public static int MaxGeneration => 0;

    /// <summary>Collects now, and gives all free memory back to the machine.</summary>
    public static void Collect() => Collector.Collect(trim: true);

    /// <summary>Collects now.</summary>
    public static void Collect(int generation) => Collect();

    /// <summary>Collections since the start.</summary>
    public static int CollectionCount(int generation) => (int)Collector.Collections;

    /// <summary>Bytes of live objects, as of the last collection, with what has been handed out since.</summary>
    public static long GetTotalMemory(bool forceFullCollection)
    {
        if (forceFullCollection)
            Collect();
        return (long)(Collector.LiveBytes + GcHeap.AllocatedSinceCollection);
    }

    /// <summary>Bytes handed out since the start.</summary>
    public static long GetTotalAllocatedBytes(bool precise = false) => (long)GcHeap.AllocatedBytes;

    /// <summary>Bytes handed out since the start, to all threads alike.</summary>
    public static long GetAllocatedBytesForCurrentThread() => (long)GcHeap.AllocatedBytes;

    /// <summary>Keeps the object alive up to the call: a call that is not inlined needs its argument.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void KeepAlive(object? obj)
    {
    }

    /// <summary>The finalizer need not run.</summary>
    public static void SuppressFinalize(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        ObjectHeader.SetFinalizerSuppressed(obj, true);
    }

    /// <summary>The finalizer is to run (again).</summary>
    public static unsafe void ReRegisterForFinalize(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        if (!obj.TypePointer->Finalizable)
            return;
        ObjectHeader.SetFinalizerSuppressed(obj, false);
        Finalization.Register(obj);
    }

    /// <summary>Runs the pending finalizers, here and now: no thread of its own does it.</summary>
    public static void WaitForPendingFinalizers() => Finalization.RunPending(int.MaxValue);

    /// <summary>A zeroed array. All arrays are pinned here: nothing ever moves.</summary>
    public static T[] AllocateArray<T>(int length, bool pinned = false) => new T[length];

    /// <summary>An array. Zeroed all the same, lest old secrets show.</summary>
    public static T[] AllocateUninitializedArray<T>(int length, bool pinned = false) => new T[length];

    /// <summary>The generation of every object.</summary>
    public static int GetGeneration(object obj) => 0;

    /// <summary>Memory outside of the heap does not count here.</summary>
    public static void AddMemoryPressure(long bytesAllocated)
    {
    }

    /// <summary>Memory outside of the heap does not count here.</summary>
    public static void RemoveMemoryPressure(long bytesAllocated)
    {
    }
}
