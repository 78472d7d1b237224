using System;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// What an emulator does to a machine without asking it: carries it to another process, stops it, sets it back. The
/// node in it goes on, and its connections with it.
/// </summary>
[TestFixture(NetworkCard.Rtl8139)]
[TestFixture(NetworkCard.Ne2000Pci)]
public sealed class QemuMoveTests(string card) : EmulatorFixture
{
    // A hundred times what it is on a quiet computer, because this one may be busy; a Linux that had to find the node
    // anew by itself would be silent for longer.
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    private QemuShuttle? shuttle;

    private QemuShuttle Node => shuttle ??= new QemuShuttle(
        Tree, MoveNetwork.OnBridge(Shuttle.Places), new Station(card, MemoryMiB: 64));

    /// <summary>Without root and the tools there is no Linux to talk with; the message says what is missing.</summary>
    [OneTimeSetUp]
    public void RequireMeans() => RequireLinux("ip");

    /// <summary>A node that failed is not used again.</summary>
    [TearDown]
    public void JudgeNode()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            SwitchOff();
        }
    }

    /// <summary>Pulls the plug.</summary>
    [OneTimeTearDown]
    public void SwitchOff()
    {
        shuttle?.Dispose();
        shuttle = null;
    }

    /// <summary>Live migration, there and back and there again, in the middle of a conversation.</summary>
    [Test]
    public void A_conversation_survives_live_migration()
    {
        using var client = Node.Converse();
        client.AwaitEcho(Patience);
        for (var move = 1; move <= 3; move++)
        {
            client.TakeLongestSilence();
            var figures = Node.Move();
            client.AwaitEcho(Patience);
            var silence = client.TakeLongestSilence();
            TestContext.Out.WriteLine($"stood still {figures.DowntimeMs} ms; silence {silence.TotalMilliseconds:0} ms");
            Assert.That(silence, Is.LessThan(SilenceMax), $"move {move}");
        }

        client.Finish(Patience);
        Assert.That(client.Received, Is.EqualTo(client.Sent).And.Positive);
        AssertWell();
    }

    /// <summary>A machine that its emulator has stopped for a while notices nothing but that it is later.</summary>
    [Test]
    public void A_conversation_survives_a_stopped_machine()
    {
        using var client = Node.Converse();
        client.AwaitEcho(Patience);
        Node.Machine.Qmp.Execute("stop");

        // Long enough for several retransmissions of Linux's, and for the sender to run into a closed window.
        Thread.Sleep(2000);
        Node.Machine.Qmp.Execute("cont");
        client.AwaitEcho(Patience);
        client.Finish(Patience);
        Assert.That(client.TakeLongestSilence(), Is.GreaterThan(TimeSpan.FromSeconds(1.9)));
        AssertWell();
    }

    /// <summary>
    /// A machine that is set back goes on with a connection on which nothing was said since; one that was made since
    /// is over, because nobody there knows of it; and new ones are served.
    /// </summary>
    [Test]
    public void A_quiet_conversation_survives_a_snapshot()
    {
        var snapshots = new SnapshotStore(Node.Machine.Qmp, Scratch("snapshots"));
        using var client = Node.Converse();
        client.AwaitEcho(Patience);
        client.Pause(Patience);
        snapshots.Save("before");
        using (var later = Node.Converse())
        {
            later.AwaitEcho(Patience);
            snapshots.Load("before");
            Assert.That(() => later.AwaitEcho(Patience), Throws.TypeOf<TimeoutException>()
                .With.Message.Contains("The connection broke"));
        }

        client.Resume();
        client.AwaitEcho(Patience);
        client.Finish(Patience);
        Assert.That(client.Received, Is.EqualTo(client.Sent).And.Positive);
        AssertWell();
    }

    /// <summary>Connections in every state of TCP go along, each with what is still to be said on it.</summary>
    [Test]
    public void Connections_survive_in_every_state()
    {
        using var node = new QemuShuttle(
            Tree, MoveNetwork.OnSwitch(seed: 1, Shuttle.Places), new Station(card, MemoryMiB: 64));
        using var states = new ConversationStates(node);
        node.Move();
        states.AssertAllEndWell();
    }

    private void AssertWell()
    {
        Assert.That(Node.Console.Command("net"), Does.Contain("port 7: echo"));
        using var client = Node.Converse();
        client.AwaitEcho(Patience);
        client.Finish(Patience);
    }
}
