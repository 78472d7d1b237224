using System;
using System.Runtime.CompilerServices;

namespace HaukiOS.Conformance;

/// <summary>Faults of the processor and checks of the runtime, seen as exceptions.</summary>
public static class ExceptionFaultCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddNull(suite);
        AddBounds(suite);
        AddDivision(suite);
        AddChecked(suite);
        AddCasts(suite);
    }

    private static void AddNull(Suite suite)
    {
        suite.AddThrow("null: a field", () => Thrower.Hide<Node?>(null)!.Value++);
        suite.AddThrow("null: a field far inside", () => Thrower.Hide<Node?>(null)!.Last = 1);
        suite.AddThrow("null: a virtual method", () => Thrower.Hide<Node?>(null)!.Virtual());
        suite.AddThrow("null: a method that does not use this", () => Thrower.Hide<Node?>(null)!.Plain());
        suite.AddThrow("null: an interface method", () => Thrower.Hide<IShape?>(null)!.Area());
        suite.AddThrow("null: a delegate", () => Thrower.Hide<Action?>(null)!());
        suite.AddThrow("null: the length of an array", () => Thrower.Hide(Thrower.Hide<int[]?>(null)!.Length));
        suite.AddThrow("null: an element of an array", () => Thrower.Hide<int[]?>(null)![5] = 1);
        suite.AddThrow("null: a string's length", () => Thrower.Hide(Thrower.Hide<string?>(null)!.Length));
        suite.AddThrow("null: GetType", () => Thrower.Hide<object?>(null)!.GetType());
        suite.AddThrow("null: unboxing", () => Thrower.Hide((int)Thrower.Hide<object?>(null)!));
        suite.AddThrow("null: lock", () =>
        {
            lock (Thrower.Hide<object?>(null)!)
            {
                Thrower.Hide(0);
            }
        });
        suite.AddThrow("null: foreach", () =>
        {
            foreach (int number in Thrower.Hide<int[]?>(null)!)
                Thrower.Hide(number);
        });
        suite.AddThrow("null: the value of an empty nullable", () => Thrower.Hide(Thrower.Hide<int?>(null)!.Value));
        suite.AddThrow("null: a struct copied out of nothing", () => Thrower.Hide(Thrower.Hide<Holder?>(null)!.Big));
        suite.AddThrow("null: a struct copied into nothing", () => Thrower.Hide<Holder?>(null)!.Big = new Block(1));
        suite.Add("null: caught two frames up with a finally between", () =>
        {
            var journal = new Journal();
            try
            {
                FinallyAroundNull(journal);
            }
            catch (NullReferenceException)
            {
                journal.Note("caught");
            }

            return journal.ToString();
        });
        suite.Add("null: a hundred in a row", () =>
        {
            int caught = 0;
            Node? nothing = Thrower.Hide<Node?>(null);
            for (int i = 0; i < 100; i++)
            {
                try
                {
                    nothing!.Value = i;
                }
                catch (NullReferenceException)
                {
                    caught++;
                }
            }

            return caught.ToString();
        });
    }

    private static void AddBounds(Suite suite)
    {
        int[] indices = [-1, 4, 5, int.MaxValue, int.MinValue];
        foreach (int index in indices)
        {
            int at = index;
            suite.AddThrow("bounds: read " + index, () => Thrower.Hide(Thrower.Hide(new int[4])[at]));
            suite.AddThrow("bounds: write " + index, () => Thrower.Hide(new byte[4])[at] = 1);
        }

        suite.AddThrow("bounds: the last element", () => Thrower.Hide(new int[4])[3] = 1);
        suite.AddThrow("bounds: an empty array", () => Thrower.Hide(Array.Empty<string>()[Thrower.Hide(0)]));
        suite.AddThrow("bounds: a string", () => Thrower.Hide("abc"[Thrower.Hide(3)]));
        suite.AddThrow("bounds: a span", () =>
        {
            Span<int> span = stackalloc int[3];
            span[Thrower.Hide(3)] = 1;
        });
        suite.AddThrow("bounds: a slice", () => new int[3].AsSpan().Slice(Thrower.Hide(2), Thrower.Hide(2)));
        suite.AddThrow("bounds: two dimensions", () =>
            Thrower.Hide(new int[2, 3])[Thrower.Hide(1), Thrower.Hide(3)] = 1);
        suite.AddThrow("bounds: an array of negative length", () => Thrower.Hide(new int[Thrower.Hide(-1)]));
        suite.AddThrow("bounds: from the end", () => Thrower.Hide(Thrower.Hide(new int[3])[^Thrower.Hide(4)]));
        suite.AddThrow("bounds: an object that does not fit the array", () =>
            Thrower.Hide<object[]>(new string[1])[0] = new object());
        suite.AddThrow("bounds: nothing fits every array", () => Thrower.Hide<object?[]>(new string[1])[0] = null);
    }

    private static void AddDivision(Suite suite)
    {
        suite.AddThrow("division: int by zero", () => Thrower.Hide(1 / Thrower.Hide(0)));
        suite.AddThrow("division: int remainder by zero", () => Thrower.Hide(1 % Thrower.Hide(0)));
        suite.AddThrow("division: uint by zero", () => Thrower.Hide(1u / Thrower.Hide(0u)));
        suite.AddThrow("division: long by zero", () => Thrower.Hide(1L / Thrower.Hide(0L)));
        suite.AddThrow("division: long remainder by zero", () => Thrower.Hide(1L % Thrower.Hide(0L)));
        suite.AddThrow("division: ulong by zero", () => Thrower.Hide(1UL / Thrower.Hide(0UL)));
        suite.AddThrow("division: short by zero", () => Thrower.Hide(5 / Thrower.Hide((short)0)));
        suite.AddThrow("division: byte by zero", () => Thrower.Hide(5 / Thrower.Hide((byte)0)));
        suite.AddThrow("division: smallest int by -1", () => Thrower.Hide(int.MinValue / Thrower.Hide(-1)));
        suite.AddThrow("division: smallest long by -1", () => Thrower.Hide(long.MinValue / Thrower.Hide(-1L)));
        suite.Add("division: a double by zero is no error", () => (1.0 / Thrower.Hide(0.0) > 1e300).ToString());
        suite.Add("division: by a field that is zero", () =>
        {
            var node = new Node();
            return Thrower.NameOf(() => Thrower.Hide(100 / Thrower.Hide(node).Value));
        });
        suite.Add("division: by an element that is zero", () =>
        {
            int[] numbers = [3, 0, 7];
            return Thrower.NameOf(() => Thrower.Hide(100 / Thrower.Hide(numbers)[Thrower.Hide(1)]));
        });
        suite.Add("division: smallest by a field that is -1", () =>
        {
            var node = new Node { Value = -1 };
            return Thrower.NameOf(() => Thrower.Hide(Thrower.Hide(int.MinValue) / Thrower.Hide(node).Value));
        });
        suite.Add("division: smallest by an element that is -1", () =>
        {
            int[] numbers = [3, -1, 7];
            int smallest = Thrower.Hide(int.MinValue);
            return Thrower.NameOf(() => Thrower.Hide(smallest / Thrower.Hide(numbers)[Thrower.Hide(1)]));
        });
        suite.Add("division: by a parameter on the stack", () =>
            DivideStack(1, 2, 3, 4, 0) + " " + DivideStack(1, 2, 3, 4, 2));
        suite.AddThrow("division: zero by zero", () => Thrower.Hide(Thrower.Hide(0) / Thrower.Hide(0)));
        suite.Add("division: goes on after the fault", () =>
        {
            int sum = 0;
            for (int i = -3; i <= 3; i++)
            {
                try
                {
                    sum += 60 / i;
                }
                catch (DivideByZeroException)
                {
                    sum += 1000;
                }
            }

            return sum.ToString();
        });
    }

    private static void AddChecked(Suite suite)
    {
        suite.AddThrow("checked: int add", () => Thrower.Hide(checked(Thrower.Hide(int.MaxValue) + 1)));
        suite.AddThrow("checked: int subtract", () => Thrower.Hide(checked(Thrower.Hide(int.MinValue) - 1)));
        suite.AddThrow("checked: int multiply", () => Thrower.Hide(checked(Thrower.Hide(65536) * 65536)));
        suite.AddThrow("checked: int negate", () => Thrower.Hide(checked(-Thrower.Hide(int.MinValue))));
        suite.AddThrow("checked: uint add", () => Thrower.Hide(checked(Thrower.Hide(uint.MaxValue) + 1u)));
        suite.AddThrow("checked: uint subtract", () => Thrower.Hide(checked(Thrower.Hide(0u) - 1u)));
        suite.AddThrow("checked: long add", () => Thrower.Hide(checked(Thrower.Hide(long.MaxValue) + 1L)));
        suite.AddThrow("checked: long multiply", () => Thrower.Hide(checked(Thrower.Hide(1L << 40) * (1L << 30))));
        suite.AddThrow("checked: long multiply of the smallest by -1", () =>
            Thrower.Hide(checked(Thrower.Hide(long.MinValue) * Thrower.Hide(-1L))));
        suite.AddThrow("checked: ulong multiply", () => Thrower.Hide(checked(Thrower.Hide(1UL << 40) * (1UL << 30))));
        suite.Add("checked: ulong multiply that fits", () => checked(Thrower.Hide(1UL << 33) * (1UL << 30)).ToString());
        suite.AddThrow("checked: int to byte", () => Thrower.Hide(checked((byte)Thrower.Hide(256))));
        suite.AddThrow("checked: int to uint", () => Thrower.Hide(checked((uint)Thrower.Hide(-1))));
        suite.AddThrow("checked: long to int", () => Thrower.Hide(checked((int)Thrower.Hide(1L << 31))));
        suite.AddThrow("checked: long to ulong", () => Thrower.Hide(checked((ulong)Thrower.Hide(-1L))));
        suite.AddThrow("checked: double to int", () => Thrower.Hide(checked((int)Thrower.Hide(3e9))));
        suite.AddThrow("checked: double to long", () => Thrower.Hide(checked((long)Thrower.Hide(1e19))));
        suite.AddThrow("checked: not a number to int", () => Thrower.Hide(checked((int)Thrower.Hide(double.NaN))));
        suite.Add("checked: unchecked wraps", () => unchecked(Thrower.Hide(int.MaxValue) + 1).ToString());
        suite.Add("checked: a sum that overflows half-way keeps what it had", () =>
        {
            int sum = int.MaxValue - 10;
            try
            {
                for (int i = 1; i < 100; i++)
                    sum = checked(sum + i);
            }
            catch (OverflowException)
            {
                return sum.ToString();
            }

            return "no";
        });
    }

    private static void AddCasts(Suite suite)
    {
        suite.AddThrow("cast: to a class it is not", () => Thrower.Hide((Node)Thrower.Hide<object>("text")));
        suite.AddThrow("cast: to an interface it lacks", () => Thrower.Hide((IShape)Thrower.Hide<object>("text")));
        suite.AddThrow("cast: to another array", () => Thrower.Hide((int[])Thrower.Hide<object>(new long[1])));
        suite.AddThrow("cast: a box of another type", () => Thrower.Hide((long)Thrower.Hide<object>(1)));
        suite.Add("cast: a box of a number to an enum of it", () => ((int)(Season)Thrower.Hide<object>(3)).ToString());
        suite.Add("cast: nothing to anything", () => (((Node?)Thrower.Hide<object?>(null)) is null).ToString());
        suite.Add("cast: as gives nothing", () => (Thrower.Hide<object>("text") as Node is null).ToString());
        suite.Add("cast: down and up again", () =>
            ((Node)Thrower.Hide<object>(new Node { Value = 4 })).Value.ToString());
        suite.AddThrow("cast: a generic parameter", () => CastTo<Node>("text"));
        suite.Add("cast: a generic parameter that fits", () => CastTo<string>("text"));
        suite.AddThrow("cast: a delegate of another type", () =>
            ((Action<int>)Thrower.Hide<object>(new Action(() => { })))(1));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T CastTo<T>(object value) => (T)value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string DivideStack(int a, int b, int c, int d, int e)
    {
        try
        {
            return (((a + b + c + d) * 10) / e).ToString();
        }
        catch (DivideByZeroException)
        {
            return "zero";
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FinallyAroundNull(Journal journal)
    {
        try
        {
            ReadNull(Thrower.Hide<Node?>(null)!);
        }
        finally
        {
            journal.Note("finally");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int ReadNull(Node node) => node.Value;

    private enum Season
    {
        Spring = 1,
        Autumn = 3,
    }

    private interface IShape
    {
        int Area();
    }

    private struct Block(long first)
    {
        public long First = first;
        public long Second = first + 1;
        public long Third = first + 2;
        public string? Text = "text";
        public long Fourth = first + 3;
    }

    private class Node
    {
        public int Value;
        public Block Middle = new(7);
        public int Last;

        public virtual int Virtual() => Value;

        [MethodImpl(MethodImplOptions.NoInlining)]
        public int Plain() => 1;
    }

    private sealed class Holder
    {
        public Block Big;
    }
}
