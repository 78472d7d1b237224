using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace HaukiOS.Conformance;

/// <summary>What must survive a collection, what need not, and what the collector offers to programs.</summary>
public static class GcCases
{
    private static string finalized = "";
    private static object? resurrected;

    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddSurvival(suite);
        AddInterior(suite);
        AddWeak(suite);
        AddHandles(suite);
        AddPressure(suite);
    }

    // Long: a list of cases, one after the other.
    private static void AddSurvival(Suite suite)
    {
        suite.Add("gc: a linked list survives", () => Survive(10_000).ToString());
        suite.Add("gc: a tree survives", () =>
        {
            Node tree = Tree(12);
            GC.Collect();
            return tree.Count().ToString();
        });
        suite.Add("gc: a cycle survives while held", () =>
        {
            var a = new Node();
            a.Left = new Node { Left = a, Number = 5 };
            GC.Collect();
            return a.Left.Left!.Left!.Number.ToString();
        });
        suite.Add("gc: an array of structs with references", () =>
        {
            var cells = new (int Number, string Text, object? Other)[100];
            for (int i = 0; i < cells.Length; i++)
                cells[i] = (i, "t" + i, new[] { i });
            Churn(1000);
            GC.Collect();
            return cells[99].Text + ((int[])cells[50].Other!)[0];
        });
        suite.Add("gc: a struct with many reference fields in an array", () =>
        {
            var cells = new Sparse[20];
            for (int i = 0; i < cells.Length; i++)
                cells[i] = new Sparse { First = "f" + i, Number = i, Second = "s" + i, Wide = i, Third = "t" + i };
            Churn(1000);
            GC.Collect();
            return cells[19].First + cells[19].Second + cells[7].Third + cells[7].Wide;
        });
        suite.Add("gc: fields of base and derived classes", () =>
        {
            var deep = new Third { A = "a" + 1, B = "b" + 2, C = "c" + 3 };
            GC.Collect();
            return deep.A + deep.B + deep.C;
        });
        suite.Add("gc: a dictionary survives many collections", () =>
        {
            var map = new Dictionary<string, string>();
            for (int i = 0; i < 300; i++)
            {
                map["key" + i] = "value" + i;
                if (i % 100 == 0)
                    GC.Collect();
            }
            return map["key0"] + map["key299"] + map.Count;
        });
        suite.Add("gc: closures and iterators survive", () =>
        {
            Func<string> closure = Capture("cap" + 1);
            IEnumerator<string> iterator = Iterate("it" + 1).GetEnumerator();
            iterator.MoveNext();
            GC.Collect();
            iterator.MoveNext();
            return closure() + iterator.Current;
        });
        suite.Add("gc: objects of an exception survive", () =>
        {
            try
            {
                throw new InvalidOperationException("m" + 1, new ArgumentException("i" + 2));
            }
            catch (InvalidOperationException caught)
            {
                Churn(1000);
                GC.Collect();
                return caught.Message + caught.InnerException!.Message;
            }
        });
        suite.Add("gc: a wide array of objects", () =>
        {
            var all = new object[50_000];
            for (int i = 0; i < all.Length; i++)
                all[i] = new Node { Number = i, Left = new Node { Number = i + 1 } };
            GC.Collect();
            long sum = 0;
            foreach (object one in all)
                sum += ((Node)one).Left!.Number;
            return sum.ToString();
        });
        suite.Add("gc: a long list does not need a deep stack", () => Survive(200_000).ToString());
        suite.Add("gc: reused memory is zero", () =>
        {
            Dirty();
            GC.Collect();
            for (int i = 0; i < 2000; i++)
            {
                foreach (int n in new int[20])
                {
                    if (n != 0)
                        return "dirty";
                }
            }
            return "clean";
        });
    }

    private static void AddInterior(Suite suite)
    {
        suite.Add("gc: a span keeps its array", () =>
        {
            Span<int> span = Numbers(1000).AsSpan(500, 3);
            Churn(1000);
            GC.Collect();
            return span[0] + " " + span[2];
        });
        suite.Add("gc: a ref keeps its object", () =>
        {
            ref int number = ref new Node { Number = 7 }.Number;
            Churn(1000);
            GC.Collect();
            return number.ToString();
        });
        suite.Add("gc: a ref to the last element of a big array", () =>
        {
            ref int last = ref Numbers(100_000)[99_999];
            Churn(100);
            GC.Collect();
            return last.ToString();
        });
        suite.Add("gc: a delegate keeps its target", () =>
        {
            Func<int> count = Tree(3).Count;
            GC.Collect();
            return count().ToString();
        });
        suite.Add("gc: fixed", Fixed);
    }

    private static void AddWeak(Suite suite)
    {
        suite.Add("gc: a weak reference to a held object", () =>
        {
            var held = new Node { Number = 3 };
            var weak = new WeakReference<Node>(held);
            GC.Collect();
            bool alive = weak.TryGetTarget(out Node? target);
            GC.KeepAlive(held);
            return alive + " " + target!.Number;
        });
        suite.Add("gc: a weak reference to nothing", () => new WeakReference(null).IsAlive.ToString());
        suite.Add("gc: weak references let go of most dead objects", () =>
        {
            WeakReference[] all = Weak(100);
            Churn(1000);
            GC.Collect();
            int dead = 0;
            foreach (WeakReference one in all)
                dead += one.IsAlive ? 0 : 1;
            return (dead > 90).ToString();
        });
        suite.Add("gc: a weak reference can change its target", () =>
        {
            var held = new Node { Number = 4 };
            var weak = new WeakReference<Node>(new Node());
            weak.SetTarget(held);
            GC.Collect();
            weak.TryGetTarget(out Node? target);
            GC.KeepAlive(held);
            return target!.Number.ToString();
        });
        suite.Add("gc: finalizers run", () =>
        {
            finalized = "";
            MakeFinalizable(20);
            Churn(1000);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return (finalized.Length >= 15).ToString();
        });
        suite.Add("gc: suppressed finalizers do not run", () =>
        {
            finalized = "";
            MakeSuppressed(20);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return finalized;
        });
        suite.Add("gc: a finalizer can bring its object back", () =>
        {
            resurrected = null;
            MakeResurrecting(20);
            Churn(1000);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            return ((Resurrecting?)resurrected)?.Text ?? "gone";
        });
    }

    private static void AddHandles(Suite suite)
    {
        suite.Add("gc: a handle keeps its object", () =>
        {
            GCHandle handle = Hold(8);
            Churn(1000);
            GC.Collect();
            int number = ((Node)handle.Target!).Number;
            handle.Free();
            return number + " " + handle.IsAllocated;
        });
        suite.Add("gc: a pinned array has an address", () =>
        {
            byte[] bytes = [1, 2, 3];
            GCHandle handle = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            byte second = Marshalled(handle.AddrOfPinnedObject(), 1);
            handle.Free();
            return second.ToString();
        });
        suite.Add("gc: an unpinned handle has none", () =>
        {
            GCHandle handle = GCHandle.Alloc(new byte[1]);
            try
            {
                return (handle.AddrOfPinnedObject() == 0).ToString();
            }
            finally
            {
                handle.Free();
            }
        });
        suite.Add("gc: use of a freed handle", () => default(GCHandle).Target?.ToString() ?? "null");
        suite.Add("gc: many handles", () =>
        {
            var handles = new GCHandle[2000];
            for (int i = 0; i < handles.Length; i++)
                handles[i] = GCHandle.Alloc(new Node { Number = i });
            GC.Collect();
            long sum = 0;
            foreach (GCHandle handle in handles)
            {
                sum += ((Node)handle.Target!).Number;
                handle.Free();
            }
            return sum.ToString();
        });
        suite.Add("gc: allocate a pinned array", () => GC.AllocateArray<byte>(10, pinned: true).Length.ToString());
    }

    private static void AddPressure(Suite suite)
    {
        suite.Add("gc: much garbage, small live size", () =>
        {
            Churn(200_000);
            return (GC.GetTotalMemory(true) < 32 * 1024 * 1024).ToString();
        });
        suite.Add("gc: big garbage", () =>
        {
            int length = 0;
            for (int i = 0; i < 200; i++)
                length += new byte[500_000 + i].Length;
            return length.ToString();
        });
        suite.Add("gc: arrays of every small size", () =>
        {
            var kept = new List<byte[]>();
            for (int size = 0; size < 3000; size += 7)
            {
                byte[] bytes = new byte[size];
                Array.Fill(bytes, (byte)size);
                kept.Add(bytes);
            }
            Churn(1000);
            GC.Collect();
            foreach (byte[] bytes in kept)
            {
                foreach (byte b in bytes)
                {
                    if (b != (byte)bytes.Length)
                        return "damaged at " + bytes.Length;
                }
            }
            return "whole";
        });
        suite.Add("gc: an impossible array is refused", () => new long[0x7FFF_0000].Length.ToString());
        suite.Add("gc: and the program goes on", () =>
        {
            try
            {
                return new long[0x7FFF_0000].Length.ToString();
            }
            catch (OutOfMemoryException)
            {
                return "on " + Survive(100);
            }
        });
        suite.Add("gc: collection count rises", () =>
        {
            int before = GC.CollectionCount(0);
            GC.Collect();
            return (GC.CollectionCount(0) > before).ToString();
        });
        suite.Add("gc: strings made and dropped", () =>
        {
            string text = "";
            for (int i = 0; i < 2000; i++)
                text = (text + i)[^Math.Min(20, text.Length + 1)..];
            return text;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Survive(int count)
    {
        Node? list = null;
        for (int i = 0; i < count; i++)
            list = new Node { Left = list, Number = 1 };
        GC.Collect();
        int found = 0;
        for (Node? at = list; at != null; at = at.Left)
            found += at.Number;
        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Churn(int count)
    {
        for (int i = 0; i < count; i++)
            sink = new byte[i % 200];
        sink = null;
    }

    private static object? sink;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Dirty()
    {
        for (int i = 0; i < 2000; i++)
        {
            var numbers = new int[20];
            Array.Fill(numbers, -1);
            sink = numbers;
        }
        sink = null;
    }

    private static Node Tree(int depth) =>
        depth == 0 ? new Node() : new Node { Left = Tree(depth - 1), Right = Tree(depth - 1) };

    private static int[] Numbers(int count)
    {
        int[] numbers = new int[count];
        for (int i = 0; i < count; i++)
            numbers[i] = i;
        return numbers;
    }

    private static Func<string> Capture(string text) => () => text;

    private static IEnumerable<string> Iterate(string text)
    {
        yield return "first";
        yield return text;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Weak(int count)
    {
        var all = new WeakReference[count];
        for (int i = 0; i < count; i++)
            all[i] = new WeakReference(new Node());
        return all;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static GCHandle Hold(int number) => GCHandle.Alloc(new Node { Number = number });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeFinalizable(int count)
    {
        for (int i = 0; i < count; i++)
            sink = new Finalizable();
        sink = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeSuppressed(int count)
    {
        for (int i = 0; i < count; i++)
        {
            sink = new Finalizable();
            GC.SuppressFinalize(sink);
        }
        sink = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeResurrecting(int count)
    {
        for (int i = 0; i < count; i++)
            sink = new Resurrecting();
        sink = null;
    }

    private static unsafe byte Marshalled(nint address, int offset) => ((byte*)address)[offset];

    private static unsafe string Fixed()
    {
        int[] numbers = Numbers(10);
        fixed (int* first = numbers)
        {
            GC.Collect();
            return first[4].ToString();
        }
    }

    private sealed class Node
    {
        internal Node? Left;
        internal Node? Right;
        internal int Number;

        internal int Count() => 1 + (Left?.Count() ?? 0) + (Right?.Count() ?? 0);
    }

    private struct Sparse
    {
        internal string First;
        internal int Number;
        internal string Second;
        internal long Wide;
        internal string Third;
    }

    private class First
    {
        internal int Filler = 1;
        internal string A = "";
    }

    private class Second : First
    {
        internal long MoreFiller = 2;
        internal string B = "";
    }

    private sealed class Third : Second
    {
        internal string C = "";
        internal byte LastFiller = 3;
    }

    private sealed class Finalizable
    {
        ~Finalizable() => finalized += "f";
    }

    private sealed class Resurrecting
    {
        internal readonly string Text = new('r', 3);

        ~Resurrecting() => resurrected = this;
    }
}
