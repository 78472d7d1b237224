using System;

namespace HaukiOS.Host.Switch;

/// <summary>
/// Frames that are on their way, the one that arrives first on top; those of one moment in the order in which they
/// came. The slots are made when they are first needed and kept.
/// </summary>
internal sealed class DelayQueue
{
    /// <summary>Frames on their way at most, on all wires together; one more is lost.</summary>
    public const int Capacity = 16_384;

    private readonly Slot[] heap = new Slot[Capacity];
    private readonly byte[][] free = new byte[Capacity][];
    private int freeCount;
    private ulong sequence;

    /// <summary>One frame and where it goes.</summary>
    public readonly record struct Slot(TimeSpan Due, ulong Sequence, byte[] Bytes, int Length, Wire Wire);

    /// <summary>Frames in it.</summary>
    public int Count { get; private set; }

    /// <summary>When the first frame arrives.</summary>
    public TimeSpan NextDue => Count == 0 ? TimeSpan.MaxValue : heap[0].Due;

    /// <summary>Takes a copy of a frame.</summary>
    /// <returns>The copy, to be spoilt if need be; null when the queue is full.</returns>
    public byte[]? Push(ReadOnlySpan<byte> frame, TimeSpan due, Wire wire)
    {
        if (Count == Capacity)
        {
            return null;
        }

        var bytes = freeCount > 0 ? free[--freeCount] : new byte[SwitchFabric.FrameMax];
        frame.CopyTo(bytes);
        var slot = new Slot(due, sequence++, bytes, frame.Length, wire);
        var at = Count++;
        while (at > 0 && IsBefore(slot, heap[(at - 1) / 2]))
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = slot;
        return bytes;
    }

    /// <summary>Takes the first frame out. Its bytes go back with <see cref="Return"/>.</summary>
    public Slot Pop()
    {
        var first = heap[0];
        var last = heap[--Count];
        heap[Count] = default;
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
            {
                break;
            }

            if (child + 1 < Count && IsBefore(heap[child + 1], heap[child]))
            {
                child++;
            }

            if (!IsBefore(heap[child], last))
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        if (Count > 0)
        {
            heap[at] = last;
        }

        return first;
    }

    /// <summary>Gives the bytes of a frame back for the next one.</summary>
    public void Return(byte[] bytes) => free[freeCount++] = bytes;

    private static bool IsBefore(in Slot a, in Slot b) =>
        a.Due < b.Due || (a.Due == b.Due && a.Sequence < b.Sequence);
}
