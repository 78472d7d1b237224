using System;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// The nearest thing to another real PC that can be watched here: Bochs shares no line with QEMU. Its processor is
/// checked to the letter, its counter runs at 50 MHz, its card takes one frame in a millisecond and sends
/// one in 1.2, and a CD starts it.
/// </summary>
public sealed class BochsMoveTests : EmulatorFixture
{
    /// <summary>Without root and the programs there is nothing to see; the message says what is missing.</summary>
    [OneTimeSetUp]
    public void RequireMeans() => RequireLinux("ip", "ping", BochsMachine.Program);

    /// <summary>From QEMU to Bochs and back, with a conversation and with work whose every page is checked.</summary>
    [Test]
    public void A_node_goes_to_a_quite_different_PC_and_comes_back()
    {
        using var node = new NativeShuttle(
            Tree,
            MoveNetwork.OnBridge(Shuttle.Places),
            new Station(NetworkCard.Rtl8139, 64),
            new Station(NetworkCard.Ne2000Pci, 96) { IsBochs = true });
        using var client = node.Converse(StreamClient.GentlePace);
        client.AwaitEcho(Patience);
        node.StartLoad(1);
        for (var move = 1; move <= 2; move++)
        {
            client.TakeLongestSilence();
            var figures = node.Move();
            client.AwaitEcho(Patience);
            TestContext.Out.WriteLine($"{figures}; silence {client.TakeLongestSilence().TotalMilliseconds:0} ms");
            var card = move == 1 ? "card: RTL8029 at " : "card: RTL8139C+ at ";
            Assert.That(node.Console.Command("net"), Does.Contain(card).And.Contain(" 0 resets of the card"));
        }

        TestContext.Out.WriteLine(node.StopLoad());
        client.Finish(Patience);
        Assert.That(client.Received, Is.EqualTo(client.Sent).And.Positive);
    }
}
