using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Net;

namespace HaukiOS.Image;

/// <summary>
/// The network's part of the composition: card, stack and loop, and how the node comes to its address before anybody
/// has unlocked anything.
/// </summary>
internal sealed class NetworkComposition
{
    private const string Option = "net";
    private const string HostName = "hauki";

    private readonly KernelLog log;

    /// <summary>A network over the card that was found; null if none was.</summary>
    public NetworkComposition(IClock clock, EntropyPool entropy, KernelLog log, INetworkDevice? card)
    {
        this.log = log;
        Service = new NetworkService(clock, entropy, log, card);
        Service.Stack.Dhcp.HostName = HostName;
    }

    /// <summary>Card and stack.</summary>
    public NetworkService Service { get; }

    /// <summary>Puts the network into the loop. The address: what the command line says, else from a server.</summary>
    public void Start(EventLoop loop, Instant now)
    {
        Service.Join(loop);
        if (Service.Device is null)
        {
            return;
        }

        NetworkSettings settings = NetworkSettings.Dhcp;
        if (BootCommandLine.Value(Option) is string wanted
            && !NetworkSettings.TryParse(wanted, out settings, out string? problem))
        {
            log.Add($"command line: net={wanted}: {problem}; asking for an address instead");
            settings = NetworkSettings.Dhcp;
        }

        // What the command line says is used at once: whoever writes it knows the wire.
        Service.Apply(settings, now, probe: false);
    }
}
