using System.IO;
using System.Net.Sockets;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Switch;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>Two nodes on the switch, by each of QEMU's protocols; none of it needs root.</summary>
public sealed class NetSwitchTests : EmulatorFixture
{
    private const string First = "10.9.0.2";
    private const string Second = "10.9.0.3";

    /// <summary>A node that QEMU connects by a stream, and one on datagrams, over a wire with faults.</summary>
    [Test]
    public void Two_nodes_talk_over_a_bad_wire()
    {
        using var made = new VirtualSwitch(seed: 5);
        made.Add(StreamPort.Listen("a", new UnixDomainSocketEndPoint(Scratch("a"))));
        made.Add(new DatagramPort(
            "b", new UnixDomainSocketEndPoint(Scratch("b")), new UnixDomainSocketEndPoint(Scratch("node-b"))));
        made.CaptureAll(Scratch("wire.pcap"));
        made.Start();
        using var first = Boot(NetworkCard.OnStream(NetworkCard.Rtl8139, Scratch("a")), First, 1);
        using var second = Boot(
            NetworkCard.OnDatagrams(NetworkCard.Ne2000Pci, Scratch("node-b"), Scratch("b")), Second, 2);
        var (a, b) = (Console(first), Console(second));
        Assert.That(a.Command($"ping {Second} 1"), Does.Contain("1 sent, 1 received"));
        Assert.That(b.Command("listen 9 discard"), Does.Contain("discard at port 9"));
        made.Play(FaultScript.Parse("0s loss 2% duplicate 1% reorder 2% 2ms"));
        Assert.That(a.Command($"connect {Second} 9 source 300000"), Does.Contain("300000 bytes in "));
        made.Play(FaultScript.Parse("0s partition a|b"));
        Assert.That(b.Command($"ping {First} 1"), Does.Contain("1 sent, 0 received"));
        made.Play(FaultScript.Parse("0s clear"));
        Assert.That(b.Command($"ping {First} 1"), Does.Contain("1 sent, 1 received"));
        TestContext.Out.WriteLine(made.Statistics());
        Assert.That(made.Locked(static fabric => fabric.WireBetween("a", "b").Counters.Lost), Is.Positive);
    }

    /// <summary>A node whose QEMU waits to be connected to, by a stream and by UDP.</summary>
    [Test]
    public void The_switch_connects_to_a_node_that_waits()
    {
        var ports = FreePorts.Take(2);
        var (port, peerPort) = (ports[0], ports[1]);
        using var made = new VirtualSwitch();
        made.Add(StreamPort.Connect("a", new UnixDomainSocketEndPoint(Scratch("node-a"))));
        made.Add(PortSpecification.Open($"b=dgram:udp:127.0.0.1:{port},127.0.0.1:{peerPort}"));
        made.Start();
        using var first = Boot(NetworkCard.OnStreamServer(NetworkCard.Rtl8139, Scratch("node-a")), First, 1);
        using var second = Boot(NetworkCard.OnUdp(NetworkCard.Ne2000Pci, peerPort, port), Second, 2);
        Console(second);
        Assert.That(Console(first).Command($"ping {Second} 2"), Does.Contain("2 sent, 2 received"));
    }

    private static QemuMachine Boot(NetworkCard card, string address, int number)
    {
        Assert.That(File.Exists(Tree.Kernel), $"There is no {Tree.Kernel}; build it with: make iso");
        return QemuMachine.Start(new MachineOptions
        {
            Kernel = Tree.Kernel,
            KernelArguments = $"net={address}/24",
            Card = card with { Address = $"52:54:00:00:00:0{number}" },
        });
    }

    private static ConsoleDriver Console(QemuMachine machine)
    {
        machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        return new ConsoleDriver(machine.Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk };
    }
}
