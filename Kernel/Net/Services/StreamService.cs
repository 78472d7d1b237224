using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>A service whose connections have nothing to do with each other.</summary>
public abstract class StreamService : NetService
{
    /// <summary>Connections at the same time; further ones are broken off when they are accepted.</summary>
    public const int ConnectionMax = 256;

    private readonly StreamSession?[] sessions = new StreamSession[ConnectionMax];
    private int count;

    /// <inheritdoc/>
    public override int ConnectionCount => count;

    /// <summary>Connections accepted since the start.</summary>
    public uint Accepted { get; private set; }

    /// <summary>Connections broken off because there were <see cref="ConnectionMax"/> already.</summary>
    public uint Refused { get; private set; }

    /// <inheritdoc/>
    public override string? Describe() =>
        $"{Accepted} accepted" + (Refused > 0 ? $", {Refused} refused" : string.Empty);

    internal void Remove(StreamSession session)
    {
        sessions[session.Place] = null;
        count--;
    }

    /// <summary>One line that asks for another turn after those of the others.</summary>
    internal void AskAgain(NetSocket socket) => Ready?.Mark(socket);

    /// <summary>What looks after one connection.</summary>
    internal abstract StreamSession Begin(TcpConnection connection);

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        int place = count < ConnectionMax ? Array.IndexOf(sessions, null) : -1;
        if (place < 0)
        {
            Refused++;
            connection.Abort(now);
            return;
        }

        Accepted++;
        count++;
        StreamSession session = Begin(connection);
        session.Place = place;
        sessions[place] = session;
        connection.Owner = session;

        // What came before it was accepted was told to nobody.
        session.OnSocketReady(connection, now);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        foreach (StreamSession? session in sessions)
        {
            session?.Connection.Abort(now);
        }

        Array.Clear(sessions);
        count = 0;
    }
}

/// <summary>One connection of a <see cref="StreamService"/>.</summary>
internal abstract class StreamSession(StreamService service, TcpConnection connection) : ISocketOwner
{
    /// <summary>The connection, this session being its owner.</summary>
    public TcpConnection Connection { get; } = connection;

    /// <summary>Its place in the service's table.</summary>
    public int Place { get; set; }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (Connection.Owner != this)
        {
            return;
        }

        bool over = Connection.State == TcpState.Closed || Connection.Error != SocketError.None;
        if (over || Work(now))
        {
            Connection.Owner = null;
            Connection.Close(now);
            service.Remove(this);
        }
    }

    /// <summary>Moves on what has arrived.</summary>
    /// <returns>True if the conversation is over; what was sent still goes out.</returns>
    protected abstract bool Work(Instant now);

    /// <summary>There is more to do, in another turn of the loop.</summary>
    protected void AskAgain() => service.AskAgain(Connection);
}
