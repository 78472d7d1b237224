using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>What the layer below TCP is in these tests: one address, a path MTU to be set, a hash that mixes.</summary>
internal sealed class ScriptEnvironment : TcpEnvironment
{
    internal int Mtu { get; set; } = 1500;

    internal SocketError Route { get; set; }

    internal ulong Secret { get; set; } = 0x1234_5678_9ABC_DEF0;

    /// <inheritdoc/>
    public override ReadyList Ready { get; } = new();

    /// <inheritdoc/>
    public override SocketError SelectSource(Ipv4Address destination, out Ipv4Address source)
    {
        source = TcpScript.LocalAddress;
        return Route;
    }

    /// <inheritdoc/>
    public override int PathMtu(Ipv4Address destination) => Mtu;

    /// <inheritdoc/>
    public override ulong Hash(uint a, uint b, uint c, uint d, uint domain)
    {
        ulong hash = Secret;
        foreach (uint word in new[] { a, b, c, d, domain })
        {
            hash = (hash ^ word) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
        }

        return hash;
    }
}

/// <summary>A segment as the script sees it: decoded by code that shares nothing with the kernel's.</summary>
internal sealed class Sent
{
    internal ushort From { get; init; }

    internal ushort To { get; init; }

    internal uint Sequence { get; init; }

    internal uint Acknowledgement { get; init; }

    internal string Flags { get; init; } = "";

    internal int Window { get; init; }

    internal byte[] Payload { get; init; } = [];

    internal int SegmentSize { get; private set; }

    internal int WindowScale { get; private set; } = -1;

    internal bool SackPermitted { get; private set; }

    internal (uint Value, uint Echo)? Timestamp { get; private set; }

    internal List<(uint Start, uint End)> Sacks { get; } = [];

    internal bool DontFragment { get; init; }

    internal uint End => Sequence + (uint)Payload.Length
        + (Flags.Contains('S') ? 1u : 0) + (Flags.Contains('F') ? 1u : 0);

    internal static Sent Decode(Ipv4Address source, Ipv4Address destination, byte[] bytes, bool dontFragment)
    {
        Assert.That(bytes, Has.Length.GreaterThanOrEqualTo(20));
        Assert.That(TcpScript.Checksum(source, destination, bytes), Is.Zero, "the checksum is wrong");
        int header = (bytes[12] >> 4) * 4;
        Assert.That(header, Is.InRange(20, bytes.Length));
        var sent = new Sent
        {
            From = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            To = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(2)),
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(8)),
            Flags = string.Concat("FSRPAU".Where((_, bit) => (bytes[13] & (1 << bit)) != 0)),
            Window = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(14)),
            Payload = bytes[header..],
            DontFragment = dontFragment,
        };
        sent.DecodeOptions(bytes.AsSpan(20, header - 20));
        return sent;
    }

    public override string ToString() =>
        $"{Flags} seq {Sequence} ack {Acknowledgement} len {Payload.Length} win {Window} "
        + string.Join(' ', Sacks.Select(sack => $"{sack.Start}-{sack.End}"));

    private void DecodeOptions(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != 0)
        {
            if (options[0] == 1)
            {
                options = options[1..];
                continue;
            }

            ReadOnlySpan<byte> option = options[..options[1]];
            switch (option[0])
            {
                case 2:
                    SegmentSize = BinaryPrimitives.ReadUInt16BigEndian(option[2..]);
                    break;
                case 3:
                    WindowScale = option[2];
                    break;
                case 4:
                    SackPermitted = true;
                    break;
                case 5:
                    for (int at = 2; at < option.Length; at += 8)
                    {
                        Sacks.Add((BinaryPrimitives.ReadUInt32BigEndian(option[at..]),
                            BinaryPrimitives.ReadUInt32BigEndian(option[(at + 4)..])));
                    }

                    break;
                case 8:
                    Timestamp = (BinaryPrimitives.ReadUInt32BigEndian(option[2..]),
                        BinaryPrimitives.ReadUInt32BigEndian(option[6..]));
                    break;
                default:
                    Assert.Fail($"option {option[0]} is none of ours");
                    break;
            }

            options = options[option.Length..];
        }
    }
}

/// <summary>
/// One TCP layer and a peer that is played by the test, segment by segment. The peer's numbers are relative to its
/// initial one: 0 is its SYN, 1 its first byte; so are ours.
/// </summary>
internal sealed class TcpScript
{
    internal const ushort LocalPort = 80;
    internal const ushort PeerPort = 40000;
    internal const uint PeerInitial = 0xFFFF_FF00; // wraps around soon, so every test passes the edge
    internal static readonly Ipv4Address LocalAddress = Ipv4Address.Of(10, 0, 0, 1);
    internal static readonly Ipv4Address PeerAddress = Ipv4Address.Of(10, 0, 0, 2);

    internal TcpScript(TcpLimits? limits = null)
    {
        Tcp = new TcpLayer(Environment, limits ?? new TcpLimits());
    }

    internal ScriptEnvironment Environment { get; } = new();

    internal TcpLayer Tcp { get; }

    internal Instant Now { get; set; } = new(1_000_000_000);

    internal TcpConnection Connection { get; set; } = null!;

    internal TcpListener Listener { get; private set; } = null!;

    /// <summary>Our initial sequence number.</summary>
    internal uint OurInitial { get; set; }

    /// <summary>Our port: where the script's segments go.</summary>
    internal ushort OurPort { get; set; } = LocalPort;

    internal ushort FromPort { get; set; } = PeerPort;

    internal uint PeerStart { get; set; } = PeerInitial;

    /// <summary>What the peer's timestamps say; null: it sends none.</summary>
    internal uint? PeerClock { get; set; }

    internal uint Echo { get; set; }

    internal static ushort Checksum(Ipv4Address source, Ipv4Address destination, byte[] bytes)
    {
        byte[] pseudo = new byte[12];
        source.Write(pseudo);
        destination.Write(pseudo.AsSpan(4));
        pseudo[9] = 6;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo.AsSpan(10), (ushort)bytes.Length);
        byte[] all = [.. pseudo, .. bytes, .. new byte[bytes.Length % 2]];
        long sum = 0;
        for (int i = 0; i < all.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(all.AsSpan(i));
        }

        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>A connection that the peer has opened, with everything modern, accepted.</summary>
    internal static TcpScript Accepted(
        int window = 65535, int segmentSize = 1460, int scale = -1, bool sack = true, bool timestamps = false,
        TcpLimits? limits = null, bool noDelay = true)
    {
        var script = new TcpScript(limits);
        script.Listen();
        script.PeerClock = timestamps ? 5000 : null;
        script.Handshake(window, segmentSize, scale, sack);
        script.Connection = script.Listener.Accept()!;
        Assert.That(script.Connection, Is.Not.Null);
        script.Connection.NoDelay = noDelay;
        return script;
    }

    internal void Listen(int backlog = 16)
    {
        Listener = Tcp.Listen(LocalPort, backlog, out SocketError error)!;
        Assert.That(error, Is.EqualTo(SocketError.None));
    }

    internal Sent Handshake(int window = 65535, int segmentSize = 1460, int scale = -1, bool sack = true)
    {
        Syn(window, segmentSize, scale, sack);
        Sent answer = Take();
        Assert.That(answer.Flags, Is.EqualTo("SA"));
        Assert.That(answer.Acknowledgement, Is.EqualTo(PeerStart + 1));
        OurInitial = answer.Sequence;
        Echo = answer.Timestamp?.Value ?? 0;
        Inject("A", 1, 1, window: scale < 0 ? window : window >> scale);
        return answer;
    }

    internal void Syn(int window = 65535, int segmentSize = 1460, int scale = -1, bool sack = true, string flags = "S")
    {
        var options = new List<byte>();
        if (segmentSize > 0)
        {
            options.AddRange([2, 4, (byte)(segmentSize >> 8), (byte)segmentSize]);
        }

        if (sack)
        {
            options.AddRange([4, 2]);
        }

        if (scale >= 0)
        {
            options.AddRange([3, 3, (byte)scale]);
        }

        Inject(flags, 0, 0, window: Math.Min(window, 65535), options: [.. options]);
    }

    /// <summary>Opens from our side; the peer has not answered yet.</summary>
    internal Sent Connect()
    {
        Connection = Tcp.Connect(new Endpoint(PeerAddress, PeerPort), Now, out SocketError error)!;
        Assert.That(error, Is.EqualTo(SocketError.None));
        Sent syn = Take();
        Assert.That(syn.Flags, Is.EqualTo("S"));
        OurInitial = syn.Sequence;
        OurPort = syn.From;
        return syn;
    }

    internal void Inject(
        string flags, uint sequence, uint acknowledgement, int length = 0, int window = 65535,
        (uint Start, uint End)[]? sacks = null, byte[]? options = null, byte[]? payload = null)
    {
        var all = new List<byte>(options ?? []);
        if (PeerClock is { } clock)
        {
            all.AddRange([1, 1, 8, 10]);
            Append(all, clock);
            Append(all, Echo);
        }

        if (sacks is not null)
        {
            all.AddRange([1, 1, 5, (byte)(2 + (sacks.Length * 8))]);
            foreach ((uint start, uint end) in sacks)
            {
                Append(all, OurInitial + start);
                Append(all, OurInitial + end);
            }
        }

        while (all.Count % 4 != 0)
        {
            all.Add(1);
        }

        payload ??= Bytes(sequence, length);
        byte[] segment = new byte[20 + all.Count + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, FromPort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), OurPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), PeerStart + sequence);
        BinaryPrimitives.WriteUInt32BigEndian(
            segment.AsSpan(8), flags.Contains('A') ? OurInitial + acknowledgement : 0);
        segment[12] = (byte)((5 + (all.Count / 4)) << 4);
        segment[13] = (byte)flags.Sum(flag => 1 << "FSRPAU".IndexOf(flag));
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), (ushort)window);
        all.CopyTo(segment, 20);
        payload.CopyTo(segment, 20 + all.Count);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(16), Checksum(PeerAddress, LocalAddress, segment));
        InjectRaw(segment);
    }

    internal void InjectRaw(byte[] segment) =>
        Tcp.Receive(new Ipv4Packet(PeerAddress, LocalAddress, 6), segment, Now);

    /// <summary>The bytes of a stream, told apart by their places.</summary>
    internal static byte[] Bytes(uint sequence, int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            uint at = sequence + (uint)i;
            bytes[i] = (byte)(at ^ (at >> 8) ^ (at >> 16));
        }

        return bytes;
    }

    /// <summary>The next segment that is sent; null: there is none.</summary>
    internal Sent? TryTake()
    {
        byte[] room = new byte[1480];
        if (!Tcp.TryTakeSegment(room, Now, out TcpOutput output))
        {
            return null;
        }

        return Sent.Decode(output.Source, output.Destination, room[..output.Length], output.DontFragment);
    }

    internal Sent Take() => TryTake() ?? throw new AssertionException("nothing was sent");

    internal List<Sent> TakeAll()
    {
        var all = new List<Sent>();
        while (TryTake() is { } sent)
        {
            all.Add(sent);
            Assert.That(all, Has.Count.LessThan(10_000));
        }

        return all;
    }

    /// <summary>Takes one segment and holds it against what it should be; numbers are relative.</summary>
    internal Sent Expect(string flags, uint sequence, uint acknowledgement, int length = 0)
    {
        Sent sent = Take();
        Assert.That(
            (sent.Flags.Replace("P", ""), sent.Sequence - OurInitial, sent.Acknowledgement - PeerStart,
                sent.Payload.Length),
            Is.EqualTo((flags, sequence, acknowledgement, length)), sent.ToString());
        if (length > 0)
        {
            Assert.That(sent.Payload, Is.EqualTo(Bytes(sequence, length)));
        }

        return sent;
    }

    internal void ExpectNothing() => Assert.That(TryTake()?.ToString(), Is.Null);

    /// <summary>Lets time pass, doing what is due at the moments at which it is.</summary>
    internal void Pass(int milliseconds)
    {
        Instant end = Now.AddMilliseconds(milliseconds);
        while (Tcp.TryGetNextDue(out Instant due) && due <= end)
        {
            Now = due > Now ? due : Now;
            Tcp.Advance(Now);
            if (Tcp.TryGetNextDue(out Instant again) && again <= Now)
            {
                Assert.Fail("a timer that is due stays due");
            }
        }

        Now = end;
    }

    /// <summary>Hands bytes over; their content follows from their place in our stream.</summary>
    internal void Send(uint sequence, int length) =>
        Assert.That(Connection.Send(Bytes(sequence, length), Now), Is.EqualTo(length));

    /// <summary>Reads all there is, which begins at a place in the peer's stream.</summary>
    internal void ExpectReceived(uint sequence, int length)
    {
        byte[] bytes = new byte[length + 1];
        int count = Connection.Receive(bytes, Now);
        Assert.That(count, Is.EqualTo(length));
        Assert.That(bytes[..count], Is.EqualTo(Bytes(sequence, length)));
    }

    private static void Append(List<byte> bytes, uint value) =>
        bytes.AddRange([(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value]);
}
