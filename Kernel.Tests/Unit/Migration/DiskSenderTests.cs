using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Drivers.Disk;
using HaukiOS.Drivers.Pci;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Tests.Simulation.Migration;
using HaukiOS.Tests.Simulation.Store;
using HaukiOS.Tests.Unit.Console;
using HaukiOS.Tests.Unit.Drivers;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>A disk without an open store is copied sector by sector; here without a store at all.</summary>
[TestFixture]
internal sealed class DiskSenderTests
{
    private const int SectorSize = IBlockDevice.SectorSize;
    private const int ReservedFirst = 176;
    private const int ReservedEnd = 192;

    [TestCase(1, 2048, 2048)]
    [TestCase(2, 2048, 5000)]
    [TestCase(3, 1999, 1999)]
    public void What_is_written_while_it_is_copied_arrives_too(int seed, int sectors, int targetSectors)
    {
        Random random = new(seed);
        SimulatedDisk source = Scribbled(sectors, random, sectors / 3);
        SimulatedDisk target = Scribbled(targetSectors, random, targetSectors);
        byte[] before = (byte[])target.Image.Clone();
        DiskCopy copy = new(source, null, target);

        for (int i = 0; i < 3000; i++)
        {
            if (!copy.Step() || random.Next(200) == 0)
            {
                copy.Sender.Collect();
            }

            if (random.Next(3) == 0)
            {
                Scribble(copy.Slot, random);
            }
        }

        copy.Finish();

        Assert.That(copy.Receiver.Failure, Is.EqualTo(BlockResult.Ok), $"seed {seed}");
        AssertCopied(source.Image, target.Image, before, seed);
    }

    [Test]
    public void Zeros_do_not_travel_and_are_not_written_where_they_are_already()
    {
        SimulatedDisk source = new(4096);
        source.Write(1000, Enumerable.Repeat((byte)5, 3 * SectorSize).ToArray());
        SimulatedDisk target = new(4096);
        target.Write(2000, Enumerable.Repeat((byte)6, SectorSize).ToArray());
        long written = target.Writes;
        DiskCopy copy = new(source, null, target);

        copy.Finish();

        Assert.That(copy.Sent, Is.EqualTo((3L, 4096L - 3 - (ReservedEnd - ReservedFirst))));
        Assert.That(target.Image, Is.EqualTo(source.Image));
        Assert.That(target.Writes - written, Is.EqualTo(2));
    }

    [Test]
    public void Sectors_that_cannot_be_read_become_zero_and_are_counted_and_all_others_arrive()
    {
        Random random = new(5);
        SimulatedDisk source = Scribbled(1000, random, 1000);
        SimulatedDisk target = Scribbled(1000, random, 1000);
        byte[] before = (byte[])target.Image.Clone();
        int[] bad = [0, 63, 300, 301, 999];
        Array.ForEach(bad, sector => source.MakeUnreadable(sector));
        DiskCopy copy = new(source, null, target);

        copy.Finish();

        byte[] expected = (byte[])source.Image.Clone();
        Array.ForEach(bad, sector => Array.Clear(expected, sector * SectorSize, SectorSize));
        Assert.That(copy.Sender.UnreadableSectors, Is.EqualTo(bad.Length));
        AssertCopied(expected, target.Image, before, 5);
    }

    [Test]
    public void A_disk_that_is_gone_ends_the_copy_with_a_reason()
    {
        DiskCopy copy = new(Scribbled(1000, new Random(6), 1000), null, new MemoryDisk(1));
        copy.Step();

        copy.Slot.Device = null;
        while (copy.Step())
        {
        }

        Assert.That(copy.Sender.Failure, Is.EqualTo(BlockResult.NoDevice));
        Assert.That(copy.Sender.SectorsLeft, Is.GreaterThan(0));
    }

    [Test]
    public void A_node_without_a_disk_has_nothing_to_send()
    {
        DiskCopy copy = new(new DiskSlot(), null, new MemoryDisk(1));

        copy.Finish();

        Assert.That(copy.Offer.Sectors, Is.Zero);
        Assert.That(copy.Sent, Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void The_sender_serves_move_after_move_with_the_same_memory()
    {
        Random random = new(8);
        SimulatedDisk source = Scribbled(1500, random, 700);
        DiskSlot slot = new(source);
        CountingMemory memory = new();
        DiskSender sender = new(slot, memory);
        byte[] room = new byte[SectorSize];
        for (int move = 0; move < 20; move++)
        {
            SimulatedDisk target = new(1500);
            DiskReceiver receiver = new(target, new DiskOffer(1500));
            sender.Begin(null);
            Scribble(slot, random);
            for (int i = move % 2 == 0 ? 100 : int.MaxValue; i > 0 && sender.SectorsLeft > 0; i--)
            {
                Pass(sender, receiver, room);
                sender.Collect();
            }

            receiver.Flush();
            sender.End();
            if (move % 2 == 1)
            {
                AssertCopied(source.Image, target.Image, new byte[1500 * SectorSize], move);
            }
        }

        Assert.That(memory.Regions, Is.EqualTo(3));
        Assert.That(slot.Observer, Is.Null);
    }

    /// <summary>With extents of several sectors, as on a disk of more than 256 MiB.</summary>
    [Test]
    public void A_large_disk_is_watched_by_larger_extents()
    {
        const long sectors = (5L << 20) + 3; // 2.5 GiB
        SparseDisk source = new(sectors);
        SparseDisk target = new(sectors);
        DiskSlot slot = new(source);
        DiskSender sender = new(slot, new SimulatedDma());
        DiskReceiver receiver = new(target, new DiskOffer(sectors));
        byte[] room = new byte[4096];
        byte[] bytes = new byte[2 * SectorSize];
        bytes.AsSpan().Fill(9);

        sender.Begin(null);
        Skim(sender, receiver, room);
        long[] places = [0, 170, 191, 192, 3_000_001, sectors - 2];
        Array.ForEach(places, sector => slot.Write(sector, bytes));

        Assert.That(sender.SectorsWritten, Is.EqualTo(6 * 16));
        sender.Collect();
        Skim(sender, receiver, room);
        receiver.Flush();

        Assert.That(receiver.Failure, Is.EqualTo(BlockResult.Ok));
        long[] expected = [0, 1, 170, 171, 192, 193, 3_000_001, 3_000_002, sectors - 2, sectors - 1];
        Assert.That(target.Sectors.Keys.Order(), Is.EqualTo(expected));
    }

    /// <summary>The last sectors are sent while nothing may allocate, the drive's driver included.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void Copying_allocates_nothing_down_to_the_ports_of_the_drive(bool dma)
    {
        SimulatedDma memory = new();
        SimulatedIde drive = new(2048);
        new Random(9).NextBytes(drive.Medium);
        DiskSlot slot = new(Connect(drive, memory, dma));
        DiskSender sender = new(slot, memory);
        byte[] room = new byte[4096];
        sender.Begin(null);
        Drain();
        slot.Write(700, room);
        slot.Write(800, room);

        long before = GC.GetAllocatedBytesForCurrentThread();
        sender.Collect();
        int pieces = Drain();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That((pieces, allocated), Is.EqualTo((2, 0L)));

        int Drain()
        {
            int count = 0;
            while (sender.TryTakeNext(room, out _))
            {
                count++;
            }

            return count;
        }
    }

    private static AtaDisk Connect(SimulatedIde drive, SimulatedDma memory, bool dma)
    {
        SimulatedPorts ports = new();
        ports.Add(0x1F0, 8, drive);
        ports.Add(0x3F6, 1, drive.Control());
        PciBus? bus = null;
        List<PciFunction> functions = [];
        if (dma)
        {
            const int busMasterPorts = 0xC000;
            SimulatedPci pci = new();
            pci.Add(0, 1, 1, vendor: 0x8086, part: 0x7111, classCode: 0x010180, bar4: busMasterPorts | 1);
            ports.Add(0xCF8, 8, pci);
            ports.Add(busMasterPorts, 8, new SimulatedBusMaster(drive, memory));
            bus = PciBus.Probe(ports)!;
            functions = bus.Enumerate();
        }

        return IdeController.FindDisks(ports, bus, functions, memory, new SteppingClock(1000))[0];
    }

    private static void Pass(DiskSender sender, DiskReceiver receiver, byte[] room)
    {
        if (sender.TryTakeNext(room, out DiskPiece piece))
        {
            BlockResult result = piece.IsZero
                ? receiver.Zero(piece.Sector, piece.Sectors)
                : receiver.Write(piece.Sector, room.AsSpan(0, piece.Length));
            Assert.That(result, Is.EqualTo(BlockResult.Ok));
        }
    }

    // The receiver looks at every zero; a large disk has very many.
    private static void Skim(DiskSender sender, DiskReceiver receiver, byte[] room)
    {
        while (sender.TryTakeNext(room, out DiskPiece piece))
        {
            if (!piece.IsZero)
            {
                receiver.Write(piece.Sector, room.AsSpan(0, piece.Length));
            }
        }
    }

    private static SimulatedDisk Scribbled(int sectors, Random random, int count)
    {
        SimulatedDisk disk = new(sectors, false);
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(disk.Image.AsSpan(random.Next(sectors) * SectorSize, SectorSize));
        }

        return disk;
    }

    private static void Scribble(DiskSlot slot, Random random)
    {
        int count = random.Next(1, 20);
        byte[] bytes = new byte[count * SectorSize];
        if (random.Next(4) > 0)
        {
            random.NextBytes(bytes);
        }

        slot.Write(random.Next((int)slot.SectorCount - count), bytes);
    }

    private static void AssertCopied(byte[] source, byte[] target, byte[] targetBefore, int seed)
    {
        byte[] expected = (byte[])targetBefore.Clone();
        source.CopyTo(expected, 0);
        int reserved = ReservedFirst * SectorSize;
        targetBefore.AsSpan(reserved..(ReservedEnd * SectorSize)).CopyTo(expected.AsSpan(reserved));
        for (int sector = 0; sector < expected.Length / SectorSize; sector++)
        {
            if (!expected.AsSpan(sector * SectorSize, SectorSize)
                .SequenceEqual(target.AsSpan(sector * SectorSize, SectorSize)))
            {
                Assert.Fail($"seed {seed}: sector {sector} differs");
            }
        }
    }

    private sealed class CountingMemory : IDmaMemory
    {
        private readonly SimulatedDma memory = new();

        public int Regions { get; private set; }

        public DmaRegion Allocate(int length, int alignment, int boundary)
        {
            Regions++;
            return memory.Allocate(length, alignment, boundary);
        }
    }

    private sealed class SparseDisk(long sectors) : IBlockDevice
    {
        public Dictionary<long, byte[]> Sectors { get; } = [];

        public string Name => "sparse";

        public long SectorCount => sectors;

        public BlockResult Read(long sector, Span<byte> into)
        {
            into.Clear();
            for (int i = 0; i < into.Length / SectorSize && Sectors.Count > 0; i++)
            {
                if (Sectors.TryGetValue(sector + i, out byte[]? bytes))
                {
                    bytes.CopyTo(into[(i * SectorSize)..]);
                }
            }

            return sector + (into.Length / SectorSize) <= sectors ? BlockResult.Ok : BlockResult.OutOfRange;
        }

        public BlockResult Write(long sector, ReadOnlySpan<byte> from)
        {
            for (int i = 0; i < from.Length / SectorSize; i++)
            {
                Sectors[sector + i] = from.Slice(i * SectorSize, SectorSize).ToArray();
            }

            return BlockResult.Ok;
        }

        public BlockResult Flush() => BlockResult.Ok;
    }
}
