using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using HaukiOS.Hardware;
using HaukiOS.Host.Emulator;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// Machines of which one is a node with an open store and a conversation, and somebody on the wire: who lies, who
/// meddles with the pairing, who spoils every frame, who floods the link. A move that cannot be is off with a sentence
/// that says why, and the node works on where it is; one that can be, arrives.
/// </summary>
[TestFixture]
public sealed partial class HostileMoveTests : EmulatorFixture
{
    private const string Node = "node";
    private const string NodeAddress = "10.9.0.1";
    private const int EchoPort = 7;
    private const byte NewerFormat = 9;
    private const int ConversationBytes = 20_000;
    private const int LoadMebibytes = 4;
    private const int HostileFrames = 10_000;
    private const string Spoilt = "what comes in the name of the other machine is damaged, forged or old";
    private static readonly string[] Targets = ["first", "second", "third"];

    private readonly ScratchDirectory files = new();
    private readonly FixedRandom random = new(20);
    private readonly Dictionary<string, QemuMachine> machines = [];
    private readonly Dictionary<string, string> codes = [];
    private readonly HashSet<string> spent = [];
    private HandoverWire wire = null!;
    private HostStation station = null!;
    private ConsoleDriver console = null!;
    private TcpConnection conversation = null!;
    private string place = Node;

    /// <summary>A node that works, and three machines that stand by.</summary>
    [OneTimeSetUp]
    public void Begin()
    {
        wire = new HandoverWire([Node, .. Targets]);
        station = new HostStation(wire.Tester);
        CopyEnrolled(files.File(Node));
        foreach (string target in Targets)
        {
            DiskImage.Create(files.File(target), 64);
        }

        machines[Node] = SwitchOn(Node, NodeAddress, NetworkCard.Rtl8139, 64);
        for (int i = 0; i < Targets.Length; i++)
        {
            machines[Targets[i]] = SwitchOn(
                Targets[i], AddressOf(Targets[i]), i == 1 ? NetworkCard.Ne2000Pci : NetworkCard.Rtl8139, 96);
        }

        console = new ConsoleDriver(machines[Node].Serial);
        console.Unlock(Answers);
        console.Command("put berth 12");
        console.Command($"listen {EchoPort} echo");
        foreach (string target in Targets)
        {
            AwaitCode(target);
        }

        conversation = station.Connect(NodeAddress, EchoPort);
    }

    /// <summary>Takes everything away.</summary>
    [OneTimeTearDown]
    public void End()
    {
        station?.Dispose();
        foreach (QemuMachine machine in machines.Values)
        {
            machine.Dispose();
        }

        wire?.Dispose();
        files.Dispose();
    }

    /// <summary>Targets that are not what they say: the node stays, and it is clear why.</summary>
    [Test]
    public void A_target_that_does_not_fit_is_no_target()
    {
        using PairingCode code = PairingCode.Generate(random);
        using PairingCode other = PairingCode.Generate(random);
        byte[] newer = Accepting(features: uint.MaxValue);
        newer[4] = NewerFormat;
        byte[] refusing = new byte[MoveAnswer.PaddedLength];
        int length = new MoveAnswer { Refusal = "the machine there knows format 9 alone" }.Encode(refusing);
        refusing[4] = NewerFormat;
        (byte[] Answer, string Sentence)[] lies =
        [
            (newer, "the machine there moves by format 9, and the node by format 2"),
            (refusing[..length], "the machine there knows format 9 alone"),
            (Accepting(features: 1), "the processor there lacks what the node may be using: "),
            (Accepting(features: uint.MaxValue)[1..], "the machine there answers what makes no sense"),
        ];
        foreach ((byte[] answer, string sentence) in lies)
        {
            station.Listen(
                PairingProtocol.Port, connection => PairingLiar.Target(connection, random, code, answer));
            AssertRefused(HostStation.Address, code.ToString(), sentence);
        }

        AssertRefused(HostStation.Address, other.ToString(), "did not accept the code");
        AssertRefused(HostStation.Address, string.Empty, "another machine answers there than the known one");
        AssertUnharmed();
    }

    /// <summary>Sources that a machine which stands by must not take: it says why, and waits for another one.</summary>
    [Test]
    public void A_source_that_does_not_fit_is_told_why()
    {
        string target = Standing(0);
        Assert.That(PairingCode.TryParse(codes[target], out PairingCode? code));
        byte[] newer = Offer(new MoveOffer());
        newer[4] = NewerFormat;
        MacAddress own = new(0x5254_0000_0002u + (ulong)Array.IndexOf(Targets, target));
        (byte[] Offer, string Sentence)[] lies =
        [
            (newer, "the node moves by format 9, and the machine there knows format 2"),
            (Offer(new MoveOffer { Pages = 1 << 20 }), "the node needs "),
            (Offer(new MoveOffer { Source = Side(uint.MaxValue) with { DiskSectors = 1 << 30 } }), "disk"),
            (Offer(new MoveOffer { Source = Side(uint.MaxValue) with { Station = own } }), "the station address"),
            (Offer(new MoveOffer())[..^1], "the offer of the move makes no sense"),
        ];
        foreach ((byte[] offer, string sentence) in lies)
        {
            Assert.That(Tell(target, code, offer), Does.Contain(sentence));
        }

        Assert.That(Tell(target, null, Offer(new MoveOffer())), Does.Contain("does not know this node's key"));
        using PairingCode wrong = PairingCode.Generate(random);
        for (int i = 0; i < PairingProtocol.WrongCodesMax; i++)
        {
            Assert.That(Tell(target, wrong, Offer(new MoveOffer())), Is.Null);
        }

        machines[target].Serial.Expect("standby: somebody said a wrong code 5 times", Patience);
        string before = codes[target];
        AwaitCode(target);
        AssertRefused(AddressOf(target), before, "did not accept the code");
        code!.Dispose();
    }

    /// <summary>
    /// Segments of the pairing that somebody changes or cuts off, with checksums that are right; and a pairing that was
    /// overheard and is said again.
    /// </summary>
    [Test]
    public void Whoever_meddles_with_a_pairing_prevents_it_and_no_more()
    {
        string target = Standing(1);
        (bool OfTarget, int Number, bool IsCut, string Sentence)[] attacks =
        [
            (false, 2, false, "did not accept the code"),
            (true, 1, false, "the other side does not speak this protocol"),
            (true, 2, false, "the handshake failed"),
            (false, 3, false, "broke the conversation off"),
            (true, 3, false, "a record does not authenticate"),
            (true, 2, true, "did not accept the code"),
            (true, 3, true, "broke the conversation off"),
        ];
        foreach (var (ofTarget, number, isCut, sentence) in attacks)
        {
            List<byte[]> overheard = Meddle(target, new SegmentAttack(ofTarget, number, isCut), sentence);
            if (ofTarget && number == 3 && !isCut)
            {
                Repeat(target, overheard);
            }
        }

        Assert.That(machines[target].Serial.Pending("pairing code: "), Is.False, "it waits for the right one");

        // The last word is that the source has closed. By then the target is bound, until no link comes.
        Meddle(target, new SegmentAttack(ofTarget: false, 4, isCut: false), "broke the conversation off");
        spent.Add(target);
        AssertUnharmed();
    }

    /// <summary>
    /// No frame of the link comes as it was sent: each move is off, and the node works on. As soon as the wire is as it
    /// should be the node moves.
    /// </summary>
    [Test]
    public void A_wire_that_spoils_every_frame_ends_a_move_and_nothing_else()
    {
        (string Name, Func<byte[], byte[]> Act)[] attacks =
        [
            ("cut short or turned", static frame => frame[LinkFrames.NumberAt] % 2 == 0 ? frame[..^1] : Turned(frame)),
            ("old", new Repeater().Instead),
        ];
        for (int i = 0; i < attacks.Length; i++)
        {
            string target = Standing(i);
            var (name, act) = attacks[i];
            wire.Attack = (_, frame) => [IsOfLink(frame) ? act(frame) : frame];
            TestContext.Out.Write($"{name}: ");
            AssertRefused(AddressOf(target), codes[target], Spoilt);
            spent.Add(target);
            wire.Attack = null;
            AssertUnharmed();
        }

        Move(Standing(0));
        AssertUnharmed();
    }

    /// <summary>
    /// Beside each frame of the link there are others that are almost right or were right once, and segments of the
    /// pairing come more than once: the move arrives all the same, with all that the node works on.
    /// </summary>
    [Test]
    public void Ten_thousand_hostile_frames_do_not_end_a_move()
    {
        console.Command($"load {LoadMebibytes} touch");
        string from = place;
        var flood = new FrameFlood();
        wire.Attack = flood.Beside;
        Move(Standing(2));
        wire.Attack = null;
        TestContext.Out.WriteLine($"{flood.Count} hostile frames, {flood.CountFrom(place)} of them from the target");
        Assert.That(flood.Count, Is.AtLeast(HostileFrames));
        Assert.That(console.Command("load stop"), Does.Contain("all consistent"));
        Match dropped = Dropped().Matches(console.Command("log")).Last();
        TestContext.Out.WriteLine(dropped.Value);
        for (int i = 1; i <= 3; i++)
        {
            Assert.That(int.Parse(dropped.Groups[i].Value, CultureInfo.InvariantCulture), Is.AtLeast(100));
        }

        Assert.That(from, Is.Not.EqualTo(place));
        AssertUnharmed();
    }

    [GeneratedRegex("dropped ([0-9]+) forged, ([0-9]+) repeated and ([0-9]+) misshapen frames")]
    private static partial Regex Dropped();

    private static bool IsOfLink(byte[] frame) =>
        LinkFrames.TryRead(frame, out LinkFrameKind kind, out _)
        && kind is LinkFrameKind.Data or LinkFrameKind.Acknowledgement;

    private static byte[] Turned(byte[] frame)
    {
        frame[LinkFrames.ContentStart] ^= 1;
        return frame;
    }

    private static MoveSide Side(uint features) => new()
    {
        Profile = new MachineProfile
        {
            Features = features,
            MemoryBytes = 1L << 30,
            FreeBytes = 1L << 30,
            BuildId = new byte[MachineProfile.BuildIdLength],
        },
        DiskSectors = 1 << 17,
        Station = new MacAddress(0x0200_0000_0200u),
        ReceiveCapacity = 16_384,
    };

    private static byte[] Offer(MoveOffer offer)
    {
        byte[] message = new byte[MoveOffer.Length];
        MoveOffer whole = offer.Source.Station == default ? offer with { Source = Side(0x0783_FBFF) } : offer;
        whole.Encode(new byte[MoveOffer.ShareLength], message);
        return message;
    }

    private static byte[] Accepting(uint features)
    {
        byte[] room = new byte[MoveAnswer.PaddedLength];
        byte[] hash = new byte[MoveAnswer.HashLength];
        hash[0] = 1;
        int length = new MoveAnswer
        {
            Target = Side(features),
            Session = 1,
            HandoverId = new byte[MoveAnswer.HandoverIdLength],
            Share = new byte[MoveOffer.ShareLength],
            RunHash = hash,
            AbortHash = new byte[MoveAnswer.HashLength],
        }.Encode(room);
        return room[..length];
    }

    private static string AddressOf(string target) => $"10.9.0.{11 + Array.IndexOf(Targets, target)}";

    private QemuMachine SwitchOn(string place, string address, string card, int mebibytes) =>
        QemuMachine.Start(new MachineOptions
        {
            Kernel = Tree.Kernel,
            KernelArguments = place == Node ? $"net={address}/24" : $"net={address}/24 standby",
            MemoryMiB = mebibytes,
            Disk = new RawDisk(files.File(place)),
            Card = wire.CardAt(place, card),
        });

    private void AwaitCode(string target)
    {
        codes[target] = AwaitPairingCode(machines[target]);
    }

    // Somewhere to move to.
    private string Standing(int number)
    {
        string[] others = [.. Targets.Where(target => target != place)];
        string chosen = others[number % others.Length];
        if (spent.Remove(chosen))
        {
            AwaitCode(chosen);
        }

        return chosen;
    }

    private void Move(string target)
    {
        machines[place].Serial.Send($"migrate {AddressOf(target)} {codes[target]}\r");
        try
        {
            machines[target].Serial.Expect("moved: ", Patience);
        }
        catch (EmulatorException problem)
        {
            throw new EmulatorException(machines[place].Serial.WithTranscript($"{problem.Message}\nAt the source:"));
        }

        if (place == Node)
        {
            // It would start anew and use its command line's address, which is the node's.
            machines[Node].Serial.Expect("the node has left", Patience);
            machines[Node].Kill();
        }

        place = target;
        console = new ConsoleDriver(machines[place].Serial);
        console.ReadUntilPrompt(Patience);
    }

    private List<byte[]> Meddle(string target, SegmentAttack attacker, string sentence)
    {
        wire.Attack = (_, frame) => [attacker.Take(frame)];
        AssertRefused(AddressOf(target), codes[target], sentence);
        wire.Attack = null;
        Assert.That(attacker.Hits, Is.EqualTo(1), sentence);
        return attacker.Overheard;
    }

    // Says what a source has said once, as far as it is heard.
    private void Repeat(string target, List<byte[]> words)
    {
        TcpConnection connection = station.Connect(AddressOf(target), PairingProtocol.Port);
        int said = 0;
        station.Await("the end of a repeated pairing", now =>
        {
            connection.Consume(connection.ReceiveAvailable, now);
            if (said < words.Count && connection.State == TcpState.Established
                && connection.Send(words[said], now) > 0)
            {
                said++;
            }

            return connection.IsReceiveClosed || connection.Error != SocketError.None;
        });
        Assert.That(said, Is.EqualTo(words.Count));
    }

    // What a machine that stands by says to an offer; null: it broke the conversation off.
    private string? Tell(string target, PairingCode? code, byte[] offer)
    {
        PairingLiar liar = station.Speak(
            AddressOf(target),
            PairingProtocol.Port,
            connection => PairingLiar.Source(connection, random, code, offer));
        return liar.Heard is not null && MoveAnswer.TryDecode(liar.Heard, out MoveAnswer answer)
            ? answer.Refusal
            : null;
    }

    private void AssertRefused(string address, string code, string sentence)
    {
        SerialLine serial = machines[place].Serial;
        serial.Send($"migrate {address} {code}\r");
        serial.Expect("migrate: ", Patience);
        string said = serial.ExpectLineEnd(Patience);
        console.ReadUntilPrompt(Patience);
        TestContext.Out.WriteLine(said);
        Assert.That(said, Does.Contain(sentence));
    }

    private void AssertUnharmed()
    {
        Assert.That(Get(console, "berth"), Is.EqualTo("12"));
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
        station.Converse(conversation, ConversationBytes);
        wire.ThrowIfFailed();
    }
}
