namespace System.Collections;

/// <summary>Goes over elements, one after the other.</summary>
public interface IEnumerator
{
    object? Current { get; }

    bool MoveNext();

    void Reset();
}

/// <summary>Something to go over.</summary>
public interface IEnumerable
{
    IEnumerator GetEnumerator();
}

/// <summary>Something to go over that knows how many elements it has.</summary>
public interface ICollection : IEnumerable
{
    int Count { get; }

    bool IsSynchronized { get; }

    object SyncRoot { get; }

    void CopyTo(Array array, int index);
}

/// <summary>Elements by number.</summary>
public interface IList : ICollection
{
    bool IsFixedSize { get; }

    bool IsReadOnly { get; }

    object? this[int index] { get; set; }

    int Add(object? value);

    void Clear();

    bool Contains(object? value);

    int IndexOf(object? value);

    void Insert(int index, object? value);

    void Remove(object? value);

    void RemoveAt(int index);
}

/// <summary>Values by key.</summary>
public interface IDictionary : ICollection
{
    bool IsFixedSize { get; }

    bool IsReadOnly { get; }

    ICollection Keys { get; }

    ICollection Values { get; }

    object? this[object key] { get; set; }

    void Add(object key, object? value);

    void Clear();

    bool Contains(object key);

    new IDictionaryEnumerator GetEnumerator();

    void Remove(object key);
}

/// <summary>Goes over keys and values.</summary>
public interface IDictionaryEnumerator : IEnumerator
{
    DictionaryEntry Entry { get; }

    object Key { get; }

    object? Value { get; }
}

/// <summary>A key and its value.</summary>
public struct DictionaryEntry
{
    public DictionaryEntry(object key, object? value)
    {
        Key = key;
        Value = value;
    }

    public object Key { get; set; }

    public object? Value { get; set; }
}

/// <summary>Order among objects.</summary>
public interface IComparer
{
    int Compare(object? x, object? y);
}

/// <summary>Equality among objects.</summary>
public interface IEqualityComparer
{
    bool Equals(object? x, object? y);

    int GetHashCode(object obj);
}

/// <summary>Equality by parts.</summary>
public interface IStructuralEquatable
{
    bool Equals(object? other, IEqualityComparer comparer);

    int GetHashCode(IEqualityComparer comparer);
}

/// <summary>Order by parts.</summary>
public interface IStructuralComparable
{
    int CompareTo(object? other, IComparer comparer);
}
