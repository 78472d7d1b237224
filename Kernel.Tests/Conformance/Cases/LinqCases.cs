using System;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Conformance;

/// <summary>Queries over sequences.</summary>
public static class LinqCases
{
    private static readonly int[] Numbers = [5, 3, 8, 1, 9, 2, 7, 3, 8];
    private static readonly string[] Words = ["hauki", "ahven", "kuha", "made", "siika", "särki", "lahna"];

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddLazy(suite);
        AddOrdered(suite);
        AddSets(suite);
        AddResults(suite);
        AddRefusals(suite);
    }

    private static string Show<T>(IEnumerable<T> items) => string.Join(' ', items);

    private static void AddLazy(Suite suite)
    {
        suite.Add("linq: where and select", () => Show(Numbers.Where(x => x > 3).Select(x => x * x)));
        suite.Add("linq: with the place", () => Show(Words.Select((w, i) => i + w).Where((w, i) => i % 2 == 0)));
        suite.Add("linq: query syntax", () => Show(
            from a in Numbers
            where a > 2
            from b in Words
            where b.Length == a
            orderby b descending
            select a + b));
        suite.Add("linq: take and skip", () =>
            $"{Show(Numbers.Take(3))}|{Show(Numbers.Skip(6))}|{Show(Numbers.Take(2..^3))}"
            + $"|{Show(Numbers.TakeLast(2))}|{Show(Numbers.SkipLast(7))}|{Show(Numbers.TakeWhile(x => x != 1))}"
            + $"|{Show(Numbers.SkipWhile(x => x != 9))}|{Show(Numbers.Take(-1))}");
        suite.Add("linq: select many", () => Show(Words.SelectMany(w => w.Take(2))));
        suite.Add("linq: concat, append, prepend", () => Show(Numbers.Take(2).Concat([70, 71]).Append(1).Prepend(0)));
        suite.Add("linq: range and repeat", () =>
            Show(Enumerable.Range(-2, 5)) + "|" + Show(Enumerable.Repeat("x", 3)));
        suite.Add("linq: zip and chunk", () => Show(Numbers.Zip(Words)) + "|"
            + Show(Numbers.Chunk(4).Select(chunk => Show(chunk) + ";")));
        suite.Add("linq: reverse", () => Show(Enumerable.Reverse(Words)));
        suite.Add("linq: of type and cast", () =>
        {
            object[] mixed = [1, "a", 2.5, 3, null!];
            return Show(mixed.OfType<int>()) + "|" + Show(new object[] { "x", "y" }.Cast<string>());
        });
        suite.Add("linq: default if empty", () => Show(Array.Empty<int>().DefaultIfEmpty(7)));
        suite.Add("linq: nothing happens before it is gone over", () =>
        {
            int calls = 0;
            IEnumerable<int> query = Numbers.Select(x => x + ++calls);
            int before = calls;
            return before + " " + query.First() + " " + calls;
        });
    }

    private static void AddOrdered(Suite suite)
    {
        suite.Add("linq: order", () => Show(Numbers.Order()) + "|" + Show(Numbers.OrderDescending()));
        suite.Add("linq: order by several keys", () =>
            Show(Words.OrderBy(w => w.Length).ThenByDescending(w => w[0]).ThenBy(w => w[^1])));
        suite.Add("linq: ordering is stable", () =>
            Show(Enumerable.Range(0, 50).OrderBy(x => x % 3).Select(x => x.ToString())));
        suite.Add("linq: order with a comparer", () =>
            Show(new[] { "b", "A", "a", "B" }.OrderBy(w => w, StringComparer.OrdinalIgnoreCase)));
    }

    private static void AddSets(Suite suite)
    {
        suite.Add("linq: distinct", () => Show(Numbers.Distinct()) + "|" + Show(Words.DistinctBy(w => w.Length)));
        suite.Add("linq: union, except, intersect", () =>
            $"{Show(Numbers.Union([1, 100]))}|{Show(Numbers.Except([8, 3]))}"
            + $"|{Show(Numbers.Intersect([8, 3, 4]))}");
        suite.Add("linq: groups", () => Show(Words.GroupBy(w => w.Length).Select(g => g.Key + ":" + Show(g))));
        suite.Add("linq: groups of null keys", () =>
            Show(new[] { "a", null, "a", null }.GroupBy(w => w).Select(g => g.Key + g.Count())));
        suite.Add("linq: lookup", () =>
        {
            ILookup<int, string> lookup = Words.ToLookup(w => w.Length);
            return lookup.Count + " " + Show(lookup[4]) + " " + lookup.Contains(9) + " " + lookup[9].Count();
        });
        suite.Add("linq: join", () => Show(Numbers.Join(Words, n => n, w => w.Length, (n, w) => n + w)));
        suite.Add("linq: group join", () =>
            Show(new[] { 4, 6 }.GroupJoin(Words, n => n, w => w.Length, (n, ws) => n + "=" + ws.Count())));
        suite.Add("linq: dictionary and set", () =>
            Show(Words.ToDictionary(w => w[..2], w => w.Length)) + "|" + Numbers.ToHashSet().Count);
    }

    private static void AddResults(Suite suite)
    {
        suite.Add("linq: sums", () => $"{Numbers.Sum()} {Numbers.Average()} {Numbers.Sum(x => x * 0.5)} "
            + $"{Words.Sum(w => w.Length)} {Numbers.Select(x => (long)x).Sum()}");
        suite.Add("linq: least and greatest", () => $"{Numbers.Min()} {Numbers.Max()} {Words.Min()} {Words.Max()} "
            + $"{Words.MinBy(w => w[1])} {Words.MaxBy(w => w.Length)} {Words.Max(w => w.Length)} "
            + $"{new double[] { 1, double.NaN, 2 }.Min()}");
        suite.Add("linq: counts", () => $"{Numbers.Count()} {Numbers.Count(x => x > 5)} {Numbers.Any()} "
            + $"{Numbers.Any(x => x > 100)} {Numbers.All(x => x > 0)} {Words.AsEnumerable().Contains("made")}");
        suite.Add("linq: single elements", () => $"{Numbers.First()} {Numbers.First(x => x > 5)} {Numbers.Last()} "
            + $"{Numbers.Last(x => x < 5)} {Numbers.Single(x => x == 9)} {Numbers.ElementAt(2)} "
            + $"{Numbers.FirstOrDefault(x => x > 100)} {Words.LastOrDefault(w => w == "x") ?? "none"} "
            + $"{Numbers.SingleOrDefault(x => x == 100)} {Numbers.ElementAtOrDefault(100)}");
        suite.Add("linq: aggregate", () => $"{Numbers.Aggregate((a, b) => (a * 2) + b)} "
            + $"{Words.Aggregate("", (a, w) => a + w[0])} {Numbers.Aggregate(1L, (a, b) => a * b, a => a / 7)}");
        suite.Add("linq: sequence equal", () => $"{Numbers.SequenceEqual(Numbers.ToList())} "
            + $"{Numbers.SequenceEqual(Numbers.Skip(1))}");
    }

    private static void AddRefusals(Suite suite)
    {
        suite.Add("linq: first of nothing", () => Array.Empty<int>().First().ToString());
        suite.Add("linq: single of many", () => Numbers.Single(x => x == 8).ToString());
        suite.Add("linq: least of nothing", () => Array.Empty<int>().Min().ToString());
        suite.Add("linq: average of nothing", () => Array.Empty<double>().Average().ToString());
        suite.Add("linq: a sum overflows", () => new[] { int.MaxValue, 1 }.Sum().ToString());
        suite.Add("linq: the same key twice", () => Words.ToDictionary(w => w.Length).Count.ToString());
        suite.Add("linq: of null", () => ((IEnumerable<int>)null!).Where(x => x > 0).Count().ToString());
        suite.Add("linq: element out of range", () => Numbers.ElementAt(100).ToString());
        suite.Add("linq: a wrong cast", () => Show(new object[] { 1 }.Cast<string>()));
    }
}
