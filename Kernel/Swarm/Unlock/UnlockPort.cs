using HaukiOS.Entropy;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>The port of the <see cref="UnlockService"/>. Tells the console where the node can be reached.</summary>
public sealed class UnlockPort : RemotePort
{
    private Ipv4Address shown;

    /// <summary>A port that is still closed.</summary>
    public UnlockPort(NodeLock node, EntropyPool entropy, NetworkService network, KernelLog log)
        : base(node, entropy, network, log, UnlockProtocol.Port)
    {
    }

    /// <inheritdoc/>
    protected override HandshakeService Make() => new UnlockService(Node, Entropy);

    /// <inheritdoc/>
    protected override void OnLooked()
    {
        bool isUsable = IsOpen && Network.Stack.Arp.State == AddressState.InUse;
        Ipv4Address address = isUsable ? Network.Stack.Configuration.Address : Ipv4Address.Any;
        if (address != shown)
        {
            shown = address;
            Node.Place = address == Ipv4Address.Any ? null : new Endpoint(address, UnlockProtocol.Port).ToString();
        }
    }
}
