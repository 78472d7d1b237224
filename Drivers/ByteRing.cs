using System;

namespace HaukiOS.Drivers;

/// <summary>
/// Bytes on their way between an interrupt handler and the event loop: one side only writes, the other only
/// reads, so on one processor neither ever has to wait for the other or to switch interrupts off.
/// </summary>
public sealed class ByteRing
{
    private readonly byte[] bytes;
    private readonly uint mask;

    // Free-running counters. Each is written by one side only; their difference is the fill even after a wrap.
    private volatile uint written;
    private volatile uint taken;

    /// <summary>An empty ring.</summary>
    /// <param name="capacity">The most bytes it holds; a power of two.</param>
    public ByteRing(int capacity)
    {
        if (capacity <= 0 || (capacity & (capacity - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), "a ring holds a power of two of bytes");
        }

        bytes = new byte[capacity];
        mask = (uint)capacity - 1;
    }

    /// <summary>The most bytes it holds.</summary>
    public int Capacity => bytes.Length;

    /// <summary>Bytes in the ring now.</summary>
    public int Count => (int)(written - taken);

    /// <summary>Bytes that still fit.</summary>
    public int Free => bytes.Length - Count;

    /// <summary>Adds one byte. For the writing side only.</summary>
    /// <returns>False if the ring is full; nothing was added.</returns>
    public bool TryWrite(byte value)
    {
        if (Free == 0)
        {
            return false;
        }

        bytes[written & mask] = value;
        written++; // only after the byte is in its place: the reader may look at any moment
        return true;
    }

    /// <summary>Adds as many bytes as fit. For the writing side only.</summary>
    /// <returns>How many were added.</returns>
    public int Write(ReadOnlySpan<byte> from)
    {
        int count = Math.Min(from.Length, Free);
        for (int i = 0; i < count; i++)
        {
            bytes[(written + (uint)i) & mask] = from[i];
        }

        written += (uint)count;
        return count;
    }

    /// <summary>Takes the oldest byte. For the reading side only.</summary>
    /// <returns>False if the ring is empty.</returns>
    public bool TryRead(out byte value)
    {
        if (Count == 0)
        {
            value = 0;
            return false;
        }

        value = bytes[taken & mask];

        // What was typed may be an answer: nothing of it stays behind.
        bytes[taken & mask] = 0;
        taken++;
        return true;
    }
}
