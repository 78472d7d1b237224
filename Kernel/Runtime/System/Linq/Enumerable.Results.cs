using System.Collections.Generic;

namespace System.Linq;

/// <summary>Queries that go over their source at once and give one result.</summary>
public static partial class Enumerable
{
    public static T[] ToArray<T>(this IEnumerable<T> source) => source.ToList().ToArray();

    public static List<T> ToList<T>(this IEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new List<T>(source);
    }

    public static HashSet<T> ToHashSet<T>(this IEnumerable<T> source) => new(source);

    public static Dictionary<TKey, T> ToDictionary<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector)
        where TKey : notnull => source.ToDictionary(keySelector, static item => item, null);

    public static Dictionary<TKey, TElement> ToDictionary<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, Func<T, TElement> elementSelector)
        where TKey : notnull => source.ToDictionary(keySelector, elementSelector, null);

    public static Dictionary<TKey, TElement> ToDictionary<T, TKey, TElement>(this IEnumerable<T> source,
        Func<T, TKey> keySelector, Func<T, TElement> elementSelector, IEqualityComparer<TKey>? comparer)
        where TKey : notnull
    {
        Check(source, keySelector);
        ArgumentNullException.ThrowIfNull(elementSelector);
        Dictionary<TKey, TElement> dictionary = new(comparer);
        foreach (T item in source)
        {
            dictionary.Add(keySelector(item), elementSelector(item));
        }

        return dictionary;
    }

    public static int Count<T>(this IEnumerable<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source is ICollection<T> known ? known.Count : source.Count(static _ => true);
    }

    public static int Count<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        Check(source, predicate);
        int count = 0;
        foreach (T item in source)
        {
            count += predicate(item) ? 1 : 0;
        }

        return count;
    }

    public static bool Any<T>(this IEnumerable<T> source) => source.Any(static _ => true);

    public static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TryFirst(source, predicate, out _);

    public static bool All<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        Check(source, predicate);
        return !TryFirst(source, item => !predicate(item), out _);
    }

    public static bool Contains<T>(this IEnumerable<T> source, T value) =>
        source.Any(item => EqualityComparer<T>.Default.Equals(item, value));

    public static bool SequenceEqual<T>(this IEnumerable<T> first, IEnumerable<T> second)
    {
        Check(first, second);
        using IEnumerator<T> a = first.GetEnumerator();
        using IEnumerator<T> b = second.GetEnumerator();
        while (a.MoveNext())
        {
            if (!b.MoveNext() || !EqualityComparer<T>.Default.Equals(a.Current, b.Current))
            {
                return false;
            }
        }

        return !b.MoveNext();
    }

    public static T First<T>(this IEnumerable<T> source) => source.First(static _ => true);

    public static T First<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TryFirst(source, predicate, out T? item) ? item! : throw NoElements();

    public static T? FirstOrDefault<T>(this IEnumerable<T> source) => source.FirstOrDefault(static _ => true);

    public static T? FirstOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TryFirst(source, predicate, out T? item) ? item : default;

    public static T Last<T>(this IEnumerable<T> source) => source.Last(static _ => true);

    public static T Last<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TryLast(source, predicate, out T? item) ? item! : throw NoElements();

    public static T? LastOrDefault<T>(this IEnumerable<T> source) => source.LastOrDefault(static _ => true);

    public static T? LastOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TryLast(source, predicate, out T? item) ? item : default;

    public static T Single<T>(this IEnumerable<T> source) => source.Single(static _ => true);

    public static T Single<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TrySingle(source, predicate, out T? item) ? item! : throw NoElements();

    public static T? SingleOrDefault<T>(this IEnumerable<T> source) => source.SingleOrDefault(static _ => true);

    public static T? SingleOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate) =>
        TrySingle(source, predicate, out T? item) ? item : default;

    public static T ElementAt<T>(this IEnumerable<T> source, int index)
    {
        ArgumentNullException.ThrowIfNull(source);
        foreach (T item in source)
        {
            if (index-- == 0)
            {
                return item;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    public static T? ElementAtOrDefault<T>(this IEnumerable<T> source, int index) =>
        index < 0 ? default : source.Skip(index).FirstOrDefault();

    public static T Aggregate<T>(this IEnumerable<T> source, Func<T, T, T> func)
    {
        Check(source, func);
        using IEnumerator<T> items = source.GetEnumerator();
        if (!items.MoveNext())
        {
            throw NoElements();
        }

        T result = items.Current;
        while (items.MoveNext())
        {
            result = func(result, items.Current);
        }

        return result;
    }

    public static TAccumulate Aggregate<T, TAccumulate>(this IEnumerable<T> source, TAccumulate seed,
        Func<TAccumulate, T, TAccumulate> func)
    {
        Check(source, func);
        TAccumulate result = seed;
        foreach (T item in source)
        {
            result = func(result, item);
        }

        return result;
    }

    public static TResult Aggregate<T, TAccumulate, TResult>(this IEnumerable<T> source, TAccumulate seed,
        Func<TAccumulate, T, TAccumulate> func, Func<TAccumulate, TResult> resultSelector) =>
        resultSelector(source.Aggregate(seed, func));

    public static T? Min<T>(this IEnumerable<T> source) => Extreme(source, static item => item, -1);

    public static TResult? Min<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector) =>
        source.Select(selector).Min();

    public static T? MinBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector) =>
        Extreme(source, keySelector, -1);

    public static T? Max<T>(this IEnumerable<T> source) => Extreme(source, static item => item, 1);

    public static TResult? Max<T, TResult>(this IEnumerable<T> source, Func<T, TResult> selector) =>
        source.Select(selector).Max();

    public static T? MaxBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> keySelector) =>
        Extreme(source, keySelector, 1);

    public static int Min(this IEnumerable<int> source) =>
        source.Aggregate(static (a, b) => Math.Min(a, b));

    public static int Min<T>(this IEnumerable<T> source, Func<T, int> selector) => source.Select(selector).Min();

    public static int Max(this IEnumerable<int> source) =>
        source.Aggregate(static (a, b) => Math.Max(a, b));

    public static int Max<T>(this IEnumerable<T> source, Func<T, int> selector) => source.Select(selector).Max();

    public static int Sum(this IEnumerable<int> source) =>
        source.Aggregate(0, static (sum, item) => checked(sum + item));

    public static int Sum<T>(this IEnumerable<T> source, Func<T, int> selector) => source.Select(selector).Sum();

    public static double Average(this IEnumerable<int> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        long sum = 0;
        long count = 0;
        foreach (int item in source)
        {
            sum = checked(sum + item);
            count++;
        }

        return count == 0 ? throw NoElements() : (double)sum / count;
    }

    public static double Average<T>(this IEnumerable<T> source, Func<T, int> selector) =>
        source.Select(selector).Average();

    public static long Min(this IEnumerable<long> source) =>
        source.Aggregate(static (a, b) => Math.Min(a, b));

    public static long Min<T>(this IEnumerable<T> source, Func<T, long> selector) => source.Select(selector).Min();

    public static long Max(this IEnumerable<long> source) =>
        source.Aggregate(static (a, b) => Math.Max(a, b));

    public static long Max<T>(this IEnumerable<T> source, Func<T, long> selector) => source.Select(selector).Max();

    public static long Sum(this IEnumerable<long> source) =>
        source.Aggregate(0L, static (sum, item) => checked(sum + item));

    public static long Sum<T>(this IEnumerable<T> source, Func<T, long> selector) => source.Select(selector).Sum();

    public static double Average(this IEnumerable<long> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        long sum = 0;
        long count = 0;
        foreach (long item in source)
        {
            sum = checked(sum + item);
            count++;
        }

        return count == 0 ? throw NoElements() : (double)sum / count;
    }

    public static double Average<T>(this IEnumerable<T> source, Func<T, long> selector) =>
        source.Select(selector).Average();

    public static double Min(this IEnumerable<double> source) =>
        source.Aggregate(static (a, b) => Math.Min(a, b));

    public static double Min<T>(this IEnumerable<T> source, Func<T, double> selector) => source.Select(selector).Min();

    public static double Max(this IEnumerable<double> source) =>
        source.Aggregate(static (a, b) => Math.Max(a, b));

    public static double Max<T>(this IEnumerable<T> source, Func<T, double> selector) => source.Select(selector).Max();

    public static double Sum(this IEnumerable<double> source) =>
        source.Aggregate(0.0, static (sum, item) => sum + item);

    public static double Sum<T>(this IEnumerable<T> source, Func<T, double> selector) => source.Select(selector).Sum();

    public static double Average(this IEnumerable<double> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        double sum = 0;
        long count = 0;
        foreach (double item in source)
        {
            sum = sum + item;
            count++;
        }

        return count == 0 ? throw NoElements() : sum / count;
    }

    public static double Average<T>(this IEnumerable<T> source, Func<T, double> selector) =>
        source.Select(selector).Average();

    public static float Min(this IEnumerable<float> source) =>
        source.Aggregate(static (a, b) => Math.Min(a, b));

    public static float Min<T>(this IEnumerable<T> source, Func<T, float> selector) => source.Select(selector).Min();

    public static float Max(this IEnumerable<float> source) =>
        source.Aggregate(static (a, b) => Math.Max(a, b));

    public static float Max<T>(this IEnumerable<T> source, Func<T, float> selector) => source.Select(selector).Max();

    public static float Sum(this IEnumerable<float> source) =>
        (float)source.Aggregate(0.0, static (sum, item) => sum + item);

    public static float Sum<T>(this IEnumerable<T> source, Func<T, float> selector) => source.Select(selector).Sum();

    public static float Average(this IEnumerable<float> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        double sum = 0;
        long count = 0;
        foreach (float item in source)
        {
            sum = sum + item;
            count++;
        }

        return count == 0 ? throw NoElements() : (float)(sum / count);
    }

    public static float Average<T>(this IEnumerable<T> source, Func<T, float> selector) =>
        source.Select(selector).Average();

    private static InvalidOperationException NoElements() => new("Sequence contains no elements");

    private static bool TryFirst<T>(IEnumerable<T> source, Func<T, bool> predicate, out T? found)
    {
        Check(source, predicate);
        foreach (T item in source)
        {
            if (predicate(item))
            {
                found = item;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static bool TryLast<T>(IEnumerable<T> source, Func<T, bool> predicate, out T? found)
    {
        List<T> fitting = source.Where(predicate).ToList();
        found = fitting.Count > 0 ? fitting[^1] : default;
        return fitting.Count > 0;
    }

    private static bool TrySingle<T>(IEnumerable<T> source, Func<T, bool> predicate, out T? found)
    {
        List<T> fitting = source.Where(predicate).Take(2).ToList();
        if (fitting.Count > 1)
        {
            throw new InvalidOperationException("Sequence contains more than one element");
        }

        found = fitting.Count > 0 ? fitting[0] : default;
        return fitting.Count > 0;
    }

    /// <summary>The first of the least (sign -1) or greatest (1); null counts only if there is nothing else.</summary>
    private static T? Extreme<T, TKey>(IEnumerable<T> source, Func<T, TKey> keySelector, int sign)
    {
        Check(source, keySelector);
        bool any = false;
        T? best = default;
        TKey? bestKey = default;
        foreach (T item in source)
        {
            TKey key = keySelector(item);
            bool better = !any || (key is not null
                && (bestKey is null || Comparer<TKey>.Default.Compare(key, bestKey) * sign > 0));
            best = better ? item : best;
            bestKey = better ? key : bestKey;
            any = true;
        }

        return any || default(T) is null ? best : throw NoElements();
    }
}
