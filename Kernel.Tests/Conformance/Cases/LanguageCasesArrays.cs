using System;
using System.Collections;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Arrays: of every kind and dimension, their interfaces, copies and checks.</summary>
public static class LanguageCasesArrays
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddBasics(suite);
        AddDimensions(suite);
        AddInterfaces(suite);
        AddCopies(suite);
    }

    private static void AddBasics(Suite suite)
    {
        suite.Add("arrays: start as zero", () =>
            (new int[2])[1] + ((new string?[1])[0] ?? "null") + (new (int, string?)[1])[0]);
        suite.Add("arrays: negative index", () => At([1, 2, 3], -1));
        suite.Add("arrays: index at the length", () => At([1, 2, 3], 3));
        suite.Add("arrays: store past the end", () =>
        {
            string[] texts = ["a"];
            texts[texts.Length] = "b";
            return "unreached";
        });
        suite.Add("arrays: negative length", () => new int[Negative()].Length.ToString());
        suite.Add("arrays: index from the end", () => new[] { 1, 2, 3 }[^1] + " " + new[] { 1, 2, 3 }[^3]);
        suite.Add("arrays: ranges", () =>
            string.Join(",", new[] { 1, 2, 3, 4 }[1..3]) + "|" + new[] { 1, 2 }[2..].Length);
        suite.Add("arrays: of null", () => ((int[])null!)[0].ToString());
        suite.Add("arrays: length of null", () => ((int[])null!).Length.ToString());
        suite.Add("arrays: jagged", () => new int[][] { [1], [2, 3] }[1][1].ToString());
        suite.Add("arrays: covariant read", () => ((object[])new[] { "a" })[0].ToString()!);
        suite.Add("arrays: covariant store refused", () =>
        {
            object[] objects = new string[1];
            objects[0] = new object();
            return "unreached";
        });
        suite.Add("arrays: covariant store of null", () =>
        {
            object?[] objects = new string[] { "x" };
            objects[0] = null;
            return "stored";
        });
        suite.Add("arrays: store of a derived object", () =>
        {
            Exception[] all = new Exception[2];
            all[0] = new InvalidOperationException();
            return all[0].GetType().Name;
        });
        suite.Add("arrays: address of a covariant element refused", () =>
        {
            object[] objects = new string[1];
            Touch(ref objects[0]);
            return "unreached";
        });
        suite.Add("arrays: int array as uint array", () => ((uint[])(object)new[] { -1 })[0].ToString());
        suite.Add("arrays: int array as long array", () => (((object)new int[1]) is long[]).ToString());
        suite.Add("arrays: enum array as int array", () => (((object)new DayOfWeek[1]) is int[]).ToString());
        suite.Add("arrays: of structs are written in place", () =>
        {
            var cells = new Cell[2];
            cells[1].Number = 5;
            cells[1].Text = "five";
            return cells[1].Number + cells[1].Text + cells[0].Number;
        });
        suite.Add("arrays: stackalloc", () =>
        {
            Span<int> numbers = stackalloc int[4];
            numbers[3] = 9;
            return numbers[3] + numbers[0] + " " + numbers.Length;
        });
        suite.Add("arrays: inline array", () =>
        {
            var four = default(Four);
            four[2] = 7;
            Span<int> span = four;
            return span[2] + " " + span.Length;
        });
        suite.Add("arrays: params of spread", () =>
            string.Join(",", (int[])[.. new[] { 1, 2 }, 3, .. new List<int> { 4, 5 }]));
    }

    private static void AddDimensions(Suite suite)
    {
        suite.Add("arrays: two dimensions", () =>
        {
            var grid = new int[2, 3];
            grid[1, 2] = 7;
            grid[0, 1]++;
            return grid[1, 2] + " " + grid[0, 1] + " " + grid.Length + " " + grid.GetLength(1) + " " + grid.Rank;
        });
        suite.Add("arrays: two dimensions of references", () =>
        {
            var grid = new string[2, 2];
            grid[1, 1] = "x";
            GC.Collect();
            return grid[1, 1] + (grid[0, 0] ?? "null");
        });
        suite.Add("arrays: three dimensions initialised", () => new[,,] { { { 1, 2 }, { 3, 4 } } }[0, 1, 0].ToString());
        suite.Add("arrays: two dimensions out of range", () => (new int[2, 3])[1, 3].ToString());
        suite.Add("arrays: two dimensions covariant store refused", () =>
        {
            object[,] objects = new string[1, 1];
            objects[0, 0] = new object();
            return "unreached";
        });
        suite.Add("arrays: two dimensions in foreach", () =>
        {
            string text = "";
            foreach (int n in new[,] { { 1, 2 }, { 3, 4 } })
                text += n;
            return text;
        });
        suite.Add("arrays: two dimensions by reference", () =>
        {
            var grid = new double[3, 3];
            ref double cell = ref grid[2, 2];
            cell = 1.5;
            return grid[2, 2].ToString();
        });
        suite.Add("arrays: get and set by index list", () =>
        {
            var grid = new int[2, 2];
            grid.SetValue(5, 1, 0);
            return grid.GetValue(1, 0)!.ToString()!;
        });
        suite.Add("arrays: bounds", () => new int[4].GetUpperBound(0) + " " + new int[2, 5].GetUpperBound(1) + " "
            + new int[4].GetLowerBound(0));
    }

    private static void AddInterfaces(Suite suite)
    {
        suite.Add("arrays: as IList of T", () => ((IList<int>)new[] { 1, 2, 3 }).IndexOf(2) + " "
            + ((ICollection<int>)new[] { 1 }).Contains(1));
        suite.Add("arrays: as IReadOnlyList of T", () => ((IReadOnlyList<string>)new[] { "a", "b" })[1]);
        suite.Add("arrays: as IEnumerable of T", () =>
        {
            int sum = 0;
            foreach (int n in (IEnumerable<int>)new[] { 1, 2, 3 })
                sum += n;
            return sum.ToString();
        });
        suite.Add("arrays: as IEnumerable", () =>
        {
            string text = "";
            foreach (object? o in (IEnumerable)new[] { 1.5, 2.5 })
                text += o + " ";
            return text;
        });
        suite.Add("arrays: as IList", () => ((IList)new[] { "a", "b" })[1] + " " + ((IList)new[] { 1, 2 }).Contains(2));
        suite.Add("arrays: adding is refused", () =>
        {
            ((ICollection<int>)new int[1]).Add(1);
            return "unreached";
        });
        suite.Add("arrays: enumerator before the start", () =>
            ((IEnumerable<int>)new[] { 1 }).GetEnumerator().Current.ToString());
        suite.Add("arrays: of strings as list of objects", () => ((IList<object>)new[] { "a" }).Count.ToString());
        suite.Add("arrays: of ints as list of objects", () => (((object)new int[1]) is IList<object>).ToString());
        suite.Add("arrays: of arrays as sequence of sequences", () =>
            (((object)new int[1][]) is IEnumerable<IEnumerable<int>>).ToString());
    }

    // Long: a list of cases, one after the other.
    private static void AddCopies(Suite suite)
    {
        suite.Add("arrays: copy", () =>
        {
            int[] to = new int[5];
            Array.Copy(new[] { 1, 2, 3 }, 0, to, 1, 3);
            return string.Join(",", to);
        });
        suite.Add("arrays: copy onto itself, up and down", () =>
        {
            int[] numbers = [1, 2, 3, 4, 5];
            Array.Copy(numbers, 0, numbers, 1, 4);
            string up = string.Join(",", numbers);
            Array.Copy(numbers, 1, numbers, 0, 4);
            return up + "|" + string.Join(",", numbers);
        });
        suite.Add("arrays: copy boxes", () =>
        {
            object[] to = new object[2];
            Array.Copy(new[] { 1, 2 }, to, 2);
            return to[1].GetType().Name;
        });
        suite.Add("arrays: copy unboxes", () =>
        {
            int[] to = new int[2];
            Array.Copy(new object[] { 1, 2 }, to, 2);
            return to[1].ToString();
        });
        suite.Add("arrays: copy widens", () =>
        {
            long[] to = new long[2];
            Array.Copy(new[] { -1, 2 }, to, 2);
            return to[0] + " " + to[1];
        });
        suite.Add("arrays: copy casts down", () =>
        {
            string[] to = new string[1];
            Array.Copy(new object[] { "s" }, to, 1);
            return to[0];
        });
        suite.Add("arrays: copy casts down and fails", () =>
        {
            Array.Copy(new object[] { 1 }, new string[1], 1);
            return "unreached";
        });
        suite.Add("arrays: copy of unrelated types", () =>
        {
            Array.Copy(new[] { 1.5 }, new int[1], 1);
            return "unreached";
        });
        suite.Add("arrays: copy too much", () =>
        {
            Array.Copy(new int[2], new int[2], 3);
            return "unreached";
        });
        suite.Add("arrays: clone", () =>
        {
            int[] one = [1, 2];
            var two = (int[])one.Clone();
            two[0] = 9;
            return one[0] + " " + two[0] + " " + ((int[,])new int[2, 3].Clone()).GetLength(1);
        });
        suite.Add("arrays: clear", () =>
        {
            int[] numbers = [1, 2, 3, 4];
            Array.Clear(numbers, 1, 2);
            return string.Join(",", numbers);
        });
        suite.Add("arrays: resize", () =>
        {
            int[] numbers = [1, 2, 3];
            Array.Resize(ref numbers, 5);
            return string.Join(",", numbers);
        });
        suite.Add("arrays: search and change", () =>
        {
            string[] texts = ["a", "bb", "ccc"];
            Array.Reverse(texts);
            return Array.IndexOf(texts, "bb") + Array.Find(texts, t => t.Length == 3)
                + Array.FindIndex(texts, t => t == "a")
                + Array.Exists(texts, t => t == "z") + string.Join(",", Array.ConvertAll(texts, t => t.Length));
        });
        suite.Add("arrays: fill and empty", () =>
        {
            byte[] bytes = new byte[3];
            Array.Fill(bytes, (byte)7);
            return bytes[2] + " " + ReferenceEquals(Array.Empty<int>(), Array.Empty<int>());
        });
    }

    private static string At(int[] numbers, int index) => numbers[index].ToString();

    private static int Negative() => -"x".Length;

    private static void Touch(ref object o) => o = "touched";

    private struct Cell
    {
        internal int Number;
        internal string? Text;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Four
    {
        private int first;
    }
}
