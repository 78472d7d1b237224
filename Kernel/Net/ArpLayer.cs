using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>What is known about a neighbour.</summary>
public enum NeighbourState
{
    /// <summary>Nobody.</summary>
    Free,

    /// <summary>Asked for; no answer yet.</summary>
    Incomplete,

    /// <summary>It answered not long ago.</summary>
    Reachable,

    /// <summary>It answered once; it is used, and asked again when next used.</summary>
    Stale,

    /// <summary>It is being asked again while its old address is used.</summary>
    Probing,

    /// <summary>It did not answer.</summary>
    Failed,
}

/// <summary>One neighbour, for people.</summary>
public readonly record struct Neighbour(Ipv4Address Address, MacAddress Station, NeighbourState State);

/// <summary>Address resolution (RFC 826) and the guard over our own address (RFC 5227).</summary>
public sealed class ArpLayer
{
    private readonly NetworkCounters counters;
    private readonly ArpOutput output;
    private readonly AddressGuard guard;
    private readonly NeighbourTable table;
    private readonly WaitingFrames waiting;
    private Instant lastSeen;

    internal ArpLayer(NetworkCounters counters, KeyedHash hash)
    {
        this.counters = counters;
        output = new ArpOutput(counters);
        waiting = new WaitingFrames(counters);
        table = new NeighbourTable(counters, waiting);
        guard = new AddressGuard(counters, hash, output);
    }

    /// <summary>Neighbours known or asked for.</summary>
    public int Count => table.Count;

    /// <summary>Where our own address is on its way to being used.</summary>
    public AddressState State => guard.State;

    /// <summary>Who else uses, or wanted, our address; zero: nobody.</summary>
    public MacAddress ConflictWith => guard.ConflictWith;

    internal AddressGuard Guard => guard;

    internal NeighbourTable Table => table;

    internal WaitingFrames Waiting => waiting;

    /// <summary>Neighbour number <paramref name="index"/> of <see cref="Count"/>.</summary>
    public Neighbour NeighbourAt(int index) => table.At(index, lastSeen);

    /// <summary>Tells everybody our address, as after a move (RFC 5227, section 2.3).</summary>
    public void Announce(Instant now) => guard.Announce(now);

    /// <summary>Forgets every neighbour.</summary>
    public void Flush() => table.Clear();

    /// <summary>Takes one message.</summary>
    internal void Receive(ReadOnlySpan<byte> payload, MacAddress ownStation, Instant now)
    {
        counters.Add(NetCounter.ArpIn);
        lastSeen = now;
        if (!ArpPacket.TryDecode(payload, out ArpPacket packet))
        {
            counters.Add(NetCounter.ArpBad);
            return;
        }

        // Our own broadcast that came back from the wire.
        if (packet.SenderStation == ownStation || !guard.Watch(packet, now))
        {
            return;
        }

        Ipv4Address own = guard.InUse;
        bool isForUs = own != Ipv4Address.Any && packet.Target == own;
        if (packet.Sender != Ipv4Address.Any
            && !table.Learn(packet.Sender, packet.SenderStation, packet.IsRequest && isForUs, now)
            && !packet.IsRequest)
        {
            counters.Add(NetCounter.ArpUnasked);
        }

        if (packet.IsRequest && isForUs)
        {
            output.Reply(packet.Sender, packet.SenderStation);
        }
    }

    internal Resolution Resolve(Ipv4Address neighbour, Instant now, out MacAddress station) =>
        table.Resolve(neighbour, now, out station, output);

    internal void Advance(Instant now)
    {
        lastSeen = now;
        table.Advance(now, output);
        guard.Advance(now);
    }

    internal Instant NextDue => table.NextDue < guard.NextDue ? table.NextDue : guard.NextDue;

    /// <summary>Writes the next message as a whole frame; 0: there is none.</summary>
    internal int Transmit(Span<byte> frame, MacAddress ownStation)
    {
        if (!output.TryTake(ownStation, guard.InUse, out ArpPacket packet, out MacAddress to))
        {
            return 0;
        }

        EthernetFrame.WriteHeader(frame, to, ownStation, EtherType.Arp);
        packet.Write(frame[EtherType.HeaderLength..]);
        counters.Add(NetCounter.ArpOut);
        return EtherType.HeaderLength + ArpPacket.Length;
    }
}
