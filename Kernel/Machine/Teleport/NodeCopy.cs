using System;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>Stages this node on its own machine: rehearsals and drills move to where they are.</summary>
public static unsafe class NodeCopy
{
    private const uint Present = (uint)PageFlags.Present;

    /// <summary>
    /// Copies it into other frames. To be called while a departure is under way; nothing is allocated.
    /// </summary>
    /// <returns>Null on success; otherwise why not, in a sentence.</returns>
    public static string? Stage(StagedDirectory staged) =>
        TryStage(staged, isCopied: true) ? null : "no frames for a copy of everything";

    /// <summary>Leaves it where it is: only the tables are new.</summary>
    /// <returns>Null on success; otherwise why not, in a sentence.</returns>
    public static string? Borrow(StagedDirectory staged) =>
        TryStage(staged, isCopied: false) ? null : "no frames for new page tables";

    private static bool TryStage(StagedDirectory staged, bool isCopied)
    {
        uint* directory = (uint*)KernelMemory.Directory.Root;
        uint end = AddressMap.MigratableEnd / PageDirectory.LargePageSize;
        bool done = true;
        for (uint i = AddressMap.Migratable / PageDirectory.LargePageSize; i < end && done; i++)
        {
            uint* table = (uint*)(directory[i] & ~(AddressMap.PageSize - 1));
            done = (directory[i] & Present) == 0
                || TryStageTable(i * PageDirectory.LargePageSize, table, staged, isCopied);
        }

        return done;
    }

    private static bool TryStageTable(uint address, uint* table, StagedDirectory staged, bool isCopied)
    {
        const uint page = AddressMap.PageSize;
        for (uint i = 0; i < page / sizeof(uint); i++)
        {
            if ((table[i] & Present) == 0)
            {
                continue;
            }

            if (!TryStagePage(address + (i * page), table[i], staged, isCopied))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryStagePage(uint address, uint entry, StagedDirectory staged, bool isCopied)
    {
        const uint page = AddressMap.PageSize;
        uint frame = entry & ~(page - 1);
        PageFlags flags = (PageFlags)(entry & (page - 1));
        if (!isCopied)
        {
            return staged.TryBorrow(address, frame, flags);
        }

        byte* place = staged.Place(address, flags);
        if (place is null)
        {
            return false;
        }

        new ReadOnlySpan<byte>((byte*)frame, (int)page).CopyTo(new Span<byte>(place, (int)page));
        return true;
    }
}
