using System;
using System.Runtime.CompilerServices;

namespace HaukiOS.Conformance;

/// <summary>catch … when: filters run before anything is unwound, and cannot fail.</summary>
public static class ExceptionFilterCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddChoice(suite);
        AddFailures(suite);
        AddInside(suite);
        AddRefusals(suite);
        AddGeneral(suite);
    }

    private static void AddChoice(Suite suite)
    {
        suite.Add("filter: true takes the exception", () => ByNumber(1));
        suite.Add("filter: false hands it on to the next", () => ByNumber(2));
        suite.Add("filter: the handler behind all filters", () => ByNumber(3));
        suite.Add("filter: not asked when the type does not fit", () =>
        {
            var journal = new Journal();
            try
            {
                Thrower.Other();
            }
            catch (NumberedException) when (journal.NoteAndAnswer("asked", true))
            {
                journal.Note("wrong");
            }
            catch (OtherException)
            {
                journal.Note("right");
            }

            return journal.ToString();
        });
        suite.Add("filter: runs before the finally blocks below", BeforeFinally);
        suite.Add("filter: all filters up the stack run, then all finally blocks", () =>
        {
            var journal = new Journal();
            try
            {
                FilterChain(journal, 4);
            }
            catch (NumberedException) when (journal.NoteAndAnswer("top", true))
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("filter: sees locals as they are", () =>
        {
            int local = Thrower.Hide(5);
            try
            {
                local = 6;
                Thrower.Numbered(6);
                local = 7;
            }
            catch (NumberedException thrown) when (thrown.Number == local)
            {
                return "equal " + local;
            }

            return "no";
        });
    }

    private static void AddFailures(Suite suite)
    {
        suite.Add("filter: can change locals", () =>
        {
            int local = 1;
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException) when (++local > 5)
            {
                return "first";
            }
            catch (NumberedException) when (++local == 3)
            {
                return "second " + local;
            }

            return "no";
        });
        suite.Add("filter: an exception inside counts as false", () =>
        {
            var journal = new Journal();
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException) when (Fails(journal))
            {
                journal.Note("wrong");
            }
            catch (NumberedException thrown)
            {
                journal.Note("right" + thrown.Number);
            }

            return journal.ToString();
        });
        suite.Add("filter: a null reference inside counts as false", () =>
        {
            string? nothing = Thrower.Hide<string?>(null);
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException) when (nothing!.Length == 0)
            {
                return "wrong";
            }
            catch (NumberedException)
            {
                return "right";
            }

            return "no";
        });
    }

    private static void AddInside(Suite suite)
    {
        suite.Add("filter: throws and catches inside itself", () =>
        {
            var journal = new Journal();
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException thrown) when (CatchesInside(journal) && thrown.Number == 1)
            {
                journal.Note("taken");
            }

            return journal.ToString();
        });
        suite.Add("filter: finally blocks of an exception inside it run", () =>
        {
            var journal = new Journal();
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException) when (FailsThroughFinally(journal))
            {
                journal.Note("wrong");
            }
            catch (NumberedException)
            {
                journal.Note("right");
            }

            return journal.ToString();
        });
        suite.Add("filter: a filter in a filter", () =>
        {
            var journal = new Journal();
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException) when (FiltersInside(journal))
            {
                journal.Note("taken");
            }

            return journal.ToString();
        });
    }

    private static void AddRefusals(Suite suite)
    {
        suite.Add("filter: rethrow from a filtered handler is filtered again outside", () =>
        {
            var journal = new Journal();
            try
            {
                try
                {
                    Thrower.Numbered(4);
                }
                catch (NumberedException) when (journal.NoteAndAnswer("inner", true))
                {
                    journal.Note("rethrow");
                    throw;
                }
            }
            catch (NumberedException thrown) when (journal.NoteAndAnswer("outer" + thrown.Number, true))
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("filter: asked once for each throw in a loop", () =>
        {
            int asked = 0;
            int taken = 0;
            for (int i = 1; i <= 20; i++)
            {
                try
                {
                    Thrower.Numbered(i);
                }
                catch (NumberedException thrown) when (++asked > 0 && thrown.Number % 3 == 0)
                {
                    taken++;
                }
                catch (NumberedException)
                {
                    taken += 100;
                }
            }

            return asked + " " + taken;
        });
        suite.Add("filter: refuses, nobody else catches", () =>
        {
            try
            {
                Thrower.Numbered(1);
            }
            catch (NumberedException thrown) when (thrown.Number == 2)
            {
                return "wrong";
            }

            return "no";
        });
    }

    private static void AddGeneral(Suite suite)
    {
        suite.Add("filter: general catch with a condition", () =>
        {
            bool open = Thrower.Hide(true);
            try
            {
                Thrower.Other();
            }
            catch when (!open)
            {
                return "closed";
            }
            catch when (open)
            {
                return "open";
            }

            return "no";
        });
        suite.Add("filter: with a finally on the same try", () =>
        {
            var journal = new Journal();
            try
            {
                try
                {
                    Thrower.Numbered(1);
                }
                catch (NumberedException) when (journal.NoteAndAnswer("no", false))
                {
                    journal.Note("wrong");
                }
                finally
                {
                    journal.Note("finally");
                }
            }
            catch (NumberedException) when (journal.NoteAndAnswer("yes", true))
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("filter: a hardware fault is filtered, too", () =>
        {
            int zero = Thrower.Hide(0);
            try
            {
                return (10 / zero).ToString();
            }
            catch (ArithmeticException thrown) when (thrown is DivideByZeroException)
            {
                return "divided";
            }
        });
        suite.Add("filter: type parameter in a generic method", () =>
            FilterGeneric<NumberedException>(1) + FilterGeneric<OtherException>(1));
    }

    private static string ByNumber(int number)
    {
        try
        {
            Thrower.Numbered(number);
            return "no";
        }
        catch (NumberedException thrown) when (thrown.Number == 1)
        {
            return "one";
        }
        catch (NumberedException thrown) when (thrown.Number == 2)
        {
            return "two";
        }
        catch (NumberedException)
        {
            return "another";
        }
    }

    private static string BeforeFinally()
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
                journal.Note("finally");
            }
        }
        catch (NumberedException) when (journal.NoteAndAnswer("filter", true))
        {
            journal.Note("catch");
        }

        return journal.ToString();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FilterChain(Journal journal, int depth)
    {
        if (depth == 0)
            Thrower.Numbered(1);
        try
        {
            FilterChain(journal, depth - 1);
        }
        catch (NumberedException) when (journal.NoteAndAnswer("q" + depth, false))
        {
            journal.Note("wrong");
        }
        finally
        {
            journal.Note("f" + depth);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Fails(Journal journal)
    {
        journal.Note("asked");
        Thrower.Other();
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool CatchesInside(Journal journal)
    {
        try
        {
            Thrower.Numbered(2);
        }
        catch (NumberedException thrown)
        {
            journal.Note("inside" + thrown.Number);
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FailsThroughFinally(Journal journal)
    {
        try
        {
            Thrower.Numbered(2);
        }
        finally
        {
            journal.Note("finally");
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool FiltersInside(Journal journal)
    {
        try
        {
            Thrower.Numbered(2);
        }
        catch (NumberedException thrown) when (journal.NoteAndAnswer("second" + thrown.Number, true))
        {
            return true;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string FilterGeneric<T>(int number)
        where T : Exception
    {
        try
        {
            Thrower.Numbered(number);
        }
        catch (T) when (number == 1)
        {
            return "[T]";
        }
        catch (Exception)
        {
            return "[any]";
        }

        return "no";
    }
}
