using System;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// What the target has of pages that were sent, as far as free memory reaches: copies in frames that nobody else needs.
/// A page that is sent for the first time gets a copy while there is room; one that is sent again takes the place of
/// one that was not (the clock algorithm: a hand goes round and passes over each copy that was of use since it came
/// by last).
/// </summary>
internal sealed unsafe class SentCopies
{
    /// <summary>The most copies: 256 MiB.</summary>
    public const uint CopiesMax = 65536;

    // 16 MiB for what the node may want of a sudden; after that, copies are given back as fast as pages are sent.
    private const uint KeepFreeUsually = 4096;

    private const uint EntriesPerTable = AddressMap.PageSize / sizeof(uint);
    private const uint WasSent = 1u << 31;
    private const uint WasOfUse = 1u << 31; // in the owner's word of a copy
    private const uint SlotMask = WasSent - 1; // 0 for none, else its number and one

    private readonly byte* physical;
    private readonly FrameAllocator* frames;
    private uint* root; // tables by 4 MiB of the zone; of their pages, whether sent, and the copy
    private uint* owners; // of each copy: its page
    private uint* places; // of each copy: physical address of its frame
    private uint tableFrames;
    private uint spare; // physical address of the one frame that belongs to no page
    private uint most;
    private uint used;
    private uint hand;
    private uint keepFree;

    public SentCopies(byte* physical, FrameAllocator* frames)
    {
        this.physical = physical;
        this.frames = frames;
    }

    /// <summary>Copies that there are.</summary>
    public uint Count => used;

    /// <summary>Copies given up so far.</summary>
    public uint Evicted { get; private set; }

    /// <summary>The frame that the next copy will be in: its contents are the caller's to write.</summary>
    public uint* Spare => (uint*)(physical + spare);

    private uint TableCount => (AddressMap.MigratableEnd - AddressMap.Migratable) / PageDirectory.LargePageSize;

    /// <summary>Takes what is needed in any case. A quarter of the free frames at least stays free.</summary>
    /// <returns>False if there is not enough memory.</returns>
    public bool TryOpen()
    {
        uint free = frames->Free;
        keepFree = Math.Max(free / 4, Math.Min(free / 2, KeepFreeUsually));
        most = Math.Min(free - keepFree, CopiesMax);
        keepFree = free - most;
        tableFrames = ((most * 2 * sizeof(uint)) / AddressMap.PageSize) + 1;
        if (!frames->TryTake(out uint frame))
        {
            return false;
        }

        spare = frame * AddressMap.PageSize;
        if (!frames->TryTakeRun(1, 1, 0, out uint rootFrame))
        {
            frames->Return(frame);
            return false;
        }

        root = Cleared(rootFrame);
        if (frames->TryTakeRun(tableFrames, 1, 0, out uint first))
        {
            owners = (uint*)(physical + (first * AddressMap.PageSize));
            places = owners + most;
        }
        else
        {
            tableFrames = most = 0; // goes without copies
        }

        used = hand = 0;
        Evicted = 0;
        return true;
    }

    /// <summary>Gives all memory back.</summary>
    public void Close()
    {
        if (root == null)
        {
            return;
        }

        for (uint i = 0; i < used; i++)
        {
            frames->Return(places[i] / AddressMap.PageSize);
        }

        for (uint i = 0; i < TableCount; i++)
        {
            if (root[i] != 0)
            {
                frames->Return(root[i] / AddressMap.PageSize);
            }
        }

        for (uint i = 0; i < tableFrames; i++)
        {
            frames->Return((uint)((byte*)owners - physical) / AddressMap.PageSize + i);
        }

        frames->Return((uint)((byte*)root - physical) / AddressMap.PageSize);
        frames->Return(spare / AddressMap.PageSize);
        root = null;
        used = 0;
    }

    /// <summary>The page as the target has it; null if it was not kept.</summary>
    public uint* Find(uint page)
    {
        uint slot = EntryOf(page) & SlotMask;
        return slot == 0 ? null : (uint*)(physical + places[slot - 1]);
    }

    /// <summary>What stands in <see cref="Spare"/> is sent: it becomes the page's copy, if there is room.</summary>
    public void Keep(uint page)
    {
        uint* entry = MakeEntry(page);
        if (entry == null)
        {
            return; // no frame for a table: it goes without a copy
        }

        uint slot = *entry & SlotMask;
        if (slot != 0)
        {
            owners[slot - 1] |= WasOfUse;
            (places[slot - 1], spare) = (spare, places[slot - 1]);
            Shrink();
            return;
        }

        bool again = (*entry & WasSent) != 0;
        *entry |= WasSent;
        if (used < most && frames->Free > keepFree && frames->TryTake(out uint frame))
        {
            slot = ++used;
            places[slot - 1] = spare;
            spare = frame * AddressMap.PageSize;
        }
        else if (again && used > 0)
        {
            slot = Evict() + 1;
            (places[slot - 1], spare) = (spare, places[slot - 1]);
        }
        else
        {
            return;
        }

        owners[slot - 1] = page;
        *entry |= slot;
    }

    /// <summary>The page was sent again, and its copy brought up to date.</summary>
    public void NoteUse(uint page)
    {
        owners[(EntryOf(page) & SlotMask) - 1] |= WasOfUse;
        Shrink();
    }

    /// <summary>The target does not have the page as it was sent last, or not at all.</summary>
    public void Forget(uint page)
    {
        uint slot = EntryOf(page) & SlotMask;
        if (slot != 0)
        {
            Remove(slot - 1);
        }
    }

    private static uint SlotOf(uint number) => number + 1;

    /// <summary>The node needs memory: gives back more than it takes.</summary>
    private void Shrink()
    {
        for (int i = 0; i < 2 && used > 0 && frames->Free < keepFree; i++)
        {
            Remove(Evict());
        }
    }

    /// <summary>Finds the copy that was of no use for the longest time, and takes it from its page.</summary>
    private uint Evict()
    {
        while (true)
        {
            hand = hand + 1 < used ? hand + 1 : 0;
            if ((owners[hand] & WasOfUse) == 0)
            {
                *MakeEntry(owners[hand]) &= ~SlotMask;
                Evicted++;
                return hand;
            }

            owners[hand] &= ~WasOfUse;
        }
    }

    /// <summary>Gives a copy's frame back; the last copy moves into the gap.</summary>
    private void Remove(uint number)
    {
        frames->Return(places[number] / AddressMap.PageSize);
        *MakeEntry(owners[number] & ~WasOfUse) &= ~SlotMask;
        used--;
        if (number != used)
        {
            owners[number] = owners[used];
            places[number] = places[used];
            uint* moved = MakeEntry(owners[number] & ~WasOfUse);
            *moved = (*moved & ~SlotMask) | SlotOf(number);
        }
    }

    private uint EntryOf(uint page)
    {
        uint table = root[page / EntriesPerTable];
        return table == 0 ? 0 : ((uint*)(physical + table))[page % EntriesPerTable];
    }

    private uint* MakeEntry(uint page)
    {
        uint* table = root + (page / EntriesPerTable);
        if (*table == 0)
        {
            if (!frames->TryTakeRun(1, 1, 0, out uint frame))
            {
                return null;
            }

            _ = Cleared(frame);
            *table = frame * AddressMap.PageSize;
        }

        return (uint*)(physical + *table) + (page % EntriesPerTable);
    }

    private uint* Cleared(uint frame)
    {
        uint* words = (uint*)(physical + (frame * AddressMap.PageSize));
        new Span<uint>(words, (int)EntriesPerTable).Clear();
        return words;
    }
}
