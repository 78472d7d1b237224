using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Net.Services;

namespace HaukiOS.Swarm;

/// <summary>One conversation of a <see cref="HandshakeService"/>. It begins as a stranger's.</summary>
public interface IVisit : ISocketOwner
{
    /// <summary>Its place among the strangers; negative if it has none, or none any more.</summary>
    int Place { get; set; }

    /// <summary>Is there a part of a handshake to compute?</summary>
    bool HasWork { get; }

    /// <summary>Has it shown what it has to, so that it is no stranger any more?</summary>
    bool IsProved { get; }

    /// <summary>Is there nothing left to do with the connection but to close it?</summary>
    bool IsOver { get; }

    /// <summary>Why its channel failed, if it did.</summary>
    ChannelError Error { get; }

    /// <summary>Computes a part of the handshake: at most one multiplication on the curve.</summary>
    void Step(Instant now);

    /// <summary>Time has passed.</summary>
    void OnBeat(Instant now);

    /// <summary>Ends conversation and connection: with all that was said, or broken off.</summary>
    void End(Instant now, bool isAborted);
}

/// <summary>
/// A service whose connections begin with a handshake, which somebody has to compute. Strangers get few places, and a
/// bounded share of the processor; only who has proved something takes a place beside theirs.
/// </summary>
public abstract class HandshakeService : NetService
{
    private readonly HandshakeGate gate;
    private readonly List<IVisit> visits = [];
    private int turn;

    /// <summary>A service that bounds its strangers.</summary>
    protected HandshakeService(HandshakeLimits limits) => gate = new HandshakeGate(limits);

    /// <summary>Set when there is something to compute.</summary>
    public PendingBit? Work { get; set; }

    /// <summary>Connections accepted since the start.</summary>
    public uint Accepted { get; private set; }

    /// <summary>Connections turned away, or given up for others.</summary>
    public uint TurnedAway { get; private set; }

    /// <inheritdoc/>
    public override int ConnectionCount => visits.Count;

    /// <summary>The conversations, the oldest first.</summary>
    protected IReadOnlyList<IVisit> Visits => visits;

    /// <inheritdoc/>
    public override string? Describe() => $"{Accepted} accepted, {TurnedAway} turned away";

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        for (int i = visits.Count - 1; i >= 0; i--)
        {
            // Whoever is settled may make others go.
            if (i < visits.Count)
            {
                IVisit visit = visits[i];
                visit.OnBeat(now);
                Settle(visit, now);
            }
        }

        if (NextToCompute() is not null)
        {
            Work?.Set();
        }
    }

    /// <summary>
    /// Computes a part of one handshake, at most one multiplication on the curve, if it may. Each one that waits gets
    /// its turn.
    /// </summary>
    /// <param name="now">The present moment.</param>
    /// <param name="due">When to be called again; only if there is more to do.</param>
    /// <returns>True if there is more to do.</returns>
    public bool Compute(Instant now, out Instant due)
    {
        due = now;
        IVisit? next = NextToCompute();
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
        next.Step(now);
        Settle(next, now);
        return NextToCompute() is not null;
    }

    /// <summary>May anybody come in at present?</summary>
    protected abstract bool Welcomes();

    /// <summary>A conversation over a connection, at its beginning.</summary>
    protected abstract IVisit Receive(TcpConnection connection, Instant now);

    /// <summary>A visit is no stranger's any more.</summary>
    protected virtual void OnProved(IVisit visit, Instant now)
    {
    }

    /// <summary>A visit is over, and counted no more.</summary>
    protected virtual void OnOver(IVisit visit, Instant now)
    {
    }

    /// <summary>Draws the consequences of what a visit has come to.</summary>
    internal void Settle(IVisit visit, Instant now)
    {
        bool isProved = visit.Place >= 0 && visit.IsProved;
        if (visit.Place >= 0 && (isProved || visit.IsOver))
        {
            gate.Leave(visit.Place);
            visit.Place = -1;
        }

        if (isProved && !visit.IsOver)
        {
            OnProved(visit, now);
        }

        if (visit.IsOver && visits.Remove(visit))
        {
            visit.End(now, visit.Error != ChannelError.None);
            OnOver(visit, now);
        }
    }

    /// <summary>Breaks a visit off, to make room for another.</summary>
    protected void TurnAway(IVisit visit, Instant now)
    {
        TurnedAway++;
        visit.End(now, true);
        Settle(visit, now);
    }

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        Accepted++;
        if (!Welcomes() || !gate.TryEnter(connection.Remote.Address.Value, now, out int place, out bool replaced))
        {
            TurnedAway++;
            connection.Abort(now);
            return;
        }

        if (replaced)
        {
            IVisit other = AtPlace(place);
            other.Place = -1; // it is the newcomer's now
            TurnAway(other, now);
        }

        IVisit visit = Receive(connection, now);
        visit.Place = place;
        visits.Add(visit);
        visit.OnSocketReady(connection, now);
        Settle(visit, now);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        while (visits.Count > 0)
        {
            IVisit last = visits[^1];
            last.End(now, true);
            Settle(last, now);
        }
    }

    private IVisit? NextToCompute()
    {
        for (int i = 0; i < visits.Count; i++)
        {
            IVisit visit = visits[(i + turn) % visits.Count];
            if (visit.HasWork)
            {
                return visit;
            }
        }

        return null;
    }

    private IVisit AtPlace(int place)
    {
        foreach (IVisit visit in visits)
        {
            if (visit.Place == place)
            {
                return visit;
            }
        }

        throw new InvalidOperationException("a place of a handshake is taken by nobody");
    }
}

/// <summary>A visit that is no more than a channel: it ends when its time is over.</summary>
public abstract class VisitLine : ChannelLine, IVisit
{
    /// <summary>Takes a connection over.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="work">Set when there is something to compute, or to look at; null: nobody is told.</param>
    protected VisitLine(TcpConnection connection, PendingBit? work)
        : base(connection, work)
    {
    }

    /// <inheritdoc/>
    public int Place { get; set; } = -1;

    /// <inheritdoc/>
    public bool IsProved { get; protected set; }

    /// <summary>When it is broken off; null: not at all.</summary>
    protected Instant? Deadline { get; set; }

    /// <inheritdoc/>
    public virtual void OnBeat(Instant now)
    {
        Pump(now);
        if (!IsOver && now >= Deadline)
        {
            End(now, true);
        }
    }
}
