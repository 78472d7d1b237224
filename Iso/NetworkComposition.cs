using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Net;

namespace HaukiOS.Image;

/// <summary>
/// The network's part of the composition: card, stack and loop, and how the node comes to its address before anybody
/// has unlocked anything. The kernel's command line has the first word, then the disk's boot record, and where there
/// is neither, a server is asked.
/// </summary>
internal sealed class NetworkComposition : ILoopSource
{
    private const string Option = "net";
    private const string HostName = "hauki";

    private readonly KernelLog log;
    private BootSettings? boot;
    private int bootVersion;

    /// <summary>A network over the card that was found; null if none was.</summary>
    public NetworkComposition(IClock clock, EntropyPool entropy, KernelLog log, INetworkDevice? card)
    {
        this.log = log;
        Service = new NetworkService(clock, entropy, log, card);
        Service.Stack.Dhcp.HostName = HostName;
    }

    /// <summary>Card and stack.</summary>
    public NetworkService Service { get; }

    /// <summary>Puts the network into the loop.</summary>
    /// <param name="loop">The loop.</param>
    /// <param name="record">What the disk says, as soon as somebody has looked.</param>
    /// <param name="now">The present moment.</param>
    public void Start(EventLoop loop, BootSettings record, Instant now)
    {
        Service.Join(loop);
        if (Service.Device is null)
        {
            return;
        }

        if (BootCommandLine.Value(Option) is string wanted)
        {
            if (NetworkSettings.TryParse(wanted, out NetworkSettings settings, out string? problem))
            {
                // Used at once: whoever writes a command line knows the wire.
                Service.Apply(settings, now, probe: false);
                return;
            }

            log.Add($"command line: net={wanted}: {problem}; it is passed over");
        }

        boot = record;
        boot.Changed = loop.Add(this);
    }

    /// <summary>The disk has been looked at, or somebody has changed what it says.</summary>
    public void OnPending(Instant now)
    {
        if (boot is { IsKnown: true } && boot.Version != bootVersion)
        {
            bootVersion = boot.Version;
            if (boot.Network != Service.Settings)
            {
                Service.Apply(boot.Network, now, probe: true);
            }
        }
    }
}
