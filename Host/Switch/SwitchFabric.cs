using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Host.Switch;

/// <summary>What happened on one wire. Frames.</summary>
public struct WireCounters
{
    /// <summary>Came from one port and were meant for the other.</summary>
    public long Offered;

    /// <summary>Were handed to the other port.</summary>
    public long Delivered;

    /// <summary>Were lost by lot.</summary>
    public long Lost;

    /// <summary>Met a partition.</summary>
    public long Parted;

    /// <summary>Found the wire's queue full.</summary>
    public long QueueFull;

    /// <summary>Were sent twice.</summary>
    public long Duplicated;

    /// <summary>Had a bit turned over.</summary>
    public long Corrupted;

    /// <summary>Were held back.</summary>
    public long HeldBack;
}

/// <summary>Looks at a frame that has just come in at a port.</summary>
/// <param name="from">The port.</param>
/// <param name="frame">The frame; it is gone when this returns.</param>
/// <returns>False if it is to be lost.</returns>
public delegate bool FrameFilter(SwitchPort from, ReadOnlySpan<byte> frame);

/// <summary>The way from one port to another: its faults and what they need to remember.</summary>
public sealed class Wire
{
    /// <summary>What happened on it.</summary>
    public WireCounters Counters;

    internal ulong Number;
    internal TimeSpan LastDue;
    internal TimeSpan FreeAt;
    internal int Waiting;

    internal Wire(SwitchPort from, SwitchPort to, ulong seed)
    {
        From = from;
        To = to;
        Lots = Fate.WireOf(seed, from.Name, to.Name);
    }

    /// <summary>Where frames come from.</summary>
    public SwitchPort From { get; }

    /// <summary>Where they go.</summary>
    public SwitchPort To { get; }

    /// <summary>What it does to them.</summary>
    public LinkFaults Faults { get; set; } = LinkFaults.None;

    /// <summary>Does a partition lie between the two?</summary>
    public bool IsParted { get; set; }

    internal ulong Lots { get; }
}

/// <summary>
/// The switch without its sockets: takes frames from ports, learns who is where, and hands frames to ports, each by
/// a <see cref="Wire"/> with faults of its own. It has no clock and no randomness; both are arguments. One thread
/// at a time.
/// </summary>
public sealed class SwitchFabric
{
    /// <summary>The longest frame that passes: Ethernet's with room for tags. Longer ones are lost.</summary>
    public const int FrameMax = 2048;

    /// <summary>The shortest frame that passes: two addresses and a type.</summary>
    public const int FrameMin = 14;

    /// <summary>Ports at most. Wires are made for each pair.</summary>
    public const int PortsMax = 64;

    private readonly List<SwitchPort> ports = [];
    private readonly AddressTable stations = new();
    private readonly DelayQueue underway = new();
    private readonly byte[] spoilt = new byte[FrameMax];
    private readonly ulong seed;
    private Wire?[] wires = [];

    /// <summary>A switch without ports.</summary>
    /// <param name="seed">All fates follow from it.</param>
    public SwitchFabric(ulong seed) => this.seed = seed;

    /// <summary>All ports, in the order in which they were added.</summary>
    public IReadOnlyList<SwitchPort> Ports => ports;

    /// <summary>All wires.</summary>
    public IEnumerable<Wire> Wires => wires.OfType<Wire>();

    /// <summary>When the next frame arrives that is on its way; <see cref="TimeSpan.MaxValue"/> when none is.</summary>
    public TimeSpan NextDue => underway.NextDue;

    /// <summary>Frames that are on their way.</summary>
    public int Underway => underway.Count;

    /// <summary>Every frame as it came in, before any fault; or null.</summary>
    public PcapWriter? Capture { get; set; }

    /// <summary>
    /// Chooses frames to lose, by what they are and not by lot; or null. Whatever else it does happens before the frame
    /// has reached anybody.
    /// </summary>
    public FrameFilter? Filter { get; set; }

    /// <summary>Adds a port.</summary>
    /// <exception cref="UserErrorException">There is one of that name, or there are too many.</exception>
    public void Add(SwitchPort port)
    {
        if (ports.Count == PortsMax)
        {
            throw new UserErrorException($"A switch has at most {PortsMax} ports.");
        }

        if (ports.Any(other => other.Name == port.Name))
        {
            throw new UserErrorException($"There are two ports named '{port.Name}'.");
        }

        port.Index = ports.Count;
        ports.Add(port);
        var old = wires;
        var count = ports.Count;
        wires = new Wire?[count * count];
        for (var from = 0; from < count; from++)
        {
            for (var to = 0; to < count; to++)
            {
                var isOld = from < count - 1 && to < count - 1;
                wires[(from * count) + to] = from == to ? null
                    : isOld ? old[(from * (count - 1)) + to]
                    : new Wire(ports[from], ports[to], seed);
            }
        }
    }

    /// <summary>The wire between two ports, by their names.</summary>
    /// <exception cref="UserErrorException">There is no such port.</exception>
    public Wire WireBetween(string from, string to) =>
        Wires.FirstOrDefault(wire => wire.From.Name == from && wire.To.Name == to)
        ?? throw new UserErrorException($"The switch has no wire from '{from}' to '{to}'.");

    /// <summary>Does a frame's worth of switching: one frame came in at a port.</summary>
    public void Receive(SwitchPort port, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        if (frame.Length is < FrameMin or > FrameMax)
        {
            port.Counters.Malformed++;
            return;
        }

        port.Counters.Received++;
        port.Counters.ReceivedBytes += frame.Length;
        Capture?.Write(frame, now);
        port.Capture?.Write(frame, now);
        port.Mirror?.Send(frame);
        if (Filter is { } filter && !filter(port, frame))
        {
            return;
        }

        var destination = ReadAddress(frame);
        var source = ReadAddress(frame[6..]);
        if (port.Learns && !IsGroup(source))
        {
            stations.Learn(source, port.Index, now);
        }

        var known = IsGroup(destination) ? AddressTable.Unknown : stations.Find(destination, now);
        var row = wires.AsSpan(port.Index * ports.Count, ports.Count);
        if (known != AddressTable.Unknown)
        {
            // A station at the same port has heard the frame already.
            if (row[known] is { } wire)
            {
                Offer(wire, frame, now);
            }

            return;
        }

        foreach (var wire in row)
        {
            if (wire is not null)
            {
                Offer(wire, frame, now);
            }
        }
    }

    /// <summary>Hands over every frame that has arrived by now.</summary>
    public void Advance(TimeSpan now)
    {
        while (underway.NextDue <= now)
        {
            var slot = underway.Pop();
            slot.Wire.Waiting--;
            Deliver(slot.Wire, slot.Bytes.AsSpan(0, slot.Length), now);
            underway.Return(slot.Bytes);
        }
    }

    /// <summary>Forgets who is where, as if switched off and on.</summary>
    public void ForgetStations() => stations.Clear();

    private static ulong ReadAddress(ReadOnlySpan<byte> at) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(at) << 32) | BinaryPrimitives.ReadUInt32BigEndian(at[2..]);

    // IEEE 802-2014, section 8.2.2: the lowest bit of the first byte.
    private static bool IsGroup(ulong address) => (address & 0x0100_0000_0000) != 0;

    private static void Turn(Span<byte> frame, int bit) => frame[bit >> 3] ^= (byte)(1 << (bit & 7));

    private void Offer(Wire wire, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        wire.Counters.Offered++;
        var faults = wire.Faults;

        // The frame's number counts on whatever becomes of it, so that a partition does not move later fates.
        var number = wire.Number++;
        if (wire.IsParted)
        {
            wire.Counters.Parted++;
            return;
        }

        if (faults.IsPlain && wire.Waiting == 0)
        {
            Deliver(wire, frame, now);
            return;
        }

        var fate = Fate.Of(faults, wire.Lots, number, frame.Length);
        if (fate.Lost)
        {
            wire.Counters.Lost++;
            return;
        }

        Send(wire, frame, fate, now);
        if (fate.Duplicated)
        {
            wire.Counters.Duplicated++;
            Send(wire, frame, fate with { CorruptedBit = -1, HeldBack = false }, now);
        }
    }

    private void Send(Wire wire, ReadOnlySpan<byte> frame, Fate fate, TimeSpan now)
    {
        var faults = wire.Faults;
        var due = DueOf(wire, frame.Length, fate, now);
        if (due <= now && wire.Waiting == 0)
        {
            if (fate.CorruptedBit < 0)
            {
                Deliver(wire, frame, now);
                return;
            }

            frame.CopyTo(spoilt);
            wire.Counters.Corrupted++;
            Turn(spoilt, fate.CorruptedBit);
            Deliver(wire, spoilt.AsSpan(0, frame.Length), now);
            return;
        }

        if (wire.Waiting >= faults.Queue || underway.Push(frame, due, wire) is not { } copy)
        {
            wire.Counters.QueueFull++;
            return;
        }

        wire.Waiting++;
        wire.FreeAt = faults.BitsPerSecond == 0 ? wire.FreeAt : FreeAfter(wire, frame.Length, now);
        if (fate.HeldBack)
        {
            wire.Counters.HeldBack++;
        }
        else
        {
            wire.LastDue = due;
        }

        if (fate.CorruptedBit >= 0)
        {
            wire.Counters.Corrupted++;
            Turn(copy, fate.CorruptedBit);
        }
    }

    private static TimeSpan DueOf(Wire wire, int length, Fate fate, TimeSpan now)
    {
        var faults = wire.Faults;
        var due = faults.BitsPerSecond == 0 ? now : FreeAfter(wire, length, now);
        due += faults.Delay + (faults.Jitter * fate.Wander);
        if (fate.HeldBack)
        {
            return due + faults.ReorderBy;
        }

        // Nothing overtakes but what was meant to.
        return due > wire.LastDue || wire.Waiting == 0 ? due : wire.LastDue;
    }

    private static TimeSpan FreeAfter(Wire wire, int length, TimeSpan now)
    {
        var from = wire.FreeAt > now ? wire.FreeAt : now;
        return from + TimeSpan.FromTicks(length * 8L * TimeSpan.TicksPerSecond / wire.Faults.BitsPerSecond);
    }

    private static void Deliver(Wire wire, ReadOnlySpan<byte> frame, TimeSpan now)
    {
        var port = wire.To;
        switch (port.Send(frame))
        {
            case Delivery.Taken:
                wire.Counters.Delivered++;
                port.Counters.Sent++;
                port.Counters.SentBytes += frame.Length;
                port.Capture?.Write(frame, now);
                port.Mirror?.Send(frame);
                break;
            case Delivery.QueueFull:
                port.Counters.QueueFull++;
                break;
            default:
                port.Counters.NobodyThere++;
                break;
        }
    }
}
