using System.IO;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Net;

/// <summary>An address from a real DHCP server, on the real CD, before anybody has unlocked anything.</summary>
public sealed class NetDhcpTests : EmulatorFixture
{
    /// <summary>The node that was just switched on takes the address that it is given, and answers there.</summary>
    [Test]
    public void A_node_asks_for_its_address()
    {
        RequireLinux("ip", "ping", "udhcpd");
        using var lab = new NodeOnSwitch(Pc, NetworkCard.Rtl8139);
        File.WriteAllText(Scratch("leases"), string.Empty);
        File.WriteAllLines(Scratch("udhcpd.conf"),
        [
            "start 10.9.0.40", "end 10.9.0.40", $"interface {lab.Device}", "option subnet 255.255.255.0",
            $"option router {NodeOnSwitch.LinuxAddress}", "option dns 10.9.0.53", "option lease 600",
            $"lease_file {Scratch("leases")}", $"pidfile {Scratch("pid")}",
        ]);
        lab.Space.Start("udhcpd", "-f", Scratch("udhcpd.conf"));
        lab.AwaitPrompt(Patience);
        Assert.That(
            () => lab.Console.Command("dhcp"),
            Does.Contain("lease: 10.9.0.40/24").After((int)Patience.TotalMilliseconds, 250));
        var said = lab.Console.Command("dhcp");
        TestContext.Out.WriteLine(said + lab.Console.Command("net"));
        Assert.That(said, Does.Contain(NodeOnSwitch.LinuxAddress).And.Contain("10.9.0.53"));
        var (code, output, errors) = lab.Space.Try("ping", "-c", "3", "-i", "0.1", "10.9.0.40");
        Assert.That(code, Is.Zero, output + errors);
    }
}
