using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>
/// A run of elements somewhere: in an array, on the stack, in memory of a device. Lives on the stack only.
/// </summary>
public readonly ref struct Span<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    public Span(T[]? array)
    {
        if (array is null)
        {
            this = default;
            return;
        }

        if (!typeof(T).IsValueType && array.GetType() != typeof(T[]))
        {
            // Writing through the span would not check the elements.
            throw new ArrayTypeMismatchException();
        }

        _reference = ref MemoryMarshal.GetArrayDataReference(array);
        _length = array.Length;
    }

    public Span(T[]? array, int start, int length)
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

        if (!typeof(T).IsValueType && array.GetType() != typeof(T[]))
        {
            // Writing through the span would not check the elements.
            throw new ArrayTypeMismatchException();
        }

        if ((uint)start > (uint)array.Length || (uint)length > (uint)(array.Length - start))
        {
            throw new ArgumentOutOfRangeException();
        }

        _reference = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(array), start);
        _length = length;
    }

    public unsafe Span(void* pointer, int length)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            throw new ArgumentException("A pointer cannot lead to references.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _reference = ref *(T*)pointer;
        _length = length;
    }

    public Span(ref T reference)
    {
        _reference = ref reference;
        _length = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span(ref T reference, int length)
    {
        _reference = ref reference;
        _length = length;
    }

    public static Span<T> Empty => default;

    public int Length
    {
        [Intrinsic]
        get => _length;
    }

    public bool IsEmpty => _length == 0;

    internal ref T Reference => ref _reference;

    public ref T this[int index]
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

    public static implicit operator Span<T>(T[]? array) => new(array);

    public static implicit operator Span<T>(ArraySegment<T> segment) =>
        new(segment.Array, segment.Offset, segment.Count);

    public static implicit operator ReadOnlySpan<T>(Span<T> span) => new(ref span._reference, span._length);

    public static bool operator ==(Span<T> left, Span<T> right) =>
        left._length == right._length && Unsafe.AreSame(ref left._reference, ref right._reference);

    public static bool operator !=(Span<T> left, Span<T> right) => !(left == right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start)
    {
        if ((uint)start > (uint)_length)
        {
            ThrowRange();
        }

        return new Span<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), _length - start);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)_length || (uint)length > (uint)(_length - start))
        {
            ThrowRange();
        }

        return new Span<T>(ref Unsafe.Add(ref _reference, (nint)(uint)start), length);
    }

    public void Clear()
    {
        nuint bytes = (nuint)(uint)_length * (nuint)Unsafe.SizeOf<T>();
        SpanHelpers.ClearWithoutReferences(ref Unsafe.As<T, byte>(ref _reference), bytes);
    }

    public void Fill(T value)
    {
        if (Unsafe.SizeOf<T>() == 1)
        {
            SpanHelpers.Fill(ref Unsafe.As<T, byte>(ref _reference), Unsafe.As<T, byte>(ref value),
                (nuint)(uint)_length);
            return;
        }

        for (int i = 0; i < _length; i++)
        {
            Unsafe.Add(ref _reference, i) = value;
        }
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

        return "System.Span<" + typeof(T).Name + ">[" + _length.ToString() + "]";
    }

    [EditorBrowsable(EditorBrowsableState.Never)]
    public ref T GetPinnableReference()
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
        private readonly Span<T> span;
        private int index;

        internal Enumerator(Span<T> span)
        {
            this.span = span;
            index = -1;
        }

        public readonly ref T Current => ref span[index];

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
