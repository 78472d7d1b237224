using System.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>
/// Blocks of bytes. The code generator calls the three methods by name. Implemented in Native/Memory.asm.
/// </summary>
internal static partial class SpanHelpers
{
    /// <summary>Copies; the ranges may overlap.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiMemoryMove")]
    internal static extern void Memmove(ref byte dest, ref byte src, nuint len);

    /// <summary>Sets to zero.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiMemoryClear")]
    internal static extern void ClearWithoutReferences(ref byte dest, nuint len);

    /// <summary>Sets all bytes.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiMemoryFill")]
    internal static extern void Fill(ref byte dest, byte value, nuint len);
}

/// <summary>Copies between arrays.</summary>
public static partial class Buffer
{
    /// <summary>Copies memory that holds references. This collector needs no barrier.</summary>
    internal static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint byteCount) =>
        SpanHelpers.Memmove(ref destination, ref source, byteCount);

    /// <summary>Copies elements.</summary>
    internal static void Memmove<T>(ref T destination, ref T source, nuint elementCount) =>
        SpanHelpers.Memmove(
            ref Unsafe.As<T, byte>(ref destination),
            ref Unsafe.As<T, byte>(ref source),
            elementCount * (nuint)Unsafe.SizeOf<T>());
}
