namespace HaukiOS.Memory;

/// <summary>
/// Every virtual address that means something, lowest first. Nothing else may invent one. What travels to another
/// machine lies between <see cref="Migratable"/> and <see cref="MigratableEnd"/>, and only that.
/// </summary>
public static class AddressMap
{
    /// <summary>64 KiB never mapped: a null dereference always faults.</summary>
    public const uint NullGuard = 0x0000_0000;

    /// <summary>All memory below 1 GiB at its own address: page tables, DMA, descriptor tables. Stays here.</summary>
    public const uint MachineLocal = 0x0001_0000;

    /// <summary>
    /// The migratable zone. Its lowest MiB is empty, so that the image keeps its offset to its load address.
    /// </summary>
    public const uint Migratable = 0x4000_0000;

    /// <summary>The kernel's code, data and statics; loaded at 1 MiB of physical memory.</summary>
    public const uint Image = 0x4010_0000;

    /// <summary>The collector's heap and its tables.</summary>
    public const uint Heap = 0x4400_0000;

    /// <summary>Work memory of long computations.</summary>
    public const uint Work = 0x9000_0000;

    /// <summary>Stacks, each above a guard zone.</summary>
    public const uint Stacks = 0xB000_0000;

    /// <summary>End of the migratable zone.</summary>
    public const uint MigratableEnd = 0xC000_0000;

    /// <summary>Memory-mapped devices, uncached; bound anew after landing.</summary>
    public const uint DeviceWindow = 0xC000_0000;

    /// <summary>Bytes of a page, and of a frame.</summary>
    public const uint PageSize = 4096;

    /// <summary>What an address of the image is above its place in physical memory.</summary>
    public const uint ImageOffset = Image - 0x0010_0000;

    /// <summary>Memory at or above this physical address is not used: the machine-local zone ends there.</summary>
    public const uint PhysicalEnd = Migratable;

    /// <summary>One stack and the guard zone below it; the stacks follow each other.</summary>
    public const uint StackStride = 0x0010_0000;

    /// <summary>Bytes of a stack.</summary>
    public const uint StackSize = 0x0008_0000;

    /// <summary>Lowest address of a stack: 0 is the event loop's, 1 the worker's.</summary>
    public static uint StackLow(int stack) => Stacks + ((uint)(stack + 1) * StackStride) - StackSize;

    /// <summary>First address above a stack.</summary>
    public static uint StackHigh(int stack) => Stacks + ((uint)(stack + 1) * StackStride);

    /// <summary>Lies all of a range in the machine-local zone?</summary>
    public static bool IsMachineLocal(uint address, uint length) =>
        address >= MachineLocal && length <= Migratable && address <= Migratable - length;

    /// <summary>Lies all of a range in the migratable zone?</summary>
    public static bool IsMigratable(uint address, uint length) =>
        address >= Migratable && address <= MigratableEnd && length <= MigratableEnd - address;
}
