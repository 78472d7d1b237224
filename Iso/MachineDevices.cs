using System;
using System.Collections.Generic;
using HaukiOS.Drivers.Disk;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Drivers.Keyboard;
using HaukiOS.Drivers.Network;
using HaukiOS.Drivers.Pci;
using HaukiOS.Drivers.Power;
using HaukiOS.Drivers.Screen;
using HaukiOS.Drivers.Serial;
using HaukiOS.Drivers.Time;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;

namespace HaukiOS.Image;

/// <summary>
/// Everything that is bound to the machine underneath: which devices there are, and their drivers. Found at power-on,
/// and bound anew when the node has landed on another machine. The rest of the kernel sees what stays the same: the
/// clock, the slots of disk and consoles, and the network service, which is handed the new card.
/// <para>
/// A device that is missing is left out; the kernel works with a serial port, with screen and keyboard, with both or
/// with neither.
/// </para>
/// </summary>
internal sealed unsafe class MachineDevices : ILoopSource
{
    private const byte NetworkClass = 0x02; // PCI 2.2, appendix D
    private const int LookMilliseconds = 100;

    private readonly MetalPorts ports = new();
    private readonly Pic8259 controller;
    private readonly InterruptLines lines;
    private readonly ConsoleSlot serialSlot = new();
    private readonly ConsoleSlot screenSlot = new();
    private readonly List<string> notes = new();
    private PciBus? bus;
    private List<PciFunction> functions = new();
    private List<AtaDisk> disks = new();
    private Uart16550? serial;
    private KeyboardController? keyboard;
    private VgaText? screen;
    private PciAddress? cardAddress;
    private PendingBit? console;

    /// <summary>
    /// Starts the clock, which every driver needs, and finds the consoles. Called with interrupts off, comes back with
    /// interrupts on.
    /// </summary>
    public MachineDevices()
    {
        controller = new Pic8259(ports);
        lines = new InterruptLines(controller);
        Clock = new PitClock(new Pit8254(ports), controller, Cycles, Instant.PowerOn);
        Calendar = new CmosCalendar(ports);
        Clock.Calibrate();
        Log = new KernelLog(Clock);
        NoteClock();
        lines.Attach(Pit8254.Line, Clock);
        Clock.Start();
        // From here on the timer beats; without a measured counter it is all the time there is.
        Cpu.EnableInterrupts();
        serial = Uart16550.Probe(ports, Uart16550.Com1Base, Clock);
        screen = VgaText.Probe(ports, new ScreenMemory());
        keyboard = KeyboardController.Probe(ports, Clock);
        NoteConsoles();
        FillSlots();
    }

    /// <summary>The processor's cycle counter.</summary>
    public TimestampCounter Cycles { get; } = new();

    /// <summary>The interrupt lines.</summary>
    public InterruptLines Lines => lines;

    /// <summary>The monotonic clock.</summary>
    public PitClock Clock { get; }

    /// <summary>The battery-backed calendar.</summary>
    public CmosCalendar Calendar { get; }

    /// <summary>What was found is noted here, too.</summary>
    public KernelLog Log { get; }

    /// <summary>The lines to people: the serial port, then screen and keyboard.</summary>
    public IConsolePort[] Consoles => [serialSlot, screenSlot];

    /// <summary>The disk.</summary>
    public DiskSlot Disk { get; } = new();

    /// <summary>The network card; null if there is none.</summary>
    public INetworkDevice? Card { get; private set; }

    /// <summary>The means to switch this machine off, once they have been looked for.</summary>
    public PowerControl? Power { get; private set; }

    /// <summary>A counter of the chip set that nobody sets; null if the machine has none that we know.</summary>
    public IFreeCounter? Counter { get; private set; }

    /// <summary>A line for each device.</summary>
    public string[] Notes => notes.ToArray();

    /// <summary>Finds disk, network card and the means of power. The consoles are at the serial port already.</summary>
    public void FindRest()
    {
        FindPci();
        Disk.Device = FindDisk();
        NoteDisks();
        FindCard();
        NoteCard();
        FindPower();
        screen?.Clear();
    }

    /// <summary>From now on typing sets this bit; and the line is looked at now and then, should it not.</summary>
    public void Connect(PendingBit bit, EventLoop loop)
    {
        console = bit;
        AttachConsoles();
        loop.AddTimer(this).ScheduleEvery(LookMilliseconds, Clock.Now);
    }

    /// <summary>A look at the serial line.</summary>
    public void OnPending(Instant now)
    {
        if (serial?.Check() == true)
        {
            Log.Add("serial: bytes waited, and no interrupt came; they were fetched");
        }
    }

    /// <summary>
    /// Lets every device of this machine stop, before a node that has arrived takes it over: nothing writes into
    /// memory by itself any more, no interrupt is waited for.
    /// </summary>
    public void Silence()
    {
        Card?.Stop();
        if (bus is not null)
        {
            foreach (PciFunction function in functions)
            {
                // The card's own driver has stopped it; a disk's masters the bus only while it is waited for.
                if (function.Address != cardAddress && !IdeController.Drives(function) && MayBeSilenced(function))
                {
                    bus.DisableAbilities(function.Address, PciCommand.BusMaster);
                }
            }
        }

        Cpu.DisableInterrupts();
        serial?.Silence();
        lines.Silence();
    }

    /// <summary>
    /// First part of landing, for which everybody waits: clock, interrupts and network card of this machine. Called
    /// with interrupts off, comes back with interrupts on.
    /// </summary>
    /// <param name="now">What the clock shows.</param>
    /// <param name="cyclesPerSecond">The speed of this machine's cycle counter; 0 if it has no use for it.</param>
    public void LandFirst(Instant now, ulong cyclesPerSecond)
    {
        lines.Restart();
        Clock.Resume(now, cyclesPerSecond);
        lines.Attach(Pit8254.Line, Clock);
        Cpu.EnableInterrupts();
        Disk.Device = new LateDisk(FindDisk);
        notes.Clear();

        // Most machines have their card on the first bus, and to ask all others takes milliseconds.
        bus = PciBus.Probe(ports);
        functions = bus?.Enumerate(1) ?? new List<PciFunction>();
        if (!functions.Exists(function => function.ClassCode == NetworkClass))
        {
            functions = bus?.Enumerate() ?? functions;
        }

        FindCard();
    }

    /// <summary>The rest of landing, while the node is at work again: one part in each call.</summary>
    /// <returns>False when all is done.</returns>
    public bool LandNext(int step)
    {
        switch (step)
        {
            case 0:
                RestartConsoles();
                return true;
            case 1:
                NoteClock();
                FindPci();
                NoteCard();
                FindPower();
                return true;
            default:
                (Disk.Device as LateDisk)?.Bind();
                NoteDisks();
                NoteConsoles();
                return false;
        }
    }

    /// <summary>Waits until the last words have left the serial port.</summary>
    public void DrainSerial() => serial?.Drain();

    /// <summary>Says something straight to the devices: the event loop stands still, interrupts are off.</summary>
    public void Tell(ReadOnlySpan<byte> text)
    {
        serial?.WriteAtOnce(text);
        screen?.Write(text);
    }

    /// <summary>Reads a byte straight from the serial port.</summary>
    /// <returns>Negative if there is none.</returns>
    public int Listen() => serial?.ReadAtOnce() ?? -1;

    // A bridge passes on what the cards behind it do; and a controller of a serial bus may work for the firmware, which
    // makes a keyboard of what hangs on it, in memory that is not ours anyway.
    private static bool MayBeSilenced(PciFunction function)
    {
        const byte bridge = 0x06;
        const byte serialBus = 0x0C;
        return function.ClassCode is not (bridge or serialBus);
    }

    private void RestartConsoles()
    {
        serial = serial is null ? Uart16550.Probe(ports, Uart16550.Com1Base, Clock)
            : serial.TryRestart() ? serial : null;
        keyboard = keyboard is null ? KeyboardController.Probe(ports, Clock)
            : keyboard.TryRestart() ? keyboard : null;
        screen = screen is null ? VgaText.Probe(ports, new ScreenMemory())
            : screen.TryRestart() ? screen : null;
        FillSlots();
        AttachConsoles();
    }

    private void FillSlots()
    {
        serialSlot.Device = serial;
        screenSlot.Device = screen is null && keyboard is null ? null : new ScreenConsole(screen, keyboard);
    }

    private void AttachConsoles()
    {
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

    private void FindPci()
    {
        bus = PciBus.Probe(ports);
        functions = bus?.Enumerate() ?? new List<PciFunction>();
        foreach (PciFunction function in functions)
        {
            Note($"pci: {function}");
        }
    }

    private void FindPower()
    {
        Power = new PowerControl(ports, bus, functions);
        Counter = Power.PowerManagement != 0 ? new PowerTimer(ports, Power.PowerManagement) : null;
    }

    private IBlockDevice? FindDisk()
    {
        DmaMemory memory = new(null, KernelMemory.Frames);
        disks = IdeController.FindDisks(ports, bus, functions, memory, Clock);
        return disks.Count > 0 ? disks[0] : null;
    }

    private void NoteDisks()
    {
        foreach (AtaDisk disk in disks)
        {
            const long sectorsPerMebibyte = (1 << 20) / IBlockDevice.SectorSize;
            string way = disk.UsesDma ? "DMA" : "PIO";
            Note($"disk: {disk.Name}, {disk.SectorCount / sectorsPerMebibyte} MiB, {way}");
        }
    }

    private void FindCard()
    {
        DmaMemory memory = new(null, KernelMemory.Frames);
        NetworkCards cards = new(ports, memory, lines, controller)
        {
            Classic = BootCommandLine.Value("card") == "classic",
        };
        Card = cards.FindFirst(bus, functions);
        cardAddress = cards.Address;
    }

    private void NoteCard()
    {
        if (Card is not null)
        {
            Note($"network: {Card.Name}, {Card.Address}");
        }
    }

    private void NoteClock() => Note(Clock.CyclesPerSecond != 0
        ? $"clock: time stamp counter at {Clock.CyclesPerSecond / 1_000_000} MHz"
        : "clock: interval timer alone");

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
        notes.Add(line);
        Log.Add(line);
    }
}
