using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>TCP: all its connections and listeners (RFC 9293).</summary>
public sealed class TcpLayer
{
    /// <summary>The protocol's number in IPv4.</summary>
    public const byte ProtocolNumber = 6;

    /// <summary>Makes the layer.</summary>
    public TcpLayer(TcpEnvironment environment) => Environment = environment;

    /// <summary>What was counted.</summary>
    public TcpCounters Counters => throw new NotImplementedException();

    /// <summary>Connections of every state.</summary>
    public int ConnectionCount => throw new NotImplementedException();

    /// <summary>Bytes in use for rings, of all connections.</summary>
    public int BufferBytes => throw new NotImplementedException();

    internal TcpEnvironment Environment { get; }

    /// <summary>Takes one segment to this node. Everything about it is checked here, the checksum too.</summary>
    public void Receive(in Ipv4Packet header, ReadOnlySpan<byte> segment, Instant now) =>
        throw new NotImplementedException();

    /// <summary>
    /// Does the quoted segment belong to a connection, and is it in flight (RFC 5927, section 4.1)? Only then may
    /// the error lower the path MTU.
    /// </summary>
    public bool IsCredible(in IcmpError error) => throw new NotImplementedException();

    /// <summary>Takes an ICMP error about a segment of ours. The path MTU is lowered already.</summary>
    public void OnIcmpError(in IcmpError error, Instant now) => throw new NotImplementedException();

    /// <summary>Writes the next segment to send, header and payload, checksum included.</summary>
    /// <param name="into">Room for it; it decides the longest segment together with the path MTU.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="output">Where it goes, and how long it is.</param>
    /// <returns>False if there is nothing to send.</returns>
    public bool TryTakeSegment(Span<byte> into, Instant now, out TcpOutput output) =>
        throw new NotImplementedException();

    /// <summary>Does what is due.</summary>
    public void Advance(Instant now) => throw new NotImplementedException();

    /// <summary>When <see cref="Advance"/> is to be called at the latest.</summary>
    public bool TryGetNextDue(out Instant due) => throw new NotImplementedException();

    /// <summary>Accepts connections at a port.</summary>
    /// <param name="port">The port; 0 is refused.</param>
    /// <param name="backlog">The most connections that may wait to be accepted.</param>
    /// <param name="error">Why there is no listener.</param>
    public TcpListener? Listen(ushort port, int backlog, out SocketError error) => throw new NotImplementedException();

    /// <summary>Begins a connection; its owner is told when it stands or has failed.</summary>
    public TcpConnection? Connect(Endpoint remote, Instant now, out SocketError error) =>
        throw new NotImplementedException();

    /// <summary>Ends every connection at once without a word: the address is no longer ours.</summary>
    public void Drop(Ipv4Address local, Instant now) => throw new NotImplementedException();

    /// <summary>Connection number <paramref name="index"/> of <see cref="ConnectionCount"/>, for people.</summary>
    public TcpConnection ConnectionAt(int index) => throw new NotImplementedException();

    /// <summary>Listeners.</summary>
    public int ListenerCount => throw new NotImplementedException();

    /// <summary>Listener number <paramref name="index"/> of <see cref="ListenerCount"/>, for people.</summary>
    public TcpListener ListenerAt(int index) => throw new NotImplementedException();
}
