using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Values by key, in the order of the keys, reached by number, too.</summary>
public class SortedList<TKey, TValue> : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private readonly List<TKey> keys = [];
    private readonly List<TValue> values = [];

    public SortedList()
        : this((IComparer<TKey>?)null)
    {
    }

    public SortedList(IComparer<TKey>? comparer)
    {
        Comparer = comparer ?? Comparer<TKey>.Default;
    }

    public SortedList(IDictionary<TKey, TValue> dictionary)
        : this(dictionary, null)
    {
    }

    public SortedList(IDictionary<TKey, TValue> dictionary, IComparer<TKey>? comparer)
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

    public IList<TKey> Keys => keys.AsReadOnly();

    public IList<TValue> Values => values.AsReadOnly();

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

    public TKey GetKeyAtIndex(int index) => keys[index];

    public TValue GetValueAtIndex(int index) => values[index];

    public int IndexOfKey(TKey key) => Math.Max(Find(key), -1);

    public int IndexOfValue(TValue value) => values.IndexOf(value);

    public void RemoveAt(int index)
    {
        keys.RemoveAt(index);
        values.RemoveAt(index);
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

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        for (int i = 0; i < keys.Count; i++)
        {
            yield return new KeyValuePair<TKey, TValue>(keys[i], values[i]);
        }
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return keys.BinarySearch(key, Comparer);
    }
}
