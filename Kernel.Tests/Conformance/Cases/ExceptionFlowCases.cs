using System;
using System.Runtime.CompilerServices;

namespace HaukiOS.Conformance;

/// <summary>try, catch and finally: what runs, in which order, with which values.</summary>
public static class ExceptionFlowCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddCatch(suite);
        AddFinally(suite);
        AddDisposal(suite);
        AddLeave(suite);
        AddValues(suite);
        AddArguments(suite);
    }

    private static void AddCatch(Suite suite)
    {
        suite.Add("exception: no throw skips the handler", () => CatchNumbered(0));
        suite.Add("exception: a throw finds its handler", () => CatchNumbered(7));
        suite.Add("exception: a derived type is caught by its base", () =>
        {
            try
            {
                Thrower.Special(3);
                return "no";
            }
            catch (NumberedException thrown)
            {
                return thrown.GetType().Name + " " + thrown.Number;
            }
        });
        suite.Add("exception: the first fitting handler wins", () => FirstFitting(0));
        suite.Add("exception: a later handler fits", () => FirstFitting(1));
        suite.Add("exception: only the general handler fits", () => FirstFitting(2));
        suite.Add("exception: a handler without a variable", () =>
        {
            try
            {
                Thrower.Other();
            }
            catch
            {
                return "caught";
            }

            return "no";
        });
        suite.Add("exception: one nobody catches leaves the case", () => Thrower.Numbered(9).ToString());
        suite.Add("exception: throw null is a null reference", () =>
        {
            Exception? nothing = Thrower.Hide<Exception?>(null);
            throw nothing!;
        });
        suite.Add("exception: the same object arrives", () =>
        {
            var sent = new NumberedException(5);
            try
            {
                throw sent;
            }
            catch (NumberedException arrived)
            {
                return ReferenceEquals(sent, arrived).ToString();
            }
        });
        suite.Add("exception: a throw expression", () =>
        {
            string? text = Thrower.Hide<string?>(null);
            return text ?? throw new NumberedException(2);
        });
    }

    private static void AddFinally(Suite suite)
    {
        suite.Add("exception: finally runs without a throw", () => FinallyOrder(0));
        suite.Add("exception: finally runs before the outer handler", () => FinallyOrder(1));
        suite.Add("exception: finally blocks run from the inside out", NestedFinally);
        suite.Add("exception: finally of every frame on the way", () =>
        {
            var journal = new Journal();
            try
            {
                DeepFinally(journal, 6);
            }
            catch (NumberedException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("exception: using disposes in reverse order", () =>
        {
            var journal = new Journal();
            try
            {
                using var first = new Resource(journal, "first");
                using var second = new Resource(journal, "second");
                Thrower.Numbered(1);
            }
            catch (NumberedException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("exception: catch and finally of one try", () =>
        {
            var journal = new Journal();
            try
            {
                journal.Note("try");
                Thrower.Numbered(1);
            }
            catch (NumberedException)
            {
                journal.Note("catch");
            }
            finally
            {
                journal.Note("finally");
            }

            return journal.ToString();
        });
    }

    private static void AddDisposal(Suite suite)
    {
        suite.Add("exception: finally runs when the handler does not fit", () =>
        {
            var journal = new Journal();
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (OtherException)
                {
                    journal.Note("wrong");
                }
                finally
                {
                    journal.Note("finally");
                }
            }
            catch (NumberedException)
            {
                journal.Note("outer");
            }

            return journal.ToString();
        });
        suite.Add("exception: lock is released", () =>
        {
            object gate = new();
            string result = Thrower.NameOf(() =>
            {
                lock (gate)
                {
                    Thrower.Numbered(1);
                }
            });
            lock (gate)
            {
                return result;
            }
        });
    }

    private static void AddLeave(Suite suite)
    {
        suite.Add("exception: return from try runs finally first", () =>
        {
            var journal = new Journal();
            string result = ReturnThrough(journal);
            return result + ": " + journal;
        });
        suite.Add("exception: finally cannot change the value returned", () => ReturnedValue().ToString());
        suite.Add("exception: break and continue run finally", BreakAndContinue);
        suite.Add("exception: return from a handler", () => ReturnFromHandler(4));
        suite.Add("exception: return through two finally blocks", () =>
        {
            var journal = new Journal();
            int value = ReturnThroughTwo(journal);
            return value + ": " + journal;
        });
        suite.Add("exception: goto out of try", () =>
        {
            var journal = new Journal();
            int round = 0;
        again:
            try
            {
                journal.Note("try" + round);
                if (round++ < 2)
                    goto again;
            }
            finally
            {
                journal.Note("finally");
            }

            return journal.ToString();
        });
        suite.Add("exception: a loop goes on after each throw", () =>
        {
            int sum = 0;
            for (int i = 0; i < 10; i++)
            {
                try
                {
                    sum += 100;
                    Thrower.Numbered(i & 1);
                    sum += 1;
                }
                catch (NumberedException)
                {
                    sum += 10;
                }
            }

            return sum.ToString();
        });
    }

    private static void AddValues(Suite suite)
    {
        suite.Add("exception: locals keep the values from before the throw", () =>
        {
            int a = Thrower.Hide(1);
            long b = Thrower.Hide(2L);
            double c = Thrower.Hide(3.5);
            string d = Thrower.Hide("four");
            try
            {
                a = 10;
                b = 20;
                c = 30.25;
                Thrower.Numbered(a);
                a = 99;
                d = "lost";
            }
            catch (NumberedException thrown)
            {
                a += thrown.Number;
            }

            return a + " " + b + " " + c + " " + d;
        });
        suite.Add("exception: arguments survive a throw below", () => Arguments(1, 2, 3, 4, 5L, 6.5, "seven"));
        suite.Add("exception: registers of the caller are restored", Registers);
        suite.Add("exception: a struct local is still whole", () =>
        {
            var range = (Start: Thrower.Hide(3), End: Thrower.Hide(9L), Name: Thrower.Hide("n"));
            try
            {
                range.Start = 4;
                Thrower.Numbered(1);
            }
            catch (NumberedException)
            {
                range.End++;
            }

            return range.ToString();
        });
        suite.Add("exception: stack memory is still there after a throw", StackMemory);
        suite.Add("exception: a ref argument keeps what was written", () =>
        {
            int value = 1;
            try
            {
                WriteAndThrow(ref value);
            }
            catch (NumberedException)
            {
                value += 5;
            }

            return value.ToString();
        });
    }

    private static void AddArguments(Suite suite)
    {
        suite.Add("exception: an out argument written before the throw", () =>
        {
            int value = -1;
            try
            {
                OutAndThrow(out value);
            }
            catch (NumberedException)
            {
                value++;
            }

            return value.ToString();
        });
        suite.Add("exception: arguments pushed for a call that never happens", () =>
        {
            int total = 0;
            for (int i = 0; i < 3; i++)
            {
                try
                {
                    total += Six(1, 2, 3, 4, 5, Six(1, 2, 3, 4, Thrower.Numbered(i), 6));
                }
                catch (NumberedException thrown)
                {
                    total += thrown.Number * 1000;
                }
            }

            return total.ToString();
        });
    }

    private static string CatchNumbered(int number)
    {
        try
        {
            Thrower.Numbered(number);
            return "quiet";
        }
        catch (NumberedException thrown)
        {
            return "caught " + thrown.Number;
        }
    }

    private static string FirstFitting(int which)
    {
        try
        {
            if (which == 0)
                Thrower.Special(1);
            if (which == 1)
                Thrower.Numbered(2);
            Thrower.Other();
            return "no";
        }
        catch (SpecialNumberedException)
        {
            return "special";
        }
        catch (NumberedException)
        {
            return "numbered";
        }
        catch (Exception)
        {
            return "any";
        }
    }

    private static string FinallyOrder(int number)
    {
        var journal = new Journal();
        try
        {
            try
            {
                journal.Note("in");
                Thrower.Numbered(number);
                journal.Note("through");
            }
            finally
            {
                journal.Note("finally");
            }

            journal.Note("after");
        }
        catch (NumberedException)
        {
            journal.Note("catch");
        }

        return journal.ToString();
    }

    private static string NestedFinally()
    {
        var journal = new Journal();
        try
        {
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                finally
                {
                    journal.Note("1");
                }
            }
            finally
            {
                journal.Note("2");
            }
        }
        catch (NumberedException)
        {
            journal.Note("3");
        }
        finally
        {
            journal.Note("4");
        }

        return journal.ToString();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DeepFinally(Journal journal, int depth)
    {
        try
        {
            if (depth == 0)
                Thrower.Numbered(1);
            DeepFinally(journal, depth - 1);
        }
        finally
        {
            journal.Note("f" + depth);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ReturnThrough(Journal journal)
    {
        try
        {
            return Thrower.Hide("value");
        }
        finally
        {
            journal.Note("finally");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReturnedValue()
    {
        int value = 1;
        try
        {
            return value;
        }
        finally
        {
            value = Thrower.Hide(2);
        }
    }

    private static string BreakAndContinue()
    {
        var journal = new Journal();
        for (int i = 0; i < 5; i++)
        {
            try
            {
                if (i == 1)
                    continue;
                if (i == 3)
                    break;
                journal.Note("body" + i);
            }
            finally
            {
                journal.Note("finally" + i);
            }
        }

        return journal.ToString();
    }

    private static string ReturnFromHandler(int number)
    {
        for (int i = 0; ; i++)
        {
            try
            {
                Thrower.Numbered(i == number ? 1 : 0);
            }
            catch (NumberedException)
            {
                return "round " + i;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReturnThroughTwo(Journal journal)
    {
        try
        {
            try
            {
                return Thrower.Hide(42);
            }
            finally
            {
                journal.Note("inner");
            }
        }
        finally
        {
            journal.Note("outer");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Arguments(int a, int b, int c, int d, long e, double f, string g)
    {
        try
        {
            Thrower.Deep(4, 1, e, f);
        }
        catch (NumberedException thrown)
        {
            a += thrown.Number;
        }

        return a + " " + b + " " + c + " " + d + " " + e + " " + f + " " + g;
    }

    private static string Registers()
    {
        int a = Thrower.Hide(11);
        int b = Thrower.Hide(22);
        int c = Thrower.Hide(33);
        int total = 0;
        for (int i = 0; i < 4; i++)
        {
            total += a + CaughtInside(i) + b;
            total ^= c;
        }

        return total + " " + a + " " + b + " " + c;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CaughtInside(int i)
    {
        int x = i * 3;
        int y = i * 5;
        int z = i * 7;
        try
        {
            Thrower.Deep(3, i, x, y);
        }
        catch (NumberedException thrown)
        {
            return x + y + z + thrown.Number;
        }

        return z;
    }

    private static string StackMemory()
    {
        Span<int> numbers = stackalloc int[Thrower.Hide(40)];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = i;
        try
        {
            numbers[7] = 700;
            Thrower.Deep(5, 1, 1, 1);
        }
        catch (NumberedException)
        {
            numbers[8] = 800;
        }

        int sum = 0;
        foreach (int number in numbers)
            sum += number;
        return sum.ToString();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteAndThrow(ref int value)
    {
        value = 100;
        Thrower.Numbered(1);
        value = 200;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OutAndThrow(out int value)
    {
        value = 7;
        Thrower.Numbered(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Six(int a, int b, int c, int d, int e, int f) => a + (b * 2) + (c * 3) + (d * 4) + (e * 5) + f;

    private sealed class Resource(Journal journal, string name) : IDisposable
    {
        public void Dispose() => journal.Note("~" + name);
    }
}
