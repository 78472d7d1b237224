using System.Collections;
using System.Collections.Generic;

namespace System.Linq;

/// <summary>Queries by order. Sorting is stable.</summary>
public static partial class Enumerable
{
    public static IOrderedEnumerable<T> Order<T>(this IEnumerable<T> source) =>
        source.OrderBy(static item => item, null);

    public static IOrderedEnumerable<T> Order<T>(this IEnumerable<T> source, IComparer<T>? comparer) =>
        source.OrderBy(static item => item, comparer);

    public static IOrderedEnumerable<T> OrderDescending<T>(this IEnumerable<T> source) =>
        source.OrderByDescending(static item => item, null);

    public static IOrderedEnumerable<T> OrderBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector) =>
        source.OrderBy(keySelector, null);

    public static IOrderedEnumerable<T> OrderBy<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, IComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        return new Ordered<T>(source, Compare(keySelector, comparer, false));
    }

    public static IOrderedEnumerable<T> OrderByDescending<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector) =>
        source.OrderByDescending(keySelector, null);

    public static IOrderedEnumerable<T> OrderByDescending<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, IComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        return new Ordered<T>(source, Compare(keySelector, comparer, true));
    }

    public static IOrderedEnumerable<T> ThenBy<T, TKey>(this IOrderedEnumerable<T> source,
        Func<T, TKey> keySelector) =>
        source.ThenBy(keySelector, null);

    public static IOrderedEnumerable<T> ThenBy<T, TKey>(this IOrderedEnumerable<T> source,
        Func<T, TKey> keySelector, IComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        return ((Ordered<T>)source).Then(Compare(keySelector, comparer, false));
    }

    public static IOrderedEnumerable<T> ThenByDescending<T, TKey>(this IOrderedEnumerable<T> source,
        Func<T, TKey> keySelector) =>
        source.ThenByDescending(keySelector, null);

    public static IOrderedEnumerable<T> ThenByDescending<T, TKey>(this IOrderedEnumerable<T> source,
        Func<T, TKey> keySelector, IComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        return ((Ordered<T>)source).Then(Compare(keySelector, comparer, true));
    }

    private static Comparison<T> Compare<T, TKey>(Func<T, TKey> keySelector, IComparer<TKey>? comparer, bool descending)
    {
        IComparer<TKey> order = comparer ?? Comparer<TKey>.Default;
        return descending
            ? (x, y) => order.Compare(keySelector(y), keySelector(x))
            : (x, y) => order.Compare(keySelector(x), keySelector(y));
    }

    /// <summary>A source and an order; sorted when it is gone over.</summary>
    private sealed class Ordered<T>(IEnumerable<T> source, Comparison<T> comparison) : IOrderedEnumerable<T>
    {
        public IEnumerator<T> GetEnumerator()
        {
            T[] items = source.ToArray();
            int[] order = new int[items.Length];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            // The place in the source decides between equals: that makes an unstable sort stable.
            Array.Sort(order, (a, b) =>
            {
                int difference = comparison(items[a], items[b]);
                return difference != 0 ? difference : a - b;
            });
            foreach (int index in order)
            {
                yield return items[index];
            }
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        internal Ordered<T> Then(Comparison<T> next)
        {
            Comparison<T> first = comparison;
            return new Ordered<T>(source, (x, y) =>
            {
                int difference = first(x, y);
                return difference != 0 ? difference : next(x, y);
            });
        }
    }
}
