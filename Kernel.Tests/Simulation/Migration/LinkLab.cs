using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>What a wire does to the frames of a link. The default is a perfect one.</summary>
internal sealed record WireScript
{
    public double Loss { get; init; }

    public double Duplicate { get; init; }

    public double Corrupt { get; init; }

    public double Truncate { get; init; }

    public double Reorder { get; init; }

    /// <summary>How long an overtaken frame is held up, at most, in microseconds.</summary>
    public int HoldUp { get; init; } = 3000;

    /// <summary>Microseconds on the way.</summary>
    public int Delay { get; init; } = 100;

    /// <summary>Nanoseconds for each byte; 80 is 100 Mbit/s.</summary>
    public int ByteTime { get; init; } = 80;

    /// <summary>Frames that fit into the receiving card; what comes beyond is lost.</summary>
    public int Ring { get; init; } = 128;

    /// <summary>How often the loop over there looks at its card, in microseconds.</summary>
    public int Turn { get; init; } = 50;

    public override string ToString() =>
        $"loss {Loss:P0} dup {Duplicate:P0} corrupt {Corrupt:P0} cut {Truncate:P0} reorder {Reorder:P0}, {HoldUp} us, "
        + $"{Delay} us, {ByteTime} ns/byte, ring {Ring}, turn {Turn} us";
}

/// <summary>One machine: its link, its card's ring, and what it sends and expects.</summary>
internal sealed class LinkEnd : IDisposable
{
    private readonly Queue<byte[]> ring = new();
    private readonly byte[] room = new byte[INetworkDevice.FrameMax];

    public LinkEnd(LinkSettings settings, Instant now)
    {
        Settings = settings;
        Memory = new LinkMemory(Dma);
        Link = new PacketLink(Memory, settings, now);
    }

    public LinkDma Dma { get; } = new();

    public LinkMemory Memory { get; }

    public LinkSettings Settings { get; }

    public PacketLink Link { get; }

    public WireScript Wire { get; set; } = new();

    /// <summary>Does nothing, as a machine that is switched off.</summary>
    public bool IsOff { get; set; }

    /// <summary>Takes no records from the link.</summary>
    public bool IsFull { get; set; }

    public long BusyUntil { get; set; }

    public long NextTurn { get; set; }

    public int Overflowed { get; private set; }

    /// <summary>Lengths of the records that are still to be sent; their bytes follow from their place.</summary>
    public Queue<int> ToSend { get; } = new();

    public uint SentRecords { get; private set; }

    public uint ReceivedRecords { get; private set; }

    public long ReceivedBytes { get; private set; }

    /// <summary>Every frame that was sent.</summary>
    public List<byte[]>? Log { get; set; }

    public void Arrive(byte[] frame)
    {
        if (IsOff || ring.Count >= Wire.Ring)
        {
            Overflowed++;
            return;
        }

        ring.Enqueue(frame);
    }

    public void Turn(Instant now, Action<byte[]> send)
    {
        if (IsOff)
        {
            return;
        }

        while (ring.TryDequeue(out byte[]? frame))
        {
            Assert.That(Link.TryTake(frame, now), Is.True);
        }

        while (!IsFull && Link.TryReceive(out ReadOnlySpan<byte> record))
        {
            LinkLab.Check(record, ReceivedRecords);
            ReceivedRecords++;
            ReceivedBytes += record.Length;
        }

        Fill();
        if (Link.TryGetNextDue(out Instant due) && due <= now)
        {
            Link.Advance(now);
        }

        for (int length = Link.Transmit(room, now); length > 0; length = Link.Transmit(room, now))
        {
            byte[] frame = new byte[Math.Max(length, INetworkDevice.FrameMin)];
            room.AsSpan(0, length).CopyTo(frame);
            Log?.Add(frame);
            send(frame);
            Fill();
        }
    }

    public void Dispose()
    {
        Link.Dispose();
        Dma.Dispose();
    }

    private void Fill()
    {
        Span<byte> record = stackalloc byte[PacketLink.RecordMax];
        while (ToSend.TryPeek(out int length))
        {
            LinkLab.Write(record[..length], SentRecords);
            if (!Link.TrySend(record[..length]))
            {
                return;
            }

            ToSend.Dequeue();
            SentRecords++;
            if (ToSend.Count == 0)
            {
                Link.Flush();
            }
        }
    }
}

/// <summary>Two links and the wire between them. Everything comes from one seed.</summary>
internal sealed class LinkLab : IDisposable
{
    private readonly PriorityQueue<(LinkEnd, byte[]), (long, long)> onTheWay = new();
    private long order;

    public LinkLab(int seed, int capacityOfA = 64 * 1514, int capacityOfB = 64 * 1514, int keepAlive = 500)
    {
        Random = new Random(seed);
        byte[] there = new byte[32], back = new byte[32];
        Random.NextBytes(there);
        Random.NextBytes(back);
        ulong session = (ulong)Random.NextInt64();
        var a = new MacAddress(0x02_00_00_00_00_0A);
        var b = new MacAddress(0x02_00_00_00_00_0B);
        A = new LinkEnd(
            new LinkSettings
            {
                Session = session, IsSource = true, SendKey = there, ReceiveKey = back, Self = a, Peer = b,
                PeerReceiveCapacity = capacityOfB, KeepAliveMilliseconds = keepAlive,
            },
            Now);
        B = new LinkEnd(
            new LinkSettings
            {
                Session = session, IsSource = false, SendKey = back, ReceiveKey = there, Self = b, Peer = a,
                PeerReceiveCapacity = capacityOfA, KeepAliveMilliseconds = keepAlive,
            },
            Now);
    }

    public Random Random { get; }

    public LinkEnd A { get; }

    public LinkEnd B { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    /// <summary>Frames that were lost, spoiled or cut.</summary>
    public int Harmed { get; private set; }

    /// <summary>Both wires alike.</summary>
    public WireScript Wire
    {
        set => (A.Wire, B.Wire) = (value, value);
    }

    public static void Write(Span<byte> record, uint index)
    {
        uint state = (index * 2654435761) + 12345;
        for (int i = 0; i < record.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            record[i] = (byte)(state >> 24);
        }
    }

    public static void Check(ReadOnlySpan<byte> record, uint index)
    {
        byte[] expected = new byte[record.Length];
        Write(expected, index);
        if (!record.SequenceEqual(expected))
        {
            Assert.Fail($"record {index}, {record.Length} bytes, is not what was sent");
        }
    }

    /// <summary>Lets time pass until <paramref name="done"/> says so.</summary>
    public void RunUntil(Func<bool> done, int milliseconds = 600_000)
    {
        long end = Now.AddMilliseconds(milliseconds).Nanoseconds;
        while (!done())
        {
            Assert.That(Now.Nanoseconds, Is.LessThan(end), "it takes too long: " + Describe());
            Step();
        }
    }

    public void Run(int milliseconds)
    {
        long end = Now.AddMilliseconds(milliseconds).Nanoseconds;
        RunUntil(() => Now.Nanoseconds >= end, milliseconds + 1);
    }

    public bool IsAllThere() =>
        A.ToSend.Count == 0 && B.ToSend.Count == 0 && A.Link.IsDrained && B.Link.IsDrained
        && A.SentRecords == B.ReceivedRecords && B.SentRecords == A.ReceivedRecords;

    public string Describe()
    {
        static string End(string name, LinkEnd end)
        {
            LinkFigures f = end.Link.Figures;
            return $"{name}: {end.Link.State} {end.SentRecords} records sent, {end.ReceivedRecords} received; "
                + $"{f.PacketsSent} frames, {f.Retransmissions} again, {f.Timeouts} silences, "
                + $"{f.Duplicates} twice, {f.Forged} forged, {f.Replayed} replayed, {f.Malformed} malformed, "
                + $"{end.Overflowed} overflowed, rtt {f.RoundTripMicroseconds} us, {f.BytesPerSecond} B/s, "
                + $"window {f.Window}; ";
        }

        return End("A", A) + End("B", B) + $"{Harmed} harmed; A's wire: {A.Wire}; B's: {B.Wire}";
    }

    public void Inject(LinkEnd to, byte[] frame) =>
        onTheWay.Enqueue((to, frame), (Now.Nanoseconds + 1000, order++));

    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }

    private void Step()
    {
        LinkEnd next = A.NextTurn <= B.NextTurn ? A : B;
        long at = Math.Max(next.NextTurn, Now.Nanoseconds);
        if (onTheWay.TryPeek(out (LinkEnd End, byte[] Frame) arrival, out (long Time, long) when) && when.Time <= at)
        {
            onTheWay.Dequeue();
            Now = new Instant(Math.Max(when.Time, Now.Nanoseconds));
            arrival.End.Arrive(arrival.Frame);
            return;
        }

        Now = new Instant(at);
        next.NextTurn = at + (next.Wire.Turn * 1000L);
        LinkEnd other = next == A ? B : A;
        next.Turn(Now, frame => Carry(next, other, frame));
    }

    private bool Happens(double chance) => chance > 0 && Random.NextDouble() < chance;

    private void Carry(LinkEnd from, LinkEnd to, byte[] frame)
    {
        WireScript wire = to.Wire;
        from.BusyUntil = Math.Max(from.BusyUntil, Now.Nanoseconds) + (frame.Length * (long)wire.ByteTime);
        if (Happens(wire.Loss))
        {
            Harmed++;
            return;
        }

        long arrival = from.BusyUntil + (wire.Delay * 1000L);
        if (Happens(wire.Duplicate))
        {
            onTheWay.Enqueue((to, frame), (arrival + (Random.Next(wire.HoldUp) * 1000L), order++));
        }

        arrival += Happens(wire.Reorder) ? Random.Next(wire.HoldUp) * 1000L : 0;
        if (Happens(wire.Corrupt))
        {
            Harmed++;
            frame = (byte[])frame.Clone();
            int from34 = Random.Next(LinkFrames.NumberAt * 8, frame.Length * 8);
            frame[from34 / 8] ^= (byte)(1 << (from34 % 8));
        }

        if (Happens(wire.Truncate))
        {
            Harmed++;
            frame = frame[..Random.Next(LinkFrames.ContentStart, frame.Length)];
        }

        onTheWay.Enqueue((to, frame), (arrival, order++));
    }
}
