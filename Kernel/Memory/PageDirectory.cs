using System;

namespace HaukiOS.Memory;

/// <summary>Bits of page directory and page table entries (Intel SDM volume 3, sections 4.3 and 4.6).</summary>
[Flags]
public enum PageFlags : uint
{
    /// <summary>Nothing is mapped.</summary>
    None = 0,

    /// <summary>The entry means something.</summary>
    Present = 1u << 0,

    /// <summary>Writes are allowed.</summary>
    Writable = 1u << 1,

    /// <summary>Not cached: registers of a device.</summary>
    Uncached = 1u << 4,

    /// <summary>The processor has read or written here.</summary>
    Accessed = 1u << 5,

    /// <summary>The processor has written here.</summary>
    Dirty = 1u << 6,

    /// <summary>In the directory: a page of 4 MiB.</summary>
    Large = 1u << 7,

    /// <summary>For software (Intel SDM: ignored). A move has seen the page at this place.</summary>
    Seen = 1u << 9,

    /// <summary>For software. A move has made a writable page read-only, to notice the next write.</summary>
    Guarded = 1u << 10,

    /// <summary>For software. The frame is not the directory's to give back: others read from it, too.</summary>
    Borrowed = 1u << 11,
}

/// <summary>
/// A page directory and its tables, built in physical memory that is seen from <c>physical</c> on: the identity map
/// on the metal, a block of memory in a test. The tables are frames taken from below, so they lie in the
/// machine-local zone. It does not touch the processor: who changes a live directory flushes the page.
/// </summary>
public unsafe struct PageDirectory
{
    /// <summary>Bytes of a large page.</summary>
    public const uint LargePageSize = 0x0040_0000;

    private const uint EntriesPerTable = 1024;
    private const uint AddressMask = ~(AddressMap.PageSize - 1);

    private readonly byte* physical;
    private readonly FrameAllocator* frames;
    private readonly uint root;

    private PageDirectory(byte* physical, FrameAllocator* frames, uint root)
    {
        this.physical = physical;
        this.frames = frames;
        this.root = root;
    }

    /// <summary>What the processor is told: the physical address of the directory.</summary>
    public readonly uint Root => root;

    /// <summary>Makes an empty directory.</summary>
    /// <returns>False if there is no frame for it.</returns>
    public static bool TryCreate(byte* physical, FrameAllocator* frames, out PageDirectory directory)
    {
        bool made = TryTakeTable(physical, frames, out uint root);
        directory = made ? new PageDirectory(physical, frames, root) : default;
        return made;
    }

    /// <summary>A directory that is there already.</summary>
    /// <param name="physical">Where physical address 0 is seen: null on the metal.</param>
    /// <param name="frames">Where further tables come from.</param>
    /// <param name="root">The physical address of the directory.</param>
    public static PageDirectory At(byte* physical, FrameAllocator* frames, uint root) => new(physical, frames, root);

    /// <summary>
    /// Maps all memory below <paramref name="machineEnd"/> at its own address, but for the null guard: the zone that
    /// every directory of a machine shows alike. The first 4 MiB in small pages, because the guard is smaller than a
    /// large one.
    /// </summary>
    /// <returns>False if there is no frame for a table.</returns>
    public readonly bool TryMapMachine(uint machineEnd)
    {
        for (uint at = AddressMap.MachineLocal; at < LargePageSize; at += AddressMap.PageSize)
        {
            if (!TryMap(at, at, PageFlags.Writable))
            {
                return false;
            }
        }

        for (uint at = LargePageSize; at < machineEnd; at += LargePageSize)
        {
            MapLarge(at, at, PageFlags.Writable);
        }

        return true;
    }

    /// <summary>Maps one page. A page that was mapped before is mapped anew.</summary>
    /// <returns>False if there is no frame for a table.</returns>
    public readonly bool TryMap(uint address, uint frameAddress, PageFlags flags)
    {
        uint* entry = DirectoryEntry(address);
        if (((PageFlags)(*entry) & PageFlags.Present) == 0)
        {
            if (!TryTakeTable(physical, frames, out uint table))
            {
                return false;
            }

            // The directory allows everything; the single page decides.
            *entry = table | (uint)(PageFlags.Present | PageFlags.Writable);
        }

        *TableEntry(*entry, address) = (frameAddress & AddressMask) | (uint)(flags | PageFlags.Present);
        return true;
    }

    /// <summary>Maps a page of 4 MiB where nothing is mapped yet; both addresses are multiples of that.</summary>
    public readonly void MapLarge(uint address, uint frameAddress, PageFlags flags) =>
        *DirectoryEntry(address) = frameAddress | (uint)(flags | PageFlags.Present | PageFlags.Large);

    /// <summary>Takes a 4 KiB page out of the map.</summary>
    /// <returns>False if none was mapped there.</returns>
    public readonly bool TryUnmap(uint address, out uint frameAddress)
    {
        frameAddress = 0;
        if (!TryFind(address, out uint* entry))
        {
            return false;
        }

        frameAddress = *entry & AddressMask;
        *entry = 0;
        return true;
    }

    /// <summary>Where an address leads.</summary>
    /// <returns>False if nothing is mapped there.</returns>
    public readonly bool TryTranslate(uint address, out uint frameAddress, out PageFlags flags)
    {
        uint entry = *DirectoryEntry(address);
        const uint bothWays = (uint)(PageFlags.Present | PageFlags.Large);
        if ((entry & bothWays) == bothWays)
        {
            frameAddress = (entry & ~(LargePageSize - 1)) + (address & (LargePageSize - 1) & AddressMask);
            flags = (PageFlags)(entry & ~AddressMask);
            return true;
        }

        bool found = TryFind(address, out uint* small);
        frameAddress = found ? *small & AddressMask : 0;
        flags = found ? (PageFlags)(*small & ~AddressMask) : PageFlags.None;
        return found;
    }

    private static bool TryTakeTable(byte* physical, FrameAllocator* frames, out uint address)
    {
        bool taken = frames->TryTakeRun(1, 1, 0, out uint frame);
        address = frame * AddressMap.PageSize;
        if (taken)
        {
            uint* entries = (uint*)(physical + address);
            for (uint i = 0; i < EntriesPerTable; i++)
            {
                entries[i] = 0;
            }
        }

        return taken;
    }

    private readonly bool TryFind(uint address, out uint* entry)
    {
        uint directory = *DirectoryEntry(address);
        entry = null;
        if (((PageFlags)directory & PageFlags.Present) == 0 || ((PageFlags)directory & PageFlags.Large) != 0)
        {
            return false;
        }

        entry = TableEntry(directory, address);
        return ((PageFlags)(*entry) & PageFlags.Present) != 0;
    }

    private readonly uint* DirectoryEntry(uint address) => (uint*)(physical + root) + (address / LargePageSize);

    private readonly uint* TableEntry(uint directory, uint address) =>
        (uint*)(physical + (directory & AddressMask)) + (address / AddressMap.PageSize % EntriesPerTable);
}
