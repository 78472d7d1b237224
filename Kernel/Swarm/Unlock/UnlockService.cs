using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Net;

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
    /// <summary>A service for a lock.</summary>
    /// <param name="node">The lock, and whether it may be answered at all.</param>
    /// <param name="random">Keys of the moment; the service is started when it is ready.</param>
    public UnlockService(NodeLock node, IRandomSource random)
        : base(new HandshakeLimits
        {
            HalfOpenMax = HandshakesMax,
            PerSourceMax = HandshakesPerAddressMax,
            WorkPerSecond = 40,
            WorkBurst = 12,
        })
    {
        this.node = node;
        this.random = random;
    }

    /// <inheritdoc/>
    public override string Name => "unlock";

    /// <inheritdoc/>
    protected override bool Welcomes() => node.Boot.Key is not null && node.Boot.Record!.AllowsNetworkUnlock;

    /// <inheritdoc/>
    protected override IVisit Receive(TcpConnection connection, Instant now)
    {
        connection.NoDelay = true;
        connection.UserTimeoutMilliseconds = UserTimeoutMilliseconds;
        var session = new UnlockSession(node, random, connection.Remote.Address.ToString(), now);
        var made = new UnlockConnection(this, session, connection);
        connection.Owner = made;
        return made;
    }

    /// <inheritdoc/>
    protected override void OnProved(IVisit visit, Instant now) => MakeRoom((UnlockConnection)visit, now);

    // A conversation begins. If that is one too many, one that has had its time goes, or else the new one; those who
    // have opened the lock before stay, and so does the one whose answers are being looked at.
    private void MakeRoom(UnlockConnection newcomer, Instant now)
    {
        newcomer.Since = now;
        int count = 0;
        UnlockConnection? oldest = null;
        foreach (IVisit visit in Visits)
        {
            var connection = (UnlockConnection)visit;
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

        bool hadItsTime = oldest is not null
            && (newcomer.Session.IsKnown || now - oldest.Since >= GraceMilliseconds * 1_000_000L);
        TurnAway(hadItsTime ? oldest! : newcomer, now);
    }
}

/// <summary>One connection of the <see cref="UnlockService"/>: carries bytes between a socket and a session.</summary>
internal sealed class UnlockConnection(UnlockService service, UnlockSession session, TcpConnection connection)
    : IVisit
{
    /// <summary>The conversation.</summary>
    public UnlockSession Session { get; } = session;

    /// <inheritdoc/>
    public int Place { get; set; } = -1;

    /// <summary>When the handshake was done.</summary>
    public Instant Since { get; set; }

    /// <inheritdoc/>
    public bool HasWork => Session.HasWork;

    /// <inheritdoc/>
    /// <remarks>Whoever has done a handshake may answer; its conversation gives way to others.</remarks>
    public bool IsProved => !Session.IsHandshaking;

    /// <inheritdoc/>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public ChannelError Error => Session.Error;

    /// <inheritdoc/>
    public void OnSocketReady(NetSocket socket, Instant now)
    {
        if (connection.Owner == this)
        {
            Work(now);
            service.Settle(this, now);
        }
    }

    /// <inheritdoc/>
    public void Step(Instant now)
    {
        Session.Step(now);
        Work(now);
    }

    /// <inheritdoc/>
    public void OnBeat(Instant now)
    {
        Session.OnBeat(now);
        Work(now);
    }

    /// <summary>Moves on what can be moved on without waiting.</summary>
    private void Work(Instant now)
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

    /// <inheritdoc/>
    public void End(Instant now, bool isAborted)
    {
        IsOver = true;
        Session.Dispose();
        if (connection.Owner != this)
        {
            return; // it has ended before
        }

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
