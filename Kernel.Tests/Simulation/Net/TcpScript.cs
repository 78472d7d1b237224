using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>A segment that the stack has sent: numbers relative to the two initial sequence numbers.</summary>
internal sealed record SentSegment(
    Instant When, WireFlags Flags, int Sequence, int Acknowledgment, int Window, int Length)
{
    public int Mss { get; init; }

    public int Scale { get; init; } = -1;

    public bool SackPermitted { get; init; }

    public bool HasStamps { get; init; }

    public uint StampValue { get; init; }

    public uint StampEcho { get; init; }

    public (int Left, int Right)[] Sacks { get; init; } = [];

    public bool DontFragment { get; init; }

    public ushort FromPort { get; init; }

    /// <summary>The sequence number as it was on the wire.</summary>
    public uint RawSequence { get; init; }

    /// <summary>The acknowledgment number as it was on the wire.</summary>
    public uint RawAcknowledgment { get; init; }

    public bool Is(WireFlags flags) => Flags == flags;

    public bool Has(WireFlags flag) => (Flags & flag) != 0;

    /// <inheritdoc/>
    public override string ToString() =>
        $"{When.Nanoseconds / 1_000_000} ms [{Flags}] {Sequence}+{Length} ack {Acknowledgment} win {Window} "
        + string.Join(",", Sacks);
}

/// <summary>
/// One stack, and a peer that is played by the test, segment by segment: for rules that say what is to be answered to
/// what, and when. Sequence numbers are relative: the SYN of each side is 0, its first byte 1.
/// </summary>
internal sealed class TcpScript
{
    public const ushort Port = 80;
    public const ushort PeerPort = 40_000;
    public const int PeerWindow = 60_000;

    private readonly byte[] room = new byte[FrameForge.FrameMax];
    private readonly Queue<SentSegment> sent = new();
    private readonly WireFrame reader = new();
    private int unsent;

    public TcpScript(int seed = 1, uint peerInitial = 1_000_000)
    {
        PeerInitial = peerInitial;
        byte[] secret = new byte[NetworkStack.SecretLength];
        new Random(seed).NextBytes(secret);
        Stack = new NetworkStack(Us.Mac, secret);
        Stack.Configure(
            new InterfaceConfiguration(Us.Ip, 24, FrameForge.Router.Ip), Now, probe: false);
        Pull();
        Other.Clear();
    }

    public static Station Us => new(new MacAddress(0x02_00_00_00_00_01), Ipv4Address.Of(10, 0, 0, 1));

    public static Station Peer => new(new MacAddress(0x02_00_00_00_00_02), Ipv4Address.Of(10, 0, 0, 2));

    public NetworkStack Stack { get; set; }

    public Instant Now { get; private set; } = new(5_000_000_000);

    public uint PeerInitial { get; set; }

    public uint OurInitial { get; set; }

    public ushort OurPort { get; set; } = Port;

    public ushort ThePeerPort { get; set; } = PeerPort;

    /// <summary>Shift of the peer's window field, as agreed.</summary>
    public int PeerScale { get; set; }

    /// <summary>Timestamp that the peer's segments carry; null: none.</summary>
    public uint? PeerStamp { get; set; }

    /// <summary>The last timestamp of ours, which the peer's segments echo.</summary>
    public uint OurStamp { get; private set; }

    /// <summary>Frames sent that were no TCP segments to the peer.</summary>
    public List<(WireKind Kind, byte[] Frame)> Other { get; } = [];

    /// <summary>The connection, once <see cref="Open"/> or <see cref="Connect"/> has made it.</summary>
    public TcpConnection Connection { get; private set; } = null!;

    /// <summary>Listens at <see cref="Port"/>.</summary>
    public TcpListener Listen(int backlog = 8)
    {
        TcpListener? listener = Stack.Tcp.Listen(Port, backlog, out SocketError error);
        Assert.That(error, Is.EqualTo(SocketError.None));
        return listener!;
    }

    /// <summary>The peer opens a connection to a listener.</summary>
    public TcpConnection Open(byte[]? options = null, TcpListener? listener = null, int window = PeerWindow)
    {
        listener ??= Listen();
        Syn(options, window);
        SentSegment answer = Next();
        Assert.That(answer.Flags, Is.EqualTo(WireFlags.Syn | WireFlags.Ack));
        In(WireFlags.Ack, 1, 1, window: window >> PeerScale);
        TcpConnection? connection = listener.Accept();
        Assert.That(connection, Is.Not.Null, "nothing to accept after the handshake");
        Assert.That(connection!.State, Is.EqualTo(TcpState.Established));
        return Connection = connection;
    }

    /// <summary>The peer's SYN.</summary>
    public void Syn(byte[]? options = null, int window = PeerWindow)
    {
        options ??= FrameForge.Mss(1460);
        Deliver(new ForgedSegment(ThePeerPort, OurPort, PeerInitial, 0, WireFlags.Syn, window) { Options = options });
    }

    /// <summary>The stack opens a connection to the peer: its SYN is the next segment.</summary>
    public TcpConnection Call()
    {
        TcpConnection? connection =
            Stack.Tcp.Connect(new Endpoint(Peer.Ip, Port), Now, out SocketError error);
        Assert.That(error, Is.EqualTo(SocketError.None));
        Connection = connection!;
        OurPort = connection!.Local.Port;
        ThePeerPort = Port;
        Pull();
        return connection;
    }

    /// <summary>The stack opens a connection, and the peer lets it.</summary>
    public TcpConnection Connect(byte[]? options = null, int window = PeerWindow)
    {
        TcpConnection connection = Call();
        SentSegment syn = Next();
        Assert.That(syn.Flags, Is.EqualTo(WireFlags.Syn));
        Deliver(new ForgedSegment(
            ThePeerPort, OurPort, PeerInitial, OurInitial + 1, WireFlags.Syn | WireFlags.Ack, window)
        {
            Options = options ?? FrameForge.Mss(1460),
        });
        Assert.That(Next().Flags, Is.EqualTo(WireFlags.Ack));
        Assert.That(connection.State, Is.EqualTo(TcpState.Established));
        return connection;
    }

    /// <summary>A segment of the peer.</summary>
    public void In(
        WireFlags flags, int sequence, int acknowledgment, int length = 0, int window = PeerWindow,
        byte[]? options = null)
    {
        byte[] payload = new byte[length];
        Pattern.Write(1, sequence, payload);
        byte[] stamps = PeerStamp is { } stamp && options is null ? FrameForge.Stamps(stamp, OurStamp) : [];
        uint number = (flags & WireFlags.Ack) != 0 ? OurInitial + (uint)acknowledgment : 0;
        Deliver(new ForgedSegment(ThePeerPort, OurPort, PeerInitial + (uint)sequence, number, flags, window)
        {
            Options = options ?? stamps,
            Payload = payload,
        });
    }

    /// <summary>A segment of the peer as it is.</summary>
    public void Deliver(in ForgedSegment segment) => DeliverFrame(FrameForge.Tcp(Peer, Us, segment));

    /// <summary>Any frame.</summary>
    public void DeliverFrame(byte[] frame)
    {
        Stack.OnFrame(frame, Now);
        Pull();
    }

    /// <summary>Does something to the stack, and takes what it sends then.</summary>
    public void Do(Action<Instant> act)
    {
        act(Now);
        Pull();
    }

    /// <summary>Hands bytes over for sending: at once as far as there is room, the rest when there is.</summary>
    public void Send(int length)
    {
        unsent += length;
        Pull();
    }

    /// <summary>Reads so many bytes, which must be there.</summary>
    public void Read(int length)
    {
        byte[] data = new byte[length];
        int done = 0;
        while (done < length)
        {
            int got = Connection.Receive(data.AsSpan(done), Now);
            Assert.That(got, Is.GreaterThan(0), $"{done} of {length} bytes could be read");
            done += got;
        }

        Pull();
    }

    /// <summary>Lets time pass; the stack does what is due at its moments.</summary>
    public void Wait(long milliseconds)
    {
        Instant end = Now.AddMilliseconds(milliseconds);
        for (int turn = 0; Stack.TryGetNextDue(out Instant due) && due <= end; turn++)
        {
            Assert.That(turn, Is.LessThan(200_000), "something is due again and again");
            Now = due > Now ? due : Now;
            Stack.Advance(Now);
            Pull();
        }

        Now = end;
        Stack.Advance(Now);
        Pull();
    }

    /// <summary>The next segment that was sent.</summary>
    public SentSegment Next()
    {
        Assert.That(sent, Is.Not.Empty, "nothing was sent");
        return sent.Dequeue();
    }

    /// <summary>All segments sent that nobody has looked at.</summary>
    public List<SentSegment> All()
    {
        List<SentSegment> all = [.. sent];
        sent.Clear();
        return all;
    }

    /// <summary>Nothing was sent, or nothing more.</summary>
    public void NoMore() => Assert.That(sent, Is.Empty, string.Join("; ", sent));

    /// <summary>Takes what the stack has to send, and answers ARP.</summary>
    public void Pull()
    {
        while (unsent > 0 && Connection.Send(new byte[Math.Min(unsent, 10_000)], Now) is > 0 and int taken)
        {
            unsent -= taken;
        }

        while (Stack.Transmit(room, Now) is > 0 and int length)
        {
            ReadOnlySpan<byte> frame = room.AsSpan(0, length);
            string? fault = reader.Read(frame);
            Assert.That(fault, Is.Null, $"malformed: {reader}");
            if (reader.Kind == WireKind.Arp && reader.ArpOperation == 1 && reader.ArpTarget != Us.Ip.Value)
            {
                Station asked = reader.ArpTarget == FrameForge.Router.Ip.Value ? FrameForge.Router : Peer;
                byte[] answer = FrameForge.Arp(
                    asked with { Ip = new Ipv4Address(reader.ArpTarget) }, Us.Mac, 2, Us.Mac, Us.Ip);
                Stack.OnFrame(answer, Now);
            }
            else if (reader.Kind == WireKind.Tcp && reader.ToPort == ThePeerPort && reader.FromPort == OurPort)
            {
                Keep();
            }
            else
            {
                Other.Add((reader.Kind, frame.ToArray()));
            }
        }
    }

    private void Keep()
    {
        if (reader.Is(WireFlags.Syn))
        {
            OurInitial = reader.Sequence;
        }

        OurStamp = reader.HasTimestamps ? reader.TimestampValue : OurStamp;
        List<(int, int)> sacks = [];
        foreach ((uint left, uint right) in reader.Sacks)
        {
            sacks.Add(((int)(left - PeerInitial), (int)(right - PeerInitial)));
        }

        bool acks = reader.Is(WireFlags.Ack);
        sent.Enqueue(new SentSegment(
            Now, reader.Flags, (int)(reader.Sequence - OurInitial),
            acks ? (int)(reader.Acknowledgment - PeerInitial) : 0, reader.Window, reader.PayloadLength)
        {
            Mss = reader.Mss,
            Scale = reader.WindowScale,
            SackPermitted = reader.SackPermitted,
            HasStamps = reader.HasTimestamps,
            StampValue = reader.TimestampValue,
            StampEcho = reader.TimestampEcho,
            Sacks = [.. sacks],
            DontFragment = reader.DontFragment,
            FromPort = reader.FromPort,
            RawSequence = reader.Sequence,
            RawAcknowledgment = reader.Acknowledgment,
        });
    }
}
