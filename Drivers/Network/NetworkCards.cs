using System;
using System.Collections.Generic;
using System.Numerics;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Drivers.Pci;
using HaukiOS.Drivers.Time;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>Finds the network cards of the machine.</summary>
public sealed class NetworkCards
{
    /// <summary>Where ISA cards are looked for: the usual place first, then what their jumpers offer besides.</summary>
    public static readonly ushort[] IsaPlaces = [0x300, 0x280, 0x320, 0x340, 0x360, 0x240, 0x260];

    private readonly PortSpace ports;
    private readonly IDmaMemory memory;
    private readonly IInterruptLines lines;
    private readonly Pic8259 controller;

    /// <summary>Binds the search to a machine.</summary>
    public NetworkCards(PortSpace ports, IDmaMemory memory, IInterruptLines lines, Pic8259 controller)
    {
        this.ports = ports;
        this.memory = memory;
        this.lines = lines;
        this.controller = controller;
    }

    /// <summary>Are C+ chips to be used as the older ones are? For comparison, and should one misbehave.</summary>
    public bool Classic { get; init; }

    /// <summary>Where the card is that was found last; null if that was none on PCI.</summary>
    public PciAddress? Address { get; private set; }

    /// <summary>
    /// The first card that works, attached to its interrupt line and started: in the order of the PCI addresses, then
    /// at the places of ISA cards.
    /// </summary>
    /// <returns>Null if the machine has none.</returns>
    public INetworkDevice? FindFirst(PciBus? bus, IReadOnlyList<PciFunction> functions)
    {
        for (int i = 0; i < functions.Count && bus is not null; i++)
        {
            if (StartPciCard(bus, functions[i]) is { } card)
            {
                Address = functions[i].Address;
                return card;
            }
        }

        foreach (ushort place in IsaPlaces)
        {
            if (Ne2000.Probe(ports, place, "NE2000") is { } card)
            {
                return StartIsaCard(card);
            }
        }

        return null;
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

    private INetworkDevice? StartPciCard(PciBus bus, PciFunction function)
    {
        bool isRtl8139 = function is { Vendor: Rtl8139.Vendor, Device: Rtl8139.Device };
        bool isNe2000 = function is { Vendor: Ne2000.Vendor, Device: Ne2000.Device };
        if (!isRtl8139 && !isNe2000)
        {
            return null;
        }

        ushort basePort = FindPorts(bus, function.Address);
        int line = bus.ReadInterruptLine(function.Address);
        if (basePort == 0 || line < 0)
        {
            return null; // the firmware has given it no place
        }

        bus.EnableAbilities(
            function.Address, PciCommand.InputOutput | (isRtl8139 ? PciCommand.BusMaster : 0));
        if (isRtl8139)
        {
            bool isPlus = !Classic && bus.ReadRevision(function.Address) >= Rtl8139.PlusRevision;
            Rtl8139? card = Rtl8139.Probe(ports, basePort, line, memory, isPlus);
            if (card is not null)
            {
                lines.Attach(line, card);
                card.Start();
            }

            return card;
        }

        Ne2000? sibling = Ne2000.Probe(ports, basePort, "RTL8029");
        if (sibling is not null)
        {
            sibling.Line = line;
            lines.Attach(line, sibling);
            sibling.Start();
        }

        return sibling;
    }

    private INetworkDevice StartIsaCard(Ne2000 card)
    {
        card.Line = FindLine(card);

        // A card without a line is looked at by its own handler, on every beat of the clock.
        lines.Attach(card.Line > 0 ? card.Line : Pit8254.Line, card);
        card.Start();
        return card;
    }

    /// <summary>
    /// An ISA card does not say where its interrupt goes. So it is made to interrupt while all free lines are kept
    /// back, and the controllers are asked which line began to wait.
    /// </summary>
    /// <returns>0 if not exactly one line did.</returns>
    private int FindLine(Ne2000 card)
    {
        card.Provoke(on: false);
        int before = controller.ReadUnservedRequests();
        card.Provoke(on: true);
        int after = controller.ReadUnservedRequests();
        card.Provoke(on: false);
        int begun = after & ~before;
        return BitOperations.PopCount((uint)begun) == 1 ? BitOperations.TrailingZeroCount(begun) : 0;
    }
}
