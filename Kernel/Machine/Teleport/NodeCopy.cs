using System;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>Copies all that travels into other frames of the same machine: drills move to where they are.</summary>
public static unsafe class NodeCopy
{
    private const uint Present = (uint)PageFlags.Present;

    /// <summary>Copies it. To be called while a departure is under way; nothing is allocated.</summary>
    /// <returns>Null on success; otherwise why not, in a sentence.</returns>
    public static string? Stage(StagedDirectory staged)
    {
        uint* directory = (uint*)KernelMemory.Directory.Root;
        uint end = AddressMap.MigratableEnd / PageDirectory.LargePageSize;
        for (uint i = AddressMap.Migratable / PageDirectory.LargePageSize; i < end; i++)
        {
            uint* table = (uint*)(directory[i] & ~(AddressMap.PageSize - 1));
            if ((directory[i] & Present) != 0 && !TryCopyTable(i * PageDirectory.LargePageSize, table, staged))
            {
                return "no frames for a copy of everything";
            }
        }

        return null;
    }

    private static bool TryCopyTable(uint address, uint* table, StagedDirectory staged)
    {
        const uint page = AddressMap.PageSize;
        for (uint i = 0; i < page / sizeof(uint); i++)
        {
            if ((table[i] & Present) == 0)
            {
                continue;
            }

            byte* place = staged.Place(address + (i * page), (PageFlags)(table[i] & (page - 1)));
            if (place is null)
            {
                return false;
            }

            ReadOnlySpan<byte> frame = new((byte*)(table[i] & ~(page - 1)), (int)page);
            frame.CopyTo(new Span<byte>(place, (int)page));
        }

        return true;
    }
}
