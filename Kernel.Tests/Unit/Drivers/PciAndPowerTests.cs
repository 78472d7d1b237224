using System.Collections.Generic;
using System.Linq;
using HaukiOS.Drivers.Pci;
using HaukiOS.Drivers.Power;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>PCI enumeration, and what hangs on it.</summary>
[TestFixture]
public sealed class PciAndPowerTests
{
    [Test]
    public void A_machine_with_an_isa_bus_alone_has_no_pci() =>
        Assert.That(PciBus.Probe(new SimulatedPorts()), Is.Null);

    [Test]
    public void All_functions_are_found_and_their_status_is_left_alone()
    {
        SimulatedPci pci = new();
        pci.Add(0, 0, 0, 0x8086, 0x1237, 0x060000);
        pci.Add(0, 1, 0, 0x8086, 0x7000, 0x060100);
        pci.Add(0, 1, 3, 0x8086, 0x7113, 0x068000);
        pci.Add(2, 31, 0, 0x10EC, 0x8139, 0x020000);
        PciBus bus = Probe(pci);
        List<PciFunction> found = bus.Enumerate();
        Assert.That(found.Select(function => function.ToString()), Is.EqualTo(new[]
        {
            "00:00.0 8086:1237 class 0600", "00:01.0 8086:7000 class 0601", "00:01.3 8086:7113 class 0680",
            "02:1f.0 10ec:8139 class 0200",
        }));
        Assert.That(bus.Enumerate(1), Has.Count.EqualTo(3), "the first bus alone");
        bus.EnableAbilities(found[3].Address, PciCommand.BusMaster);
        Assert.That(pci.CommandOf(2, 31, 0), Is.EqualTo(4));
        Assert.That(pci.StatusOf(2, 31, 0), Is.EqualTo(0x0280));
        bus.EnableAbilities(found[3].Address, PciCommand.InputOutput);
        bus.DisableAbilities(found[3].Address, PciCommand.BusMaster);
        Assert.That(pci.CommandOf(2, 31, 0), Is.EqualTo(1));
    }

    [Test]
    public void Power_goes_off_through_the_ports_that_the_bios_has_chosen()
    {
        SimulatedPci pci = new();
        pci.Add(0, 1, 0, 0x8086, 0x7000, 0x060100);
        pci.Add(0, 1, 3, 0x8086, 0x7113, 0x068000);
        PciBus bus = Probe(pci);
        PciAddress at = new(0, 1, 3);
        bus.Write(at, 0x40, 0x0601);
        Assert.That(new PowerControl(ports, bus, bus.Enumerate()).CanPowerOff, Is.False, "access is closed");

        bus.Write(at, 0x80, 1);
        Recorder control = new();
        ports.Add(0x604, 2, control);
        PowerControl power = new(ports, bus, bus.Enumerate());
        power.TryPowerOff();
        Assert.That(control.Values, Is.EqualTo(new uint[] { 0x2000 }));
        Assert.That(power.PowerManagement, Is.EqualTo(0x600));
    }

    [Test]
    public void A_reset_uses_the_chipset_only_where_there_is_one()
    {
        foreach (bool hasPci in new[] { true, false })
        {
            SimulatedPorts own = new();
            Recorder chipset = new();
            Recorder keyboard = new();
            own.Add(0xCF9, 1, chipset);
            own.Add(0x64, 1, keyboard);
            SimulatedPci pci = new();
            own.Add(0xCF8, 8, pci);
            PciBus? bus = hasPci ? PciBus.Probe(own) : null;
            chipset.Values.Clear();
            new PowerControl(own, bus, new List<PciFunction>()).TryReset();
            Assert.That(chipset.Values, Is.EqualTo(hasPci ? new uint[] { 2, 6 } : new uint[0]));
            Assert.That(keyboard.Values, Is.EqualTo(new uint[] { 0xFE }));
        }
    }

    private SimulatedPorts ports = new();

    private PciBus Probe(SimulatedPci pci)
    {
        ports = new SimulatedPorts();
        ports.Add(0xCF8, 8, pci);
        return PciBus.Probe(ports)!;
    }

    private sealed class Recorder : ISimulatedDevice
    {
        public List<uint> Values { get; } = new();

        public uint Read(int offset, int width) => 0;

        public void Write(int offset, int width, uint value) => Values.Add(value);
    }
}
