using System;
using System.Collections.Generic;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Disk;

/// <summary>Finds the IDE channels of the machine and the hard disks on them.</summary>
public static class IdeController
{
    private const byte MassStorage = 0x01;
    private const byte Ide = 0x01;

    // Programming interface byte (PCI IDE Controller Specification 1.0; Bus Master IDE 1.0).
    private const byte FirstChannelNative = 1 << 0;
    private const byte SecondChannelNative = 1 << 2;
    private const byte CanMasterBus = 1 << 7;
    private const int BusMasterRange = 4;
    private const ushort SecondBusMaster = 8;
    private const ushort NativeControlOffset = 2; // the control register inside its four ports

    /// <summary>Is the function one whose channels are taken here?</summary>
    public static bool Drives(PciFunction function) => function is { ClassCode: MassStorage, Subclass: Ide };

    /// <summary>
    /// All hard disks, in the order of the channels. With a PCI IDE controller its channels are taken, otherwise
    /// the two places that an ISA machine has. Packet devices (CD drives) are passed over.
    /// </summary>
    public static List<AtaDisk> FindDisks(
        PortSpace ports, PciBus? bus, IReadOnlyList<PciFunction> functions, IDmaMemory memory, IClock clock)
    {
        List<AtaDisk> disks = new();
        foreach (IdePorts at in FindChannels(bus, functions))
        {
            AddDisks(disks, ports, at, memory, clock);
        }

        return disks;
    }

    private static List<IdePorts> FindChannels(PciBus? bus, IReadOnlyList<PciFunction> functions)
    {
        List<IdePorts> found = new();
        for (int i = 0; i < functions.Count && bus is not null; i++)
        {
            PciFunction function = functions[i];
            if (Drives(function))
            {
                AddChannels(found, bus, function);
            }
        }

        if (found.Count == 0)
        {
            found.Add(IdePorts.First);
            found.Add(IdePorts.Second);
        }

        return found;
    }

    private static void AddChannels(List<IdePorts> found, PciBus bus, PciFunction function)
    {
        ushort master = (function.Interface & CanMasterBus) != 0
            ? bus.ReadPorts(function.Address, BusMasterRange)
            : (ushort)0;
        bus.EnableAbilities(
            function.Address, PciCommand.InputOutput | (master != 0 ? PciCommand.BusMaster : 0));
        IdePorts first = (function.Interface & FirstChannelNative) != 0
            ? ReadNative(bus, function.Address, 0)
            : IdePorts.First;
        IdePorts second = (function.Interface & SecondChannelNative) != 0
            ? ReadNative(bus, function.Address, 2)
            : IdePorts.Second;
        found.Add(first with { BusMaster = master });
        found.Add(second with { BusMaster = master == 0 ? (ushort)0 : (ushort)(master + SecondBusMaster) });
    }

    private static IdePorts ReadNative(PciBus bus, PciAddress function, int firstRange) => new(
        bus.ReadPorts(function, firstRange),
        (ushort)(bus.ReadPorts(function, firstRange + 1) + NativeControlOffset),
        0);

    private static void AddDisks(
        List<AtaDisk> disks, PortSpace ports, IdePorts at, IDmaMemory memory, IClock clock)
    {
        // First without DMA memory: an empty channel needs none.
        IdeChannel probe = new(ports, at, memory: null, clock);
        if (at.CommandBlock == 0 || probe.IsFloating)
        {
            return;
        }

        IdeChannel? channel = null;
        Span<byte> answer = stackalloc byte[AtaIdentity.Length];
        for (int place = 0; place < 2; place++)
        {
            bool second = place == 1;
            if (probe.TryIdentify(second, answer) && AtaIdentity.TryDecode(answer, out AtaIdentity? identity))
            {
                channel ??= new IdeChannel(ports, at, memory, clock);
                disks.Add(new AtaDisk(channel, second, identity!));
            }
        }
    }
}
