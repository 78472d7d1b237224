using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>Ethernet frames of types that the stack does not speak itself.</summary>
public sealed class RawEthernetLayer
{
    /// <summary>Opens a socket for one type.</summary>
    public RawSocket? Open(ushort etherType, out SocketError error) => throw new NotImplementedException();
}

/// <summary>Sends and takes the payloads of frames of one type.</summary>
public sealed class RawSocket : NetSocket
{
    /// <summary>The longest payload of a frame.</summary>
    public const int PayloadMax = 1500;

    /// <summary>Its type.</summary>
    public ushort Type => throw new NotImplementedException();

    /// <summary>
    /// Queues one frame. <see cref="SocketError.WouldBlock"/>: the queue is full, and the owner is told when it is not
    /// any more.
    /// </summary>
    public SocketError Send(MacAddress to, ReadOnlySpan<byte> payload) => throw new NotImplementedException();

    /// <summary>Takes the payload of the oldest frame, padding included.</summary>
    public bool TryReceive(Span<byte> into, out int length, out MacAddress from) => throw new NotImplementedException();

    /// <summary>Ends it.</summary>
    public void Close() => throw new NotImplementedException();
}
