using System;
using HaukiOS.Console;
using HaukiOS.Drivers.Time;
using HaukiOS.Entropy;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Migration;
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
        PitClock clock = devices.Clock;
        NetworkComposition network = new(clock, entropy, devices.Log, devices.Card);
        TimeJumps jumps = new();
        jumps.Add(entropy);
        jumps.Add(network.Service);
        MachineControl control = new(devices);
        MachineDescription description = new(Version, BuildId(), Processor.Name, devices.Notes);
        MetalMachine machine = new(
            loop, devices, network.Service, entropy, worker, description, control, jumps);
        NodeLock nodeLock = new();
        Teleporter teleporter = new(
            new TeleporterParts(machine, network.Service, devices.Disk, nodeLock, entropy, devices.Log)
            {
                FreeMemory = new FreeHeapPages(),
            });
        ConsoleParts parts = new(
            devices.Consoles,
            clock,
            devices.Calendar,
            devices.Disk.Device is null ? null : devices.Disk,
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
        };
        entropy.Join(loop);
        teleporter.Join(loop);
        network.Start(loop, parts.Lock.Boot, clock.Now);
        new UnlockPort(parts.Lock, entropy, network.Service, devices.Log).Join(loop);
        new ControlPort(parts.Lock, entropy, network.Service, devices.Log, teleporter).Join(loop);
        PendingBit console = new ConsoleSession(parts).Join(loop);
        worker.Finished = console;
        devices.Connect(console);
        LandingDrill.JoinIfAsked(loop, machine, devices.Log);
        TrackingDrill.JoinIfAsked(loop, machine, devices.Log);
        JumpDrill.JoinIfAsked(loop, worker, clock);
        loop.Run(worker);
    }

    private static string BuildId()
    {
        const int length = 16;
        return Hex.Format(new ReadOnlySpan<byte>(ImageLayout.Current->BuildId, length));
    }
}
