using System;
using System.Runtime.CompilerServices;

namespace HaukiOS.Conformance;

/// <summary>Exceptions inside the handling of exceptions: in handlers and finally blocks, and thrown again.</summary>
public static class ExceptionNestingCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddInHandlers(suite);
        AddInHandlerLoops(suite);
        AddInHandlerCalls(suite);
        AddInFinally(suite);
        AddReplacement(suite);
        AddFinallyInFinally(suite);
        AddOnce(suite);
        AddRethrow(suite);
        AddRethrowMeanwhile(suite);
        AddRethrowInside(suite);
        AddRethrowOnce(suite);
        AddWrapping(suite);
        AddMixed(suite);
    }

    private static void AddInHandlers(Suite suite)
    {
        suite.Add("nested: a throw in a handler replaces the exception", () =>
        {
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException)
                {
                    Thrower.Numbered(2);
                }
            }
            catch (NumberedException thrown)
            {
                return thrown.Number.ToString();
            }

            return "no";
        });
        suite.AddThrow("nested: a sibling handler does not catch a throw in a handler", () =>
        {
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException)
            {
                Thrower.Other();
            }
            catch (OtherException)
            {
                throw new InvalidOperationException();
            }
        });
        suite.Add("nested: finally of the same try runs after a throw in its handler", () =>
        {
            var journal = new Journal();
            string name = Thrower.NameOf(() =>
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException)
                {
                    journal.Note("handler");
                    Thrower.Other();
                }
                finally
                {
                    journal.Note("finally");
                }
            });
            return journal + " " + name;
        });
    }

    private static void AddInHandlerLoops(Suite suite)
    {
        suite.Add("nested: caught inside a handler, the first one is still at hand", () =>
        {
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException first)
            {
                int second = 0;
                try
                {
                    Thrower.Numbered(2);
                }
                catch (NumberedException thrown)
                {
                    second = thrown.Number;
                }

                return first.Number + " " + second;
            }

            return "no";
        });
        suite.Add("nested: five handlers deep", () => HandlersDeep(5).ToString());
        suite.Add("nested: a handler that recurses into throwing", () => Recurse(6).ToString());
        suite.Add("nested: a loop of throws inside a handler", () =>
        {
            int sum = 0;
            try
            {
                Thrower.Numbered(1000);
            }
            catch (NumberedException outer)
            {
                for (int i = 1; i <= 10; i++)
                {
                    try
                    {
                        Thrower.Numbered(i);
                    }
                    catch (NumberedException inner)
                    {
                        sum += inner.Number;
                    }
                }

                sum += outer.Number;
            }

            return sum.ToString();
        });
    }

    private static void AddInHandlerCalls(Suite suite)
    {
        suite.Add("nested: arguments pushed around a call inside a handler", () =>
        {
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException first)
            {
                int inner = 0;
                try
                {
                    inner = Four(1, 2, 3, Four(4, 5, 6, Thrower.Numbered(8)));
                }
                catch (NumberedException second)
                {
                    inner = second.Number * 100;
                }

                return (inner + first.Number).ToString();
            }

            return "no";
        });
    }

    private static void AddInFinally(Suite suite)
    {
        suite.Add("nested: a throw in finally replaces the exception under way", () =>
        {
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                finally
                {
                    Thrower.Numbered(2);
                }
            }
            catch (NumberedException thrown)
            {
                return thrown.Number.ToString();
            }

            return "no";
        });
        suite.Add("nested: a throw in finally without one under way", () =>
            Thrower.NameOf(() =>
            {
                try
                {
                    Thrower.Hide(0);
                }
                finally
                {
                    Thrower.Other();
                }
            }));
        suite.Add("nested: caught inside finally, the first goes on", () =>
        {
            var journal = new Journal();
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                finally
                {
                    try
                    {
                        Thrower.Numbered(2);
                    }
                    catch (NumberedException inner)
                    {
                        journal.Note("inner" + inner.Number);
                    }

                    journal.Note("end");
                }
            }
            catch (NumberedException outer)
            {
                journal.Note("outer" + outer.Number);
            }

            return journal.ToString();
        });
    }

    private static void AddReplacement(Suite suite)
    {
        suite.Add("nested: caught inside a finally that runs without a throw", () =>
        {
            var journal = new Journal();
            for (int i = 0; i < 2; i++)
            {
                try
                {
                    journal.Note("try");
                }
                finally
                {
                    try
                    {
                        Thrower.Numbered(i);
                        journal.Note("quiet");
                    }
                    catch (NumberedException)
                    {
                        journal.Note("caught");
                    }
                }
            }

            return journal.ToString();
        });
        suite.Add("nested: throws replace each other on the way up", () =>
        {
            var journal = new Journal();
            try
            {
                Replace(journal, 4);
            }
            catch (NumberedException thrown)
            {
                journal.Note("caught" + thrown.Number);
            }

            return journal.ToString();
        });
    }

    private static void AddFinallyInFinally(Suite suite)
    {
        suite.Add("nested: finally inside finally", () =>
        {
            var journal = new Journal();
            string name = Thrower.NameOf(() =>
            {
                try
                {
                    Thrower.Numbered(1);
                }
                finally
                {
                    try
                    {
                        journal.Note("a");
                    }
                    finally
                    {
                        try
                        {
                            journal.Note("b");
                        }
                        finally
                        {
                            journal.Note("c");
                        }
                    }
                }
            });
            return journal + " " + name;
        });
        suite.Add("nested: locals changed in finally are seen in the handler", () =>
        {
            int local = 1;
            try
            {
                try
                {
                    local = 2;
                    Thrower.Numbered(1);
                }
                finally
                {
                    local *= 10;
                }
            }
            catch (NumberedException)
            {
                local++;
            }

            return local.ToString();
        });
    }

    private static void AddOnce(Suite suite)
    {
        suite.Add("nested: a finally that throws is not run twice", () =>
        {
            int runs = 0;
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                finally
                {
                    runs++;
                    Thrower.Other();
                }
            }
            catch (OtherException)
            {
                runs += 10;
            }

            return runs.ToString();
        });
    }

    private static void AddRethrow(Suite suite)
    {
        suite.Add("rethrow: the same object goes on", () =>
        {
            Exception? first = null;
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException thrown)
                {
                    first = thrown;
                    throw;
                }
            }
            catch (Exception second)
            {
                return ReferenceEquals(first, second).ToString();
            }

            return "no";
        });
        suite.Add("rethrow: through three handlers", () =>
        {
            var journal = new Journal();
            try
            {
                RethrowThrough(journal, 3);
            }
            catch (NumberedException)
            {
                journal.Note("end");
            }

            return journal.ToString();
        });
    }

    private static void AddRethrowMeanwhile(Suite suite)
    {
        suite.Add("rethrow: after another exception was caught meanwhile", () =>
        {
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException)
                {
                    try
                    {
                        Thrower.Numbered(2);
                    }
                    catch (NumberedException)
                    {
                        Thrower.Hide(0);
                    }

                    throw;
                }
            }
            catch (NumberedException thrown)
            {
                return thrown.Number.ToString();
            }

            return "no";
        });
    }

    private static void AddRethrowInside(Suite suite)
    {
        suite.Add("rethrow: inner and outer one in one handler", () =>
        {
            var journal = new Journal();
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException)
                {
                    try
                    {
                        try
                        {
                            Thrower.Numbered(2);
                        }
                        catch (NumberedException)
                        {
                            throw;
                        }
                    }
                    catch (NumberedException inner)
                    {
                        journal.Note("inner" + inner.Number);
                    }

                    throw;
                }
            }
            catch (NumberedException outer)
            {
                journal.Note("outer" + outer.Number);
            }

            return journal.ToString();
        });
    }

    private static void AddRethrowOnce(Suite suite)
    {
        suite.Add("rethrow: finally blocks run once", () =>
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
                        journal.Note("inner");
                    }
                }
                catch (NumberedException)
                {
                    journal.Note("rethrow");
                    throw;
                }
                finally
                {
                    journal.Note("outer");
                }
            }
            catch (NumberedException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("rethrow: throwing the variable keeps the object", () =>
        {
            try
            {
                try
                {
                    Thrower.Special(8);
                }
                catch (NumberedException thrown)
                {
                    Exception again = thrown;
                    throw again;
                }
            }
            catch (SpecialNumberedException thrown)
            {
                return "special " + thrown.Number;
            }

            return "no";
        });
    }

    private static void AddWrapping(Suite suite)
    {
        suite.Add("rethrow: wrapped with a cause", () =>
        {
            try
            {
                try
                {
                    Thrower.Numbered(3);
                }
                catch (NumberedException cause)
                {
                    throw new InvalidOperationException("wrapped", cause);
                }
            }
            catch (InvalidOperationException thrown)
            {
                return thrown.Message + " <- " + thrown.InnerException!.Message;
            }

            return "no";
        });
        suite.Add("rethrow: one object thrown again later", () =>
        {
            var reused = new NumberedException(7);
            int sum = 0;
            for (int i = 0; i < 5; i++)
            {
                try
                {
                    throw reused;
                }
                catch (NumberedException thrown)
                {
                    sum += thrown.Number;
                }
            }

            return sum.ToString();
        });
    }

    private static void AddMixed(Suite suite)
    {
        for (int shape = 0; shape < 16; shape++)
        {
            int number = shape;
            suite.Add("nested: every turn of a maze, " + shape, () => Maze(number));
        }
    }

    /// <summary>Each bit decides whether one of four places throws.</summary>
    private static string Maze(int bits)
    {
        var journal = new Journal();
        try
        {
            try
            {
                try
                {
                    journal.Note("a");
                    Thrower.Numbered(bits & 1);
                    journal.Note("b");
                }
                catch (NumberedException thrown) when (journal.NoteAndAnswer("w" + thrown.Number, (bits & 8) == 0))
                {
                    journal.Note("c");
                    Thrower.Numbered(bits & 2);
                    journal.Note("d");
                }
                finally
                {
                    journal.Note("e");
                    Thrower.Numbered(bits & 4);
                    journal.Note("f");
                }
            }
            catch (NumberedException thrown) when (thrown.Number != 4)
            {
                journal.Note("g" + thrown.Number);
                Thrower.Numbered(bits & 8);
            }
            finally
            {
                journal.Note("h");
            }
        }
        catch (NumberedException thrown)
        {
            journal.Note("i" + thrown.Number);
        }

        return journal.ToString();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int HandlersDeep(int depth)
    {
        if (depth == 0)
            return 1;
        try
        {
            Thrower.Numbered(depth);
        }
        catch (NumberedException thrown)
        {
            return (HandlersDeep(depth - 1) * 10) + thrown.Number;
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Recurse(int depth)
    {
        try
        {
            return Thrower.Numbered(depth);
        }
        catch (NumberedException thrown)
        {
            try
            {
                return Recurse(depth - 1) + thrown.Number;
            }
            finally
            {
                depth = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Replace(Journal journal, int depth)
    {
        try
        {
            if (depth == 0)
                Thrower.Numbered(100);
            Replace(journal, depth - 1);
        }
        finally
        {
            journal.Note("f" + depth);
            Thrower.Numbered(depth);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RethrowThrough(Journal journal, int depth)
    {
        try
        {
            if (depth == 0)
                Thrower.Numbered(1);
            RethrowThrough(journal, depth - 1);
        }
        catch (NumberedException)
        {
            journal.Note("r" + depth);
            throw;
        }
        finally
        {
            journal.Note("f" + depth);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Four(int a, int b, int c, int d) => a + (b * 2) + (c * 3) + (d * 4);
}
