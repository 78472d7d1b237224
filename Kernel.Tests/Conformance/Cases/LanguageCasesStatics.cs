using System;

namespace HaukiOS.Conformance;

/// <summary>Static fields and constructors, also failing ones; thread statics.</summary>
public static class LanguageCasesStatics
{
    private static string order = "";

    [ThreadStatic]
    private static int perThread;

    [ThreadStatic]
    private static string? perThreadText;

    /// <summary>Adds this area's cases.</summary>
    // Long: a list of cases, one after the other.
    public static void AddTo(Suite suite)
    {
        suite.Add("statics: initial values", () => Values.Number + Values.Text + Values.List.Length + Values.Real);
        suite.Add("statics: constructor runs once", () => Once.Touch() + Once.Touch() + Once.Runs);
        suite.Add("statics: constructor runs at the first use", () =>
        {
            order = "";
            order += "before ";
            Traced.Touch();
            return order;
        });
        suite.Add("statics: fields are set in order of the text", () => InOrder.B + " " + InOrder.A);
        suite.Add("statics: a constructor uses another class", () => NeedsOther.Text);
        suite.Add("statics: a cycle sees unset fields", () => CycleA.Text + "|" + CycleB.Text);
        suite.Add("statics: derived and base constructors", () =>
        {
            order = "";
            _ = new StaticDerived();
            return order;
        });
        suite.Add("statics: a failing constructor", () => Fails.Value.ToString());
        suite.Add("statics: a failing constructor fails again", () => Fails.Value.ToString());
        suite.Add("statics: the cause is inside", () =>
        {
            try
            {
                return Fails.Value.ToString();
            }
            catch (TypeInitializationException failure)
            {
                return failure.InnerException!.GetType().Name + ": " + failure.InnerException.Message;
            }
        });
        // Only the end: the metal joins nested types by a dot, as its symbols do.
        suite.Add("statics: the type has a name", () =>
            ((TypeInitializationException)Failure()!).TypeName.EndsWith("Fails", StringComparison.Ordinal).ToString());
        suite.Add("statics: the same exception every time", () => ReferenceEquals(Failure(), Failure()).ToString());
        suite.Add("statics: a failing constructor ran once", () =>
        {
            Failure();
            return failures.ToString();
        });
        suite.Add("statics: a failing generic one fails for its instance", () => Picky<int>.Text + Picky<string>.Text);
        suite.Add("statics: struct with static fields", () => WithStatics.Shared + new WithStatics().Get());
        suite.Add("statics: static of an interface", () => IHasStatic.Text + IHasStatic.Next() + IHasStatic.Next());
        suite.Add("statics: a reference survives collection", () =>
        {
            Values.Kept = new int[100];
            Values.Kept[50] = 7;
            GC.Collect();
            return Values.Kept[50].ToString();
        });
        suite.Add("statics: a struct with references survives collection", () =>
        {
            Values.KeptPair = (new string('a', 3), new object[] { "b" });
            GC.Collect();
            return Values.KeptPair.Item1 + Values.KeptPair.Item2[0];
        });
        suite.Add("statics: thread static number", () =>
        {
            perThread += 5;
            perThread += 5;
            return perThread.ToString();
        });
        suite.Add("statics: thread static reference survives collection", () =>
        {
            perThreadText = new string('t', 4);
            GC.Collect();
            return perThreadText;
        });
        suite.Add("statics: lazy value", () =>
        {
            var lazy = new Lazy<string>(() => order = "made");
            order = "not yet ";
            return order + lazy.Value + lazy.IsValueCreated;
        });
        suite.Add("statics: constants", () => Values.Constant + nameof(Values));
        suite.Add("statics: big constant array", () => Values.Primes[3] + " " + Values.Primes.Length);
    }

    private static int failures;

    private static Exception? Failure()
    {
        try
        {
            return Fails.Value > 0 ? null : null;
        }
        catch (TypeInitializationException failure)
        {
            return failure;
        }
    }

    private static int Mark(string text)
    {
        order += text + " ";
        return 1;
    }

    private interface IHasStatic
    {
        static string Text => "static of interface ";

        private static int counter = 10;

        static int Next() => counter++;
    }

    private static class Values
    {
        internal const string Constant = "constant ";
        internal static readonly int[] Primes = [2, 3, 5, 7, 11, 13];
        internal static int Number = 5;
        internal static string Text = "text";
        internal static int[] List = new int[3];
        internal static double Real = 2.5;
        internal static int[] Kept = [];
        internal static (string, object[]) KeptPair;
    }

    private static class Once
    {
        internal static int Runs;

        static Once() => Runs++;

        internal static string Touch() => "t";
    }

    private static class Traced
    {
        static Traced() => order += "constructor ";

        internal static void Touch() => order += "use ";
    }

    private static class InOrder
    {
        internal static int B = A + 1;
        internal static int A = int.Parse("5");
    }

    private static class NeedsOther
    {
        internal static readonly string Text;

        static NeedsOther() => Text = "needs " + Other.Text;
    }

    private static class Other
    {
        internal static readonly string Text;

        static Other() => Text = "other" + DateTime.MinValue.Year;
    }

    private static class CycleA
    {
        internal static readonly string Text;

        static CycleA() => Text = "A(" + (CycleB.Text ?? "null") + ")";
    }

    private static class CycleB
    {
        internal static readonly string Text;

        static CycleB() => Text = "B(" + (CycleA.Text ?? "null") + ")";
    }

    private class StaticBase
    {
        private static readonly int First;

        static StaticBase() => First = Mark("base-static");

        internal StaticBase() => Mark("base" + First);
    }

    private sealed class StaticDerived : StaticBase
    {
        private static readonly int Second;

        static StaticDerived() => Second = Mark("derived-static");

        internal StaticDerived() => Mark("derived" + Second);
    }

    private static class Fails
    {
        internal static readonly int Value;

        static Fails()
        {
            failures++;
            Value = int.Parse("1");
            throw new InvalidOperationException("on purpose");
        }
    }

    private static class Picky<T>
    {
        internal static readonly string Text;

        static Picky()
        {
            if (typeof(T) == typeof(string))
                throw new InvalidOperationException();
            Text = "fine ";
        }
    }

    private struct WithStatics
    {
        internal static string Shared = "shared ";
        private static int count = 3;

        internal readonly int Get() => count++;
    }
}
