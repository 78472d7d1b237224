using System.Collections;
using System.Collections.Generic;

namespace System;

/// <summary>A part of an array.</summary>
public readonly struct ArraySegment<T> : IList<T>, IReadOnlyList<T>, IEquatable<ArraySegment<T>>
{
    private readonly T[]? array;
    private readonly int offset;
    private readonly int count;

    public ArraySegment(T[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        this.array = array;
        count = array.Length;
    }

    public ArraySegment(T[] array, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count > array.Length - offset)
        {
            throw new ArgumentException("Offset and length were out of bounds for the array.");
        }

        this.array = array;
        this.offset = offset;
        this.count = count;
    }

    public static ArraySegment<T> Empty { get; } = new([]);

    public T[]? Array => array;

    public int Offset => offset;

    public int Count => count;

    bool ICollection<T>.IsReadOnly => true;

    public T this[int index]
    {
        get =>
            (uint)index < (uint)count ? array![offset + index] : throw new ArgumentOutOfRangeException(nameof(index));
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            array![offset + index] = value;
        }
    }

    public static implicit operator ArraySegment<T>(T[]? array) => array is null ? default : new(array);

    public static bool operator ==(ArraySegment<T> a, ArraySegment<T> b) => a.Equals(b);

    public static bool operator !=(ArraySegment<T> a, ArraySegment<T> b) => !a.Equals(b);

    public ArraySegment<T> Slice(int index) => Slice(index, count - index);

    public ArraySegment<T> Slice(int index, int count)
    {
        if ((uint)index > (uint)this.count || (uint)count > (uint)(this.count - index))
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        return new ArraySegment<T>(array!, offset + index, count);
    }

    public T[] ToArray() => new ReadOnlySpan<T>(array, offset, count).ToArray();

    public void CopyTo(T[] destination) => CopyTo(destination, 0);

    public void CopyTo(T[] destination, int destinationIndex) =>
        new ReadOnlySpan<T>(array, offset, count).CopyTo(destination.AsSpan(destinationIndex));

    public void CopyTo(ArraySegment<T> destination) =>
        new ReadOnlySpan<T>(array, offset, count).CopyTo((Span<T>)destination);

    public bool Equals(ArraySegment<T> obj) => array == obj.array && offset == obj.offset && count == obj.count;

    public override bool Equals(object? obj) => obj is ArraySegment<T> other && Equals(other);

    public override int GetHashCode() => array is null ? 0 : HashCode.Combine(array, offset, count);

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    int IList<T>.IndexOf(T item) => SpanSearch.IndexOf(new ReadOnlySpan<T>(array, offset, count), item);

    bool ICollection<T>.Contains(T item) => SpanSearch.IndexOf(new ReadOnlySpan<T>(array, offset, count), item) >= 0;

    void IList<T>.Insert(int index, T item) => throw new NotSupportedException();

    void IList<T>.RemoveAt(int index) => throw new NotSupportedException();

    void ICollection<T>.Add(T item) => throw new NotSupportedException();

    void ICollection<T>.Clear() => throw new NotSupportedException();

    bool ICollection<T>.Remove(T item) => throw new NotSupportedException();

    /// <summary>Goes over the elements.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly ArraySegment<T> segment;
        private int index;

        internal Enumerator(ArraySegment<T> segment)
        {
            this.segment = segment;
            index = -1;
        }

        public readonly T Current => segment[index];

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (index < segment.Count)
            {
                index++;
            }

            return index < segment.Count;
        }

        void IEnumerator.Reset() => index = -1;

        public readonly void Dispose()
        {
        }
    }
}
