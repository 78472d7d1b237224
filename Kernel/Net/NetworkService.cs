using System;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net.Services;

namespace HaukiOS.Net;

/// <summary>
/// Brings a network card and the stack together in the event loop: received frames go in, whoever owns a socket is
/// told, and what is then to be sent goes out, in that order, so that an acknowledgement already speaks of the window
/// that the owner has opened. The card may be missing, and may be changed for another one.
/// </summary>
public sealed class NetworkService : ILoopSource, IFrameSink, ITimeJumpListener
{
    /// <summary>Frames received before owners are told and frames are sent: few, so that answers are timely.</summary>
    public const int FramesPerBatch = 16;

    /// <summary>Batches in one turn of the loop, at most.</summary>
    public const int BatchesPerTurn = 8;

    /// <summary>Sockets whose owners are told in one batch.</summary>
    public const int OwnersPerBatch = 32;

    /// <summary>Frames sent in one batch. Most cards have room for far fewer.</summary>
    public const int SentPerBatch = 32;

    /// <summary>
    /// No batch is begun in a turn that has taken so long. A batch takes a good deal less than the rest of the 5 ms.
    /// </summary>
    public const long TurnNanoseconds = 2_000_000;

    /// <summary>How often the card is looked at without an interrupt.</summary>
    public const int BeatMilliseconds = 100;

    private readonly IClock clock;
    private readonly EntropyPool entropy;
    private readonly KernelLog log;
    private PendingBit? pending;
    private LoopTimer? timer;
    private bool seeded;
    private bool sideIsNext;
    private LinkState lastLink;
    private AddressState lastAddressState;
    private InterfaceConfiguration lastConfiguration;

    /// <summary>A stack for one card.</summary>
    /// <param name="clock">The monotonic clock.</param>
    /// <param name="entropy">Where the stack's secret comes from, as soon as it can.</param>
    /// <param name="log">Where changes of link and address are noted.</param>
    /// <param name="device">The card; null if the machine has none.</param>
    public NetworkService(IClock clock, EntropyPool entropy, KernelLog log, INetworkDevice? device)
    {
        this.clock = clock;
        this.entropy = entropy;
        this.log = log;
        Span<byte> secret = stackalloc byte[NetworkStack.SecretLength];

        // Good enough for what is said before the pool is ready. Keys have nothing to do with it.
        entropy.FillWeak(secret);
        Stack = new NetworkStack(device?.Address ?? MakeUpStation(entropy), secret);
        Use(device);
        lastLink = device?.Link ?? LinkState.Unknown;
    }

    /// <summary>The stack.</summary>
    public NetworkStack Stack { get; }

    /// <summary>The card; null if there is none.</summary>
    public INetworkDevice? Device { get; private set; }

    /// <summary>What was wanted last.</summary>
    public NetworkSettings Settings { get; private set; } = NetworkSettings.Off;

    /// <summary>Who shares the card with the stack; null: nobody. Takes turns with it in sending.</summary>
    public IFrameSide? Side { get; set; }

    /// <summary>Is the stack kept from saying anything? What it has to say waits.</summary>
    public bool IsStackHeld { get; set; }

    /// <summary>The services that run in the background.</summary>
    public ServiceTable Services { get; } = new();

    /// <summary>Puts the service into the loop.</summary>
    public PendingBit Join(EventLoop loop)
    {
        pending = loop.Add(this);
        timer = loop.AddTimer(this);
        loop.AddTimer(new Beat(this)).ScheduleEvery(BeatMilliseconds, clock.Now);
        Use(Device);
        return pending;
    }

    /// <summary>There may be something to send: the loop looks at the stack in its next turn.</summary>
    public void Kick() => pending?.Set();

    /// <summary>
    /// Goes on with another card, or with none, as after a move. The node keeps its station address; the connections
    /// notice nothing but a pause. The old card is not touched: its ports may be another device's on this machine.
    /// <see cref="OnTimeJump"/> follows.
    /// </summary>
    public void Attach(INetworkDevice? device)
    {
        if (Device is not null)
        {
            Device.Pending = null;
        }

        device?.SetAddress(Stack.Station);
        Use(device);
        lastLink = device?.Link ?? LinkState.Unknown;
        Kick();
    }

    /// <summary>
    /// Listens to another station address from now on, and tells everybody. A lease belongs to the address under which
    /// it was given, so a server is asked anew.
    /// </summary>
    public void UseStation(MacAddress station, Instant now)
    {
        Device?.SetAddress(station);
        Stack.SetStation(station, now);
        if (Stack.Dhcp.State != DhcpState.Off)
        {
            Stack.Dhcp.Start(now);
        }

        Kick();
    }

    /// <summary>
    /// Numbers given from now on are new ones, for a copy of the node may know the old ones; peers are told that the
    /// node is there. To be told after the entropy pool.
    /// </summary>
    public void OnTimeJump(in TimeJump jump)
    {
        Reseed();
        Stack.OnTimeJump(jump.MissedMilliseconds, jump.Now);
        Kick();
    }

    /// <summary>Does what the operator wants of the network.</summary>
    /// <param name="settings">What that is.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="probe">Ask first whether somebody else has a fixed address (RFC 5227)?</param>
    public void Apply(NetworkSettings settings, Instant now, bool probe)
    {
        Settings = settings;
        switch (settings.Source)
        {
            case AddressSource.Dhcp:
                Stack.Dhcp.Start(now);
                break;
            case AddressSource.Fixed:
                Stack.Configure(settings.Configuration, now, probe);
                break;
            default:
                if (Stack.Dhcp.State != DhcpState.Off)
                {
                    Stack.Dhcp.Release(now);
                }

                Stack.Configure(default, now);
                break;
        }

        Kick();
    }

    /// <inheritdoc/>
    public void OnPending(Instant now)
    {
        Instant start = now;
        if (Stack.TryGetNextDue(out Instant due) && due <= now)
        {
            Stack.Advance(now);
        }

        for (int batch = 1; DoBatch(now); batch++)
        {
            now = clock.Now;
            if (batch == BatchesPerTurn || now - start > TurnNanoseconds)
            {
                pending?.Set();
                break;
            }
        }

        if (Stack.TryGetNextDue(out due))
        {
            timer?.Schedule(due);
        }
        else
        {
            timer?.Cancel();
        }
    }

    /// <inheritdoc/>
    public void OnFrame(ReadOnlySpan<byte> frame, Instant now)
    {
        if (Side is null || !Side.TryTake(frame, now))
        {
            Stack.OnFrame(frame, now);
        }
    }

    // True if there is more to do at once.
    private bool DoBatch(Instant now)
    {
        bool more = Device?.Receive(this, FramesPerBatch, now) ?? false;
        for (int i = 0; i < OwnersPerBatch && Stack.Ready.Take() is NetSocket socket; i++)
        {
            socket.Owner?.OnSocketReady(socket, now);
        }

        more |= Device is not null && Send(Device, now);
        return more || !Stack.Ready.IsEmpty;
    }

    // True if the card might take more. A full card sets the pending bit when it has room again.
    private bool Send(INetworkDevice device, Instant now)
    {
        for (int i = 0; i < SentPerBatch; i++)
        {
            Span<byte> room = device.BeginTransmit();
            if (room.IsEmpty)
            {
                return false;
            }

            int length = WriteNext(room, now, out TransmitOffload offload);
            if (length == 0)
            {
                return false;
            }

            device.EndTransmit(length, offload);
        }

        return true;
    }

    // The side and the stack in turn, as long as both have something.
    private int WriteNext(Span<byte> room, Instant now, out TransmitOffload offload)
    {
        offload = default;
        sideIsNext = !sideIsNext;
        int length = sideIsNext ? Side?.Transmit(room, now) ?? 0 : 0;
        if (length == 0 && !IsStackHeld)
        {
            length = Stack.Transmit(room, now, out offload);
        }

        return length == 0 && !sideIsNext ? Side?.Transmit(room, now) ?? 0 : length;
    }

    private void Use(INetworkDevice? device)
    {
        Device = device;
        if (device is not null)
        {
            device.Pending = pending;
            UseAbilities(device, Stack.Tcp);
        }
    }

    private static void UseAbilities(INetworkDevice device, TcpLayer tcp)
    {
        // What the card and its ring cannot hold until the loop's next turn would be lost.
        tcp.WindowMax = device.ReceiveCapacity;
        tcp.LeavesChecksum = device.OffersTcpChecksum;

        // Of a frame that the card cuts up, TCP writes what follows the Ethernet and IPv4 headers.
        const int headers = EtherType.HeaderLength + Ipv4Packet.HeaderLengthMin;
        bool cuts = device.OffersTcpChecksum && device.LargeFrameMax > INetworkDevice.FrameMax;
        tcp.LargeSegmentMax = cuts ? device.LargeFrameMax - headers : 0;
    }

    private void OnBeat(Instant now)
    {
        Device?.Check(now);
        Services.OnBeat(now);
        if (!seeded && entropy.IsReady)
        {
            Reseed();
        }

        NoteChanges();
        Kick();
    }

    private void Reseed()
    {
        Span<byte> secret = stackalloc byte[NetworkStack.SecretLength];
        seeded = entropy.IsReady;
        if (seeded)
        {
            entropy.Fill(secret);
        }
        else
        {
            entropy.FillWeak(secret);
        }

        Stack.Reseed(secret);
    }

    private void NoteChanges()
    {
        LinkState link = Device?.Link ?? LinkState.Unknown;
        if (link != lastLink)
        {
            lastLink = link;
            log.Add(link == LinkState.Down ? "network: no link" : "network: link up");
        }

        AddressState state = Stack.Arp.State;
        InterfaceConfiguration configuration = Stack.Configuration;
        if (state == lastAddressState && configuration == lastConfiguration)
        {
            return;
        }

        lastAddressState = state;
        lastConfiguration = configuration;
        switch (state)
        {
            case AddressState.InUse:
                log.Add($"network: address {configuration}");
                break;
            case AddressState.Conflict:
                log.Add($"network: {Stack.Arp.ConflictWith} has our address {configuration.Address} as well");
                break;
            case AddressState.None:
                log.Add("network: no address");
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// An individual address administered locally (IEEE 802-2014, section 8.2.2), for a node without a card, or with
    /// one whose own address somebody else uses.
    /// </summary>
    public static MacAddress MakeUpStation(EntropyPool entropy)
    {
        Span<byte> random = stackalloc byte[MacAddress.Length];
        entropy.FillWeak(random);
        return new MacAddress((MacAddress.Read(random).Value & 0xFCFF_FFFF_FFFF) | 0x0200_0000_0000);
    }

    private sealed class Beat(NetworkService service) : ILoopSource
    {
        public void OnPending(Instant now) => service.OnBeat(now);
    }
}
