using System;
using System.Collections.Generic;
using System.IO;
using HaukiOS.Hardware;
using HaukiOS.Host.Control;
using HaukiOS.Host.Unlock;
using HaukiOS.Net;
using HaukiOS.Net.Services;
using HaukiOS.Swarm;
using HaukiOS.Tests.Unit.Console;
using HaukiOS.Tests.Unit.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation;

/// <summary>A running node is moved from afar: by whom, how it is watched, and what else happens at the port.</summary>
[TestFixture]
public sealed class ControlTests
{
    private static readonly MoveOrder Order =
        new(Ipv4Address.Of(10, 0, 0, 9), "0123-4567-89AB-CDEF") { DowntimeMs = 40 };

    private readonly List<MoveStatus> reports = [];
    private UnlockNetwork network = null!;
    private FakeTeleporter teleporter = null!;

    [SetUp]
    public void Begin()
    {
        reports.Clear();
        teleporter = new FakeTeleporter();
        network = new UnlockNetwork(1, 2);
        SimulatedMachine machine = network.Machine;
        new ControlPort(machine.Node, machine.Entropy, machine.Network, machine.Log, teleporter).Join(machine.Loop);
        machine.Run(1);
    }

    [TearDown]
    public void End() => network.Dispose();

    [Test]
    public void Whoever_has_unlocked_the_node_can_move_it_and_sees_it_land()
    {
        Unlock();
        var phases = new Queue<MoveStatus>(
        [
            new MoveStatus { Phase = MovePhase.Copying, Round = 1, PagesLeft = 5000, WorkerShare = 100 },
            new MoveStatus { Phase = MovePhase.Copying, Round = 2, PagesLeft = 50, WorkerShare = 25 },
            new MoveStatus { Phase = MovePhase.Landed, DowntimeMicroseconds = 12_345, TotalMs = 400, Round = 2 },
        ]);
        int turns = 0;
        network.EveryTurn = () =>
        {
            if (teleporter.Orders.Count > 0 && ++turns % 60 == 0 && phases.TryDequeue(out MoveStatus next))
            {
                teleporter.Status = next;
            }
        };
        Mover mover = NewMover();
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.Moved), mover.Problem);
        Assert.That(teleporter.Orders, Is.EqualTo(new[] { Order }));
        Assert.That(mover.Last.DowntimeMicroseconds, Is.EqualTo(12_345));
        Assert.That(reports.Exists(status => status is { Round: 2, PagesLeft: 50, WorkerShare: 25 }));
        Assert.That(Log(), Does.Contain("control: 10.0.0.2 wants the node moved to 10.0.0.9"));
    }

    [Test]
    public void Giving_up_reaches_the_node_and_its_reason_the_operator()
    {
        Unlock();
        Mover mover = NewMover(isCancelled: () => reports.Count > 0);
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.Failed));
        Assert.That((teleporter.Cancelled, mover.Problem), Is.EqualTo((1, "given up")));
    }

    [Test]
    public void What_the_node_says_against_it_reaches_the_operator()
    {
        Unlock();
        teleporter.Refusal = "a move is under way";
        Mover mover = NewMover();
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.Failed));
        Assert.That(mover.Problem, Is.EqualTo("a move is under way"));
    }

    [Test]
    public void A_stranger_and_a_forgotten_operator_are_turned_away()
    {
        Unlock();
        KeyPair known = network.Operator;
        using KeyPair stranger = KeyPair.Generate(new FixedRandom(3));
        network.Operator = stranger;
        AssertTurnedAway();
        network.Operator = known;
        network.Machine.Say("remote forget");
        AssertTurnedAway();
    }

    [Test]
    public void A_key_put_into_the_boot_record_by_hand_does_not_move_an_open_node()
    {
        Unlock();
        KeyPair known = network.Operator;
        using KeyPair intruder = KeyPair.Generate(new FixedRandom(4));
        network.Machine.Node.Boot.Record!.Remember(intruder.PublicKey);
        network.Operator = intruder;
        AssertTurnedAway();
        network.Operator = known;
        teleporter.Refusal = "heard";
        Mover mover = NewMover();
        mover.Run(Order);
        Assert.That(mover.Problem, Is.EqualTo("heard"));
    }

    [Test]
    public void A_locked_node_is_moved_by_those_in_its_boot_record()
    {
        Unlock();
        network.Machine.Say("lock");
        teleporter.Refusal = "heard";
        Mover mover = NewMover();
        mover.Run(Order);
        Assert.That(mover.Problem, Is.EqualTo("heard"));
    }

    [Test]
    public void A_node_with_another_key_hears_nothing()
    {
        Unlock();
        using KeyPair other = KeyPair.Generate(new FixedRandom(5));
        Mover mover = NewMover(given: Fingerprint.Of(other.PublicKey));
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.WrongNode));
        Assert.That(teleporter.Orders, Is.Empty);
    }

    [Test]
    public void Without_a_card_that_answers_nobody_is_reached()
    {
        Mover mover = new(
            new NodeAddress("10.0.0.1", 1), NewKnown(), network.Operator, () => throw new IOException("no"), _ => { });
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.Unreachable));
    }

    [Test]
    public void Remote_off_closes_this_port_too()
    {
        Unlock();
        Assert.That(network.Machine.Network.Services.Count, Is.EqualTo(2));
        network.Machine.Say("remote off");
        Assert.That(network.Machine.Network.Services.Count, Is.Zero);
    }

    [Test]
    public void Silent_connections_are_bounded_and_dropped()
    {
        Unlock();
        var port = new Endpoint(Ipv4Address.Of(10, 0, 0, 1), ControlProtocol.Port);
        NetService service = Service();
        for (int i = 0; i < 30; i++)
        {
            network.Hosts[1].Tcp.Connect(port, network.Machine.Now, out _);
            network.Turn(0.05);
            Assert.That(service.ConnectionCount, Is.LessThanOrEqualTo(ControlService.ConnectionsMax));
        }

        teleporter.Refusal = "heard";
        Mover mover = NewMover();
        mover.Run(Order);
        Assert.That(mover.Problem, Is.EqualTo("heard"));
        network.Turn(7);
        Assert.That(service.ConnectionCount, Is.Zero);
    }

    private NetService Service() => network.Machine.Network.Services[1];

    private void Unlock()
    {
        Assert.That(network.Unlock(), Is.EqualTo(UnlockOutcome.Unlocked));
        network.Turn(0.2);
    }

    private void AssertTurnedAway()
    {
        Mover mover = NewMover();
        Assert.That(mover.Run(Order), Is.EqualTo(MoveOutcome.Failed));
        Assert.That(mover.Problem, Does.StartWith("the node takes orders only from those who have unlocked it"));
        Assert.That(teleporter.Orders, Is.Empty);
    }

    private KnownNodes NewKnown() => KnownNodes.Load(network.KnownFile);

    private Mover NewMover(Fingerprint? given = null, Func<bool>? isCancelled = null) => new(
        new NodeAddress("10.0.0.1", ControlProtocol.Port),
        NewKnown(),
        network.Operator,
        () => network.Connect(network.Hosts[0], ControlProtocol.Port),
        reports.Add)
    {
        Given = given,
        IsCancelled = isCancelled ?? (static () => false),
        Wait = time => network.Turn(time.TotalSeconds),
    };

    private string Log()
    {
        var lines = new List<string>();
        for (int i = 0; i < network.Machine.Log.Count; i++)
        {
            lines.Add(network.Machine.Log[i].Text);
        }

        return string.Join('\n', lines);
    }
}
