using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Delegates, lambdas, events.</summary>
public static class LanguageCasesDelegates
{
    private delegate string Formatter(int number);

    private delegate void Changer(ref int number);

    private delegate T Maker<out T>();

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddKinds(suite);
        AddMulticast(suite);
        AddClosures(suite);
    }

    private static void AddKinds(Suite suite)
    {
        suite.Add("delegates: static method", () => new Formatter(Star)(3));
        suite.Add("delegates: instance method", () => new Formatter(new Prefix("p").Format)(4));
        suite.Add("delegates: virtual method", () => new Formatter(((Prefix)new Louder("q")).Format)(5));
        suite.Add("delegates: interface method", () => new Formatter(((IFormats)new Prefix("i")).Format)(6));
        suite.Add("delegates: struct method", () => new Formatter(new Times(10).Format)(7));
        suite.Add("delegates: extension method closed over its object", () =>
        {
            Func<string> shout = "x".Shout;
            return shout();
        });
        suite.Add("delegates: of null", () => new Formatter(((Prefix)null!).Format)(1));
        suite.Add("delegates: call of null", () => ((Formatter)null!)(1));
        suite.Add("delegates: ref parameter", () =>
        {
            int n = 1;
            Changer change = (ref int x) => x += 41;
            change(ref n);
            return n.ToString();
        });
        suite.Add("delegates: many arguments", () =>
        {
            Func<int, long, string, double, byte, string> f =
                (a, b, c, d, e) => a + "," + b + "," + c + "," + d + "," + e;
            return f(1, 2, "3", 4.5, 5);
        });
        suite.Add("delegates: struct argument and result", () =>
        {
            Func<(int A, string B), (string, int)> f = pair => (pair.B, pair.A);
            return f((1, "x")).ToString();
        });
        suite.Add("delegates: covariant result", () =>
        {
            Maker<string> text = () => "text";
            Maker<object> any = text;
            return any().ToString()!;
        });
        suite.Add("delegates: contravariant argument", () =>
        {
            Action<object> take = o => Log.Add(o.ToString()!);
            Action<string> takeText = take;
            Log.Clear();
            takeText("taken");
            return string.Join(",", Log);
        });
        suite.Add("delegates: target", () =>
        {
            var prefix = new Prefix("p");
            return ReferenceEquals(new Formatter(prefix.Format).Target, prefix).ToString();
        });
        suite.Add("delegates: function pointer", FunctionPointer);
        suite.Add("delegates: generic method", () =>
            ((Func<int, string>)Twice)(4) + ((Func<string, string>)Twice)("z"));
        suite.Add("delegates: generic instance method", () => ((Func<string, string>)new Prefix("g").Both)("h"));
    }

    private static void AddMulticast(Suite suite)
    {
        suite.Add("multicast: all are called in order", () => Run(Call("a") + Call("b") + Call("c")));
        suite.Add("multicast: the last result counts", () => ((Formatter)Star + Hash + Star + Hash)(2));
        suite.Add("multicast: removal of the last equal one", () =>
        {
            Action a = Call("a");
            return Run(a + Call("b") + a + Call("c") - a);
        });
        suite.Add("multicast: removal of a list", () =>
        {
            Action a = Call("a"), b = Call("b");
            return Run(a + b + a + b + a - (a + b));
        });
        suite.Add("multicast: removing what is not there", () => Run(Call("a") - Call("b")));
        suite.Add("multicast: removing everything gives null", () =>
        {
            Action a = Call("a");
            return (a - a == null).ToString();
        });
        suite.Add("multicast: equality", () =>
        {
            Action a = Log.Clear, b = Log.Clear;
            return (a == b) + " " + (a + b == b + a) + " " + (a + b == a) + " " + a.Equals(b);
        });
        suite.Add("multicast: invocation list", () => (Call("a") + Call("b")).GetInvocationList().Length.ToString());
        suite.Add("multicast: an exception stops the list", () =>
        {
            Log.Clear();
            Action all = Call("a") + (() => throw new InvalidOperationException()) + Call("b");
            try
            {
                all();
            }
            catch (InvalidOperationException)
            {
                Log.Add("caught");
            }
            return string.Join(",", Log);
        });
        suite.Add("multicast: with ref", () =>
        {
            Changer change = (ref int x) => x += 2;
            change += (ref int x) => x *= 10;
            int n = 1;
            change(ref n);
            return n.ToString();
        });
        suite.Add("events: raise, remove, raise", () =>
        {
            var source = new Source();
            Log.Clear();
            source.Rung += Ring;
            source.Rung += Ring;
            source.Ring(1);
            source.Rung -= Ring;
            source.Ring(2);
            source.Rung -= Ring;
            source.Ring(3);
            return string.Join(",", Log);
        });
        suite.Add("events: custom accessors", () =>
        {
            var source = new Source();
            source.Counted += Ring;
            source.Counted -= Ring;
            return source.Balance.ToString();
        });
    }

    private static void AddClosures(Suite suite)
    {
        suite.Add("closures: share a variable", () =>
        {
            int n = 0;
            Action up = () => n++;
            Func<int> read = () => n;
            up();
            up();
            return read().ToString();
        });
        suite.Add("closures: each turn of foreach has its own", () =>
        {
            var all = new List<Func<int>>();
            foreach (int i in new[] { 1, 2, 3 })
                all.Add(() => i * i);
            return string.Join(",", all.ConvertAll(f => f()));
        });
        suite.Add("closures: a for loop shares its variable", () =>
        {
            var all = new List<Func<int>>();
            for (int i = 0; i < 3; i++)
                all.Add(() => i);
            return string.Join(",", all.ConvertAll(f => f()));
        });
        suite.Add("closures: nested", () => Adder(1)(2)(3).ToString());
        suite.Add("closures: outlive a collection", () =>
        {
            Func<string> kept = Keep("kept" + Log.Count.ToString()[..0]);
            GC.Collect();
            return kept();
        });
        suite.Add("closures: recursion by a delegate", () =>
        {
            Func<int, int>? factorial = null;
            factorial = n => n < 2 ? 1 : n * factorial!(n - 1);
            return factorial(10).ToString();
        });
        suite.Add("closures: static lambda", () => ((Func<int, int>)(static x => x + 1))(1).ToString());
        suite.Add("closures: default parameter of a lambda", () =>
        {
            var f = (int x = 5) => x * 2;
            return f() + " " + f(1);
        });
    }

    private static readonly List<string> Log = [];

    private static Action Call(string name) => () => Log.Add(name);

    private static string Run(Action? all)
    {
        Log.Clear();
        all?.Invoke();
        return string.Join(",", Log);
    }

    private static void Ring(int n) => Log.Add("ring" + n);

    private static string Star(int n) => new('*', n);

    private static string Hash(int n) => new('#', n);

    private static string Twice<T>(T item) => item + "" + item;

    private static Func<int, Func<int, int>> Adder(int a) => b => c => a * 100 + b * 10 + c;

    private static Func<string> Keep(string text) => () => text;

    private static unsafe string FunctionPointer()
    {
        delegate*<int, string> star = &Star;
        return star(2);
    }

    private interface IFormats
    {
        string Format(int number);
    }

    private class Prefix(string prefix) : IFormats
    {
        public virtual string Format(int number) => prefix + number;

        internal string Both<T>(T other) => prefix + other + typeof(T).Name;
    }

    private sealed class Louder(string prefix) : Prefix(prefix)
    {
        public override string Format(int number) => base.Format(number) + "!";
    }

    private readonly struct Times(int factor)
    {
        internal string Format(int number) => (number * factor).ToString();
    }

    private sealed class Source
    {
        internal event Action<int>? Rung;

        internal event Action<int> Counted
        {
            add => Balance += 10;
            remove => Balance--;
        }

        internal int Balance { get; private set; }

        internal void Ring(int n) => Rung?.Invoke(n);
    }
}
