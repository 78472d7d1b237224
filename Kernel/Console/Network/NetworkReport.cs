using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Net.Services;

namespace HaukiOS.Console.Network;

/// <summary>What <c>net</c>, <c>dhcp</c> and <c>arp</c> show.</summary>
internal static class NetworkReport
{
    /// <summary>Sockets shown, at most: a table of thousands helps nobody.</summary>
    private const int SocketsShown = 64;

    private const long Second = 1_000_000_000;

    /// <summary><c>net</c>.</summary>
    public static List<string> Overview(NetworkService network, Instant now)
    {
        NetworkStack stack = network.Stack;
        INetworkDevice device = network.Device!;
        DeviceCounters counted = device.Counters;
        var lines = new List<string>
        {
            $"card: {device.Name}, link {device.Link switch
            {
                LinkState.Up => "up",
                LinkState.Down => "down",
                _ => "unknown",
            }}, station {device.Address}",
            $"address: {Address(stack)}",
        };
        if (stack.Dhcp.State != DhcpState.Off)
        {
            lines.AddRange(Dhcp(stack.Dhcp, now));
        }

        lines.Add(
            $"received: {counted.Received} frames, {counted.ReceivedBytes} bytes; {counted.ReceiveErrors} bad, "
            + $"{counted.ReceiveMissed} missed, {counted.Overflows} overflows");
        lines.Add($"sent: {counted.Sent} frames, {counted.SentBytes} bytes; {counted.SendErrors} errors");
        lines.Add(
            $"interrupts: {counted.Interrupts}, {counted.LostInterrupts} lost; {counted.Resets} resets of the card");
        AddTcp(lines, stack.Tcp);
        AddServices(lines, network.Services);
        AddSockets(lines, stack);
        return lines;
    }

    /// <summary><c>net counters</c>: everything that is not zero.</summary>
    public static List<string> Counters(NetworkService network)
    {
        var lines = new List<string>();
        for (NetCounter counter = 0; counter < NetCounter.Count; counter++)
        {
            if (network.Stack.Counters[counter] is > 0 and long value)
            {
                lines.Add($"{Words(counter.ToString())}: {value}");
            }
        }

        TcpCounters tcp = network.Stack.Tcp.Counters;
        (string Name, uint Value)[] figures =
        [
            ("tcp malformed", tcp.Malformed), ("tcp sent again", tcp.Retransmissions),
            ("tcp resets sent", tcp.ResetsSent), ("tcp resets received", tcp.ResetsReceived),
            ("tcp challenges sent", tcp.ChallengesSent), ("tcp challenges held back", tcp.ChallengesSuppressed),
            ("tcp cookies sent", tcp.CookiesSent), ("tcp cookies accepted", tcp.CookiesAccepted),
            ("tcp cookies rejected", tcp.CookiesRejected), ("tcp opened by peers", tcp.PassiveOpens),
            ("tcp opened here", tcp.ActiveOpens), ("tcp timed out", tcp.TimedOut), ("tcp refused", tcp.Refused),
            ("tcp old timestamps", tcp.PawsRejected), ("tcp waits cut short", tcp.TimeWaitRecycled),
            ("tcp control dropped", tcp.ControlDropped),
        ];
        foreach ((string name, uint value) in figures)
        {
            if (value > 0)
            {
                lines.Add($"{name}: {value}");
            }
        }

        return lines;
    }

    /// <summary><c>dhcp</c>.</summary>
    public static List<string> Dhcp(DhcpClient client, Instant now)
    {
        var lines = new List<string>
        {
            "dhcp: " + client.State switch
            {
                DhcpState.Off => "not in use",
                DhcpState.Init or DhcpState.Selecting => "looking for a server",
                DhcpState.Requesting or DhcpState.Rebooting => "asking for an address",
                DhcpState.Checking => "looking whether somebody has the address already",
                DhcpState.Bound => "an address is granted",
                DhcpState.Renewing => "asking the server for more time",
                _ => "asking any server for more time",
            },
        };
        if (client.State < DhcpState.Bound)
        {
            return lines;
        }

        DhcpLease lease = client.Lease;
        string ends = lease.Seconds == uint.MaxValue ? "for ever" : $"for another {(lease.ExpiresAt - now) / Second} s";
        string renewed = lease.Seconds == uint.MaxValue ? string.Empty
            : $", to be renewed in {System.Math.Max(0, (lease.RenewAt - now) / Second)} s";
        lines.Add($"lease: {lease.Configuration} from {lease.Server} {ends}{renewed}");
        if (!client.NameServers.IsEmpty)
        {
            var servers = new StringBuilder("name servers:");
            foreach (Ipv4Address server in client.NameServers)
            {
                servers.Append(' ').Append(server.ToString());
            }

            lines.Add(servers.ToString());
        }

        return lines;
    }

    /// <summary><c>arp</c>.</summary>
    public static List<string> Neighbours(ArpLayer arp)
    {
        var lines = new List<string>();
        for (int i = 0; i < arp.Count; i++)
        {
            Neighbour neighbour = arp.NeighbourAt(i);
            if (neighbour.State == NeighbourState.Free)
            {
                continue;
            }

            string state = Words(neighbour.State.ToString());
            lines.Add(neighbour.Station.Value == 0
                ? $"{neighbour.Address} {state}"
                : $"{neighbour.Address} {neighbour.Station} {state}");
        }

        lines.Add(lines.Count == 1 ? "1 neighbour" : $"{lines.Count} neighbours");
        return lines;
    }

    private static string Address(NetworkStack stack)
    {
        if (!stack.Configuration.IsConfigured)
        {
            return "none";
        }

        return stack.Arp.State switch
        {
            AddressState.Probing => $"{stack.Configuration}, not yet: looking whether somebody has it already",
            AddressState.Conflict => $"{stack.Configuration}, not in use: {stack.Arp.ConflictWith} has it",
            _ => stack.Configuration.ToString(),
        };
    }

    private static void AddTcp(List<string> lines, TcpLayer tcp)
    {
        TcpCounters counted = tcp.Counters;
        lines.Add(
            $"tcp: {counted.SegmentsReceived} segments received, {counted.SegmentsSent} sent, "
            + $"{counted.Retransmissions} again; {tcp.ConnectionCount} connections, {tcp.BufferBytes >> 10} KiB");
    }

    private static void AddServices(List<string> lines, ServiceTable services)
    {
        for (int i = 0; i < services.Count; i++)
        {
            NetService service = services[i];
            string more = service.Describe() is string text ? "; " + text : string.Empty;
            lines.Add($"port {service.Port}: {service.Name}, {service.ConnectionCount} connections{more}");
        }
    }

    private static void AddSockets(List<string> lines, NetworkStack stack)
    {
        TcpLayer tcp = stack.Tcp;
        for (int i = 0; i < tcp.ListenerCount; i++)
        {
            TcpListener listener = tcp.ListenerAt(i);
            lines.Add($"tcp port {listener.Port}: listening, {listener.Waiting} waiting");
        }

        for (int i = 0; i < tcp.ConnectionCount && i < SocketsShown; i++)
        {
            TcpConnection connection = tcp.ConnectionAt(i);
            lines.Add(
                $"tcp {connection.Local} to {connection.Remote}: {Words(connection.State.ToString())}, "
                + $"{connection.ReceiveAvailable} bytes to read, {connection.SendPending} on their way");
        }

        if (tcp.ConnectionCount > SocketsShown)
        {
            lines.Add($"and {tcp.ConnectionCount - SocketsShown} more");
        }

        for (int i = 0; i < stack.Udp.SocketCount; i++)
        {
            lines.Add($"udp port {stack.Udp.SocketAt(i).Port}");
        }
    }

    // TimeWait becomes "time wait".
    private static string Words(string name)
    {
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsAsciiLetterUpper(c))
            {
                words.Append(i > 0 ? " " : string.Empty).Append((char)(c | 0x20));
            }
            else
            {
                words.Append(c);
            }
        }

        return words.ToString();
    }
}
