using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Pci;

/// <summary>Where a function sits: bus, device and function number.</summary>
public readonly record struct PciAddress(byte Bus, byte Device, byte Function);

/// <summary>One function of a PCI device, as its configuration header says (PCI 2.2, section 6.1).</summary>
public sealed record PciFunction(
    PciAddress Address, ushort Vendor, ushort Device, byte ClassCode, byte Subclass, byte Interface)
{
    /// <summary>The revision of the part.</summary>
    public byte Revision { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Address.Bus:x2}:{Address.Device:x2}.{Address.Function} {Vendor:x4}:{Device:x4} "
        + $"class {ClassCode:x2}{Subclass:x2}";
}

/// <summary>What of the command register matters here (PCI 2.2, section 6.2.2).</summary>
[System.Flags]
public enum PciCommand : ushort
{
    /// <summary>The function answers at its I/O ports.</summary>
    InputOutput = 1 << 0,

    /// <summary>The function answers at its memory addresses.</summary>
    Memory = 1 << 1,

    /// <summary>The function may access memory by itself.</summary>
    BusMaster = 1 << 2,
}

/// <summary>
/// PCI configuration space by mechanism 1 (PCI 2.2, section 3.2.2.3.2): an address port and a data port. A machine
/// with an ISA bus alone has neither; <see cref="Probe"/> then gives null.
/// </summary>
public sealed class PciBus
{
    /// <summary>Offset of the command register.</summary>
    public const byte CommandRegister = 0x04;

    /// <summary>Offset of the first of six base address registers.</summary>
    public const byte BaseAddress0 = 0x10;

    /// <summary>Base address registers of a function.</summary>
    public const int BaseAddressCount = 6;

    private const byte InterruptLine = 0x3C;
    private const uint InterruptLineMask = 0xFF;
    private const int InterruptLines = 16;
    private const uint IsPorts = 1 << 0;
    private const uint PortMask = 0xFFFC;

    private const byte Identity = 0x00;
    private const byte ClassAndRevision = 0x08;
    private const byte HeaderType = 0x0C; // the third byte of this word
    private const uint Enable = 1u << 31;
    private const uint MultiFunction = 1u << 23;
    private const ushort NobodyThere = 0xFFFF;
    private const int DevicesPerBus = 32;
    private const int FunctionsPerDevice = 8;

    // A machine of this class has a handful of functions; a nonsensical bus must not fill the memory.
    private const int FunctionsMax = 128;
    private const int BusesMax = 16;

    private readonly Port32 address;
    private readonly Port32 data;

    private PciBus(PortSpace ports)
    {
        address = new Port32(ports, 0xCF8);
        data = new Port32(ports, 0xCFC);
    }

    /// <summary>Looks for configuration mechanism 1.</summary>
    public static PciBus? Probe(PortSpace ports)
    {
        PciBus bus = new(ports);
        bus.address.Write(Enable);
        return bus.address.Read() == Enable ? bus : null;
    }

    /// <summary>All functions, in the order of their addresses.</summary>
    public List<PciFunction> Enumerate() => Enumerate(BusesMax);

    /// <summary>The functions of the first buses, in the order of their addresses.</summary>
    public List<PciFunction> Enumerate(int buses)
    {
        List<PciFunction> found = new();
        for (int bus = 0; bus < buses; bus++)
        {
            for (int device = 0; device < DevicesPerBus && found.Count < FunctionsMax; device++)
            {
                AddDevice(found, (byte)bus, (byte)device);
            }
        }

        return found;
    }

    /// <summary>Reads an aligned word of configuration space.</summary>
    public uint Read(PciAddress function, byte offset)
    {
        address.Write(Select(function, offset));
        return data.Read();
    }

    /// <summary>The revision of the chip (PCI 2.2, section 6.2.1).</summary>
    public byte ReadRevision(PciAddress function) => (byte)Read(function, ClassAndRevision);

    /// <summary>Writes an aligned word of configuration space.</summary>
    public void Write(PciAddress function, byte offset, uint value)
    {
        address.Write(Select(function, offset));
        data.Write(value);
    }

    /// <summary>Switches abilities of a function on.</summary>
    public void EnableAbilities(PciAddress function, PciCommand abilities)
    {
        // The upper half is the status register, whose bits are cleared by writing ones: write zeros there.
        uint command = Read(function, CommandRegister) & 0xFFFF;
        WriteCommand(function, command, command | (uint)abilities);
    }

    /// <summary>Switches abilities of a function off.</summary>
    public void DisableAbilities(PciAddress function, PciCommand abilities)
    {
        uint command = Read(function, CommandRegister) & 0xFFFF;
        WriteCommand(function, command, command & ~(uint)abilities);
    }

    // An emulator lays out its whole address space anew for each write, which takes it a good part of a millisecond.
    private void WriteCommand(PciAddress function, uint before, uint after)
    {
        if (after != before)
        {
            Write(function, CommandRegister, after);
        }
    }

    /// <summary>The first I/O port that the firmware gave to one of a function's six ranges.</summary>
    /// <returns>0 if that range is not of ports, or has no place.</returns>
    public ushort ReadPorts(PciAddress function, int range)
    {
        uint value = Read(function, (byte)(BaseAddress0 + (range * sizeof(uint))));
        return (value & IsPorts) != 0 ? (ushort)(value & PortMask) : (ushort)0;
    }

    /// <summary>The line of the interrupt controllers that the firmware led the function's interrupt to.</summary>
    /// <returns>-1 if there is none (PCI 2.2, section 6.2.4).</returns>
    public int ReadInterruptLine(PciAddress function)
    {
        int line = (int)(Read(function, InterruptLine) & InterruptLineMask);
        return line is > 0 and < InterruptLines ? line : -1;
    }

    private static uint Select(PciAddress function, byte offset) =>
        Enable | ((uint)function.Bus << 16) | ((uint)function.Device << 11) | ((uint)function.Function << 8)
        | (offset & 0xFCu);

    private void AddDevice(List<PciFunction> found, byte bus, byte device)
    {
        int functions = 1;
        for (int function = 0; function < functions; function++)
        {
            PciAddress at = new(bus, device, (byte)function);
            uint identity = Read(at, Identity);
            if ((ushort)identity == NobodyThere)
            {
                continue;
            }

            if (function == 0 && (Read(at, HeaderType) & MultiFunction) != 0)
            {
                functions = FunctionsPerDevice;
            }

            uint kind = Read(at, ClassAndRevision);
            found.Add(new PciFunction(
                at,
                (ushort)identity,
                (ushort)(identity >> 16),
                (byte)(kind >> 24),
                (byte)(kind >> 16),
                (byte)(kind >> 8)) { Revision = (byte)kind });
        }
    }
}
