using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Goes over elements, one after the other.</summary>
public interface IEnumerator<out T> : IEnumerator, IDisposable where T : allows ref struct
{
    new T Current { get; }
}

/// <summary>Something to go over.</summary>
public interface IEnumerable<out T> : IEnumerable where T : allows ref struct
{
    new IEnumerator<T> GetEnumerator();
}

/// <summary>Elements that come and go.</summary>
public interface ICollection<T> : IEnumerable<T>
{
    int Count { get; }

    bool IsReadOnly { get; }

    void Add(T item);

    void Clear();

    bool Contains(T item);

    void CopyTo(T[] array, int arrayIndex);

    bool Remove(T item);
}

/// <summary>Elements by number.</summary>
public interface IList<T> : ICollection<T>
{
    T this[int index] { get; set; }

    int IndexOf(T item);

    void Insert(int index, T item);

    void RemoveAt(int index);
}

/// <summary>Elements to look at.</summary>
public interface IReadOnlyCollection<out T> : IEnumerable<T>
{
    int Count { get; }
}

/// <summary>Elements to look at by number.</summary>
public interface IReadOnlyList<out T> : IReadOnlyCollection<T>
{
    T this[int index] { get; }
}

/// <summary>Values by key.</summary>
public interface IDictionary<TKey, TValue> : ICollection<KeyValuePair<TKey, TValue>>
{
    ICollection<TKey> Keys { get; }

    ICollection<TValue> Values { get; }

    TValue this[TKey key] { get; set; }

    void Add(TKey key, TValue value);

    bool ContainsKey(TKey key);

    bool Remove(TKey key);

    bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);
}

/// <summary>Values to look up by key.</summary>
public interface IReadOnlyDictionary<TKey, TValue> : IReadOnlyCollection<KeyValuePair<TKey, TValue>>
{
    IEnumerable<TKey> Keys { get; }

    IEnumerable<TValue> Values { get; }

    TValue this[TKey key] { get; }

    bool ContainsKey(TKey key);

    bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value);
}

/// <summary>Elements that are there once.</summary>
public interface ISet<T> : ICollection<T>
{
    new bool Add(T item);

    void ExceptWith(IEnumerable<T> other);

    void IntersectWith(IEnumerable<T> other);

    bool IsProperSubsetOf(IEnumerable<T> other);

    bool IsProperSupersetOf(IEnumerable<T> other);

    bool IsSubsetOf(IEnumerable<T> other);

    bool IsSupersetOf(IEnumerable<T> other);

    bool Overlaps(IEnumerable<T> other);

    bool SetEquals(IEnumerable<T> other);

    void SymmetricExceptWith(IEnumerable<T> other);

    void UnionWith(IEnumerable<T> other);
}

/// <summary>Elements that are there once, to look at.</summary>
public interface IReadOnlySet<T> : IReadOnlyCollection<T>
{
    bool Contains(T item);

    bool IsProperSubsetOf(IEnumerable<T> other);

    bool IsProperSupersetOf(IEnumerable<T> other);

    bool IsSubsetOf(IEnumerable<T> other);

    bool IsSupersetOf(IEnumerable<T> other);

    bool Overlaps(IEnumerable<T> other);

    bool SetEquals(IEnumerable<T> other);
}

/// <summary>Order among values.</summary>
public interface IComparer<in T> where T : allows ref struct
{
    int Compare(T? x, T? y);
}

/// <summary>Equality among values.</summary>
public interface IEqualityComparer<in T> where T : allows ref struct
{
    bool Equals(T? x, T? y);

    int GetHashCode([DisallowNull] T obj);
}

/// <summary>Looks something up by another form of the key.</summary>
public interface IAlternateEqualityComparer<in TAlternate, T>
    where TAlternate : allows ref struct
    where T : allows ref struct
{
    bool Equals(TAlternate alternate, T other);

    int GetHashCode(TAlternate alternate);

    T Create(TAlternate alternate);
}

/// <summary>Goes over elements that come later.</summary>
public interface IAsyncEnumerator<out T> : IAsyncDisposable where T : allows ref struct
{
    T Current { get; }

    Threading.Tasks.ValueTask<bool> MoveNextAsync();
}

/// <summary>Something to go over whose elements come later.</summary>
public interface IAsyncEnumerable<out T> where T : allows ref struct
{
    IAsyncEnumerator<T> GetAsyncEnumerator(Threading.CancellationToken cancellationToken = default);
}

/// <summary>A key that a collection does not have.</summary>
public class KeyNotFoundException : SystemException
{
    public KeyNotFoundException()
        : base("The given key was not present in the dictionary.")
    {
    }

    public KeyNotFoundException(string? message)
        : base(message)
    {
    }

    public KeyNotFoundException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A key and its value.</summary>
public readonly struct KeyValuePair<TKey, TValue>
{
    public KeyValuePair(TKey key, TValue value)
    {
        Key = key;
        Value = value;
    }

    public TKey Key { get; }

    public TValue Value { get; }

    public void Deconstruct(out TKey key, out TValue value)
    {
        key = Key;
        value = Value;
    }

    public override string ToString() => "[" + Key?.ToString() + ", " + Value?.ToString() + "]";
}

/// <summary>Makes pairs without naming their types.</summary>
public static class KeyValuePair
{
    public static KeyValuePair<TKey, TValue> Create<TKey, TValue>(TKey key, TValue value) => new(key, value);
}
