using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>Ethernet frames of types that the stack does not speak itself.</summary>
public sealed class RawEthernetLayer
{
    /// <summary>Sockets open at one time.</summary>
    public const int SocketsMax = 8;

    private readonly NetworkCounters counters;
    private readonly ReadyList ready;
    private readonly RawSocket?[] sockets = new RawSocket?[SocketsMax];
    private int turn;

    internal RawEthernetLayer(NetworkCounters counters, ReadyList ready)
    {
        this.counters = counters;
        this.ready = ready;
    }

    /// <summary>Opens a socket for one type.</summary>
    /// <param name="etherType">The type; none that the stack speaks itself.</param>
    /// <param name="error">Why there is none.</param>
    public RawSocket? Open(ushort etherType, out SocketError error)
    {
        int free = Array.IndexOf(sockets, null);
        bool isTaken = etherType is EtherType.Ipv4 or EtherType.Arp or < EtherType.Lowest
            || Find(etherType) is not null;
        error = isTaken ? SocketError.AddressInUse : free < 0 ? SocketError.TooManySockets : SocketError.None;
        return error == SocketError.None ? sockets[free] = new RawSocket(this, etherType) : null;
    }

    /// <summary>Hands a frame to whoever takes its type.</summary>
    /// <returns>False if nobody does.</returns>
    internal bool TryDeliver(ushort type, MacAddress from, ReadOnlySpan<byte> payload)
    {
        RawSocket? socket = Find(type);
        if (socket is null)
        {
            return false;
        }

        counters.Add(NetCounter.RawIn);
        if (socket.TryKeep(from, payload))
        {
            ready.Mark(socket);
        }
        else
        {
            counters.Add(NetCounter.RawQueueFull);
        }

        return true;
    }

    /// <summary>Writes the next frame, one socket after the other; 0: there is none.</summary>
    internal int Transmit(Span<byte> frame, MacAddress station)
    {
        for (int i = 0; i < SocketsMax; i++)
        {
            turn = (turn + 1) % SocketsMax;
            RawSocket? socket = sockets[turn];
            if (socket is null || !socket.TryTakeOutgoing(out ReadOnlySpan<byte> payload, out MacAddress to))
            {
                continue;
            }

            EthernetFrame.WriteHeader(frame, to, station, socket.Type);
            payload.CopyTo(frame[EtherType.HeaderLength..]);
            counters.Add(NetCounter.RawOut);
            if (socket.TakeWaiting())
            {
                ready.Mark(socket);
            }

            return EtherType.HeaderLength + payload.Length;
        }

        return 0;
    }

    internal void Close(RawSocket socket)
    {
        int index = Array.IndexOf(sockets, socket);
        if (index >= 0)
        {
            sockets[index] = null;
        }
    }

    private RawSocket? Find(ushort type)
    {
        foreach (RawSocket? socket in sockets)
        {
            if (socket is not null && socket.Type == type)
            {
                return socket;
            }
        }

        return null;
    }
}

/// <summary>Sends and takes the payloads of frames of one type.</summary>
public sealed class RawSocket : NetSocket
{
    /// <summary>The longest payload of a frame.</summary>
    public const int PayloadMax = InterfaceConfiguration.EthernetMtu;

    /// <summary>Frames kept each way, and bytes of them.</summary>
    public const int QueueCount = 128;

    private const int QueueBytes = 96 * 1024;

    private readonly RawEthernetLayer layer;
    private readonly RecordRing incoming = new(QueueBytes, QueueCount);
    private readonly RecordRing outgoing = new(QueueBytes, QueueCount);
    private bool isClosed;
    private bool isWaiting;

    internal RawSocket(RawEthernetLayer layer, ushort type)
    {
        this.layer = layer;
        Type = type;
    }

    /// <summary>Its type.</summary>
    public ushort Type { get; }

    /// <summary>
    /// Queues one frame. <see cref="SocketError.WouldBlock"/>: the queue is full, and the owner is told when it is not
    /// any more.
    /// </summary>
    public SocketError Send(MacAddress to, ReadOnlySpan<byte> payload)
    {
        if (isClosed || payload.Length > PayloadMax)
        {
            return isClosed ? SocketError.Closed : SocketError.MessageTooLong;
        }

        if (!outgoing.TryAdd(payload.Length, TagOf(to), out Span<byte> room))
        {
            isWaiting = true;
            return SocketError.WouldBlock;
        }

        payload.CopyTo(room);
        return SocketError.None;
    }

    /// <summary>Takes the payload of the oldest frame, padding included.</summary>
    public bool TryReceive(Span<byte> into, out int length, out MacAddress from)
    {
        bool taken = incoming.TryTake(out ReadOnlySpan<byte> record, out RecordTag tag);
        record.Slice(0, Math.Min(record.Length, into.Length)).CopyTo(into);
        length = record.Length;
        from = StationOf(tag);
        return taken;
    }

    /// <summary>Ends it.</summary>
    public void Close()
    {
        isClosed = true;
        incoming.Clear();
        outgoing.Clear();
        layer.Close(this);
    }

    internal bool TryKeep(MacAddress from, ReadOnlySpan<byte> payload)
    {
        if (!incoming.TryAdd(payload.Length, TagOf(from), out Span<byte> room))
        {
            return false;
        }

        payload.CopyTo(room);
        return true;
    }

    internal bool TryTakeOutgoing(out ReadOnlySpan<byte> payload, out MacAddress to)
    {
        bool taken = outgoing.TryTake(out payload, out RecordTag tag);
        to = StationOf(tag);
        return taken;
    }

    /// <summary>Is the owner to be told now that there is room again?</summary>
    internal bool TakeWaiting()
    {
        bool tell = isWaiting && outgoing.IsHalfFree;
        isWaiting &= !tell;
        return tell;
    }

    private static RecordTag TagOf(MacAddress station) => new((uint)station.Value, (uint)(station.Value >> 32));

    private static MacAddress StationOf(in RecordTag tag) => new(((ulong)tag.B << 32) | tag.A);
}
