using System;

namespace HaukiOS.Memory;

/// <summary>
/// The migratable zone of a node that is arriving: its pages lie in whatever frames this machine has free, under a
/// page directory of their own that nobody uses yet.
/// </summary>
public sealed unsafe class StagedDirectory
{
    private readonly byte* physical;
    private readonly FrameAllocator* frames;
    private readonly PageDirectory directory;

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

    /// <summary>Forgets a page that the node does not have any more.</summary>
    public void Drop(uint address)
    {
        if (directory.TryUnmap(address, out uint at))
        {
            frames->Return(at / AddressMap.PageSize);
            Pages--;
        }
    }

    /// <summary>Gives everything back, the directory included. The object cannot be used any more.</summary>
    public void Release()
    {
        const uint present = (uint)PageFlags.Present;
        const uint mask = ~(AddressMap.PageSize - 1);
        uint* entries = (uint*)(physical + directory.Root);
        uint last = AddressMap.MigratableEnd / PageDirectory.LargePageSize;
        for (uint i = AddressMap.Migratable / PageDirectory.LargePageSize; i < last; i++)
        {
            if ((entries[i] & present) == 0)
            {
                continue;
            }

            uint* table = (uint*)(physical + (entries[i] & mask));
            for (uint page = 0; page < AddressMap.PageSize / sizeof(uint); page++)
            {
                if ((table[page] & present) != 0)
                {
                    frames->Return((table[page] & mask) / AddressMap.PageSize);
                }
            }

            frames->Return((entries[i] & mask) / AddressMap.PageSize);
        }

        frames->Return(directory.Root / AddressMap.PageSize);
        Pages = 0;
    }
}
