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
    /// <summary>The identifier in its requests.</summary>
    public ushort Identifier => throw new NotImplementedException();

    /// <summary>Sends one request.</summary>
    public SocketError Send(Ipv4Address to, ushort sequence, ReadOnlySpan<byte> payload, Instant now) =>
        throw new NotImplementedException();

    /// <summary>Takes the oldest answer; as much of its payload as there is room for.</summary>
    public bool TryReceive(Span<byte> payload, out EchoReply reply) => throw new NotImplementedException();

    /// <summary>Ends it.</summary>
    public void Close() => throw new NotImplementedException();
}
