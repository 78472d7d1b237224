using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace HaukiOS.Conformance;

/// <summary>async and await over whatever runs the continuations, lazy values, tuples, records.</summary>
public static class AsyncCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddTasks(suite);
        AddFailures(suite);
        AddSequences(suite);
        AddValues(suite);
    }

    private static async Task<int> Twice(int value)
    {
        await Task.Yield();
        return value * 2;
    }

    private static async Task Fail(string message)
    {
        await Task.Yield();
        throw new FormatException(message);
    }

    private static void AddTasks(Suite suite)
    {
        suite.Add("async: awaits in turn", () =>
        {
            return Run().GetAwaiter().GetResult();

            static async Task<string> Run()
            {
                int a = await Twice(1);
                int b = await Twice(a);
                return a + " " + b;
            }
        });
        suite.Add("async: what is done goes on at once", () =>
        {
            return Run().Result.ToString();

            static async Task<int> Run() => await Task.FromResult(5) + await new ValueTask<int>(6);
        });
        suite.Add("async: deep recursion", () =>
        {
            return Down(200).Result.ToString();

            static async Task<int> Down(int depth)
            {
                if (depth == 0)
                {
                    await Task.Yield();
                    return 0;
                }

                return 1 + await Down(depth - 1);
            }
        });
        suite.Add("async: all of them", () => string.Join(' ', Task.WhenAll(Twice(1), Twice(2), Twice(3)).Result));
        suite.Add("async: completed by hand", () =>
        {
            TaskCompletionSource<string> source = new();
            Task<string> waiting = Wait(source.Task);
            bool before = waiting.IsCompleted;
            source.SetResult("now");
            return before + " " + waiting.Result + " " + source.TrySetResult("again");

            static async Task<string> Wait(Task<string> task) => await task + "!";
        });
        suite.Add("async: continue with", () =>
            Twice(4).ContinueWith(static task => task.Result + 1).Result.ToString());
        suite.Add("async: run", () => Task.Run(static () => 42).Result.ToString());
        suite.Add("async: value tasks", () =>
        {
            return Run().AsTask().Result;

            static async ValueTask<string> Run()
            {
                await Nothing();
                return "done";
            }

            static async ValueTask Nothing() => await Task.Yield();
        });
    }

    private static void AddFailures(Suite suite)
    {
        suite.Add("async: a failure comes out of await", () =>
        {
            return Run().Result;

            static async Task<string> Run()
            {
                try
                {
                    await Fail("inner");
                    return "no failure";
                }
                catch (FormatException failure)
                {
                    await Task.Yield();
                    return failure.Message;
                }
                finally
                {
                    await Task.Yield();
                }
            }
        });
        suite.Add("async: a failure through GetResult", () =>
        {
            Fail("x").GetAwaiter().GetResult();
            return "no failure";
        });
        suite.Add("async: a failure through Wait", () =>
        {
            Fail("x").Wait();
            return "no failure";
        });
        suite.Add("async: a failed task tells", () =>
        {
            Task task = Task.FromException(new FormatException("why"));
            return task.IsFaulted + " " + task.Exception!.InnerExceptions.Count + " " + task.Exception.Message;
        });
        suite.Add("async: a result set twice", () =>
        {
            TaskCompletionSource source = new();
            source.SetResult();
            source.SetResult();
            return "set";
        });
        suite.Add("async: cancellation", () =>
        {
            using CancellationTokenSource source = new();
            string text = source.Token.IsCancellationRequested + " ";
            source.Token.Register(() => text += "told ");
            source.Cancel();
            return text + source.Token.IsCancellationRequested;
        });
        suite.Add("async: cancelled", () =>
        {
            new CancellationToken(true).ThrowIfCancellationRequested();
            return "went on";
        });
    }

    private static void AddSequences(Suite suite)
    {
        suite.Add("iterator: interleaved", () =>
        {
            string text = "";
            foreach (int i in Numbers(3))
            {
                foreach (int j in Numbers(i))
                {
                    text += i + "." + j + " ";
                }
            }

            return text;

            static IEnumerable<int> Numbers(int count)
            {
                for (int i = 1; i <= count; i++)
                {
                    yield return i;
                }
            }
        });
        suite.Add("iterator: finally runs on leaving", () =>
        {
            string text = "";
            foreach (int i in Watched())
            {
                text += i;
                break;
            }

            return text;

            IEnumerable<int> Watched()
            {
                try
                {
                    yield return 1;
                    yield return 2;
                }
                finally
                {
                    text += "left";
                }
            }
        });
    }

    private sealed record Fish(string Name, int Weight)
    {
        public double Length { get; init; }
    }

    private readonly record struct Point(int X, int Y);

    private static void AddValues(Suite suite)
    {
        suite.Add("lazy: made once", () =>
        {
            int made = 0;
            Lazy<int> lazy = new(() => ++made * 10);
            return $"{lazy.IsValueCreated} {lazy.Value} {lazy.Value} {lazy.IsValueCreated} {made}";
        });
        suite.Add("lazy: a failure is remembered", () =>
        {
            int tries = 0;
            Lazy<int> lazy = new(() => throw new FormatException((++tries).ToString()));
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    _ = lazy.Value;
                }
                catch (FormatException)
                {
                }
            }

            return tries.ToString();
        });
        suite.Add("record: text, equality, copies", () =>
        {
            Fish fish = new("hauki", 5) { Length = 0.5 };
            Fish grown = fish with { Weight = 9 };
            return $"{fish} {grown} {fish == grown} {fish == (grown with { Weight = 5 })} "
                + $"{fish.GetHashCode() == (grown with { Weight = 5 }).GetHashCode()}";
        });
        suite.Add("record: structs", () => $"{new Point(1, 2)} {new Point(1, 2) == new Point(1, 2)} "
            + $"{new Point(1, 2).Equals(new Point(2, 1))}");
        suite.Add("tuple: text, equality, order", () => $"{(1, "a", 2.5)} {(1, 2) == (1, 2)} "
            + $"{(1, 2).CompareTo((1, 3))} "
            + $"{(1, 2, 3, 4, 5, 6, 7, 8, 9)} {Tuple.Create(1, "x")} {(1, 2).GetHashCode() == (1, 2).GetHashCode()}");
        suite.Add("nullable: lifted operators", () =>
        {
            int? none = null;
            int? five = 5;
            return $"[{none + five}] {five * 2} {none > five} {none == null} {five ?? 1} "
                + $"{none.GetValueOrDefault(7)} [{none}]";
        });
        suite.Add("nullable: no value", () => ((int?)new List<int?> { null }[0])!.Value.ToString());
        suite.Add("index and range: text", () => $"{^1} {1..^2} {..} {new Index(3)} {(1..3).GetOffsetAndLength(5)}");
        suite.Add("default comparers", () => $"{Comparer<string>.Default.Compare("a", null)} "
            + $"{EqualityComparer<int?>.Default.Equals(5, 5)} {Comparer<int?>.Default.Compare(null, 1)} "
            + $"{EqualityComparer<DayOfWeek>.Default.Equals(DayOfWeek.Friday, DayOfWeek.Monday)} "
            + $"{Comparer<(int, string)>.Default.Compare((1, "b"), (1, "a"))}");
        suite.Add("objects of type parameters", () => Make<List<int>>().Count + " " + Make<Point>());
    }

    private static T Make<T>() where T : new() => new();
}
