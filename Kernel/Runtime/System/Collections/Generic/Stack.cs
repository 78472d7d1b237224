using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>Last in, first out.</summary>
public class Stack<T> : IEnumerable<T>, ICollection, IReadOnlyCollection<T>
{
    private readonly List<T> items;
    private int version;

    public Stack()
    {
        items = [];
    }

    public Stack(int capacity)
    {
        items = new List<T>(capacity);
    }

    public Stack(IEnumerable<T> collection)
    {
        items = new List<T>(collection);
    }

    public int Count => items.Count;

    public int Capacity => items.Capacity;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public void Push(T item)
    {
        items.Add(item);
        version++;
    }

    public T Pop() => TryPop(out T? item) ? item : throw new InvalidOperationException("Stack empty.");

    public bool TryPop([MaybeNullWhen(false)] out T result)
    {
        if (!TryPeek(out result))
        {
            return false;
        }

        items.RemoveAt(items.Count - 1);
        version++;
        return true;
    }

    public T Peek() => TryPeek(out T? item) ? item : throw new InvalidOperationException("Stack empty.");

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        bool any = items.Count > 0;
        result = any ? items[^1] : default;
        return any;
    }

    public void Clear()
    {
        items.Clear();
        version++;
    }

    public bool Contains(T item) => items.Contains(item);

    public int EnsureCapacity(int capacity) => items.EnsureCapacity(capacity);

    public void TrimExcess() => items.TrimExcess();

    public void CopyTo(T[] array, int arrayIndex) => ToArray().CopyTo(array, arrayIndex);

    void ICollection.CopyTo(Array array, int index) => ToArray().CopyTo(array, index);

    /// <summary>The last one pushed comes first.</summary>
    public T[] ToArray()
    {
        T[] array = items.ToArray();
        Array.Reverse(array);
        return array;
    }

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    /// <summary>Goes over the elements from the top; notices when the stack changes meanwhile.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly Stack<T> stack;
        private readonly int version;
        private int index;

        internal Enumerator(Stack<T> stack)
        {
            this.stack = stack;
            version = stack.version;
            index = stack.Count;
        }

        public readonly T Current => index >= 0 && index < stack.Count
            ? stack.items[index]
            : throw new InvalidOperationException("Enumeration has either not started or has already finished.");

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (version != stack.version)
            {
                throw new InvalidOperationException(
                    "Collection was modified; enumeration operation may not execute.");
            }

            if (index >= 0)
            {
                index--;
            }

            return index >= 0;
        }

        void IEnumerator.Reset() => index = stack.Count;

        public readonly void Dispose()
        {
        }
    }
}
