using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>The target's disk: which one will do, and what it takes from whom.</summary>
[TestFixture]
internal sealed class DiskReceiverTests
{
    private const int SectorSize = IBlockDevice.SectorSize;
    private static readonly DiskOffer Offer = new(StoreLab.SmallDisk);

    [Test]
    public void An_empty_disk_of_the_same_size_or_larger_will_do()
    {
        Assert.That(DiskReceiver.Check(new SimulatedDisk(StoreLab.SmallDisk), Offer, false), Is.Null);
        Assert.That(DiskReceiver.Check(new SimulatedDisk(StoreLab.SmallDisk * 2), Offer, false), Is.Null);
    }

    [Test]
    public void A_node_without_a_disk_goes_anywhere()
    {
        Assert.That(DiskReceiver.Check(null, default, false), Is.Null);
        Assert.That(DiskReceiver.Check(StoreLab.Formatted(), default, false), Is.Null);
    }

    [Test]
    public void A_smaller_disk_is_refused_with_both_sizes() => Assert.That(
        DiskReceiver.Check(new SimulatedDisk(StoreLab.SmallDisk - 1), Offer, true),
        Does.Contain($"{StoreLab.SmallDisk - 1} sectors").And.Contains($"needs {StoreLab.SmallDisk}"));

    [Test]
    public void A_target_without_a_disk_is_refused()
    {
        Assert.That(DiskReceiver.Check(null, Offer, true), Does.Contain("no disk"));
        Assert.That(DiskReceiver.Check(new DiskSlot(), Offer, true), Does.Contain("no disk"));
        Assert.That(DiskReceiver.Check(new SimulatedDisk(10), new DiskOffer(-5), true), Is.Not.Null);
    }

    [Test]
    public void A_store_or_anything_else_on_the_disk_is_refused_unless_it_is_dispensable()
    {
        SimulatedDisk store = StoreLab.Formatted();
        Assert.That(Volume.BeginFormat(store), Is.Null);
        Assert.That(Volume.FinishFormat(store), Is.Null);
        SimulatedDisk other = new(StoreLab.SmallDisk);
        other.Image[1024] = 0xEF;

        Assert.That(DiskReceiver.Check(store, Offer, false), Does.Contain("a store of its own"));
        Assert.That(DiskReceiver.Check(other, Offer, false), Does.Contain("not empty"));
        Assert.That(DiskReceiver.Check(store, Offer, true), Is.Null);
        Assert.That(DiskReceiver.Check(other, Offer, true), Is.Null);
    }

    [TestCase(-1, 1)]
    [TestCase(long.MinValue, 1)]
    [TestCase(1000, 1)]
    [TestCase(999, 2)]
    [TestCase(long.MaxValue, 1)]
    [TestCase(0, 65)]
    [TestCase(0, 0)]
    [TestCase(0, -1)]
    [TestCase(0, int.MaxValue)]
    [TestCase(175, 2)]
    [TestCase(176, 1)]
    [TestCase(191, 1)]
    [TestCase(191, 2)]
    [TestCase(170, 30)]
    public void What_no_sender_sends_is_not_written(long sector, int count)
    {
        SimulatedDisk disk = new(2000);
        Array.Fill(disk.Image, (byte)7);
        DiskReceiver receiver = new(disk, new DiskOffer(1000));

        Assert.That(receiver.Zero(sector, count), Is.EqualTo(BlockResult.OutOfRange));
        if (count is >= 0 and < 1000)
        {
            Assert.That(receiver.Write(sector, new byte[count * SectorSize]), Is.EqualTo(BlockResult.OutOfRange));
        }

        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Image, Is.All.EqualTo(7));
        Assert.That(receiver.Sectors, Is.Zero);
    }

    [Test]
    public void A_piece_of_a_sector_is_not_written()
    {
        SimulatedDisk disk = new(100);
        DiskReceiver receiver = new(disk, new DiskOffer(100));

        Assert.That(receiver.Write(0, new byte[700]), Is.EqualTo(BlockResult.OutOfRange));
        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Writes, Is.Zero);
    }

    [Test]
    public void Neighbours_are_written_together_and_the_later_of_two_writes_counts()
    {
        SimulatedDisk disk = new(1000);
        DiskReceiver receiver = new(disk, new DiskOffer(1000));
        byte[] page = new byte[8 * SectorSize];
        for (int i = 0; i < 16; i++)
        {
            Array.Fill(page, (byte)(i + 1));
            receiver.Write(200 + (i * 8), page);
        }

        receiver.Zero(200, 4);
        receiver.Write(202, page.AsSpan(0, SectorSize));
        receiver.Zero(203, 1);
        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));

        Assert.That(disk.Writes, Is.EqualTo(3));
        Assert.That(disk.Image[200 * SectorSize], Is.Zero);
        Assert.That(disk.Image[202 * SectorSize], Is.EqualTo(16));
        Assert.That(disk.Image[203 * SectorSize], Is.Zero);
        Assert.That(disk.Image[204 * SectorSize], Is.EqualTo(1));
        Assert.That(disk.Image[327 * SectorSize], Is.EqualTo(16));
        Assert.That(receiver.Sectors, Is.EqualTo(128 + 4 + 1 + 1));
    }

    [Test]
    public void A_disk_that_failed_once_is_not_trusted_again()
    {
        SimulatedDisk disk = new(1000);
        disk.MakeUnwritable(300);
        DiskReceiver receiver = new(disk, new DiskOffer(1000));

        receiver.Write(300, new byte[SectorSize]);
        receiver.Write(500, new byte[SectorSize]);
        receiver.Write(600, new byte[SectorSize]);

        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.MediumError));
        Assert.That(receiver.Problem, Does.Contain("sector 300").And.Contains("medium"));
        Assert.That((disk.Writes, disk.Flushes), Is.EqualTo((1L, 0L)));
    }

    [Test]
    public void A_flush_that_fails_is_a_failure_for_good()
    {
        SimulatedDisk disk = new(1000) { FailFlushIn = 1 };
        DiskReceiver receiver = new(disk, new DiskOffer(1000));
        receiver.Write(1, new byte[SectorSize]);

        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.DeviceFault));
        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.DeviceFault));
    }

    [Test]
    public void The_last_flush_has_little_left_to_do()
    {
        SimulatedDisk disk = new(20_000);
        DiskReceiver receiver = new(disk, new DiskOffer(20_000));
        byte[] page = new byte[8 * SectorSize];
        long sinceFlush = 0;
        long flushes = 0;
        for (int sector = 192; sector + 8 <= 20_000; sector += 8)
        {
            receiver.Write(sector, page);
            sinceFlush = disk.Flushes == flushes ? sinceFlush + 8 : 8;
            flushes = disk.Flushes;
            Assert.That(sinceFlush, Is.LessThanOrEqualTo(2048 + 128));
        }

        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));
        flushes = disk.Flushes;
        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Flushes, Is.EqualTo(flushes), "nothing was written since");
    }

    [Test]
    public void What_no_move_touches_is_the_record_of_moves()
    {
        Assert.That(DiskOffer.ReservedFirst, Is.EqualTo(VolumeLayout.HandoverA.First));
        Assert.That(DiskOffer.ReservedEnd, Is.EqualTo(VolumeLayout.HandoverB.Last + 1));
    }

    [Test]
    public void A_sector_that_cannot_be_read_is_zero_when_it_has_been_written()
    {
        SimulatedDisk disk = new(1000);
        Array.Fill(disk.Image, (byte)7);
        disk.MakeUnreadable(40);
        DiskReceiver receiver = new(disk, new DiskOffer(1000));

        Assert.That(receiver.Zero(30, 20), Is.EqualTo(BlockResult.Ok));

        Assert.That(receiver.Flush(), Is.EqualTo(BlockResult.Ok));
        Assert.That(disk.Image.AsSpan(30 * SectorSize, 20 * SectorSize).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }
}
