using System.Collections.ObjectModel;

namespace System.Collections.Generic;

/// <summary>Elements by number in an array that grows.</summary>
public class List<T> : IList<T>, IList, IReadOnlyList<T>
{
    private const int FirstCapacity = 4;

    internal T[] items;
    internal int size;
    private int version;

    public List()
    {
        items = [];
    }

    public List(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        items = capacity == 0 ? [] : new T[capacity];
    }

    public List(IEnumerable<T> collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        items = [];
        AddRange(collection);
    }

    public int Count => size;

    public int Capacity
    {
        get => items.Length;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, size);
            Array.Resize(ref items!, value);
        }
    }

    bool ICollection<T>.IsReadOnly => false;

    bool IList.IsReadOnly => false;

    bool IList.IsFixedSize => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)size)
            {
                ThrowIndex();
            }

            return items[index];
        }

        set
        {
            if ((uint)index >= (uint)size)
            {
                ThrowIndex();
            }

            items[index] = value;
            version++;
        }
    }

    object? IList.this[int index]
    {
        get => this[index];
        set => this[index] = (T)value!;
    }

    public void Add(T item)
    {
        version++;
        if (size == items.Length)
        {
            Grow(size + 1);
        }

        items[size++] = item;
    }

    int IList.Add(object? value)
    {
        Add((T)value!);
        return size - 1;
    }

    public void AddRange(IEnumerable<T> collection) => InsertRange(size, collection);

    public ReadOnlyCollection<T> AsReadOnly() => new(this);

    public int BinarySearch(T item) => BinarySearch(item, null);

    public int BinarySearch(T item, IComparer<T>? comparer) => BinarySearch(0, size, item, comparer);

    public int BinarySearch(int index, int count, T item, IComparer<T>? comparer)
    {
        CheckRange(index, count);
        return Array.BinarySearch(items, index, count, item, comparer);
    }

    public void Clear()
    {
        version++;
        Array.Clear(items, 0, size);
        size = 0;
    }

    public bool Contains(T item) => IndexOf(item) >= 0;

    bool IList.Contains(object? value) => value is T item && Contains(item);

    public List<TOutput> ConvertAll<TOutput>(Converter<T, TOutput> converter)
    {
        ArgumentNullException.ThrowIfNull(converter);
        List<TOutput> converted = new(size);
        for (int i = 0; i < size; i++)
        {
            converted.Add(converter(items[i]));
        }

        return converted;
    }

    public void CopyTo(T[] array) => CopyTo(array, 0);

    public void CopyTo(T[] array, int arrayIndex) => Array.Copy(items, 0, array, arrayIndex, size);

    public void CopyTo(int index, T[] array, int arrayIndex, int count)
    {
        CheckRange(index, count);
        Array.Copy(items, index, array, arrayIndex, count);
    }

    void ICollection.CopyTo(Array array, int index) => Array.Copy(items, 0, array, index, size);

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (items.Length < capacity)
        {
            Grow(capacity);
        }

        return items.Length;
    }

    public bool Exists(Predicate<T> match) => FindIndex(match) >= 0;

    public T? Find(Predicate<T> match)
    {
        int index = FindIndex(match);
        return index < 0 ? default : items[index];
    }

    public List<T> FindAll(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        List<T> found = [];
        for (int i = 0; i < size; i++)
        {
            if (match(items[i]))
            {
                found.Add(items[i]);
            }
        }

        return found;
    }

    public int FindIndex(Predicate<T> match) => FindIndex(0, size, match);

    public int FindIndex(int startIndex, Predicate<T> match) => FindIndex(startIndex, size - startIndex, match);

    public int FindIndex(int startIndex, int count, Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        CheckRange(startIndex, count);
        for (int i = startIndex; i < startIndex + count; i++)
        {
            if (match(items[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public T? FindLast(Predicate<T> match)
    {
        int index = FindLastIndex(match);
        return index < 0 ? default : items[index];
    }

    public int FindLastIndex(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int index = size - 1;
        while (index >= 0 && !match(items[index]))
        {
            index--;
        }

        return index;
    }

    public void ForEach(Action<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        int started = version;
        for (int i = 0; i < size; i++)
        {
            CheckVersion(started);
            action(items[i]);
        }

        CheckVersion(started);
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    public List<T> GetRange(int index, int count)
    {
        CheckRange(index, count);
        List<T> range = new(count);
        Array.Copy(items, index, range.items, 0, count);
        range.size = count;
        return range;
    }

    public List<T> Slice(int start, int length) => GetRange(start, length);

    public int IndexOf(T item) => Array.IndexOf(items, item, 0, size);

    int IList.IndexOf(object? value) => value is T item ? IndexOf(item) : -1;

    public int IndexOf(T item, int index) => IndexOf(item, index, size - index);

    public int IndexOf(T item, int index, int count)
    {
        CheckRange(index, count);
        return Array.IndexOf(items, item, index, count);
    }

    public void Insert(int index, T item)
    {
        if ((uint)index > (uint)size)
        {
            ThrowIndex();
        }

        MakeRoom(index, 1);
        items[index] = item;
    }

    void IList.Insert(int index, object? value) => Insert(index, (T)value!);

    public void InsertRange(int index, IEnumerable<T> collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        if ((uint)index > (uint)size)
        {
            ThrowIndex();
        }

        if (collection is ICollection<T> known)
        {
            // The collection may be this list: its elements are copied out before they move.
            T[] added = new T[known.Count];
            known.CopyTo(added, 0);
            MakeRoom(index, added.Length);
            Array.Copy(added, 0, items, index, added.Length);
            return;
        }

        foreach (T item in collection)
        {
            Insert(index++, item);
        }
    }

    public int LastIndexOf(T item) => size == 0 ? -1 : Array.LastIndexOf(items, item, size - 1, size);

    public bool Remove(T item)
    {
        int index = IndexOf(item);
        if (index >= 0)
        {
            RemoveAt(index);
        }

        return index >= 0;
    }

    void IList.Remove(object? value)
    {
        if (value is T item)
        {
            Remove(item);
        }
    }

    public int RemoveAll(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int kept = 0;
        for (int i = 0; i < size; i++)
        {
            if (!match(items[i]))
            {
                items[kept++] = items[i];
            }
        }

        int removed = size - kept;
        Array.Clear(items, kept, removed);
        size = kept;
        version++;
        return removed;
    }

    public void RemoveAt(int index)
    {
        if ((uint)index >= (uint)size)
        {
            ThrowIndex();
        }

        RemoveRange(index, 1);
    }

    public void RemoveRange(int index, int count)
    {
        CheckRange(index, count);
        version++;
        Array.Copy(items, index + count, items, index, size - index - count);
        size -= count;
        Array.Clear(items, size, count);
    }

    public void Reverse() => Reverse(0, size);

    public void Reverse(int index, int count)
    {
        CheckRange(index, count);
        Array.Reverse(items, index, count);
        version++;
    }

    public void Sort() => Sort(0, size, null);

    public void Sort(IComparer<T>? comparer) => Sort(0, size, comparer);

    public void Sort(int index, int count, IComparer<T>? comparer)
    {
        CheckRange(index, count);
        Sorter.Sort(new Span<T>(items, index, count), comparer ?? Comparer<T>.Default);
        version++;
    }

    public void Sort(Comparison<T> comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        Sorter.Sort(new Span<T>(items, 0, size), comparison);
        version++;
    }

    public T[] ToArray() => new ReadOnlySpan<T>(items, 0, size).ToArray();

    public void TrimExcess() => Capacity = size;

    public bool TrueForAll(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        for (int i = 0; i < size; i++)
        {
            if (!match(items[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sets the number of elements; new ones have whatever the array holds.</summary>
    internal void SetCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        version++;
        if (count > items.Length)
        {
            Grow(count);
        }
        else if (count < size)
        {
            Array.Clear(items, count, size - count);
        }

        size = count;
    }

    private static void ThrowIndex() => throw new ArgumentOutOfRangeException("index");

    private void CheckVersion(int started)
    {
        if (version != started)
        {
            throw new InvalidOperationException(
                "Collection was modified; enumeration operation may not execute.");
        }
    }

    private void CheckRange(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (size - index < count)
        {
            throw new ArgumentException("Offset and length were out of bounds for the list.");
        }
    }

    private void MakeRoom(int index, int count)
    {
        version++;
        if (items.Length - size < count)
        {
            Grow(checked(size + count));
        }

        Array.Copy(items, index, items, index + count, size - index);
        size += count;
    }

    private void Grow(int needed)
    {
        int doubled = items.Length == 0 ? FirstCapacity : 2 * items.Length;
        Array.Resize(ref items!, Math.Max(doubled, needed));
    }

    /// <summary>Goes over the elements; notices when the list changes meanwhile.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly List<T> list;
        private readonly int version;
        private int index;
        private T? current;

        internal Enumerator(List<T> list)
        {
            this.list = list;
            version = list.version;
        }

        public readonly T Current => current!;

        readonly object? IEnumerator.Current => index == 0 || index == list.size + 1
            ? throw new InvalidOperationException("Enumeration has either not started or has already finished.")
            : current;

        public bool MoveNext()
        {
            list.CheckVersion(version);
            if ((uint)index < (uint)list.size)
            {
                current = list.items[index++];
                return true;
            }

            index = list.size + 1;
            current = default;
            return false;
        }

        void IEnumerator.Reset()
        {
            list.CheckVersion(version);
            index = 0;
            current = default;
        }

        public readonly void Dispose()
        {
        }
    }
}
