using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace HaukiOS.Conformance;

/// <summary>Lists, dictionaries, sets, queues, arrays.</summary>
public static class CollectionCases
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddLists(suite);
        AddListsInBulk(suite);
        AddDictionaries(suite);
        AddDictionariesAndTheirViews(suite);
        AddSets(suite);
        AddQueues(suite);
        AddSorted(suite);
        AddArrays(suite);
        AddArraysHardToSort(suite);
        AddChanges(suite);
    }

    private static string Show<T>(IEnumerable<T> items) => string.Join(' ', items);

    private static void AddLists(Suite suite)
    {
        suite.Add("list: add, insert, remove", () =>
        {
            List<int> list = [1, 2, 3];
            list.Insert(0, 9);
            list.AddRange([7, 8]);
            list.RemoveAt(2);
            list.Remove(3);
            return Show(list) + " of " + list.Count;
        });
        suite.Add("list: capacity grows", () =>
        {
            List<int> list = [];
            string text = list.Capacity + " ";
            for (int i = 0; i < 20; i++)
            {
                list.Add(i);
                text += list.Capacity + " ";
            }

            return text;
        });
        suite.Add("list: search", () =>
        {
            List<string> list = ["a", "b", "c", "b"];
            return $"{list.IndexOf("b")} {list.LastIndexOf("b")} {list.Contains("x")} {list.Find(s => s != "a")}";
        });
        suite.Add("list: search by rule", () =>
        {
            List<int> list = [5, 8, 13, 21];
            return $"{list.Find(x => x > 6)} {list.FindIndex(x => x > 100)} {list.FindLast(x => x < 20)} "
                + $"{Show(list.FindAll(x => x % 2 == 1))} {list.Exists(x => x == 8)} {list.TrueForAll(x => x > 4)}";
        });
        suite.Add("list: remove by rule", () =>
        {
            List<int> list = [1, 2, 3, 4, 5, 6];
            return list.RemoveAll(x => x % 2 == 0) + " " + Show(list);
        });
        suite.Add("list: sort, search, reverse", () =>
        {
            List<int> list = [5, 3, 9, 1, 7];
            list.Sort();
            int at = list.BinarySearch(7);
            int missing = list.BinarySearch(4);
            list.Reverse();
            return $"{at} {missing} {Show(list)}";
        });
    }

    private static void AddListsInBulk(Suite suite)
    {
        suite.Add("list: sort by rule", () =>
        {
            List<string> list = ["ccc", "a", "bb"];
            list.Sort((x, y) => y.Length - x.Length);
            return Show(list);
        });
        suite.Add("list: ranges", () =>
        {
            List<int> list = [1, 2, 3, 4, 5];
            list.InsertRange(1, list);
            list.RemoveRange(6, 2);
            return Show(list) + " | " + Show(list.GetRange(2, 3)) + " | " + Show(list.Slice(0, 2));
        });
        suite.Add("list: convert and copy", () =>
        {
            List<int> list = [1, 2];
            int[] target = new int[4];
            list.CopyTo(target, 1);
            return Show(list.ConvertAll(x => x * 1.5)) + " | " + Show(target) + " | " + Show(list.AsReadOnly());
        });
        suite.Add("list: index out of range", () => new List<int> { 1 }[1].ToString());
        suite.Add("list: insert out of range", () =>
        {
            new List<int>().Insert(1, 5);
            return "inserted";
        });
        suite.Add("list: as a span", () =>
        {
            List<int> list = [1, 2, 3];
            CollectionsMarshal.AsSpan(list)[1] = 20;
            return Show(list);
        });
        suite.Add("list: collection expressions with spreads", () =>
        {
            List<int> list = [1, 2];
            int[] array = [0, .. list, 3, .. list];
            return Show(array);
        });
        suite.Add("list: a comparison that throws", () =>
        {
            List<int> list = [3, 1, 2];
            list.Sort((x, y) => throw new FormatException());
            return Show(list);
        });
    }

    private static void AddDictionaries(Suite suite)
    {
        suite.Add("dictionary: add, get, replace, remove", () =>
        {
            Dictionary<string, int> map = new() { ["a"] = 1, ["b"] = 2 };
            map["a"] = 10;
            bool removed = map.Remove("b", out int value);
            return $"{map["a"]} {removed} {value} {map.Count} {map.ContainsKey("b")} "
                + $"{map.TryGetValue("x", out int none)}"
                + $" {none} {map.TryAdd("a", 5)} {map.TryAdd("c", 6)}";
        });
        suite.Add("dictionary: keeps the order without removals", () =>
        {
            Dictionary<int, string> map = [];
            for (int i = 0; i < 10; i++)
            {
                map.Add(i * 7919 % 101, i.ToString());
            }

            return Show(map) + " | " + Show(map.Keys) + " | " + Show(map.Values);
        });
        suite.Add("dictionary: a free place is taken first", () =>
        {
            Dictionary<int, int> map = new() { [1] = 1, [2] = 2, [3] = 3, [4] = 4 };
            map.Remove(2);
            map.Remove(3);
            map[9] = 9;
            map[8] = 8;
            return Show(map.Keys);
        });
        suite.Add("dictionary: ten thousand entries", () =>
        {
            Dictionary<long, int> map = [];
            for (int i = 0; i < 10_000; i++)
            {
                map[(long)i * 1_000_003] = i;
            }

            long sum = 0;
            for (int i = 0; i < 10_000; i += 2)
            {
                sum += map[(long)i * 1_000_003];
                map.Remove((long)i * 1_000_003);
            }

            return $"{sum} {map.Count} {map.ContainsKey(1_000_003)} {map.ContainsKey(2_000_006)}";
        });
        suite.Add("dictionary: keys ignoring case", () =>
        {
            Dictionary<string, int> map = new(StringComparer.OrdinalIgnoreCase) { ["Hauki"] = 1 };
            return map["hAUKI"].ToString() + map.ContainsKey("kuha");
        });
    }

    private static void AddDictionariesAndTheirViews(Suite suite)
    {
        suite.Add("dictionary: keys of several types", () =>
        {
            Dictionary<(int, string), string> tuples = new() { [(1, "a")] = "x" };
            Dictionary<DayOfWeek, int> enums = new() { [DayOfWeek.Friday] = 5 };
            Dictionary<object, int> objects = new() { ["s"] = 1, [2] = 2, ['c'] = 3 };
            return $"{tuples[(1, "a")]} {enums[DayOfWeek.Friday]} {objects[2]} {objects["s"]} {objects['c']}";
        });
        suite.Add("dictionary: a missing key", () => new Dictionary<string, int>()["x"].ToString());
        suite.Add("dictionary: the same key twice", () =>
        {
            new Dictionary<string, int> { { "a", 1 } }.Add("a", 2);
            return "added";
        });
        suite.Add("dictionary: a null key", () =>
        {
            new Dictionary<string, int>().Add(null!, 2);
            return "added";
        });
        suite.Add("dictionary: references to values", () =>
        {
            Dictionary<string, int> map = [];
            CollectionsMarshal.GetValueRefOrAddDefault(map, "a", out bool existed) += 5;
            CollectionsMarshal.GetValueRefOrAddDefault(map, "a", out bool again) += 5;
            return $"{existed} {again} {map["a"]}";
        });
    }

    private static void AddSets(Suite suite)
    {
        suite.Add("set: operations", () =>
        {
            HashSet<int> a = [1, 2, 3, 4];
            HashSet<int> b = [3, 4, 5];
            HashSet<int> union = [.. a, .. b];
            HashSet<int> except = new(a);
            except.ExceptWith(b);
            HashSet<int> both = new(a);
            both.IntersectWith(b);
            HashSet<int> either = new(a);
            either.SymmetricExceptWith(b);
            return $"{Show(union)} | {Show(except)} | {Show(both)} | {Show(either)}";
        });
        suite.Add("set: comparisons", () =>
        {
            HashSet<int> a = [1, 2];
            int[] b = [1, 2, 3];
            return $"{a.IsSubsetOf(b)} {a.IsProperSubsetOf(b)} {a.IsSupersetOf(b)} {a.Overlaps(b)} {a.SetEquals(b)} "
                + $"{a.SetEquals([2, 1, 1])} {a.IsProperSupersetOf([1])}";
        });
        suite.Add("set: add and remove", () =>
        {
            HashSet<string> set = ["a"];
            return $"{set.Add("a")} {set.Add("b")} {set.Remove("a")} {set.Contains("a")} {set.Count} "
                + $"{set.RemoveWhere(s => s == "b")} {set.Count}";
        });
        suite.Add("set: sorted", () =>
        {
            SortedSet<int> set = [5, 1, 9, 3, 1];
            return $"{Show(set)} {set.Min} {set.Max} {Show(set.GetViewBetween(2, 6))} {Show(set.Reverse())}";
        });
    }

    private static void AddQueues(Suite suite)
    {
        suite.Add("queue: first in, first out", () =>
        {
            Queue<int> queue = new();
            for (int i = 0; i < 10; i++)
            {
                queue.Enqueue(i);
                if (i % 3 == 2)
                {
                    queue.Dequeue();
                }
            }

            return Show(queue) + " " + queue.Peek() + " " + queue.Contains(9) + " " + Show(queue.ToArray());
        });
        suite.Add("queue: empty", () => new Queue<int>().Dequeue().ToString());
        suite.Add("queue: try", () => new Queue<int>().TryDequeue(out int x) + " " + x);
        suite.Add("stack: last in, first out", () =>
        {
            Stack<int> stack = new([1, 2, 3]);
            stack.Push(4);
            return stack.Pop() + " " + stack.Peek() + " " + Show(stack) + " " + Show(stack.ToArray());
        });
        suite.Add("stack: empty", () => new Stack<int>().Pop().ToString());
        suite.Add("priority queue: least first", () =>
        {
            PriorityQueue<string, int> queue = new();
            string text = "";
            int[] priorities = [5, 3, 8, 1, 9, 2, 7];
            foreach (int priority in priorities)
            {
                queue.Enqueue("p" + priority, priority);
            }

            while (queue.TryDequeue(out string? element, out int priority))
            {
                text += element + ":" + priority + " ";
            }

            return text;
        });
        suite.Add("linked list: adds and removes", () =>
        {
            LinkedList<int> list = new([2, 3]);
            list.AddFirst(1);
            list.AddLast(5);
            list.AddBefore(list.Last!, 4);
            list.AddAfter(list.Find(3)!, 33);
            list.Remove(2);
            list.RemoveFirst();
            return Show(list) + " " + list.Count + " " + list.First!.Value + " " + list.Last!.Previous!.Value;
        });
    }

    private static void AddSorted(Suite suite)
    {
        suite.Add("sorted dictionary: in order", () =>
        {
            SortedDictionary<string, int> map = new() { ["c"] = 3, ["a"] = 1, ["b"] = 2 };
            map.Remove("b");
            map["d"] = 4;
            return Show(map) + " | " + Show(map.Keys) + " | " + Show(map.Values) + " " + map.ContainsKey("b");
        });
        suite.Add("sorted dictionary: the same key twice", () =>
        {
            new SortedDictionary<int, int> { { 1, 1 } }.Add(1, 2);
            return "added";
        });
        suite.Add("sorted list: by number", () =>
        {
            SortedList<int, string> list = new() { [5] = "e", [1] = "a", [3] = "c" };
            return Show(list) + " " + list.IndexOfKey(3) + " " + list.GetValueAtIndex(0) + " " + list.IndexOfKey(4);
        });
    }

    private static void AddArrays(Suite suite)
    {
        suite.Add("array: sort", () =>
        {
            int[] array = new int[200];
            Random random = new(3);
            for (int i = 0; i < array.Length; i++)
            {
                array[i] = random.Next(1000);
            }

            Array.Sort(array);
            bool ordered = true;
            for (int i = 1; i < array.Length; i++)
            {
                ordered &= array[i - 1] <= array[i];
            }

            return ordered + " " + Show(array.AsSpan(0, 10).ToArray()) + " " + Array.BinarySearch(array, array[77]);
        });
        suite.Add("array: sort keys with items", () =>
        {
            int[] keys = [3, 1, 2];
            string[] items = ["c", "a", "b"];
            Array.Sort(keys, items);
            return Show(keys) + " " + Show(items);
        });
        suite.Add("array: sort a part", () =>
        {
            int[] array = [5, 4, 3, 2, 1];
            Array.Sort(array, 1, 3);
            return Show(array);
        });
        suite.Add("array: copy overlapping", () =>
        {
            int[] array = [1, 2, 3, 4, 5];
            Array.Copy(array, 0, array, 1, 4);
            return Show(array);
        });
        suite.Add("array: fill, reverse, index", () =>
        {
            int[] array = new int[5];
            Array.Fill(array, 7, 1, 2);
            Array.Reverse(array);
            return Show(array) + " " + Array.IndexOf(array, 7) + " " + Array.LastIndexOf(array, 7);
        });
        suite.Add("array: resize", () =>
        {
            int[] array = [1, 2, 3];
            Array.Resize(ref array, 5);
            Array.Resize(ref array, 2);
            return Show(array);
        });
    }

    private static void AddArraysHardToSort(Suite suite)
    {
        suite.Add("array: sort in the worst orders", () =>
        {
            string text = "";
            for (int kind = 0; kind < 4; kind++)
            {
                int[] array = new int[1000];
                for (int i = 0; i < array.Length; i++)
                {
                    array[i] = kind switch { 0 => i, 1 => -i, 2 => i % 3, _ => i < 500 ? i : 1000 - i };
                }

                Array.Sort(array);
                bool ordered = true;
                for (int i = 1; i < array.Length; i++)
                {
                    ordered &= array[i - 1] <= array[i];
                }

                text += ordered + " ";
            }

            return text;
        });
    }

    private static void AddChanges(Suite suite)
    {
        suite.Add("changes: a list while it is gone over", () =>
        {
            List<int> list = [1, 2, 3];
            foreach (int item in list)
            {
                list.Add(item);
            }

            return "finished";
        });
        suite.Add("changes: a dictionary may lose entries", () =>
        {
            Dictionary<int, int> map = new() { [1] = 1, [2] = 2, [3] = 3 };
            foreach (int key in map.Keys)
            {
                map.Remove(key);
            }

            return map.Count.ToString();
        });
        suite.Add("changes: a dictionary may not gain entries", () =>
        {
            Dictionary<int, int> map = new() { [1] = 1 };
            foreach (int key in map.Keys)
            {
                map[key + 10] = key;
            }

            return "finished";
        });
        suite.Add("changes: a queue while it is gone over", () =>
        {
            Queue<int> queue = new([1, 2]);
            foreach (int item in queue)
            {
                queue.Enqueue(item);
            }

            return "finished";
        });
    }
}
