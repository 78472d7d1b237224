using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>What Linux's own tools say of the node: floods of echo requests, throughput, port scans.</summary>
[TestFixture(NetworkCard.Rtl8139)]
[TestFixture(NetworkCard.Ne2000Pci)]
[TestFixture(NetworkCard.Ne2000Isa)]
public sealed partial class NetTrafficTests(string card) : NetFixture(card)
{
    private const int IperfSeconds = 2;

    // Two orders of magnitude under what a quiet computer shows, because this one may be busy: a wedge is zero.
    private const double MegabitsMin = 1;
    private const double MegabitsMinOfTwo = 0.1;

    /// <summary>Every request of a flood is answered: small, as large as a frame, in many fragments.</summary>
    [TestCase(56, 3000)]
    [TestCase(1472, 1000)]
    [TestCase(8000, 200)]
    public void Answers_a_flood_of_echo_requests(int bytes, int count)
    {
        // The echo of many fragments must fit into the smallest ring.
        string[] words = ["-f", "-q", "-c", $"{count}", "-s", $"{bytes}", "-W", "20", NodeOnSwitch.NodeAddress];
        var (code, output, errors) = Ping(words);
        TestContext.Out.WriteLine(output);
        Assert.That((code, Received().Match(output).Groups[1].Value), Is.EqualTo((0, $"{count}")), output + errors);
    }

    /// <summary>The node asks, and Linux answers.</summary>
    [Test]
    public void Pings_Linux()
    {
        var said = Lab.Console.Command($"ping {NodeOnSwitch.LinuxAddress} 2");
        Assert.That(said, Does.Contain("2 sent, 2 received, 0 % lost"));
    }

    /// <summary>ARP, asked by a tool that does not look into any cache.</summary>
    [Test]
    public void Answers_arping()
    {
        string[] words = ["-c", "3", "-W", "0.1", "-i", Lab.Device, NodeOnSwitch.NodeAddress];
        Assert.That(
            () => Lab.Space.Try("arping", words).Output,
            Does.Contain("52:54:00:12:34:56").And.Contain("3 packets received")
                .After(60_000, 10));
    }

    /// <summary>A datagram to a port that nobody has is refused (RFC 1122, section 4.1.3.1).</summary>
    [Test]
    public void Refuses_datagrams_to_nobody()
    {
        using var socket = Lab.Space.NewSocket(SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        socket.Connect(IPAddress.Parse(NodeOnSwitch.NodeAddress), 4444);
        socket.Send(new byte[10]);
        Assert.That(
            () => socket.Receive(new byte[10]),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.ConnectionRefused));
    }

    /// <summary>Throughput in each direction, and in both at once, by several connections.</summary>
    [TestCase("", "sum_received")]
    [TestCase("-R", "sum_received")]
    [TestCase("--bidir", "sum_received")]
    [TestCase("-P 8", "sum_received")]
    public void Keeps_iperf3_going(string way, string sum)
    {
        string[] words = ["-c", NodeOnSwitch.NodeAddress, "-p", $"{IperfPort}", "-t", $"{IperfSeconds}", "-J"];
        var more = way.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (code, output, errors) = Lab.Space.Try("iperf3", [.. words, .. more]);
        Assert.That(code, Is.Zero, output + errors);
        var end = JsonNode.Parse(output)!["end"]!;
        var megabits = end[sum]!["bits_per_second"]!.GetValue<double>() / 1e6;
        var back = end[sum + "_bidir_reverse"]?["bits_per_second"]?.GetValue<double>() / 1e6;
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{way}: {megabits:0.0} Mbit/s{(back is null ? "" : $", back {back:0.0}")}"));

        // Both ways at once need not share evenly: a small ring favours what the node sends. None may stand still.
        var least = back is null ? MegabitsMin : MegabitsMinOfTwo;
        Assert.That(megabits, Is.GreaterThan(least));
        Assert.That(back ?? megabits, Is.GreaterThan(least));
    }

    /// <summary>nmap tries a thousand ports in ways that no honest peer does; it finds those that listen.</summary>
    [TestCase("-sS")]
    [TestCase("-sT")]
    [TestCase("-sX")]
    [TestCase("-sA")]
    public void Survives_a_scan_of_its_ports(string kind)
    {
        // Where every port answers, nmap waits for it as long as a busy computer needs; where the open ones are silent
        // by the rules it need not.
        var answers = kind is "-sS" or "-sT";
        string[] haste = answers ? ["--initial-rtt-timeout", "2s", "--max-rtt-timeout", "20s"] : ["--max-retries", "2"];
        string[] words = [kind, "-n", "-Pn", "-T5", .. haste, "-p", "1-1000,5201", "-oG", "-"];
        var output = Lab.Space.Run("nmap", [.. words, NodeOnSwitch.NodeAddress]);
        TestContext.Out.WriteLine(output);
        if (answers)
        {
            string[] open = [.. Open().Matches(output).Select(static match => match.Groups[1].Value)];
            Assert.That(open, Is.EquivalentTo(new[] { "7", "9", "10", "5201" }));
        }

        AssertEchoes();
    }

    [GeneratedRegex("([0-9]+) received")]
    private static partial Regex Received();

    [GeneratedRegex("([0-9]+)/open/tcp")]
    private static partial Regex Open();

    private (int Code, string Output, string Errors) Ping(string[] words) => Lab.Space.Try("ping", words);
}
