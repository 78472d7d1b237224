using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Net.Services;

namespace HaukiOS.Swarm;

/// <summary>
/// Listens for operators who answer the lock from afar. Whoever has proved nothing gets little: few places, for a few
/// seconds, and a bounded share of the processor, so that neither the console nor a derivation is starved. Whoever has
/// opened this lock before goes before all others.
/// </summary>
public sealed class UnlockService : HandshakeService
{
    /// <summary>Handshakes at the same time.</summary>
    public const int HandshakesMax = 8;

    /// <summary>Of those, how many for one address.</summary>
    public const int HandshakesPerAddressMax = 4;

    /// <summary>Conversations past their handshake at the same time.</summary>
    public const int ConversationsMax = 6;

    /// <summary>How long a conversation is left alone before it can be given up for another one.</summary>
    public const int GraceMilliseconds = 1_500;

    // What was sent last may take so long to be acknowledged.
    private const int UserTimeoutMilliseconds = 15_000;

    private readonly NodeLock node;
    private readonly IRandomSource random;
    private readonly HandshakeGate gate = new(new HandshakeLimits
    {
        HalfOpenMax = HandshakesMax,
        PerSourceMax = HandshakesPerAddressMax,
        WorkPerSecond = 40,
        WorkBurst = 12,
    });

    private readonly List<UnlockConnection> connections = new(HandshakesMax + ConversationsMax);
    private int turn;

    /// <summary>A service for a lock.</summary>
    /// <param name="node">The lock, and whether it may be answered at all.</param>
    /// <param name="random">Keys of the moment; the service is started when it is ready.</param>
    public UnlockService(NodeLock node, IRandomSource random)
    {
        this.node = node;
        this.random = random;
    }

    /// <inheritdoc/>
    public override string Name => "unlock";

    /// <inheritdoc/>
    public override int ConnectionCount => connections.Count;

    /// <summary>Connections accepted since the start.</summary>
    public uint Accepted { get; private set; }

    /// <summary>Connections turned away, or given up for others.</summary>
    public uint TurnedAway { get; private set; }

    /// <inheritdoc/>
    public override string? Describe() => $"{Accepted} accepted, {TurnedAway} turned away";

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        foreach (UnlockConnection connection in connections)
        {
            connection.Session.OnBeat(now);
            connection.Work(now);
        }

        // Whoever is settled may make others go.
        for (int i = connections.Count - 1; i >= 0; i--)
        {
            if (i < connections.Count)
            {
                Settle(connections[i], now);
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>Each handshake that waits gets its turn.</remarks>
    public override bool Compute(Instant now, out Instant due)
    {
        due = now;
        UnlockConnection? next = NextToCompute();
        if (next is null)
        {
            return false;
        }

        if (!gate.TryTakeWork(now))
        {
            due = gate.WorkDue;
            return true;
        }

        turn++;
        next.Session.Step(now);
        next.Work(now);
        Settle(next, now);
        return NextToCompute() is not null;
    }

    /// <summary>Draws the consequences of what a connection has come to.</summary>
    internal void Settle(UnlockConnection connection, Instant now)
    {
        if (connection.Place >= 0 && !connection.Session.IsHandshaking)
        {
            gate.Leave(connection.Place);
            connection.Place = -1;
            if (!connection.IsOver)
            {
                MakeRoom(connection, now);
            }
        }

        if (connection.IsOver)
        {
            Drop(connection, now, connection.Session.Error != ChannelError.None);
        }
    }

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        Accepted++;
        Ipv4Address source = connection.Remote.Address;
        bool isWanted = node.Boot.Key is not null && node.Boot.Record!.AllowsNetworkUnlock;
        if (!isWanted || !gate.TryEnter(source.Value, now, out int place, out bool replaced))
        {
            TurnedAway++;
            connection.Abort(now);
            return;
        }

        if (replaced)
        {
            TurnedAway++;
            UnlockConnection other = AtPlace(place);
            other.Place = -1;
            Drop(other, now, true);
        }

        connection.NoDelay = true;
        connection.UserTimeoutMilliseconds = UserTimeoutMilliseconds;
        var session = new UnlockSession(node, random, source.ToString(), now);
        var made = new UnlockConnection(this, session, connection) { Place = place };
        connections.Add(made);
        connection.Owner = made;
        made.OnSocketReady(connection, now);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        while (connections.Count > 0)
        {
            UnlockConnection last = connections[^1];
            if (last.Place >= 0)
            {
                gate.Leave(last.Place);
            }

            Drop(last, now, true);
        }
    }

    private UnlockConnection? NextToCompute()
    {
        for (int i = 0; i < connections.Count; i++)
        {
            UnlockConnection connection = connections[(i + turn) % connections.Count];
            if (connection.Session.HasWork)
            {
                return connection;
            }
        }

        return null;
    }

    private UnlockConnection AtPlace(int place)
    {
        foreach (UnlockConnection connection in connections)
        {
            if (connection.Place == place)
            {
                return connection;
            }
        }

        throw new InvalidOperationException("a place of a handshake is taken by nobody");
    }

    // A conversation begins. If that is one too many, one that has had its time goes, or else the new one; those who
    // have opened the lock before stay, and so does the one whose answers are being looked at.
    private void MakeRoom(UnlockConnection newcomer, Instant now)
    {
        newcomer.Since = now;
        int count = 0;
        UnlockConnection? oldest = null;
        foreach (UnlockConnection connection in connections)
        {
            count += connection.Place < 0 ? 1 : 0;
            bool canGo = connection.Place < 0
                && connection != newcomer
                && !connection.Session.IsTrying
                && (!connection.Session.IsKnown || newcomer.Session.IsKnown);
            if (canGo && (oldest is null || connection.Since < oldest.Since))
            {
                oldest = connection;
            }
        }

        if (count <= ConversationsMax)
        {
            return;
        }

        TurnedAway++;
        bool hadItsTime = oldest is not null
            && (newcomer.Session.IsKnown || now - oldest.Since >= GraceMilliseconds * 1_000_000L);
        Drop(hadItsTime ? oldest! : newcomer, now, true);
    }

    private void Drop(UnlockConnection connection, Instant now, bool isAborted)
    {
        if (connections.Remove(connection))
        {
            connection.End(now, isAborted);
        }
    }
}

/// <summary>One connection of the <see cref="UnlockService"/>: carries bytes between a socket and a session.</summary>
internal sealed class UnlockConnection(UnlockService service, UnlockSession session, TcpConnection connection)
    : ISocketOwner
{
    /// <summary>The conversation.</summary>
    public UnlockSession Session { get; } = session;

    /// <summary>Its place among the handshakes; negative once that is done.</summary>
    public int Place { get; set; } = -1;

    /// <summary>When the handshake was done.</summary>
    public Instant Since { get; set; }

    /// <summary>Is there nothing left to do but to close?</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (connection.Owner == this)
        {
            Work(now);
            service.Settle(this, now);
        }
    }

    /// <summary>Moves on what can be moved on without waiting.</summary>
    public void Work(Instant now)
    {
        while (!IsOver)
        {
            bool moved = Receive(now) | Send(now);
            IsOver = Session.IsOver || connection.Error != SocketError.None;
            if (!moved)
            {
                break;
            }
        }

        if (Session.HasWork)
        {
            service.Work?.Set();
        }
    }

    /// <summary>Ends the conversation and the connection.</summary>
    public void End(Instant now, bool isAborted)
    {
        IsOver = true;
        Session.Dispose();
        connection.Owner = null;
        if (isAborted)
        {
            connection.Abort(now);
        }
        else
        {
            connection.Close(now);
        }
    }

    private bool Receive(Instant now)
    {
        ReadOnlySpan<byte> bytes = connection.Peek();
        int taken = bytes.IsEmpty ? 0 : Session.Feed(bytes, now);
        if (taken > 0)
        {
            connection.Consume(taken, now);
        }
        else if (connection.IsReceiveClosed || connection.Error != SocketError.None)
        {
            Session.FeedEnd(now);
        }

        return taken > 0;
    }

    private bool Send(Instant now)
    {
        ReadOnlySpan<byte> output = Session.Output;
        int sent = output.IsEmpty ? 0 : connection.Send(output, now);
        Session.ConsumeOutput(sent);
        return sent > 0;
    }
}
