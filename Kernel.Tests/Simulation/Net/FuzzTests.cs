using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Host.Network;
using HaukiOS.Net;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Net.NetLab;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>Millions of wrong frames into a stack that has honest peers as well.</summary>
[TestFixture]
public sealed class FuzzTests
{
    /// <summary>Frames of the short run: a twentieth of what `soak` does.</summary>
    private const int Frames = 500_000;

    [TestCase(1)]
    public void No_frame_breaks_the_stack_or_its_honest_conversations(int seed)
    {
        int asked = AskedSeed ?? seed;
        FuzzField field = new(asked);
        long frames = (long)Frames * Soak;
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            field.Run(frames);
            field.RequireHonestConversationsGoOn();
            field.RequireNothingIsLeft();
        }
        catch (Exception e)
        {
            throw new SimulationFaultException($"seed {asked}, frame {field.Done}: {e}\n{field.Lab.Checker.Report()}");
        }

        TestContext.Out.WriteLine(
            $"{field.Done} frames fuzzed, {field.Lab.Checker.Frames} sent by the stacks, "
            + $"{field.Rounds} honest rounds beside, {watch.Elapsed.TotalSeconds:F1} s; {field.Bounds}");
    }
}

/// <summary>
/// The victim, host 0, talks with an honest host 1, and with hosts 2 and 3 whose frames are seen and mangled on their
/// way. All else that can be forged without seeing host 1's frames is forged, too.
/// </summary>
internal sealed class FuzzField
{
    private const ushort Port = 5000;
    private const int CorpusMax = 256;
    private const int BoundsEvery = 100_000;

    private readonly FrameMutator mutator;
    private readonly List<byte[]> corpus = [];
    private readonly byte[] scratch = new byte[FrameForge.FrameMax];
    private readonly WireFrame reader = new();
    private readonly HonestEcho echo;
    private readonly List<TcpConnection> doomed = [];
    private readonly List<TcpListener> listeners = [];
    private readonly Random random;
    private long memory;
    private uint answerSequence;
    private uint answerAcknowledgment;

    public FuzzField(int seed)
    {
        Lab = new NetLab(seed, 4);
        Lab.Checker.FollowsConversations = false;
        random = Lab.Random;
        mutator = new FrameMutator(random) { LengthMin = 0 };
        foreach (SimulatedHost host in Lab.Hosts)
        {
            host.Watch = frame => Collect(host, frame);
        }

        foreach (SimulatedHost host in new[] { Victim, Lab.Hosts[2], Lab.Hosts[3] })
        {
            TcpListener listener = host.Stack.Tcp.Listen(Port, 8, out _)!;
            listener.Owner = new Doom(this);
            listeners.Add(listener);
        }

        Victim.Stack.Udp.Open(7000, out _);
        Victim.Stack.Icmp.OpenEcho(out _);
        Victim.Stack.RawEthernet.Open(0x88B5, out _);
        echo = new HonestEcho(Lab, Lab.Hosts[1], Victim);
    }

    public NetLab Lab { get; }

    public long Done { get; private set; }

    public int Rounds => echo.Rounds;

    public string Bounds { get; private set; } = "";

    private SimulatedHost Victim => Lab.A;

    public void Run(long frames)
    {
        while (Done < frames)
        {
            if (random.Next(200) == 0)
            {
                StartDoomed();
            }

            for (int batch = random.Next(1, 12); batch > 0; batch--)
            {
                Attack();
            }

            Victim.Pump();
            Lab.Run(random.NextInt64(100_000));
        }

        CheckBounds();
    }

    public void RequireHonestConversationsGoOn()
    {
        // A neighbour's entry that was forged is asked for again within this time.
        int before = echo.Rounds;
        bool goesOn = Lab.RunUntil(() => echo.Rounds >= before + 20, 120 * Second);
        Lab.Require(goesOn, $"the honest conversation stands still after {before} rounds: {echo}");
        HonestEcho again = new(Lab, Lab.Hosts[1], Victim, 6001);
        Lab.Require(
            Lab.RunUntil(() => again.Rounds >= 20, 120 * Second), $"a new honest conversation fails: {again}");
        echo.IsStopped = again.IsStopped = true;
    }

    /// <summary>Some time after the last wrong frame only the honest conversations are left.</summary>
    public void RequireNothingIsLeft()
    {
        foreach (TcpConnection connection in doomed)
        {
            connection.Close(Lab.Time.Now);
        }

        foreach (TcpListener listener in listeners)
        {
            listener.Close(Lab.Time.Now);
        }

        foreach (SimulatedHost host in Lab.Hosts)
        {
            host.Pump();
        }

        Lab.Run(20 * 60 * Second);
        TcpLayer tcp = Victim.Stack.Tcp;
        List<string> left = [];
        for (int i = 0; i < tcp.ConnectionCount; i++)
        {
            TcpConnection one = tcp.ConnectionAt(i);
            if (one.Remote.Address != Lab.Hosts[1].Ip)
            {
                left.Add($"{one.Local} {one.Remote} {one.State} {one.Error} {one.SendPending}");
            }
        }

        Lab.Require(left.Count == 0, $"{left.Count} connections are left: {string.Join("; ", left.Take(5))}");
    }

    private void Attack()
    {
        int length = random.Next(8) switch
        {
            0 => Put(Forge()),
            1 => mutator.Mutate(scratch, Put(Forge())),
            2 => Replay(),
            _ => mutator.Mutate(scratch, Replay()),
        };
        Span<byte> frame = scratch.AsSpan(0, length);
        if (IsTheft(frame))
        {
            return;
        }

        Lab.Checker.OnDelivered(Victim, frame, Lab.Time.Now);
        Victim.Stack.OnFrame(frame, Lab.Time.Now);
        if (++Done % BoundsEvery == 0)
        {
            CheckBounds();
        }
    }

    private int Put(byte[] frame)
    {
        int length = Math.Min(frame.Length, scratch.Length);
        frame.AsSpan(0, length).CopyTo(scratch);
        return length;
    }

    private int Replay()
    {
        return corpus.Count == 0 ? Put(Forge()) : Put(corpus[random.Next(corpus.Count)]);
    }

    // Keeps what hosts 2 and 3 and the victim say to each other, the newest of it.
    private void Collect(SimulatedHost from, WireFrame frame)
    {
        bool seen = from.Index >= 2 || (from == Victim && frame.To != Lab.Hosts[1].Ip.Value);
        if (!seen || frame.Kind == WireKind.Other || from.LastSent.Length == 0)
        {
            return;
        }

        byte[] bytes = from.LastSent.ToArray();
        if (from == Victim)
        {
            // Turned around, it quotes numbers that are right now.
            if (frame.Kind != WireKind.Tcp)
            {
                return;
            }

            answerSequence = frame.Acknowledgment;
            answerAcknowledgment = frame.Sequence + (uint)frame.SequenceLength;
            bytes = Quote(frame, bytes);
        }

        if (corpus.Count < CorpusMax)
        {
            corpus.Add(bytes);
        }
        else
        {
            corpus[random.Next(CorpusMax)] = bytes;
        }
    }

    private byte[] Quote(WireFrame frame, byte[] bytes)
    {
        SimulatedHost speaker = Lab.Hosts[2 + random.Next(2)];
        Station from = StationOf(speaker);
        if (random.Next(2) == 0)
        {
            int[] types = [3, 3, 3, 4, 11, 12];
            ReadOnlySpan<byte> quoted = bytes.AsSpan(14, Math.Min(bytes.Length - 14, 28 + random.Next(40)));
            return FrameForge.Icmp(
                from, StationOf(Victim), types[random.Next(types.Length)], random.Next(16),
                (uint)random.Next(1600), quoted);
        }

        byte[] payload = new byte[random.Next(200)];
        random.NextBytes(payload);
        WireFlags[] flags = [WireFlags.Ack, WireFlags.Ack | WireFlags.Fin, WireFlags.Rst, WireFlags.Syn];
        return FrameForge.Tcp(
            new Station(from.Mac, new Ipv4Address(frame.To)), StationOf(Victim),
            new ForgedSegment(
                frame.ToPort, frame.FromPort, answerSequence, answerAcknowledgment,
                flags[random.Next(flags.Length)], random.Next(65536))
            {
                Payload = payload,
            });
    }

    private static Station StationOf(SimulatedHost host) => new(host.Address, host.Ip);

    private byte[] Forge()
    {
        Station stranger = new(
            new MacAddress(0x02_00_00_00_AA_00UL + (ulong)random.Next(256)),
            Ipv4Address.Of(10, 0, 0, (byte)random.Next(50, 250)));
        Station honest = StationOf(Lab.Hosts[1]);
        Station victim = StationOf(Victim);
        byte[] payload = new byte[random.Next(random.Next(5) == 0 ? 1400 : 64)];
        random.NextBytes(payload);
        switch (random.Next(10))
        {
            case 0:
                MacAddress to = random.Next(2) == 0 ? MacAddress.Broadcast : victim.Mac;
                return FrameForge.Arp(stranger, to, random.Next(1, 3), victim.Mac, victim.Ip);
            case 1:
                return FrameForge.Udp(stranger, victim, (ushort)random.Next(65536), 7000, payload);
            case 2:
                return FrameForge.Udp(stranger, victim, 67, 68, DhcpReply(payload));
            case 3:
                int word = (random.Next(3) == 0 ? 0 : 0x2000) | random.Next(20);
                int number = random.Next(40);
                return FrameForge.Packet(stranger, victim, random.Next(2) == 0 ? 17 : 6, payload, word, number);
            case 4:
                return FrameForge.Icmp(stranger, victim, random.Next(20), random.Next(4), (uint)random.Next(), payload);
            case 5:
                return FrameForge.Frame(stranger.Mac, victim.Mac, (ushort)random.Next(65536), payload);
            case 6:
                // Blind, in the name of the honest peer: ports are known, numbers are not.
                return FrameForge.Tcp(honest, victim, Segment(payload, echo.Port, echo.PeerPort));
            case 7:
                byte[] guess = FrameForge.Tcp(victim, honest, Segment(payload, echo.PeerPort, echo.Port));
                return FrameForge.Icmp(
                    stranger, victim, 3, random.Next(6), (uint)random.Next(1600), guess.AsSpan(14, 28));
            default:
                return FrameForge.Tcp(stranger, victim, Segment(payload, (ushort)random.Next(65536), Port));
        }
    }

    private ForgedSegment Segment(byte[] payload, ushort from, ushort to)
    {
        WireFlags[] flags =
        [
            WireFlags.Syn, WireFlags.Syn, WireFlags.Ack, WireFlags.Rst, WireFlags.Rst | WireFlags.Ack,
            WireFlags.Syn | WireFlags.Ack, WireFlags.Fin | WireFlags.Ack, WireFlags.Psh | WireFlags.Ack,
        ];
        WireFlags flag = flags[random.Next(flags.Length)];
        byte[][] options = [[], FrameForge.Mss(random.Next(65536)), FrameForge.Scale(random.Next(256)), []];
        return new ForgedSegment(
            from, to, (uint)random.NextInt64(1L << 32), (uint)random.NextInt64(1L << 32), flag, random.Next(65536))
        {
            Payload = (flag & WireFlags.Rst) != 0 ? [] : payload,
            Options = FrameForge.Join(options[random.Next(4)], FrameForge.Stamps((uint)random.Next(), 0)),
        };
    }

    private byte[] DhcpReply(byte[] noise)
    {
        byte[] message = new byte[300 + noise.Length];
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        random.NextBytes(message.AsSpan(4, 4));
        message[236] = 0x63;
        message[237] = 0x82;
        message[238] = 0x53;
        message[239] = 0x63;
        message[240] = 53;
        message[241] = 1;
        message[242] = (byte)random.Next(9);
        noise.CopyTo(message, 243);
        return message;
    }

    // On one wire nobody can stop a thief of addresses; that is another test's concern.
    private bool IsTheft(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 42 || frame[12] != 8 || frame[13] != 6)
        {
            return false;
        }

        Ipv4Address claimed = Ipv4Address.Read(frame[28..]);
        return claimed == Victim.Ip || claimed == Lab.Hosts[1].Ip;
    }

    private void StartDoomed()
    {
        SimulatedHost other = Lab.Hosts[2 + random.Next(2)];
        SimulatedHost from = random.Next(2) == 0 ? Victim : other;
        SimulatedHost to = from == Victim ? other : Victim;
        TcpConnection? one = from.Stack.Tcp.Connect(new Endpoint(to.Ip, Port), Lab.Time.Now, out _);
        if (one is not null)
        {
            Keep(one);
        }

        from.Pump();
    }

    private void Keep(TcpConnection connection)
    {
        connection.KeepAliveMilliseconds = 1000;
        doomed.Add(connection);
        connection.Owner = new Mangled();
        if (doomed.Count > 24)
        {
            End(doomed[0]);
            doomed.RemoveAt(0);
        }
    }

    private void End(TcpConnection connection)
    {
        Instant now = Lab.Time.Now;
        switch (random.Next(4))
        {
            case 0:
                connection.Abort(now);
                break;
            case 1:
                connection.Shutdown(now);
                break;
            default:
                connection.Close(now);
                break;
        }
    }

    private void CheckBounds()
    {
        TcpLayer tcp = Victim.Stack.Tcp;
        int graph = StateGraph.Save(Victim.Stack, StateGraph.Outsiders(Victim.Stack)).Bytes.Length;
        long total = GC.GetTotalMemory(true);
        memory = memory == 0 ? total : memory;
        Bounds = $"{tcp.ConnectionCount} connections, {tcp.BufferBytes} bytes of rings, {Victim.Stack.Arp.Count} "
            + $"neighbours, state of {graph / 1024} KiB, memory moved by {(total - memory) / 1024} KiB";
        Lab.Require(total - memory < 24 << 20, $"memory grows: {Bounds}");
    }

    private sealed class Doom(FuzzField field) : ISocketOwner
    {
        public void OnSocketReady(NetSocket socket, Instant now)
        {
            while (((TcpListener)socket).Accept() is { } connection)
            {
                // Some wait for good, so that listeners fill up.
                field.Keep(connection);
                connection.Owner!.OnSocketReady(connection, now);
            }
        }
    }

    // Sends what it can and reads what comes, whatever it is.
    private sealed class Mangled : ISocketOwner
    {
        private int turns;

        public void OnSocketReady(NetSocket socket, Instant now)
        {
            TcpConnection connection = (TcpConnection)socket;
            if (turns++ % 3 != 0)
            {
                connection.Consume(connection.Peek().Length, now);
            }

            if (connection.SendPending < 4000 && turns < 200)
            {
                connection.Send(Pattern.At(turns, 0, 700), now);
            }

            if (connection.IsReceiveClosed || connection.Error != SocketError.None)
            {
                connection.Close(now);
            }
        }
    }
}
