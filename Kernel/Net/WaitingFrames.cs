using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>The datagrams that wait for one neighbour: a row through <see cref="WaitingFrames"/>.</summary>
internal struct WaitingQueue
{
    internal short First;
    internal short Last;
    internal byte Count;

    internal static WaitingQueue Empty => new() { First = -1, Last = -1 };
}

/// <summary>
/// Datagrams that wait for a neighbour's station address (RFC 1122, section 2.3.2.2: keep at least the latest), and
/// those whose waiting has ended: with an address, to be sent, or without, to be reported.
/// </summary>
internal sealed class WaitingFrames
{
    /// <summary>Datagrams that wait at one time, for all neighbours.</summary>
    internal const int FramesMax = 48;

    /// <summary>Datagrams that wait for one neighbour; the latest stay.</summary>
    internal const int PerNeighbour = 3;

    private const int SlotLength = InterfaceConfiguration.EthernetMtu;

    private readonly Slot[] slots = new Slot[FramesMax];
    private readonly byte[] bytes = new byte[FramesMax * SlotLength];
    private readonly NetworkCounters counters;
    private WaitingQueue free = WaitingQueue.Empty;
    private WaitingQueue ready = WaitingQueue.Empty;
    private WaitingQueue refused = WaitingQueue.Empty;

    internal WaitingFrames(NetworkCounters counters)
    {
        this.counters = counters;
        for (short i = 0; i < FramesMax; i++)
        {
            Append(ref free, i);
        }
    }

    internal bool HasReady => ready.Count > 0;

    internal bool HasRefused => refused.Count > 0;

    internal void Hold(ref WaitingQueue queue, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > SlotLength || (free.Count == 0 && queue.Count == 0))
        {
            counters.Add(NetCounter.ArpWaitingFull);
            return;
        }

        if (queue.Count == PerNeighbour || free.Count == 0)
        {
            counters.Add(NetCounter.ArpWaitingFull);
            Append(ref free, TakeFirst(ref queue));
        }

        short slot = TakeFirst(ref free);
        slots[slot].Length = (short)datagram.Length;
        datagram.CopyTo(bytes.AsSpan(slot * SlotLength));
        Append(ref queue, slot);
    }

    internal void Release(ref WaitingQueue queue, MacAddress station)
    {
        while (queue.Count > 0)
        {
            short slot = TakeFirst(ref queue);
            slots[slot].Station = station;
            Append(ref ready, slot);
        }
    }

    /// <summary>Lets a datagram go that never had to wait.</summary>
    internal void Release(ReadOnlySpan<byte> datagram, MacAddress station)
    {
        WaitingQueue queue = WaitingQueue.Empty;
        Hold(ref queue, datagram);
        Release(ref queue, station);
    }

    internal void Refuse(ref WaitingQueue queue)
    {
        while (queue.Count > 0)
        {
            Append(ref refused, TakeFirst(ref queue));
        }
    }

    internal void Drop(ref WaitingQueue queue)
    {
        counters.Add(NetCounter.ArpWaitingFull, queue.Count);
        while (queue.Count > 0)
        {
            Append(ref free, TakeFirst(ref queue));
        }
    }

    /// <summary>The next datagram that has its address now. The bytes stay until the next <see cref="Hold"/>.</summary>
    internal bool TryTakeReady(out ReadOnlySpan<byte> datagram, out MacAddress station)
    {
        datagram = default;
        station = default;
        if (ready.Count == 0)
        {
            return false;
        }

        short slot = TakeFirst(ref ready);
        station = slots[slot].Station;
        datagram = bytes.AsSpan(slot * SlotLength, slots[slot].Length);
        Append(ref free, slot);
        return true;
    }

    /// <summary>The next datagram whose neighbour did not answer. The bytes stay as above.</summary>
    internal bool TryTakeRefused(out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        if (refused.Count == 0)
        {
            return false;
        }

        short slot = TakeFirst(ref refused);
        datagram = bytes.AsSpan(slot * SlotLength, slots[slot].Length);
        Append(ref free, slot);
        return true;
    }

    private short TakeFirst(ref WaitingQueue queue)
    {
        short slot = queue.First;
        queue.First = slots[slot].Next;
        queue.Count--;
        queue.Last = queue.Count == 0 ? (short)-1 : queue.Last;
        return slot;
    }

    private void Append(ref WaitingQueue queue, short slot)
    {
        slots[slot].Next = -1;
        if (queue.Count == 0)
        {
            queue.First = slot;
        }
        else
        {
            slots[queue.Last].Next = slot;
        }

        queue.Last = slot;
        queue.Count++;
    }

    private struct Slot
    {
        internal MacAddress Station;
        internal short Length;
        internal short Next;
    }
}
