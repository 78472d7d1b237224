using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>
/// Opens and closes the port of the <see cref="UnlockService"/>: it is open while there is a network card, a boot key,
/// randomness for a handshake, and the operator's wish. Tells the console where the node can be reached.
/// </summary>
public sealed class UnlockPort : ILoopSource
{
    private const int BeatMilliseconds = 100;

    private readonly NodeLock node;
    private readonly EntropyPool entropy;
    private readonly NetworkService network;
    private readonly KernelLog log;
    private KeyPair? key;
    private SocketError lastError;
    private Ipv4Address shown;

    /// <summary>A port that is still closed.</summary>
    public UnlockPort(NodeLock node, EntropyPool entropy, NetworkService network, KernelLog log)
    {
        this.node = node;
        this.entropy = entropy;
        this.network = network;
        this.log = log;
    }

    /// <summary>Puts it into the loop.</summary>
    public void Join(EventLoop loop)
    {
        node.IsReachable = network.Device is not null;
        loop.AddTimer(this).ScheduleEvery(BeatMilliseconds, Instant.PowerOn);
    }

    /// <inheritdoc/>
    public void OnPending(Instant now)
    {
        node.IsReachable = network.Device is not null;
        bool isWanted = node.IsReachable && entropy.IsReady && node.Boot.Record is { AllowsNetworkUnlock: true };
        KeyPair? wanted = isWanted ? node.Boot.Key : null;
        if (wanted != key)
        {
            Close(now);
            if (wanted is not null)
            {
                Open(wanted);
            }
        }

        ShowPlace();
    }

    private void Open(KeyPair with)
    {
        SocketError error = network.Services.Start(
            new UnlockService(node, entropy), network.Stack, UnlockProtocol.Port);
        if (error == SocketError.None)
        {
            key = with;
        }
        else if (error != lastError)
        {
            log.Add($"network unlock: {error.Sentence()}");
        }

        lastError = error;
    }

    private void Close(Instant now)
    {
        if (key is not null)
        {
            network.Services.Stop(UnlockProtocol.Port, now);
            network.Kick();
            key = null;
        }
    }

    private void ShowPlace()
    {
        bool isUsable = key is not null && network.Stack.Arp.State == AddressState.InUse;
        Ipv4Address address = isUsable ? network.Stack.Configuration.Address : Ipv4Address.Any;
        if (address != shown)
        {
            shown = address;
            node.Place = address == Ipv4Address.Any ? null : new Endpoint(address, UnlockProtocol.Port).ToString();
        }
    }
}
