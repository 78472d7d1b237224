using System.Collections;
using System.Collections.Generic;

namespace System;

/// <summary>Sorting and searching arrays.</summary>
public abstract partial class Array
{
    public static void Sort<T>(T[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        Sorter.Sort(new Span<T>(array), Comparer<T>.Default);
    }

    public static void Sort<T>(T[] array, IComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(array);
        Sorter.Sort(new Span<T>(array), comparer ?? Comparer<T>.Default);
    }

    public static void Sort<T>(T[] array, int index, int length) => Sort(array, index, length, null);

    public static void Sort<T>(T[] array, int index, int length, IComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(array);
        CheckPart(array, index, length);
        Sorter.Sort(new Span<T>(array, index, length), comparer ?? Comparer<T>.Default);
    }

    public static void Sort<T>(T[] array, Comparison<T> comparison)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentNullException.ThrowIfNull(comparison);
        Sorter.Sort(new Span<T>(array), comparison);
    }

    public static void Sort<TKey, TValue>(TKey[] keys, TValue[]? items) => Sort(keys, items, null);

    public static void Sort<TKey, TValue>(TKey[] keys, TValue[]? items, IComparer<TKey>? comparer)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (items is not null && items.Length < keys.Length)
        {
            throw new ArgumentException("There are fewer items than keys.");
        }

        Span<TValue> moved = items is null ? default : new Span<TValue>(items, 0, keys.Length);
        Sorter.Sort(new Span<TKey>(keys), moved, comparer ?? Comparer<TKey>.Default);
    }

    public static int BinarySearch<T>(T[] array, T value) => BinarySearch(array, value, null);

    public static int BinarySearch<T>(T[] array, T value, IComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(array);
        return Sorter.Search(new ReadOnlySpan<T>(array), value, comparer ?? Comparer<T>.Default);
    }

    public static int BinarySearch<T>(T[] array, int index, int length, T value) =>
        BinarySearch(array, index, length, value, null);

    public static int BinarySearch<T>(T[] array, int index, int length, T value, IComparer<T>? comparer)
    {
        ArgumentNullException.ThrowIfNull(array);
        CheckPart(array, index, length);
        int found = Sorter.Search(
            new ReadOnlySpan<T>(array, index, length), value, comparer ?? Comparer<T>.Default);
        return found >= 0 ? found + index : found - index;
    }

    private static void CheckPart(Array array, int index, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (array.Length - index < length)
        {
            throw new ArgumentException("Offset and length were out of bounds for the array.");
        }
    }
}
