using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>
/// A node on the virtual switch with this Linux as its peer. The machine is switched on once for all tests of a
/// card, and again after one that failed: what follows is not blamed for it.
/// </summary>
public abstract class NetFixture : EmulatorFixture
{
    /// <summary>Where the node echoes.</summary>
    protected const int EchoPort = 7;

    /// <summary>Where it takes everything and says nothing.</summary>
    protected const int DiscardPort = 9;

    /// <summary>Where it answers with the SHA-256 of what it was sent.</summary>
    protected const int DigestPort = 10;

    /// <summary>Where iperf3's client finds it.</summary>
    protected const int IperfPort = 5201;

    private readonly string card;
    private NodeOnSwitch? node;

    /// <summary>Tests with a card.</summary>
    protected NetFixture(string card) => this.card = card;

    /// <summary>The node, its network and this Linux.</summary>
    protected NodeOnSwitch Lab => node ??= Boot();

    /// <summary>The machine to switch on.</summary>
    protected virtual MachineOptions Options => NodeOnSwitch.Usual(Tree);

    /// <summary>Without root and the tools there is no Linux to talk with; the message says what is missing.</summary>
    [OneTimeSetUp]
    public void RequireMeans() => RequireLinux("ip", "ping", "arping", "iperf3", "nmap", "udhcpd");

    /// <summary>A clean wire for every test.</summary>
    [SetUp]
    public void Mend() => node?.SetFaults("none");

    /// <summary>A node that failed says what it knows, and is not used again.</summary>
    [TearDown]
    public void JudgeNode()
    {
        if (node is null || TestContext.CurrentContext.Result.Outcome.Status != TestStatus.Failed)
        {
            return;
        }

        TestContext.Out.WriteLine(node.Switch.Statistics());
        TestContext.Out.WriteLine(LastWords(node));
        node.Dispose();
        node = null;
    }

    /// <summary>Shows what the node has counted, and pulls the plug.</summary>
    [OneTimeTearDown]
    public void SwitchOff()
    {
        if (node is not null)
        {
            TestContext.Out.WriteLine($"{card}:\n{LastWords(node)}");
            node.Dispose();
            node = null;
        }
    }

    /// <summary>Bytes without a pattern that a lost or doubled block would fit.</summary>
    protected static byte[] Noise(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Receives exactly so many bytes, or fewer at the end.</summary>
    protected static byte[] Receive(Socket socket, int count)
    {
        var bytes = new byte[count];
        var got = 0;
        while (got < count && socket.Receive(bytes, got, count - got, SocketFlags.None) is > 0 and var more)
        {
            got += more;
        }

        return bytes.AsSpan(0, got).ToArray();
    }

    /// <summary>The node answers, on a new connection.</summary>
    protected void AssertEchoes()
    {
        using var socket = Lab.Connect(EchoPort, Patience);
        var bytes = Noise(1000, seed: 3);
        socket.Send(bytes);
        Assert.That(Receive(socket, bytes.Length), Is.EqualTo(bytes));
        socket.Shutdown(SocketShutdown.Send);
        Assert.That(Receive(socket, 1), Is.Empty);
    }

    /// <summary>
    /// Waits until the node's <c>net</c> shows no connection with Linux but those that wait out old segments
    /// (RFC 9293, section 3.6.1).
    /// </summary>
    protected void AwaitNoConnections() => Assert.That(
        () => Connections(), Is.Empty.After(60_000, 100));

    /// <summary>The lines of <c>net</c> about connections with Linux.</summary>
    protected string[] Connections() => [.. Lab.Console.Command("net").Split('\n').Where(static line =>
        line.Contains($" to {NodeOnSwitch.LinuxAddress}:", StringComparison.Ordinal)
        && !line.Contains("time wait", StringComparison.Ordinal))];

    private static string LastWords(NodeOnSwitch node)
    {
        try
        {
            return node.Console.Command("net", TimeSpan.FromSeconds(5))
                + node.Console.Command("net counters", TimeSpan.FromSeconds(5));
        }
        catch (EmulatorException problem)
        {
            return problem.Message;
        }
    }

    private NodeOnSwitch Boot()
    {
        Assert.That(File.Exists(Tree.Kernel), $"There is no {Tree.Kernel}; build it with: make iso");
        var made = new NodeOnSwitch(Options, card);
        try
        {
            made.AwaitPrompt(Patience);
            made.Console.Command($"listen {EchoPort} echo");
            made.Console.Command($"listen {DiscardPort} discard");
            made.Console.Command($"listen {DigestPort} sha256");
            made.Console.Command($"iperf {IperfPort}");
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }
}
