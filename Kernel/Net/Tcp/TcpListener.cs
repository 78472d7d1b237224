using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>A port at which connections are accepted (the LISTEN state of RFC 9293, section 3.3.2).</summary>
public sealed class TcpListener : NetSocket
{
    private readonly TcpLayer layer;
    private readonly int backlog;

    // Connections that stand and wait, the oldest first.
    private TcpConnection? first;
    private TcpConnection? last;

    internal TcpListener(TcpLayer layer, ushort port, int backlog)
    {
        this.layer = layer;
        this.backlog = backlog;
        Port = port;
    }

    /// <summary>The port.</summary>
    public ushort Port { get; }

    /// <summary>Connections that wait to be accepted.</summary>
    public int Waiting { get; private set; }

    /// <summary>May another connection wait?</summary>
    internal bool HasRoom => Waiting < backlog && !IsClosed;

    /// <summary>Does it listen no more?</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>
    /// The oldest connection that waits; null if there is none. Those that were broken off while they waited are passed
    /// over.
    /// </summary>
    public TcpConnection? Accept()
    {
        while (Take() is { } connection)
        {
            connection.OnAccepted();
            if (connection.State != TcpState.Closed || connection.ReceiveAvailable > 0)
            {
                return connection;
            }

            connection.Abort(layer.LastMoment);
        }

        return null;
    }

    /// <summary>Listens no more. Connections that were not accepted are broken off.</summary>
    public void Close(Instant now)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        layer.Forget(this, now);
        while (Take() is { } connection)
        {
            connection.OnAccepted();
            connection.Abort(now);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"*:{Port} listening, {Waiting} of {backlog} waiting";

    /// <summary>A connection stands, and waits from now on.</summary>
    internal void OnEstablished(TcpConnection connection)
    {
        if (last is null)
        {
            first = connection;
        }
        else
        {
            last.NextToAccept = connection;
        }

        last = connection;
        Waiting++;
        layer.Environment.Ready.Mark(this);
    }

    private TcpConnection? Take()
    {
        TcpConnection? connection = first;
        if (connection is not null)
        {
            first = connection.NextToAccept;
            last = first is null ? null : last;
            connection.NextToAccept = null;
            Waiting--;
        }

        return connection;
    }
}
