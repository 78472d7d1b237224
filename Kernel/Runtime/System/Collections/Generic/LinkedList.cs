namespace System.Collections.Generic;

/// <summary>Elements chained in both directions.</summary>
public class LinkedList<T> : ICollection<T>, IReadOnlyCollection<T>
{
    private LinkedListNode<T>? head;
    private int version;

    public LinkedList()
    {
    }

    public LinkedList(IEnumerable<T> collection)
    {
        ArgumentNullException.ThrowIfNull(collection);
        foreach (T item in collection)
        {
            AddLast(item);
        }
    }

    public int Count { get; private set; }

    public LinkedListNode<T>? First => head;

    public LinkedListNode<T>? Last => head?.Before;

    bool ICollection<T>.IsReadOnly => false;

    void ICollection<T>.Add(T value) => AddLast(value);

    public LinkedListNode<T> AddFirst(T value)
    {
        LinkedListNode<T> node = AddLast(value);
        head = node;
        return node;
    }

    public void AddFirst(LinkedListNode<T> node)
    {
        AddLast(node);
        head = node;
    }

    public LinkedListNode<T> AddLast(T value)
    {
        LinkedListNode<T> node = new(value);
        Link(node, head);
        return node;
    }

    public void AddLast(LinkedListNode<T> node)
    {
        CheckNew(node);
        Link(node, head);
    }

    public LinkedListNode<T> AddAfter(LinkedListNode<T> node, T value)
    {
        CheckMine(node);
        LinkedListNode<T> added = new(value);
        Link(added, node.After);
        return added;
    }

    public LinkedListNode<T> AddBefore(LinkedListNode<T> node, T value)
    {
        CheckMine(node);
        LinkedListNode<T> added = new(value);
        Link(added, node);
        if (node == head)
        {
            head = added;
        }

        return added;
    }

    public void Clear()
    {
        while (head is not null)
        {
            Remove(head);
        }
    }

    public bool Contains(T value) => Find(value) is not null;

    public void CopyTo(T[] array, int index)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (array.Length - index < Count)
        {
            throw new ArgumentException("Insufficient space in the target location to copy the information.");
        }

        foreach (T item in this)
        {
            array[index++] = item;
        }
    }

    public LinkedListNode<T>? Find(T value)
    {
        LinkedListNode<T>? node = head;
        while (node is not null && !EqualityComparer<T>.Default.Equals(node.Value, value))
        {
            node = node.Next;
        }

        return node;
    }

    public LinkedListNode<T>? FindLast(T value)
    {
        LinkedListNode<T>? node = Last;
        while (node is not null && !EqualityComparer<T>.Default.Equals(node.Value, value))
        {
            node = node.Previous;
        }

        return node;
    }

    public bool Remove(T value)
    {
        LinkedListNode<T>? node = Find(value);
        if (node is not null)
        {
            Remove(node);
        }

        return node is not null;
    }

    public void Remove(LinkedListNode<T> node)
    {
        CheckMine(node);
        if (Count == 1)
        {
            head = null;
        }
        else
        {
            node.Before!.After = node.After;
            node.After!.Before = node.Before;
            head = node == head ? node.After : head;
        }

        node.Owner = null;
        node.Before = null;
        node.After = null;
        Count--;
        version++;
    }

    public void RemoveFirst() => Remove(First ?? throw new InvalidOperationException("The LinkedList is empty."));

    public void RemoveLast() => Remove(Last ?? throw new InvalidOperationException("The LinkedList is empty."));

    public Enumerator GetEnumerator() => new(this);

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void CheckNew(LinkedListNode<T> node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Owner is not null)
        {
            throw new InvalidOperationException("The LinkedList node already belongs to a LinkedList.");
        }
    }

    private void CheckMine(LinkedListNode<T> node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (node.Owner != this)
        {
            throw new InvalidOperationException("The LinkedList node does not belong to current LinkedList.");
        }
    }

    /// <summary>Chains a node in before another one; the chain is a ring, so the end is before the head.</summary>
    private void Link(LinkedListNode<T> node, LinkedListNode<T>? next)
    {
        node.Owner = this;
        if (next is null)
        {
            node.After = node;
            node.Before = node;
            head = node;
        }
        else
        {
            node.After = next;
            node.Before = next.Before;
            next.Before!.After = node;
            next.Before = node;
        }

        Count++;
        version++;
    }

    /// <summary>Goes over the elements; notices when the list changes meanwhile.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly LinkedList<T> list;
        private readonly int version;
        private LinkedListNode<T>? next;
        private T? current;

        internal Enumerator(LinkedList<T> list)
        {
            this.list = list;
            version = list.version;
            next = list.head;
        }

        public readonly T Current => current!;

        readonly object? IEnumerator.Current => current;

        public bool MoveNext()
        {
            if (version != list.version)
            {
                throw new InvalidOperationException(
                    "Collection was modified; enumeration operation may not execute.");
            }

            bool any = next is not null;
            current = any ? next!.Value : default;
            next = next?.Next;
            return any;
        }

        void IEnumerator.Reset() => next = list.head;

        public readonly void Dispose()
        {
        }
    }
}

/// <summary>One element of a linked list.</summary>
public sealed class LinkedListNode<T>
{
    private T value;

    public LinkedListNode(T value)
    {
        this.value = value;
    }

    public LinkedList<T>? List => Owner;

    public LinkedListNode<T>? Next => After is null || After == Owner!.First ? null : After;

    public LinkedListNode<T>? Previous => Before is null || this == Owner!.First ? null : Before;

    public T Value
    {
        get => value;
        set => this.value = value;
    }

    public ref T ValueRef => ref value;

    internal LinkedList<T>? Owner { get; set; }

    internal LinkedListNode<T>? After { get; set; }

    internal LinkedListNode<T>? Before { get; set; }
}
