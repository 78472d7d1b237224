using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using HaukiOS.Memory;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// What travels and what stays, on the real image: once in the kernel's own words (<c>drill=zones</c>), and once seen
/// from outside, in the registers of the processor and of the disk controller.
/// </summary>
public sealed partial class ZoneTests : EmulatorFixture
{
    private const int FirstChannelTable = 4; // offset of the descriptor table's address in the bus master's ports

    private static readonly string[] Staying =
    [
        "page directory", "page tables", "segment table", "gate table", "running task", "double fault task",
        "DMA memory",
    ];

    private static readonly string[] Travelling =
    [
        "image", "code", "statics", "heap", "an object", "main stack", "worker stack", "running stack", "a local",
        "double fault stack",
    ];

    /// <summary>Every part is named, and lies where it should, with little memory and much.</summary>
    [TestCase(32)]
    [TestCase(1024)]
    public void The_kernel_tells_where_its_parts_lie(int mebibytes)
    {
        using var machine = QemuMachine.Start(new MachineOptions
        {
            Kernel = Path.ChangeExtension(Iso, ".elf"),
            KernelArguments = "drill=zones",
            MemoryMiB = mebibytes,
        });
        machine.Serial.Expect("drill: passed", Patience);
        Assert.That(machine.WaitForExit(Patience), Is.EqualTo(GuestExit.CasesDone));
        var parts = new Dictionary<string, string>();
        foreach (Match line in Part().Matches(machine.Serial.Transcript))
        {
            var (zone, part) = (line.Groups[1].Value, line.Groups[2].Value);
            var (from, to) = (Hex(line.Groups[3].Value), Hex(line.Groups[4].Value));
            parts.Add(part, zone);
            Assert.That(to, Is.GreaterThan(from), part);
            Assert.That(
                zone == "stays" ? AddressMap.IsMachineLocal(from, to - from) : AddressMap.IsMigratable(from, to - from),
                line.Value);
        }

        using (Assert.EnterMultipleScope())
        {
            foreach (var part in Staying)
                Assert.That(parts.GetValueOrDefault(part), Is.EqualTo("stays"), part);
            foreach (var part in Travelling)
                Assert.That(parts.GetValueOrDefault(part), Is.EqualTo("travels"), part);
            Assert.That(parts, Has.Count.EqualTo(Staying.Length + Travelling.Length));
        }
    }

    /// <summary>
    /// The kernel that waits at its prompt: the processor's registers, and the memory that the disk controller was
    /// told to use.
    /// </summary>
    [Test]
    public void The_machine_looks_only_into_what_stays() => WithOpenStore(PcWith(EnrolledDisk()), (machine, _) =>
    {
        machine.Qmp.Execute("stop");
        var registers = machine.Qmp.Monitor("info registers");
        var directory = Register("CR3", registers);
        var table = FirstChannelDescriptors(machine);
        machine.Qmp.SaveMemory(directory, AddressMap.PageSize, Scratch("directory"));
        var entries = MemoryMarshal.Cast<byte, uint>(File.ReadAllBytes(Scratch("directory"))).ToArray();
        using (Assert.EnterMultipleScope())
        {
            foreach (var name in (string[])["GDT", "IDT"])
                Assert.That(AddressMap.IsMachineLocal(Base(name, registers), 48 * 8), name);
            Assert.That(AddressMap.IsMachineLocal(Base("TR", registers), 104), "TR");
            Assert.That(AddressMap.IsMachineLocal(directory, AddressMap.PageSize), "CR3");
            Assert.That(AddressMap.IsMigratable(Register("ESP", registers), 4), "ESP");
            Assert.That(AddressMap.IsMigratable(Register("EIP", registers), 1), "EIP");
            Assert.That(AddressMap.IsMachineLocal(table, 8), $"DMA descriptors at {table:x8}");
            Assert.That(AddressMap.IsMachineLocal(machine.ReadWord(table), 65536), "DMA buffer");
            const uint present = 1, large = 1u << 7;
            var tables = Array.FindAll(entries, static entry => (entry & (present | large)) == present);
            Assert.That(tables, Is.Not.Empty);
            foreach (var entry in tables)
                Assert.That(AddressMap.IsMachineLocal(entry & ~0xFFFu, AddressMap.PageSize), $"page table {entry:x8}");
        }
    });

    /// <summary>What the kernel told the first channel's bus master, read from its own port.</summary>
    private static uint FirstChannelDescriptors(QemuMachine machine)
    {
        var pci = machine.Qmp.Monitor("info pci");
        var ports = BusMasterPorts().Match(pci);
        Assert.That(ports.Success, pci);
        var port = Hex(ports.Groups[1].Value) + FirstChannelTable;
        var answer = machine.Qmp.Monitor(string.Create(CultureInfo.InvariantCulture, $"i /xw 0x{port:x}"));
        return Hex(answer[(answer.LastIndexOf("0x", StringComparison.Ordinal) + 2)..].Trim());
    }

    private static uint Register(string name, string registers) =>
        Hex(Regex.Match(registers, $@"\b{name}=([0-9a-f]{{8}})").Groups[1].Value);

    /// <summary>A table's or segment's address: GDT and IDT show address and limit, TR its selector first.</summary>
    private static uint Base(string name, string registers) =>
        Hex(Regex.Match(registers, $@"\b{name} *=(?: *[0-9a-f]{{4}})? +([0-9a-f]{{8}})").Groups[1].Value);

    private static uint Hex(string digits) => uint.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(stays|travels): (.+) ([0-9A-F]{8}) ([0-9A-F]{8})\r?$", RegexOptions.Multiline)]
    private static partial Regex Part();

    [GeneratedRegex(@"IDE controller.*?BAR4: I/O at 0x([0-9a-f]+)", RegexOptions.Singleline)]
    private static partial Regex BusMasterPorts();
}
