using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Tests.Unit.Console;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Hardware;

/// <summary>The place of the node's disk: an exchange of the disk, and who is told of writes.</summary>
[TestFixture]
internal sealed class DiskSlotTests
{
    [Test]
    public void An_empty_slot_has_no_disk_and_says_so()
    {
        DiskSlot slot = new();

        Assert.That(slot.SectorCount, Is.Zero);
        Assert.That(slot.Name, Is.EqualTo("no disk"));
        Assert.That(slot.Read(0, new byte[512]), Is.EqualTo(BlockResult.NoDevice));
        Assert.That(slot.Write(0, new byte[512]), Is.EqualTo(BlockResult.NoDevice));
        Assert.That(slot.Flush(), Is.EqualTo(BlockResult.NoDevice));
    }

    [Test]
    public void Whoever_holds_the_slot_uses_the_disk_that_is_in_it_now()
    {
        MemoryDisk first = new(1);
        MemoryDisk second = new(2);
        DiskSlot slot = new(first);
        byte[] content = new byte[512];
        content[0] = 7;
        slot.Write(3, content);

        slot.Device = second;
        slot.Write(4, content);

        Assert.That(slot.SectorCount, Is.EqualTo(4096));
        Assert.That((first.Bytes[3 * 512], first.Bytes[4 * 512]), Is.EqualTo(((byte)7, (byte)0)));
        Assert.That((second.Bytes[3 * 512], second.Bytes[4 * 512]), Is.EqualTo(((byte)0, (byte)7)));
        Assert.That(slot.Flush(), Is.EqualTo(BlockResult.Ok));
    }

    [Test]
    public void The_observer_hears_of_every_write_when_it_can_be_read_and_of_one_that_failed()
    {
        MemoryDisk disk = new(1);
        Observer observer = new(disk);
        DiskSlot slot = new(disk) { Observer = observer };
        byte[] content = new byte[1024];
        content[0] = 9;

        slot.Write(10, content);
        disk.FailsWrites = true;
        slot.Write(20, content);
        slot.Read(30, content);

        Assert.That(observer.Heard, Is.EqualTo(new[] { (10L, 2, (byte)9), (20L, 2, (byte)0) }));
    }

    [Test]
    public void Nobody_watches_a_new_disk_by_mistake()
    {
        DiskSlot slot = new(new MemoryDisk(1));
        Observer observer = new(new MemoryDisk(1));
        slot.Observer = observer;

        slot.Device = new MemoryDisk(1);
        slot.Write(1, new byte[512]);

        Assert.That(observer.Heard, Is.Empty);
    }

    private sealed class Observer(MemoryDisk disk) : IWriteObserver
    {
        public List<(long Sector, int Count, byte Seen)> Heard { get; } = [];

        public void Written(long sector, int count) =>
            Heard.Add((sector, count, disk.Bytes[(int)sector * IBlockDevice.SectorSize]));
    }
}
