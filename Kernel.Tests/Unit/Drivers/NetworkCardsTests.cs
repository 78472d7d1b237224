using System.Collections.Generic;
using HaukiOS.Drivers.Interrupts;
using HaukiOS.Drivers.Network;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>How network cards are found.</summary>
[TestFixture]
public sealed class NetworkCardsTests
{
    private readonly PciAddress slot = new(0, 3, 0);
    private SimulatedPorts ports = null!;
    private SimulatedDma memory = null!;
    private Lines lines = null!;
    private SimulatedPci pci = null!;

    [SetUp]
    public void Prepare()
    {
        ports = new SimulatedPorts();
        memory = new SimulatedDma();
        lines = new Lines();
        pci = new SimulatedPci();
    }

    [Test]
    public void A_machine_without_a_card_has_none()
    {
        pci.Add(0, 3, 0, 0x8086, 0x100E, 0x020000);
        Assert.That(Find(), Is.Null);
    }

    [Test]
    public void An_rtl8139_is_found_where_the_firmware_has_put_it()
    {
        Simulated8139 chip = new(memory);
        ports.Add(0xC000, 256, chip);
        pci.Add(0, 3, 0, 0x10EC, 0x8139, 0x020000);
        Place(0xC001, line: 11);
        INetworkDevice? card = Find();
        Assert.That(card?.Name, Is.EqualTo("RTL8139 at 0xc000, line 11"));
        Assert.That(lines.Handlers[11], Is.SameAs(card));
        Assert.That(pci.CommandOf(0, 3, 0) & 0x5, Is.EqualTo(5), "ports, and the right to use memory");
        Assert.That(chip.UsesMemory);
    }

    [Test]
    public void An_rtl8029_is_found_where_the_firmware_has_put_it()
    {
        ports.Add(0xC100, 32, new SimulatedNe2000(width: 4, kibibytes: 16));
        pci.Add(0, 3, 0, 0x10EC, 0x8029, 0x020000);
        Place(0xC101, line: 10);
        Assert.That(Find()?.Name, Is.EqualTo("RTL8029 at 0xc100, line 10, 32 bits, 16 KiB"));
    }

    [TestCase(0x0000_0000u, 11)]
    [TestCase(0xFEB0_0000u, 11)]
    [TestCase(0x0000_C001u, 255)]
    public void A_card_that_the_firmware_has_given_no_place_is_passed_over(uint range, int line)
    {
        ports.Add(0xC000, 256, new Simulated8139(memory));
        pci.Add(0, 3, 0, 0x10EC, 0x8139, 0x020000);
        Place(range, line);
        Assert.That(Find(), Is.Null);
    }

    [TestCase(0x300, 9)]
    [TestCase(0x340, 5)]
    [TestCase(0x280, 15)]
    public void The_line_of_an_isa_card_is_found_out(int place, int line)
    {
        SimulatedNe2000 chip = new(width: 2, kibibytes: 16);
        ports.Add(place, 32, chip);
        AddControllers(chip, line);
        INetworkDevice? card = Find();
        Assert.That(card?.Name, Is.EqualTo($"NE2000 at 0x{place:x4}, line {line}, 16 bits, 16 KiB"));
        Assert.That(lines.Handlers[line], Is.SameAs(card));
        Assert.That(chip.Asserts, Is.False);
    }

    [Test]
    public void An_isa_card_without_a_line_is_looked_at_on_every_beat_of_the_clock()
    {
        ports.Add(0x300, 32, new SimulatedNe2000(width: 2, kibibytes: 16));
        INetworkDevice? card = Find();
        Assert.That(card?.Name, Does.Contain("polled"));
        Assert.That(lines.Handlers[0], Is.SameAs(card));
    }

    private INetworkDevice? Find()
    {
        ports.Add(0xCF8, 8, pci);
        PciBus bus = PciBus.Probe(ports)!;
        NetworkCards cards = new(ports, memory, lines, new Pic8259(ports));
        return cards.FindFirst(bus, bus.Enumerate());
    }

    private void Place(uint range, int line)
    {
        SimulatedPorts own = new();
        own.Add(0xCF8, 8, pci);
        PciBus bus = PciBus.Probe(own)!;
        bus.Write(slot, PciBus.BaseAddress0, range);
        bus.Write(slot, 0x3C, 0x0100 | (uint)line);
    }

    private void AddControllers(SimulatedNe2000 chip, int line)
    {
        ports.Add(0x20, 2, new Controller(chip, line));
        ports.Add(0xA0, 2, new Controller(chip, line - 8));
    }

    private sealed class Lines : IInterruptLines
    {
        public Dictionary<int, IInterruptHandler> Handlers { get; } = [];

        public void Attach(int line, IInterruptHandler handler) => Handlers.Add(line, handler);
    }

    /// <summary>One controller, with a line that the card is on, and another that something else keeps up.</summary>
    private sealed class Controller(SimulatedNe2000 chip, int line) : ISimulatedDevice
    {
        private const uint Noise = 1 << 6;

        public uint Read(int offset, int width) =>
            Noise | (line is >= 0 and < 8 && chip.Asserts ? 1u << line : 0);

        public void Write(int offset, int width, uint value)
        {
        }
    }
}
