using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>The port of the <see cref="ControlService"/>.</summary>
public sealed class ControlPort : RemotePort
{
    private readonly ITeleporter teleporter;
    private readonly KernelLog log;

    /// <summary>A port that is still closed.</summary>
    public ControlPort(
        NodeLock node, EntropyPool entropy, NetworkService network, KernelLog log, ITeleporter teleporter)
        : base(node, entropy, network, log, ControlProtocol.Port)
    {
        this.teleporter = teleporter;
        this.log = log;
    }

    /// <inheritdoc/>
    protected override HandshakeService Make() => new ControlService(Node, Entropy, teleporter, log);
}
