using System.Collections.Generic;

namespace System.Linq;

/// <summary>Queries by equality: distinct, unions, groups, joins.</summary>
public static partial class Enumerable
{
    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source) => source.Distinct(null);

    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer) =>
        source.DistinctBy(static item => item, comparer);

    public static IEnumerable<T> DistinctBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector) =>
        source.DistinctBy(keySelector, null);

    public static IEnumerable<T> Union<T>(this IEnumerable<T> first, IEnumerable<T> second) =>
        first.Concat(second).Distinct();

    public static IEnumerable<T> Except<T>(this IEnumerable<T> first, IEnumerable<T> second) =>
        first.Except(second, null);

    public static IEnumerable<T> Intersect<T>(this IEnumerable<T> first, IEnumerable<T> second) =>
        first.Intersect(second, null);

    public static IEnumerable<T> DistinctBy<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, IEqualityComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        return Iterate(source, keySelector, comparer);

        static IEnumerable<T> Iterate(IEnumerable<T> source,
            Func<T, TKey> keySelector, IEqualityComparer<TKey>? comparer)
        {
            KeySet<TKey> seen = new(comparer);
            foreach (T item in source)
            {
                if (seen.Add(keySelector(item)))
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<T> Except<T>(this IEnumerable<T> first,
        IEnumerable<T> second, IEqualityComparer<T>? comparer)
    {
        Check(first, second);
        return Iterate(first, second, comparer);

        static IEnumerable<T> Iterate(IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T>? comparer)
        {
            KeySet<T> seen = new(comparer);
            foreach (T item in second)
            {
                seen.Add(item);
            }

            foreach (T item in first)
            {
                if (seen.Add(item))
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<T> Intersect<T>(this IEnumerable<T> first,
        IEnumerable<T> second, IEqualityComparer<T>? comparer)
    {
        Check(first, second);
        return Iterate(first, second, comparer);

        static IEnumerable<T> Iterate(IEnumerable<T> first, IEnumerable<T> second, IEqualityComparer<T>? comparer)
        {
            KeySet<T> wanted = new(comparer);
            foreach (T item in second)
            {
                wanted.Add(item);
            }

            foreach (T item in first)
            {
                if (wanted.Remove(item))
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<IGrouping<TKey, TElement>> GroupBy<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector,
        Func<T, TElement> elementSelector, IEqualityComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        ArgumentNullException.ThrowIfNull(elementSelector);
        return Iterate(source, keySelector, elementSelector, comparer);

        static IEnumerable<IGrouping<TKey, TElement>> Iterate(IEnumerable<T> source, Func<T, TKey> keySelector,
            Func<T, TElement> elementSelector, IEqualityComparer<TKey>? comparer)
        {
            foreach (IGrouping<TKey, TElement> group in source.ToLookup(keySelector, elementSelector, comparer))
            {
                yield return group;
            }
        }
    }

    public static IEnumerable<TResult> Join<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer,
        IEnumerable<TInner> inner,
        Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, TInner,
        TResult> resultSelector)
    {
        Check(outer, inner);
        return Iterate(outer, inner, outerKeySelector, innerKeySelector, resultSelector);

        static IEnumerable<TResult> Iterate(IEnumerable<TOuter> outer, IEnumerable<TInner> inner,
            Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, TInner,
            TResult> resultSelector)
        {
            ILookup<TKey, TInner> lookup = inner.ToLookup(innerKeySelector);
            foreach (TOuter left in outer)
            {
                foreach (TInner right in lookup[outerKeySelector(left)])
                {
                    yield return resultSelector(left, right);
                }
            }
        }
    }

    public static IEnumerable<TResult> GroupJoin<TOuter, TInner, TKey, TResult>(this IEnumerable<TOuter> outer,
        IEnumerable<TInner> inner,
        Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter, IEnumerable<TInner>,
        TResult> resultSelector)
    {
        Check(outer, inner);
        return Iterate(outer, inner, outerKeySelector, innerKeySelector, resultSelector);

        static IEnumerable<TResult> Iterate(IEnumerable<TOuter> outer, IEnumerable<TInner> inner,
            Func<TOuter, TKey> outerKeySelector, Func<TInner, TKey> innerKeySelector, Func<TOuter,
            IEnumerable<TInner>, TResult> resultSelector)
        {
            ILookup<TKey, TInner> lookup = inner.ToLookup(innerKeySelector);
            foreach (TOuter left in outer)
            {
                yield return resultSelector(left, lookup[outerKeySelector(left)]);
            }
        }
    }

    public static IEnumerable<IGrouping<TKey, T>> GroupBy<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector) => source.GroupBy(keySelector, static item => item, null);

    public static IEnumerable<IGrouping<TKey, T>> GroupBy<T, TKey>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, IEqualityComparer<TKey>? comparer) =>
        source.GroupBy(keySelector, static item => item, comparer);

    public static IEnumerable<IGrouping<TKey, TElement>> GroupBy<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, Func<T, TElement> elementSelector) =>
        source.GroupBy(keySelector, elementSelector, null);

    public static IEnumerable<TResult> GroupBy<T, TKey, TResult>(this IEnumerable<T> source, Func<T,
        TKey> keySelector,
        Func<TKey, IEnumerable<T>, TResult> resultSelector)
    {
        ArgumentNullException.ThrowIfNull(resultSelector);
        return source.GroupBy(keySelector).Select(group => resultSelector(group.Key, group));
    }

    public static ILookup<TKey, T> ToLookup<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector) =>
        source.ToLookup(keySelector, static item => item, null);

    public static ILookup<TKey, TElement> ToLookup<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, Func<T, TElement> elementSelector) =>
        source.ToLookup(keySelector, elementSelector, null);

    public static ILookup<TKey, TElement> ToLookup<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, Func<T, TElement> elementSelector, IEqualityComparer<TKey>? comparer)
    {
        Check(source, keySelector);
        ArgumentNullException.ThrowIfNull(elementSelector);
        Lookup<TKey, TElement> lookup = new(comparer);
        foreach (T item in source)
        {
            lookup.GroupOf(keySelector(item)).Add(elementSelector(item));
        }

        return lookup;
    }
}

/// <summary>A set that takes null, too.</summary>
internal sealed class KeySet<TKey>(IEqualityComparer<TKey>? comparer)
{
    private readonly HashSet<TKey> keys = new(comparer);
    private bool hasNull;

    internal bool Add(TKey key)
    {
        if (key is not null)
        {
            return keys.Add(key);
        }

        bool added = !hasNull;
        hasNull = true;
        return added;
    }

    internal bool Remove(TKey key)
    {
        if (key is not null)
        {
            return keys.Remove(key);
        }

        bool removed = hasNull;
        hasNull = false;
        return removed;
    }
}
