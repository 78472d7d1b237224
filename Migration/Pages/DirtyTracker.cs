using System;
using System.Numerics;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// Knows which pages of the migratable zone the target has yet to hear of. <see cref="Collect"/> reads what the
/// processor noted in the page tables since the last time; <see cref="TryTakeNext"/> hands the pages out. Nothing is
/// spent between <see cref="End"/> and <see cref="Begin"/>, and in dirty-bit mode nothing while the node works.
/// <para>
/// A table entry is read and cleared without a lock. Only this processor writes to it; if a write to the page comes
/// before the translations are flushed and is not noted because of that, then the page was dirty before, is handed
/// out after the flush, and the write with it.
/// </para>
/// <para>
/// After construction nothing allocates or calls an interface method, so all of it works while the node stands still.
/// What it writes down lies in machine-local memory that is never given back: one tracker for a node's whole stay.
/// </para>
/// </summary>
public sealed unsafe class DirtyTracker
{
    private const uint FirstTable = AddressMap.Migratable / PageDirectory.LargePageSize;
    private const uint EndTable = AddressMap.MigratableEnd / PageDirectory.LargePageSize;
    private const uint PagesPerTable = PageDirectory.LargePageSize / AddressMap.PageSize;
    private const uint WordsPerTable = PagesPerTable / PageBitmap.PagesPerWord;
    private const uint FirstGuarded = (AddressMap.Heap - AddressMap.Migratable) / AddressMap.PageSize;
    private const uint EndGuarded = (AddressMap.Stacks - AddressMap.Migratable) / AddressMap.PageSize;
    private const uint AddressMask = ~(AddressMap.PageSize - 1);

    private const uint Present = (uint)PageFlags.Present;
    private const uint Writable = (uint)PageFlags.Writable;
    private const uint Dirty = (uint)PageFlags.Dirty;
    private const uint Seen = (uint)PageFlags.Seen;
    private const uint Guarded = (uint)PageFlags.Guarded;

    private readonly byte* physical;
    private readonly uint root;
    private readonly Action flush;
    private readonly TrackingMode mode;
    private readonly PageBitmap toSend;
    private readonly PageBitmap there; // the target has heard of these
    private readonly PageBitmap recent; // written to before the last look
    private readonly PageBitmap free; // at the last look
    private readonly uint* tables; // a bit each: has anything of its 4 MiB been there since Begin?
    private IFreeMemory? freeMemory;
    private Instant lastLook;
    private bool hasLooked;
    private uint cursor;
    private uint left;
    private uint freeStart; // where the bits of free pages lie
    private uint freeEnd;

    /// <summary>A tracker of one machine. Takes its memory, and does nothing else yet.</summary>
    public DirtyTracker(IMachine machine, TrackingMode mode)
    {
        this.mode = mode;
        physical = machine.Physical;
        root = machine.Directory.Root;
        flush = machine.FlushTranslations;
        toSend = new PageBitmap(physical, machine.Local);
        there = new PageBitmap(physical, machine.Local);
        recent = new PageBitmap(physical, machine.Local);
        free = new PageBitmap(physical, machine.Local);
        const int bytes = (int)(EndTable - FirstTable) / 8;
        tables = (uint*)(physical + machine.Local.AllocateZeroed(bytes, sizeof(uint), 0).PhysicalAddress);
    }

    /// <summary>Who knows which memory holds nothing; null if nobody does.</summary>
    public IFreeMemory? FreeMemory
    {
        get => freeMemory;
        set
        {
            freeMemory = value;
            FindFree(); // the first call of an interface allocates; later ones do not
        }
    }

    /// <summary>
    /// Shall pages that were written to again since the last look wait for the next one? They would have to be sent
    /// twice (Clark et al., "Live Migration of Virtual Machines", 2005, section 5.2). Not for a page that the target
    /// has never heard of.
    /// </summary>
    public bool DefersHot { get; set; }

    /// <summary>Pages that the target has yet to hear of.</summary>
    public int PagesLeft => (int)left;

    /// <summary>A new target, which knows no page.</summary>
    public void Begin()
    {
        ForgetAll();
        toSend.Clear();
        there.Clear();
        recent.Clear();
        free.Clear();
        freeEnd = 0;
        new Span<uint>(tables, (int)(EndTable - FirstTable) / 32).Clear();
        hasLooked = false;
        cursor = 0;
        left = 0;
    }

    /// <summary>Nobody wants to know any more. Page tables are as before <see cref="Begin"/>.</summary>
    public void End() => ForgetAll();

    /// <summary>
    /// Looks through all page tables: what was written, mapped or unmapped since the last look is to be sent.
    /// </summary>
    public TrackerCounts Collect(Instant now)
    {
        FindFree();
        uint* directory = (uint*)(physical + root);
        Sums sums = default;
        for (uint table = 0; table < EndTable - FirstTable; table++)
        {
            uint entry = directory[FirstTable + table];
            if ((entry & Present) != 0)
            {
                tables[table / 32] |= 1u << (int)(table % 32);
            }
            else if (!IsUsed(table))
            {
                continue;
            }

            LookAtTable(table, (entry & Present) == 0 ? null : (uint*)(physical + (entry & AddressMask)), ref sums);
        }

        flush();
        long elapsed = hasLooked ? Math.Max(1, now - lastLook) : long.MaxValue;
        lastLook = now;
        hasLooked = true;
        cursor = 0;
        return new TrackerCounts
        {
            Present = sums.Present,
            NewlyDirty = sums.Dirty,
            Gone = sums.Gone,
            Free = sums.Free,
            WorkingSet = sums.Hot,
            DirtyPagesPerSecond = sums.Dirty * 1_000_000_000L / elapsed,
        };
    }

    /// <summary>Takes the next page, in order of addresses. What stands in it is what the target gets.</summary>
    /// <returns>False if there is none; or only such as shall wait (<see cref="DefersHot"/>).</returns>
    public bool TryTakeNext(out PageToSend page)
    {
        for (uint next = Next(cursor); next < PageBitmap.Pages; next = Next(next + 1))
        {
            uint entry = EntryOf(next);
            bool isKnown = there.Contains(next);
            if (DefersHot && isKnown && (entry & Present) != 0 && IsWritten(entry, next))
            {
                continue;
            }

            toSend.Remove(next);
            left--;
            if ((entry & Present) == 0)
            {
                if (!isKnown)
                {
                    continue; // came and went
                }

                there.Remove(next);
                cursor = next + 1;
                page = new PageToSend(PageBitmap.AddressOf(next), 0, PageFlags.None, PageKind.Gone);
                return true;
            }

            there.Add(next);
            cursor = next + 1;
            page = Describe(next, entry);
            return true;
        }

        cursor = PageBitmap.Pages;
        page = default;
        return false;
    }

    /// <summary>A page that was taken did not get through after all, and is to be sent again.</summary>
    public void PutBack(uint address)
    {
        uint page = PageBitmap.PageOf(address & AddressMask);
        if (!toSend.Contains(page))
        {
            toSend.Add(page);
            left++;
            cursor = Math.Min(cursor, page);
        }
    }

    /// <summary>
    /// Must the target have the page as it stands here, if it has done what it was told? For tests: true of a page
    /// that the target was told of, that nobody has written to since the last look, and that is in use.
    /// </summary>
    public bool IsSettled(uint address)
    {
        uint page = PageBitmap.PageOf(address);
        uint entry = EntryOf(page);
        return (entry & Present) != 0 && there.Contains(page) && !toSend.Contains(page) && !free.Contains(page)
            && !IsWritten(entry, page);
    }

    private PageToSend Describe(uint page, uint entry)
    {
        uint address = PageBitmap.AddressOf(page);
        bool mayWrite = (entry & (Writable | Guarded)) != 0;
        PageKind kind = free.Contains(page) && !IsWritten(entry, page) ? PageKind.Free : PageKind.Content;
        return new PageToSend(address, entry & AddressMask, mayWrite ? PageFlags.Writable : PageFlags.None, kind);
    }

    private bool IsUsed(uint table) => (tables[table / 32] >> (int)(table % 32) & 1) != 0;

    /// <summary>The first page to send at or behind a place; <see cref="PageBitmap.Pages"/> if there is none.</summary>
    private uint Next(uint from)
    {
        if (left == 0)
        {
            return PageBitmap.Pages;
        }

        for (uint table = from / PagesPerTable; table < EndTable - FirstTable; table++)
        {
            uint end = (table + 1) * PagesPerTable;
            uint next = IsUsed(table) ? toSend.Next(Math.Max(from, end - PagesPerTable), end) : end;
            if (next < end)
            {
                return next;
            }
        }

        return PageBitmap.Pages;
    }

    /// <summary>Looks at the pages of 4 MiB.</summary>
    private void LookAtTable(uint table, uint* entries, ref Sums sums)
    {
        uint first = table * WordsPerTable;
        for (uint index = first; index < first + WordsPerTable; index++)
        {
            uint known = there.Word(index);
            uint before = toSend.Word(index);
            uint written = 0;
            uint mapped = entries == null ? 0 : Look(entries + ((index - first) * 32), index, out written);
            if ((mapped | known | before) == 0)
            {
                continue;
            }

            // Whoever uses free memory again writes to it first. Until then the target may keep what it has.
            uint missing = known & ~mapped;
            uint idle = free.Word(index) & mapped;
            uint needless = idle & known;
            uint after = ((before | written) & ~needless) | missing;
            if (after != before)
            {
                toSend.SetWord(index, after);
                left += (uint)BitOperations.PopCount(after) - (uint)BitOperations.PopCount(before);
            }

            sums.Present += BitOperations.PopCount(mapped);
            sums.Dirty += BitOperations.PopCount(written);
            sums.Gone += BitOperations.PopCount(missing);
            sums.Free += BitOperations.PopCount(idle);
            sums.Hot += BitOperations.PopCount(written & recent.Word(index));
            recent.SetWord(index, hasLooked ? written : 0);
        }
    }

    /// <summary>Reads 32 table entries and sets them back to unwritten.</summary>
    /// <returns>Which are mapped.</returns>
    private uint Look(uint* entries, uint index, out uint written)
    {
        uint mapped = 0;
        written = 0;
        bool guards = IsGuarded(index * PageBitmap.PagesPerWord);
        for (int i = 0; i < PageBitmap.PagesPerWord; i++)
        {
            uint entry = entries[i];
            if ((entry & Present) == 0)
            {
                continue;
            }

            uint bit = 1u << i;
            mapped |= bit;
            uint noted = guards ? entry & Writable : entry & Dirty;
            if (noted != 0 || (entry & Seen) == 0)
            {
                written |= bit;
                entry = (entry & ~Dirty) | Seen;
                entries[i] = guards && (entry & Writable) != 0 ? (entry & ~Writable) | Guarded : entry;
            }
        }

        return mapped;
    }

    /// <summary>Written to since the last look?</summary>
    private bool IsWritten(uint entry, uint page) =>
        (entry & (IsGuarded(page) ? Writable : Dirty)) != 0 || (entry & Seen) == 0;

    /// <summary>Can a page at this place be read-only? A fault needs stacks, and the data of the image.</summary>
    private bool IsGuarded(uint page) =>
        mode == TrackingMode.WriteProtection && page is >= FirstGuarded and < EndGuarded;

    private uint EntryOf(uint page)
    {
        uint table = ((uint*)(physical + root))[FirstTable + (page / PagesPerTable)];
        return (table & Present) == 0 ? 0 : ((uint*)(physical + (table & AddressMask)))[page % PagesPerTable];
    }

    private void ForgetAll()
    {
        uint* directory = (uint*)(physical + root);
        for (uint table = FirstTable; table < EndTable; table++)
        {
            if ((directory[table] & Present) == 0)
            {
                continue;
            }

            uint* entries = (uint*)(physical + (directory[table] & AddressMask));
            for (uint i = 0; i < PagesPerTable; i++)
            {
                uint entry = entries[i];
                if ((entry & (Seen | Guarded)) != 0)
                {
                    entry = (entry & Guarded) != 0 ? entry | Writable : entry;
                    entries[i] = entry & ~(Seen | Guarded);
                }
            }
        }

        flush();
    }

    private void FindFree()
    {
        if (freeMemory is null)
        {
            return;
        }

        free.ClearRange(freeStart, freeEnd);
        uint at = 0;
        freeStart = PageBitmap.Pages;
        freeEnd = 0;
        while (freeMemory.TryNext(ref at, out uint start, out uint bytes))
        {
            freeStart = Math.Min(freeStart, PageBitmap.PageOf(start));
            freeEnd = Math.Max(freeEnd, PageBitmap.PageOf(start + bytes));
            for (uint offset = 0; offset < bytes; offset += AddressMap.PageSize)
            {
                free.Add(PageBitmap.PageOf(start + offset));
            }
        }
    }
    private struct Sums
    {
        public int Present;
        public int Dirty;
        public int Gone;
        public int Free;
        public int Hot;
    }
}
