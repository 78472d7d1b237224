using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// Datagrams of ICMP and UDP on their way out: cut into fragments where the path is narrow (RFC 791, section 2.3), and
/// kept, headers and all, until the card has room.
/// </summary>
internal sealed class Ipv4Output
{
    /// <summary>Bytes that wait. One datagram of the greatest length in fragments fits, and some more.</summary>
    internal const int QueueBytes = 96 * 1024;

    /// <summary>Datagrams and fragments that wait.</summary>
    internal const int QueueCount = 256;

    /// <summary>Routers a datagram may pass (RFC 1700's recommendation, used since).</summary>
    internal const byte TimeToLive = 64;

    private const int IdentificationRowBits = 6;

    private readonly NetworkCounters counters;
    private readonly uint rowKey;
    private readonly Ipv4Routes routes;
    private readonly RecordRing queue = new(QueueBytes, QueueCount);
    private readonly ushort[] identifications = new ushort[1 << IdentificationRowBits];

    internal Ipv4Output(NetworkCounters counters, KeyedHash hash, Ipv4Routes routes)
    {
        this.counters = counters;
        this.routes = routes;
        rowKey = hash.Next() | 1;
        for (int i = 0; i < identifications.Length; i++)
        {
            identifications[i] = (ushort)hash.Next();
        }
    }

    /// <summary>
    /// Is there room for answers that nobody here waits for? The other half is for our own datagrams.
    /// </summary>
    internal bool IsHalfFree => queue.IsHalfFree;

    /// <summary>Queues one datagram from our address; payload is <paramref name="head"/> and then
    /// <paramref name="body"/>.</summary>
    internal SocketError Send(
        Ipv4Address destination, byte protocol, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        int length = head.Length + body.Length;
        if (length > Ipv4Packet.LengthMax - Ipv4Packet.HeaderLengthMin)
        {
            return SocketError.MessageTooLong;
        }

        SocketError error = routes.NextHop(destination, out Ipv4Address hop);
        if (error != SocketError.None)
        {
            counters.Add(NetCounter.IpNoRoute);
            return error;
        }

        // Every fragment but the last carries a multiple of eight bytes.
        int mtu = routes.PathMtu(destination);
        int room = mtu - Ipv4Packet.HeaderLengthMin;
        int step = length <= room ? length : room & ~7;
        int pieces = length == 0 ? 1 : (length + step - 1) / step;
        if (!queue.CanHold(pieces, length + (pieces * Ipv4Packet.HeaderLengthMin), mtu))
        {
            counters.Add(NetCounter.IpQueueFull);
            return SocketError.WouldBlock;
        }

        Ipv4Address source = routes.Local;
        ushort identification = NextIdentification(destination, protocol);
        for (int offset = 0, i = 0; i < pieces; i++, offset += step)
        {
            int taken = Math.Min(step, length - offset);
            queue.TryAdd(Ipv4Packet.HeaderLengthMin + taken, new RecordTag(hop.Value), out Span<byte> into);
            int more = offset + taken < length ? Ipv4Packet.MoreFragmentsBit : 0;
            Ipv4Packet.Write(
                into, source, destination, protocol, into.Length, identification, (offset / 8) | more, TimeToLive);
            CopyPart(head, body, offset, into[Ipv4Packet.HeaderLengthMin..]);
        }

        counters.Add(NetCounter.FragmentOut, pieces > 1 ? pieces : 0);
        return SocketError.None;
    }

    /// <summary>Takes the next datagram or fragment and the neighbour it goes to.</summary>
    internal bool TryTake(out ReadOnlySpan<byte> datagram, out Ipv4Address hop)
    {
        bool taken = queue.TryTake(out datagram, out RecordTag tag);
        hop = new Ipv4Address(tag.A);
        return taken;
    }

    internal void Clear() => queue.Clear();

    /// <summary>
    /// The next identification. Rows chosen by destination and a secret keep one peer from counting what we send to
    /// others, and keep a number from coming again too soon (RFC 6864, section 4.3; RFC 7739).
    /// </summary>
    internal ushort NextIdentification(Ipv4Address destination, byte protocol)
    {
        uint row = ((destination.Value ^ protocol) * rowKey) >> (32 - IdentificationRowBits);
        return identifications[row]++;
    }

    private static void CopyPart(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int offset, Span<byte> into)
    {
        if (offset < head.Length)
        {
            int taken = Math.Min(head.Length - offset, into.Length);
            head.Slice(offset, taken).CopyTo(into);
            into = into[taken..];
            offset = head.Length;
        }

        body.Slice(offset - head.Length, into.Length).CopyTo(into);
    }
}
