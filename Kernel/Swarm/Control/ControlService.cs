using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>
/// Listens for operators who want the node moved. Strangers get a handshake, few at a time and with a bounded share of
/// the processor, and are then shown the door.
/// </summary>
public sealed class ControlService : HandshakeService
{
    /// <summary>Handshakes and conversations at the same time.</summary>
    public const int ConnectionsMax = 8;

    private readonly HandshakeGate gate = new(new HandshakeLimits
    {
        HalfOpenMax = 4,
        PerSourceMax = 2,
        WorkPerSecond = 20,
        WorkBurst = 6,
    });

    private readonly List<ControlVisit> visits = new(ConnectionsMax);
    private int turn;

    /// <summary>A service for a node.</summary>
    /// <param name="node">Who may be heard.</param>
    /// <param name="random">Keys of the moment; the service is started when it is ready.</param>
    /// <param name="teleporter">Who moves the node.</param>
    /// <param name="log">Where it is noted who has asked for what.</param>
    public ControlService(NodeLock node, IRandomSource random, ITeleporter teleporter, KernelLog log)
    {
        Node = node;
        Random = random;
        Teleporter = teleporter;
        Log = log;
    }

    /// <inheritdoc/>
    public override string Name => "control";

    /// <inheritdoc/>
    public override int ConnectionCount => visits.Count;

    internal NodeLock Node { get; }

    internal IRandomSource Random { get; }

    internal ITeleporter Teleporter { get; }

    internal KernelLog Log { get; }

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        for (int i = visits.Count - 1; i >= 0; i--)
        {
            ControlVisit visit = visits[i];
            visit.OnBeat(now);
            Settle(visit);
        }
    }

    /// <inheritdoc/>
    public override bool Compute(Instant now, out Instant due)
    {
        due = now;
        ControlVisit? next = NextToCompute();
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
        Settle(next);
        return NextToCompute() is not null;
    }

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        bool hasRoom = visits.Count < ConnectionsMax && Node.Boot.Key is not null;
        if (!hasRoom || !gate.TryEnter(connection.Remote.Address.Value, now, out int place, out bool replaced))
        {
            connection.Abort(now);
            return;
        }

        if (replaced && Find(place) is ControlVisit other)
        {
            other.Place = -1;
            other.End(now, true);
            Settle(other);
        }

        var visit = new ControlVisit(this, connection, now) { Place = place };
        visits.Add(visit);
        visit.Pump(now);
        Settle(visit);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        while (visits.Count > 0)
        {
            ControlVisit last = visits[^1];
            last.End(now, true);
            Settle(last);
        }
    }

    private void Settle(ControlVisit visit)
    {
        if (visit.Place >= 0 && (visit.IsOpen || visit.IsOver))
        {
            gate.Leave(visit.Place);
            visit.Place = -1;
        }

        if (visit.IsOver)
        {
            visits.Remove(visit);
        }
    }

    private ControlVisit? NextToCompute()
    {
        for (int i = 0; i < visits.Count; i++)
        {
            ControlVisit visit = visits[(i + turn) % visits.Count];
            if (visit.HasWork)
            {
                return visit;
            }
        }

        return null;
    }

    private ControlVisit? Find(int place)
    {
        foreach (ControlVisit visit in visits)
        {
            if (visit.Place == place)
            {
                return visit;
            }
        }

        return null;
    }
}
