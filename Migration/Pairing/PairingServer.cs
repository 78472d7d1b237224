using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Net.Services;
using HaukiOS.Swarm;

namespace HaukiOS.Migration;

/// <summary>How far a pairing has come, on either side.</summary>
public enum PairingState
{
    /// <summary>It is under way; on the target: it waits.</summary>
    Running,

    /// <summary>There are terms.</summary>
    Agreed,

    /// <summary>It is over without any.</summary>
    Failed,
}

/// <summary>What a machine brings that stands by for a node.</summary>
/// <param name="Key">By what the source knows it again. Stays the caller's, and must live on.</param>
/// <param name="Random">Keys and tokens; it is ready.</param>
/// <param name="Side">What the machine is at this moment.</param>
/// <param name="Judge">Says in a sentence why a node cannot come here; null if it can.</param>
public sealed record PairingHost(
    KeyPair Key, IRandomSource Random, Func<MoveSide> Side, Func<MoveOffer, string?> Judge)
{
    /// <summary>The code that the source has to say; null: none is taken. Stays the caller's.</summary>
    public PairingCode? Code { get; init; }

    /// <summary>Whether a node is known by its static key, and needs no code; null: none is.</summary>
    public Func<Fingerprint, bool>? Knows { get; init; }

    /// <summary>Set when <see cref="PairingServer.Step"/> has something to do, or there is a result.</summary>
    public PendingBit? Work { get; init; }
}

/// <summary>
/// The target's side of the pairing: a service at <see cref="PairingProtocol.Port"/> that agrees with one source, once.
/// Strangers get little: four handshakes at a time and a bounded share of the processor; whoever does not know the code
/// costs no computation at all, and after some wrong ones nobody gets in any more.
/// </summary>
public sealed class PairingServer : NetService
{
    /// <summary>Conversations at the same time, those past their handshake included.</summary>
    public const int ConversationsMax = 8;

    private readonly HandshakeGate gate = new(new HandshakeLimits
    {
        HalfOpenMax = 4,
        PerSourceMax = 2,
        WorkPerSecond = 40,
        WorkBurst = 12,
    });

    private readonly List<PairingVisit> visits = new(ConversationsMax);
    private readonly Instant codeEnds;
    private int turn;

    /// <summary>A service that waits from now on, as soon as it is started.</summary>
    public PairingServer(PairingHost host, Instant now)
    {
        Host = host;
        codeEnds = now.AddMilliseconds(PairingProtocol.CodeMilliseconds);
    }

    /// <summary>How far it has come.</summary>
    public PairingState State { get; private set; }

    /// <summary>Why nobody can come any more, in a sentence; null while somebody can.</summary>
    public string? Problem { get; private set; }

    /// <summary>What was agreed on, once it was; the caller's from then on.</summary>
    public SessionTerms? Terms { get; private set; }

    /// <summary>Wrong codes so far.</summary>
    public int WrongCodes { get; private set; }

    /// <inheritdoc/>
    public override string Name => "pairing";

    /// <inheritdoc/>
    public override int ConnectionCount => visits.Count;

    /// <summary>What the machine brings.</summary>
    internal PairingHost Host { get; }

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        if (State == PairingState.Running && Host.Code is not null && now >= codeEnds)
        {
            Fail("the code has expired");
        }

        for (int i = visits.Count - 1; i >= 0; i--)
        {
            visits[i].OnBeat(now);
            Settle(visits[i], now);
        }

        if (NextToCompute() is not null)
        {
            Host.Work?.Set();
        }
    }

    /// <summary>
    /// Computes a part of one handshake, at most one multiplication on the curve, if the ration allows it. The network
    /// is kicked afterwards.
    /// </summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        PairingVisit? next = NextToCompute();
        if (next is null || !gate.TryTakeWork(now))
        {
            return false;
        }

        turn++;
        next.Step(now);
        Settle(next, now);
        return NextToCompute() is not null;
    }

    /// <summary>Draws the consequences of what a conversation has come to.</summary>
    internal void Settle(PairingVisit visit, Instant now)
    {
        if (visit.Place >= 0 && (visit.IsOpen || visit.IsOver))
        {
            gate.Leave(visit.Place);
            visit.Place = -1;
        }

        if (!visit.IsOver)
        {
            return;
        }

        if (visits.Remove(visit) && visit.IsWrongCode && State == PairingState.Running)
        {
            WrongCodes++;
            if (WrongCodes == PairingProtocol.WrongCodesMax)
            {
                Fail($"somebody said a wrong code {WrongCodes} times");
            }
        }
    }

    /// <summary>A source has confirmed. The others have come for nothing.</summary>
    internal bool TryConclude(SessionTerms terms)
    {
        if (State != PairingState.Running)
        {
            return false;
        }

        Terms = terms;
        State = PairingState.Agreed;
        Host.Work?.Set();
        return true;
    }

    /// <inheritdoc/>
    protected override void OnAccepted(TcpConnection connection, Instant now)
    {
        bool hasRoom = State == PairingState.Running && visits.Count < ConversationsMax;
        if (!hasRoom || !gate.TryEnter(connection.Remote.Address.Value, now, out int place, out bool replaced))
        {
            connection.Abort(now);
            return;
        }

        if (replaced)
        {
            PairingVisit other = AtPlace(place);
            other.Place = -1;
            other.Finish(now, true);
            Settle(other, now);
        }

        var visit = new PairingVisit(this, connection, now) { Place = place };
        visits.Add(visit);
        visit.Pump(now);
        Settle(visit, now);
    }

    /// <inheritdoc/>
    protected override void DropConnections(Instant now)
    {
        while (visits.Count > 0)
        {
            PairingVisit last = visits[^1];
            last.Finish(now, !last.HasAgreed);
            Settle(last, now);
        }
    }

    private void Fail(string problem)
    {
        Problem = problem;
        State = PairingState.Failed;
        Host.Work?.Set();
    }

    private PairingVisit? NextToCompute()
    {
        for (int i = 0; i < visits.Count; i++)
        {
            PairingVisit visit = visits[(i + turn) % visits.Count];
            if (visit.HasWork)
            {
                return visit;
            }
        }

        return null;
    }

    private PairingVisit AtPlace(int place)
    {
        foreach (PairingVisit visit in visits)
        {
            if (visit.Place == place)
            {
                return visit;
            }
        }

        throw new InvalidOperationException("a place of a handshake is taken by nobody");
    }
}
