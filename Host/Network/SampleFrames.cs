using System;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace HaukiOS.Host.Network;

/// <summary>
/// Good frames of every kind that the node understands, from a station of one's own: what a
/// <see cref="FrameMutator"/> begins with.
/// </summary>
public sealed class SampleFrames
{
    /// <summary>Kinds of frames.</summary>
    public const int Kinds = 12;

    private const int IpAt = 14;
    private const int BodyAt = 34;
    private const int FrameMin = 60;
    private const byte Syn = 0x02;
    private const byte Ack = 0x10;

    private readonly byte[] me;
    private readonly byte[] node;
    private readonly byte[] myAddress;
    private readonly byte[] nodeAddress;
    private readonly Random random;
    private ushort identification;

    /// <summary>Frames from one station to another.</summary>
    public SampleFrames(byte[] me, IPAddress myAddress, byte[] node, IPAddress nodeAddress, int seed)
    {
        this.me = me;
        this.node = node;
        this.myAddress = myAddress.GetAddressBytes();
        this.nodeAddress = nodeAddress.GetAddressBytes();
        random = new Random(seed);
    }

    /// <summary>Ports of the node that listen.</summary>
    public int[] Ports { get; init; } = [7, 9];

    /// <summary>Writes a good frame of some kind.</summary>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> frame) => random.Next(Kinds) switch
    {
        0 => Arp(frame, operation: 1),
        1 => Arp(frame, operation: 2),
        2 => Echo(frame, (ushort)random.Next(65536), random.Next(1400)),
        3 => Fragment(frame),
        4 => IcmpError(frame),
        5 => Dhcp(frame),
        6 => Udp(frame, random.Next(65536), random.Next(65536), random.Next(600)),
        7 => Segment(frame, Syn, 0),
        8 => Segment(frame, Ack, random.Next(1400)),
        9 => Segment(frame, (byte)random.Next(256), random.Next(64)),
        10 => Segment(frame, (byte)(Ack | (random.Next(2) == 0 ? 1 : 4)), 0),
        _ => Other(frame),
    };

    /// <summary>An ARP message (RFC 826): 1 asks for the node's address, 2 answers with ours.</summary>
    public int Arp(Span<byte> frame, ushort operation)
    {
        Ethernet(frame, 0x0806, isBroadcast: operation == 1);
        var body = frame[IpAt..FrameMin];
        body.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(body, 0x0001_0800_0604_0000UL | operation);
        me.CopyTo(body[8..]);
        myAddress.CopyTo(body[14..]);
        if (operation != 1)
        {
            node.CopyTo(body[18..]);
        }

        nodeAddress.CopyTo(body[24..]);
        return FrameMin;
    }

    /// <summary>An ICMP echo request.</summary>
    public int Echo(Span<byte> frame, ushort sequence, int payload)
    {
        var body = frame.Slice(BodyAt, 8 + payload);
        body.Clear();
        body[0] = 8;
        BinaryPrimitives.WriteUInt16BigEndian(body[4..], 0x4846);
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], sequence);
        return Packet(frame, protocol: 1, body.Length);
    }

    /// <summary>The sequence number of an ICMP echo answer to this station, or -1.</summary>
    public int AnswerOf(ReadOnlySpan<byte> frame) =>
        frame.Length >= BodyAt + 8 && frame[..6].SequenceEqual(me) && frame[12] == 8 && frame[13] == 0
        && frame[23] == 1 && frame.Slice(30, 4).SequenceEqual(myAddress) && frame[BodyAt] == 0
        && BinaryPrimitives.ReadUInt16BigEndian(frame[(BodyAt + 4)..]) == 0x4846
            ? BinaryPrimitives.ReadUInt16BigEndian(frame[(BodyAt + 6)..])
            : -1;

    /// <summary>Does the node ask for our station by ARP?</summary>
    public bool IsQuestionForMe(ReadOnlySpan<byte> frame) =>
        frame.Length >= IpAt + 28 && frame[12] == 8 && frame[13] == 6 && frame[21] == 1
        && frame.Slice(38, 4).SequenceEqual(myAddress);

    private int Fragment(Span<byte> frame)
    {
        var body = 8 * (1 + random.Next(150));
        random.NextBytes(frame.Slice(BodyAt, body));
        var length = Packet(frame, protocol: (byte)(random.Next(2) == 0 ? 17 : 1), body);
        var offset = random.Next(4) == 0 ? 0 : random.Next(0x2000);
        var more = random.Next(3) > 0 ? 0x2000 : 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame[(IpAt + 4)..], (ushort)random.Next(16));
        BinaryPrimitives.WriteUInt16BigEndian(frame[(IpAt + 6)..], (ushort)(offset | more));
        FrameMutator.MendChecksums(frame[..length], mendLength: false);
        return length;
    }

    // An error that quotes a segment of the node's.
    private int IcmpError(Span<byte> frame)
    {
        const int quoted = 28;
        var body = frame.Slice(BodyAt, 8 + quoted);
        body.Clear();
        body[0] = (byte)(random.Next(3) == 0 ? 11 : 3);
        body[1] = (byte)random.Next(6);
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], (ushort)random.Next(1600));
        body[8] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(body[10..], 60);
        body[16] = 64;
        body[17] = 6;
        nodeAddress.CopyTo(body[20..]);
        myAddress.CopyTo(body[24..]);
        BinaryPrimitives.WriteUInt16BigEndian(body[28..], (ushort)Port());
        return Packet(frame, protocol: 1, body.Length);
    }

    // An offer or a grant of a server (RFC 2131) that nobody asked.
    private int Dhcp(Span<byte> frame)
    {
        const int options = 28 + 212;
        var body = frame.Slice(BodyAt, 320);
        body.Clear();
        var message = body[8..];
        message[0] = 2;
        message[1] = 1;
        message[2] = 6;
        random.NextBytes(message.Slice(4, 4));
        nodeAddress.CopyTo(message[16..]);
        node.CopyTo(message[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(body[(options + 4)..], 0x6382_5363);
        byte[] tail = [53, 1, (byte)(random.Next(2) == 0 ? 2 : 5), 54, 4, .. myAddress, 1, 4, 255, 255, 255, 0, 255];
        tail.CopyTo(body[(options + 8)..]);
        return UdpHeader(frame, 67, 68, body.Length);
    }

    private int Udp(Span<byte> frame, int from, int to, int payload)
    {
        random.NextBytes(frame.Slice(BodyAt + 8, payload));
        return UdpHeader(frame, from, to, 8 + payload);
    }

    private int UdpHeader(Span<byte> frame, int from, int to, int length)
    {
        var body = frame.Slice(BodyAt, length);
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)from);
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)to);
        BinaryPrimitives.WriteUInt16BigEndian(body[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(body[6..], 0);
        return Packet(frame, protocol: 17, length);
    }

    // A segment with options: maximum size, window scale, selective acknowledgements, timestamps (RFC 9293, 7323).
    private int Segment(Span<byte> frame, byte flags, int payload)
    {
        byte[] options = flags == Syn
            ? [2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7]
            : [1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1];
        var body = frame.Slice(BodyAt, 20 + options.Length + payload);
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)(40_000 + random.Next(64)));
        BinaryPrimitives.WriteUInt16BigEndian(body[2..], (ushort)Port());
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], (uint)random.Next(1 << 16));
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], (uint)random.NextInt64(1L << 32));
        body[12] = (byte)((20 + options.Length) << 2);
        body[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(body[14..], (ushort)random.Next(65536));
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], 0);
        options.CopyTo(body[20..]);
        random.NextBytes(body[(20 + options.Length)..]);
        return Packet(frame, protocol: 6, body.Length);
    }

    private int Other(Span<byte> frame)
    {
        var length = FrameMin + random.Next(1000);
        random.NextBytes(frame[..length]);
        Ethernet(frame, (ushort)random.Next(65536), isBroadcast: random.Next(2) == 0);
        return length;
    }

    private int Port() => random.Next(4) == 0 ? random.Next(65536) : Ports[random.Next(Ports.Length)];

    private int Packet(Span<byte> frame, byte protocol, int bodyLength)
    {
        Ethernet(frame, 0x0800, isBroadcast: false);
        var header = frame[IpAt..BodyAt];
        header.Clear();
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(20 + bodyLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], identification++);
        header[8] = 64;
        header[9] = protocol;
        myAddress.CopyTo(header[12..]);
        nodeAddress.CopyTo(header[16..]);
        var length = BodyAt + bodyLength;
        FrameMutator.MendChecksums(frame[..length], mendLength: false);
        return length;
    }

    private void Ethernet(Span<byte> frame, ushort type, bool isBroadcast)
    {
        if (isBroadcast)
        {
            frame[..6].Fill(0xFF);
        }
        else
        {
            node.CopyTo(frame);
        }

        me.CopyTo(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }
}
