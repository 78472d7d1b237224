using System;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// A node moves itself to another machine while a Linux speaks with it, and whatever can go wrong on the way goes
/// wrong. Nobody but the two machines takes part in a move; the emulator only shows them.
/// </summary>
public sealed class NativeMoveTests : EmulatorFixture
{
    // The move itself takes some 20 ms; what is more comes from a busy computer or from a lost segment. A Linux that
    // had to find the node anew by itself would be silent for longer.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    /// <summary>Without root and the tools there is no Linux to talk with; the message says what is missing.</summary>
    [OneTimeSetUp]
    public void RequireMeans() => RequireLinux("ip", "ping");

    /// <summary>
    /// There and back between machines that differ in card and memory, with work going on. The machine that the node
    /// comes back to is the very one that it left: nothing on a disk tells it that its card's address went along.
    /// </summary>
    [TestCase("rtl8139:64", "rtl8139:256")]
    [TestCase("rtl8139:256", "ne2k_pci:96")]
    [TestCase("ne2k_pci:64", "ne2k_isa:64")]
    public void A_conversation_and_work_go_along(string first, string second)
    {
        using var node = new NativeShuttle(
            Tree, MoveNetwork.OnBridge(Shuttle.Places), Station.Parse(first), Station.Parse(second))
        {
            KeepsMachines = true,
        };
        using var client = node.Converse();
        client.AwaitEcho(Patience);
        node.StartLoad(8);
        for (var move = 1; move <= 2; move++)
        {
            client.TakeLongestSilence();
            var figures = node.Move();
            client.AwaitEcho(Patience);
            var silence = client.TakeLongestSilence();
            TestContext.Out.WriteLine($"{figures}; silence {silence.TotalMilliseconds:0} ms");
            Assert.That(silence, Is.LessThan(SilenceMax), $"move {move}");
        }

        TestContext.Out.WriteLine(node.StopLoad());
        client.Finish(Patience);
        Assert.That(client.Received, Is.EqualTo(client.Sent).And.Positive);
    }

    /// <summary>Fifty MiB that are written to as fast as the machine can: the move still comes to its end.</summary>
    [Test]
    public void Work_that_writes_everywhere_is_slowed_down_until_the_move_succeeds()
    {
        var station = new Station(NetworkCard.Rtl8139, 128);
        using var node = new NativeShuttle(Tree, MoveNetwork.OnBridge(Shuttle.Places), station, station);
        using var client = node.Converse();
        node.StartLoad(50);
        client.AwaitEcho(Patience);
        client.TakeLongestSilence();
        var figures = node.Move();
        client.AwaitEcho(Patience);
        var silence = client.TakeLongestSilence();
        TestContext.Out.WriteLine($"{figures}; silence {silence.TotalMilliseconds:0} ms; {node.StopLoad()}");
        Assert.That(silence, Is.LessThan(SilenceMax));
        client.Finish(Patience);
    }

    /// <summary>A wire that loses every tenth frame, doubles, reorders and damages some.</summary>
    [Test]
    public void A_move_survives_a_bad_wire()
    {
        using var node = OnSwitch(memoryMiB: 64);
        using var client = node.Converse();
        client.AwaitEcho(Patience);
        node.StartLoad(1);
        node.Network.SetFaults("a<>b loss 10% reorder 2% 3ms duplicate 2% corrupt 1%");
        var figures = node.Move();
        TestContext.Out.WriteLine($"{figures}; {node.StopLoad()}");
        client.AwaitEcho(Patience);
        client.Finish(Patience);
    }

    /// <summary>Connections in every state of TCP go along, each with what is still to be said on it.</summary>
    [Test]
    public void Connections_move_in_every_state()
    {
        using var node = OnSwitch(memoryMiB: 64);
        using var states = new ConversationStates(node);
        node.Move();
        states.AssertAllEndWell();
    }

    /// <summary>Whoever stands by decides, and a source that is refused works on as if nothing had been.</summary>
    [Test]
    public void A_refused_source_works_on()
    {
        using var node = new NativeShuttle(
            Tree,
            MoveNetwork.OnBridge(Shuttle.Places),
            new Station(NetworkCard.Rtl8139, 256),
            new Station(NetworkCard.Rtl8139, 64));
        using var client = node.Converse();
        client.AwaitEcho(Patience);
        node.StandBy();
        node.Order("0000-0000-0000-0000");
        TestContext.Out.WriteLine($"wrong code: {AssertFails(node)}");
        node.RenewOther();
        node.StartLoad(100);
        node.Order();
        var sentence = AssertFails(node);
        TestContext.Out.WriteLine($"too small: {sentence}");
        Assert.That(sentence, Does.Contain("MiB").Or.Contain("memory"));
        client.AwaitEcho(Patience);
        client.Finish(Patience);
        Assert.That(node.StopLoad(), Does.Contain("all consistent"));
    }

    /// <summary>
    /// In the middle of the copying the target dies, then the wire: each time the node works on where it is, and the
    /// next move succeeds. When the source dies, its target waits for another one.
    /// </summary>
    [Test]
    public void Whatever_dies_while_pages_are_copied_there_is_one_node()
    {
        using var node = OnSwitch(memoryMiB: 128);
        using var client = node.Converse();
        client.AwaitEcho(Patience);
        node.StartLoad(24);
        OrderAndCopy(node);
        node.OtherMachine.Kill();
        TestContext.Out.WriteLine($"the target died: {AssertFails(node)}");
        client.AwaitEcho(Patience);

        node.RenewOther();
        OrderAndCopy(node);
        node.Network.SetFaults("a<>b loss 100%");
        TestContext.Out.WriteLine($"the wire died: {AssertFails(node)}");
        client.AwaitEcho(Patience);
        node.Network.SetFaults("none");

        node.RenewOther();
        var figures = node.Move();
        client.AwaitEcho(Patience);
        client.Finish(Patience);
        TestContext.Out.WriteLine($"{figures}; {node.StopLoad()}");

        node.StartLoad(24);
        OrderAndCopy(node);
        node.Machine.Kill();
        node.OtherMachine.Serial.Expect("pairing code: ", Patience);
    }

    private static NativeShuttle OnSwitch(int memoryMiB)
    {
        var station = new Station(NetworkCard.Rtl8139, memoryMiB);
        return new NativeShuttle(Tree, MoveNetwork.OnSwitch(seed: 1, Shuttle.Places), station, station);
    }

    private static string AssertFails(NativeShuttle node)
    {
        var sentence = node.AwaitEnd();
        Assert.That(sentence, Is.Not.Null);
        node.Machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        return sentence!;
    }

    // A thousand frames are about a megabyte: far from the end, far from the beginning.
    private static void OrderAndCopy(NativeShuttle node)
    {
        long Delivered() => node.Network.Switch!.Locked(
            fabric => fabric.WireBetween(node.Place, node.OtherPlace).Counters.Delivered);
        node.Order();
        var from = Delivered();
        Assert.That(() => Delivered() - from, Is.GreaterThan(1000).After(60_000, 1));
    }
}
