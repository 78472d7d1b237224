using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Net.Services;
using HaukiOS.Store;

namespace HaukiOS.Console.Network;

/// <summary>The commands of the network. What takes longer is given back to be run.</summary>
internal sealed class NetworkCommands(ConsoleContext context)
{
    /// <summary>Their part of <c>help</c>.</summary>
    public static readonly string[] HelpLines =
    [
        "net                  the card, the address, the sockets; net counters: everything counted",
        "net set dhcp         takes an address from a server; net set off: none",
        "net set ADDRESS/PREFIX [GATEWAY]",
        "                     takes this address, such as 192.168.1.7/24, and keeps it over reboots",
        "dhcp [renew|release] the address from a server",
        "arp [flush]          the neighbours on the wire",
        "ping ADDRESS [COUNT] asks whether somebody is there, once a second",
        "connect ADDRESS PORT a conversation over TCP in lines; Ctrl-D ends what you say, Ctrl-C all",
        "connect ADDRESS PORT source BYTES",
        "                     sends so many bytes and tells how fast",
        "listen PORT          waits for one conversation",
        "listen PORT discard|echo|sha256|quote",
        "                     a service in the background",
        "unlisten PORT        ends it",
        "iperf [PORT|stop]    a server for iperf3's TCP tests",
        "capture [on|off|COUNT]",
        "                     the last frames on the wire",
    ];

    private const string NoCard = "this machine has no network card that we know";

    /// <summary>Is that one of these commands?</summary>
    public static bool Owns(string command) => command
        is "net" or "dhcp" or "arp" or "ping" or "connect" or "listen" or "unlisten" or "iperf" or "capture";

    /// <summary>Does one of them.</summary>
    /// <returns>What is left to be run; null if it is done.</returns>
    public RunningCommand? Run(string command, ref Arguments arguments, Instant now)
    {
        if (context.Parts.Network is not NetworkService { Device: not null } network)
        {
            Say(command, NoCard);
            return null;
        }

        switch (command)
        {
            case "net":
                return Net(network, ref arguments, now);
            case "dhcp":
                Dhcp(network, ref arguments, now);
                return null;
            case "arp":
                return Arp(network, ref arguments);
            case "ping":
                return Ping(network, ref arguments, now);
            case "connect":
                return Connect(network, ref arguments, now);
            case "listen":
                return Listen(network, ref arguments);
            case "unlisten":
                Unlisten(network, ref arguments, now);
                return null;
            case "iperf":
                Iperf(network, ref arguments, now);
                return null;
            default:
                return Capture(network, ref arguments);
        }
    }

    private static bool TryNextAddress(ref Arguments arguments, out Ipv4Address address) =>
        Ipv4Address.TryParse(arguments.NextWord(), out address);

    private static bool TryNextPort(ref Arguments arguments, out ushort port)
    {
        bool good = arguments.TryNextNumber(out long number) & number <= ushort.MaxValue;
        port = (ushort)number;
        return good;
    }

    private RunningCommand? Net(NetworkService network, ref Arguments arguments, Instant now)
    {
        string what = arguments.NextWord();
        if (what == "set")
        {
            Set(network, ref arguments, now);
            return null;
        }

        if (what is not ("" or "counters") || !arguments.IsEmpty)
        {
            Say("net", "say net, net counters, or net set dhcp|off|ADDRESS/PREFIX [GATEWAY]");
            return null;
        }

        return List(what == "counters" ? NetworkReport.Counters(network) : NetworkReport.Overview(network, now));
    }

    private void Set(NetworkService network, ref Arguments arguments, Instant now)
    {
        string text = arguments.NextWord();
        string gateway = arguments.NextWord();
        text += gateway.Length > 0 ? "," + gateway : string.Empty;
        if (!arguments.IsEmpty)
        {
            Say("net set", "that is one word too many");
        }
        else if (!NetworkSettings.TryParse(text, out NetworkSettings settings, out string? problem))
        {
            Say("net set", problem!);
        }
        else
        {
            network.Apply(settings, now, probe: true);
            Keep(settings);
        }
    }

    private void Keep(NetworkSettings settings)
    {
        BootSettings boot = context.Node.Boot;
        if (boot.Record is not BootRecord record)
        {
            context.Output.WriteLine("in use until power-off: there is no store here to keep it with");
            return;
        }

        record.Network = settings;
        StoreError? error = boot.Save(record);
        context.Output.WriteLine(error is null
            ? "in use, and kept for the next time"
            : $"in use until power-off: it could not be kept: {error.Message}");
    }

    private void Dhcp(NetworkService network, ref Arguments arguments, Instant now)
    {
        DhcpClient client = network.Stack.Dhcp;
        string what = arguments.NextWord();
        if (what is not ("" or "renew" or "release") || !arguments.IsEmpty)
        {
            Say("dhcp", "say dhcp, dhcp renew or dhcp release");
        }
        else if (what == "renew")
        {
            network.Apply(NetworkSettings.Dhcp, now, probe: true);
            context.Output.WriteLine("asking for an address");
        }
        else if (what == "release")
        {
            if (client.State == DhcpState.Off)
            {
                Say("dhcp", "it is not in use");
                return;
            }

            network.Apply(NetworkSettings.Off, now, probe: true);
            context.Output.WriteLine("the address was given back");
        }
        else
        {
            foreach (string line in NetworkReport.Dhcp(client, now))
            {
                context.Output.WriteLine(line);
            }
        }
    }

    private Listing? Arp(NetworkService network, ref Arguments arguments)
    {
        string what = arguments.NextWord();
        if (what == "flush" && arguments.IsEmpty)
        {
            network.Stack.Arp.Flush();
            return null;
        }

        if (what.Length > 0)
        {
            Say("arp", "say arp or arp flush");
            return null;
        }

        return List(NetworkReport.Neighbours(network.Stack.Arp));
    }

    private PingRun? Ping(NetworkService network, ref Arguments arguments, Instant now)
    {
        const long countMax = 1_000_000;
        long count = PingRun.DefaultCount;
        if (!TryNextAddress(ref arguments, out Ipv4Address address)
            || (!arguments.IsEmpty && (!arguments.TryNextNumber(out count) || count > countMax || !arguments.IsEmpty)))
        {
            Say("ping", "say an address, and perhaps how often (at most 1000000): ping 192.168.1.1 10");
            return null;
        }

        EchoSocket? socket = network.Stack.Icmp.OpenEcho(out SocketError error);
        if (socket is null)
        {
            Say("ping", error.Sentence());
            return null;
        }

        return new PingRun(context, network, socket, address, (int)count, now);
    }

    private RunningCommand? Connect(NetworkService network, ref Arguments arguments, Instant now)
    {
        const string usage = "say an address and a port, and perhaps a source: connect 192.168.1.1 80";
        if (!TryNextAddress(ref arguments, out Ipv4Address address) || !TryNextPort(ref arguments, out ushort port))
        {
            Say("connect", usage);
            return null;
        }

        long bytes = 0;
        if (!arguments.IsEmpty
            && (arguments.NextWord() != "source" || !arguments.TryNextNumber(out bytes) || !arguments.IsEmpty))
        {
            Say("connect", usage + " source 1000000");
            return null;
        }

        TcpConnection? connection = network.Stack.Tcp.Connect(new Endpoint(address, port), now, out SocketError error);
        if (connection is null)
        {
            Say("connect", error.Sentence());
            return null;
        }

        network.Kick();
        return bytes > 0
            ? new SourceRun(context, network, connection, bytes)
            : new Conversation(context, network, connection);
    }

    private Conversation? Listen(NetworkService network, ref Arguments arguments)
    {
        if (!TryNextPort(ref arguments, out ushort port))
        {
            Say("listen", "say a port from 1 to 65535, and perhaps a service: listen 7 echo");
            return null;
        }

        string what = arguments.NextWord();
        NetService? service = what switch
        {
            "discard" => new DiscardService(),
            "echo" => new EchoService(),
            "sha256" => new DigestService(),
            "quote" => new QuoteService(),
            _ => null,
        };
        if (!arguments.IsEmpty || (what.Length > 0 && service is null))
        {
            Say("listen", "the services are discard, echo, sha256 and quote");
        }
        else if (service is not null)
        {
            StartService(network, service, port, "listen");
        }
        else if (network.Stack.Tcp.Listen(port, 1, out SocketError error) is TcpListener listener)
        {
            return new Conversation(context, network, listener);
        }
        else
        {
            Say("listen", error.Sentence());
        }

        return null;
    }

    private void StartService(NetworkService network, NetService service, ushort port, string command)
    {
        SocketError error = network.Services.Start(service, network.Stack, port);
        if (error == SocketError.None)
        {
            context.Output.WriteLine($"{service.Name} at port {port}; 'unlisten {port}' ends it");
        }
        else
        {
            Say(command, error.Sentence());
        }
    }

    private void Unlisten(NetworkService network, ref Arguments arguments, Instant now)
    {
        if (!TryNextPort(ref arguments, out ushort port))
        {
            Say("unlisten", "say the port of the service: unlisten 7");
        }
        else if (!network.Services.Stop(port, now))
        {
            Say("unlisten", "there is no service at that port; 'net' lists them");
        }

        network.Kick();
    }

    private void Iperf(NetworkService network, ref Arguments arguments, Instant now)
    {
        ushort port = IperfServer.StandardPort;
        Arguments ahead = arguments;
        if (ahead.NextWord() == "stop" && ahead.IsEmpty)
        {
            StopIperf(network, now);
        }
        else if (!arguments.IsEmpty && (!TryNextPort(ref arguments, out port) || !arguments.IsEmpty))
        {
            Say("iperf", "say nothing, a port, or stop");
        }
        else
        {
            StartService(network, new IperfServer(), port, "iperf");
        }
    }

    private void StopIperf(NetworkService network, Instant now)
    {
        int stopped = 0;
        for (int i = network.Services.Count - 1; i >= 0; i--)
        {
            if (network.Services[i] is IperfServer server)
            {
                network.Services.Stop(server.Port, now);
                stopped++;
            }
        }

        network.Kick();
        if (stopped == 0)
        {
            Say("iperf", "it is not running");
        }
    }

    private CaptureListing? Capture(NetworkService network, ref Arguments arguments)
    {
        PacketCapture capture = network.Stack.Capture;
        Arguments ahead = arguments;
        string what = ahead.NextWord();
        long count = PacketCapture.FramesMax;
        if (what is "on" or "off" && ahead.IsEmpty)
        {
            if (what == "on")
            {
                capture.Start();
            }
            else
            {
                capture.Stop();
            }

            return null;
        }

        if (!arguments.IsEmpty && (!arguments.TryNextNumber(out count) || !arguments.IsEmpty))
        {
            Say("capture", "say on, off, or how many of the last frames to show");
            return null;
        }

        return new CaptureListing(context, capture, (int)System.Math.Min(count, capture.Count));
    }

    private Listing List(List<string> lines) => new(context, lines.Count, index => lines[index], null);

    private void Say(string command, string sentence) => context.Output.WriteLine($"{command}: {sentence}");
}
