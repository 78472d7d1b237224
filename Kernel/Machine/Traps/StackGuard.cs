using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The guard pages below every stack. They own frames, but their page table entries say "not present": running into
/// them faults. They are then opened, so that the exception has a stack to travel on, and closed again once it was
/// caught above them. Below them lies a page that is never mapped: the last line.
/// </summary>
/// <remarks>Page tables are reached by their physical addresses: they live in the identity-mapped zone.</remarks>
public static unsafe class StackGuard
{
    /// <summary>
    /// Bytes below <see cref="RuntimeThread.StackLow"/>. A frame can jump three pages down before the
    /// compiler probes; the rest is for the dispatcher, filters and finally blocks.
    /// </summary>
    public const uint Bytes = StackWalker.GuardBytes;

    private const uint PageSize = 4096;
    private const uint Present = 1;
    private const uint LargePage = 1u << 7;

    /// <summary>
    /// Closes the guard pages below a stack. Their page table entries must exist and hold frames of their own.
    /// </summary>
    /// <param name="stackLow">Lowest usable address of the stack, page aligned.</param>
    public static void Arm(nuint stackLow) => SetPresent((uint)stackLow, false);

    /// <summary>Opens the guard pages of the running thread if the address lies in them and they are closed.</summary>
    /// <returns>False if this is no stack overflow, or one that cannot be helped.</returns>
    internal static bool Open(uint address)
    {
        RuntimeThread* thread = RuntimeThread.Current;
        if (thread == null)
            return false;
        uint low = (uint)thread->StackLow;
        if (address >= low || address < low - Bytes || IsOpen(low))
            return false;
        SetPresent(low, true);
        return true;
    }

    /// <summary>The runtime resumes at a stack pointer above the guard pages: closes them again.</summary>
    internal static void Rearm() => SetPresent((uint)RuntimeThread.Current->StackLow, false);

    /// <summary>Are the guard pages below this stack open?</summary>
    internal static bool IsOpen(uint stackLow)
    {
        uint* entry = EntryOf(stackLow - PageSize);
        return entry == null || (*entry & Present) != 0;
    }

    private static void SetPresent(uint stackLow, bool present)
    {
        for (uint page = stackLow - Bytes; page < stackLow; page += PageSize)
        {
            uint* entry = EntryOf(page);
            if (entry == null)
                Panic.At("a guard page has no page table", page);
            *entry = present ? *entry | Present : *entry & ~Present;
            Cpu.InvalidatePage(page);
        }
    }

    /// <summary>The page table entry of an address; null if there is no page table.</summary>
    private static uint* EntryOf(uint address)
    {
        var directory = (uint*)(Cpu.ReadPageDirectory() & ~(PageSize - 1));
        uint table = directory[address >> 22];
        if ((table & Present) == 0 || (table & LargePage) != 0)
            return null;
        return (uint*)(table & ~(PageSize - 1)) + ((address >> 12) & 1023);
    }
}
