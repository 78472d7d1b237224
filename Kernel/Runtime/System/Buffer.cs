using System.Runtime.CompilerServices;

namespace System;

/// <summary>Copies of raw memory.</summary>
public static partial class Buffer
{
    /// <summary>Copies bytes between arrays of primitives, whatever their element types are.</summary>
    public static void BlockCopy(Array src, int srcOffset, Array dst, int dstOffset, int count)
    {
        ArgumentNullException.ThrowIfNull(src);
        ArgumentNullException.ThrowIfNull(dst);
        int sourceBytes = ByteLength(src);
        int destinationBytes = ByteLength(dst);
        ArgumentOutOfRangeException.ThrowIfNegative(srcOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(dstOffset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (srcOffset > sourceBytes - count || dstOffset > destinationBytes - count)
        {
            throw new ArgumentException("Offset and count are out of bounds of the arrays.");
        }

        SpanHelpers.Memmove(
            ref Unsafe.AddByteOffset(ref dst.FirstElement, (nuint)(uint)dstOffset),
            ref Unsafe.AddByteOffset(ref src.FirstElement, (nuint)(uint)srcOffset),
            (nuint)(uint)count);
    }

    public static int ByteLength(Array array)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (!array.GetType().GetElementType()!.IsPrimitive)
        {
            throw new ArgumentException("The array must hold primitives.", nameof(array));
        }

        return checked((int)(array.NativeLength * array.ElementSize));
    }

    public static unsafe void MemoryCopy(void* source, void* destination, long destinationSizeInBytes,
        long sourceBytesToCopy)
    {
        if (sourceBytesToCopy > destinationSizeInBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(sourceBytesToCopy));
        }

        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, checked((nuint)sourceBytesToCopy));
    }

    /// <summary>Moves elements; the collector needs no word about references that are overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MoveElements<T>(ref T destination, ref T source, int count) =>
        SpanHelpers.Memmove(
            ref Unsafe.As<T, byte>(ref destination),
            ref Unsafe.As<T, byte>(ref source),
            (nuint)(uint)count * (nuint)Unsafe.SizeOf<T>());
}
