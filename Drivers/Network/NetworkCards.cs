using System.Collections.Generic;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>Finds the network cards of the machine.</summary>
public static class NetworkCards
{
    /// <summary>
    /// The first card that works, in the order of the PCI addresses; attached to its interrupt line and started.
    /// </summary>
    /// <returns>Null if the machine has none.</returns>
    public static INetworkDevice? FindFirst(
        PortSpace ports, PciBus? bus, IReadOnlyList<PciFunction> functions, IDmaMemory memory, IInterruptLines lines)
    {
        for (int i = 0; i < functions.Count && bus is not null; i++)
        {
            if (StartCard(ports, bus, functions[i], memory, lines) is { } card)
            {
                return card;
            }
        }

        return null;
    }

    private static INetworkDevice? StartCard(
        PortSpace ports, PciBus bus, PciFunction function, IDmaMemory memory, IInterruptLines lines)
    {
        if (function.Vendor != Rtl8139.Vendor || function.Device != Rtl8139.Device)
        {
            return null;
        }

        ushort basePort = FindPorts(bus, function.Address);
        int line = bus.ReadInterruptLine(function.Address);
        if (basePort == 0 || line < 0)
        {
            return null; // the firmware has given it no place
        }

        bus.EnableAbilities(function.Address, PciCommand.InputOutput | PciCommand.BusMaster);
        Rtl8139? card = Rtl8139.Probe(ports, basePort, line, memory);
        if (card is not null)
        {
            lines.Attach(line, card);
            card.Start();
        }

        return card;
    }

    private static ushort FindPorts(PciBus bus, PciAddress function)
    {
        for (int range = 0; range < PciBus.BaseAddressCount; range++)
        {
            ushort first = bus.ReadPorts(function, range);
            if (first != 0)
            {
                return first;
            }
        }

        return 0;
    }
}
