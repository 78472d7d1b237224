using System;

namespace HaukiOS.Net;

/// <summary>
/// Bytes in the order of their sequence numbers, in a ring whose size is a power of two. Received bytes that are ahead
/// of a gap lie at their places already, behind those that count.
/// </summary>
internal sealed class TcpRing(TcpBufferPool pool)
{
    private byte[]? buffer;
    private int start;

    /// <summary>Bytes the ring is promised: it always has room for so many.</summary>
    internal int Capacity { get; private set; }

    /// <summary>Bytes in it.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes it has room for.</summary>
    internal int Free => Capacity - Count;

    /// <summary>Gets an empty ring its first promise.</summary>
    internal bool TryOpen(int capacity)
    {
        if (!pool.TryPromise(capacity, isGrowth: capacity > TcpLimits.RingMin))
        {
            return false;
        }

        Capacity = capacity;
        return true;
    }

    /// <summary>Doubles the ring, if the budget has so much left.</summary>
    /// <param name="keep">Bytes from the start that must stay: those that count, and those ahead of gaps.</param>
    internal bool TryGrow(int keep)
    {
        if (!pool.TryPromise(Capacity, isGrowth: true))
        {
            return false;
        }

        Capacity *= 2;
        if (buffer is not null)
        {
            byte[] larger = pool.Rent(Capacity);
            CopyOut(0, larger.AsSpan(0, keep));
            pool.Return(buffer);
            buffer = larger;
            start = 0;
        }

        return true;
    }

    /// <summary>Gives everything back.</summary>
    internal void Close()
    {
        if (buffer is not null)
        {
            pool.Return(buffer);
            buffer = null;
        }

        pool.Release(Capacity);
        Capacity = 0;
        Count = 0;
        start = 0;
    }

    /// <summary>Writes at <paramref name="offset"/> from the start, without counting the bytes in.</summary>
    internal void Put(int offset, ReadOnlySpan<byte> bytes)
    {
        buffer ??= pool.Rent(Capacity);
        int at = (start + offset) & (Capacity - 1);
        int first = Math.Min(bytes.Length, Capacity - at);
        bytes[..first].CopyTo(buffer.AsSpan(at));
        if (first < bytes.Length)
        {
            bytes[first..].CopyTo(buffer);
        }
    }

    /// <summary>Counts bytes in that lie behind the others already.</summary>
    internal void Extend(int count) => Count += count;

    /// <summary>Writes behind the others, as far as there is room.</summary>
    /// <returns>How many bytes.</returns>
    internal int Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Free);
        if (count > 0)
        {
            Put(Count, bytes[..count]);
            Count += count;
        }

        return count;
    }

    /// <summary>The bytes at the start, up to where the ring wraps around.</summary>
    internal ReadOnlySpan<byte> Front() =>
        buffer is null ? default : buffer.AsSpan(start, Math.Min(Count, Capacity - start));

    /// <summary>Takes bytes out at the start.</summary>
    internal void Drop(int count)
    {
        Count -= count;
        start = (start + count) & (Capacity - 1);
    }

    /// <summary>Copies bytes from <paramref name="offset"/> on, whether they count or not.</summary>
    internal void CopyOut(int offset, Span<byte> into)
    {
        if (into.IsEmpty)
        {
            return;
        }

        // The array's own length, not the promise: while the ring grows, the old array is half as long.
        ReadOnlySpan<byte> all = buffer;
        int at = (start + offset) & (all.Length - 1);
        int first = Math.Min(into.Length, all.Length - at);
        all.Slice(at, first).CopyTo(into);
        if (first < into.Length)
        {
            all[..(into.Length - first)].CopyTo(into[first..]);
        }
    }

    /// <summary>Copies bytes from <paramref name="offset"/> on and sums them up for the checksum.</summary>
    internal uint CopyOutAndSum(int offset, Span<byte> into)
    {
        int at = (start + offset) & (Capacity - 1);
        int first = Math.Min(into.Length, Capacity - at);
        uint sum = InternetChecksum.CopyAndSum(buffer.AsSpan(at, first), into);
        if (first < into.Length)
        {
            uint rest = InternetChecksum.CopyAndSum(buffer.AsSpan(0, into.Length - first), into[first..]);
            sum += (first & 1) == 0 ? rest : InternetChecksum.AtOdd(rest);
        }

        return sum;
    }
}
