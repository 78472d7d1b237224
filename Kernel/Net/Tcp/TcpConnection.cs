using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>One conversation over TCP (RFC 9293).</summary>
public sealed class TcpConnection : NetSocket
{
    internal TcpConnection()
    {
    }

    /// <summary>Where it stands.</summary>
    public TcpState State => throw new NotImplementedException();

    /// <summary>This end.</summary>
    public Endpoint Local => throw new NotImplementedException();

    /// <summary>The other end.</summary>
    public Endpoint Remote => throw new NotImplementedException();

    /// <summary>Why it ended; <see cref="SocketError.None"/> while it lives and after an orderly end.</summary>
    public SocketError Error => throw new NotImplementedException();

    /// <summary>Send small segments at once instead of waiting for an acknowledgement (RFC 9293, section 3.7.4).</summary>
    public bool NoDelay { get; set; }

    /// <summary>
    /// Milliseconds of silence after which the peer is asked whether it is still there; 0: never
    /// (RFC 9293, section 3.8.4).
    /// </summary>
    public int KeepAliveMilliseconds { get; set; }

    /// <summary>Bytes that can be received at once.</summary>
    public int ReceiveAvailable => throw new NotImplementedException();

    /// <summary>Has the peer closed, and is everything it sent read?</summary>
    public bool IsReceiveClosed => throw new NotImplementedException();

    /// <summary>Bytes that <see cref="Send"/> would take now.</summary>
    public int SendSpace => throw new NotImplementedException();

    /// <summary>Bytes handed over that the peer has not acknowledged yet.</summary>
    public int SendPending => throw new NotImplementedException();

    /// <summary>What it has counted.</summary>
    public TcpStatistics Statistics => throw new NotImplementedException();

    /// <summary>Takes received bytes out.</summary>
    /// <returns>How many; 0 if there are none (see <see cref="IsReceiveClosed"/> and <see cref="Error"/>).</returns>
    public int Receive(Span<byte> into, Instant now) => throw new NotImplementedException();

    /// <summary>
    /// Received bytes where they lie; at the end of the ring fewer than <see cref="ReceiveAvailable"/>. Good until
    /// anything else is called.
    /// </summary>
    public ReadOnlySpan<byte> Peek() => throw new NotImplementedException();

    /// <summary>Drops bytes that <see cref="Peek"/> has shown.</summary>
    public void Consume(int count, Instant now) => throw new NotImplementedException();

    /// <summary>Hands bytes over for sending.</summary>
    /// <returns>How many were taken: from the beginning of <paramref name="data"/>, as far as there was room.</returns>
    public int Send(ReadOnlySpan<byte> data, Instant now) => throw new NotImplementedException();

    /// <summary>Sends no more after what was handed over: a FIN follows. Receiving goes on.</summary>
    public void Shutdown(Instant now) => throw new NotImplementedException();

    /// <summary>
    /// Ends both directions and gives the connection back to the stack, which sees it through. If received bytes
    /// are lost by it, the peer gets a reset (RFC 9293, section 3.6.1).
    /// </summary>
    public void Close(Instant now) => throw new NotImplementedException();

    /// <summary>Breaks off with a reset.</summary>
    public void Abort(Instant now) => throw new NotImplementedException();
}
