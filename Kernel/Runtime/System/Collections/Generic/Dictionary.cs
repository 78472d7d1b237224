using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Values by key, found by hash code.</summary>
public class Dictionary<TKey, TValue> : IDictionary<TKey, TValue>, IDictionary, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private HashTable<TKey, TValue> table;
    private KeyCollection? keys;
    private ValueCollection? values;

    public Dictionary()
    {
    }

    public Dictionary(int capacity)
        : this(capacity, null)
    {
    }

    public Dictionary(IEqualityComparer<TKey>? comparer)
        : this(0, comparer)
    {
    }

    public Dictionary(int capacity, IEqualityComparer<TKey>? comparer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        table.Comparer = comparer == EqualityComparer<TKey>.Default ? null : comparer;
        if (capacity > 0)
        {
            table.Initialize(capacity);
        }
    }

    public Dictionary(IDictionary<TKey, TValue> dictionary)
        : this((IEnumerable<KeyValuePair<TKey, TValue>>)dictionary, null)
    {
    }

    public Dictionary(IDictionary<TKey, TValue> dictionary, IEqualityComparer<TKey>? comparer)
        : this((IEnumerable<KeyValuePair<TKey, TValue>>)dictionary, comparer)
    {
    }

    public Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection)
        : this(collection, null)
    {
    }

    public Dictionary(IEnumerable<KeyValuePair<TKey, TValue>> collection, IEqualityComparer<TKey>? comparer)
        : this(0, comparer)
    {
        ArgumentNullException.ThrowIfNull(collection);
        foreach (KeyValuePair<TKey, TValue> pair in collection)
        {
            Add(pair.Key, pair.Value);
        }
    }

    public IEqualityComparer<TKey> Comparer => table.Comparer ?? EqualityComparer<TKey>.Default;

    public int Count => table.Count;

    public int Capacity => table.Capacity;

    public KeyCollection Keys => keys ??= new KeyCollection(this);

    public ValueCollection Values => values ??= new ValueCollection(this);

    ICollection<TKey> IDictionary<TKey, TValue>.Keys => Keys;

    ICollection<TValue> IDictionary<TKey, TValue>.Values => Values;

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    ICollection IDictionary.Keys => Keys;

    ICollection IDictionary.Values => Values;

    bool ICollection<KeyValuePair<TKey, TValue>>.IsReadOnly => false;

    bool IDictionary.IsReadOnly => false;

    bool IDictionary.IsFixedSize => false;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public TValue this[TKey key]
    {
        get
        {
            int index = table.Find(key);
            if (index < 0)
            {
                throw new KeyNotFoundException("The given key '" + key + "' was not present in the dictionary.");
            }

            return table.Entries![index].Value;
        }

        set => table.FindOrAdd(key, out _).Value = value;
    }

    object? IDictionary.this[object key]
    {
        get => key is TKey typed && TryGetValue(typed, out TValue? value) ? value : null;
        set => this[(TKey)key] = (TValue)value!;
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
        ref HashTable<TKey, TValue>.Entry entry = ref table.FindOrAdd(key, out bool existed);
        if (!existed)
        {
            entry.Value = value;
        }

        return !existed;
    }

    public void Clear() => table.Clear();

    public bool ContainsKey(TKey key) => table.Find(key) >= 0;

    public bool ContainsValue(TValue value)
    {
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            if (EqualityComparer<TValue>.Default.Equals(pair.Value, value))
            {
                return true;
            }
        }

        return false;
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        table.EnsureCapacity(capacity);
        return table.Capacity;
    }

    public bool Remove(TKey key) => table.Remove(key, out _);

    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value) => table.Remove(key, out value);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        int index = table.Find(key);
        value = index < 0 ? default : table.Entries![index].Value;
        return index >= 0;
    }

    public void TrimExcess()
    {
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    IDictionaryEnumerator IDictionary.GetEnumerator() => new Enumerator(this);

    void ICollection<KeyValuePair<TKey, TValue>>.Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Contains(KeyValuePair<TKey, TValue> item) =>
        TryGetValue(item.Key, out TValue? value) && EqualityComparer<TValue>.Default.Equals(value, item.Value);

    bool ICollection<KeyValuePair<TKey, TValue>>.Remove(KeyValuePair<TKey, TValue> item) =>
        ((ICollection<KeyValuePair<TKey, TValue>>)this).Contains(item) && Remove(item.Key);

    void ICollection<KeyValuePair<TKey, TValue>>.CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        CheckCopy(array, arrayIndex);
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            array[arrayIndex++] = pair;
        }
    }

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (KeyValuePair<TKey, TValue> pair in this)
        {
            array.SetValue(pair, index++);
        }
    }

    void IDictionary.Add(object key, object? value) => Add((TKey)key, (TValue)value!);

    bool IDictionary.Contains(object key) => key is TKey typed && ContainsKey(typed);

    void IDictionary.Remove(object key)
    {
        if (key is TKey typed)
        {
            Remove(typed);
        }
    }

    /// <summary>A reference to the value of a key, or to nothing.</summary>
    internal ref TValue FindReference(TKey key)
    {
        int index = table.Find(key);
        if (index < 0)
        {
            return ref Runtime.CompilerServices.Unsafe.NullRef<TValue>();
        }

        return ref table.Entries![index].Value;
    }

    internal ref TValue? FindOrAddReference(TKey key, out bool existed) =>
        ref table.FindOrAdd(key, out existed).Value!;

    private void CheckCopy(Array array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (array.Length - index < Count)
        {
            throw new ArgumentException("Destination array is not long enough to copy all the items.");
        }
    }

    /// <summary>Goes over keys and values; notices when entries are added meanwhile.</summary>
    public struct Enumerator : IEnumerator<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator
    {
        private readonly Dictionary<TKey, TValue> dictionary;
        private readonly int version;
        private int index;
        private KeyValuePair<TKey, TValue> current;

        internal Enumerator(Dictionary<TKey, TValue> dictionary)
        {
            this.dictionary = dictionary;
            version = dictionary.table.Version;
        }

        public readonly KeyValuePair<TKey, TValue> Current => current;

        readonly object IEnumerator.Current => current;

        readonly DictionaryEntry IDictionaryEnumerator.Entry => new(current.Key, current.Value);

        readonly object IDictionaryEnumerator.Key => current.Key;

        readonly object? IDictionaryEnumerator.Value => current.Value;

        public bool MoveNext()
        {
            if (version != dictionary.table.Version)
            {
                throw new InvalidOperationException(
                    "Collection was modified; enumeration operation may not execute.");
            }

            while (index < dictionary.table.Used)
            {
                ref HashTable<TKey, TValue>.Entry entry = ref dictionary.table.Entries![index++];
                if (entry.IsUsed)
                {
                    current = new KeyValuePair<TKey, TValue>(entry.Key, entry.Value);
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

    /// <summary>The keys.</summary>
    public sealed class KeyCollection : DictionaryView<TKey, TValue, TKey>
    {
        public KeyCollection(Dictionary<TKey, TValue> dictionary)
            : base(dictionary)
        {
        }

        public override bool Contains(TKey item) => Dictionary.ContainsKey(item);

        public new Enumerator GetEnumerator() => new(Dictionary);

        internal override TKey Select(KeyValuePair<TKey, TValue> pair) => pair.Key;

        /// <summary>Goes over the keys.</summary>
        public struct Enumerator : IEnumerator<TKey>
        {
            private Dictionary<TKey, TValue>.Enumerator pairs;

            internal Enumerator(Dictionary<TKey, TValue> dictionary)
            {
                pairs = dictionary.GetEnumerator();
            }

            public readonly TKey Current => pairs.Current.Key;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => pairs.MoveNext();

            void IEnumerator.Reset() => ((IEnumerator)pairs).Reset();

            public readonly void Dispose()
            {
            }
        }
    }

    /// <summary>The values.</summary>
    public sealed class ValueCollection : DictionaryView<TKey, TValue, TValue>
    {
        public ValueCollection(Dictionary<TKey, TValue> dictionary)
            : base(dictionary)
        {
        }

        public override bool Contains(TValue item) => Dictionary.ContainsValue(item);

        public new Enumerator GetEnumerator() => new(Dictionary);

        internal override TValue Select(KeyValuePair<TKey, TValue> pair) => pair.Value;

        /// <summary>Goes over the values.</summary>
        public struct Enumerator : IEnumerator<TValue>
        {
            private Dictionary<TKey, TValue>.Enumerator pairs;

            internal Enumerator(Dictionary<TKey, TValue> dictionary)
            {
                pairs = dictionary.GetEnumerator();
            }

            public readonly TValue Current => pairs.Current.Value;

            readonly object? IEnumerator.Current => Current;

            public bool MoveNext() => pairs.MoveNext();

            void IEnumerator.Reset() => ((IEnumerator)pairs).Reset();

            public readonly void Dispose()
            {
            }
        }
    }
}

/// <summary>What the collections of keys and of values have in common.</summary>
public abstract class DictionaryView<TKey, TValue, TItem> : ICollection<TItem>, ICollection, IReadOnlyCollection<TItem>
    where TKey : notnull
{
    private protected DictionaryView(Dictionary<TKey, TValue> dictionary)
    {
        ArgumentNullException.ThrowIfNull(dictionary);
        Dictionary = dictionary;
    }

    public int Count => Dictionary.Count;

    private protected Dictionary<TKey, TValue> Dictionary { get; }

    bool ICollection<TItem>.IsReadOnly => true;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => Dictionary;

    public abstract bool Contains(TItem item);

    internal abstract TItem Select(KeyValuePair<TKey, TValue> pair);

    public void CopyTo(TItem[] array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (array.Length - index < Count)
        {
            throw new ArgumentException("Destination array is not long enough to copy all the items.");
        }

        foreach (KeyValuePair<TKey, TValue> pair in Dictionary)
        {
            array[index++] = Select(pair);
        }
    }

    public IEnumerator<TItem> GetEnumerator()
    {
        foreach (KeyValuePair<TKey, TValue> pair in Dictionary)
        {
            yield return Select(pair);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (KeyValuePair<TKey, TValue> pair in Dictionary)
        {
            array.SetValue(Select(pair), index++);
        }
    }

    void ICollection<TItem>.Add(TItem item) => throw new NotSupportedException("The collection is a view.");

    void ICollection<TItem>.Clear() => throw new NotSupportedException("The collection is a view.");

    bool ICollection<TItem>.Remove(TItem item) => throw new NotSupportedException("The collection is a view.");
}
