using System.Collections.Generic;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Power;

/// <summary>
/// Switches the machine off and resets it, as far as its chips allow. Both calls come back if the machine has no
/// such means, or takes its time; what to do then is the caller's decision.
/// </summary>
public sealed class PowerControl
{
    // PIIX4 power management function (Intel 82371AB datasheet, 290562-001, sections 7.1 and 7.2).
    private const ushort Intel = 0x8086;
    private const ushort Piix4PowerManagement = 0x7113;
    private const byte PowerManagementBase = 0x40;
    private const byte PowerManagementAccess = 0x80;
    private const uint AccessEnabled = 1u << 0;
    private const uint BaseMask = 0xFFC0;
    private const ushort ControlOffset = 0x04;
    private const ushort SuspendEnable = 1 << 13; // with suspend type 0, soft off

    // Reset control register of the PIIX (82371AB, section 4.1.5): a hard reset when bit 2 goes up.
    private const ushort ResetControl = 0xCF9;
    private const byte HardReset = 1 << 1;
    private const byte ResetProcessor = 1 << 2;

    // The keyboard controller's output port drives the processor's reset line (IBM PC AT technical reference).
    private const ushort KeyboardCommand = 0x64;
    private const byte PulseReset = 0xFE;
    private const byte InputFull = 1 << 1;
    private const int ReadsUntilStuck = 100_000;

    private readonly PortSpace ports;
    private readonly bool hasPci;
    private readonly ushort powerManagement;

    /// <summary>Looks for the means of this machine.</summary>
    public PowerControl(PortSpace ports, PciBus? bus, IReadOnlyList<PciFunction> functions)
    {
        this.ports = ports;
        hasPci = bus is not null;
        for (int i = 0; i < functions.Count && bus is not null; i++)
        {
            PciFunction function = functions[i];
            if (function.Vendor == Intel && function.Device == Piix4PowerManagement)
            {
                powerManagement = FindPorts(bus, function.Address);
            }
        }
    }

    /// <summary>Can this machine be switched off by a program?</summary>
    public bool CanPowerOff => powerManagement != 0;

    /// <summary>The first port of power management; 0 if this machine has none, or none that we know.</summary>
    public ushort PowerManagement => powerManagement;

    /// <summary>Switches off, if the machine can.</summary>
    public void TryPowerOff()
    {
        if (CanPowerOff)
        {
            ports.Write16((ushort)(powerManagement + ControlOffset), SuspendEnable);
        }
    }

    /// <summary>Resets the whole machine by the first of its means that works.</summary>
    public void TryReset()
    {
        if (hasPci)
        {
            ports.Write8(ResetControl, HardReset);
            ports.Write8(ResetControl, HardReset | ResetProcessor);
        }

        for (int i = 0; i < ReadsUntilStuck && (ports.Read8(KeyboardCommand) & InputFull) != 0; i++)
        {
        }

        ports.Write8(KeyboardCommand, PulseReset);
    }

    private static ushort FindPorts(PciBus bus, PciAddress function)
    {
        ushort found = (ushort)(bus.Read(function, PowerManagementBase) & BaseMask);
        bool open = (bus.Read(function, PowerManagementAccess) & AccessEnabled) != 0;
        return open ? found : (ushort)0;
    }
}
