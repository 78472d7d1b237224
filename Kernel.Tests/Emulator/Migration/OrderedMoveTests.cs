using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HaukiOS.Hardware;
using HaukiOS.Host.Control;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Teleport;
using HaukiOS.Host.Unlock;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// A node with an open store is moved by an operator at a computer of their own, to a PC with another card and more
/// memory whose disk is blank. The operator's connection goes with it, and one that has not been answered yet. On its
/// way back the node needs no code.
/// </summary>
[TestFixture]
public sealed partial class OrderedMoveTests : EmulatorFixture, IUnlockOperator
{
    private const string Here = "10.9.0.11";
    private const string There = "10.9.0.12";
    private const string Again = "10.9.0.13";
    private const string Silent = "10.9.0.77";
    private const int SilentPort = 7777;

    /// <summary>Without root and the tools there is no Linux to order from; the message says what is missing.</summary>
    [OneTimeSetUp]
    public void RequireMeans() => RequireLinux("ip");

    /// <summary>Unlock from afar, move from afar, use what has arrived, and move it back.</summary>
    [Test]
    public void Whoever_has_unlocked_a_node_moves_it_from_afar_with_its_open_store()
    {
        using var network = MoveNetwork.OnBridge("here", "there");
        var first = PcWith(EnrolledDisk()) with
        {
            MemoryMiB = 64,
            Iso = null,
            Kernel = Tree.Kernel,
            KernelArguments = $"net={Here}/24",
            Card = network.NewCard("here", NetworkCard.Rtl8139),
            EndOnReset = true,
        };
        using var source = QemuMachine.Start(first);
        using var target = QemuMachine.Start(PcWith(EmptyDisk()) with
        {
            MemoryMiB = 96,
            Iso = null,
            Kernel = Tree.Kernel,
            KernelArguments = $"net={There}/24 standby",
            Card = network.NewCard("there", NetworkCard.Ne2000Pci) with { Address = "52:54:00:12:34:57" },
        });
        using var key = OperatorKey.LoadOrMake(Scratch("operator-key"));
        KnownNodes known = Unlock(source, network, key);
        source.Serial.Expect("unlocked over the network", Patience);

        // Linux has this address, but may not send from it: the node's first segment is not answered.
        network.Space.AddAddress(NetworkNamespace.Bridge, $"{Silent}/32");
        network.Space.Configure("rule", "add", "from", Silent, "blackhole");
        using Socket listener = network.Space.NewSocket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(Silent), SilentPort));
        listener.Listen();

        var code = AwaitPairingCode(target);
        source.Serial.Send($"connect {Silent} {SilentPort}\r");
        source.Serial.Expect("connecting to", Patience);
        Move(network, known, key, There, code);

        var console = new ConsoleDriver(target.Serial);
        network.Space.Configure("rule", "del", "from", Silent, "blackhole");
        target.Serial.Expect("connected to", Patience);
        using (Socket accepted = listener.Accept())
        {
            accepted.Send("hello, whoever has asked\n"u8);
            target.Serial.Expect("hello, whoever has asked", Patience);
        }

        // The peer has said all, so the console asks again, and tells what happened meanwhile.
        target.Serial.Expect("moved: ", Patience);
        console.ReadUntilPrompt(Patience);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        Assert.That(console.Command("put berth 12"), Does.Not.Contain("put:"));

        source.WaitForExit(Patience);
        AssertLeavesTheAddressAlone(first);

        // The first machine knows the node by what the move has left on its disk, and the node knows it likewise.
        using var left = QemuMachine.Start(first with { KernelArguments = $"net={Again}/24 standby" });
        AwaitPairingCode(left);
        Move(network, known, key, Again, code: null);
        left.Serial.Expect("moved: ", Patience);
        console = new ConsoleDriver(left.Serial);
        console.ReadUntilPrompt(Patience);
        Assert.That(Get(console, "berth"), Is.EqualTo("12"));
    }

    // What the first machine was given is the node's by now.
    private static void AssertLeavesTheAddressAlone(MachineOptions first)
    {
        using var left = QemuMachine.Start(first with { KernelArguments = $"net={Here}/24 standby" });
        AwaitPairingCode(left);
        left.Serial.Send("net\r");
        left.Serial.Expect($"{Here}/24, not ", Patience);
    }

    private static void Move(MoveNetwork network, KnownNodes known, KeyPair key, string to, string? code)
    {
        var mover = new Mover(
            new NodeAddress(Here, ControlProtocol.Port),
            known,
            key,
            () => Open(network, ControlProtocol.Port),
            static _ => { });
        Ipv4Address.TryParse(to, out var address);
        Assert.That(mover.Run(new MoveOrder(address, code)), Is.EqualTo(MoveOutcome.Moved), mover.Problem);
        TestContext.Out.WriteLine($"to {to}: stood still {mover.Last.DowntimeMicroseconds} us");
    }

    int IUnlockOperator.Ask(int number, int count, Question question, SecretBytes answer) =>
        Encoding.UTF8.GetBytes(Answers[question.Text], answer.Span);

    void IUnlockOperator.Say(string line)
    {
    }

    void IUnlockOperator.Progress(int thousandths)
    {
    }

    void IUnlockOperator.Wait(TimeSpan time) => System.Threading.Thread.Sleep(time);

    private static NetworkStream Open(MoveNetwork network, int port) =>
        new(network.Connect(Here, port, Patience), ownsSocket: true);

    private KnownNodes Unlock(QemuMachine source, MoveNetwork network, KeyPair key)
    {
        source.Serial.Expect($"answered over the network at {Here}:4285", Patience);
        ConsoleDriver.GiveRandomness(source.Serial);
        Assert.That(Fingerprint.TryParse(
            BootKey().Match(source.Serial.Transcript).Groups[1].Value, out var fingerprint));
        var known = KnownNodes.Load(Scratch("known-nodes"));
        var unlocker = new Unlocker(
            new NodeAddress(Here, UnlockProtocol.Port), known, key, this, () => Open(network, UnlockProtocol.Port))
        {
            Given = fingerprint,
        };
        Assert.That(unlocker.Run(), Is.EqualTo(UnlockOutcome.Unlocked));
        return known;
    }

    [GeneratedRegex("boot key: (([0-9A-Z]{4}-){7}[0-9A-Z]{4})\r\n")]
    private static partial Regex BootKey();
}
