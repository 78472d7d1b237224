using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// Every kind of network card in the emulator's own small network, for which nobody needs to be root: an address from
/// its server, a ping of its router, and conversations with this computer through it.
/// </summary>
public sealed class NetworkSmokeTests : EmulatorFixture
{
    private const string Prompt = "hauki (no disk)> ";
    private const int EchoPort = 7;
    private const int DigestPort = 9;
    private const int IperfPort = 5201;

    /// <summary>The way from the card to the loop, the stack, a server and back.</summary>
    [TestCase("pc", NetworkCard.Rtl8139)]
    [TestCase("pc", NetworkCard.Ne2000Pci)]
    [TestCase("isapc", NetworkCard.Ne2000Isa)]
    public void Gets_an_address_pings_and_speaks_TCP(string machine, string card)
    {
        var ports = FreePorts.Take(2);
        using var qemu = QemuMachine.Start(Networked(machine, card, (ports[0], EchoPort), (ports[1], DigestPort)));
        qemu.Serial.Expect(Prompt, Patience);
        Assert.That(
            AskUntil(qemu, "net", "lease: 10.0.2.15/24"), Does.Contain("address: 10.0.2.15/24 via 10.0.2.2"));
        Assert.That(Ask(qemu, "ping 10.0.2.2 3"), Does.Contain("3 sent, 3 received, 0 % lost; min "));
        Assert.That(Ask(qemu, "arp"), Does.Match(@"10\.0\.2\.2 52:55:0a:00:02:02 [a-z]+"));
        Assert.That(Ask(qemu, $"listen {EchoPort} echo"), Does.Contain("echo at port 7"));
        Assert.That(Ask(qemu, $"listen {DigestPort} sha256"), Does.Contain("sha256 at port 9"));

        var said = new byte[300_000];
        new Random(11).NextBytes(said);
        Assert.That(Converse(ports[0], said), Is.EqualTo(said));
        var sum = Encoding.ASCII.GetString(Converse(ports[1], said));
        Assert.That(sum, Is.EqualTo($"{Convert.ToHexStringLower(SHA256.HashData(said))} {said.Length}\n"));
        var net = Ask(qemu, "net");
        TestContext.Out.WriteLine(net);
        Assert.That(net, Does.Contain("echo, 0 connections; 1 accepted"));
    }

    /// <summary>The real client, in every kind of test that the server knows.</summary>
    [Test]
    public void Serves_the_real_iperf3()
    {
        var ports = FreePorts.Take(1);
        using var qemu = QemuMachine.Start(WithAddress(Networked("pc", NetworkCard.Rtl8139, (ports[0], IperfPort))));
        qemu.Serial.Expect(Prompt, Patience);
        Assert.That(Ask(qemu, "iperf"), Does.Contain("iperf3 at port 5201"));
        foreach (var options in (string[])["-n 2M", "-n 2M -R", "-t 1 -P 4", "-t 1 -P 4 -R", "-t 1 --bidir"])
        {
            var said = Iperf(ports[0], options, out var code);
            TestContext.Out.WriteLine(said);
            Assert.That(code, Is.Zero, options + "\n" + said);

            // The client may be gone a moment before the server has seen the ends of all its connections.
            var net = AskUntil(qemu, "net", "iperf3, 0 connections; the last test: ");
            Assert.That(net, Does.Match(@"the last test: [1-9]\d* bytes"));
        }

        Assert.That(Iperf(ports[0], "-u -n 1M", out var refused), Does.Contain("not implemented"));
        Assert.That(refused, Is.Not.Zero);
        Assert.That(Ask(qemu, "iperf stop"), Is.Empty);
        Assert.That(Ask(qemu, "net"), Does.Not.Contain("iperf3"));
    }

    /// <summary>A person speaks with a program on this computer, in lines.</summary>
    [Test]
    public void Connects_to_this_computer_and_back()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var qemu = QemuMachine.Start(WithAddress(Networked("pc", NetworkCard.Rtl8139)));
        qemu.Serial.Expect(Prompt, Patience);
        qemu.Serial.Send($"connect 10.0.2.2 {port}\r");
        using var peer = listener.AcceptTcpClient();
        peer.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        qemu.Serial.Expect("connected to 10.0.2.2", Patience);
        qemu.Serial.Expect("\n", Patience);
        qemu.Serial.Send("hello from inside\r");
        using var reader = new StreamReader(peer.GetStream());
        Assert.That(reader.ReadLine(), Is.EqualTo("hello from inside"));
        peer.GetStream().Write("hello \u001b[2Jfrom outside\n"u8);
        qemu.Serial.Expect("hello \\x1b[2Jfrom outside\r\n", Patience);
        qemu.Serial.Send("\u0004");
        Assert.That(reader.ReadLine(), Is.Null);
        peer.Close();
        qemu.Serial.Expect(Prompt, Patience);
        Assert.That(Ask(qemu, $"connect 10.0.2.2 {FreePorts.Take(1)[0]}"), Does.Contain("connect: connection re"));
    }

    private static MachineOptions Networked(string machine, string card, params (int Host, int Guest)[] forwards)
    {
        var wire = new StringBuilder("user");
        foreach (var (host, guest) in forwards)
        {
            wire.Append(CultureInfo.InvariantCulture, $",hostfwd=tcp:127.0.0.1:{host}-:{guest}");
        }

        return Pc with { Machine = machine, Card = new NetworkCard(card, wire.ToString()) };
    }

    // At once the one that it would be given, and then has to make sure of for some seconds.
    private static MachineOptions WithAddress(MachineOptions options) => options with
    {
        Iso = null, Kernel = Tree.Kernel, KernelArguments = RemoteOperator.NodeAddress,
    };

    private static string Ask(QemuMachine machine, string command)
    {
        machine.Serial.Send(command + "\r");
        machine.Serial.Expect("\n", Patience);
        return machine.Serial.Expect(Prompt, Patience);
    }

    // What a server grants takes a moment; each question takes one, too, so that nothing has to sleep.
    private static string AskUntil(QemuMachine machine, string command, string wanted)
    {
        for (var start = Stopwatch.StartNew(); ;)
        {
            var said = Ask(machine, command);
            if (said.Contains(wanted, StringComparison.Ordinal) || start.Elapsed > Patience)
            {
                Assert.That(said, Does.Contain(wanted));
                return said;
            }
        }
    }

    private static byte[] Converse(int port, byte[] said)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.ReceiveTimeout = client.SendTimeout = (int)Patience.TotalMilliseconds;
        var stream = client.GetStream();
        var sender = new Thread(() =>
        {
            stream.Write(said);
            client.Client.Shutdown(SocketShutdown.Send);
        });
        sender.Start();
        using var heard = new MemoryStream();
        stream.CopyTo(heard);
        sender.Join();
        return heard.ToArray();
    }

    private static string Iperf(int port, string options, out int code)
    {
        var start = new ProcessStartInfo("iperf3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in $"-c 127.0.0.1 -p {port} {options}".Split(' '))
        {
            start.ArgumentList.Add(argument);
        }

        using var client = Process.Start(start)!;
        var errors = client.StandardError.ReadToEndAsync();
        var said = client.StandardOutput.ReadToEnd() + errors.Result;
        client.WaitForExit();
        code = client.ExitCode;
        return said;
    }
}
