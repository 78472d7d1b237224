using System;
using System.Collections.Generic;
using HaukiOS.Console;
using HaukiOS.Drivers.Disk;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Drivers.Keyboard;
using HaukiOS.Drivers.Network;
using HaukiOS.Drivers.Pci;
using HaukiOS.Drivers.Power;
using HaukiOS.Drivers.Screen;
using HaukiOS.Drivers.Serial;
using HaukiOS.Drivers.Time;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;
using HaukiOS.Secrets;
using HaukiOS.Swarm;
using Internal.Runtime;

namespace HaukiOS.Image;

/// <summary>
/// The one place where everything meets: looks which devices there are, makes their drivers, and hands them to the
/// console. A device that is missing is left out; the kernel works with a serial port, with screen and keyboard,
/// with both or with neither.
/// </summary>
internal sealed unsafe class Composition
{
    /// <summary>The kernel's version.</summary>
    public const string Version = "0.1.0";

    private readonly MetalPorts ports = new();
    private readonly Pic8259 controller;
    private readonly InterruptLines lines;
    private readonly PitClock clock;
    private readonly EventLoop loop;
    private readonly KernelLog log;
    private readonly EntropyPool entropy;
    private readonly BackgroundWorker worker = new();
    private readonly Uart16550? serial;
    private readonly KeyboardController? keyboard;
    private readonly VgaText? screen;
    private readonly List<string> devices = new();
    private readonly DiskSlot disk = new();

    /// <summary>
    /// Starts the clock, which every driver needs, and finds the consoles. Called with interrupts off.
    /// </summary>
    public Composition()
    {
        controller = new Pic8259(ports);
        lines = new InterruptLines(controller);
        TimestampCounter cycles = new();
        Pit8254 timer = new(ports);
        clock = new PitClock(timer, controller, cycles, Instant.PowerOn);
        bool calibrated = clock.Calibrate();
        loop = new EventLoop(clock);
        log = new KernelLog(clock);
        entropy = new EntropyPool(cycles);
        lines.Entropy = entropy;
        Note(calibrated
            ? $"clock: time stamp counter at {clock.CyclesPerSecond / 1_000_000} MHz"
            : "clock: interval timer alone");

        lines.Attach(Pit8254.Line, clock);
        clock.Start();
        // From here on the timer beats; without a measured counter it is all the time there is.
        Cpu.EnableInterrupts();
        serial = Uart16550.Probe(ports, Uart16550.Com1Base, clock);
        screen = VgaText.Probe(ports, new ScreenMemory());
        keyboard = KeyboardController.Probe(ports, clock);
        NoteConsoles();
    }

    /// <summary>Finds the other devices, finishes the wiring and runs the kernel. Never returns.</summary>
    public void Run()
    {
        PciBus? bus = PciBus.Probe(ports);
        List<PciFunction> functions = bus?.Enumerate() ?? new List<PciFunction>();
        foreach (PciFunction function in functions)
        {
            Note($"pci: {function}");
        }

        disk.Device = FindDisk(bus, functions);
        NetworkComposition network = new(clock, entropy, log, FindNetwork(bus, functions));
        IConsolePort[] consoles = ListConsoles();
        PowerControl power = new(ports, bus, functions);
        ConsoleParts parts = new(
            consoles,
            clock,
            new CmosCalendar(ports),
            disk.Device is null ? null : disk,
            worker,
            new WorkMemory(),
            entropy,
            new MachineControl(power, serial, consoles),
            new MemoryGauge(clock),
            log,
            new MachineDescription(Version, BuildId(), Processor.Name, devices.ToArray()))
        {
            Network = network.Service,
        };
        entropy.Join(loop);
        network.Start(loop, parts.Lock.Boot, clock.Now);
        new UnlockPort(parts.Lock, entropy, network.Service, log).Join(loop);
        Connect(new ConsoleSession(parts).Join(loop));
        loop.Run(worker);
    }

    private static string BuildId()
    {
        const int length = 16;
        return Hex.Format(new ReadOnlySpan<byte>(ImageLayout.Current->BuildId, length));
    }

    private void Connect(PendingBit console)
    {
        worker.Finished = console;
        if (serial is not null)
        {
            serial.Pending = console;
            lines.Attach(Uart16550.Com1Line, serial);
            serial.EnableInterrupts();
        }

        if (keyboard is not null)
        {
            keyboard.Pending = console;
            lines.Attach(KeyboardController.Line, keyboard);
        }
    }

    private IConsolePort[] ListConsoles()
    {
        List<IConsolePort> found = new();
        if (serial is not null)
        {
            found.Add(serial);
        }

        if (screen is not null || keyboard is not null)
        {
            screen?.Clear();
            found.Add(new ScreenConsole(screen, keyboard));
        }

        return found.ToArray();
    }

    private IBlockDevice? FindDisk(PciBus? bus, List<PciFunction> functions)
    {
        DmaMemory memory = new(null, KernelMemory.Frames);
        List<AtaDisk> disks = IdeController.FindDisks(ports, bus, functions, memory, clock);
        foreach (AtaDisk found in disks)
        {
            const long sectorsPerMebibyte = (1 << 20) / IBlockDevice.SectorSize;
            string way = found.UsesDma ? "DMA" : "PIO";
            Note($"disk: {found.Name}, {found.SectorCount / sectorsPerMebibyte} MiB, {way}");
        }

        return disks.Count > 0 ? disks[0] : null;
    }

    private INetworkDevice? FindNetwork(PciBus? bus, List<PciFunction> functions)
    {
        DmaMemory memory = new(null, KernelMemory.Frames);
        NetworkCards cards = new(ports, memory, lines, controller)
        {
            Classic = BootCommandLine.Value("card") == "classic",
        };
        INetworkDevice? card = cards.FindFirst(bus, functions);
        if (card is not null)
        {
            Note($"network: {card.Name}, {card.Address}");
        }

        return card;
    }

    private void NoteConsoles()
    {
        if (serial is not null)
        {
            Note(serial.HasFifo ? "serial: COM1, 115200 8N1, 16550A with FIFO" : "serial: COM1, 115200 8N1, no FIFO");
        }

        if (screen is not null)
        {
            Note("screen: VGA text, 80 by 25");
        }

        if (keyboard is not null)
        {
            Note("keyboard: PS/2 controller");
        }
    }

    private void Note(string line)
    {
        devices.Add(line);
        log.Add(line);
    }
}
