using System;
using HaukiOS.Console;
using HaukiOS.Drivers.Time;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using Internal.Runtime;

namespace HaukiOS.Image;

/// <summary>
/// The one place where everything meets: the devices of the machine, the parts of the kernel that live above them, and
/// the loop in which they take turns.
/// </summary>
internal sealed unsafe class Composition
{
    /// <summary>The kernel's version.</summary>
    public const string Version = "0.1.0";

    // On the kernel's command line: wait for a node from power-on.
    private const string StandbyWord = "standby";

    private readonly MachineDevices devices;
    private readonly EventLoop loop;
    private readonly EntropyPool entropy;
    private readonly BackgroundWorker worker = new();

    /// <summary>Starts the clock and finds the consoles. Called with interrupts off.</summary>
    public Composition()
    {
        devices = new MachineDevices();
        loop = new EventLoop(devices.Clock);
        entropy = new EntropyPool(devices.Cycles);
        devices.Lines.Entropy = entropy;
    }

    /// <summary>Finds the other devices, finishes the wiring and runs the kernel. Never returns.</summary>
    public void Run()
    {
        devices.FindRest();
        bool isCertain = TryTakeStation();
        PitClock clock = devices.Clock;
        NetworkComposition network = new(clock, entropy, devices.Log, devices.Card);
        TimeJumps jumps = new();
        MachineControl control = new(devices);
        MachineDescription description = new(Version, BuildId(), Processor.Name, devices.Notes);
        MetalMachine machine = new(
            loop, devices, network.Service, entropy, worker, description, control, jumps);
        NodeLock nodeLock = new();
        IBlockDevice? disk = devices.Disk.Device is null ? null : devices.Disk;
        Witness witness = new(clock, devices.Log) { Station = () => network.Service.Stack.Station };
        witness.Start(disk);
        StationClaim stations = new(network.Service, entropy, devices.Log);
        stations.Begin(isCertain, witness.Record.StationGone, clock.Now);

        Teleporter teleporter = new(
            new TeleporterParts(machine, network.Service, devices.Disk, nodeLock, entropy, devices.Log)
            {
                FreeMemory = new FreeHeapPages(),
                Witness = witness,
                Jumps = jumps,
                Stations = stations,
            });
        ConsoleParts parts = new(
            devices.Consoles,
            clock,
            devices.Calendar,
            disk,
            worker,
            new WorkMemory(),
            entropy,
            control,
            new MemoryGauge(clock),
            devices.Log,
            description)
        {
            Network = network.Service,
            Lock = nodeLock,
            Teleporter = teleporter,
            StandsBy = BootCommandLine.Has(StandbyWord),
            Whereabouts = witness,
        };
        entropy.Join(loop);
        teleporter.Join(loop);
        network.Start(loop, parts.Lock.Boot, clock.Now);
        UnlockPort unlock = new(parts.Lock, entropy, network.Service, devices.Log);
        unlock.Join(loop);
        ControlPort operators = new(parts.Lock, entropy, network.Service, devices.Log, teleporter);
        operators.Join(loop);
        PendingBit console = new ConsoleSession(parts).Join(loop);
        TellOfJumps(jumps, [entropy, network.Service, nodeLock, unlock, operators, teleporter]);
        machine.Watch = Watch(jumps);
        worker.Finished = console;
        devices.Connect(console, loop);
        LandingDrill.JoinIfAsked(loop, machine, disk, devices.Log);
        TrackingDrill.JoinIfAsked(loop, machine, devices.Log);
        JumpDrill.JoinIfAsked(loop, worker, clock);
        loop.Run(worker);
    }

    // In this order: what comes later needs the randomness and the network of what comes before.
    private static void TellOfJumps(TimeJumps jumps, ITimeJumpListener[] listeners)
    {
        foreach (ITimeJumpListener listener in listeners)
        {
            jumps.Add(listener);
        }
    }

    private StandstillWatch Watch(TimeJumps jumps)
    {
        StandstillWatch watch = new(devices.Clock, devices.Calendar, jumps, devices.Log)
        {
            Counter = devices.Counter,
        };
        watch.Join(loop);
        return watch;
    }

    /// <summary>
    /// A node keeps its station address wherever it is. So the card of a machine that it has left needs another one,
    /// and a machine that it has come to, and that was started anew, the node's.
    /// </summary>
    /// <returns>False: the disk does not say whose the card's own address is.</returns>
    private bool TryTakeStation()
    {
        if (devices.Card is not INetworkDevice card || devices.Disk.Device is not IBlockDevice disk)
        {
            return devices.Card is null;
        }

        HandoverRecord record = HandoverJournal.Open(disk).Record;
        MacAddress station = record.StationFor(card.Address);
        bool isCardsOwn = station == card.Address;
        station = station.IsStation ? station : NetworkService.MakeUpStation(entropy);
        if (!isCardsOwn)
        {
            card.SetAddress(station);
            devices.Log.Add($"network: the card listens to {station} instead, by what the disk says of a move");
        }

        return !isCardsOwn || station == record.Terms.Station;
    }

    private static string BuildId()
    {
        const int length = 16;
        return Hex.Format(new ReadOnlySpan<byte>(ImageLayout.Current->BuildId, length));
    }
}
