using System;
using System.Runtime;
using System.Threading;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Where the compiler's code finds the module that it belongs to.</summary>
public unsafe struct TypeManagerSlot
{
    /// <summary>The module: here, its ready-to-run header.</summary>
    public nint TypeManager;

    /// <summary>Number of the module.</summary>
    public int ModuleIndex;
}

/// <summary>Handles for <c>ldtoken</c>. The compiler calls these by name.</summary>
internal static unsafe class LdTokenHelpers
{
    private static RuntimeTypeHandle GetRuntimeTypeHandle(nint type) => new((MethodTable*)type);

    private static RuntimeMethodHandle GetRuntimeMethodHandle(nint description) => new(description);

    private static RuntimeFieldHandle GetRuntimeFieldHandle(nint description) => new(description);

    private static Type GetRuntimeType(nint type) => RuntimeType.Of((MethodTable*)type);
}

/// <summary>Locks around synchronized methods. The compiler calls these by name.</summary>
internal static unsafe class SynchronizedMethodHelpers
{
    private static void MonitorEnter(object o, ref bool lockTaken)
    {
        Monitor.Enter(o);
        lockTaken = true;
    }

    private static void MonitorExit(object o, ref bool lockTaken)
    {
        if (!lockTaken)
            return;
        Monitor.Exit(o);
        lockTaken = false;
    }

    private static object GetSyncFromClassHandle(MethodTable* type) => RuntimeType.Of(type);

    private static MethodTable* GetClassFromMethodParam(nint genericMethodDictionary) =>
        throw new NotSupportedException("A synchronized static method of a generic type.");
}

/// <summary>What code shared between generic instances asks. The compiler calls these by name.</summary>
internal static unsafe class SharedCodeHelpers
{
    private static MethodTable* GetOrdinalInterface(MethodTable* type, ushort interfaceIndex) =>
        type->Interfaces[interfaceIndex];

    private static MethodTable* GetCurrentSharedThunkContext() =>
        throw new NotSupportedException("A default interface method in shared code.");
}

/// <summary>Arrays with more than one dimension. The compiler calls these by name.</summary>
internal static unsafe class ArrayHelpers
{
    private static Array NewObjArray(MethodTable* type, int rank, int* lengths)
    {
        ulong count = 1;
        for (int i = 0; i < rank; i++)
        {
            if (lengths[i] < 0)
                ThrowHelpers.ThrowOverflowException();
            count *= (uint)lengths[i];
            // A later zero would hide that the product no longer fits.
            if (count > int.MaxValue)
                throw OutOfMemory.Instance;
        }
        Array array = ObjectAllocator.NewArray(type, (int)count);
        ref byte bounds = ref array.RawArrayData;
        for (int i = 0; i < rank; i++)
            System.Runtime.CompilerServices.Unsafe.As<byte, int>(
                ref System.Runtime.CompilerServices.Unsafe.Add(ref bounds, 4 * i)) = lengths[i];
        return array;
    }

    // Lengths with lower bounds, or a one-dimensional array that does not begin at 0: no C# program makes one.
    private static Array NewObjArrayRare(MethodTable* type, int rank, int* lengths) =>
        throw new NotSupportedException("Arrays with lower bounds.");
}

/// <summary>
/// Calls into and out of foreign code. There is none: all of the image is managed or plain assembler.
/// </summary>
internal static unsafe class TransitionHelpers
{
    [RuntimeExport("RhpReversePInvoke")]
    private static void ReversePInvoke(nint frame)
    {
    }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void ReversePInvokeReturn(nint frame)
    {
    }

    [RuntimeExport("RhpPInvoke")]
    private static void PInvoke(nint frame)
    {
    }

    [RuntimeExport("RhpPInvokeReturn")]
    private static void PInvokeReturn(nint frame)
    {
    }

    [RuntimeExport("RhpGcPoll")]
    private static void GcPoll()
    {
    }

    [RuntimeExport("RhDebugBreak")]
    private static void DebugBreak()
    {
    }

    [RuntimeExport("RhpFallbackFailFast")]
    private static void FailFast() => FatalError.Fail("a stack frame was overwritten");
}
