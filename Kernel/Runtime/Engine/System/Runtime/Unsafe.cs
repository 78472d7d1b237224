using System.Diagnostics.CodeAnalysis;

namespace System.Runtime.CompilerServices;

/// <summary>
/// Pointer arithmetic without questions. The compiler replaces every body that is not written out here by the
/// instruction it stands for; such a body therefore only calls itself.
/// </summary>
public static unsafe class Unsafe
{
    /// <summary>The object, believed to be a <typeparamref name="T"/>.</summary>
    [Intrinsic]
    [return: NotNullIfNotNull(nameof(o))]
    public static T? As<T>(object? o) where T : class? => As<T>(o);

    /// <summary>The same place, believed to hold another type.</summary>
    [Intrinsic]
    public static ref TTo As<TFrom, TTo>(ref TFrom source)
        where TFrom : allows ref struct where TTo : allows ref struct =>
        ref As<TFrom, TTo>(ref source);

    /// <summary>The bits of a value, believed to be another type.</summary>
    [Intrinsic]
    public static TTo BitCast<TFrom, TTo>(TFrom source) where TFrom : allows ref struct where TTo : allows ref struct
    {
        if (sizeof(TFrom) != sizeof(TTo))
            throw new NotSupportedException();
        return ReadUnaligned<TTo>(ref As<TFrom, byte>(ref source));
    }

    /// <summary>The element so many places further.</summary>
    [Intrinsic]
    public static ref T Add<T>(ref T source, int elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, (nint)elementOffset * sizeof(T));

    /// <summary>The element so many places further.</summary>
    [Intrinsic]
    public static ref T Add<T>(ref T source, nint elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, elementOffset * sizeof(T));

    /// <summary>The element so many places further.</summary>
    [Intrinsic]
    public static ref T Add<T>(ref T source, nuint elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, elementOffset * (nuint)sizeof(T));

    /// <summary>The element so many places further.</summary>
    [Intrinsic]
    public static void* Add<T>(void* source, int elementOffset) where T : allows ref struct =>
        (byte*)source + elementOffset * (nint)sizeof(T);

    /// <summary>The element so many places before.</summary>
    [Intrinsic]
    public static ref T Subtract<T>(ref T source, int elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, -((nint)elementOffset * sizeof(T)));

    /// <summary>The element so many places before.</summary>
    [Intrinsic]
    public static ref T Subtract<T>(ref T source, nint elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, -(elementOffset * sizeof(T)));

    /// <summary>The element so many places before.</summary>
    [Intrinsic]
    public static ref T Subtract<T>(ref T source, nuint elementOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, -(nint)(elementOffset * (nuint)sizeof(T)));

    /// <summary>The place so many bytes further.</summary>
    [Intrinsic]
    public static ref T AddByteOffset<T>(ref T source, nint byteOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, byteOffset);

    /// <summary>The place so many bytes further.</summary>
    [Intrinsic]
    public static ref T AddByteOffset<T>(ref T source, nuint byteOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, (nint)byteOffset);

    /// <summary>The place so many bytes before.</summary>
    [Intrinsic]
    public static ref T SubtractByteOffset<T>(ref T source, nint byteOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, -byteOffset);

    /// <summary>The place so many bytes before.</summary>
    [Intrinsic]
    public static ref T SubtractByteOffset<T>(ref T source, nuint byteOffset) where T : allows ref struct =>
        ref AddByteOffset(ref source, -(nint)byteOffset);

    /// <summary>Bytes from one place to another.</summary>
    [Intrinsic]
    public static nint ByteOffset<T>(ref readonly T origin, ref readonly T target) where T : allows ref struct =>
        ByteOffset(in origin, in target);

    /// <summary>The same place?</summary>
    [Intrinsic]
    public static bool AreSame<T>(ref readonly T left, ref readonly T right) where T : allows ref struct =>
        AreSame(in left, in right);

    /// <summary>Does the left place come after the right one?</summary>
    [Intrinsic]
    public static bool IsAddressGreaterThan<T>(ref readonly T left, ref readonly T right) where T : allows ref struct =>
        IsAddressGreaterThan(in left, in right);

    /// <summary>Does the left place come before the right one?</summary>
    [Intrinsic]
    public static bool IsAddressLessThan<T>(ref readonly T left, ref readonly T right) where T : allows ref struct =>
        IsAddressLessThan(in left, in right);

    /// <summary>A reference to nowhere.</summary>
    [Intrinsic]
    public static ref T NullRef<T>() where T : allows ref struct => ref AsRef<T>(null);

    /// <summary>Does the reference lead nowhere?</summary>
    [Intrinsic]
    public static bool IsNullRef<T>(ref readonly T source) where T : allows ref struct =>
        AsPointer(ref AsRef(in source)) == null;

    /// <summary>Bytes of a value.</summary>
    [Intrinsic]
    public static int SizeOf<T>() where T : allows ref struct => sizeof(T);

    /// <summary>The reference as a pointer.</summary>
    [Intrinsic]
    public static void* AsPointer<T>(ref readonly T value) where T : allows ref struct => AsPointer(in value);

    /// <summary>The pointer as a reference.</summary>
    [Intrinsic]
    public static ref T AsRef<T>(void* source) where T : allows ref struct => ref AsRef<T>(source);

    /// <summary>The read-only reference as a writable one.</summary>
    [Intrinsic]
    public static ref T AsRef<T>(scoped ref readonly T source) where T : allows ref struct => ref AsRef(in source);

    /// <summary>Leaves a local without its first assignment.</summary>
    [Intrinsic]
    public static void SkipInit<T>(out T value) where T : allows ref struct => SkipInit(out value);

    /// <summary>Reads a value.</summary>
    [Intrinsic]
    public static T Read<T>(void* source) where T : allows ref struct => *(T*)source;

    /// <summary>Reads a value from any address. This processor does not mind.</summary>
    [Intrinsic]
    public static T ReadUnaligned<T>(void* source) where T : allows ref struct => *(T*)source;

    /// <summary>Reads a value from any place.</summary>
    [Intrinsic]
    public static T ReadUnaligned<T>(scoped ref readonly byte source) where T : allows ref struct =>
        As<byte, T>(ref AsRef(in source));

    /// <summary>Writes a value.</summary>
    [Intrinsic]
    public static void Write<T>(void* destination, T value) where T : allows ref struct => *(T*)destination = value;

    /// <summary>Writes a value to any address.</summary>
    [Intrinsic]
    public static void WriteUnaligned<T>(void* destination, T value) where T : allows ref struct =>
        *(T*)destination = value;

    /// <summary>Writes a value to any place.</summary>
    [Intrinsic]
    public static void WriteUnaligned<T>(ref byte destination, T value) where T : allows ref struct =>
        As<byte, T>(ref destination) = value;

    /// <summary>Copies a value.</summary>
    [Intrinsic]
    public static void Copy<T>(void* destination, ref readonly T source) where T : allows ref struct =>
        *(T*)destination = source;

    /// <summary>Copies a value.</summary>
    [Intrinsic]
    public static void Copy<T>(ref T destination, void* source) where T : allows ref struct =>
        destination = *(T*)source;

    /// <summary>Copies bytes.</summary>
    public static void CopyBlock(ref byte destination, ref readonly byte source, uint byteCount) =>
        SpanHelpers.Memmove(ref destination, ref AsRef(in source), byteCount);

    /// <summary>Copies bytes.</summary>
    public static void CopyBlock(void* destination, void* source, uint byteCount) =>
        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, byteCount);

    /// <summary>Copies bytes.</summary>
    public static void CopyBlockUnaligned(ref byte destination, ref readonly byte source, uint byteCount) =>
        SpanHelpers.Memmove(ref destination, ref AsRef(in source), byteCount);

    /// <summary>Copies bytes.</summary>
    public static void CopyBlockUnaligned(void* destination, void* source, uint byteCount) =>
        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, byteCount);

    /// <summary>Fills bytes.</summary>
    public static void InitBlock(ref byte startAddress, byte value, uint byteCount) =>
        SpanHelpers.Fill(ref startAddress, value, byteCount);

    /// <summary>Fills bytes.</summary>
    public static void InitBlock(void* startAddress, byte value, uint byteCount) =>
        SpanHelpers.Fill(ref *(byte*)startAddress, value, byteCount);

    /// <summary>Fills bytes.</summary>
    public static void InitBlockUnaligned(ref byte startAddress, byte value, uint byteCount) =>
        SpanHelpers.Fill(ref startAddress, value, byteCount);

    /// <summary>Fills bytes.</summary>
    public static void InitBlockUnaligned(void* startAddress, byte value, uint byteCount) =>
        SpanHelpers.Fill(ref *(byte*)startAddress, value, byteCount);

    /// <summary>The place of the value inside a box.</summary>
    [Intrinsic]
    public static ref T Unbox<T>(object box) where T : struct => ref As<byte, T>(ref box.RawData);
}
