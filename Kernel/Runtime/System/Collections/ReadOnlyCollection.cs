using System.Collections.Generic;

namespace System.Collections.ObjectModel;

/// <summary>A list that can be looked at only.</summary>
public class ReadOnlyCollection<T> : IList<T>, IList, IReadOnlyList<T>
{
    private readonly IList<T> list;

    public ReadOnlyCollection(IList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        this.list = list;
    }

    public static ReadOnlyCollection<T> Empty { get; } = new([]);

    public int Count => list.Count;

    protected IList<T> Items => list;

    bool ICollection<T>.IsReadOnly => true;

    bool IList.IsReadOnly => true;

    bool IList.IsFixedSize => true;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public T this[int index] => list[index];

    T IList<T>.this[int index]
    {
        get => list[index];
        set => throw ReadOnly();
    }

    object? IList.this[int index]
    {
        get => list[index];
        set => throw ReadOnly();
    }

    public bool Contains(T value) => list.Contains(value);

    public void CopyTo(T[] array, int index) => list.CopyTo(array, index);

    public IEnumerator<T> GetEnumerator() => list.GetEnumerator();

    public int IndexOf(T value) => list.IndexOf(value);

    IEnumerator IEnumerable.GetEnumerator() => list.GetEnumerator();

    void ICollection<T>.Add(T value) => throw ReadOnly();

    void ICollection<T>.Clear() => throw ReadOnly();

    void IList<T>.Insert(int index, T value) => throw ReadOnly();

    bool ICollection<T>.Remove(T value) => throw ReadOnly();

    void IList<T>.RemoveAt(int index) => throw ReadOnly();

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (T item in list)
        {
            array.SetValue(item, index++);
        }
    }

    int IList.Add(object? value) => throw ReadOnly();

    void IList.Clear() => throw ReadOnly();

    bool IList.Contains(object? value) => value is T item && Contains(item);

    int IList.IndexOf(object? value) => value is T item ? IndexOf(item) : -1;

    void IList.Insert(int index, object? value) => throw ReadOnly();

    void IList.Remove(object? value) => throw ReadOnly();

    void IList.RemoveAt(int index) => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("Collection is read-only.");
}
