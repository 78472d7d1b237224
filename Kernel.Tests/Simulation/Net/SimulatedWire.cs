using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What has become of frames.</summary>
internal struct WireCounters
{
    public long Sent;
    public long Delivered;
    public long Lost;
    public long Overflowed;
    public long Duplicated;
    public long Reordered;
    public long Corrupted;
    public long TooLong;

    /// <summary>Damage that no checksum would have noticed: the frame was lost instead.</summary>
    public long Unnoticeable;
}

/// <summary>
/// The wire between all hosts, with a path of its own from each to each. Everything it does comes from one seed.
/// </summary>
internal sealed class SimulatedWire
{
    private readonly List<SimulatedHost> hosts = [];
    private readonly Stack<byte[]> pool = new();
    private readonly Dictionary<(int, int), SimulatedPath> paths = [];
    private readonly WireFrame reader = new();
    private WireCounters counters;
    private bool isPerfect;

    public SimulatedWire(SimulatedTime time, Random random, WireChecker checker)
    {
        Time = time;
        Random = random;
        Checker = checker;
    }

    public SimulatedTime Time { get; }

    public Random Random { get; }

    public WireChecker Checker { get; }

    public WireCounters Counters => counters;

    public IReadOnlyList<SimulatedHost> Hosts => hosts;

    /// <summary>What the paths are that nothing was said about.</summary>
    public LinkScript Script { get; set; } = new();

    public void Add(SimulatedHost host) => hosts.Add(host);

    /// <summary>Makes all paths alike.</summary>
    public void SetAll(LinkScript script)
    {
        Script = script;
        foreach (SimulatedPath path in paths.Values)
        {
            path.Script = script;
        }
    }

    /// <summary>Sets the path from one host to another.</summary>
    public void Set(SimulatedHost from, SimulatedHost to, LinkScript script) => PathOf(from, to).Script = script;

    /// <summary>Suspends all scripts, or lets them go on.</summary>
    public void MakePerfect(bool isSo) => isPerfect = isSo;

    /// <summary>All paths that were used, and what has become of frames.</summary>
    public string Describe()
    {
        StringBuilder text = new();
        foreach (((int from, int to), SimulatedPath path) in paths)
        {
            text.AppendLine($"{from} -> {to}: {path.Script}");
        }

        return text + $"{counters.Sent} frames sent, {counters.Delivered} delivered, {counters.Lost} lost, "
            + $"{counters.Overflowed} overflowed, {counters.Corrupted} corrupted, {counters.Duplicated} doubled, "
            + $"{counters.Reordered} held up, {counters.Unnoticeable} with damage that cannot be noticed";
    }

    /// <summary>A host's card puts a frame on the wire.</summary>
    public void Send(SimulatedHost from, ReadOnlySpan<byte> frame)
    {
        counters.Sent++;
        MacAddress to = MacAddress.Read(frame);
        foreach (SimulatedHost host in hosts)
        {
            if (host != from && (to.IsGroup || host.Address == to))
            {
                Carry(PathOf(from, host), from, host, frame);
            }
        }
    }

    /// <summary>The buffer of a delivered frame is free again.</summary>
    public void Return(byte[] buffer) => pool.Push(buffer);

    /// <summary>Puts a frame into a host's card at once, as somebody else on the wire would.</summary>
    public void Inject(SimulatedHost to, ReadOnlySpan<byte> frame, long delay) => Deliver(to, frame, delay, false);

    private SimulatedPath PathOf(SimulatedHost from, SimulatedHost to)
    {
        if (!paths.TryGetValue((from.Index, to.Index), out SimulatedPath? path))
        {
            path = new SimulatedPath { Script = Script };
            paths.Add((from.Index, to.Index), path);
        }

        return path;
    }

    private void Carry(SimulatedPath path, SimulatedHost from, SimulatedHost to, ReadOnlySpan<byte> frame)
    {
        LinkScript script = path.Script;
        if (isPerfect)
        {
            Deliver(to, frame, script.Delay / 1000, false);
            return;
        }

        if (script.IsDown || path.Loses(Random, Time.Now))
        {
            counters.Lost++;
            return;
        }

        if (script.Mtu < 1500 && frame.Length > script.Mtu + WireFrame.EthernetHeader
            && reader.Read(frame, checkSums: false) is null && reader.IpTotal > script.Mtu)
        {
            counters.TooLong++;
            PassNarrow(path, from, to, frame);
            return;
        }

        CarryWhole(path, to, frame);
    }

    private void CarryWhole(SimulatedPath path, SimulatedHost to, ReadOnlySpan<byte> frame)
    {
        LinkScript script = path.Script;
        if (!path.TryQueue(frame.Length, Time.Now, out long delay))
        {
            counters.Overflowed++;
            return;
        }

        delay += script.Jitter == 0 ? 0 : Random.NextInt64(script.Jitter);
        if (script.Reorder > 0 && Random.NextDouble() < script.Reorder)
        {
            counters.Reordered++;
            delay += Random.NextInt64(script.ReorderDelay);
        }

        if (script.Duplicate > 0 && Random.NextDouble() < script.Duplicate)
        {
            counters.Duplicated++;
            Deliver(to, frame, delay + Random.NextInt64(script.ReorderDelay), false);
        }

        bool spoiled = script.Corrupt > 0 && Random.NextDouble() < script.Corrupt;
        Deliver(to, frame, delay, spoiled);
    }

    private void Deliver(SimulatedHost to, ReadOnlySpan<byte> frame, long delay, bool spoiled)
    {
        byte[] copy = pool.TryPop(out byte[]? free) ? free : new byte[INetworkDevice.FrameMax];
        frame.CopyTo(copy);
        int length = Math.Max(frame.Length, INetworkDevice.FrameMin);
        copy.AsSpan(frame.Length, length - frame.Length).Clear();
        if (spoiled && !Spoil(copy.AsSpan(0, frame.Length)))
        {
            Return(copy);
            return;
        }

        counters.Delivered++;
        Time.At(
            new Instant(Time.Now.Nanoseconds + delay),
            new SimulatedEvent(to, SimulatedHost.FrameArrives, copy, length, spoiled));
    }

    // Ethernet's own check sequence guards the rest; what is left to the checksums is damage in routers and cards.
    private bool Spoil(Span<byte> frame)
    {
        reader.Read(frame, checkSums: false);
        if (reader.Kind is not (WireKind.Tcp or WireKind.Udp or WireKind.Icmp))
        {
            counters.Lost++;
            return false;
        }

        int end = WireFrame.EthernetHeader + reader.IpTotal;
        int flips = Random.Next(4) == 0 ? Random.Next(2, 20) : 1;
        for (int i = 0; i < flips; i++)
        {
            int bit = Random.Next(WireFrame.EthernetHeader * 8, end * 8);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        if (CanNotBeNoticed(frame))
        {
            counters.Unnoticeable++;
            return false;
        }

        counters.Corrupted++;
        return true;
    }

    // Right checksums in spite of it, or none any more: a UDP checksum of zero, or a fragment made of a whole packet.
    private bool CanNotBeNoticed(ReadOnlySpan<byte> frame)
    {
        string? fault = reader.Read(frame);
        return fault is null || (reader.Kind == WireKind.Udp && fault.Contains("without a checksum"));
    }

    // A router in the path with a narrow next hop (RFC 1191, section 4; RFC 791, section 3.2).
    private void PassNarrow(SimulatedPath path, SimulatedHost from, SimulatedHost to, ReadOnlySpan<byte> frame)
    {
        int mtu = path.Script.Mtu;
        if (!reader.DontFragment)
        {
            Cut(path, to, frame, mtu);
        }
        else if (!path.Script.IsBlackHole)
        {
            Span<byte> refusal = stackalloc byte[FrameForge.FrameMax];
            int length = FrameForge.FragmentationNeeded(refusal, frame, mtu);
            Deliver(from, refusal[..length], path.Script.Delay * 2, false);
        }
    }

    private void Cut(SimulatedPath path, SimulatedHost to, ReadOnlySpan<byte> frame, int mtu)
    {
        int header = reader.IpHeader;
        int start = WireFrame.EthernetHeader + header;
        int end = WireFrame.EthernetHeader + reader.IpTotal;
        int step = (mtu - header) & ~7;
        int before = reader.FragmentOffset;
        bool more = reader.MoreFragments;
        byte[] piece = new byte[INetworkDevice.FrameMax];
        for (int at = start; at < end; at += step)
        {
            int length = Math.Min(step, end - at);
            frame[..start].CopyTo(piece);
            frame.Slice(at, length).CopyTo(piece.AsSpan(start));
            Span<byte> ip = piece.AsSpan(WireFrame.EthernetHeader);
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(header + length));
            int place = (before + at - start) / 8 | (more || at + length < end ? 0x2000 : 0);
            BinaryPrimitives.WriteUInt16BigEndian(ip[6..], (ushort)place);
            FrameForge.FixIpChecksum(piece);
            CarryWhole(path, to, piece.AsSpan(0, start + length));
        }
    }
}

/// <summary>One direction between two hosts: its script, and what waits at its narrowest place.</summary>
internal sealed class SimulatedPath
{
    private long busyUntil;
    private long lossUntil;

    public LinkScript Script { get; set; } = new();

    /// <summary>Is the next frame lost?</summary>
    public bool Loses(Random random, Instant now)
    {
        if (now.Nanoseconds < lossUntil)
        {
            return true;
        }

        if (Script.BurstLoss > 0 && random.NextDouble() < Script.BurstLoss)
        {
            lossUntil = now.Nanoseconds + random.NextInt64(Script.BurstTime);
            return true;
        }

        return Script.Loss > 0 && random.NextDouble() < Script.Loss;
    }

    /// <summary>Finds room at the narrowest place, and how long the frame is on its way.</summary>
    public bool TryQueue(int length, Instant now, out long delay)
    {
        delay = Script.Delay;
        if (Script.BitsPerSecond == 0)
        {
            return true;
        }

        long start = Math.Max(busyUntil, now.Nanoseconds);
        long waiting = (start - now.Nanoseconds) * Script.BitsPerSecond / 8_000_000_000;
        if (waiting + length > Script.QueueBytes)
        {
            return false;
        }

        busyUntil = start + (length * 8_000_000_000L / Script.BitsPerSecond);
        delay += busyUntil - now.Nanoseconds;
        return true;
    }
}
