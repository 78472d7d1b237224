using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>
/// Reads that write in one step. There is one processor: one instruction, or a few with thread switches held off,
/// are enough.
/// </summary>
public static class Interlocked
{
    /// <summary>Adds 1; the new value.</summary>
    public static int Increment(ref int location) => ExchangeAdd(ref location, 1) + 1;

    /// <summary>Adds 1; the new value.</summary>
    public static long Increment(ref long location) => Add(ref location, 1);

    /// <summary>Adds 1; the new value.</summary>
    public static uint Increment(ref uint location) => (uint)Increment(ref Unsafe.As<uint, int>(ref location));

    /// <summary>Adds 1; the new value.</summary>
    public static ulong Increment(ref ulong location) => (ulong)Add(ref Unsafe.As<ulong, long>(ref location), 1);

    /// <summary>Takes 1 away; the new value.</summary>
    public static int Decrement(ref int location) => ExchangeAdd(ref location, -1) - 1;

    /// <summary>Takes 1 away; the new value.</summary>
    public static long Decrement(ref long location) => Add(ref location, -1);

    /// <summary>Takes 1 away; the new value.</summary>
    public static uint Decrement(ref uint location) => (uint)Decrement(ref Unsafe.As<uint, int>(ref location));

    /// <summary>Takes 1 away; the new value.</summary>
    public static ulong Decrement(ref ulong location) => (ulong)Add(ref Unsafe.As<ulong, long>(ref location), -1);

    /// <summary>Adds; the new value.</summary>
    public static int Add(ref int location1, int value) => ExchangeAdd(ref location1, value) + value;

    /// <summary>Adds; the new value.</summary>
    public static uint Add(ref uint location1, uint value) =>
        (uint)Add(ref Unsafe.As<uint, int>(ref location1), (int)value);

    /// <summary>Adds; the new value.</summary>
    public static long Add(ref long location1, long value)
    {
        Internal.Runtime.Preemption.Disabled++;
        long sum = location1 + value;
        location1 = sum;
        Internal.Runtime.Preemption.Disabled--;
        return sum;
    }

    /// <summary>Adds; the new value.</summary>
    public static ulong Add(ref ulong location1, ulong value) =>
        (ulong)Add(ref Unsafe.As<ulong, long>(ref location1), (long)value);

    /// <summary>Sets bits; the old value.</summary>
    public static int Or(ref int location1, int value)
    {
        int old;
        do
            old = location1;
        while (CompareExchange(ref location1, old | value, old) != old);
        return old;
    }

    /// <summary>Sets bits; the old value.</summary>
    public static uint Or(ref uint location1, uint value) =>
        (uint)Or(ref Unsafe.As<uint, int>(ref location1), (int)value);

    /// <summary>Keeps bits; the old value.</summary>
    public static int And(ref int location1, int value)
    {
        int old;
        do
            old = location1;
        while (CompareExchange(ref location1, old & value, old) != old);
        return old;
    }

    /// <summary>Keeps bits; the old value.</summary>
    public static uint And(ref uint location1, uint value) =>
        (uint)And(ref Unsafe.As<uint, int>(ref location1), (int)value);

    /// <summary>Writes; the old value.</summary>
    [Intrinsic]
    public static int Exchange(ref int location1, int value) => Exchange(ref location1, value);

    /// <summary>Writes; the old value.</summary>
    public static uint Exchange(ref uint location1, uint value) =>
        (uint)Exchange(ref Unsafe.As<uint, int>(ref location1), (int)value);

    /// <summary>Writes; the old value.</summary>
    public static nint Exchange(ref nint location1, nint value) =>
        Exchange(ref Unsafe.As<nint, int>(ref location1), (int)value);

    /// <summary>Writes; the old value.</summary>
    public static nuint Exchange(ref nuint location1, nuint value) =>
        (nuint)(uint)Exchange(ref Unsafe.As<nuint, int>(ref location1), (int)value);

    /// <summary>Writes; the old value.</summary>
    public static long Exchange(ref long location1, long value)
    {
        Internal.Runtime.Preemption.Disabled++;
        long old = location1;
        location1 = value;
        Internal.Runtime.Preemption.Disabled--;
        return old;
    }

    /// <summary>Writes; the old value.</summary>
    public static ulong Exchange(ref ulong location1, ulong value) =>
        (ulong)Exchange(ref Unsafe.As<ulong, long>(ref location1), (long)value);

    /// <summary>Writes; the old value.</summary>
    [return: NotNullIfNotNull(nameof(location1))]
    public static T Exchange<T>([NotNullIfNotNull(nameof(value))] ref T location1, T value)
    {
        Internal.Runtime.Preemption.Disabled++;
        T old = location1;
        location1 = value;
        Internal.Runtime.Preemption.Disabled--;
        return old;
    }

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    [Intrinsic]
    public static int CompareExchange(ref int location1, int value, int comparand) =>
        CompareExchange(ref location1, value, comparand);

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    public static uint CompareExchange(ref uint location1, uint value, uint comparand) =>
        (uint)CompareExchange(ref Unsafe.As<uint, int>(ref location1), (int)value, (int)comparand);

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    public static nint CompareExchange(ref nint location1, nint value, nint comparand) =>
        CompareExchange(ref Unsafe.As<nint, int>(ref location1), (int)value, (int)comparand);

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    public static long CompareExchange(ref long location1, long value, long comparand)
    {
        Internal.Runtime.Preemption.Disabled++;
        long old = location1;
        if (old == comparand)
            location1 = value;
        Internal.Runtime.Preemption.Disabled--;
        return old;
    }

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    public static ulong CompareExchange(ref ulong location1, ulong value, ulong comparand) =>
        (ulong)CompareExchange(ref Unsafe.As<ulong, long>(ref location1), (long)value, (long)comparand);

    /// <summary>Writes if the old value is the expected one; the old value.</summary>
    [return: NotNullIfNotNull(nameof(location1))]
    public static T CompareExchange<T>(ref T location1, T value, T comparand) where T : class?
    {
        Internal.Runtime.Preemption.Disabled++;
        T old = location1;
        if (ReferenceEquals(old, comparand))
            location1 = value;
        Internal.Runtime.Preemption.Disabled--;
        return old;
    }

    /// <summary>Reads 64 bits in one step.</summary>
    public static long Read(ref readonly long location) => CompareExchange(ref Unsafe.AsRef(in location), 0, 0);

    /// <summary>Reads 64 bits in one step.</summary>
    public static ulong Read(ref readonly ulong location) => CompareExchange(ref Unsafe.AsRef(in location), 0, 0);

    /// <summary>Orders what comes before and after. One processor sees its own writes in order.</summary>
    [Intrinsic]
    public static void MemoryBarrier()
    {
    }

    [Intrinsic]
    private static int ExchangeAdd(ref int location1, int value) => ExchangeAdd(ref location1, value);
}
