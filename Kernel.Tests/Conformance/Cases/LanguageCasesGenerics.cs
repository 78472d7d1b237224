using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Generics: exact and shared code, constraints, static fields, nesting.</summary>
public static class LanguageCasesGenerics
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddClasses(suite);
        AddMethods(suite);
        AddSharing(suite);
    }

    private static void AddClasses(Suite suite)
    {
        suite.Add("generics: class over a value", () => new Pair<int, long>(1, 2).ToString());
        suite.Add("generics: class over references", () => new Pair<string, object>("a", "b").ToString());
        suite.Add("generics: class over a struct with references", () =>
            new Pair<Pair<string, int>, bool>(new Pair<string, int>("x", 1), true).ToString());
        suite.Add("generics: swap", () => new Pair<string, int>("a", 1).Swapped().ToString());
        suite.Add("generics: nested class", () => new Outer<string>.Inner<int>("o", 5).ToString());
        suite.Add("generics: derived from an instance", () => new IntPair(3).ToString());
        suite.Add("generics: static fields belong to the instance", () =>
        {
            Counter<int>.Count = 1;
            Counter<string>.Count = 2;
            Counter<object>.Count = 3;
            return Counter<int>.Count + " " + Counter<string>.Count + " " + Counter<object>.Count;
        });
        suite.Add("generics: static constructor for each instance", () =>
            Labelled<int>.Label + " " + Labelled<string>.Label + " " + Labelled<List<string>>.Label);
        suite.Add("generics: recursive constraint", () =>
            Largest(new Weight(3), new Weight(9), new Weight(4)).ToString());
        suite.Add("generics: linked nodes", () => Chain(5).Sum().ToString());
        suite.Add("generics: default of each kind", () =>
            default(int) + (default(string) ?? "null") + default(bool) + (default(int?)?.ToString() ?? "none"));
        suite.Add("generics: virtual method of a generic class", () => ((Box<string>)new LoudBox<string>("a")).Show());
        suite.Add("generics: interface of a generic class", () => ((IShow)new LoudBox<int>(4)).Show());
    }

    private static void AddMethods(Suite suite)
    {
        suite.Add("generics: inference", () => Same(1, 1) + " " + Same("a", "b") + " " + Same(1.5, 1.5));
        suite.Add("generics: type names", () =>
            NameOf<int>() + NameOf<string>() + NameOf<List<int>>() + NameOf<int[]>());
        suite.Add("generics: new()", () => Create<Made>().Text + Create<MadeValue>().Number);
        suite.Add("generics: is and as", () =>
            As<string>("x") + As<string>(1) + Is<int>(1) + Is<int>("1") + Is<int?>(1));
        suite.Add("generics: cast to a parameter", () => Cast<string>("ok"));
        suite.Add("generics: wrong cast to a parameter", () => Cast<string>(new object()));
        suite.Add("generics: wrong unboxing by a parameter", () => Cast<int>("no").ToString());
        suite.Add("generics: arrays of a parameter", () => string.Join(",", Repeat("ab", 3)) + Repeat(7, 2).Length);
        suite.Add("generics: comparer of a parameter", () => Smaller(3, 2) + Smaller("b", "a") + Smaller('z', 'y'));
        suite.Add("generics: constraint to enum", () => EnumName(DayOfWeek.Friday));
        suite.Add("generics: constraint to unmanaged", () =>
            SizeOf<long>() + " " + SizeOf<Pixel>() + " " + SizeOf<byte>());
        suite.Add("generics: constraint to delegate", () => Invoke(static () => "called"));
        suite.Add("generics: null check of a parameter", () => IsNull(1) + IsNull<string?>(null) + IsNull<int?>(null));
        suite.Add("generics: lambda in a generic method", () => Mapper<int, string>(x => "<" + x + ">")(4));
        suite.Add("generics: recursion that grows the type", () => Depth(3, 1));
    }

    private static void AddSharing(Suite suite)
    {
        suite.Add("shared code: the same method over many classes", () =>
            Describe(new List<string> { "a" }) + Describe(new List<object> { 1 })
                + Describe(new List<int[]> { new int[2] }));
        suite.Add("shared code: typeof in a shared method", () =>
            NameOf<Made>() + NameOf<Outer<Made>>() + NameOf<object>());
        suite.Add("shared code: new list of the parameter", () => ListOf("a", "b").GetType().ToString());
        suite.Add("shared code: dictionary of the parameter", () => DictionaryOf("k", new Made()).GetType().ToString());
        suite.Add("shared code: delegate to a shared method", () =>
        {
            Func<string, string> f = Echo;
            Func<object, object> g = Echo;
            return f("a") + g("b");
        });
        suite.Add("shared code: closure over a shared local", () => Closure("cl")() + Closure(new Made())());
        suite.Add("shared code: iterator", () => string.Join(",", Twice(["a", "b"])));
        suite.Add("shared code: exception filter by type", () =>
            Catch<InvalidOperationException>() + Catch<Exception>());
        suite.Add("shared code: exception not of the type", () => Catch<ArgumentException>());
        suite.Add("shared code: interface dispatch on a parameter", () =>
            Shown(new LoudBox<string>("x")) + Shown(new Quiet()));
        suite.Add("shared code: struct instance over a class", () =>
            new Holder<string>("held").Get() + new Holder<Made>(new()).Get().Text);
        suite.Add("shared code: static method of a shared class", () => Outer<string>.Tag() + Outer<Made>.Tag());
        suite.Add("shared code: array covariance through a parameter", () => Store<object>(new string[1], "s"));
        suite.Add("shared code: refused covariant store", () => Store<object>(new string[1], 5));
    }

    private static string Same<T>(T a, T b) => EqualityComparer<T>.Default.Equals(a, b).ToString();

    private static string NameOf<T>() => typeof(T).Name + " ";

    private static T Create<T>() where T : new() => new();

    private static string As<T>(object o) where T : class => (o as T == null ? "null" : "some") + " ";

    private static string Is<T>(object o) => (o is T) + " ";

    private static T Cast<T>(object o) => (T)o;

    private static T[] Repeat<T>(T item, int count)
    {
        var items = new T[count];
        Array.Fill(items, item);
        return items;
    }

    private static string Smaller<T>(T a, T b) where T : IComparable<T> =>
        (a.CompareTo(b) < 0 ? a : b).ToString() + " ";

    private static string EnumName<T>(T value) where T : struct, Enum => value.ToString() + " " + (value is DayOfWeek);

    private static unsafe int SizeOf<T>() where T : unmanaged => sizeof(T);

    private static string Invoke<T>(T action) where T : Delegate => ((Func<string>)(Delegate)action)();

    private static string IsNull<T>(T item) => (item == null) + " ";

    private static Func<TIn, TOut> Mapper<TIn, TOut>(Func<TIn, TOut> map) => x => map(x);

    private static string Depth<T>(int depth, T item) =>
        depth == 0 ? item!.ToString()! : Depth(depth - 1, item!.ToString() + depth);

    private static string Describe<T>(List<T> items) where T : class =>
        items.Count + typeof(T).Name + (items[0] is string) + " ";

    private static List<T> ListOf<T>(params T[] items) => new(items);

    private static Dictionary<TKey, TValue> DictionaryOf<TKey, TValue>(TKey key, TValue value) where TKey : notnull =>
        new() { [key] = value };

    private static T Echo<T>(T item) => item;

    private static Func<string> Closure<T>(T item) where T : class => () => typeof(T).Name + item + " ";

    private static IEnumerable<T> Twice<T>(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            yield return item;
            yield return item;
        }
    }

    private static string Catch<T>() where T : Exception
    {
        try
        {
            throw new InvalidOperationException();
        }
        catch (T caught)
        {
            return caught.GetType().Name + " ";
        }
    }

    private static string Shown<T>(T item) where T : IShow => item.Show() + " ";

    private static string Store<T>(T[] items, T item)
    {
        items[0] = item;
        return items[0]!.ToString()!;
    }

    private static T Largest<T>(params T[] items) where T : IComparable<T>
    {
        T largest = items[0];
        foreach (T item in items)
        {
            if (item.CompareTo(largest) > 0)
                largest = item;
        }
        return largest;
    }

    private static Link<int> Chain(int count)
    {
        Link<int>? chain = null;
        for (int i = 1; i <= count; i++)
            chain = new Link<int>(i, chain);
        return chain!;
    }

    private interface IShow
    {
        string Show();
    }

    private record struct Pixel(byte R, byte G, byte B);

    private sealed class Link<T>(T value, Link<T>? next)
    {
        internal int Sum()
        {
            int sum = 0;
            for (Link<T>? link = this; link != null; link = link.Next)
                sum += (int)(object)link.Value!;
            return sum;
        }

        private T Value { get; } = value;

        private Link<T>? Next { get; } = next;
    }

    private class Pair<TFirst, TSecond>(TFirst first, TSecond second)
    {
        internal Pair<TSecond, TFirst> Swapped() => new(second, first);

        public override string ToString() => "(" + first + "; " + second + ")";
    }

    private sealed class IntPair(int n) : Pair<int, int>(n, n * n);

    private sealed class Outer<T>
    {
        internal static string Tag() => "tag of " + typeof(T).Name + " ";

        internal sealed class Inner<TInner>(T outer, TInner inner)
        {
            public override string ToString() => outer + "/" + inner + "/" + typeof(T).Name + typeof(TInner).Name;
        }
    }

    private static class Counter<T>
    {
        internal static int Count;
    }

    private static class Labelled<T>
    {
        internal static readonly string Label;

        static Labelled() => Label = "label:" + typeof(T).Name;
    }

    private readonly struct Weight(int grams) : IComparable<Weight>
    {
        private readonly int grams = grams;

        public int CompareTo(Weight other) => grams.CompareTo(other.grams);

        public override string ToString() => grams + "g";
    }

    private class Box<T>(T content) : IShow
    {
        public virtual string Show() => "[" + content + "]";
    }

    private sealed class LoudBox<T>(T content) : Box<T>(content)
    {
        public override string Show() => base.Show() + "!";
    }

    private sealed class Quiet : IShow
    {
        public string Show() => "quiet";
    }

    private sealed class Made
    {
        internal string Text => "made";

        public override string ToString() => "Made";
    }

    private struct MadeValue
    {
        internal int Number { get; set; }
    }

    private readonly struct Holder<T>(T held)
    {
        internal T Get() => held;
    }
}
