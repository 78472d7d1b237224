using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// Puts fragments together (RFC 791, section 3.2). Bounded in datagrams, in bytes and in time. Fragments that overlap
/// are never resolved one way or the other: the datagram is dropped with all that follows of it, as RFC 5722 demands
/// for IPv6, because nobody honest sends such.
/// </summary>
internal sealed class Reassembly
{
    /// <summary>Datagrams in the making. Beyond this the oldest makes room.</summary>
    internal const int DatagramsMax = 16;

    /// <summary>Fragments held, for all datagrams: 190 kB.</summary>
    internal const int FragmentsMax = 128;

    /// <summary>How long the fragments of one datagram may take, from the first to arrive.</summary>
    internal const int TimeoutMilliseconds = 30_000;

    /// <summary>Payload of the longest fragment in an Ethernet frame.</summary>
    internal const int FragmentLengthMax = InterfaceConfiguration.EthernetMtu - Ipv4Packet.HeaderLengthMin;

    private const int HeaderMax = 60;
    private const int QuoteMax = HeaderMax + 8;
    private const int PayloadMax = Ipv4Packet.LengthMax - Ipv4Packet.HeaderLengthMin;

    private readonly NetworkCounters counters;
    private readonly Datagram[] datagrams = new Datagram[DatagramsMax];
    private readonly Fragment[] fragments = new Fragment[FragmentsMax];
    private readonly byte[] quotes = new byte[DatagramsMax * QuoteMax];

    // Most nodes never see a fragment: the room is made when the first one comes, and then kept.
    private byte[] bytes = [];
    private byte[] whole = [];
    private int freeFragment = -1;

    internal Reassembly(NetworkCounters counters) => this.counters = counters;

    internal Instant NextDue { get; private set; } = new(long.MaxValue);

    /// <summary>Datagrams in the making, for people.</summary>
    internal int Count { get; private set; }

    /// <summary>Takes one fragment.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="fragment">Header and payload.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="datagram">The whole datagram once nothing is missing: the header of its first fragment, and all
    /// payload. Good until the next call.</param>
    internal bool TryComplete(
        scoped in Ipv4Packet header, ReadOnlySpan<byte> fragment, Instant now, out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        counters.Add(NetCounter.FragmentIn);
        int length = header.TotalLength - header.HeaderLength;
        bool isMisshapen = length == 0
            || length > FragmentLengthMax
            || (header.MoreFragments && (length & 7) != 0)
            || header.FragmentOffset + length > PayloadMax;
        if (isMisshapen)
        {
            counters.Add(NetCounter.FragmentBad);
            return false;
        }

        MakeRoom();
        int index = FindOrBegin(header, now);
        ref Datagram target = ref datagrams[index];
        if (target.IsPoisoned || !TryInsert(index, header, fragment.Slice(header.HeaderLength, length)))
        {
            return false;
        }

        if (header.FragmentOffset == 0)
        {
            target.QuoteLength = header.HeaderLength + 8;
            fragment.Slice(0, Math.Min(target.QuoteLength, fragment.Length)).CopyTo(quotes.AsSpan(index * QuoteMax));
            target.HeaderLength = header.HeaderLength;
        }

        if (target.Total < 0 || target.Received < target.Total)
        {
            return false;
        }

        datagram = Join(index);
        Free(index);
        counters.Add(NetCounter.Reassembled);
        return true;
    }

    /// <summary>Gives up on one datagram whose time is over; call until it says false.</summary>
    /// <param name="now">The present moment.</param>
    /// <param name="quote">Its first header and eight bytes, if that fragment had come: then its sender is to be told
    /// (RFC 1122, section 3.3.2). Else empty.</param>
    internal bool TryExpire(Instant now, out ReadOnlySpan<byte> quote)
    {
        quote = default;
        if (now < NextDue)
        {
            return false;
        }

        NextDue = new Instant(long.MaxValue);
        for (int i = 0; i < DatagramsMax; i++)
        {
            if (!datagrams[i].IsUsed)
            {
                continue;
            }

            if (now >= datagrams[i].Until)
            {
                if (!datagrams[i].IsPoisoned)
                {
                    counters.Add(NetCounter.FragmentTimeout);
                    quote = quotes.AsSpan(i * QuoteMax, datagrams[i].QuoteLength);
                }

                Free(i);
                NextDue = now;
                return true;
            }

            NextDue = datagrams[i].Until < NextDue ? datagrams[i].Until : NextDue;
        }

        return false;
    }

    private void MakeRoom()
    {
        if (bytes.Length != 0)
        {
            return;
        }

        bytes = new byte[FragmentsMax * FragmentLengthMax];
        whole = new byte[HeaderMax + PayloadMax];
        for (int i = 0; i < FragmentsMax; i++)
        {
            fragments[i].Next = i - 1;
        }

        freeFragment = FragmentsMax - 1;
    }

    private int FindOrBegin(in Ipv4Packet header, Instant now)
    {
        int free = -1, oldest = 0;
        for (int i = 0; i < DatagramsMax; i++)
        {
            ref Datagram datagram = ref datagrams[i];
            if (!datagram.IsUsed)
            {
                free = i;
            }
            else if (datagram.Identification == header.Identification && datagram.Source == header.Source
                && datagram.Destination == header.Destination && datagram.Protocol == header.Protocol)
            {
                return i;
            }
            else if (datagram.Until < datagrams[oldest].Until)
            {
                oldest = i;
            }
        }

        if (free < 0)
        {
            Evict(oldest);
            free = oldest;
        }

        Count++;
        Instant until = now.AddMilliseconds(TimeoutMilliseconds);
        NextDue = until < NextDue ? until : NextDue;
        datagrams[free] = new Datagram
        {
            IsUsed = true,
            Source = header.Source,
            Destination = header.Destination,
            Protocol = header.Protocol,
            Identification = header.Identification,
            First = -1,
            Total = -1,
            Until = until,
        };
        return free;
    }

    private bool TryInsert(int index, in Ipv4Packet header, ReadOnlySpan<byte> payload)
    {
        ref Datagram datagram = ref datagrams[index];
        int start = header.FragmentOffset, end = start + payload.Length;
        int before = -1, after = datagram.First;
        while (after >= 0 && fragments[after].Offset < start)
        {
            before = after;
            after = fragments[after].Next;
        }

        // What had come before, byte for byte, is only a copy that the network made (RFC 8200, section 4.5).
        if (after >= 0 && fragments[after].Offset == start && fragments[after].Length == payload.Length
            && payload.SequenceEqual(bytes.AsSpan(after * FragmentLengthMax, payload.Length)))
        {
            counters.Add(NetCounter.FragmentDuplicate);
            return false;
        }

        bool overlaps = (before >= 0 && fragments[before].Offset + fragments[before].Length > start)
            || (after >= 0 && fragments[after].Offset < end);
        if (overlaps || !FitsTotal(ref datagram, start, end, header.MoreFragments, after))
        {
            counters.Add(NetCounter.FragmentOverlap);
            ReleaseFragments(ref datagram);
            datagram.IsPoisoned = true;
            return false;
        }

        if (!TryTakeFragment(index, out int slot))
        {
            return false;
        }

        fragments[slot] = new Fragment { Offset = start, Length = payload.Length, Next = after };
        payload.CopyTo(bytes.AsSpan(slot * FragmentLengthMax));
        if (before < 0)
        {
            datagram.First = slot;
        }
        else
        {
            fragments[before].Next = slot;
        }

        datagram.Received += payload.Length;
        return true;
    }

    // The last fragment says where the datagram ends. Two that say different things, or one that lies beyond the end,
    // are as bad as an overlap.
    private static bool FitsTotal(ref Datagram datagram, int start, int end, bool hasMore, int after)
    {
        if (hasMore)
        {
            return datagram.Total < 0 || end < datagram.Total;
        }

        if (after >= 0 || (datagram.Total >= 0 && datagram.Total != end) || start > end)
        {
            return false;
        }

        datagram.Total = end;
        return true;
    }

    private bool TryTakeFragment(int index, out int slot)
    {
        slot = freeFragment;
        if (slot < 0)
        {
            int oldest = -1;
            for (int i = 0; i < DatagramsMax; i++)
            {
                if (datagrams[i].IsUsed && datagrams[i].First >= 0
                    && (oldest < 0 || datagrams[i].Until < datagrams[oldest].Until))
                {
                    oldest = i;
                }
            }

            Evict(oldest);
            if (oldest == index)
            {
                return false;
            }

            slot = freeFragment;
        }

        freeFragment = fragments[slot].Next;
        return true;
    }

    private ReadOnlySpan<byte> Join(int index)
    {
        ref Datagram datagram = ref datagrams[index];
        quotes.AsSpan(index * QuoteMax, datagram.HeaderLength).CopyTo(whole);
        for (int i = datagram.First; i >= 0; i = fragments[i].Next)
        {
            bytes.AsSpan(i * FragmentLengthMax, fragments[i].Length)
                .CopyTo(whole.AsSpan(datagram.HeaderLength + fragments[i].Offset));
        }

        return whole.AsSpan(0, datagram.HeaderLength + datagram.Total);
    }

    private void Evict(int index)
    {
        counters.Add(NetCounter.FragmentEvicted);
        Free(index);
    }

    private void Free(int index)
    {
        ReleaseFragments(ref datagrams[index]);
        datagrams[index] = default;
        Count--;
    }

    private void ReleaseFragments(ref Datagram datagram)
    {
        int slot = datagram.First;
        while (slot >= 0)
        {
            int next = fragments[slot].Next;
            fragments[slot].Next = freeFragment;
            freeFragment = slot;
            slot = next;
        }

        datagram.First = -1;
        datagram.Received = 0;
    }

    private struct Datagram
    {
        internal bool IsUsed;
        internal bool IsPoisoned;
        internal byte Protocol;
        internal ushort Identification;
        internal Ipv4Address Source;
        internal Ipv4Address Destination;
        internal int First;
        internal int Total;
        internal int Received;
        internal int HeaderLength;
        internal int QuoteLength;
        internal Instant Until;
    }

    private struct Fragment
    {
        internal int Offset;
        internal int Length;
        internal int Next;
    }
}
