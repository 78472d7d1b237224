using System;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Net.Service;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>The commands of the network, against another node at the same wire.</summary>
[TestFixture]
internal sealed class NetworkCommandTests
{
    private SimulatedMachine machine = null!;
    private NetworkNode peer = null!;
    private SimulatedCard card = null!;

    [SetUp]
    public void Plug()
    {
        (card, SimulatedCard other) = SimulatedCard.Pair();
        peer = new NetworkNode(other, 2);
        peer.Use("10.0.0.2/24");
        machine = new SimulatedMachine(null, card: card) { Beside = peer.RunBeside };
        machine.Network.Apply(Fixed("10.0.0.1/24,10.0.0.254"), machine.Now, probe: false);
        machine.Run();
    }

    [TestCase("net")]
    [TestCase("ping 10.0.0.2")]
    [TestCase("arp")]
    [TestCase("dhcp")]
    [TestCase("connect 10.0.0.2 7")]
    [TestCase("listen 7")]
    [TestCase("iperf")]
    [TestCase("capture on")]
    public void Without_a_card_every_command_says_so(string command)
    {
        var alone = new SimulatedMachine(null);
        alone.Run();
        string name = command.Split(' ')[0];
        Assert.That(
            alone.Say(command),
            Is.EqualTo($"{command}\r\n{name}: this machine has no network card that we know\r\nhauki (no disk)> "));
    }

    [Test]
    public void Help_lists_the_commands_of_the_network()
    {
        string help = machine.Say("help");
        foreach (string command in (string[])["net", "ping", "arp", "dhcp", "connect", "listen", "capture", "iperf"])
        {
            Assert.That(help, Does.Contain("\r\n" + command + " "));
        }

        Assert.That(help, Does.EndWith("clears the line.\r\nhauki (no disk)> "));
    }

    [Test]
    public void Net_shows_card_address_and_counters()
    {
        machine.Say("ping 10.0.0.2 1");
        machine.Run(2);
        string net = machine.Say("net");
        Assert.That(net, Does.Contain("card: a simulated card, link up, station 02:00:00:00:00:0a\r\n"));
        Assert.That(net, Does.Contain("address: 10.0.0.1/24 via 10.0.0.254\r\n"));
        Assert.That(net, Does.Match("received: [1-9][0-9]* frames, [1-9][0-9]* bytes; 0 bad, 0 missed, 0 overflows"));
        Assert.That(machine.Say("net counters"), Does.Contain("\r\nicmp in: 1\r\n"));
        card.Link = LinkState.Down;
        Assert.That(machine.Say("net"), Does.Contain("link down"));
    }

    [Test]
    public void Ping_asks_so_often_and_sums_up()
    {
        machine.Say("ping 10.0.0.2 3");
        machine.Run(4);
        string said = machine.Output;
        Assert.That(said, Does.Contain("56 bytes from 10.0.0.2: number 3, time to live 64, "));
        Assert.That(said, Does.Contain("3 sent, 3 received, 0 % lost; min "));
        Assert.That(said, Does.EndWith("hauki (no disk)> "));
    }

    [Test]
    public void Ping_of_nobody_counts_what_was_lost()
    {
        machine.Say("ping 10.0.0.77 2");
        machine.Run(8);
        Assert.That(machine.Output, Does.Contain("2 sent, 0 received, 100 % lost\r\nhauki (no disk)> "));
    }

    [Test]
    public void Ping_ends_with_ControlC_and_leaves_no_socket()
    {
        for (int i = 0; i < 40; i++)
        {
            machine.Say("ping 10.0.0.2 1000");
            machine.Type("\x03");
            Assert.That(machine.TakeOutput(), Does.Contain(" received, 0 % lost").And.EndsWith("hauki (no disk)> "));
        }
    }

    [TestCase("ping", "ping: say an address")]
    [TestCase("ping 10.0.0", "ping: say an address")]
    [TestCase("ping 10.0.0.2 0", "ping: say an address")]
    [TestCase("ping 10.0.0.2 1000001", "ping: say an address")]
    [TestCase("ping 10.0.0.2 1 2", "ping: say an address")]
    [TestCase("net sat", "net: say net")]
    [TestCase("net counters now", "net: say net")]
    [TestCase("net set", "net set: say off, dhcp or an address")]
    [TestCase("net set 10.0.0.1", "net set: say off, dhcp or an address")]
    [TestCase("net set 10.0.0.1/24 10.0.1.1", "net set: the gateway is not another host")]
    [TestCase("net set 10.0.0.1/24 10.0.0.2 x", "net set: that is one word too many")]
    [TestCase("net set dhcp 10.0.0.2", "net set: ")]
    [TestCase("dhcp again", "dhcp: say dhcp")]
    [TestCase("dhcp release", "dhcp: it is not in use")]
    [TestCase("arp clear", "arp: say arp")]
    [TestCase("connect", "connect: say an address and a port")]
    [TestCase("connect 10.0.0.2", "connect: say an address and a port")]
    [TestCase("connect 10.0.0.2 0", "connect: say an address and a port")]
    [TestCase("connect 10.0.0.2 65536", "connect: say an address and a port")]
    [TestCase("connect 10.0.0.2 80 source", "connect: say an address and a port")]
    [TestCase("connect 10.0.0.2 80 sauce 5", "connect: say an address and a port")]
    [TestCase("listen", "listen: say a port")]
    [TestCase("listen 70000", "listen: say a port")]
    [TestCase("listen 7 chargen", "listen: the services are")]
    [TestCase("listen 7 echo 8", "listen: the services are")]
    [TestCase("unlisten", "unlisten: say the port")]
    [TestCase("unlisten 7", "unlisten: there is no service")]
    [TestCase("iperf now", "iperf: say nothing, a port, or stop")]
    [TestCase("iperf 5201 5202", "iperf: say nothing, a port, or stop")]
    [TestCase("iperf stop", "iperf: it is not running")]
    [TestCase("capture some", "capture: say on, off")]
    [TestCase("capture on 5", "capture: say on, off")]
    public void Bad_input_is_refused_with_a_sentence(string command, string sentence)
    {
        string said = machine.Say(command);
        Assert.That(said, Does.StartWith($"{command}\r\n{sentence}"));
        Assert.That(said, Does.EndWith("\r\nhauki (no disk)> "));
    }

    [Test]
    public void Arp_shows_the_neighbours_and_forgets_them()
    {
        machine.Say("ping 10.0.0.2 1");
        machine.Run();
        Assert.That(
            machine.Say("arp"), Does.Contain("\r\n10.0.0.2 02:00:00:00:00:0b reachable\r\n1 neighbour\r\n"));
        machine.Say("arp flush");
        Assert.That(machine.Say("arp"), Is.EqualTo("arp\r\n0 neighbours\r\nhauki (no disk)> "));
    }

    [Test]
    public void Capture_shows_the_last_frames_with_a_word_about_each()
    {
        Assert.That(machine.Say("capture on"), Is.EqualTo("capture on\r\nhauki (no disk)> "));
        machine.Say("ping 10.0.0.2 1");
        machine.Run();
        string said = machine.Say("capture 2");
        Assert.That(said, Does.Match(@"\d\.\d{6} out 98 bytes: ICMP 10\.0\.0\.1 to 10\.0\.0\.2, echo request 0\r\n"));
        Assert.That(said, Does.Match(@"\d\.\d{6} in  98 bytes: ICMP 10\.0\.0\.2 to 10\.0\.0\.1, echo reply 0\r\n"));
        Assert.That(said, Does.Contain("  0000  02 00 00 00 00 0b 02 00 00 00 00 0a 08 00 45 "));
        Assert.That(said, Does.Match(@"2 shown of \d+ seen; capture is on\r\n"));
        machine.Say("capture off");
        Assert.That(machine.Say("capture 1"), Does.Contain("capture is off"));
    }

    [Test]
    public void An_address_set_by_hand_is_used_once_nobody_else_has_it()
    {
        string said = machine.Say("net set 10.0.0.9/24");
        Assert.That(said, Does.Contain("in use until power-off: there is no store here to keep it with\r\n"));
        Assert.That(machine.Say("net"), Does.Contain("10.0.0.9/24, not yet: looking whether somebody has it"));
        machine.Run(10);
        Assert.That(machine.Say("net"), Does.Contain("address: 10.0.0.9/24\r\n"));
    }

    [Test]
    public void An_address_that_somebody_has_is_not_used()
    {
        machine.Say("net set 10.0.0.2/24");
        machine.Run(10);
        Assert.That(machine.Say("net"), Does.Contain("not in use: 02:00:00:00:00:0b has it"));
    }

    [Test]
    public void Connect_carries_lines_both_ways_and_ends_with_ControlD()
    {
        TcpListener listener = peer.Stack.Tcp.Listen(80, 4, out _)!;
        Assert.That(machine.Say("connect 10.0.0.2 80"), Does.Contain("connected to 10.0.0.2:80; Ctrl-D ends"));
        var stream = new TestStream(peer, listener.Accept()!);
        machine.Type("first line\r");
        machine.Type("second\r");
        machine.Run();
        Assert.That(Heard(stream), Is.EqualTo("first line\nsecond\n"));

        machine.TakeOutput();
        stream.Say(Encoding.UTF8.GetBytes("Pyhäjärvi\r\n\x1b[2J\u0007end"));
        machine.Run();
        Assert.That(machine.TakeOutput(), Is.EqualTo("Pyhäjärvi\r\n\\x1b[2J\\x07end"));

        machine.Type("\x04");
        Assert.That(stream.IsOver);
        stream.Say("bye"u8, ends: true);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.EndWith("bye\r\n(both have said all)\r\nhauki (no disk)> "));
    }

    [Test]
    public void Connect_to_a_closed_port_says_why_it_failed()
    {
        string said = machine.Say("connect 10.0.0.2 80");
        Assert.That(said, Does.EndWith("\r\nconnect: connection refused\r\nhauki (no disk)> "));
    }

    [Test]
    public void ControlC_breaks_a_conversation_off_even_before_it_stands()
    {
        machine.Say("connect 10.0.0.77 80");
        machine.Type("\x03");
        Assert.That(machine.TakeOutput(), Does.EndWith("(ended)\r\nhauki (no disk)> "));
        TcpListener listener = peer.Stack.Tcp.Listen(80, 4, out _)!;
        machine.Say("connect 10.0.0.2 80");
        var stream = new TestStream(peer, listener.Accept()!);
        machine.Type("half a line\x03");
        Assert.That(stream.Connection.Error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(machine.TakeOutput(), Does.EndWith("(ended)\r\nhauki (no disk)> "));
        Assert.That(machine.Say("help"), Does.Contain("help                 this list"));
    }

    [Test]
    public void A_peer_that_does_not_read_holds_the_typed_lines_back_and_nothing_else()
    {
        TcpListener listener = peer.Stack.Tcp.Listen(80, 4, out _)!;
        machine.Say("connect 10.0.0.2 80");
        var stream = new TestStream(peer, listener.Accept()!) { Reads = false };
        string line = new('x', 4000);
        const int lines = 300;
        for (int i = 0; i < lines; i++)
        {
            machine.Type(line + "\r");
        }

        Assert.That(machine.Network.Stack.Tcp.ConnectionAt(0).SendSpace, Is.LessThan(4001));
        stream.Reads = true;
        stream.Say(default);
        machine.Run(5);
        Assert.That(stream.Heard.Count % 4001, Is.Zero);
        Assert.That(stream.Heard.Count, Is.GreaterThan(20_000).And.LessThan(lines * 4001));
    }

    [Test]
    public void Listen_takes_one_conversation_and_gives_the_port_back()
    {
        Assert.That(machine.Say("listen 2000"), Does.EndWith("waiting at port 2000; Ctrl-C gives up\r\n"));
        TestStream stream = TestStream.Connect(peer, new Endpoint(Ipv4Address.Of(10, 0, 0, 1), 2000));
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.StartWith("connected to 10.0.0.2:"));
        TestStream second = TestStream.Connect(peer, new Endpoint(Ipv4Address.Of(10, 0, 0, 1), 2000));
        machine.Type("hello\r");
        machine.Run();
        Assert.That(second.Connection.Error, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(Heard(stream), Is.EqualTo("hello\n"));
        stream.Say(default, ends: true);
        machine.Run();
        Assert.That(machine.TakeOutput(), Does.EndWith("(the peer has said all)\r\nhauki (no disk)> "));
        Assert.That(machine.Say("listen 2000"), Does.Contain("waiting at port 2000"));
    }

    [Test]
    public void Services_start_show_themselves_and_stop()
    {
        Assert.That(machine.Say("listen 7 echo"), Does.Contain("echo at port 7; 'unlisten 7' ends it"));
        Assert.That(machine.Say("listen 7 discard"), Does.Contain("listen: the port is in use"));
        Assert.That(machine.Say("listen 7"), Does.Contain("listen: the port is in use"));
        TestStream stream = TestStream.Connect(peer, new Endpoint(Ipv4Address.Of(10, 0, 0, 1), 7));
        stream.Say("echo this"u8);
        machine.Run();
        Assert.That(Heard(stream), Is.EqualTo("echo this"));
        string net = machine.Say("net");
        Assert.That(net, Does.Contain("port 7: echo, 1 connections; 1 accepted\r\n"));
        Assert.That(net, Does.Contain("tcp port 7: listening, 0 waiting\r\n"));
        Assert.That(net, Does.Match(@"tcp 10\.0\.0\.1:7 to 10\.0\.0\.2:\d+: established, 0 bytes to read"));
        Assert.That(machine.Say("unlisten 7"), Is.EqualTo("unlisten 7\r\nhauki (no disk)> "));
        machine.Run();
        Assert.That(stream.Connection.Error, Is.EqualTo(SocketError.ConnectionReset));
        Assert.That(machine.Say("iperf"), Does.Contain("iperf3 at port 5201"));
        Assert.That(machine.Say("iperf 5201"), Does.Contain("iperf: the port is in use"));
        Assert.That(machine.Say("iperf stop"), Is.EqualTo("iperf stop\r\nhauki (no disk)> "));
    }

    [Test]
    public void Source_sends_so_many_bytes_and_tells_how_fast()
    {
        TcpListener listener = peer.Stack.Tcp.Listen(9, 4, out _)!;
        machine.Say("connect 10.0.0.2 9 source 300000");
        var stream = new TestStream(peer, listener.Accept()!);
        machine.Run(3);
        Assert.That(machine.TakeOutput(), Does.Match(@"300000 bytes in \d+ ms, [0-9.]+ Mbit/s\r\n"));
        Assert.That(stream.Heard.Count, Is.EqualTo(300_000));
        Assert.That(stream.Heard.TrueForAll(Follows(stream)));
        Assert.That(machine.Say("connect 10.0.0.2 10 source 5"), Does.Contain("connect: connection refused, after 0"));
    }

    internal static NetworkSettings Fixed(string text) =>
        NetworkSettings.TryParse(text, out NetworkSettings settings, out string? problem) ? settings
            : throw new ArgumentException(problem, nameof(text));

    private static string Heard(TestStream stream) => Encoding.UTF8.GetString(stream.Heard.ToArray());

    private static Predicate<byte> Follows(TestStream stream)
    {
        int index = 0;
        return value => value == index++ % 251 && index <= stream.Heard.Count;
    }
}
