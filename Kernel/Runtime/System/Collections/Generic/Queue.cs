using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>First in, first out, in a ring that grows.</summary>
public class Queue<T> : IEnumerable<T>, ICollection, IReadOnlyCollection<T>
{
    private T[] ring;
    private int head;
    private int size;
    private int version;

    public Queue()
    {
        ring = [];
    }

    public Queue(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ring = new T[capacity];
    }

    public Queue(IEnumerable<T> collection)
        : this()
    {
        ArgumentNullException.ThrowIfNull(collection);
        foreach (T item in collection)
        {
            Enqueue(item);
        }
    }

    public int Count => size;

    public int Capacity => ring.Length;

    bool ICollection.IsSynchronized => false;

    object ICollection.SyncRoot => this;

    public void Enqueue(T item)
    {
        if (size == ring.Length)
        {
            SetCapacity(Math.Max(4, ring.Length * 2));
        }

        ring[Place(size)] = item;
        size++;
        version++;
    }

    public T Dequeue() => TryDequeue(out T? item) ? item : throw new InvalidOperationException("Queue empty.");

    public bool TryDequeue([MaybeNullWhen(false)] out T result)
    {
        if (size == 0)
        {
            result = default;
            return false;
        }

        result = ring[head];
        ring[head] = default!;
        head = Place(1);
        size--;
        version++;
        return true;
    }

    public T Peek() => size == 0 ? throw new InvalidOperationException("Queue empty.") : ring[head];

    public bool TryPeek([MaybeNullWhen(false)] out T result)
    {
        result = size == 0 ? default : ring[head];
        return size != 0;
    }

    public void Clear()
    {
        Array.Clear(ring);
        head = 0;
        size = 0;
        version++;
    }

    public bool Contains(T item)
    {
        foreach (T element in this)
        {
            if (SpanSearch.AreEqual(element, item))
            {
                return true;
            }
        }

        return false;
    }

    public void CopyTo(T[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(arrayIndex);
        if (array.Length - arrayIndex < size)
        {
            throw new ArgumentException("Destination array is not long enough to copy all the items.");
        }

        foreach (T item in this)
        {
            array[arrayIndex++] = item;
        }
    }

    void ICollection.CopyTo(Array array, int index)
    {
        foreach (T item in this)
        {
            array.SetValue(item, index++);
        }
    }

    public T[] ToArray()
    {
        T[] array = new T[size];
        CopyTo(array, 0);
        return array;
    }

    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        if (ring.Length < capacity)
        {
            SetCapacity(Math.Max(capacity, ring.Length * 2));
        }

        return ring.Length;
    }

    public void TrimExcess() => SetCapacity(size);

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => new Enumerator(this);

    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    private int Place(int offset)
    {
        int place = head + offset;
        return place >= ring.Length ? place - ring.Length : place;
    }

    private void SetCapacity(int capacity)
    {
        T[] larger = new T[capacity];
        CopyTo(larger, 0);
        ring = larger;
        head = 0;
    }

    /// <summary>Goes over the elements; notices when the queue changes meanwhile.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly Queue<T> queue;
        private readonly int version;
        private int index;

        internal Enumerator(Queue<T> queue)
        {
            this.queue = queue;
            version = queue.version;
            index = -1;
        }

        public readonly T Current => (uint)index < (uint)queue.size
            ? queue.ring[queue.Place(index)]
            : throw new InvalidOperationException("Enumeration has either not started or has already finished.");

        readonly object? IEnumerator.Current => Current;

        public bool MoveNext()
        {
            if (version != queue.version)
            {
                throw new InvalidOperationException(
                    "Collection was modified; enumeration operation may not execute.");
            }

            if (index < queue.size)
            {
                index++;
            }

            return index < queue.size;
        }

        void IEnumerator.Reset() => index = -1;

        public readonly void Dispose()
        {
        }
    }
}
