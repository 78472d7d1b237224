using System.Diagnostics.CodeAnalysis;

namespace System.Collections.Generic;

/// <summary>The least priority first. A heap with four children a node; equal priorities come in any order.</summary>
public class PriorityQueue<TElement, TPriority>
{
    private const int Arity = 4;

    private readonly List<(TElement Element, TPriority Priority)> heap = [];
    private readonly IComparer<TPriority> comparer;

    public PriorityQueue()
        : this((IComparer<TPriority>?)null)
    {
    }

    public PriorityQueue(int initialCapacity)
        : this(initialCapacity, null)
    {
    }

    public PriorityQueue(IComparer<TPriority>? comparer)
    {
        this.comparer = comparer ?? Comparer<TPriority>.Default;
    }

    public PriorityQueue(int initialCapacity, IComparer<TPriority>? comparer)
        : this(comparer)
    {
        heap.EnsureCapacity(initialCapacity);
    }

    public PriorityQueue(IEnumerable<(TElement Element, TPriority Priority)> items)
        : this()
    {
        EnqueueRange(items);
    }

    public int Count => heap.Count;

    public IComparer<TPriority> Comparer => comparer;

    public void Enqueue(TElement element, TPriority priority)
    {
        heap.Add((element, priority));
        MoveUp(heap.Count - 1, (element, priority));
    }

    public void EnqueueRange(IEnumerable<(TElement Element, TPriority Priority)> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        foreach ((TElement element, TPriority priority) in items)
        {
            Enqueue(element, priority);
        }
    }

    public TElement Peek() => Count == 0 ? throw Empty() : heap[0].Element;

    public bool TryPeek([MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        bool any = Count > 0;
        (element, priority) = any ? heap[0] : default;
        return any;
    }

    public TElement Dequeue() => TryDequeue(out TElement? element, out _) ? element : throw Empty();

    public bool TryDequeue([MaybeNullWhen(false)] out TElement element, [MaybeNullWhen(false)] out TPriority priority)
    {
        if (!TryPeek(out element, out priority))
        {
            return false;
        }

        (TElement Element, TPriority Priority) last = heap[^1];
        heap.RemoveAt(heap.Count - 1);
        if (heap.Count > 0)
        {
            MoveDown(0, last);
        }

        return true;
    }

    public TElement EnqueueDequeue(TElement element, TPriority priority)
    {
        if (Count == 0 || comparer.Compare(priority, heap[0].Priority) <= 0)
        {
            return element;
        }

        TElement first = heap[0].Element;
        MoveDown(0, (element, priority));
        return first;
    }

    public void Clear() => heap.Clear();

    public int EnsureCapacity(int capacity) => heap.EnsureCapacity(capacity);

    private static InvalidOperationException Empty() => new("Queue empty.");

    private void MoveUp(int place, (TElement Element, TPriority Priority) node)
    {
        while (place > 0)
        {
            int parent = (place - 1) / Arity;
            if (comparer.Compare(node.Priority, heap[parent].Priority) >= 0)
            {
                break;
            }

            heap[place] = heap[parent];
            place = parent;
        }

        heap[place] = node;
    }

    private void MoveDown(int place, (TElement Element, TPriority Priority) node)
    {
        while (true)
        {
            int first = (place * Arity) + 1;
            if (first >= heap.Count)
            {
                break;
            }

            int least = first;
            for (int child = first + 1; child < first + Arity && child < heap.Count; child++)
            {
                if (comparer.Compare(heap[child].Priority, heap[least].Priority) < 0)
                {
                    least = child;
                }
            }

            if (comparer.Compare(node.Priority, heap[least].Priority) <= 0)
            {
                break;
            }

            heap[place] = heap[least];
            place = least;
        }

        heap[place] = node;
    }
}
