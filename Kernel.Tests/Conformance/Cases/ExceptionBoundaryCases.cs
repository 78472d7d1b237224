using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace HaukiOS.Conformance;

/// <summary>Exceptions across every kind of call, from deep below, in great number, and what they say.</summary>
public static class ExceptionBoundaryCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddCalls(suite);
        AddIterators(suite);
        AddConstructors(suite);
        AddAmount(suite);
        AddWords(suite);
    }

    private static void AddCalls(Suite suite)
    {
        suite.AddThrow("across: an interface call", () => Thrower.Hide<IWork>(new Worker()).Do(1));
        suite.AddThrow("across: a default interface method", () => Thrower.Hide<IWork>(new Worker()).DoTwice(1));
        suite.AddThrow("across: a virtual call", () => Thrower.Hide(new Worker()).Virtual(2));
        suite.AddThrow("across: a delegate", () => Thrower.Hide<Func<int, int>>(Thrower.Numbered)(3));
        suite.Add("across: a closure", () =>
        {
            int seen = 0;
            Action<int> action = number =>
            {
                seen = number;
                Thrower.Numbered(number);
                seen = -1;
            };
            return Thrower.NameOf(() => action(4)) + " " + seen;
        });
        suite.Add("across: the second of three delegates stops the third", () =>
        {
            var journal = new Journal();
            Action all = () => journal.Note("first");
            all += () => Thrower.Numbered(1);
            all += () => journal.Note("third");
            string name = Thrower.NameOf(all);
            return journal + " " + name;
        });
        suite.AddThrow("across: a generic method over a class", () => Generic<string>.Throw("x", 1));
        suite.AddThrow("across: a generic method over a struct", () => Generic<long>.Throw(5L, 1));
        suite.Add("across: a generic handler", () =>
            Generic<object>.Catch<NumberedException>() + Generic<int>.Catch<Exception>());
        suite.AddThrow("across: a generic handler that does not fit", () => Generic<int>.Catch<OtherException>());
        suite.AddThrow("across: a property", () => Thrower.Hide(new Worker().Property));
        suite.AddThrow("across: an indexer", () => Thrower.Hide(new Worker()[3]));
        suite.AddThrow("across: an operator", () => Thrower.Hide(new Worker() + new Worker()));
        suite.Add("across: a sort's comparison", () =>
        {
            var numbers = new List<int> { 3, 1, 2 };
            return Thrower.NameOf(() => numbers.Sort((a, b) => Thrower.Numbered(1))) + " " + numbers.Count;
        });
        suite.Add("across: a function pointer", FunctionPointer);
        suite.Add("across: a comparer in a dictionary", () =>
        {
            var table = new Dictionary<BadKey, int>();
            return Thrower.NameOf(() => table.Add(new BadKey(), 1)) + " " + table.Count;
        });
        suite.Add("across: a string being built", () =>
        {
            string text = "before";
            string name = Thrower.NameOf(() => text = $"{text} {Thrower.Numbered(1)} after");
            return text + " " + name;
        });
    }

    private static void AddIterators(Suite suite)
    {
        suite.Add("iterator: breaking out runs its finally", () =>
        {
            var journal = new Journal();
            foreach (int number in Count(journal, 0))
            {
                if (number == 2)
                    break;
            }

            return journal.ToString();
        });
        suite.Add("iterator: a throw inside reaches the loop", () =>
        {
            var journal = new Journal();
            try
            {
                foreach (int number in Count(journal, 2))
                    journal.Note("n" + number);
            }
            catch (NumberedException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("iterator: a throw in the loop runs its finally", () =>
        {
            var journal = new Journal();
            try
            {
                foreach (int number in Count(journal, 0))
                    Thrower.Numbered(number);
            }
            catch (NumberedException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("iterator: ends after it threw", () =>
        {
            IEnumerator<int> numbers = Count(new Journal(), 1).GetEnumerator();
            string first = Thrower.NameOf(() => numbers.MoveNext());
            return first + " " + numbers.MoveNext();
        });
    }

    private static void AddConstructors(Suite suite)
    {
        suite.AddThrow("constructor: a throw inside", () => Thrower.Hide(new Failing(1)));
        suite.AddThrow("constructor: a throw in a field's initialiser", () => Thrower.Hide(new FailingField()));
        suite.AddThrow("constructor: a throw in the base", () => Thrower.Hide(new Derived()));
        suite.Add("static constructor: wrapped, and the same at every use", () =>
        {
            Exception? first = null;
            string text = "";
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    text += FailingStatic.Value;
                }
                catch (TypeInitializationException thrown)
                {
                    first ??= thrown;
                    text += ReferenceEquals(first, thrown) + " " + thrown.InnerException!.GetType().Name + " ";
                }
            }

            return text;
        });
        suite.Add("static constructor: the fault of another one inside", () =>
        {
            try
            {
                return OuterStatic.Value.ToString();
            }
            catch (TypeInitializationException thrown)
            {
                Exception inner = thrown.InnerException!;
                return inner.GetType().Name + " " + inner.InnerException!.GetType().Name;
            }
        });
        suite.Add("static constructor: catches its own", () => CarefulStatic.Value.ToString());
    }

    private static void AddAmount(Suite suite)
    {
        int[] depths = [1, 10, 100, 1000];
        foreach (int depth in depths)
        {
            int frames = depth;
            suite.Add("amount: from " + depth + " frames below", () =>
            {
                try
                {
                    return Thrower.Deep(frames, 1, 2, 3).ToString();
                }
                catch (NumberedException thrown)
                {
                    return "caught " + thrown.Number;
                }
            });
        }

        suite.Add("amount: a finally in each of 500 frames", () =>
        {
            int count = 0;
            string name = Thrower.NameOf(() => CountingDeep(500, ref count));
            return name + " " + count;
        });
        suite.Add("amount: 20000 thrown and caught", () =>
        {
            int sum = 0;
            for (int i = 1; i <= 20000; i++)
            {
                try
                {
                    Thrower.Numbered(i);
                }
                catch (NumberedException thrown)
                {
                    sum ^= thrown.Number;
                }
            }

            return sum.ToString();
        });
        suite.Add("amount: alive across collections", () =>
        {
            int right = 0;
            for (int i = 1; i <= 200; i++)
            {
                try
                {
                    Thrower.Numbered(i);
                }
                catch (NumberedException thrown) when (Litter() && thrown.Number == i)
                {
                    Litter();
                    right += thrown.Message == "number " + i ? 1 : 0;
                }
            }

            return right.ToString();
        });
    }

    private static void AddWords(Suite suite)
    {
        suite.Add("message: the one given", () => new InvalidOperationException("why").Message);
        suite.Add("message: division", () => new DivideByZeroException().Message);
        suite.Add("message: null reference", () => new NullReferenceException().Message);
        suite.Add("message: index", () => new IndexOutOfRangeException().Message);
        suite.Add("message: not supported", () => new NotSupportedException().Message);
        suite.Add("message: invalid operation", () => new InvalidOperationException().Message);
        suite.Add("message: an argument", () => new ArgumentException("bad", "size").Message);
        suite.Add("message: an argument that is missing", () => new ArgumentNullException("size").Message);
        suite.Add("message: an argument out of range", () => new ArgumentOutOfRangeException("size").Message);
        suite.Add("message: an argument out of range with its value", () =>
            new ArgumentOutOfRangeException("size", 5, "too big").Message);
        suite.Add("message: ParamName", () => new ArgumentNullException("size").ParamName!);
        suite.Add("message: a disposed object", () => new ObjectDisposedException("disk").Message);
        suite.Add("message: null is no message", () => new InvalidOperationException(null).Message);
        suite.Add("message: no trace before the throw", () => (new OtherException().StackTrace is null).ToString());
        suite.Add("message: a trace after the throw", () =>
        {
            try
            {
                Thrower.Other();
            }
            catch (OtherException thrown)
            {
                return (thrown.StackTrace!.IndexOf("Thrower", StringComparison.Ordinal) >= 0).ToString();
            }

            return "no";
        });
        suite.Add("message: ToString begins with type and message", () =>
        {
            string text = new InvalidOperationException("why").ToString();
            return text;
        });
        suite.Add("message: ToString names the cause", () =>
            new InvalidOperationException("outer", new FormatException("inner")).ToString()
                .IndexOf("---> System.FormatException: inner", StringComparison.Ordinal).ToString());
        suite.Add("message: ThrowIfNull names the argument", () =>
        {
            object? thing = Thrower.Hide<object?>(null);
            try
            {
                ArgumentNullException.ThrowIfNull(thing);
                return "no";
            }
            catch (ArgumentNullException thrown)
            {
                return thrown.Message;
            }
        });
        suite.AddThrow("message: ThrowIfNegative", () => ArgumentOutOfRangeException.ThrowIfNegative(Thrower.Hide(-1)));
        suite.Add("message: GetBaseException", () =>
            new Exception("a", new Exception("b", new Exception("c"))).GetBaseException().Message);
    }

    private static unsafe string FunctionPointer()
    {
        delegate*<int, int> pointer = &Thrower.Numbered;
        try
        {
            return pointer(Thrower.Hide(6)).ToString();
        }
        catch (NumberedException thrown)
        {
            return "caught " + thrown.Number;
        }
    }

    private static IEnumerable<int> Count(Journal journal, int throwAt)
    {
        try
        {
            for (int i = 1; i <= 3; i++)
            {
                if (i == throwAt)
                    Thrower.Numbered(i);
                yield return i;
            }
        }
        finally
        {
            journal.Note("finally");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CountingDeep(int depth, ref int count)
    {
        try
        {
            if (depth == 1)
                Thrower.Numbered(1);
            CountingDeep(depth - 1, ref count);
        }
        finally
        {
            count++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Litter()
    {
        int sum = 0;
        for (int i = 0; i < 50; i++)
            sum += new int[100 + i].Length;
        return sum > 0;
    }

    private interface IWork
    {
        int Do(int number);

        int DoTwice(int number) => Do(0) + Do(number);
    }

    private sealed class BadKey
    {
        public override int GetHashCode() => Thrower.Numbered(1);

        public override bool Equals(object? other) => false;
    }

    private class Base
    {
        public virtual int Virtual(int number) => number;
    }

    private sealed class Worker : Base, IWork
    {
        public int Property => Thrower.Numbered(1);

        public int this[int index] => Thrower.Numbered(index);

        public static Worker operator +(Worker a, Worker b)
        {
            Thrower.Other();
            return a;
        }

        public int Do(int number) => Thrower.Numbered(number);

        public override int Virtual(int number) => Thrower.Numbered(number) + base.Virtual(number);
    }

    private static class Generic<T>
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static T Throw(T value, int number)
        {
            Thrower.Numbered(number);
            return value;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string Catch<TException>()
            where TException : Exception
        {
            try
            {
                Throw(default!, 1);
            }
            catch (TException thrown)
            {
                return "[" + thrown.Message + "]";
            }

            return "no";
        }
    }

    private class Failing
    {
        public Failing(int number) => Thrower.Numbered(number);
    }

    private sealed class Derived() : Failing(2);

    private sealed class FailingField
    {
        private readonly int value = Thrower.Numbered(3);

        public override string ToString() => value.ToString();
    }

    private static class FailingStatic
    {
        public static readonly int Value = Thrower.Numbered(Thrower.Hide(1));
    }

    private static class InnerStatic
    {
        public static readonly int Value = Thrower.Numbered(Thrower.Hide(2));
    }

    private static class OuterStatic
    {
        public static readonly int Value = InnerStatic.Value + 1;
    }

    private static class CarefulStatic
    {
        public static readonly int Value = Careful();

        private static int Careful()
        {
            try
            {
                return Thrower.Numbered(Thrower.Hide(5));
            }
            catch (NumberedException thrown)
            {
                return thrown.Number;
            }
        }
    }
}
