using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Values by key, in the order of the keys. Sorted arrays, like <see cref="SortedSet{T}"/>.</summary>
public class SortedDictionary<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private readonly List<TKey> keys = [];
    private readonly List<TValue> values = [];

    public SortedDictionary()
        : this((IComparer<TKey>?)null)
    {
    }

    public SortedDictionary(IComparer<TKey>? comparer)
    {
        Comparer = comparer ?? Comparer<TKey>.Default;
    }

    public SortedDictionary(IDictionary<TKey, TValue> dictionary)
        : this(dictionary, null)
    {
    }

    public SortedDictionary(IDictionary<TKey, TValue> dictionary, IComparer<TKey>? comparer)
        : this(comparer)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        foreach (KeyValuePair<TKey, TValue> pair in dictionary)
        {
            Add(pair.Key, pair.Value);
        }
    }

    public IComparer<TKey> Comparer { get; }

    public int Count => keys.Count;

    public KeyCollection Keys => new(this);

    public ValueCollection Values => new(this);

    ICollection<TKey> IDictionary<TKey, TValue>.Keys => keys.AsReadOnly();

    ICollection<TValue> IDictionary<TKey, TValue>.Values => values.AsReadOnly();

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => values;

    bool ICollection<KeyValuePair<TKey, TValue>>.IsReadOnly => false;

    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value)
            ? value
            : throw new KeyNotFoundException("The given key '" + key + "' was not present in the dictionary.");
        set
        {
            int place = Find(key);
            if (place >= 0)
            {
                values[place] = value;
                return;
            }

            keys.Insert(~place, key);
            values.Insert(~place, value);
        }
    }

    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
        {
            throw new ArgumentException("An item with the same key has already been added. Key: " + key);
        }
    }

    public bool TryAdd(TKey key, TValue value)
    {
        int place = Find(key);
        if (place >= 0)
        {
            return false;
        }

        keys.Insert(~place, key);
        values.Insert(~place, value);
        return true;
    }

    public bool Remove(TKey key)
    {
        int place = Find(key);
        if (place >= 0)
        {
            keys.RemoveAt(place);
            values.RemoveAt(place);
        }

        return place >= 0;
    }

    public void Clear()
    {
        keys.Clear();
        values.Clear();
    }

    public bool ContainsKey(TKey key) => Find(key) >= 0;

    public bool ContainsValue(TValue value) => values.Contains(value);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        int place = Find(key);
        value = place < 0 ? default : values[place];
        return place >= 0;
    }

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (array.Length - index < Count)
        {
            throw new ArgumentException("Destination array is not long enough to copy all the items.");
        }

        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            array[index++] = pair;
        }
    }

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)this).Contains(item) && Remove(item.Key);

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Find(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return keys.BinarySearch(key, Comparer);
    }

    /// <summary>Goes over keys and values in the order of the keys.</summary>
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>
    {
        private readonly SortedDictionary<TKey, TValue> dictionary;
        private List<TKey>.Enumerator keys;
        private int index;

        internal Enumerator(SortedDictionary<TKey, TValue> dictionary)
        {
            this.dictionary = dictionary;
            keys = dictionary.keys.GetEnumerator();
            index = -1;
        }

        public readonly KeyValuePair<TKey, TValue> Current => new(keys.Current, dictionary.values[index]);

        readonly object IEnumerator.Current => Current;

        public bool MoveNext()
        {
            index++;
            return keys.MoveNext();
        }

        void IEnumerator.Reset()
        {
            keys = dictionary.keys.GetEnumerator();
            index = -1;
        }

        public readonly void Dispose()
        {
        }
    }

    /// <summary>The keys in order.</summary>
    public sealed class KeyCollection : ICollection<TKey>, IReadOnlyCollection<TKey>
    {
        private readonly SortedDictionary<TKey, TValue> dictionary;

        public KeyCollection(SortedDictionary<TKey, TValue> dictionary)
        {
            this.dictionary = dictionary;
        }

        public int Count => dictionary.Count;

        bool ICollection<TKey>.IsReadOnly => true;

        public bool Contains(TKey item) => dictionary.ContainsKey(item);

        public void CopyTo(TKey[] array, int index) => dictionary.keys.CopyTo(array, index);

        public Enumerator GetEnumerator() => new(dictionary);

        IEnumerator<TKey> IEnumerable<TKey>.GetEnumerator() => GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection<TKey>.Add(TKey item) => throw new NotSupportedException("The collection is a view.");

        void ICollection<TKey>.Clear() => throw new NotSupportedException("The collection is a view.");

        bool ICollection<TKey>.Remove(TKey item) => throw new NotSupportedException("The collection is a view.");

        /// <summary>Goes over the keys.</summary>
        public struct Enumerator : IEnumerator<TKey>
        {
            private SortedDictionary<TKey, TValue>.Enumerator pairs;

            internal Enumerator(SortedDictionary<TKey, TValue> dictionary)
            {
                pairs = dictionary.GetEnumerator();
            }

            public readonly TKey Current => pairs.Current.Key;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => pairs.MoveNext();

            void IEnumerator.Reset() => throw new NotSupportedException();

            public readonly void Dispose()
            {
            }
        }
    }

    /// <summary>The values in the order of their keys.</summary>
    public sealed class ValueCollection : ICollection<TValue>, IReadOnlyCollection<TValue>
    {
        private readonly SortedDictionary<TKey, TValue> dictionary;

        public ValueCollection(SortedDictionary<TKey, TValue> dictionary)
        {
            this.dictionary = dictionary;
        }

        public int Count => dictionary.Count;

        bool ICollection<TValue>.IsReadOnly => true;

        public bool Contains(TValue item) => dictionary.ContainsValue(item);

        public void CopyTo(TValue[] array, int index) => dictionary.values.CopyTo(array, index);

        public Enumerator GetEnumerator() => new(dictionary);

        IEnumerator<TValue> IEnumerable<TValue>.GetEnumerator() => GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        void ICollection<TValue>.Add(TValue item) => throw new NotSupportedException("The collection is a view.");

        void ICollection<TValue>.Clear() => throw new NotSupportedException("The collection is a view.");

        bool ICollection<TValue>.Remove(TValue item) => throw new NotSupportedException("The collection is a view.");

        /// <summary>Goes over the values.</summary>
        public struct Enumerator : IEnumerator<TValue>
        {
            private SortedDictionary<TKey, TValue>.Enumerator pairs;

            internal Enumerator(SortedDictionary<TKey, TValue> dictionary)
            {
                pairs = dictionary.GetEnumerator();
            }

            public readonly TValue Current => pairs.Current.Value;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => pairs.MoveNext();

            void IEnumerator.Reset() => throw new NotSupportedException();

            public readonly void Dispose()
            {
            }
        }
    }
}
