using System.Collections;
using System.Collections.Generic;

namespace System.Linq;

/// <summary>
/// Queries over anything that can be gone over. Iterators only, no generic virtual methods: that keeps the image small;
/// no shortcuts for known collections, but for counting.
/// </summary>
public static partial class Enumerable
{
    public static IEnumerable<T> Empty<T>() => Array.Empty<T>();

    public static IEnumerable<T> AsEnumerable<T>(this IEnumerable<T> source) => source;

    public static IEnumerable<int> Range(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((long)start + count - 1 > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(count));
        }
        return Iterate(start, count);

        static IEnumerable<int> Iterate(int start, int count)
        {
            for (int i = 0; i < count; i++)
            {
                yield return start + i;
            }
        }
    }

    public static IEnumerable<T> Repeat<T>(T element, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Iterate(element, count);

        static IEnumerable<T> Iterate(T element, int count)
        {
            for (int i = 0; i < count; i++)
            {
                yield return element;
            }
        }
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        Check(source, predicate);
        return Iterate(source, predicate);

        static IEnumerable<T> Iterate(IEnumerable<T> source, Func<T, bool> predicate)
        {
            foreach (T item in source)
            {
                if (predicate(item))
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector)
    {
        Check(source, selector);
        return Iterate(source, selector);

        static IEnumerable<TResult> Iterate(IEnumerable<T> source, Func<T, TResult> selector)
        {
            foreach (T item in source)
            {
                yield return selector(item);
            }
        }
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, int, bool> predicate)
    {
        Check(source, predicate);
        return Iterate(source, predicate);

        static IEnumerable<T> Iterate(IEnumerable<T> source, Func<T, int, bool> predicate)
        {
            int index = 0;
            foreach (T item in source)
            {
                if (predicate(item, index++))
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<TResult> Select<T, TResult>(this IEnumerable<T> source, Func<T, int, TResult> selector)
    {
        Check(source, selector);
        return Iterate(source, selector);

        static IEnumerable<TResult> Iterate(IEnumerable<T> source, Func<T, int, TResult> selector)
        {
            int index = 0;
            foreach (T item in source)
            {
                yield return selector(item, index++);
            }
        }
    }

    public static IEnumerable<TResult> SelectMany<T, TResult>(this IEnumerable<T> source,
        Func<T, IEnumerable<TResult>> selector) => source.SelectMany(selector, static (_, item) => item);

    public static IEnumerable<TResult> SelectMany<T, TCollection, TResult>(this IEnumerable<T> source,
        Func<T, IEnumerable<TCollection>> collectionSelector, Func<T, TCollection, TResult> resultSelector)
    {
        Check(source, collectionSelector);
        ArgumentNullException.ThrowIfNull(resultSelector);
        return Iterate(source, collectionSelector, resultSelector);

        static IEnumerable<TResult> Iterate(IEnumerable<T> source,
            Func<T, IEnumerable<TCollection>> collectionSelector, Func<T, TCollection, TResult> resultSelector)
        {
            foreach (T outer in source)
            {
                foreach (TCollection inner in collectionSelector(outer))
                {
                    yield return resultSelector(outer, inner);
                }
            }
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source, count);

        static IEnumerable<T> Iterate(IEnumerable<T> source, int count)
        {
            if (count <= 0)
            {
                yield break;
            }

            foreach (T item in source)
            {
                yield return item;
                if (--count == 0)
                {
                    break;
                }
            }
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, Range range)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source, range);

        static IEnumerable<T> Iterate(IEnumerable<T> source, Range range)
        {
            T[] all = source.ToArray();
            int start = Math.Clamp(range.Start.GetOffset(all.Length), 0, all.Length);
            int end = Math.Clamp(range.End.GetOffset(all.Length), 0, all.Length);
            for (int i = start; i < end; i++)
            {
                yield return all[i];
            }
        }
    }

    public static IEnumerable<T> TakeWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        Check(source, predicate);
        return Iterate(source, predicate);

        static IEnumerable<T> Iterate(IEnumerable<T> source, Func<T, bool> predicate)
        {
            foreach (T item in source)
            {
                if (!predicate(item))
                {
                    break;
                }

                yield return item;
            }
        }
    }

    public static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source, count);

        static IEnumerable<T> Iterate(IEnumerable<T> source, int count)
        {
            foreach (T item in source)
            {
                if (count <= 0)
                {
                    yield return item;
                }
                else
                {
                    count--;
                }
            }
        }
    }

    public static IEnumerable<T> SkipWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        Check(source, predicate);
        return Iterate(source, predicate);

        static IEnumerable<T> Iterate(IEnumerable<T> source, Func<T, bool> predicate)
        {
            bool skipping = true;
            foreach (T item in source)
            {
                skipping = skipping && predicate(item);
                if (!skipping)
                {
                    yield return item;
                }
            }
        }
    }

    public static IEnumerable<T> Concat<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        Check(first, second);
        return Iterate(first, second);

        static IEnumerable<T> Iterate(IEnumerable<T> first, IEnumerable<T> second)
        {
            foreach (T item in first)
            {
                yield return item;
            }

            foreach (T item in second)
            {
                yield return item;
            }
        }
    }

    public static IEnumerable<T> Reverse<T>(this IEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source);

        static IEnumerable<T> Iterate(IEnumerable<T> source)
        {
            T[] all = source.ToArray();
            for (int i = all.Length - 1; i >= 0; i--)
            {
                yield return all[i];
            }
        }
    }

    public static IEnumerable<TResult> Cast<TResult>(this IEnumerable source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source);

        static IEnumerable<TResult> Iterate(IEnumerable source)
        {
            foreach (object? item in source)
            {
                yield return (TResult)item!;
            }
        }
    }

    public static IEnumerable<TResult> OfType<TResult>(this IEnumerable source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source);

        static IEnumerable<TResult> Iterate(IEnumerable source)
        {
            foreach (object? item in source)
            {
                if (item is TResult result)
                {
                    yield return result;
                }
            }
        }
    }

    public static IEnumerable<T> DefaultIfEmpty<T>(this IEnumerable<T> source, T defaultValue)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Iterate(source, defaultValue);

        static IEnumerable<T> Iterate(IEnumerable<T> source, T defaultValue)
        {
            bool any = false;
            foreach (T item in source)
            {
                any = true;
                yield return item;
            }

            if (!any)
            {
                yield return defaultValue;
            }
        }
    }

    public static IEnumerable<TResult> Zip<TFirst, TSecond, TResult>(this IEnumerable<TFirst> first,
        IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)
    {
        Check(first, second);
        ArgumentNullException.ThrowIfNull(resultSelector);
        return Iterate(first, second, resultSelector);

        static IEnumerable<TResult> Iterate(IEnumerable<TFirst> first,
            IEnumerable<TSecond> second, Func<TFirst, TSecond, TResult> resultSelector)
        {
            using IEnumerator<TFirst> a = first.GetEnumerator();
            using IEnumerator<TSecond> b = second.GetEnumerator();
            while (a.MoveNext() && b.MoveNext())
            {
                yield return resultSelector(a.Current, b.Current);
            }
        }
    }

    public static IEnumerable<T[]> Chunk<T>(this IEnumerable<T> source, int size)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        return Iterate(source, size);

        static IEnumerable<T[]> Iterate(IEnumerable<T> source, int size)
        {
            List<T> chunk = [];
            foreach (T item in source)
            {
                chunk.Add(item);
                if (chunk.Count == size)
                {
                    yield return chunk.ToArray();
                    chunk.Clear();
                }
            }

            if (chunk.Count > 0)
            {
                yield return chunk.ToArray();
            }
        }
    }

    public static IEnumerable<T> TakeLast<T>(this IEnumerable<T> source, int count) =>
        source.Take(^Math.Max(count, 0)..);

    public static IEnumerable<T> SkipLast<T>(this IEnumerable<T> source, int count) =>
        source.Take(..^Math.Max(count, 0));

    public static IEnumerable<T> Append<T>(this IEnumerable<T> source, T element) => source.Concat([element]);

    public static IEnumerable<T> Prepend<T>(this IEnumerable<T> source, T element)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new T[] { element }.Concat(source);
    }

    public static IEnumerable<T> Reverse<T>(this T[] source) => Reverse((IEnumerable<T>)source);

    public static IEnumerable<T?> DefaultIfEmpty<T>(this IEnumerable<T> source) => source.DefaultIfEmpty(default!);

    public static IEnumerable<(TFirst First, TSecond Second)> Zip<TFirst, TSecond>(this IEnumerable<TFirst> first,
        IEnumerable<TSecond> second) => first.Zip(second, static (a, b) => (a, b));

    public static IEnumerable<(int Index, T Item)> Index<T>(this IEnumerable<T> source) =>
        source.Select(static (item, index) => (index, item));

    private static void Check(object? source, object? argument)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(argument);
    }
}
