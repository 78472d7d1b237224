using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>
/// Opens and closes the port of a service for operators: it is open while there is a network card, a boot key,
/// randomness for a handshake, and the operator's wish.
/// </summary>
public abstract class RemotePort : ILoopSource, ITimeJumpListener
{
    private const int BeatMilliseconds = 100;

    private readonly KernelLog log;
    private readonly ushort port;
    private PendingBit? pending;
    private LoopTimer? timer;
    private HandshakeService? service;
    private KeyPair? key;
    private SocketError lastError;

    /// <summary>A port that is still closed.</summary>
    protected RemotePort(NodeLock node, EntropyPool entropy, NetworkService network, KernelLog log, ushort port)
    {
        Node = node;
        Entropy = entropy;
        Network = network;
        this.log = log;
        this.port = port;
    }

    /// <summary>The lock, and what is known before unlocking.</summary>
    protected NodeLock Node { get; }

    /// <summary>Keys of the moment.</summary>
    protected EntropyPool Entropy { get; }

    /// <summary>Where the port is.</summary>
    protected NetworkService Network { get; }

    /// <summary>Is the port open?</summary>
    protected bool IsOpen => key is not null;

    /// <summary>Puts it into the loop.</summary>
    public void Join(EventLoop loop)
    {
        Node.IsReachable = Network.Device is not null;
        pending = loop.Add(this);
        timer = loop.AddTimer(this);
        loop.AddTimer(new Beat(this)).ScheduleEvery(BeatMilliseconds, Instant.PowerOn);
    }

    /// <summary>
    /// Where another copy of the node may exist, no conversation goes on: both would seal different words with the
    /// same keys and numbers. The port opens again as soon as there is randomness that the copy does not have.
    /// </summary>
    public void OnTimeJump(in TimeJump jump)
    {
        if (jump.MayBeCopied)
        {
            Close(jump.Now);
        }
    }

    /// <summary>One step of a handshake in each turn of the loop, so that all others have theirs between.</summary>
    public void OnPending(Instant now)
    {
        if (service is null)
        {
            return;
        }

        bool hasMore = service.Compute(now, out Instant due);
        Network.Kick();
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

    /// <summary>What is offered at the port, made anew whenever it is opened.</summary>
    protected abstract HandshakeService Make();

    /// <summary>It is known whether the port is open now.</summary>
    protected virtual void OnLooked()
    {
    }

    private void OnBeat(Instant now)
    {
        Node.IsReachable = Network.Device is not null;
        bool isWanted = Node.IsReachable && Entropy.IsReady && Node.Boot.Record is { AllowsNetworkUnlock: true };
        KeyPair? wanted = isWanted ? Node.Boot.Key : null;
        if (wanted != key)
        {
            Close(now);
            if (wanted is not null)
            {
                Open(wanted);
            }
        }

        OnLooked();
    }

    private void Open(KeyPair with)
    {
        HandshakeService made = Make();
        made.Work = pending;
        SocketError error = Network.Services.Start(made, Network.Stack, port);
        if (error == SocketError.None)
        {
            key = with;
            service = made;
        }
        else if (error != lastError)
        {
            log.Add($"{made.Name}: {error.Sentence()}");
        }

        lastError = error;
    }

    private void Close(Instant now)
    {
        if (key is not null)
        {
            Network.Services.Stop(port, now);
            Network.Kick();
            key = null;
            service = null;
        }
    }

    private sealed class Beat(RemotePort owner) : ILoopSource
    {
        public void OnPending(Instant now) => owner.OnBeat(now);
    }
}
