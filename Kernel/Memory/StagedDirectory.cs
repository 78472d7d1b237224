using System;

namespace HaukiOS.Memory;

/// <summary>
/// The migratable zone of a node that is arriving: its pages lie in whatever frames this machine has free, under a
/// page directory of their own that nobody uses yet.
/// </summary>
public sealed unsafe class StagedDirectory
{
    private const uint Present = (uint)PageFlags.Present;
    private const uint EntriesPerTable = AddressMap.PageSize / sizeof(uint);
    private const uint FirstTable = AddressMap.Migratable / PageDirectory.LargePageSize;
    private const uint EndOfTables = AddressMap.MigratableEnd / PageDirectory.LargePageSize;

    private readonly byte* physical;
    private readonly FrameAllocator* frames;
    private readonly PageDirectory directory;
    private bool showsMachine;

    private StagedDirectory(byte* physical, FrameAllocator* frames, PageDirectory directory)
    {
        this.physical = physical;
        this.frames = frames;
        this.directory = directory;
    }

    /// <summary>The page directory.</summary>
    public PageDirectory Directory => directory;

    /// <summary>Pages that are here.</summary>
    public int Pages { get; private set; }

    /// <summary>Makes an empty one.</summary>
    /// <param name="physical">Where physical address 0 is seen: null on the metal.</param>
    /// <param name="frames">Where tables and pages come from.</param>
    /// <returns>Null if there is no frame for it.</returns>
    public static StagedDirectory? TryCreate(byte* physical, FrameAllocator* frames) =>
        PageDirectory.TryCreate(physical, frames, out PageDirectory directory)
            ? new StagedDirectory(physical, frames, directory)
            : null;

    /// <summary>Is the page here, to be written to?</summary>
    public bool Has(uint address) =>
        directory.TryTranslate(address, out _, out PageFlags flags) && (flags & PageFlags.Borrowed) == 0;

    /// <summary>
    /// Lets a page be one of this machine's own instead of a copy: it costs no memory, and what the processor, or an
    /// emulator, has learnt about that code stays true. It stays the machine's if the directory is not used.
    /// </summary>
    /// <param name="address">An address in the migratable zone, at which nothing has been placed.</param>
    /// <param name="frameAddress">The physical address of the page's frame.</param>
    /// <param name="rights">What may be done there: nothing but reading, unless it is the machine's own node.</param>
    /// <returns>False if there is no frame for a table, or something is there.</returns>
    public bool TryBorrow(uint address, uint frameAddress, PageFlags rights = PageFlags.None)
    {
        if (directory.TryTranslate(address, out uint had, out PageFlags flags))
        {
            return had == frameAddress && (flags & PageFlags.Borrowed) != 0;
        }

        bool isMapped = directory.TryMap(
            address, frameAddress, PageFlags.Borrowed | (rights & PageFlags.Writable));
        Pages += isMapped ? 1 : 0;
        return isMapped;
    }

    /// <summary>The place of a page, to be written to; contents are what they were, or undefined at first.</summary>
    /// <param name="address">An address in the migratable zone.</param>
    /// <param name="flags">What the landed node may do there.</param>
    /// <returns>Null if there is no frame left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The address does not lie in the migratable zone.</exception>
    public byte* Place(uint address, PageFlags flags)
    {
        const uint offset = AddressMap.PageSize - 1;
        if (!AddressMap.IsMigratable(address & ~offset, AddressMap.PageSize))
        {
            throw new ArgumentOutOfRangeException(nameof(address), $"0x{address:x8} cannot travel");
        }

        bool isHere = directory.TryTranslate(address, out uint at, out PageFlags had);
        if (isHere && (had & PageFlags.Borrowed) != 0)
        {
            // Whoever sends a page anew must not reach what this machine itself runs on.
            Drop(address);
            isHere = false;
        }

        if (!isHere)
        {
            if (!frames->TryTake(out uint frame))
            {
                return null;
            }

            at = frame * AddressMap.PageSize;
        }

        PageFlags wanted = flags & PageFlags.Writable;
        if (!isHere || (had & PageFlags.Writable) != wanted)
        {
            if (!directory.TryMap(address, at, wanted))
            {
                frames->Return(at / AddressMap.PageSize);
                return null;
            }

            Pages += isHere ? 0 : 1;
        }

        return physical + at;
    }

    /// <summary>Forgets a page that the node does not have any more. What was on it is wiped.</summary>
    public void Drop(uint address)
    {
        bool isBorrowed = directory.TryTranslate(address, out _, out PageFlags flags)
            && (flags & PageFlags.Borrowed) != 0;
        if (directory.TryUnmap(address, out uint at))
        {
            Pages--;
            if (!isBorrowed)
            {
                WipeAndReturn(at);
            }
        }
    }

    /// <summary>Shows this machine's memory beside the node's, so that the directory can be used.</summary>
    /// <param name="machineEnd">Where the machine's memory ends.</param>
    /// <returns>False if there is no frame for a table.</returns>
    public bool TryShowMachine(uint machineEnd)
    {
        // Asked twice, before the node is promised a place and at the jump, when every thousand steps count.
        showsMachine = showsMachine || directory.TryMapMachine(machineEnd);
        return showsMachine;
    }

    /// <summary>
    /// Takes all that the node consists of, pages and tables, out of the frames that are free once it has landed.
    /// </summary>
    public void ReserveIn(FrameAllocator* afterLanding)
    {
        afterLanding->Reserve(directory.Root / AddressMap.PageSize, 1);
        for (uint i = 0; i < EndOfTables; i++)
        {
            uint* table = TableAt(i);
            if (table is null)
            {
                continue;
            }

            afterLanding->Reserve((uint)((byte*)table - physical) / AddressMap.PageSize, 1);
            for (uint page = 0; i >= FirstTable && page < EntriesPerTable; page++)
            {
                if ((table[page] & Present) != 0)
                {
                    afterLanding->Reserve(table[page] / AddressMap.PageSize, 1);
                }
            }
        }
    }

    /// <summary>
    /// Gives everything back, the directory included; the pages are wiped, for the node's keys were on them. The
    /// object cannot be used any more.
    /// </summary>
    public void Release()
    {
        for (uint i = 0; i < EndOfTables; i++)
        {
            uint* table = TableAt(i);
            if (table is null)
            {
                continue;
            }

            // The first table shows the machine itself, whose frames are not the node's.
            for (uint page = 0; i >= FirstTable && page < EntriesPerTable; page++)
            {
                if ((table[page] & (Present | (uint)PageFlags.Borrowed)) == Present)
                {
                    WipeAndReturn(table[page] & ~(AddressMap.PageSize - 1));
                }
            }

            frames->Return((uint)((byte*)table - physical) / AddressMap.PageSize);
        }

        frames->Return(directory.Root / AddressMap.PageSize);
        Pages = 0;
    }

    private void WipeAndReturn(uint at)
    {
        new Span<byte>(physical + at, (int)AddressMap.PageSize).Clear();
        frames->Return(at / AddressMap.PageSize);
    }

    /// <summary>A table of small pages; null if the directory has none there.</summary>
    private uint* TableAt(uint index)
    {
        const uint bothWays = Present | (uint)PageFlags.Large;
        uint entry = ((uint*)(physical + directory.Root))[index];
        return (entry & bothWays) == Present ? (uint*)(physical + (entry & ~(AddressMap.PageSize - 1))) : null;
    }
}
