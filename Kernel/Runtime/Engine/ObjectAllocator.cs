using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

/// <summary>Makes objects: sizes, overflow, and the entry into the assembler's quick path.</summary>
internal static unsafe class ObjectAllocator
{
    /// <summary>The largest object there can be; bigger ones could not be addressed by signed offsets.</summary>
    private const uint LargestObject = 0x7FFF_0000;

    /// <summary>A new object of fixed size, all zero but for its type.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "RhpNewFast")]
    internal static extern object New(MethodTable* type);

    /// <summary>A new array of one dimension; also a string. Not for arrays with bounds.</summary>
    internal static Array NewArray(MethodTable* type, int length)
    {
        if (length < 0)
            ThrowHelpers.ThrowOverflowException();
        ulong size = (ulong)type->BaseSize + (ulong)type->ComponentSize * (uint)length;
        byte* o = size > LargestObject ? null : GcHeap.AllocateObject(type, (uint)size, length);
        if (o == null)
            throw OutOfMemory.Instance;
        return *(Array*)&o;
    }

    /// <summary>The assembler's quick path found no free cell.</summary>
    [RuntimeExport("HaukiNewSlow")]
    private static object NewSlow(MethodTable* type)
    {
        byte* o = GcHeap.AllocateObject(type, type->BaseSize, 0);
        if (o == null)
            throw OutOfMemory.Instance;
        return *(object*)&o;
    }

    /// <summary>The assembler's quick path found no free cell, or does not care for the size.</summary>
    [RuntimeExport("HaukiNewArraySlow")]
    private static Array NewArraySlow(MethodTable* type, int length) => NewArray(type, length);
}
