using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Pages that a move has made read-only, to notice the next write (<see cref="PageFlags.Guarded"/>): the first write
/// faults, is noted by taking the mark away, and goes through. Neither stacks nor what this handler itself writes to
/// may be guarded.
/// </summary>
/// <remarks>Page tables are reached by their physical addresses: they live in the identity-mapped zone.</remarks>
public static unsafe class WriteGuard
{
    private const int PageFault = 14;

    // Error code of a page fault (Intel SDM volume 3, section 4.7): a write, to a page that is there.
    private const uint WriteToPresent = 3;
    private const uint FrameMask = ~(AddressMap.PageSize - 1);
    private const int EntriesPerTable = 1024;

    /// <summary>From here on guarded pages open themselves.</summary>
    public static void Arm() => InterruptTable.SetHandler(PageFault, &OnFault);

    private static void OnFault(TrapFrame* frame)
    {
        if ((frame->ErrorCode & WriteToPresent) != WriteToPresent || !Open(frame->FaultAddress))
        {
            Faults.Raise(frame);
        }
    }

    private static bool Open(uint address)
    {
        var directory = (uint*)(Cpu.ReadPageDirectory() & FrameMask);
        uint table = directory[address / PageDirectory.LargePageSize];
        if ((table & (uint)(PageFlags.Present | PageFlags.Large)) != (uint)PageFlags.Present)
        {
            return false;
        }

        uint* entry = (uint*)(table & FrameMask) + (address / AddressMap.PageSize % EntriesPerTable);
        if ((*entry & (uint)PageFlags.Guarded) == 0)
        {
            return false;
        }

        *entry = (*entry & ~(uint)PageFlags.Guarded) | (uint)PageFlags.Writable;
        Cpu.InvalidatePage(address);
        return true;
    }
}
