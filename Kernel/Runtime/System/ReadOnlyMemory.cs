using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>A run of elements to be read only, that may be kept on the heap.</summary>
public readonly struct ReadOnlyMemory<T> : IEquatable<ReadOnlyMemory<T>>
{
    // An array, a string (of characters) or a manager of memory.
    private readonly object? owner;
    private readonly int start;
    private readonly int length;

    public ReadOnlyMemory(T[]? array)
    {
        owner = array;
        length = array?.Length ?? 0;
    }

    public ReadOnlyMemory(T[]? array, int start, int length)
    {
        _ = new ReadOnlySpan<T>(array, start, length);
        owner = array;
        this.start = start;
        this.length = length;
    }

    internal ReadOnlyMemory(object? owner, int start, int length)
    {
        this.owner = owner;
        this.start = start;
        this.length = length;
    }

    public static ReadOnlyMemory<T> Empty => default;

    public int Length => length;

    public bool IsEmpty => length == 0;

    internal object? Owner => owner;

    internal int Start => start;

    public ReadOnlySpan<T> Span
    {
        get
        {
            if (owner is null)
            {
                return default;
            }

            if (typeof(T) == typeof(char) && owner is string text)
            {
                return new ReadOnlySpan<T>(
                    ref Unsafe.Add(ref Unsafe.As<char, T>(ref text.FirstCharacter), start), length);
            }

            return owner is MemoryManager<T> manager
                ? manager.GetSpan().Slice(start, length)
                : new ReadOnlySpan<T>(Unsafe.As<T[]>(owner), start, length);
        }
    }

    public static implicit operator ReadOnlyMemory<T>(T[]? array) => new(array);

    public static implicit operator ReadOnlyMemory<T>(ArraySegment<T> segment) =>
        new(segment.Array, segment.Offset, segment.Count);

    public ReadOnlyMemory<T> Slice(int start)
    {
        if ((uint)start > (uint)length)
        {
            throw new ArgumentOutOfRangeException(nameof(start));
        }

        return new ReadOnlyMemory<T>(owner, this.start + start, length - start);
    }

    public ReadOnlyMemory<T> Slice(int start, int length)
    {
        if ((uint)start > (uint)this.length || (uint)length > (uint)(this.length - start))
        {
            throw new ArgumentOutOfRangeException(nameof(start));
        }

        return new ReadOnlyMemory<T>(owner, this.start + start, length);
    }

    public void CopyTo(Memory<T> destination) => Span.CopyTo(destination.Span);

    public bool TryCopyTo(Memory<T> destination) => Span.TryCopyTo(destination.Span);

    public T[] ToArray() => Span.ToArray();

    public bool Equals(ReadOnlyMemory<T> other) =>
        owner == other.owner && start == other.start && length == other.length;

    public override bool Equals(object? obj) => obj is ReadOnlyMemory<T> other && Equals(other);

    public override int GetHashCode() => owner is null ? 0 : HashCode.Combine(owner, start, length);

    public override string ToString() => typeof(T) == typeof(char)
        ? Span.ToString()
        : "System.ReadOnlyMemory<" + typeof(T).Name + ">[" + length.ToString() + "]";
}
