using System;
using System.Text;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Store;

[TestFixture]
public sealed class MirroredRecordTests
{
    private SimulatedDisk disk = null!;
    private MirroredRecord record = null!;

    [SetUp]
    public void NewDisk()
    {
        disk = new SimulatedDisk(StoreLab.SmallDisk);
        record = MirroredRecord.ForLock(disk);
    }

    [Test]
    public void A_record_never_written_is_blank()
    {
        RecordReading reading = record.Read();
        Assert.That((reading.State, reading.Complaint), Is.EqualTo((RecordState.Blank, (string?)null)));
    }

    [Test]
    public void The_newest_content_is_read()
    {
        for (int i = 1; i <= 5; i++)
        {
            Assert.That(record.Write(Encoding.UTF8.GetBytes($"content {i}")), Is.Null);
            RecordReading reading = record.Read();
            Assert.That(Encoding.UTF8.GetString(reading.Content), Is.EqualTo($"content {i}"));
            Assert.That((reading.Sequence, reading.Complaint), Is.EqualTo(((ulong)i, (string?)null)));
        }
    }

    [Test]
    public void A_record_may_have_16_KiB_and_no_more_than_its_place()
    {
        Assert.That(record.Capacity, Is.GreaterThanOrEqualTo(16 * 1024));
        byte[] most = StoreLab.Value(new Random(1), record.Capacity);
        Assert.That(record.Write(most), Is.Null);
        Assert.That(record.Read().Content, Is.EqualTo(most));
        Assert.That(record.Write(new byte[record.Capacity + 1])!.Kind, Is.EqualTo(StoreErrorKind.Invalid));
    }

    [Test]
    public void Damage_of_either_copy_is_named_and_the_other_is_used()
    {
        record.WriteBoth("the content"u8);
        foreach ((SectorRegion place, string complaint) in new[]
        {
            (VolumeLayout.LockA, "lock record: copy A (sectors 16 to 55) is damaged; copy B is in use"),
            (VolumeLayout.LockB, "lock record: copy B (sectors 56 to 95) is damaged; copy A is in use"),
        })
        {
            for (int bit = 0; bit < (64 + 11) * 8; bit++)
            {
                disk.FlipBit(place.First, bit);
                RecordReading reading = record.Read();
                Assert.That(Encoding.UTF8.GetString(reading.Content), Is.EqualTo("the content"), $"bit {bit}");
                Assert.That(reading.Complaint, Is.EqualTo(complaint), $"bit {bit}");
                disk.FlipBit(place.First, bit);
            }
        }
    }

    [Test]
    public void A_write_repairs_the_damaged_copy()
    {
        record.WriteBoth("first"u8);
        disk.FlipBit(VolumeLayout.LockA.First, 700 - 188);
        record.Write("second"u8);
        RecordReading reading = record.Read();
        Assert.That(Encoding.UTF8.GetString(reading.Content), Is.EqualTo("second"));
        Assert.That(reading.Complaint, Is.Null);
    }

    [Test]
    public void Both_copies_damaged_is_damage_and_not_blank()
    {
        record.WriteBoth("content"u8);
        disk.FlipBit(VolumeLayout.LockA.First, 3);
        disk.FlipBit(VolumeLayout.LockB.First, 3);
        RecordReading reading = record.Read();
        Assert.That(reading.State, Is.EqualTo(RecordState.Damaged));
        Assert.That(reading.Content, Is.Empty);
        Assert.That(reading.Complaint, Does.Contain("copy A (sectors 16 to 55) is damaged, and copy B"));
    }

    [Test]
    public void A_sector_that_cannot_be_read_costs_one_copy_only()
    {
        record.WriteBoth("content"u8);
        disk.MakeUnreadable(VolumeLayout.LockA.First + 5);
        Assert.That(record.Read().State, Is.EqualTo(RecordState.Present));
        Assert.That(record.Read().Complaint, Does.Contain("cannot be read by the disk"));
        disk.MakeUnreadable(VolumeLayout.LockB.First);
        Assert.That(record.Read().State, Is.EqualTo(RecordState.Unreadable));
    }

    [Test]
    public void A_power_cut_leaves_the_content_before_or_after()
    {
        Random power = new(5);
        for (int i = 0; i < 300; i++)
        {
            SimulatedDisk fresh = new(StoreLab.SmallDisk / 16);
            MirroredRecord cut = MirroredRecord.ForAttempts(fresh);
            cut.Write("one"u8);
            cut.Write("two"u8);
            fresh.CutAt = fresh.Requests + 1 + power.Next(2);
            Assert.That(() => cut.Write("three"u8), Throws.TypeOf<PowerCutException>());
            SimulatedDisk back = fresh.AfterPowerCut(power);
            RecordReading reading = MirroredRecord.ForAttempts(back).Read();
            Assert.That(Encoding.UTF8.GetString(reading.Content), Is.AnyOf("two", "three"), $"round {i}");
        }
    }

    [Test]
    public void Writing_both_copies_leaves_nothing_of_the_content_before()
    {
        record.WriteBoth("an answer that is no longer valid"u8);
        record.WriteBoth("new"u8);
        Assert.That(Encoding.Latin1.GetString(disk.Image), Does.Not.Contain("no longer valid"));
    }

    [Test]
    public void One_kind_of_record_is_not_taken_for_another()
    {
        record.WriteBoth("content"u8);
        byte[] copy = new byte[VolumeLayout.AttemptsA.Count * 512];
        disk.Read(VolumeLayout.LockA.First, copy);
        disk.Write(VolumeLayout.AttemptsA.First, copy);
        disk.Write(VolumeLayout.AttemptsB.First, copy);
        Assert.That(MirroredRecord.ForAttempts(disk).Read().State, Is.EqualTo(RecordState.Damaged));
    }

    [Test]
    public void A_failed_write_is_an_error_and_the_content_before_stays()
    {
        record.WriteBoth("content"u8);
        disk.FailWriteIn = 1;
        Assert.That(
            record.Write("new"u8)!.Message,
            Is.EqualTo("the disk failed to write the lock record to sectors 16 to 55: the device refused"));
        disk.FailFlushIn = 1;
        Assert.That(record.Write("new"u8)!.Kind, Is.EqualTo(StoreErrorKind.Disk));
    }
}
