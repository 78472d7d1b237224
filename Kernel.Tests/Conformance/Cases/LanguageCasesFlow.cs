using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Iterators, patterns, switches, loops, strings in switches.</summary>
public static class LanguageCasesFlow
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddIterators(suite);
        AddPatterns(suite);
    }

    private static void AddIterators(Suite suite)
    {
        suite.Add("iterators: lazy", () =>
        {
            Log.Clear();
            IEnumerable<int> numbers = Numbers(3);
            Log.Add("made");
            foreach (int n in numbers)
                Log.Add("got" + n);
            return string.Join(",", Log);
        });
        suite.Add("iterators: finally runs on break", () =>
        {
            Log.Clear();
            foreach (int n in Numbers(5))
            {
                if (n == 1)
                    break;
            }
            return string.Join(",", Log);
        });
        suite.Add("iterators: twice from the start", () =>
        {
            IEnumerable<int> squares = Squares(3);
            return string.Join(",", squares) + ";" + string.Join(",", squares);
        });
        suite.Add("iterators: recursion", () => string.Join("", Tree(3)));
        suite.Add("iterators: exception inside", () =>
        {
            foreach (int n in Breaking())
                Log.Add(n.ToString());
            return "unreached";
        });
        suite.Add("iterators: own enumerator by pattern", () =>
        {
            string text = "";
            foreach (int n in new CountDown(3))
                text += n;
            return text;
        });
        suite.Add("loops: labels and goto", () =>
        {
            string text = "";
            for (int i = 0; i < 5; i++)
            {
                for (int j = 0; j < 5; j++)
                {
                    if (i * j == 6)
                        goto found;
                    text = i + "*" + j;
                }
            }
        found:
            return text;
        });
        suite.Add("loops: do and continue", () =>
        {
            int n = 0, odd = 0;
            do
            {
                n++;
                if (n % 2 == 0)
                    continue;
                odd++;
            }
            while (n < 9);
            return odd.ToString();
        });
    }

    private static void AddPatterns(Suite suite)
    {
        suite.Add("patterns: relational and logical", () => Size(5) + Size(50) + Size(500) + Size(-1));
        suite.Add("patterns: lists", () => Shape([]) + Shape([1]) + Shape([1, 2]) + Shape([1, 2, 3, 9]));
        suite.Add("patterns: properties and var", () =>
            new DateOnlyLike(2026, 11) is { Year: > 2000, Month: var m } ? "month " + m : "none");
        suite.Add("patterns: tuples", () => Rps("rock", "paper") + Rps("rock", "scissors") + Rps("paper", "paper"));
        suite.Add("patterns: not null", () => (Maybe(null) is not null) + " " + (Maybe("s") is not null));
        suite.Add("patterns: string switch with many cases", () =>
        {
            string text = "";
            foreach (string word in new[] { "one", "two", "three", "four", "five", "six", "seven", "eight", "nine" })
                text += Number(word);
            return text;
        });
        suite.Add("patterns: no arm matches", () => Strict(7));
        suite.Add("patterns: spans of characters", () => ("yes".AsSpan() is "yes") + " " + ("yes".AsSpan() is "no"));
        suite.Add("patterns: nested switch of types", () => Area(new Round(2)) + Area(new Oblong(2, 3)) + Area("x"));
    }

    private static readonly List<string> Log = [];

    private static IEnumerable<int> Numbers(int count)
    {
        Log.Add("start");
        try
        {
            for (int i = 0; i < count; i++)
                yield return i;
        }
        finally
        {
            Log.Add("finally");
        }
    }

    private static IEnumerable<int> Squares(int count)
    {
        for (int i = 1; i <= count; i++)
            yield return i * i;
    }

    private static IEnumerable<string> Tree(int depth)
    {
        if (depth == 0)
            yield break;
        foreach (string left in Tree(depth - 1))
            yield return left;
        yield return depth.ToString();
        foreach (string right in Tree(depth - 1))
            yield return right;
    }

    private static IEnumerable<int> Breaking()
    {
        yield return 1;
        throw new NotSupportedException();
    }

    private static string Size(int n) => n switch
    {
        < 0 => "negative ",
        >= 0 and < 10 => "small ",
        10 or 20 or 50 => "round ",
        _ => "big ",
    };

    private static string Shape(int[] numbers) => numbers switch
    {
        [] => "empty ",
        [var one] => "one" + one + " ",
        [1, .. var middle, 9] => "framed" + middle.Length + " ",
        [_, _] => "two ",
        _ => "other ",
    };

    private static string Rps(string a, string b) => (a, b) switch
    {
        ("rock", "scissors") or ("paper", "rock") or ("scissors", "paper") => "first ",
        var (x, y) when x == y => "draw ",
        _ => "second ",
    };

    private static int Number(string word)
    {
        switch (word)
        {
            case "one":
                return 1;
            case "two":
                return 2;
            case "three":
                return 3;
            case "four":
                return 4;
            case "five":
                return 5;
            case "six":
                return 6;
            case "seven":
                return 7;
            case "eight":
                return 8;
            default:
                return 0;
        }
    }

#pragma warning disable CS8509 // the missing arm is what the case is about
    private static string Strict(int n) => n switch { 1 => "one", 2 => "two" };
#pragma warning restore CS8509

    private static object? Maybe(object? o) => o;

    private static string Area(object shape) => shape switch
    {
        Round { Radius: var r } => (3 * r * r) + " ",
        Oblong(var a, var b) => (a * b) + " ",
        _ => "none",
    };

    private sealed record DateOnlyLike(int Year, int Month);

    private sealed record Round(int Radius);

    private sealed record Oblong(int A, int B);

    private readonly struct CountDown(int from)
    {
        public Enumerator GetEnumerator() => new(from);

        public struct Enumerator(int next)
        {
            public int Current { get; private set; } = next + 1;

            public bool MoveNext()
            {
                Current--;
                return Current > 0;
            }
        }
    }
}
