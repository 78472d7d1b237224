using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>
/// Elements that are there once, in order. A sorted array: adding moves what is behind, everything else is a binary
/// search; for the sizes a kernel keeps that is faster than a tree, and half the memory.
/// </summary>
public class SortedSet<T> : ISet<T>, ICollection, IReadOnlySet<T>
{
    private readonly List<T> items = [];

    public SortedSet()
        : this((IComparer<T>?)null)
    {
    }

    public SortedSet(IComparer<T>? comparer)
    {
        Comparer = comparer ?? Comparer<T>.Default;
    }

    public SortedSet(IEnumerable<T> collection)
        : this(collection, null)
    {
    }

    public SortedSet(IEnumerable<T> collection, IComparer<T>? comparer)
        : this(comparer)
    {
        UnionWith(collection);
    }

    public IComparer<T> Comparer { get; }

    public int Count => items.Count;

    public T? Min => items.Count == 0 ? default : items[0];

    public T? Max => items.Count == 0 ? default : items[^1];

    bool ICollection<T>.IsReadOnly => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public bool Add(T item)
    {
        int place = items.BinarySearch(item, Comparer);
        if (place < 0)
        {
            items.Insert(~place, item);
        }

        return place < 0;
    }

    void ICollection<T>.Add(T item) => Add(item);

    public bool Remove(T item)
    {
        int place = items.BinarySearch(item, Comparer);
        if (place >= 0)
        {
            items.RemoveAt(place);
        }

        return place >= 0;
    }

    public void Clear() => items.Clear();

    public bool Contains(T item) => items.BinarySearch(item, Comparer) >= 0;

    public bool TryGetValue(T equalValue, [MaybeNullWhen(false)] out T actualValue)
    {
        int place = items.BinarySearch(equalValue, Comparer);
        actualValue = place < 0 ? default : items[place];
        return place >= 0;
    }

    public void CopyTo(T[] array) => items.CopyTo(array);

    public void CopyTo(T[] array, int index) => items.CopyTo(array, index);

    void ICollection.CopyTo(Array array, int index) => ((ICollection)items).CopyTo(array, index);

    public int RemoveWhere(Predicate<T> match) => items.RemoveAll(match);

    public SortedSet<T> GetViewBetween(T? lowerValue, T? upperValue)
    {
        if (Comparer.Compare(lowerValue, upperValue) > 0)
        {
            throw new ArgumentException("Must be less than or equal to upperValue.", nameof(lowerValue));
        }

        SortedSet<T> between = new(Comparer);
        foreach (T item in items)
        {
            if (Comparer.Compare(item, lowerValue) >= 0 && Comparer.Compare(item, upperValue) <= 0)
            {
                between.items.Add(item);
            }
        }

        return between;
    }

    public IEnumerable<T> Reverse()
    {
        for (int i = items.Count - 1; i >= 0; i--)
        {
            yield return items[i];
        }
    }

    public void UnionWith(IEnumerable<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        foreach (T item in new List<T>(other))
        {
            Add(item);
        }
    }

    public void ExceptWith(IEnumerable<T> other)
    {
        foreach (T item in AsSet(other))
        {
            Remove(item);
        }
    }

    public void IntersectWith(IEnumerable<T> other)
    {
        SortedSet<T> wanted = AsSet(other);
        items.RemoveAll(item => !wanted.Contains(item));
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

    public bool IsSubsetOf(IEnumerable<T> other) => AsSet(other).HasAll(this);

    public bool IsProperSubsetOf(IEnumerable<T> other)
    {
        SortedSet<T> set = AsSet(other);
        return Count < set.Count && set.HasAll(this);
    }

    public bool IsSupersetOf(IEnumerable<T> other) => HasAll(AsSet(other));

    public bool IsProperSupersetOf(IEnumerable<T> other)
    {
        SortedSet<T> set = AsSet(other);
        return set.Count < Count && HasAll(set);
    }

    public bool Overlaps(IEnumerable<T> other)
    {
        foreach (T item in AsSet(other))
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
        SortedSet<T> set = AsSet(other);
        return set.Count == Count && HasAll(set);
    }

    public Enumerator GetEnumerator() => new(items.GetEnumerator());

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool HasAll(SortedSet<T> other)
    {
        foreach (T item in other)
        {
            if (!Contains(item))
            {
                return false;
            }
        }

        return true;
    }

    private SortedSet<T> AsSet(IEnumerable<T> other) => new(other, Comparer);

    /// <summary>Goes over the elements in order.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private List<T>.Enumerator items;

        internal Enumerator(List<T>.Enumerator items)
        {
            this.items = items;
        }

        public readonly T Current => items.Current;

        readonly object? IEnumerator.Current => items.Current;

        public bool MoveNext() => items.MoveNext();

        void IEnumerator.Reset() => ((IEnumerator)items).Reset();

        public readonly void Dispose()
        {
        }
    }
}
