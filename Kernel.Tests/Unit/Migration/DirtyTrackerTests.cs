using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Migration;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>What the target is told is what happened to the page tables, in either mode.</summary>
[TestFixture(TrackingMode.DirtyBits)]
[TestFixture(TrackingMode.WriteProtection)]
public sealed class DirtyTrackerTests(TrackingMode mode)
{
    private const uint Page = AddressMap.PageSize;

    private BlockMachine machine = null!;
    private DirtyTracker tracker = null!;
    private Instant now;

    [SetUp]
    public void MakeMachine()
    {
        machine = new BlockMachine(16);
        tracker = new DirtyTracker(machine, mode);
        now = Instant.PowerOn;
    }

    [TearDown]
    public void DropMachine() => machine.Dispose();

    [Test]
    public void A_new_target_is_told_of_every_page_once()
    {
        uint[] pages = [AddressMap.Image, AddressMap.Heap, AddressMap.Heap + (33 * Page), AddressMap.Work,
            AddressMap.MigratableEnd - Page];
        foreach (uint page in pages)
        {
            machine.Map(page);
        }

        for (int target = 0; target < 2; target++)
        {
            tracker.Begin();
            Assert.That(Look().Present, Is.EqualTo(pages.Length));
            Assert.That(tracker.PagesLeft, Is.EqualTo(pages.Length));
            List<PageToSend> told = TakeAll();
            Assert.That(told.Select(page => page.Address), Is.EqualTo(pages));
            Assert.That(told.All(page => page.Kind == PageKind.Content && page.Flags == PageFlags.Writable));
            Assert.That(Look().NewlyDirty, Is.Zero);
            Assert.That(TakeAll(), Is.Empty);
            tracker.End();
        }
    }

    [Test]
    public void A_page_that_is_written_to_is_sent_again_and_no_other()
    {
        Start(10);
        machine.Write(AddressMap.Heap + (3 * Page) + 5, 1);
        machine.Write(AddressMap.Heap + (7 * Page), 1);
        TrackerCounts counts = Look();
        Assert.That(counts.NewlyDirty, Is.EqualTo(2));
        Assert.That(counts.DirtyPagesPerSecond, Is.EqualTo(20), "two in 100 ms");
        Assert.That(counts.WorkingSet, Is.Zero);
        Assert.That(TakeAll().Select(page => page.Address), Is.EqualTo(new[]
        {
            AddressMap.Heap + (3 * Page), AddressMap.Heap + (7 * Page),
        }));
        machine.Write(AddressMap.Heap + (3 * Page), 2);
        counts = Look();
        Assert.That(counts.WorkingSet, Is.EqualTo(1), "written to in two intervals");
        Assert.That(machine.Flushes, Is.GreaterThan(3));
    }

    [Test]
    public void A_write_behind_the_look_is_not_lost()
    {
        Start(1);
        machine.Write(AddressMap.Heap, 1);
        Look();
        machine.Write(AddressMap.Heap, 2);
        Assert.That(TakeAll(), Has.Count.EqualTo(1));
        Look();
        Assert.That(TakeAll(), Has.Count.EqualTo(1));
        Look();
        Assert.That(TakeAll(), Is.Empty);
    }

    [Test]
    public void A_page_that_is_unmapped_is_told_to_be_gone_if_it_was_told_of()
    {
        Start(3);
        machine.Unmap(AddressMap.Heap + Page);
        machine.Map(AddressMap.Work);
        Assert.That(Look().Gone, Is.EqualTo(1));
        machine.Unmap(AddressMap.Work);
        List<PageToSend> told = TakeAll();
        Assert.That(told, Has.Count.EqualTo(1), "what came and went between two looks is of no interest");
        Assert.That(told[0].Kind, Is.EqualTo(PageKind.Gone));
        Assert.That(told[0].Address, Is.EqualTo(AddressMap.Heap + Page));
        Assert.That(Look().Gone, Is.Zero);
        Assert.That(tracker.PagesLeft, Is.Zero);

        machine.Unmap(AddressMap.Heap);
        machine.Map(AddressMap.Heap);
        Assert.That(Look().NewlyDirty, Is.EqualTo(1), "another frame, though nobody has written to it");
        Assert.That(TakeAll()[0].Kind, Is.EqualTo(PageKind.Content));
    }

    [Test]
    public void Hot_pages_wait_only_as_long_as_they_may()
    {
        Start(4);
        tracker.DefersHot = true;
        machine.Map(AddressMap.Work);
        machine.Write(AddressMap.Heap, 1);
        machine.Write(AddressMap.Heap + Page, 1);
        Look();
        machine.Write(AddressMap.Heap, 2);
        machine.Write(AddressMap.Work, 2);
        Assert.That(TakeAll().Select(page => page.Address), Is.EqualTo(new[]
        {
            AddressMap.Heap + Page, AddressMap.Work,
        }), "the target must hear of a page once");
        Assert.That(tracker.PagesLeft, Is.EqualTo(1));
        Look();
        Assert.That(TakeAll(), Has.Count.EqualTo(2));

        machine.Write(AddressMap.Heap, 3);
        Look();
        machine.Write(AddressMap.Heap, 4);
        Assert.That(TakeAll(), Is.Empty);
        tracker.DefersHot = false;
        Look();
        Assert.That(TakeAll(), Has.Count.EqualTo(1));
        Assert.That(tracker.PagesLeft, Is.Zero);
    }

    [Test]
    public void What_the_node_may_do_with_a_page_is_told_along()
    {
        machine.Map(AddressMap.Image, PageFlags.None);
        machine.Map(AddressMap.Image + Page);
        tracker.Begin();
        Look();
        Assert.That(TakeAll().Select(page => page.Flags), Is.EqualTo(new[] { PageFlags.None, PageFlags.Writable }));
    }

    [Test]
    public void Free_memory_is_told_of_once_and_then_not_at_all()
    {
        FreeList free = new();
        free.Ranges.Add((AddressMap.Heap + Page, 3 * Page));
        tracker.FreeMemory = free;
        for (uint i = 0; i < 6; i++)
        {
            machine.Map(AddressMap.Heap + (i * Page));
            machine.Write(AddressMap.Heap + (i * Page), 1);
        }

        tracker.Begin();
        Assert.That(Look().Free, Is.EqualTo(3));
        machine.Write(AddressMap.Heap + (3 * Page), 9);
        Assert.That(TakeAll().Select(page => page.Kind), Is.EqualTo(new[]
        {
            PageKind.Content, PageKind.Free, PageKind.Free, PageKind.Content, PageKind.Content, PageKind.Content,
        }), "the fourth was used again before it was sent");
        Look();
        Assert.That(TakeAll(), Is.Empty, "and is free at the next look");

        machine.Write(AddressMap.Heap + Page, 7);
        Look();
        Assert.That(TakeAll(), Is.Empty);
        free.Ranges.Clear();
        machine.Write(AddressMap.Heap + Page, 8);
        machine.Write(AddressMap.Heap + (2 * Page), 8);
        Look();
        Assert.That(TakeAll(), Has.Count.EqualTo(2));

        machine.Write(AddressMap.Heap + (5 * Page), 8);
        Look();
        free.Ranges.Add((AddressMap.Heap + (5 * Page), Page));
        Look();
        Assert.That(TakeAll(), Is.Empty, "nobody will read what was to be sent");
        Assert.That(tracker.PagesLeft, Is.Zero);
    }

    [Test]
    public void Afterwards_the_page_tables_are_as_before()
    {
        machine.Map(AddressMap.Image, PageFlags.None);
        machine.Map(AddressMap.Heap);
        machine.Map(AddressMap.StackLow(0));
        tracker.Begin();
        Look();
        machine.Write(AddressMap.StackLow(0), 1);
        tracker.End();
        const PageFlags ours = PageFlags.Seen | PageFlags.Guarded;
        Assert.That(machine.FlagsOf(AddressMap.Image) & (ours | PageFlags.Writable), Is.EqualTo(PageFlags.None));
        Assert.That(machine.FlagsOf(AddressMap.Heap) & (ours | PageFlags.Writable), Is.EqualTo(PageFlags.Writable));
        Assert.That(
            machine.FlagsOf(AddressMap.StackLow(0)) & (ours | PageFlags.Writable), Is.EqualTo(PageFlags.Writable));
    }

    [Test]
    public void A_page_that_did_not_get_through_is_handed_out_again()
    {
        Start(3);
        machine.Write(AddressMap.Heap + Page, 1);
        Look();
        Assert.That(tracker.TryTakeNext(out PageToSend page), Is.True);
        tracker.PutBack(page.Address);
        tracker.PutBack(page.Address);
        Assert.That(tracker.PagesLeft, Is.EqualTo(1));
        Assert.That(TakeAll(), Is.EqualTo(new[] { page }));
    }

    [Test]
    public void At_the_end_the_target_has_the_sources_memory_whatever_the_node_did([Range(1, 12)] int seed)
    {
        Random random = new(seed);
        Dictionary<uint, byte[]> target = new();
        PageEncoder encoder = new(machine);
        byte[] into = new byte[PageEncoder.LengthMax];
        tracker.Begin();
        Assert.That(encoder.TryBegin(), Is.True);
        tracker.DefersHot = seed % 2 == 0;
        for (int round = 0; round < 30; round++)
        {
            Look();
            while (tracker.TryTakeNext(out PageToSend page))
            {
                Send(encoder, page, target, into);
                Live(random, 2);
            }

            Live(random, random.Next(200));
        }

        tracker.DefersHot = false;
        Look();
        while (tracker.TryTakeNext(out PageToSend page))
        {
            Send(encoder, page, target, into);
        }

        encoder.End();
        tracker.End();
        uint[] mapped = Everything().Where(machine.IsMapped).ToArray();
        Assert.That(target.Keys.Order(), Is.EqualTo(mapped));
        foreach (uint address in mapped)
        {
            Assert.That(machine.Page(address).SequenceEqual(target[address]), Is.True, $"0x{address:x8}");
        }
    }

    private static IEnumerable<uint> Everything()
    {
        for (uint i = 0; i < 40; i++)
        {
            yield return AddressMap.Heap + (i * 11 * Page);
        }

        for (uint i = 0; i < 40; i++)
        {
            yield return AddressMap.Stacks + (i * Page);
        }
    }

    private static unsafe void Send(PageEncoder encoder, PageToSend page, Dictionary<uint, byte[]> target, byte[] into)
    {
        int length = encoder.Encode(page, into, out PageEncoding encoding);
        if (page.Kind == PageKind.Gone)
        {
            Assert.That(target.Remove(page.Address), Is.True);
            return;
        }

        if (!target.TryGetValue(page.Address, out byte[]? there))
        {
            target[page.Address] = there = new byte[Page];
            there.AsSpan().Fill(0xCC);
        }

        fixed (byte* to = there)
        {
            Assert.That(PageDecoder.TryDecode(encoding, into.AsSpan(0, length), to), Is.True);
        }
    }

    /// <summary>Maps, unmaps and writes.</summary>
    private void Live(Random random, int steps)
    {
        uint[] all = Everything().ToArray();
        for (int i = 0; i < steps; i++)
        {
            uint address = all[Math.Min(random.Next(all.Length), random.Next(all.Length))];
            if (!machine.IsMapped(address))
            {
                if (random.Next(2) == 0)
                {
                    machine.Map(address);
                }
            }
            else if (random.Next(20) == 0)
            {
                machine.Unmap(address);
            }
            else
            {
                machine.Write(address + (uint)random.Next((int)Page), (byte)random.Next(256));
            }
        }
    }

    /// <summary>A target that knows some pages of the heap.</summary>
    private void Start(uint pages)
    {
        for (uint i = 0; i < pages; i++)
        {
            machine.Map(AddressMap.Heap + (i * Page));
        }

        tracker.Begin();
        Look();
        Assert.That(TakeAll(), Has.Count.EqualTo(pages));
    }

    private TrackerCounts Look()
    {
        now = now.AddMilliseconds(100);
        return tracker.Collect(now);
    }

    private List<PageToSend> TakeAll()
    {
        List<PageToSend> all = new();
        while (tracker.TryTakeNext(out PageToSend page))
        {
            all.Add(page);
        }

        return all;
    }

    private sealed class FreeList : IFreeMemory
    {
        public List<(uint Start, uint Bytes)> Ranges { get; } = new();

        public bool TryNext(ref uint at, out uint start, out uint bytes)
        {
            bool found = at < Ranges.Count;
            (start, bytes) = found ? Ranges[(int)at++] : default;
            return found;
        }
    }
}
