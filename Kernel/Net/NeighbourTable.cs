using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>What became of asking for a neighbour's station address.</summary>
internal enum Resolution
{
    /// <summary>Known.</summary>
    Known,

    /// <summary>Asked for.</summary>
    Waiting,

    /// <summary>It does not answer, or there is no room to ask.</summary>
    Failed,
}

/// <summary>
/// The neighbours of our wire (RFC 826; timeouts and the bound on requests from RFC 1122, section 2.3.2). An entry is
/// made only for a neighbour we send to or that asked for us, and nothing a stranger sends can push out one that is
/// in use: newcomers take free, failed or idle places, or none.
/// </summary>
internal sealed class NeighbourTable
{
    /// <summary>Neighbours known or asked for.</summary>
    internal const int NeighboursMax = 256;

    /// <summary>Neighbours asked for at one time; beyond this the longest asked for makes room.</summary>
    internal const int IncompleteMax = 64;

    /// <summary>How often a silent neighbour is asked before it counts as not there, a second apart.</summary>
    internal const int TriesMax = 3;

    /// <summary>
    /// How often a known neighbour is asked alone before everybody is asked (RFC 1122, section 2.3.2.1).
    /// </summary>
    internal const int UnicastTries = 2;

    /// <summary>How long an answer is good.</summary>
    internal const int ReachableMilliseconds = 60_000;

    /// <summary>Between two requests for one neighbour: the most that RFC 1122, section 2.3.2.1, allows.</summary>
    internal const int RetryMilliseconds = 1_000;

    /// <summary>How long a neighbour that did not answer is not asked again.</summary>
    internal const int FailedMilliseconds = 3_000;

    /// <summary>After so long without a datagram to it a neighbour's place may go to another.</summary>
    internal const int IdleMilliseconds = 60_000;

    private const int BucketBits = 7;
    private const uint Golden = 0x9E37_79B1;

    private readonly Entry[] entries = new Entry[NeighboursMax];
    private readonly short[] buckets = new short[1 << BucketBits];
    private readonly NetworkCounters counters;
    private readonly WaitingFrames waiting;
    private int incomplete;
    private int last = -1;

    internal NeighbourTable(NetworkCounters counters, WaitingFrames waiting)
    {
        this.counters = counters;
        this.waiting = waiting;
        Array.Fill(buckets, (short)-1);
    }

    /// <summary>When the next question is due; no earlier than that is anything to be done.</summary>
    internal Instant NextDue { get; private set; } = new(long.MaxValue);

    /// <summary>A place that no newcomer gets: the gateway's.</summary>
    internal Ipv4Address Protected { get; set; }

    internal int Count { get; private set; }

    /// <summary>The station to send to, if known.</summary>
    /// <param name="address">A neighbour.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="station">Its station address.</param>
    /// <param name="asks">Where to put the requests that this makes necessary.</param>
    internal Resolution Resolve(Ipv4Address address, Instant now, out MacAddress station, ArpOutput asks)
    {
        int index = last >= 0 && entries[last].Address == address ? last : Find(address);
        if (index < 0)
        {
            station = default;
            return Begin(address, now, asks);
        }

        last = index;
        ref Entry entry = ref entries[index];
        entry.UsedAt = now;
        station = entry.Station;
        switch (entry.State)
        {
            case NeighbourState.Reachable when now < entry.Due:
            case NeighbourState.Probing:
                return Resolution.Known;
            case NeighbourState.Reachable:
            case NeighbourState.Stale:
                entry.State = NeighbourState.Probing;
                entry.Tries = 0;
                Ask(ref entry, now, asks);
                return Resolution.Known;
            case NeighbourState.Incomplete:
                return Resolution.Waiting;
            default:
                if (now < entry.Due)
                {
                    return Resolution.Failed;
                }

                Remove(index);
                return Begin(address, now, asks);
        }
    }

    /// <summary>The station of a neighbour that has answered once; asks nothing.</summary>
    internal bool IsKnown(Ipv4Address address, out MacAddress station)
    {
        int index = Find(address);
        station = index < 0 ? default : entries[index].Station;
        return station != default;
    }

    /// <summary>
    /// Takes what a message says of its sender: always if we know the neighbour (RFC 826's merging; a node that moved
    /// announces itself so), and as a newcomer only if it asked for us.
    /// </summary>
    /// <returns>False if nobody here asked for it.</returns>
    internal bool Learn(Ipv4Address address, MacAddress station, bool askedForUs, Instant now)
    {
        int index = Find(address);
        if (index < 0)
        {
            if (!askedForUs || !TryAllocate(address, now, out index))
            {
                return askedForUs;
            }

            entries[index].UsedAt = new Instant(now.Nanoseconds - (IdleMilliseconds * 1_000_000L));
        }

        ref Entry entry = ref entries[index];
        if (entry.State is NeighbourState.Reachable or NeighbourState.Stale or NeighbourState.Probing
            && entry.Station != station)
        {
            counters.Add(NetCounter.ArpMoved);
        }

        incomplete -= entry.State == NeighbourState.Incomplete ? 1 : 0;
        entry.Station = station;
        entry.State = NeighbourState.Reachable;
        entry.Due = now.AddMilliseconds(ReachableMilliseconds);
        if (entry.Waiting.Count > 0)
        {
            waiting.Release(ref entry.Waiting, station);
        }

        return true;
    }

    /// <summary>Keeps a datagram until the neighbour has answered.</summary>
    internal void Hold(Ipv4Address address, ReadOnlySpan<byte> datagram)
    {
        int index = Find(address);
        if (index < 0 || entries[index].State != NeighbourState.Incomplete)
        {
            counters.Add(NetCounter.ArpWaitingFull);
            return;
        }

        waiting.Hold(ref entries[index].Waiting, datagram);
    }

    /// <summary>Asks again, and gives up on those that were silent too often.</summary>
    internal void Advance(Instant now, ArpOutput asks)
    {
        if (now < NextDue)
        {
            return;
        }

        NextDue = new Instant(long.MaxValue);
        for (int i = 0; i < NeighboursMax; i++)
        {
            ref Entry entry = ref entries[i];
            if (entry.State is not (NeighbourState.Incomplete or NeighbourState.Probing))
            {
                continue;
            }

            if (now < entry.Due)
            {
                NextDue = entry.Due < NextDue ? entry.Due : NextDue;
                continue;
            }

            int allowed = entry.State == NeighbourState.Probing ? UnicastTries + TriesMax : TriesMax;
            if (entry.Tries < allowed)
            {
                Ask(ref entry, now, asks);
            }
            else
            {
                Fail(ref entry, now);
            }
        }
    }

    internal void Clear()
    {
        for (int i = 0; i < NeighboursMax; i++)
        {
            if (entries[i].State != NeighbourState.Free)
            {
                Remove(i);
            }
        }
    }

    internal Neighbour At(int index, Instant now)
    {
        for (int i = 0; i < NeighboursMax; i++)
        {
            ref Entry entry = ref entries[i];
            if (entry.State != NeighbourState.Free && index-- == 0)
            {
                bool isStale = entry.State == NeighbourState.Reachable && entry.Due <= now;
                return new Neighbour(
                    entry.Address, entry.Station, isStale ? NeighbourState.Stale : entry.State);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private static int BucketOf(Ipv4Address address) => (int)((address.Value * Golden) >> (32 - BucketBits));

    private Resolution Begin(Ipv4Address address, Instant now, ArpOutput asks)
    {
        if (incomplete >= IncompleteMax)
        {
            DropLongestAsked();
        }

        if (!TryAllocate(address, now, out int index))
        {
            counters.Add(NetCounter.ArpTableFull);
            return Resolution.Failed;
        }

        ref Entry entry = ref entries[index];
        entry.State = NeighbourState.Incomplete;
        entry.UsedAt = now;
        incomplete++;
        Ask(ref entry, now, asks);
        return Resolution.Waiting;
    }

    private void Ask(ref Entry entry, Instant now, ArpOutput asks)
    {
        bool alone = entry.State == NeighbourState.Probing && entry.Tries < UnicastTries;
        asks.Request(entry.Address, alone ? entry.Station : MacAddress.Broadcast);
        entry.Tries++;
        entry.Due = now.AddMilliseconds(RetryMilliseconds);
        NextDue = entry.Due < NextDue ? entry.Due : NextDue;
    }

    private void Fail(ref Entry entry, Instant now)
    {
        counters.Add(NetCounter.ArpFailed);
        incomplete -= entry.State == NeighbourState.Incomplete ? 1 : 0;
        entry.State = NeighbourState.Failed;
        entry.Station = default;
        entry.Due = now.AddMilliseconds(FailedMilliseconds);
        waiting.Refuse(ref entry.Waiting);
    }

    private void DropLongestAsked()
    {
        int found = -1;
        for (int i = 0; i < NeighboursMax; i++)
        {
            if (entries[i].State == NeighbourState.Incomplete
                && (found < 0 || entries[i].Tries > entries[found].Tries
                    || (entries[i].Tries == entries[found].Tries && entries[i].Due < entries[found].Due)))
            {
                found = i;
            }
        }

        if (found >= 0)
        {
            Remove(found);
        }
    }

    private bool TryAllocate(Ipv4Address address, Instant now, out int index)
    {
        index = -1;
        var idleSince = new Instant(now.Nanoseconds - (IdleMilliseconds * 1_000_000L));
        for (int i = 0; i < NeighboursMax; i++)
        {
            ref Entry entry = ref entries[i];
            if (entry.State == NeighbourState.Free)
            {
                index = i;
                break;
            }

            bool mayGo = entry.Address != Protected
                && entry.State != NeighbourState.Incomplete
                && (entry.State == NeighbourState.Failed || entry.UsedAt <= idleSince);
            if (mayGo && (index < 0 || entry.UsedAt < entries[index].UsedAt))
            {
                index = i;
            }
        }

        if (index < 0)
        {
            return false;
        }

        if (entries[index].State != NeighbourState.Free)
        {
            Remove(index);
        }

        int bucket = BucketOf(address);
        entries[index] = new Entry { Address = address, Next = buckets[bucket], Waiting = WaitingQueue.Empty };
        buckets[bucket] = (short)index;
        Count++;
        return true;
    }

    private void Remove(int index)
    {
        ref Entry entry = ref entries[index];
        int bucket = BucketOf(entry.Address);
        if (buckets[bucket] == index)
        {
            buckets[bucket] = entry.Next;
        }
        else
        {
            int before = buckets[bucket];
            while (entries[before].Next != index)
            {
                before = entries[before].Next;
            }

            entries[before].Next = entry.Next;
        }

        incomplete -= entry.State == NeighbourState.Incomplete ? 1 : 0;
        waiting.Drop(ref entry.Waiting);
        entry = default;
        last = -1;
        Count--;
    }

    private int Find(Ipv4Address address)
    {
        int index = buckets[BucketOf(address)];
        while (index >= 0 && entries[index].Address != address)
        {
            index = entries[index].Next;
        }

        return index;
    }

    private struct Entry
    {
        internal Ipv4Address Address;
        internal MacAddress Station;
        internal NeighbourState State;
        internal byte Tries;
        internal short Next;
        internal WaitingQueue Waiting;
        internal Instant Due;
        internal Instant UsedAt;
    }
}
