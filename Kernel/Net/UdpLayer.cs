using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>UDP: its sockets (RFC 768).</summary>
public sealed class UdpLayer
{
    /// <summary>Opens a socket.</summary>
    /// <param name="port">Its port; 0: any free one from 49152 up (RFC 6335).</param>
    /// <param name="error">Why there is none.</param>
    public UdpSocket? Open(ushort port, out SocketError error) => throw new NotImplementedException();

    /// <summary>Sockets open.</summary>
    public int SocketCount => throw new NotImplementedException();

    /// <summary>Socket number <paramref name="index"/> of <see cref="SocketCount"/>, for people.</summary>
    public UdpSocket SocketAt(int index) => throw new NotImplementedException();
}

/// <summary>A port for datagrams.</summary>
public sealed class UdpSocket : NetSocket
{
    /// <summary>Its port.</summary>
    public ushort Port => throw new NotImplementedException();

    /// <summary>
    /// Sends one datagram. <see cref="SocketError.WouldBlock"/>: the queue is full, and the owner is told when it is
    /// not any more.
    /// </summary>
    public SocketError Send(Endpoint to, ReadOnlySpan<byte> payload, Instant now) =>
        throw new NotImplementedException();

    /// <summary>Takes the oldest datagram; what does not fit into <paramref name="into"/> is lost.</summary>
    /// <param name="into">Room for it.</param>
    /// <param name="length">Its whole length, even if there was less room.</param>
    /// <param name="from">Who sent it.</param>
    public bool TryReceive(Span<byte> into, out int length, out Endpoint from) => throw new NotImplementedException();

    /// <summary>Takes what an ICMP message said about the last datagrams; none if nothing.</summary>
    public SocketError TakeError() => throw new NotImplementedException();

    /// <summary>Gives the port back.</summary>
    public void Close() => throw new NotImplementedException();
}
