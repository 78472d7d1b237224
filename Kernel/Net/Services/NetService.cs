using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>
/// Something that the node offers at a TCP port and that needs nobody to look after it. The event loop tells it what
/// happens at its sockets, and ten times a second that time has passed.
/// </summary>
public abstract class NetService : ISocketOwner
{
    /// <summary>Connections that may wait to be accepted.</summary>
    public const int Backlog = 64;

    /// <summary>Silence after which a peer is asked whether it is still there: nobody holds a place for ever.</summary>
    protected const int KeepAliveMilliseconds = 30_000;

    private TcpListener? listener;

    /// <summary>One word for people.</summary>
    public abstract string Name { get; }

    /// <summary>The port; 0 before the start.</summary>
    public ushort Port { get; private set; }

    /// <summary>Connections that stand at present.</summary>
    public abstract int ConnectionCount { get; }

    /// <summary>The layer of the sockets, after the start.</summary>
    protected ReadyList? Ready { get; private set; }

    /// <summary>Begins to accept connections.</summary>
    /// <returns><see cref="SocketError.None"/>, or why it cannot.</returns>
    public SocketError Start(NetworkStack stack, ushort port)
    {
        listener = stack.Tcp.Listen(port, Backlog, out SocketError error);
        if (listener is null)
        {
            return error;
        }

        listener.Owner = this;
        Port = port;
        Ready = stack.Ready;
        return SocketError.None;
    }

    /// <summary>Breaks every connection off and frees the port.</summary>
    public void Stop(Instant now)
    {
        listener?.Close(now);
        listener = null;
        DropConnections(now);
    }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        // All that wait: their number is bounded by the backlog.
        while (listener?.Accept() is TcpConnection connection)
        {
            connection.KeepAliveMilliseconds = KeepAliveMilliseconds;
            OnAccepted(connection, now);
        }
    }

    /// <summary>Time has passed.</summary>
    public virtual void OnBeat(Instant now)
    {
    }

    /// <summary>A line about what it is doing, for people; null if there is nothing to say.</summary>
    public virtual string? Describe() => null;

    /// <summary>A new connection; whoever takes it makes itself its owner.</summary>
    protected abstract void OnAccepted(TcpConnection connection, Instant now);

    /// <summary>Breaks every connection off.</summary>
    protected abstract void DropConnections(Instant now);
}
