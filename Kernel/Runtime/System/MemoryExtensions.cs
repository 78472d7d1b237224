using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace System;

/// <summary>Spans out of arrays and strings, and what one does with spans.</summary>
public static partial class MemoryExtensions
{
    public static Span<T> AsSpan<T>(this T[]? array) => new(array);

    public static Span<T> AsSpan<T>(this T[]? array, int start)
    {
        if (array is null)
        {
            return start == 0 ? default : throw new ArgumentOutOfRangeException(nameof(start));
        }

        return new Span<T>(array, start, array.Length - start);
    }

    public static Span<T> AsSpan<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static Span<T> AsSpan<T>(this T[]? array, Index startIndex) =>
        array is null ? default : array.AsSpan(startIndex.GetOffset(array.Length));

    public static Span<T> AsSpan<T>(this T[]? array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array?.Length ?? 0);
        return new Span<T>(array, offset, length);
    }

    public static Span<T> AsSpan<T>(this ArraySegment<T> segment) => segment;

    public static Span<T> AsSpan<T>(this ArraySegment<T> segment, int start) => ((Span<T>)segment).Slice(start);

    public static Span<T> AsSpan<T>(this ArraySegment<T> segment, int start, int length) =>
        ((Span<T>)segment).Slice(start, length);

    // Built from the parts: the C# compiler turns a conversion of a string to a span into a call of this method.
    public static ReadOnlySpan<char> AsSpan(this string? text) =>
        text is null ? default : new ReadOnlySpan<char>(ref text.FirstCharacter, text.Length);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start) => ((ReadOnlySpan<char>)text).Slice(start);

    public static ReadOnlySpan<char> AsSpan(this string? text, int start, int length) =>
        ((ReadOnlySpan<char>)text).Slice(start, length);

    public static ReadOnlySpan<char> AsSpan(this string? text, Index startIndex) =>
        ((ReadOnlySpan<char>)text).Slice(startIndex.GetOffset(text?.Length ?? 0));

    public static ReadOnlySpan<char> AsSpan(this string? text, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(text?.Length ?? 0);
        return text.AsSpan(offset, length);
    }

    public static Memory<T> AsMemory<T>(this T[]? array) => new(array);

    public static Memory<T> AsMemory<T>(this T[]? array, int start) => new Memory<T>(array).Slice(start);

    public static Memory<T> AsMemory<T>(this T[]? array, int start, int length) => new(array, start, length);

    public static Memory<T> AsMemory<T>(this T[]? array, Range range)
    {
        (int offset, int length) = range.GetOffsetAndLength(array?.Length ?? 0);
        return new Memory<T>(array, offset, length);
    }

    public static ReadOnlyMemory<char> AsMemory(this string? text) => new(text, 0, text?.Length ?? 0);

    public static ReadOnlyMemory<char> AsMemory(this string? text, int start) => text.AsMemory().Slice(start);

    public static ReadOnlyMemory<char> AsMemory(this string? text, int start, int length) =>
        text.AsMemory().Slice(start, length);

    public static void CopyTo<T>(this T[]? source, Span<T> destination) =>
        new ReadOnlySpan<T>(source).CopyTo(destination);

    public static void CopyTo<T>(this T[]? source, Memory<T> destination) =>
        new ReadOnlySpan<T>(source).CopyTo(destination.Span);

    public static bool Overlaps<T>(this Span<T> span, ReadOnlySpan<T> other) => ((ReadOnlySpan<T>)span).Overlaps(other);

    public static unsafe bool Overlaps<T>(this ReadOnlySpan<T> span, ReadOnlySpan<T> other)
    {
        if (span.IsEmpty || other.IsEmpty)
        {
            return false;
        }

        nuint size = (nuint)Unsafe.SizeOf<T>();
        nuint first = (nuint)Unsafe.AsPointer(ref span.Reference);
        nuint second = (nuint)Unsafe.AsPointer(ref other.Reference);
        return first < second + ((nuint)other.Length * size) && second < first + ((nuint)span.Length * size);
    }

    public static void Reverse<T>(this Span<T> span)
    {
        for (int low = 0, high = span.Length - 1; low < high; low++, high--)
        {
            (span[low], span[high]) = (span[high], span[low]);
        }
    }

    public static ReadOnlySpan<T> Trim<T>(this ReadOnlySpan<T> span, T trimElement) where T : IEquatable<T>? =>
        span.TrimStart(trimElement).TrimEnd(trimElement);

    public static ReadOnlySpan<T> TrimStart<T>(this ReadOnlySpan<T> span, T trimElement) where T : IEquatable<T>?
    {
        int start = 0;
        while (start < span.Length && SpanSearch.AreEqual(span[start], trimElement))
        {
            start++;
        }

        return span.Slice(start);
    }

    public static ReadOnlySpan<T> TrimEnd<T>(this ReadOnlySpan<T> span, T trimElement) where T : IEquatable<T>?
    {
        int end = span.Length;
        while (end > 0 && SpanSearch.AreEqual(span[end - 1], trimElement))
        {
            end--;
        }

        return span.Slice(0, end);
    }

    public static void Replace<T>(this Span<T> span, T oldValue, T newValue) where T : IEquatable<T>?
    {
        foreach (ref T element in span)
        {
            if (SpanSearch.AreEqual(element, oldValue))
            {
                element = newValue;
            }
        }
    }

    public static void Sort<T>(this Span<T> span) => Sorter.Sort(span, Comparer<T>.Default);

    public static void Sort<T>(this Span<T> span, Comparison<T> comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Sorter.Sort(span, comparison);
    }

    public static void Sort<T, TComparer>(this Span<T> span, TComparer comparer) where TComparer : IComparer<T>? =>
        Sorter.Sort(span, (IComparer<T>?)comparer ?? Comparer<T>.Default);

    public static void Sort<TKey, TValue>(this Span<TKey> keys, Span<TValue> items)
    {
        if (keys.Length != items.Length)
        {
            throw new ArgumentException("Keys and items differ in number.");
        }

        Sorter.Sort(keys, items, Comparer<TKey>.Default);
    }

    public static int BinarySearch<T>(this Span<T> span, IComparable<T> comparable) =>
        ((ReadOnlySpan<T>)span).BinarySearch<T, IComparable<T>>(comparable);

    public static int BinarySearch<T>(this ReadOnlySpan<T> span, IComparable<T> comparable) =>
        span.BinarySearch<T, IComparable<T>>(comparable);

    public static int BinarySearch<T, TComparable>(this Span<T> span, TComparable comparable)
        where TComparable : IComparable<T>, allows ref struct =>
        ((ReadOnlySpan<T>)span).BinarySearch<T, TComparable>(comparable);

    public static int BinarySearch<T, TComparable>(this ReadOnlySpan<T> span, TComparable comparable)
        where TComparable : IComparable<T>, allows ref struct
    {
        int low = 0;
        int high = span.Length - 1;
        while (low <= high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            int order = comparable.CompareTo(span[middle]);
            if (order == 0)
            {
                return middle;
            }

            if (order > 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    public static int BinarySearch<T, TComparer>(this Span<T> span, T value, TComparer comparer)
        where TComparer : IComparer<T> => Sorter.Search(span, value, comparer);

    public static int BinarySearch<T, TComparer>(this ReadOnlySpan<T> span, T value, TComparer comparer)
        where TComparer : IComparer<T> => Sorter.Search(span, value, comparer);
}
