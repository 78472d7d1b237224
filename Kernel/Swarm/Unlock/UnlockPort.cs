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
    private PendingBit? pending;
    private LoopTimer? timer;
    private UnlockService? service;
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
        pending = loop.Add(this);
        timer = loop.AddTimer(this);
        loop.AddTimer(new Beat(this)).ScheduleEvery(BeatMilliseconds, Instant.PowerOn);
    }

    /// <summary>One step of a handshake in each turn of the loop, so that all others have theirs between.</summary>
    public void OnPending(Instant now)
    {
        if (service is null)
        {
            return;
        }

        bool hasMore = service.Compute(now, out Instant due);
        network.Kick();
        if (!hasMore)
        {
            return;
        }

        if (due > now)
        {
            timer!.Schedule(due);
        }
        else
        {
            pending!.Set();
        }
    }

    private void OnBeat(Instant now)
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
        var made = new UnlockService(node, entropy) { Work = pending };
        SocketError error = network.Services.Start(made, network.Stack, UnlockProtocol.Port);
        if (error == SocketError.None)
        {
            key = with;
            service = made;
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
            service = null;
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

    private sealed class Beat(UnlockPort port) : ILoopSource
    {
        public void OnPending(Instant now) => port.OnBeat(now);
    }
}
