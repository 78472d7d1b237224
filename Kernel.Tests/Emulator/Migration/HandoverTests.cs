using System.Collections.Generic;
using HaukiOS.Host.Emulator;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// Two machines with a disk each, and power that fails when the node changes hands: what the model proves for the state
/// machines (<c>docs/teleport.md</c>), seen on the metal. The moment chosen is always the one at which the target has
/// decided and the source cannot know it.
/// </summary>
[TestFixture]
internal sealed class HandoverTests : EmulatorFixture
{
    private const string Here = HandoverWire.Here;
    private const string There = HandoverWire.There;
    private const string InDoubt = "hauki (in doubt)> ";
    private const string Unconfirmed = "hauki (unconfirmed)> ";
    private const string Elsewhere = "hauki (node elsewhere)> ";
    private const string Challenge = "challenge";

    // The source asks more and more seldom, in the end once a second: these take it more than four.
    private const int QuestionsOfFourSeconds = 10;

    private readonly Dictionary<string, string> addresses = [];
    private HandoverWire wire = null!;
    private string diskHere = null!;
    private string diskThere = null!;
    private int made;

    /// <summary>A wire, and two disks of which one has the operator's store.</summary>
    [SetUp]
    public void Lay()
    {
        diskHere = EnrolledDisk();
        diskThere = EmptyDisk();
        wire = new HandoverWire();
    }

    /// <summary>Takes it away.</summary>
    [TearDown]
    public void Remove() => wire?.Dispose();

    /// <summary>
    /// The source hears no token: it stands still, says so, and goes on asking. Once it has heard one it lets go. Then
    /// the power fails at the target, which has not heard that it did.
    /// </summary>
    [Test]
    public void A_source_in_doubt_lets_go_and_a_target_waits_until_it_hears_so()
    {
        using var source = SwitchOn(Here);
        string before;
        using (var target = SwitchOn(There, "standby"))
        {
            OpenAndPut(source);
            wire.LoseTokensFrom(Here, There);
            var node = Move(source, target);
            source.Serial.Expect("type: resume", Patience);
            Assert.That(() => wire.Questions, Is.AtLeast(QuestionsOfFourSeconds).After(60_000, 10));
            AssertStates(HandoverState.Leaving, HandoverState.Owner);
            Assert.That(Get(node, "berth"), Is.EqualTo("12"));
            Assert.That(node.Command("put quay 4"), Does.Not.Contain("put:"));

            before = source.Serial.Transcript;
            wire.LoseTokensFrom(Here);
            source.Serial.Expect(Elsewhere, Patience);
            AssertStates(HandoverState.Moved, HandoverState.Owner);
            target.Kill();
        }

        using var again = SwitchOn(There);
        AssertShut(again, Unconfirmed);
        AssertStates(HandoverState.Moved, HandoverState.Owner);
        wire.LoseTokensFrom();
        var console = new ConsoleDriver(again.Serial);
        console.Unlock(Answers);
        AssertStates(HandoverState.Moved, HandoverState.Settled);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        Assert.That(Get(console, "berth"), Is.EqualTo("12"));
        Assert.That(Get(console, "quay"), Is.EqualTo("4"), "what the node was told before the power failed");
        Assert.That(source.Serial.Transcript[before.Length..], Does.Not.Contain(Challenge));
        wire.ThrowIfFailed();
    }

    /// <summary>
    /// The power fails at the source, which comes back in doubt and then knows that the node has left. On its way back,
    /// for which no code is needed, the power fails at the target, and an operator resumes the node where it was.
    /// </summary>
    [Test]
    public void Whichever_machine_loses_power_one_goes_on_and_the_other_keeps_its_store_shut()
    {
        using var there = SwitchOn(There, "standby");
        ConsoleDriver node;
        using (var source = SwitchOn(Here))
        {
            OpenAndPut(source);
            wire.LoseTokensFrom(Here, There);
            wire.At(MoveMoment.Token, Here, There, source.Kill);
            node = Move(source, there);
        }

        using (var left = SwitchOn(Here))
        {
            AssertShut(left, InDoubt);
            AssertStates(HandoverState.Leaving, HandoverState.Owner);
            Assert.That(Get(node, "berth"), Is.EqualTo("12"));
            wire.LoseTokensFrom();
            left.Serial.Expect(Elsewhere, Patience);
            Assert.That(() => HandoverWire.StateOf(diskThere), Is.EqualTo(HandoverState.Settled).After(60_000, 10));
            AssertStates(HandoverState.Moved, HandoverState.Settled);

            left.Serial.Send("standby\r");
            AwaitPairingCode(left);
            wire.LoseTokensFrom(Here, There);
            wire.At(MoveMoment.Token, There, Here, left.Kill);
            there.Serial.Send($"migrate {addresses[Here]}\r");
            there.Serial.Expect("type: resume", Patience);
            Assert.That(left.Serial.Transcript, Does.Not.Contain(Challenge));
        }

        AssertStates(HandoverState.Owner, HandoverState.Leaving);
        there.Serial.Send("resume\r");
        there.Serial.Expect("migrate: ", Patience);
        node.ReadUntilPrompt(Patience);
        AssertStates(HandoverState.Owner, HandoverState.Reclaimed);

        // It was given up by another machine that may have run it, so it gathers randomness anew before it seals.
        Assert.That(() => node.Command("put quay 4"), Does.Not.Contain("put:").After(60_000, 200));

        using var again = SwitchOn(Here);
        AssertShut(again, Unconfirmed);
        wire.LoseTokensFrom();
        again.Serial.Expect("was resumed on the machine that it came from", Patience);
        AssertShut(again, Elsewhere);
        AssertStates(HandoverState.Superseded, HandoverState.Reclaimed);
        Assert.That(Get(node, "berth"), Is.EqualTo("12"));
        Assert.That(Get(node, "quay"), Is.EqualTo("4"));
        wire.ThrowIfFailed();
    }

    private static void OpenAndPut(QemuMachine machine)
    {
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        Assert.That(console.Command("put berth 12"), Does.Not.Contain("put:"));
    }

    private ConsoleDriver Move(QemuMachine source, QemuMachine target)
    {
        source.Serial.Send($"migrate {addresses[There]} {AwaitPairingCode(target)}\r");
        target.Serial.Expect("moved: ", Patience);
        var console = new ConsoleDriver(target.Serial);
        console.ReadUntilPrompt(Patience);
        return console;
    }

    // At a prompt without a store, and no question was asked that would open one.
    private static void AssertShut(QemuMachine machine, string prompt)
    {
        machine.Serial.Expect(prompt, Patience);
        var console = new ConsoleDriver(machine.Serial) { ReadyPrompt = prompt };
        Assert.That(console.Command("get berth"), Does.Not.Contain("12"));
        Assert.That(machine.Serial.Transcript, Does.Not.Contain(Challenge));
    }

    private void AssertStates(HandoverState here, HandoverState there) =>
        Assert.That((HandoverWire.StateOf(diskHere), HandoverWire.StateOf(diskThere)), Is.EqualTo((here, there)));

    // A node takes its address along, so every machine that is switched on has another one.
    private QemuMachine SwitchOn(string place, string words = "")
    {
        addresses[place] = $"10.9.0.{++made}";
        return QemuMachine.Start(new MachineOptions
        {
            Kernel = Tree.Kernel,
            KernelArguments = $"net={addresses[place]}/24 {words}",
            MemoryMiB = place == Here ? 64 : 96,
            Disk = new RawDisk(place == Here ? diskHere : diskThere),
            Card = wire.CardAt(place, place == Here ? NetworkCard.Rtl8139 : NetworkCard.Ne2000Pci),
        });
    }
}
