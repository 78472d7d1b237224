using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Elements that are there once, found by hash code.</summary>
public class HashSet<T> : ISet<T>, IReadOnlySet<T>
{
    private HashTable<T, bool> table;

    public HashSet()
    {
    }

    public HashSet(IEqualityComparer<T>? comparer)
    {
        table.Comparer = comparer == EqualityComparer<T>.Default ? null : comparer;
    }

    public HashSet(int capacity)
        : this(capacity, null)
    {
    }

    public HashSet(int capacity, IEqualityComparer<T>? comparer)
        : this(comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        table.EnsureCapacity(capacity);
    }

    public HashSet(IEnumerable<T> collection)
        : this(collection, null)
    {
    }

    public HashSet(IEnumerable<T> collection, IEqualityComparer<T>? comparer)
        : this(comparer)
    {
        UnionWith(collection);
    }

    public IEqualityComparer<T> Comparer => table.Comparer ?? EqualityComparer<T>.Default;

    public int Count => table.Count;

    public int Capacity => table.Capacity;

    bool ICollection<T>.IsReadOnly => false;

    public bool Add(T item)
    {
        table.FindOrAdd(item, out bool existed);
        return !existed;
    }

    void ICollection<T>.Add(T item) => Add(item);

    public void Clear() => table.Clear();

    public bool Contains(T item) => table.Find(item) >= 0;

    public void CopyTo(T[] array) => CopyTo(array, 0, Count);

    public void CopyTo(T[] array, int arrayIndex) => CopyTo(array, arrayIndex, Count);

    public void CopyTo(T[] array, int arrayIndex, int count)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(arrayIndex);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (arrayIndex > array.Length || count > array.Length - arrayIndex)
        {
            throw new ArgumentException("Destination array is not long enough to copy all the items.");
        }

        foreach (T item in this)
        {
            if (count-- == 0)
            {
                return;
            }

            array[arrayIndex++] = item;
        }
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        table.EnsureCapacity(capacity);
        return table.Capacity;
    }

    public bool Remove(T item) => table.Remove(item, out _);

    public int RemoveWhere(Predicate<T> match)
    {
        ArgumentNullException.ThrowIfNull(match);
        int before = Count;
        for (int i = 0; i < table.Used; i++)
        {
            ref HashTable<T, bool>.Entry entry = ref table.Entries![i];
            if (entry.IsUsed && match(entry.Key))
            {
                table.Remove(entry.Key, out _);
            }
        }

        return before - Count;
    }

    public bool TryGetValue(T equalValue, [MaybeNullWhen(false)] out T actualValue)
    {
        int index = table.Find(equalValue);
        actualValue = index < 0 ? default : table.Entries![index].Key;
        return index >= 0;
    }

    public void UnionWith(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (T item in other)
        {
            Add(item);
        }
    }

    public void ExceptWith(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other == this)
        {
            Clear();
            return;
        }

        foreach (T item in other)
        {
            Remove(item);
        }
    }

    public void IntersectWith(IEnumerable<T> other)
    {
        HashSet<T> wanted = AsSet(other);
        RemoveWhere(item => !wanted.Contains(item));
    }

    public void SymmetricExceptWith(IEnumerable<T> other)
    {
        foreach (T item in AsSet(other))
        {
            if (!Remove(item))
            {
                Add(item);
            }
        }
    }

    public bool IsSubsetOf(IEnumerable<T> other)
    {
        HashSet<T> set = AsSet(other);
        return Count <= set.Count && set.HasAll(this);
    }

    public bool IsProperSubsetOf(IEnumerable<T> other)
    {
        HashSet<T> set = AsSet(other);
        return Count < set.Count && set.HasAll(this);
    }

    public bool IsSupersetOf(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return HasAll(other);
    }

    public bool IsProperSupersetOf(IEnumerable<T> other)
    {
        HashSet<T> set = AsSet(other);
        return set.Count < Count && HasAll(set);
    }

    public bool Overlaps(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (T item in other)
        {
            if (Contains(item))
            {
                return true;
            }
        }

        return false;
    }

    public bool SetEquals(IEnumerable<T> other)
    {
        HashSet<T> set = AsSet(other);
        return Count == set.Count && HasAll(set);
    }

    public void TrimExcess()
    {
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private bool HasAll(IEnumerable<T> items)
    {
        foreach (T item in items)
        {
            if (!Contains(item))
            {
                return false;
            }
        }

        return true;
    }

    private HashSet<T> AsSet(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other is HashSet<T> set && set.Comparer.Equals(Comparer) && set != this
            ? set
            : new HashSet<T>(other, table.Comparer);
    }

    /// <summary>Goes over the elements; notices when elements are added meanwhile.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly HashSet<T> set;
        private readonly int version;
        private int index;
        private T? current;

        internal Enumerator(HashSet<T> set)
        {
            this.set = set;
            version = set.table.Version;
        }

        public readonly T Current => current!;

        readonly object? IEnumerator.Current => current;

        public bool MoveNext()
        {
            if (version != set.table.Version)
            {
                throw new InvalidOperationException(
                    "Collection was modified; enumeration operation may not execute.");
            }

            while (index < set.table.Used)
            {
                ref HashTable<T, bool>.Entry entry = ref set.table.Entries![index++];
                if (entry.IsUsed)
                {
                    current = entry.Key;
                    return true;
                }
            }

            current = default;
            return false;
        }

        void IEnumerator.Reset() => index = 0;

        public readonly void Dispose()
        {
        }
    }
}
