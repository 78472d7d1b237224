using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>A run of elements somewhere, to be read only. Lives on the stack only.</summary>
public readonly ref struct ReadOnlySpan<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    public ReadOnlySpan(T[]? array)
    {
        if (array is null)
        {
            this = default;
            return;
        }

        _reference = ref MemoryMarshal.GetArrayDataReference(array);
        _length = array.Length;
    }

    public ReadOnlySpan(T[]? array, int start, int length)
    {
        if (array is null)
        {
            if (start != 0 || length != 0)
            {
                throw new ArgumentOutOfRangeException();
            }

            this = default;
            return;
        }

        if ((uint)start > (uint)array.Length || (uint)length > (uint)(array.Length - start))
        {
            throw new ArgumentOutOfRangeException();
        }

        _reference = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), start);
        _length = length;
    }

    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            throw new ArgumentException("A pointer cannot lead to references.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _reference = ref *(T*)pointer;
        _length = length;
    }

    public ReadOnlySpan(ref readonly T reference)
    {
        _reference = ref Unsafe.AsRef(in reference);
        _length = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    public static ReadOnlySpan<T> Empty => default;

    public int Length
    {
        [Intrinsic]
        get => _length;
    }

    public bool IsEmpty => _length == 0;

    internal ref T Reference => ref _reference;

    public ref readonly T this[int index]
    {
        [Intrinsic]
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                ThrowIndex();
            }

            return ref Unsafe.Add(ref _reference, (nint)(uint)index);
        }
    }

    public static implicit operator ReadOnlySpan<T>(T[]? array) => new(array);

    public static implicit operator ReadOnlySpan<T>(ArraySegment<T> segment) =>
        new(segment.Array, segment.Offset, segment.Count);

    public static ReadOnlySpan<T> CastUp<TDerived>(ReadOnlySpan<TDerived> items) where TDerived : class?, T =>
        new(ref Unsafe.As<TDerived, T>(ref items.Reference), items.Length);

    public static bool operator ==(ReadOnlySpan<T> left, ReadOnlySpan<T> right) =>
        left._length == right._length && Unsafe.AreSame(ref left._reference, ref right._reference);

    public static bool operator !=(ReadOnlySpan<T> left, ReadOnlySpan<T> right) => !(left == right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(int start)
    {
        if ((uint)start > (uint)_length)
        {
            ThrowRange();
        }

        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), _length - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start))
        {
            ThrowRange();
        }

        return new ReadOnlySpan<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), length);
    }

    public void CopyTo(Span<T> destination)
    {
        if ((uint)_length > (uint)destination.Length)
        {
            throw new ArgumentException("Destination is too short.", nameof(destination));
        }

        Buffer.MoveElements(ref destination.Reference, ref _reference, _length);
    }

    public bool TryCopyTo(Span<T> destination)
    {
        if ((uint)_length > (uint)destination.Length)
        {
            return false;
        }

        Buffer.MoveElements(ref destination.Reference, ref _reference, _length);
        return true;
    }

    public T[] ToArray()
    {
        if (_length == 0)
        {
            return [];
        }

        T[] array = new T[_length];
        Buffer.MoveElements(ref MemoryMarshal.GetArrayDataReference(array), ref _reference, _length);
        return array;
    }

    public override unsafe string ToString()
    {
        if (typeof(T) == typeof(char))
        {
            return new string(new ReadOnlySpan<char>(ref Unsafe.As<T, char>(ref _reference), _length));
        }

        return "System.ReadOnlySpan<" + typeof(T).Name + ">[" + _length.ToString() + "]";
    }

    [EditorBrowsable(EditorBrowsableState.Never)]
    public ref readonly T GetPinnableReference()
    {
        ref T first = ref Unsafe.NullRef<T>();
        if (_length != 0)
        {
            first = ref _reference;
        }

        return ref first;
    }

    public Enumerator GetEnumerator() => new(this);

    [Obsolete("Spans are compared with == or SequenceEqual.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override bool Equals(object? obj) => throw new NotSupportedException("Spans are never boxed.");

    [Obsolete("Spans have no hash code.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public override int GetHashCode() => throw new NotSupportedException("Spans have no hash code.");

    // Out of line: the checks above stay small enough to be inlined everywhere.
    private static void ThrowIndex() => throw new IndexOutOfRangeException();

    private static void ThrowRange() => throw new ArgumentOutOfRangeException();

    /// <summary>Goes over the elements.</summary>
    public ref struct Enumerator : Collections.Generic.IEnumerator<T>
    {
        private readonly ReadOnlySpan<T> span;
        private int index;

        internal Enumerator(ReadOnlySpan<T> span)
        {
            this.span = span;
            index = -1;
        }

        public readonly ref readonly T Current => ref span[index];

        readonly T Collections.Generic.IEnumerator<T>.Current => Current;

        readonly object? Collections.IEnumerator.Current => Current;

        public bool MoveNext()
        {
            int next = index + 1;
            if (next >= span.Length)
            {
                return false;
            }

            index = next;
            return true;
        }

        void Collections.IEnumerator.Reset() => index = -1;

        readonly void IDisposable.Dispose()
        {
        }
    }
}
