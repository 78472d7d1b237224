using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>What came back to an echo request.</summary>
/// <param name="From">Who answered, or who reports that the request did not arrive.</param>
/// <param name="Sequence">The number of the request.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="TimeToLive">What was left of it on arrival.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Error">None for an answer; else why there is none.</param>
public readonly record struct EchoReply(
    Ipv4Address From, ushort Sequence, int Length, byte TimeToLive, Instant ReceivedAt, SocketError Error);

/// <summary>Sends ICMP echo requests and takes their answers (RFC 792): ping.</summary>
public sealed class EchoSocket : NetSocket
{
    /// <summary>Answers kept until they are taken.</summary>
    public const int RepliesMax = 32;

    /// <summary>Bytes of the payloads of those answers.</summary>
    public const int ReplyBytes = 64 * 1024;

    private readonly IcmpLayer layer;
    private readonly RecordRing replies = new(ReplyBytes, RepliesMax);
    private bool isClosed;

    internal EchoSocket(IcmpLayer layer, ushort identifier)
    {
        this.layer = layer;
        Identifier = identifier;
    }

    /// <summary>The identifier in its requests.</summary>
    public ushort Identifier { get; }

    /// <summary>Whom it asked last: only about that do errors count.</summary>
    internal Ipv4Address LastTo { get; private set; }

    /// <summary>Sends one request.</summary>
    public SocketError Send(Ipv4Address to, ushort sequence, ReadOnlySpan<byte> payload, Instant now)
    {
        if (isClosed)
        {
            return SocketError.Closed;
        }

        LastTo = to;
        return layer.SendEcho(this, to, sequence, payload);
    }

    /// <summary>Takes the oldest answer; as much of its payload as there is room for.</summary>
    public bool TryReceive(Span<byte> payload, out EchoReply reply)
    {
        reply = default;
        if (!replies.TryTake(out ReadOnlySpan<byte> record, out RecordTag tag))
        {
            return false;
        }

        record.Slice(0, Math.Min(record.Length, payload.Length)).CopyTo(payload);
        reply = new EchoReply(
            new Ipv4Address(tag.A),
            (ushort)tag.B,
            record.Length,
            (byte)(tag.B >> 16),
            new Instant(tag.C),
            (SocketError)(tag.B >> 24));
        return true;
    }

    /// <summary>Ends it.</summary>
    public void Close()
    {
        isClosed = true;
        replies.Clear();
        layer.Close(this);
    }

    internal bool TryKeep(in EchoReply reply, ReadOnlySpan<byte> payload)
    {
        uint words = reply.Sequence | ((uint)reply.TimeToLive << 16) | ((uint)reply.Error << 24);
        var tag = new RecordTag(reply.From.Value, words, reply.ReceivedAt.Nanoseconds);
        if (!replies.TryAdd(payload.Length, tag, out Span<byte> room))
        {
            return false;
        }

        payload.CopyTo(room);
        return true;
    }
}
