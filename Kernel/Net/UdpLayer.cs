using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>UDP: its sockets (RFC 768).</summary>
public sealed class UdpLayer
{
    /// <summary>Sockets open at one time.</summary>
    public const int SocketsMax = 64;

    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 8;

    private const ushort EphemeralFirst = 49152;
    private const uint EphemeralCount = 16384;

    private readonly NetworkCounters counters;
    private readonly KeyedHash hash;
    private readonly ReadyList ready;
    private readonly Ipv4Output output;
    private readonly Ipv4Routes routes;
    private readonly UdpSocket[] sockets = new UdpSocket[SocketsMax];
    private int socketsWaiting;

    internal UdpLayer(
        NetworkCounters counters, KeyedHash hash, ReadyList ready, Ipv4Output output, Ipv4Routes routes)
    {
        this.counters = counters;
        this.hash = hash;
        this.ready = ready;
        this.output = output;
        this.routes = routes;
    }

    /// <summary>Sockets open.</summary>
    public int SocketCount { get; private set; }

    /// <summary>Opens a socket.</summary>
    /// <param name="port">Its port; 0: any free one from 49152 up (RFC 6335).</param>
    /// <param name="error">Why there is none.</param>
    public UdpSocket? Open(ushort port, out SocketError error)
    {
        error = SocketError.None;
        if (SocketCount == SocketsMax)
        {
            error = SocketError.TooManySockets;
        }
        else if (port != 0)
        {
            error = Find(port) is null ? SocketError.None : SocketError.AddressInUse;
        }
        else
        {
            // Chosen where nobody can foretell it (RFC 6056); far more ports than sockets, so one is free.
            do
            {
                port = (ushort)(EphemeralFirst + hash.Next(EphemeralCount));
            }
            while (Find(port) is not null);
        }

        return error == SocketError.None ? sockets[SocketCount++] = new UdpSocket(this, port) : null;
    }

    /// <summary>Socket number <paramref name="index"/> of <see cref="SocketCount"/>, for people.</summary>
    public UdpSocket SocketAt(int index) =>
        (uint)index < (uint)SocketCount ? sockets[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>Reads one datagram's header and checks its sum over everything (RFC 1122, section 4.1.3.4).</summary>
    internal static bool TryDecode(
        in Ipv4Packet packet,
        ReadOnlySpan<byte> datagram,
        out ushort from,
        out ushort to,
        out ReadOnlySpan<byte> payload,
        out NetCounter reason)
    {
        from = 0;
        to = 0;
        payload = default;
        reason = NetCounter.UdpBad;
        if (datagram.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (length < HeaderLength || length > datagram.Length)
        {
            return false;
        }

        from = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        to = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        bool isSummed = BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) != 0;
        if (isSummed)
        {
            uint pseudo = InternetChecksum.PseudoHeader(packet.Source, packet.Destination, IpProtocol.Udp, length);
            if (InternetChecksum.Fold(InternetChecksum.Sum(datagram.Slice(0, length), pseudo)) != 0xFFFF)
            {
                reason = NetCounter.UdpChecksumBad;
                return false;
            }
        }

        payload = datagram.Slice(HeaderLength, length - HeaderLength);
        return to != 0;
    }

    /// <summary>Writes a header for a payload that follows it.</summary>
    internal static void WriteHeader(Span<byte> header, in Endpoint from, in Endpoint to, ReadOnlySpan<byte> payload)
    {
        int length = HeaderLength + payload.Length;
        BinaryPrimitives.WriteUInt16BigEndian(header, from.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], to.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], 0);
        uint sum = InternetChecksum.PseudoHeader(from.Address, to.Address, IpProtocol.Udp, length);
        sum = InternetChecksum.Sum(payload, InternetChecksum.Sum(header.Slice(0, HeaderLength), sum));

        // Zero would say that there is no sum; its other form says the same number (RFC 768).
        if (InternetChecksum.Fold(sum) == 0xFFFF)
        {
            BinaryPrimitives.WriteUInt16BigEndian(header[6..], 0xFFFF);
        }
        else
        {
            InternetChecksum.Write(header[6..], sum);
        }
    }

    /// <summary>Hands a checked datagram to whoever listens at the port.</summary>
    /// <returns>False if nobody does.</returns>
    internal bool TryDeliver(in Endpoint from, ushort to, ReadOnlySpan<byte> payload)
    {
        UdpSocket? socket = Find(to);
        if (socket is null)
        {
            return false;
        }

        if (socket.TryKeep(from, payload))
        {
            ready.Mark(socket);
        }
        else
        {
            counters.Add(NetCounter.UdpQueueFull);
        }

        return true;
    }

    /// <summary>A datagram of ours met an error: its socket is told, if it did send there lately.</summary>
    internal void OnError(in IcmpError error)
    {
        UdpSocket? socket = null;
        if (error.Quoted.Length >= HeaderLength)
        {
            var to = new Endpoint(
                error.Original.Destination, BinaryPrimitives.ReadUInt16BigEndian(error.Quoted[2..]));
            socket = Find(BinaryPrimitives.ReadUInt16BigEndian(error.Quoted));
            socket = socket is not null && socket.LastTo == to ? socket : null;
        }

        if (socket is null)
        {
            counters.Add(NetCounter.IcmpErrorUnasked);
            return;
        }

        socket.Fail(error.SocketError);
        ready.Mark(socket);
    }

    internal SocketError Send(UdpSocket socket, in Endpoint to, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > UdpSocket.PayloadMax || to.Port == 0)
        {
            return to.Port == 0 ? SocketError.NetworkUnreachable : SocketError.MessageTooLong;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        WriteHeader(header, new Endpoint(routes.Local, socket.Port), to, payload);
        SocketError error = output.Send(to.Address, IpProtocol.Udp, header, payload);
        if (error == SocketError.None)
        {
            counters.Add(NetCounter.UdpOut);
        }
        else if (error == SocketError.WouldBlock && !socket.IsWaitingForRoom)
        {
            socket.IsWaitingForRoom = true;
            socketsWaiting++;
        }

        return error;
    }

    /// <summary>Tells those whose datagrams found no room that there is some again.</summary>
    internal void OnSent()
    {
        if (socketsWaiting == 0 || !output.IsHalfFree)
        {
            return;
        }

        for (int i = 0; i < SocketCount; i++)
        {
            if (sockets[i].IsWaitingForRoom)
            {
                sockets[i].IsWaitingForRoom = false;
                ready.Mark(sockets[i]);
            }
        }

        socketsWaiting = 0;
    }

    internal void Close(UdpSocket socket)
    {
        int index = Array.IndexOf(sockets, socket);
        if (index < 0)
        {
            return;
        }

        socketsWaiting -= socket.IsWaitingForRoom ? 1 : 0;
        sockets[index] = sockets[--SocketCount];
        sockets[SocketCount] = null!;
    }

    private UdpSocket? Find(ushort port)
    {
        for (int i = 0; i < SocketCount; i++)
        {
            if (sockets[i].Port == port)
            {
                return sockets[i];
            }
        }

        return null;
    }
}

/// <summary>A port for datagrams.</summary>
public sealed class UdpSocket : NetSocket
{
    /// <summary>Bytes of received datagrams kept until they are taken.</summary>
    public const int ReceiveBytes = 128 * 1024;

    /// <summary>Received datagrams kept until they are taken.</summary>
    public const int ReceiveCount = 256;

    /// <summary>The longest payload (RFC 768 within RFC 791).</summary>
    public const int PayloadMax = Ipv4Packet.LengthMax - Ipv4Packet.HeaderLengthMin - UdpLayer.HeaderLength;

    private readonly UdpLayer layer;
    private readonly RecordRing received = new(ReceiveBytes, ReceiveCount);
    private SocketError failure;
    private bool isClosed;

    internal UdpSocket(UdpLayer layer, ushort port)
    {
        this.layer = layer;
        Port = port;
    }

    /// <summary>Its port.</summary>
    public ushort Port { get; }

    /// <summary>Datagrams that wait to be taken.</summary>
    public int Count => received.Count;

    internal Endpoint LastTo { get; private set; }

    internal bool IsWaitingForRoom { get; set; }

    /// <summary>
    /// Sends one datagram. <see cref="SocketError.WouldBlock"/>: the queue is full, and the owner is told when it is
    /// not any more.
    /// </summary>
    public SocketError Send(Endpoint to, ReadOnlySpan<byte> payload, Instant now)
    {
        if (isClosed)
        {
            return SocketError.Closed;
        }

        LastTo = to;
        return layer.Send(this, to, payload);
    }

    /// <summary>Takes the oldest datagram; what does not fit into <paramref name="into"/> is lost.</summary>
    /// <param name="into">Room for it.</param>
    /// <param name="length">Its whole length, even if there was less room.</param>
    /// <param name="from">Who sent it.</param>
    public bool TryReceive(Span<byte> into, out int length, out Endpoint from)
    {
        bool taken = received.TryTake(out ReadOnlySpan<byte> record, out RecordTag tag);
        record.Slice(0, Math.Min(record.Length, into.Length)).CopyTo(into);
        length = record.Length;
        from = new Endpoint(new Ipv4Address(tag.A), (ushort)tag.B);
        return taken;
    }

    /// <summary>Takes what an ICMP message said about the last datagrams; none if nothing.</summary>
    public SocketError TakeError()
    {
        SocketError taken = failure;
        failure = SocketError.None;
        return taken;
    }

    /// <summary>Gives the port back.</summary>
    public void Close()
    {
        isClosed = true;
        received.Clear();
        layer.Close(this);
    }

    internal void Fail(SocketError error) => failure = error;

    internal bool TryKeep(in Endpoint from, ReadOnlySpan<byte> payload)
    {
        if (!received.TryAdd(payload.Length, new RecordTag(from.Address.Value, from.Port), out Span<byte> room))
        {
            return false;
        }

        payload.CopyTo(room);
        return true;
    }
}
