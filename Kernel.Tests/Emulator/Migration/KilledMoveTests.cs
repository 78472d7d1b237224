using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Migration;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>What dies in the middle of a move.</summary>
public enum Victim
{
    /// <summary>The machine that the node leaves. Its power comes back.</summary>
    Source,

    /// <summary>The machine that the node goes to. Its power comes back.</summary>
    Target,

    /// <summary>The wire, both ways. It is mended when both sides have noticed.</summary>
    Wire,
}

/// <summary>
/// Source, target and wire die at each moment of a move, of a pair of machines with disks for each moment. Whichever
/// it is, one machine goes on with the node and what it holds, the other keeps its store shut, and where the node has
/// stayed, the next move succeeds.
/// </summary>
[TestFixture]
internal sealed class KilledMoveTests : EmulatorFixture
{
    private const string Elsewhere = "hauki (node elsewhere)> ";
    private const string InDoubt = "hauki (in doubt)> ";
    private const string Refusal = "migrate: ";
    private const string Doubt = "type: resume";
    private const int EchoPort = 7;
    private const int ConversationBytes = 20_000;

    // Those first in which a machine waits longest until it takes the other one for dead.
    private static readonly MoveMoment[] Moments =
        [MoveMoment.Leaving, MoveMoment.Copying, MoveMoment.Pairing, MoveMoment.Token];

    private readonly List<MovePair> pairs = [];
    private readonly HashSet<string> cut = [];
    private HandoverWire wire = null!;
    private int made;

    /// <summary>Takes the wire away.</summary>
    [TearDown]
    public void Remove()
    {
        pairs.ForEach(static pair => pair.Dispose());
        pairs.Clear();
        cut.Clear();
        made = 0;
        wire?.Dispose();
    }

    /// <summary>At every moment, each with machines of its own, so that they wait at the same time.</summary>
    [Test]
    public void Whatever_dies_at_whichever_moment_one_machine_goes_on([Values] Victim victim)
    {
        Assert.That(Moments, Is.EquivalentTo(Enum.GetValues<MoveMoment>()));
        foreach (MoveMoment moment in Moments)
        {
            if ((victim, moment) == (Victim.Source, MoveMoment.Token))
            {
                continue; // HandoverTests has this one, there and back
            }

            pairs.Add(new MovePair(moment, Scratch($"{moment}-source"), Scratch($"{moment}-target")));
            CopyEnrolled(pairs[^1].SourceDisk);
            DiskImage.Create(pairs[^1].TargetDisk, 64);
        }

        wire = new HandoverWire([.. pairs.SelectMany(static pair => new[] { pair.SourcePlace, pair.TargetPlace })]);
        foreach (MovePair pair in pairs)
        {
            SwitchOn(pair, isSource: true);
            SwitchOn(pair, isSource: false);
        }

        foreach (MovePair pair in pairs)
        {
            Open(pair.Source!);
            Assert.That(new ConsoleDriver(pair.Source!.Serial).Command("put berth 12"), Does.Not.Contain("put:"));
        }

        foreach (MovePair pair in pairs)
        {
            Strike(pair, victim);
        }

        if (victim == Victim.Wire)
        {
            pairs.ForEach(AwaitNotice);
            cut.Clear();
            wire.Cut();
        }

        // Those first that need not wait; the others wait meanwhile.
        pairs.Sort(static (one, other) => one.Moment.CompareTo(other.Moment));
        foreach (MovePair pair in pairs)
        {
            TestContext.Out.Write($"{pair.Moment}: ");
            AssertOneGoesOn(pair, victim);
        }

        foreach (MovePair pair in pairs.Where(static pair => !pair.IsDecided))
        {
            Move(pair);
            AssertHolds(pair.Target!);
            Assert.That(() => pair.States, Is.EqualTo((HandoverState.Moved, HandoverState.Settled)).After(60_000, 10));
        }

        wire.ThrowIfFailed();
    }

    /// <summary>
    /// Without disks nobody remembers: when the target dies that may have the node, the source stands still until an
    /// operator says that it does not run there. The conversation waits with it, and moves along the next time.
    /// </summary>
    [Test]
    public void A_node_without_a_disk_stands_still_until_an_operator_knows()
    {
        string[] places = ["source", "target", "another"];
        wire = new HandoverWire(places);
        QemuMachine[] machines = [.. places.Select(place => SwitchOn(place, NetworkCard.Rtl8139, null))];
        try
        {
            using var station = new HostStation(wire.Tester);
            var node = new ConsoleDriver(machines[0].Serial) { ReadyPrompt = ConsoleDriver.PromptWithoutDisk };
            node.ReadUntilPrompt(Patience);
            node.Command($"listen {EchoPort} echo");
            string[] codes = [.. machines[1..].Select(AwaitPairingCode)];
            TcpConnection conversation = station.Connect(AddressOf(1), EchoPort);
            station.Converse(conversation, ConversationBytes);

            using var struck = new ManualResetEventSlim();
            wire.At(MoveMoment.Token, places[0], places[1], () => Strike(places[1], machines[1], struck));
            machines[0].Serial.Send($"migrate {AddressOf(2)} {codes[0]}\r");
            Assert.That(struck.Wait(Patience));
            machines[0].Serial.Expect(Doubt, Patience);
            machines[0].Serial.Send("resume\r");
            machines[0].Serial.Expect(Refusal, Patience);
            TestContext.Out.WriteLine(machines[0].Serial.ExpectLineEnd(Patience));
            node.ReadUntilPrompt(Patience);
            station.Converse(conversation, ConversationBytes);

            machines[0].Serial.Send($"migrate {AddressOf(3)} {codes[1]}\r");
            machines[2].Serial.Expect("moved: ", Patience);
            station.Converse(conversation, ConversationBytes);
            wire.ThrowIfFailed();
        }
        finally
        {
            foreach (QemuMachine machine in machines)
            {
                machine.Dispose();
            }
        }
    }

    private static string AddressOf(int number) => $"10.9.0.{number}";

    private static void Open(QemuMachine machine) => new ConsoleDriver(machine.Serial).Unlock(Answers);

    private static void AssertHolds(QemuMachine machine)
    {
        var console = new ConsoleDriver(machine.Serial);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        Assert.That(Get(console, "berth"), Is.EqualTo("12"));
    }

    private void Strike(MovePair pair, Victim victim)
    {
        using var struck = new ManualResetEventSlim();
        string code = AwaitPairingCode(pair.Target!);
        wire.At(
            pair.Moment,
            pair.SourcePlace,
            pair.TargetPlace,
            () =>
            {
                Strike(pair.SourcePlace, victim == Victim.Source ? pair.Source : null, null);
                Strike(pair.TargetPlace, victim == Victim.Target ? pair.Target : null, struck);
            },
            () => pair.States.Source == HandoverState.Leaving);
        pair.Code = pair.Moment == MoveMoment.Pairing && victim != Victim.Target ? code : null;
        Order(pair, code);
        if (!struck.Wait(Patience))
        {
            throw pair.Source!.Failure($"There was no moment of {pair.Moment}.");
        }

        Assert.That(pair.States.Source == HandoverState.Leaving, Is.EqualTo(pair.Moment >= MoveMoment.Leaving));
        Assert.That(pair.States.Target == HandoverState.Owner, Is.EqualTo(pair.IsDecided));
        if (victim != Victim.Wire)
        {
            SwitchOn(pair, victim == Victim.Source);
            if (victim == Victim.Source && pair.Moment == MoveMoment.Leaving)
            {
                // Before it has been answered it does not even ask for what opens the store.
                pair.Source!.Serial.Expect(InDoubt, Patience);
                Assert.That(pair.Source.Serial.Transcript, Does.Not.Contain(ConsoleDriver.FirstChallenge));
            }

            cut.Clear();
            wire.Cut();
        }
    }

    // Nothing that left the place after the moment is heard, whatever the machine had still said.
    private void Strike(string place, QemuMachine? machine, ManualResetEventSlim? struck)
    {
        cut.Add(place);
        wire.Cut([.. cut]);
        machine?.Kill();
        struck?.Set();
    }

    private static void AwaitNotice(MovePair pair)
    {
        pair.Source!.Serial.Expect(pair.Moment < MoveMoment.Leaving ? Refusal : Doubt, Patience);
        if (pair.Moment is MoveMoment.Copying or MoveMoment.Leaving)
        {
            pair.Target!.Serial.Expect("standby: ", Patience);
        }
    }

    private static void AssertOneGoesOn(MovePair pair, Victim victim)
    {
        if (pair.IsDecided)
        {
            pair.Source!.Serial.Expect(Elsewhere, Patience);
            if (victim == Victim.Target)
            {
                Open(pair.Target!);
            }
            else
            {
                pair.Target!.Serial.Expect("moved: ", Patience);
                new ConsoleDriver(pair.Target!.Serial).ReadUntilPrompt(Patience);
            }

            AssertHolds(pair.Target!);
            Assert.That(() => pair.States, Is.EqualTo((HandoverState.Moved, HandoverState.Settled)).After(60_000, 10));
            return;
        }

        if (victim == Victim.Source)
        {
            Open(pair.Source!);
            TestContext.Out.WriteLine("the power is back, and the store opens");
        }
        else
        {
            if (victim == Victim.Target || pair.Moment == MoveMoment.Leaving)
            {
                pair.Source!.Serial.Expect(Refusal, Patience);
            }

            TestContext.Out.WriteLine(pair.Source!.Serial.ExpectLineEnd(Patience));
            new ConsoleDriver(pair.Source!.Serial).ReadUntilPrompt(Patience);
        }

        AssertHolds(pair.Source!);
        Assert.That(pair.Target!.Serial.Transcript, Does.Not.Contain(ConsoleDriver.FirstChallenge));
        Assert.That(pair.States.Source.IsHere(), $"{pair.States}");
        HandoverState end = pair.Moment == MoveMoment.Pairing ? HandoverState.None : HandoverState.Aborted;
        Assert.That(() => pair.States.Target, Is.EqualTo(end).After(60_000, 10));
    }

    private static void Move(MovePair pair)
    {
        Order(pair, pair.Code ?? AwaitPairingCode(pair.Target!));
        pair.Target!.Serial.Expect("moved: ", Patience);
        new ConsoleDriver(pair.Target!.Serial).ReadUntilPrompt(Patience);
    }

    // A machine that has just been switched on asks the wire for seconds whether its address is free.
    private static void Order(MovePair pair, string code)
    {
        SerialLine source = pair.Source!.Serial;
        source.Send($"migrate {pair.TargetAddress} {code}\r");
        while (source.ExpectAny(["looking for the machine", "no network address yet"], Patience).Index != 0)
        {
            new ConsoleDriver(source).ReadUntilPrompt(Patience);
            Thread.Sleep(100);
            source.Send($"migrate {pair.TargetAddress} {code}\r");
        }
    }

    private void SwitchOn(MovePair pair, bool isSource)
    {
        string card = isSource == (pair.Moment is MoveMoment.Copying or MoveMoment.Token)
            ? NetworkCard.Ne2000Pci
            : NetworkCard.Rtl8139;
        if (isSource)
        {
            pair.Source?.Dispose();
            pair.Source = SwitchOn(pair.SourcePlace, card, pair.SourceDisk, "");
            return;
        }

        pair.Target?.Dispose();
        pair.Target = SwitchOn(pair.TargetPlace, card, pair.TargetDisk, "standby");
        pair.TargetAddress = AddressOf(made);
    }

    private QemuMachine SwitchOn(string place, string card, string? disk, string? words = null) =>
        QemuMachine.Start(new MachineOptions
        {
            Kernel = Tree.Kernel,
            KernelArguments = $"net={AddressOf(++made)}/24 {words ?? (place == "source" ? "" : "standby")}",
            MemoryMiB = 64,
            Disk = disk is null ? null : new RawDisk(disk),
            Card = wire.CardAt(place, card),
        });

    /// <summary>Two machines for one moment.</summary>
    private sealed class MovePair(MoveMoment moment, string sourceDisk, string targetDisk) : IDisposable
    {
        public MoveMoment Moment => moment;

        public string SourceDisk => sourceDisk;

        public string TargetDisk => targetDisk;

        public string SourcePlace => $"{moment}-source";

        public string TargetPlace => $"{moment}-target";

        public string TargetAddress { get; set; } = string.Empty;

        /// <summary>The code that the target shows, if it is still good.</summary>
        public string? Code { get; set; }

        public QemuMachine? Source { get; set; }

        public QemuMachine? Target { get; set; }

        /// <summary>Has the target decided before the blow that it has the node?</summary>
        public bool IsDecided => moment == MoveMoment.Token;

        /// <summary>What the two disks say.</summary>
        public (HandoverState Source, HandoverState Target) States =>
            (HandoverWire.StateOf(sourceDisk), HandoverWire.StateOf(targetDisk));

        public void Dispose()
        {
            Source?.Dispose();
            Target?.Dispose();
        }
    }
}
