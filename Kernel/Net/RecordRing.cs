using System;

namespace HaukiOS.Net;

/// <summary>What is remembered beside a record: addresses, ports, a moment; the user of the ring knows which.</summary>
internal readonly record struct RecordTag(uint A, uint B = 0, long C = 0);

/// <summary>
/// A queue of packets of any length in one block of bytes, bounded in bytes and in packets. Each record lies in one
/// piece: one that does not fit before the end of the block begins at its start.
/// </summary>
internal sealed class RecordRing
{
    private readonly byte[] bytes;
    private readonly Entry[] entries;
    private int first;
    private int end;

    internal RecordRing(int byteCount, int recordsMax)
    {
        bytes = new byte[byteCount];
        entries = new Entry[recordsMax];
    }

    /// <summary>Records held.</summary>
    internal int Count { get; private set; }

    /// <summary>Are at least half the bytes and half the records free?</summary>
    internal bool IsHalfFree => UsedBytes <= bytes.Length / 2 && Count <= entries.Length / 2;

    private int UsedBytes
    {
        get
        {
            if (Count == 0)
            {
                return 0;
            }

            int start = entries[first].Start;
            return end > start ? end - start : bytes.Length - start + end;
        }
    }

    /// <summary>
    /// Is there room for so many records of up to so many bytes in all, wherever the block's end lies?
    /// </summary>
    internal bool CanHold(int records, int byteCount, int longest) =>
        Count + records <= entries.Length && UsedBytes + byteCount + longest <= bytes.Length;

    /// <summary>Adds a record and gives its room to be filled.</summary>
    internal bool TryAdd(int length, in RecordTag tag, out Span<byte> room)
    {
        room = default;

        // An empty record takes a byte, or a full ring and an empty one would look alike.
        int taken = Math.Max(length, 1);
        if (Count == entries.Length || !TryPlace(taken, out int start))
        {
            return false;
        }

        int slot = first + Count;
        if (slot >= entries.Length)
        {
            slot -= entries.Length;
        }

        entries[slot] = new Entry { Start = start, Length = length, Tag = tag };
        Count++;
        end = start + taken;
        room = bytes.AsSpan(start, length);
        return true;
    }

    /// <summary>The oldest record; its bytes stay until something is added.</summary>
    internal bool TryTake(out ReadOnlySpan<byte> record, out RecordTag tag)
    {
        if (Count == 0)
        {
            record = default;
            tag = default;
            return false;
        }

        ref Entry entry = ref entries[first];
        record = bytes.AsSpan(entry.Start, entry.Length);
        tag = entry.Tag;
        first = first + 1 == entries.Length ? 0 : first + 1;
        if (--Count == 0)
        {
            end = 0;
        }

        return true;
    }

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        first = 0;
        end = 0;
        Count = 0;
    }

    private bool TryPlace(int length, out int start)
    {
        if (Count == 0)
        {
            start = 0;
            return length <= bytes.Length;
        }

        int oldest = entries[first].Start;
        start = end;
        if (end > oldest)
        {
            if (length <= bytes.Length - end)
            {
                return true;
            }

            start = 0;
            return length <= oldest;
        }

        // The queue runs over the block's end. Where it meets its own beginning it is full; empty has no records.
        return length <= oldest - end;
    }

    private struct Entry
    {
        internal int Start;
        internal int Length;
        internal RecordTag Tag;
    }
}
