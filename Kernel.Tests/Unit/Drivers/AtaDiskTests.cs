using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Drivers.Disk;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>Disks that work and disks that fail, by PIO and by DMA.</summary>
[TestFixture]
public sealed class AtaDiskTests
{
    private const int Sectors = 4096;
    private const int SectorSize = IBlockDevice.SectorSize;

    [Test]
    public void A_machine_without_disks_has_none() => Assert.That(Find(new SimulatedPorts(), dma: false), Is.Empty);

    [Test]
    public void A_cd_drive_is_passed_over()
    {
        SimulatedIde channel = new(Sectors) { IsPacketDevice = true };
        Assert.That(Find(Connect(channel), dma: false), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_was_written_is_read_back(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        Assert.That(disk.Name, Is.EqualTo("SIMULATED DISK"));
        Assert.That(disk.SectorCount, Is.EqualTo(Sectors));
        Assert.That(disk.UsesDma, Is.EqualTo(dma));

        // More than one command can carry, and at an odd place.
        byte[] written = RandomBytes(300 * SectorSize);
        Assert.That(disk.Write(7, written), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(channel.Medium.AsSpan(7 * SectorSize, written.Length).SequenceEqual(written), Is.True);
        byte[] read = new byte[written.Length];
        Assert.That(disk.Read(7, read), Is.EqualTo(BlockResult.Ok));
        Assert.That(read, Is.EqualTo(written));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_last_sector_can_be_used_and_the_one_behind_it_not(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        byte[] sector = RandomBytes(SectorSize);
        Assert.That(disk.Write(Sectors - 1, sector), Is.EqualTo(BlockResult.Ok));
        int commands = channel.Commands.Count;
        Assert.That(disk.Write(Sectors, sector), Is.EqualTo(BlockResult.OutOfRange));
        Assert.That(disk.Read(-1, sector), Is.EqualTo(BlockResult.OutOfRange));
        Assert.That(disk.Read(Sectors - 1, new byte[2 * SectorSize]), Is.EqualTo(BlockResult.OutOfRange));
        Assert.That(disk.Read(long.MaxValue, sector), Is.EqualTo(BlockResult.OutOfRange));
        Assert.That(channel.Commands, Has.Count.EqualTo(commands), "nothing was asked of the disk");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_failing_sector_is_an_error_at_once_and_its_neighbours_work(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        channel.Bad[100] = 0x40;
        byte[] sector = new byte[SectorSize];
        int commands = channel.Commands.Count;
        Assert.That(disk.Read(100, sector), Is.EqualTo(BlockResult.MediumError));
        Assert.That(disk.Write(100, sector), Is.EqualTo(BlockResult.MediumError));
        Assert.That(channel.Commands, Has.Count.EqualTo(commands + 2), "the disk has tried hard enough itself");
        Assert.That(disk.Read(99, sector), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Read(101, sector), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.UsesDma, Is.EqualTo(dma));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_aborted_command_is_tried_again_and_then_reported(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        channel.Bad[5] = 0x04;
        int commands = channel.Commands.Count;
        Assert.That(disk.Write(5, new byte[SectorSize]), Is.EqualTo(BlockResult.DeviceFault));
        Assert.That(channel.Commands, Has.Count.EqualTo(commands + AtaDisk.TriesMax));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_command_that_never_ends_is_ended_by_a_reset_and_tried_again(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        channel.Hangs = 1;
        byte[] written = RandomBytes(SectorSize);
        Assert.That(disk.Write(3, written), Is.EqualTo(BlockResult.Ok));
        Assert.That(channel.Resets, Is.EqualTo(1));
        Assert.That(channel.Medium.AsSpan(3 * SectorSize, SectorSize).SequenceEqual(written), Is.True);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_disk_that_never_answers_is_a_timeout(bool dma)
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma);
        channel.Hangs = int.MaxValue;
        Assert.That(disk.Read(3, new byte[SectorSize]), Is.EqualTo(BlockResult.Timeout));
        Assert.That(disk.Flush(), Is.EqualTo(BlockResult.Timeout));
        channel.Hangs = 0;
        Assert.That(disk.Read(3, new byte[SectorSize]), Is.EqualTo(BlockResult.Ok));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void An_unplugged_disk_is_no_device(bool dma)
    {
        SimulatedIde channel = new(Sectors);
        SimulatedPorts ports = Connect(channel);
        AtaDisk disk = Find(ports, dma, channel).Single();
        ports.Remove(channel);
        ports.Remove(lastControl!);
        Assert.That(disk.Read(3, new byte[SectorSize]), Is.EqualTo(BlockResult.NoDevice));
        Assert.That(disk.Write(3, new byte[SectorSize]), Is.EqualTo(BlockResult.NoDevice));
        Assert.That(disk.Flush(), Is.EqualTo(BlockResult.NoDevice));
    }

    [Test]
    public void Where_dma_breaks_pio_takes_over_for_good()
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma: true);
        channel.BrokenTransfers = int.MaxValue;
        byte[] written = RandomBytes(SectorSize);
        Assert.That(disk.Write(9, written), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.UsesDma, Is.False);
        Assert.That(channel.Medium.AsSpan(9 * SectorSize, SectorSize).SequenceEqual(written), Is.True);
    }

    [Test]
    public void One_broken_transfer_is_repeated_by_dma()
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma: true);
        channel.BrokenTransfers = 1;
        Assert.That(disk.Write(9, RandomBytes(SectorSize)), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.UsesDma, Is.True);
    }

    [Test]
    public void A_failed_flush_is_reported_and_never_repeated()
    {
        (SimulatedIde channel, AtaDisk disk) = ConnectDisk(dma: true);
        channel.FlushFails = true;
        int commands = channel.Commands.Count;
        Assert.That(disk.Flush(), Is.EqualTo(BlockResult.DeviceFault));
        Assert.That(channel.Commands, Has.Count.EqualTo(commands + 1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Sectors_beyond_28_bits_are_named_with_48(bool dma)
    {
        SimulatedIde channel = new(Sectors) { Lba48Sectors = 0x1_2345_6789_ABL };
        AtaDisk disk = Find(Connect(channel), dma, channel).Single();
        Assert.That(disk.SectorCount, Is.EqualTo(0x1_2345_6789_ABL));
        long sector = 0x0_1234_5678_00L;
        Assert.That(disk.Read(sector, new byte[2 * SectorSize]), Is.EqualTo(BlockResult.Ok));
        Assert.That(channel.Commands[^1], Is.EqualTo(((byte)(dma ? 0x25 : 0x24), sector, 2)));
        Assert.That(disk.Write((1 << 28) - 1, new byte[SectorSize]), Is.EqualTo(BlockResult.Ok));
        Assert.That(channel.Commands[^1], Is.EqualTo(((byte)(dma ? 0xCA : 0x30), (1L << 28) - 1, 1)));
        Assert.That(disk.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(channel.Commands[^1].Command, Is.EqualTo(0xEA));
    }

    [Test]
    public void A_piece_of_a_sector_is_a_mistake_of_the_caller()
    {
        (_, AtaDisk disk) = ConnectDisk(dma: false);
        Assert.Throws<ArgumentException>(() => disk.Read(0, new byte[100]));
    }

    private ISimulatedDevice? lastControl;

    private SimulatedPorts Connect(SimulatedIde channel)
    {
        SimulatedPorts ports = new();
        lastControl = channel.Control();
        ports.Add(0x1F0, 8, channel);
        ports.Add(0x3F6, 1, lastControl);
        return ports;
    }

    private (SimulatedIde Channel, AtaDisk Disk) ConnectDisk(bool dma)
    {
        SimulatedIde channel = new(Sectors);
        return (channel, Find(Connect(channel), dma, channel).Single());
    }

    private static List<AtaDisk> Find(SimulatedPorts ports, bool dma, SimulatedIde? channel = null)
    {
        const int busMasterPorts = 0xC000;
        SimulatedDma memory = new();
        SteppingClock clock = new(50_000);
        if (!dma)
        {
            return IdeController.FindDisks(ports, null, Array.Empty<PciFunction>(), memory, clock);
        }

        SimulatedPci pci = new();
        pci.Add(0, 1, 1, vendor: 0x8086, part: 0x7111, classCode: 0x010180, bar4: busMasterPorts | 1);
        ports.Add(0xCF8, 8, pci);
        ports.Add(busMasterPorts, 8, new SimulatedBusMaster(channel!, memory));
        PciBus bus = PciBus.Probe(ports)!;
        List<AtaDisk> disks = IdeController.FindDisks(ports, bus, bus.Enumerate(), memory, clock);
        Assert.That(pci.CommandOf(0, 1, 1) & 5, Is.EqualTo(5), "ports and bus mastering are on");
        return disks;
    }

    private static byte[] RandomBytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(6).NextBytes(bytes);
        return bytes;
    }
}
