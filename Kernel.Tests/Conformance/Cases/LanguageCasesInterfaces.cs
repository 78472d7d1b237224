using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Interfaces: dispatch, defaults, variance, static members.</summary>
public static class LanguageCasesInterfaces
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddDispatch(suite);
        AddDefaults(suite);
        AddVariance(suite);
        AddStaticMembers(suite);
    }

    private interface INamed
    {
        string Name { get; }
    }

    private interface ICounted : INamed
    {
        int Count(int by);
    }

    private interface IGreeter
    {
        string Greet() => "hello from " + Who();

        string Who();
    }

    private interface ILeft : IGreeter
    {
        string IGreeter.Greet() => "left";
    }

    private interface IRight : IGreeter
    {
        string IGreeter.Greet() => "right";
    }

    private interface IAbstractAgain : IGreeter
    {
        abstract string IGreeter.Greet();
    }

    private interface IProducer<out T>
    {
        T Make();
    }

    private interface IConsumer<in T>
    {
        string Take(T item);
    }

    private interface ITransform<in TIn, out TOut>
    {
        TOut Apply(TIn input);
    }

    private interface IShape<TSelf> where TSelf : IShape<TSelf>
    {
        static abstract string Kind { get; }

        static abstract TSelf Make(int size);

        static virtual int Corners => 0;

        int Size { get; }
    }

    private interface IGenericDefault<T>
    {
        string Describe(T item) => "default " + typeof(T).Name + " " + item;
    }

    private static void AddDispatch(Suite suite)
    {
        suite.Add("interfaces: one call site, many types", () =>
        {
            INamed[] all = [new First(), new Second(), new Third(), new First(), new ValueNamed(4)];
            string text = "";
            for (int round = 0; round < 3; round++)
            {
                foreach (INamed named in all)
                    text += named.Name;
            }
            return text;
        });
        suite.Add("interfaces: arguments arrive", () => Counter().Count(7) + " " + Counter().Count(-7));
        suite.Add("interfaces: inherited interface", () => Counter().Name);
        suite.Add("interfaces: explicit implementation", () => ((INamed)new Hidden()).Name + new Hidden().Name);
        suite.Add("interfaces: implemented by a base class", () => ((INamed)new DerivedFromFirst()).Name);
        suite.Add("interfaces: implemented again by a derived class", () => ((INamed)new Again()).Name);
        suite.Add("interfaces: a virtual implementation is overridden", () => ((INamed)new OverridesVirtual()).Name);
        suite.Add("interfaces: on a boxed struct", () =>
            ((ICounted)new CountedValue { Total = 5 }).Count(3).ToString());
        suite.Add("interfaces: a boxed struct keeps its changes", () =>
        {
            ICounted counted = new CountedValue();
            counted.Count(1);
            return counted.Count(1).ToString();
        });
        suite.Add("interfaces: constrained call does not box", () => CountTwice(new CountedValue()).ToString());
        suite.Add("interfaces: null", () => ((INamed)null!).Name);
        suite.Add("interfaces: null with arguments", () => ((ICounted)null!).Count(3).ToString());
        suite.Add("interfaces: many types through one site", () =>
        {
            int sum = 0;
            foreach (IComparable<int> number in Numbers())
                sum += number.CompareTo(3);
            return sum.ToString();
        });
        suite.Add("interfaces: generic interface of two arguments", () =>
            new Pairing().Apply(4) + ((ITransform<string, int>)new Pairing()).Apply("four"));
        suite.Add("interfaces: a class implements one interface twice", () =>
            ((IEquatable<int>)new Both()).Equals(1) + " " + ((IEquatable<string>)new Both()).Equals("1"));
    }

    private static void AddDefaults(Suite suite)
    {
        suite.Add("interfaces: default method", () => ((IGreeter)new Plain()).Greet());
        suite.Add("interfaces: default method overridden", () => ((IGreeter)new Polite()).Greet());
        suite.Add("interfaces: a nearer default wins", () => ((IGreeter)new LeftOnly()).Greet());
        suite.Add("interfaces: a class settles the diamond", () => ((IGreeter)new Settled()).Greet());
        suite.Add("interfaces: default method on a struct", () => ((IGreeter)new PlainValue()).Greet());
        suite.Add("interfaces: default method of a generic interface", () =>
            ((IGenericDefault<int>)new DefaultsOfInt()).Describe(5));
        suite.Add("interfaces: default method in shared code", () => DescribeShared(new DefaultsOf<string>(), "s"));
        suite.Add("interfaces: abstract again and implemented", () => ((IGreeter)new Implemented()).Greet());
    }

    private static void AddVariance(Suite suite)
    {
        suite.Add("variance: covariant interface", () => ((IProducer<object>)new MakesText()).Make().ToString() ?? "");
        suite.Add("variance: covariant through a base class", () => ((IProducer<INamed>)new MakesFirst()).Make().Name);
        suite.Add("variance: contravariant interface", () => ((IConsumer<string>)new TakesAll()).Take("x"));
        suite.Add("variance: both ways", () =>
            ((ITransform<string, object>)new LengthOf()).Apply("abc").ToString() ?? "");
        suite.Add("variance: values do not vary", () => ((object)new MakesInt() is IProducer<object>).ToString());
        suite.Add("variance: refused direction", () => ((object)new MakesObject() is IProducer<string>).ToString());
        suite.Add("variance: refused cast", () => ((IProducer<string>)(object)new MakesObject()).Make());
        suite.Add("variance: sequence of a derived class", () =>
        {
            IEnumerable<object> objects = new List<string> { "a", "b" };
            string text = "";
            foreach (object o in objects)
                text += o;
            return text;
        });
        suite.Add("variance: array as sequence of a base", () =>
        {
            IEnumerable<object> objects = new[] { "a", "b" };
            string text = "";
            foreach (object o in objects)
                text += o;
            return text;
        });
        suite.Add("variance: array as read-only list of a base", () =>
            ((IReadOnlyList<object>)new[] { "a", "b" })[1] + "");
        suite.Add("variance: comparer of a base", () =>
        {
            IEqualityComparer<string> comparer = new AnyEqual();
            return comparer.Equals("a", "b").ToString();
        });
        suite.Add("variance: nested", () =>
            ((object)new List<IProducer<string>>() is IEnumerable<IProducer<object>>).ToString());
    }

    private static void AddStaticMembers(Suite suite)
    {
        suite.Add("interfaces: static abstract property", () => KindOf<Box>() + KindOf<Ball>());
        suite.Add("interfaces: static abstract factory", () => Build<Ball>(4).Size.ToString());
        suite.Add("interfaces: static virtual default", () => CornersOf<Ball>() + " " + CornersOf<Box>());
        suite.Add("interfaces: static abstract operator", () =>
            Total<Amount>([new(1), new(2), new(3)]).Value.ToString());
    }

    private static ICounted Counter() => new Counting();

    private static int CountTwice<T>(T counted) where T : ICounted
    {
        counted.Count(1);
        return counted.Count(1);
    }

    private static IEnumerable<IComparable<int>> Numbers()
    {
        for (int i = 0; i < 6; i++)
            yield return i;
    }

    private static string DescribeShared<T>(IGenericDefault<T> described, T item) where T : class =>
        described.Describe(item);

    private static string KindOf<T>() where T : IShape<T> => T.Kind;

    private static int CornersOf<T>() where T : IShape<T> => T.Corners;

    private static T Build<T>(int size) where T : IShape<T> => T.Make(size);

    private static T Total<T>(T[] items) where T : IAddable<T>
    {
        T sum = T.Zero;
        foreach (T item in items)
            sum += item;
        return sum;
    }

    private interface IAddable<T> where T : IAddable<T>
    {
        static abstract T Zero { get; }

        static abstract T operator +(T a, T b);
    }

    private readonly struct Amount(int value) : IAddable<Amount>
    {
        internal readonly int Value = value;

        public static Amount Zero => new(0);

        public static Amount operator +(Amount a, Amount b) => new(a.Value + b.Value);
    }

    private class First : INamed
    {
        public string Name => "first ";
    }

    private sealed class Second : INamed
    {
        public string Name => "second ";
    }

    private sealed class Third : INamed
    {
        public string Name => "third ";
    }

    private readonly struct ValueNamed(int n) : INamed
    {
        public string Name => "value" + n + " ";
    }

    private sealed class Counting : ICounted
    {
        public string Name => "counting";

        public int Count(int by) => 100 + by;
    }

    private struct CountedValue : ICounted
    {
        internal int Total;

        public readonly string Name => "value";

        public int Count(int by) => Total += by;
    }

    private sealed class Hidden : INamed
    {
        public string Name => "public";

        string INamed.Name => "explicit ";
    }

    private sealed class DerivedFromFirst : First;

    private sealed class Again : First, INamed
    {
        string INamed.Name => "again";
    }

    private class HasVirtual : INamed
    {
        public virtual string Name => "virtual";
    }

    private sealed class OverridesVirtual : HasVirtual
    {
        public override string Name => "overridden";
    }

    private sealed class Pairing : ITransform<int, string>, ITransform<string, int>
    {
        public string Apply(int input) => "int" + input + " ";

        public int Apply(string input) => input.Length;
    }

    private sealed class Both : IEquatable<int>, IEquatable<string>
    {
        public bool Equals(int other) => other == 1;

        public bool Equals(string? other) => other == "2";
    }

    private sealed class Plain : IGreeter
    {
        public string Who() => "plain";
    }

    private sealed class Polite : IGreeter
    {
        public string Greet() => "good day";

        public string Who() => "";
    }

    private sealed class LeftOnly : ILeft
    {
        public string Who() => "";
    }

    private sealed class Settled : ILeft, IRight
    {
        public string Greet() => "settled";

        public string Who() => "";
    }

    private readonly struct PlainValue : IGreeter
    {
        public string Who() => "value";
    }

    private sealed class Implemented : IAbstractAgain
    {
        string IGreeter.Greet() => "implemented";

        public string Who() => "";
    }

    private sealed class DefaultsOfInt : IGenericDefault<int>;

    private sealed class DefaultsOf<T> : IGenericDefault<T>;

    private sealed class MakesText : IProducer<string>
    {
        public string Make() => "text";
    }

    private class MakesFirst : IProducer<First>
    {
        public First Make() => new();
    }

    private sealed class MakesInt : IProducer<int>
    {
        public int Make() => 1;
    }

    private sealed class MakesObject : IProducer<object>
    {
        public object Make() => "o";
    }

    private sealed class TakesAll : IConsumer<object>
    {
        public string Take(object item) => "took " + item;
    }

    private sealed class LengthOf : ITransform<object, string>
    {
        public string Apply(object input) => "<" + input + ">";
    }

    private sealed class AnyEqual : IEqualityComparer<object>
    {
        bool IEqualityComparer<object>.Equals(object? x, object? y) => true;

        int IEqualityComparer<object>.GetHashCode(object obj) => 0;
    }

    private readonly struct Box : IShape<Box>
    {
        public static string Kind => "box ";

        public static int Corners => 8;

        public int Size => 1;

        public static Box Make(int size) => default;
    }

    private sealed class Ball(int size) : IShape<Ball>
    {
        public static string Kind => "ball ";

        public int Size => size;

        public static Ball Make(int size) => new(size);
    }
}
