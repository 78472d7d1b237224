using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>Why a socket refused or ended. <see cref="SocketErrors.Sentence"/> says it to people.</summary>
public enum SocketError
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The port is taken.</summary>
    AddressInUse,

    /// <summary>Every port for outgoing conversations is taken.</summary>
    NoPortsLeft,

    /// <summary>The stack holds as many sockets as it may.</summary>
    TooManySockets,

    /// <summary>The socket is closed, or was never connected.</summary>
    NotConnected,

    /// <summary>Somebody answered that nobody listens there.</summary>
    ConnectionRefused,

    /// <summary>The peer broke the connection off.</summary>
    ConnectionReset,

    /// <summary>No answer in all the time there was.</summary>
    TimedOut,

    /// <summary>A router, or silence on our own wire, says that the host is not there.</summary>
    HostUnreachable,

    /// <summary>There is no way to that network from here.</summary>
    NetworkUnreachable,

    /// <summary>This node has no address yet.</summary>
    NetworkDown,

    /// <summary>The datagram is longer than can be sent.</summary>
    MessageTooLong,

    /// <summary>The queue is full; later there will be room.</summary>
    WouldBlock,

    /// <summary>It was closed on this side.</summary>
    Closed,
}

/// <summary>Errors in words.</summary>
public static class SocketErrors
{
    /// <summary>One short clause without a full stop, for the end of a sentence.</summary>
    public static string Sentence(this SocketError error) => error switch
    {
        SocketError.None => "no error",
        SocketError.AddressInUse => "the port is in use",
        SocketError.NoPortsLeft => "every port for outgoing connections is in use",
        SocketError.TooManySockets => "too many sockets are open",
        SocketError.NotConnected => "not connected",
        SocketError.ConnectionRefused => "connection refused",
        SocketError.ConnectionReset => "connection reset by the peer",
        SocketError.TimedOut => "timed out",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.NetworkDown => "this node has no network address",
        SocketError.MessageTooLong => "the message is too long",
        SocketError.WouldBlock => "the queue is full",
        _ => "closed",
    };
}

/// <summary>Whoever uses a socket: told, from the event loop, that something about it has changed.</summary>
public interface ISocketOwner
{
    /// <summary>
    /// There may be something to receive, to accept, room to send, or an end. Says only "look again": the socket
    /// itself tells what there is.
    /// </summary>
    void OnSocketReady(NetSocket socket, Instant now);
}

/// <summary>
/// What all sockets share: an owner, and a place in the list of those whose owners are to be told. The list runs
/// through the sockets themselves, so it needs no memory of its own and cannot overflow.
/// </summary>
public abstract class NetSocket
{
    internal NetSocket? NextReady;
    internal bool IsReady;

    /// <summary>Who is told about changes; null: whoever holds the socket looks by itself.</summary>
    public ISocketOwner? Owner { get; set; }
}

/// <summary>
/// The sockets whose owners are to be told, in the order in which they became ready. Owners are never called from
/// inside the stack: they may do with it what they like when they are called.
/// </summary>
public sealed class ReadyList
{
    private NetSocket? first;
    private NetSocket? last;

    /// <summary>Is nobody to be told?</summary>
    public bool IsEmpty => first is null;

    /// <summary>Puts a socket at the end, unless it is in the list already.</summary>
    internal void Mark(NetSocket socket)
    {
        if (socket.IsReady)
        {
            return;
        }

        socket.IsReady = true;
        if (last is null)
        {
            first = socket;
        }
        else
        {
            last.NextReady = socket;
        }

        last = socket;
    }

    /// <summary>Takes the first socket out; null if there is none.</summary>
    public NetSocket? Take()
    {
        NetSocket? socket = first;
        if (socket is not null)
        {
            first = socket.NextReady;
            last = first is null ? null : last;
            socket.NextReady = null;
            socket.IsReady = false;
        }

        return socket;
    }
}
