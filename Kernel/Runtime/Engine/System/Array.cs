using System.Collections;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Internal.Runtime;

namespace System;

/// <summary>Base of all arrays: what does not depend on the element type.</summary>
public abstract unsafe partial class Array : ICloneable, IList
{
    // Written by the allocator; the compiler reads it in place of Length.
    private int length;

    /// <summary>The most elements an array may have; far more than this machine's memory.</summary>
    public static int MaxLength => 0x7FFF_FFC7;

    /// <summary>Number of elements.</summary>
    public int Length
    {
        [Intrinsic]
        get => length;
    }

    /// <summary>Number of elements.</summary>
    public long LongLength => length;

    /// <summary>Number of elements, as the code generator's helpers take it.</summary>
    internal nuint NativeLength => (nuint)(uint)length;

    /// <summary>Number of dimensions.</summary>
    public int Rank => TypePointer->Rank;

    /// <summary>False: elements can be assigned.</summary>
    public bool IsReadOnly => false;

    /// <summary>True: an array never grows.</summary>
    public bool IsFixedSize => true;

    /// <summary>False: nobody locks an array for you.</summary>
    public bool IsSynchronized => false;

    /// <summary>The object to lock.</summary>
    public object SyncRoot => this;

    int ICollection.Count => length;

    /// <summary>The first element, whatever the number of dimensions.</summary>
    internal ref byte FirstElement
    {
        get
        {
            ref byte afterLength = ref RawArrayData;
            return ref Unsafe.Add(ref afterLength, (int)(TypePointer->BaseSize - RawArrayLayout.SzBaseSize));
        }
    }

    /// <summary>The byte after the length: the first element, if there is one dimension.</summary>
    internal ref byte RawArrayData => ref Unsafe.As<RawArrayData>(this).Data;

    internal uint ElementSize => TypePointer->ComponentSize;

    private MethodTable* ElementType => TypePointer->Related;

    private ref int Bounds => ref Unsafe.As<byte, int>(ref RawArrayData);

    object? IList.this[int index]
    {
        get => GetValue(index);
        set => SetValue(value, index);
    }

    /// <summary>Length of one dimension.</summary>
    public int GetLength(int dimension)
    {
        CheckDimension(dimension);
        return TypePointer->IsSzArray ? length : Unsafe.Add(ref Bounds, dimension);
    }

    /// <summary>Lowest index of one dimension.</summary>
    public int GetLowerBound(int dimension)
    {
        CheckDimension(dimension);
        return TypePointer->IsSzArray ? 0 : Unsafe.Add(ref Bounds, Rank + dimension);
    }

    /// <summary>Highest index of one dimension.</summary>
    public int GetUpperBound(int dimension) => GetLowerBound(dimension) + GetLength(dimension) - 1;

    /// <summary>Length of one dimension.</summary>
    public long GetLongLength(int dimension) => GetLength(dimension);

    /// <summary>One element, boxed.</summary>
    public object? GetValue(int index)
    {
        if (Rank != 1)
            throw new ArgumentException("The array has more than one dimension.");
        if ((uint)index >= (uint)length)
            throw new IndexOutOfRangeException();
        return ReadElement(index);
    }

    /// <summary>One element of two dimensions, boxed.</summary>
    public object? GetValue(int index1, int index2) => ReadElement(FlatIndex([index1, index2]));

    /// <summary>One element of three dimensions, boxed.</summary>
    public object? GetValue(int index1, int index2, int index3) => ReadElement(FlatIndex([index1, index2, index3]));

    /// <summary>One element, boxed.</summary>
    public object? GetValue(params int[] indices) => ReadElement(FlatIndex(indices));

    /// <summary>Sets one element from a box.</summary>
    public void SetValue(object? value, int index)
    {
        if (Rank != 1)
            throw new ArgumentException("The array has more than one dimension.");
        if ((uint)index >= (uint)length)
            throw new IndexOutOfRangeException();
        WriteElement(index, value);
    }

    /// <summary>Sets one element of two dimensions from a box.</summary>
    public void SetValue(object? value, int index1, int index2) => WriteElement(FlatIndex([index1, index2]), value);

    /// <summary>Sets one element of three dimensions from a box.</summary>
    public void SetValue(object? value, int index1, int index2, int index3) =>
        WriteElement(FlatIndex([index1, index2, index3]), value);

    /// <summary>Sets one element from a box.</summary>
    public void SetValue(object? value, params int[] indices) => WriteElement(FlatIndex(indices), value);

    /// <summary>A new array with the same elements.</summary>
    public object Clone() => MemberwiseClone();

    /// <summary>Copies all elements.</summary>
    public void CopyTo(Array array, int index)
    {
        if (Rank != 1)
            throw new ArgumentException("Only single dimension arrays are supported here.");
        Copy(this, 0, array, index, length);
    }

    /// <summary>Copies all elements.</summary>
    public void CopyTo(Array array, long index) => CopyTo(array, checked((int)index));

    /// <summary>Sets every element to its default by calling nothing: the types here need no construction.</summary>
    public void Initialize()
    {
    }

    /// <summary>Goes over all elements, boxed.</summary>
    public IEnumerator GetEnumerator() => new ElementEnumerator(this);

    int IList.Add(object? value) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList.Insert(int index, object? value) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList.Remove(object? value) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList.RemoveAt(int index) => throw new NotSupportedException("Collection was of a fixed size.");

    void IList.Clear() => Clear(this);

    bool IList.Contains(object? value) => IndexOf(this, value) >= 0;

    int IList.IndexOf(object? value) => IndexOf(this, value);

    /// <summary>Clears all elements.</summary>
    public static void Clear(Array array)
    {
        if (array == null)
            throw new ArgumentNullException(nameof(array));
        SpanHelpers.ClearWithoutReferences(ref array.FirstElement, array.NativeLength * array.ElementSize);
    }

    /// <summary>Clears some elements.</summary>
    public static void Clear(Array array, int index, int length)
    {
        if (array == null)
            throw new ArgumentNullException(nameof(array));
        int offset = index - array.FirstIndex;
        if (offset < 0 || length < 0 || (uint)(offset + length) > (uint)array.length)
            throw new IndexOutOfRangeException();
        uint size = array.ElementSize;
        ref byte first = ref Unsafe.AddByteOffset(ref array.FirstElement, (nuint)(uint)offset * size);
        SpanHelpers.ClearWithoutReferences(ref first, (nuint)(uint)length * size);
    }

    /// <summary>Copies elements from the beginnings.</summary>
    public static void Copy(Array sourceArray, Array destinationArray, int length)
    {
        if (sourceArray == null)
            throw new ArgumentNullException(nameof(sourceArray));
        if (destinationArray == null)
            throw new ArgumentNullException(nameof(destinationArray));
        Copy(sourceArray, sourceArray.FirstIndex, destinationArray, destinationArray.FirstIndex, length);
    }

    /// <summary>Copies elements from the beginnings.</summary>
    public static void Copy(Array sourceArray, Array destinationArray, long length) =>
        Copy(sourceArray, destinationArray, checked((int)length));

    /// <summary>Copies elements.</summary>
    public static void Copy(
        Array sourceArray, long sourceIndex, Array destinationArray, long destinationIndex, long length) =>
        Copy(
            sourceArray,
            checked((int)sourceIndex),
            destinationArray,
            checked((int)destinationIndex),
            checked((int)length));

    /// <summary>Copies elements; boxes, unboxes, widens and casts where the element types ask for it.</summary>
    public static void Copy(
        Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)
    {
        if (sourceArray == null)
            throw new ArgumentNullException(nameof(sourceArray));
        if (destinationArray == null)
            throw new ArgumentNullException(nameof(destinationArray));
        CheckCopy(sourceArray, ref sourceIndex, destinationArray, ref destinationIndex, length);
        if (!ArrayCopier.CanCopyBytes(sourceArray.ElementType, destinationArray.ElementType))
        {
            ArrayCopier.CopyConverting(sourceArray, sourceIndex, destinationArray, destinationIndex, length);
            return;
        }
        uint size = sourceArray.ElementSize;
        SpanHelpers.Memmove(
            ref Unsafe.AddByteOffset(ref destinationArray.FirstElement, (nuint)(uint)destinationIndex * size),
            ref Unsafe.AddByteOffset(ref sourceArray.FirstElement, (nuint)(uint)sourceIndex * size),
            (nuint)(uint)length * size);
    }

    /// <summary>Copies elements; all or none.</summary>
    public static void ConstrainedCopy(
        Array sourceArray, int sourceIndex, Array destinationArray, int destinationIndex, int length)
    {
        if (sourceArray != null && destinationArray != null
            && !ArrayCopier.CanCopyBytes(sourceArray.ElementType, destinationArray.ElementType))
            throw new ArrayTypeMismatchException("The element types differ: the copy might stop half-way.");
        Copy(sourceArray!, sourceIndex, destinationArray!, destinationIndex, length);
    }

    /// <summary>One element by its place in memory, boxed.</summary>
    internal object? ReadElement(int flatIndex)
    {
        ref byte element = ref Unsafe.AddByteOffset(ref FirstElement, (nuint)(uint)flatIndex * ElementSize);
        return ElementType->IsValueType
            ? RuntimeExports.RhBox(ElementType, ref element)
            : Unsafe.As<byte, object?>(ref element);
    }

    /// <summary>Sets one element by its place in memory.</summary>
    internal void WriteElement(int flatIndex, object? value)
    {
        ref byte element = ref Unsafe.AddByteOffset(ref FirstElement, (nuint)(uint)flatIndex * ElementSize);
        if (ElementType->IsValueType)
        {
            ArrayCopier.StoreUnboxed(ElementType, ref element, value);
            return;
        }
        if (value != null && !CastCache.IsAssignable(value.TypePointer, ElementType))
            throw new InvalidCastException("Object cannot be stored in an array of this type.");
        Unsafe.As<byte, object?>(ref element) = value;
    }

    private int FirstIndex => TypePointer->IsSzArray ? 0 : Unsafe.Add(ref Bounds, Rank);

    private void CheckDimension(int dimension)
    {
        if ((uint)dimension >= (uint)Rank)
            throw new IndexOutOfRangeException();
    }

    private int FlatIndex(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank)
            throw new ArgumentException("Indices length does not match the array rank.");
        int flat = 0;
        for (int dimension = 0; dimension < indices.Length; dimension++)
        {
            int offset = indices[dimension] - GetLowerBound(dimension);
            int extent = GetLength(dimension);
            if ((uint)offset >= (uint)extent)
                throw new IndexOutOfRangeException();
            flat = flat * extent + offset;
        }
        return flat;
    }

    private static void CheckCopy(
        Array source, ref int sourceIndex, Array destination, ref int destinationIndex, int length)
    {
        if (source.Rank != destination.Rank)
            throw new RankException("The arrays must have the same number of dimensions.");
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length));
        sourceIndex -= source.FirstIndex;
        destinationIndex -= destination.FirstIndex;
        if (sourceIndex < 0)
            throw new ArgumentOutOfRangeException(nameof(sourceIndex));
        if (destinationIndex < 0)
            throw new ArgumentOutOfRangeException(nameof(destinationIndex));
        if ((uint)(sourceIndex + length) > (uint)source.length)
            throw new ArgumentException("Source array was not long enough.", "sourceArray");
        if ((uint)(destinationIndex + length) > (uint)destination.length)
            throw new ArgumentException("Destination array was not long enough.", "destinationArray");
    }

    /// <summary>Enumerates any array, in the order of memory.</summary>
    private sealed class ElementEnumerator(Array array) : IEnumerator, ICloneable
    {
        private int index = -1;

        public object? Current
        {
            get
            {
                if (index < 0)
                    throw new InvalidOperationException("Enumeration has not started. Call MoveNext.");
                if (index >= array.Length)
                    throw new InvalidOperationException("Enumeration already finished.");
                return array.ReadElement(index);
            }
        }

        public bool MoveNext()
        {
            if (index + 1 >= array.Length)
            {
                index = array.Length;
                return false;
            }
            index++;
            return true;
        }

        public void Reset() => index = -1;

        public object Clone() => MemberwiseClone();
    }
}
