using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
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
public sealed class PairingServer : HandshakeService
{
    /// <summary>Conversations at the same time, those past their handshake included.</summary>
    public const int ConversationsMax = 8;

    private readonly Instant codeEnds;

    /// <summary>A service that waits from now on, as soon as it is started.</summary>
    public PairingServer(PairingHost host, Instant now)
        : base(new HandshakeLimits { HalfOpenMax = 4, PerSourceMax = 2, WorkPerSecond = 40, WorkBurst = 12 })
    {
        Host = host;
        Work = host.Work;
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

    /// <summary>What the machine brings.</summary>
    internal PairingHost Host { get; }

    /// <inheritdoc/>
    public override void OnBeat(Instant now)
    {
        if (State == PairingState.Running && Host.Code is not null && now >= codeEnds)
        {
            Fail("the code has expired");
        }

        base.OnBeat(now);
    }

    /// <summary>
    /// Computes a part of one handshake, at most one multiplication on the curve, if the ration allows it. The network
    /// is kicked afterwards.
    /// </summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now) => Compute(now, out Instant due) && due <= now;

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
    protected override bool Welcomes() => State == PairingState.Running && ConnectionCount < ConversationsMax;

    /// <inheritdoc/>
    protected override IVisit Receive(TcpConnection connection, Instant now) =>
        new PairingVisit(this, connection, now);

    /// <inheritdoc/>
    protected override void OnOver(IVisit visit, Instant now)
    {
        if (visit is PairingVisit { IsWrongCode: true } && State == PairingState.Running)
        {
            WrongCodes++;
            if (WrongCodes == PairingProtocol.WrongCodesMax)
            {
                Fail($"somebody said a wrong code {WrongCodes} times");
            }
        }
    }

    private void Fail(string problem)
    {
        Problem = problem;
        State = PairingState.Failed;
        Host.Work?.Set();
    }
}
