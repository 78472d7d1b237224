using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Memory;

/// <summary>Frames, page tables and DMA memory over a block that stands for physical memory.</summary>
[TestFixture]
public sealed unsafe class MemoryTests
{
    private const uint FrameCount = 4096; // 16 MiB
    private const uint FirstFree = 300;

    private byte* physical;
    private FrameAllocator* frames;

    [SetUp]
    public void MakeMachine()
    {
        physical = (byte*)NativeMemory.AllocZeroed(FrameCount * AddressMap.PageSize);
        frames = (FrameAllocator*)NativeMemory.AllocZeroed((nuint)sizeof(FrameAllocator));
        *frames = new FrameAllocator(
            (uint*)NativeMemory.Alloc(FrameAllocator.BytesFor(FrameCount)), FrameCount);
        frames->AddMemory(FirstFree, FrameCount - FirstFree);
    }

    [TearDown]
    public void DropMachine()
    {
        NativeMemory.Free(physical);
        NativeMemory.Free(frames);
    }

    [Test]
    public void The_zones_follow_each_other_without_gap_or_overlap()
    {
        Assert.That(AddressMap.NullGuard, Is.Zero);
        Assert.That(AddressMap.MachineLocal, Is.EqualTo(0x1_0000));
        Assert.That(AddressMap.IsMachineLocal(
            AddressMap.MachineLocal, AddressMap.Migratable - AddressMap.MachineLocal));
        Assert.That(AddressMap.IsMachineLocal(AddressMap.Migratable - 4, 5), Is.False);
        Assert.That(AddressMap.IsMachineLocal(0, 1), Is.False);
        uint[] migratable = [AddressMap.Image, AddressMap.Heap, AddressMap.Work, AddressMap.Stacks];
        Assert.That(migratable, Is.Ordered.Ascending);
        foreach (uint address in migratable)
        {
            Assert.That(AddressMap.IsMigratable(address, 4096), $"{address:x}");
            Assert.That(AddressMap.IsMachineLocal(address, 1), Is.False, $"{address:x}");
        }

        Assert.That(AddressMap.IsMigratable(AddressMap.MigratableEnd - 4, 5), Is.False);
        Assert.That(AddressMap.IsMigratable(uint.MaxValue, 2), Is.False);
        Assert.That(AddressMap.StackLow(1), Is.GreaterThan(AddressMap.StackHigh(0)), "a guard zone lies between");
    }

    [Test]
    public void Every_frame_is_taken_once_and_can_be_returned_once()
    {
        HashSet<uint> taken = new();
        while (frames->TryTake(out uint frame))
        {
            Assert.That(taken.Add(frame), $"frame {frame} twice");
            Assert.That(frame, Is.InRange(FirstFree, FrameCount - 1));
        }

        Assert.That(taken, Has.Count.EqualTo(frames->Total));
        Assert.That(frames->Free, Is.Zero);
        foreach (uint frame in taken)
        {
            frames->Return(frame);
        }

        Assert.That(frames->Free, Is.EqualTo(frames->Total));
        Assert.Throws<InvalidOperationException>(() => frames->Return(FirstFree));
        Assert.Throws<InvalidOperationException>(() => frames->Return(FrameCount));
        Assert.That(frames->TryTake(out _), Is.True);
    }

    [Test]
    public void Ranges_of_memory_count_every_frame_once_wherever_they_begin_and_overlap()
    {
        Random random = new(11);
        uint* words = (uint*)NativeMemory.Alloc(FrameAllocator.BytesFor(FrameCount));
        FrameAllocator made = new(words, FrameCount);
        HashSet<uint> expected = new();
        for (int i = 0; i < 200; i++)
        {
            uint first = (uint)random.Next((int)FrameCount + 50);
            uint count = (uint)random.Next(i % 2 == 0 ? 5 : 200);
            made.AddMemory(first, count);
            for (uint frame = first; frame < first + count && frame < FrameCount; frame++)
            {
                expected.Add(frame);
            }
        }

        Assert.That(made.Total, Is.EqualTo(expected.Count));
        Assert.That(made.Free, Is.EqualTo(expected.Count));
        for (uint frame = 0; frame < FrameCount; frame++)
        {
            Assert.That(made.IsTaken(frame), Is.EqualTo(!expected.Contains(frame)), $"frame {frame}");
        }

        NativeMemory.Free(words);
    }

    [Test]
    public void What_was_borrowed_is_neither_written_to_nor_given_back()
    {
        StagedDirectory staged = StagedDirectory.TryCreate(physical, frames)!;
        Assert.That(frames->TryTake(out uint frame));
        uint own = frame * AddressMap.PageSize;
        new Span<byte>(physical + own, 4096).Fill(0x55);
        Assert.That(staged.TryBorrow(AddressMap.Image, own));
        Assert.That(staged.TryBorrow(AddressMap.Image, own), "the same again");
        Assert.That(staged.TryBorrow(AddressMap.Image, own + AddressMap.PageSize), Is.False);
        Assert.That(staged.Has(AddressMap.Image), Is.False, "nothing that could change by a difference");
        Assert.That(staged.Directory.TryTranslate(AddressMap.Image, out uint at, out PageFlags flags) && at == own);
        Assert.That(flags & PageFlags.Writable, Is.EqualTo(PageFlags.None));

        byte* place = staged.Place(AddressMap.Image, PageFlags.Writable);
        Assert.That(place != physical + own, "a page that was sent after all lies elsewhere");
        staged.Drop(AddressMap.Image);
        Assert.That(staged.TryBorrow(AddressMap.Image, own));
        staged.Release();

        Assert.That(frames->IsTaken(frame));
        Assert.That(new Span<byte>(physical + own, 4096).ContainsAnyExcept((byte)0x55), Is.False);
        frames->Return(frame);
    }

    [Test]
    public void A_landed_node_finds_taken_what_it_consists_of_and_nothing_else()
    {
        StagedDirectory staged = StagedDirectory.TryCreate(physical, frames)!;
        Random random = new(5);
        HashSet<uint> own = [staged.Directory.Root / AddressMap.PageSize];
        for (int i = 0; i < 200; i++)
        {
            uint address = AddressMap.Heap + ((uint)random.Next(5000) * AddressMap.PageSize);
            byte* place = staged.Place(address, PageFlags.Writable);
            new Span<byte>(place, 4096).Fill(0x77);
            own.Add((uint)(place - physical) / AddressMap.PageSize);
        }

        Assert.That(staged.TryShowMachine(FrameCount * AddressMap.PageSize));
        Assert.That(staged.Directory.TryTranslate(0x0060_3000, out uint at, out _) && at == 0x0060_3000);
        Assert.That(staged.Directory.TryTranslate(AddressMap.MachineLocal, out at, out _));
        Assert.That(staged.Directory.TryTranslate(0x1000, out _, out _), Is.False, "the null guard is mapped");

        uint* words = (uint*)NativeMemory.Alloc(FrameAllocator.BytesFor(FrameCount));
        FrameAllocator next = new(words, FrameCount);
        next.AddMemory(FirstFree, FrameCount - FirstFree);
        staged.ReserveIn(&next);
        int tables = 1 + 5; // the machine's first 4 MiB, and 5000 pages of the heap
        Assert.That(next.Total - next.Free, Is.EqualTo(own.Count + tables));
        foreach (uint frame in own)
        {
            Assert.That(next.IsTaken(frame), $"frame {frame}");
        }

        FrameAllocator adopted = FrameAllocator.Adopt(words, FrameCount, next.Total, next.Free);
        while (adopted.TryTake(out uint frame))
        {
            Assert.That(own, Has.No.Member(frame));
        }

        Assert.That(adopted.Free, Is.Zero);
        NativeMemory.Free(words);
        staged.Release();
        Assert.That(frames->Free, Is.EqualTo(frames->Total), "all is given back, the machine's table too");
        ReadOnlySpan<byte> memory = new(physical, (int)(FrameCount * AddressMap.PageSize));
        Assert.That(memory.IndexOf((byte)0x77), Is.Negative, "something of the node was left behind");
    }

    [Test]
    public void Runs_keep_alignment_and_boundary_against_a_naive_search()
    {
        Random random = new(7);
        for (int i = 0; i < 2000; i++)
        {
            frames->Reserve((uint)random.Next((int)FrameCount), 1);
        }

        for (int i = 0; i < 400; i++)
        {
            uint count = (uint)random.Next(1, 9);
            uint alignment = 1u << random.Next(5);
            uint boundary = random.Next(2) == 0 ? 0 : 16u << random.Next(3);
            uint expected = uint.MaxValue;
            for (uint first = 0; first + count <= FrameCount && expected == uint.MaxValue; first += alignment)
            {
                bool fits = boundary == 0 || first / boundary == (first + count - 1) / boundary;
                for (uint k = 0; k < count && fits; k++)
                {
                    fits = !frames->IsTaken(first + k);
                }

                expected = fits ? first : expected;
            }

            bool found = frames->TryTakeRun(count, alignment, boundary, out uint run);
            Assert.That(found, Is.EqualTo(expected != uint.MaxValue));
            Assert.That(!found || run == expected, $"{run} instead of {expected}");
        }
    }

    [Test]
    public void A_range_of_memory_counts_its_whole_frames_below_one_gibibyte()
    {
        (MemoryRange Range, uint First, uint Count)[] cases =
        [
            (new MemoryRange(0, 0x9FC00), 0, 0x9F),
            (new MemoryRange(0x100001, 0x1FFF), 0x101, 1),
            (new MemoryRange(0x100001, 0x1000), 0x101, 0),
            (new MemoryRange(0x3FFF_F000, 0x1_0000_0000), 0x3FFFF, 1),
            (new MemoryRange(0x1_0000_0000, 0x4000_0000), 0x40000, 0),
            (new MemoryRange(ulong.MaxValue - 10, 100), 0x40000, 0),
        ];
        foreach ((MemoryRange range, uint expectedFirst, uint expectedCount) in cases)
        {
            BootMemoryMap.WholeFrames(range, out uint first, out uint count);
            Assert.That(count, Is.EqualTo(expectedCount), $"{range}");
            Assert.That(count == 0 || first == expectedFirst, $"{range}");
        }
    }

    [Test]
    public void The_loaders_map_is_read_up_to_the_first_malformed_entry()
    {
        const uint information = 0x9000;
        const uint map = 0xA000;
        uint at = map;
        void Entry(uint size, ulong start, ulong length, uint kind)
        {
            *(uint*)(physical + at) = size;
            *(ulong*)(physical + at + 4) = start;
            *(ulong*)(physical + at + 12) = length;
            *(uint*)(physical + at + 20) = kind;
            at += size + 4;
        }

        Entry(20, 0, 0x9FC00, 1);
        Entry(20, 0xF0000, 0x10000, 2);
        Entry(24, 0x100000, 0x7EE0000, 1);
        Entry(8, 0x4000_0000, 0x1000, 1);
        *(uint*)(physical + information) = 1u << 6;
        *(uint*)(physical + information + 44) = at - map;
        *(uint*)(physical + information + 48) = map;
        MemoryRange[] ranges = new MemoryRange[BootMemoryMap.RangesMax];
        int count = BootMemoryMap.Read(physical, information, ranges);
        Assert.That(ranges[..count], Is.EqualTo(new[]
        {
            new MemoryRange(0, 0x9FC00), new MemoryRange(0x100000, 0x7EE0000),
        }));

        *(uint*)(physical + information) = 1;
        *(uint*)(physical + information + 8) = 31 * 1024;
        Assert.That(BootMemoryMap.Read(physical, information, ranges), Is.EqualTo(1));
        Assert.That(ranges[0], Is.EqualTo(new MemoryRange(0x100000, 31 << 20)));
        *(uint*)(physical + information) = 0;
        Assert.That(BootMemoryMap.Read(physical, information, ranges), Is.Zero);
    }

    [Test]
    public void What_is_mapped_is_found_and_what_is_unmapped_is_not()
    {
        Assert.That(PageDirectory.TryCreate(physical, frames, out PageDirectory directory), Is.True);
        directory.MapLarge(0x0040_0000, 0x0040_0000, PageFlags.Writable);
        uint[] addresses =
            [AddressMap.MachineLocal, AddressMap.Image, AddressMap.Heap, AddressMap.MigratableEnd - 4096];
        foreach (uint address in addresses)
        {
            Assert.That(directory.TryMap(address, address ^ 0x4000_0000, PageFlags.Writable), Is.True);
        }

        Assert.That(directory.TryTranslate(0, out _, out _), Is.False, "the null guard");
        Assert.That(directory.TryTranslate(0x0040_5000, out uint large, out PageFlags flags), Is.True);
        Assert.That(large, Is.EqualTo(0x0040_5000));
        Assert.That(flags & PageFlags.Large, Is.Not.EqualTo(PageFlags.None));
        foreach (uint address in addresses)
        {
            Assert.That(directory.TryTranslate(address, out uint frame, out flags), Is.True);
            Assert.That(frame, Is.EqualTo(address ^ 0x4000_0000));
            Assert.That(flags, Is.EqualTo(PageFlags.Present | PageFlags.Writable));
            Assert.That(directory.TryTranslate(address + 4096, out _, out _),
                Is.EqualTo(address == AddressMap.Image - 1));
            Assert.That(directory.TryUnmap(address, out uint unmapped), Is.True);
            Assert.That(unmapped, Is.EqualTo(frame));
            Assert.That(directory.TryTranslate(address, out _, out _), Is.False);
            Assert.That(directory.TryUnmap(address, out _), Is.False);
        }
    }

    [Test]
    public void Page_tables_and_dma_memory_lie_in_the_machine_local_zone()
    {
        Assert.That(PageDirectory.TryCreate(physical, frames, out PageDirectory directory), Is.True);
        Assert.That(AddressMap.IsMachineLocal(directory.Root, AddressMap.PageSize));
        for (uint address = AddressMap.Migratable; address < AddressMap.MigratableEnd; address += 0x0400_0000)
        {
            Assert.That(directory.TryMap(address, 0x1000, PageFlags.Writable), Is.True);
            uint table = *((uint*)(physical + directory.Root) + (address >> 22)) & ~4095u;
            Assert.That(AddressMap.IsMachineLocal(table, AddressMap.PageSize));
        }

        DmaMemory memory = new(physical, frames);
        DmaRegion region = memory.Allocate(65536, 65536, 65536);
        Assert.That(AddressMap.IsMachineLocal(region.PhysicalAddress, 65536));
        Assert.That(region.PhysicalAddress % 65536, Is.Zero);
        Assert.That(region.Bytes.Length, Is.EqualTo(65536));
        new Span<byte>(physical, (int)(FrameCount * AddressMap.PageSize)).Fill(1);
        Assert.That(memory.AllocateZeroed(4096, 4096, 0).Bytes.ContainsAnyExcept((byte)0), Is.False);
        Assert.Throws<OutOfMemoryException>(() => memory.Allocate(64 << 20, 4096, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Allocate(0, 4096, 0));
    }

    [TestCase(AddressMap.Migratable)]
    [TestCase(AddressMap.Heap)]
    [TestCase(AddressMap.Migratable - 2048)]
    [TestCase(AddressMap.MigratableEnd)]
    [TestCase(AddressMap.NullGuard)]
    public void Dma_memory_outside_the_machine_local_zone_is_refused(uint address) =>
        Assert.Throws<ArgumentException>(() => new DmaMemory(physical, frames).At(address, 4096));

    [Test]
    public void Without_frames_nothing_is_mapped_and_nobody_crashes()
    {
        Assert.That(PageDirectory.TryCreate(physical, frames, out PageDirectory directory), Is.True);
        while (frames->TryTake(out _))
        {
        }

        Assert.That(directory.TryMap(AddressMap.Heap, 0x1000, PageFlags.Writable), Is.False);
        Assert.That(PageDirectory.TryCreate(physical, frames, out _), Is.False);
    }
}
