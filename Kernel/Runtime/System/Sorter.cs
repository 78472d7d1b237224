using System.Collections.Generic;

namespace System;

/// <summary>
/// Sorting in place: quicksort by the median of three, insertion sort for short runs, heapsort when the recursion gets
/// too deep. Not stable. A comparer that throws is reported as an InvalidOperationException, as on the host.
/// </summary>
internal static class Sorter
{
    /// <summary>Runs up to this length are sorted by insertion.</summary>
    private const int ShortRun = 16;

    internal static void Sort<T>(Span<T> span, IComparer<T> comparer) => Sort(span, comparer.Compare);

    internal static void Sort<T>(Span<T> span, Comparison<T> comparison)
    {
        if (span.Length < 2)
        {
            return;
        }

        Guarded(span, default(Span<byte>), comparison);
    }

    internal static void Sort<TKey, TValue>(Span<TKey> keys, Span<TValue> items, IComparer<TKey> comparer)
    {
        if (keys.Length < 2)
        {
            return;
        }

        Guarded(keys, items, comparer.Compare);
    }

    internal static int Search<T, TComparer>(ReadOnlySpan<T> span, T value, TComparer comparer)
        where TComparer : IComparer<T>
    {
        int low = 0;
        int high = span.Length - 1;
        while (low <= high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            int order = comparer.Compare(span[middle], value);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
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

    private static void Guarded<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison)
    {
        try
        {
            int depth = 2 * (Numerics.BitOperations.Log2((uint)keys.Length) + 1);
            Introsort(keys, items, comparison, depth);
        }
        catch (Exception thrown)
        {
            throw new InvalidOperationException("Failed to compare two elements in the array.", thrown);
        }
    }

    private static void Introsort<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison,
        int depth)
    {
        while (keys.Length > ShortRun)
        {
            if (depth-- == 0)
            {
                Heapsort(keys, items, comparison);
                return;
            }

            int pivot = Partition(keys, items, comparison);
            Introsort(keys.Slice(pivot + 1), Tail(items, pivot + 1), comparison, depth);
            keys = keys.Slice(0, pivot);
        }

        Insertion(keys, items, comparison);
    }

    private static Span<TValue> Tail<TValue>(Span<TValue> items, int start) =>
        items.IsEmpty ? items : items.Slice(start);

    private static int Partition<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison)
    {
        int last = keys.Length - 1;
        int middle = last >> 1;
        SwapIfGreater(keys, items, comparison, 0, middle);
        SwapIfGreater(keys, items, comparison, 0, last);
        SwapIfGreater(keys, items, comparison, middle, last);

        // The median waits next to the end, where the scans below cannot run past it.
        TKey pivot = keys[middle];
        Swap(keys, items, middle, last - 1);
        int left = 0;
        int right = last - 1;
        while (left < right)
        {
            while (left < last - 1 && comparison(keys[++left], pivot) < 0)
            {
            }

            while (right > 0 && comparison(pivot, keys[--right]) < 0)
            {
            }

            if (left >= right)
            {
                break;
            }

            Swap(keys, items, left, right);
        }

        Swap(keys, items, left, last - 1);
        return left;
    }

    private static void Insertion<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            TKey key = keys[i];
            TValue? item = items.IsEmpty ? default : items[i];
            int place = i - 1;
            while (place >= 0 && comparison(key, keys[place]) < 0)
            {
                keys[place + 1] = keys[place];
                if (!items.IsEmpty)
                {
                    items[place + 1] = items[place];
                }

                place--;
            }

            keys[place + 1] = key;
            if (!items.IsEmpty)
            {
                items[place + 1] = item!;
            }
        }
    }

    private static void Heapsort<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison)
    {
        for (int i = keys.Length >> 1; i >= 0; i--)
        {
            SiftDown(keys, items, comparison, i, keys.Length);
        }

        for (int end = keys.Length - 1; end > 0; end--)
        {
            Swap(keys, items, 0, end);
            SiftDown(keys, items, comparison, 0, end);
        }
    }

    private static void SiftDown<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison,
        int root, int end)
    {
        while (true)
        {
            int child = (2 * root) + 1;
            if (child >= end)
            {
                return;
            }

            if (child + 1 < end && comparison(keys[child], keys[child + 1]) < 0)
            {
                child++;
            }

            if (comparison(keys[root], keys[child]) >= 0)
            {
                return;
            }

            Swap(keys, items, root, child);
            root = child;
        }
    }

    private static void SwapIfGreater<TKey, TValue>(Span<TKey> keys, Span<TValue> items, Comparison<TKey> comparison,
        int left, int right)
    {
        if (left != right && comparison(keys[left], keys[right]) > 0)
        {
            Swap(keys, items, left, right);
        }
    }

    private static void Swap<TKey, TValue>(Span<TKey> keys, Span<TValue> items, int left, int right)
    {
        (keys[left], keys[right]) = (keys[right], keys[left]);
        if (!items.IsEmpty)
        {
            (items[left], items[right]) = (items[right], items[left]);
        }
    }
}
