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

    /// <summary>A service for a node.</summary>
    /// <param name="node">Who may be heard.</param>
    /// <param name="random">Keys of the moment; the service is started when it is ready.</param>
    /// <param name="teleporter">Who moves the node.</param>
    /// <param name="log">Where it is noted who has asked for what.</param>
    public ControlService(NodeLock node, IRandomSource random, ITeleporter teleporter, KernelLog log)
        : base(new HandshakeLimits { HalfOpenMax = 4, PerSourceMax = 2, WorkPerSecond = 20, WorkBurst = 6 })
    {
        Node = node;
        Random = random;
        Teleporter = teleporter;
        Log = log;
    }

    /// <inheritdoc/>
    public override string Name => "control";

    internal NodeLock Node { get; }

    internal IRandomSource Random { get; }

    internal ITeleporter Teleporter { get; }

    internal KernelLog Log { get; }

    /// <inheritdoc/>
    protected override bool Welcomes() => ConnectionCount < ConnectionsMax && Node.Boot.Key is not null;

    /// <inheritdoc/>
    protected override IVisit Receive(TcpConnection connection, Instant now) =>
        new ControlVisit(this, connection, now);
}
