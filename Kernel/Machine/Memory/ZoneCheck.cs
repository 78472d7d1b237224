using System.Runtime.CompilerServices;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// Holds the two zones of memory apart. Once the runtime works, and before the first device is looked for, it asks the
/// processor where it finds its tables, and looks where the kernel's own memory really lies: what the machine reads by
/// itself must stay here, all else must travel, or the kernel does not start. DMA memory is held to the same rule where
/// it is handed out (<see cref="DmaMemory"/>).
/// </summary>
internal static unsafe class ZoneCheck
{
    private const uint Present = 1u << 0;
    private const uint LargePage = 1u << 7;
    private const int DirectoryEntries = 1024;

    /// <summary>Checks all parts; a part in the wrong zone is a panic that names it.</summary>
    /// <param name="tell">Write every range, as <c>drill=zones</c> does.</param>
    public static void Run(bool tell)
    {
        CheckWhatStays(tell);
        CheckWhatTravels(tell);
        if (tell)
            TellDma();
    }

    private static void CheckWhatStays(bool tell)
    {
        const uint page = AddressMap.PageSize;
        uint root = Cpu.ReadPageDirectory() & ~(page - 1);
        Stays("page directory", root, page, tell);
        CheckPageTables((uint*)root, tell);
        Stays("segment table", Cpu.ReadSegmentTable(), DescriptorTables.SegmentCount * sizeof(ulong), tell);
        Stays("gate table", Cpu.ReadGateTable(), InterruptTable.VectorCount * sizeof(ulong), tell);
        Stays("running task", DescriptorTables.SegmentBase(Cpu.ReadTask()), TaskState.Size, tell);
        Stays("double fault task", DescriptorTables.DoubleFaultTaskBase(), TaskState.Size, tell);
    }

    /// <summary>Every table, for the processor and StackGuard go through all of them; told as one range.</summary>
    private static void CheckPageTables(uint* directory, bool tell)
    {
        const uint page = AddressMap.PageSize;
        uint lowest = uint.MaxValue;
        uint highest = 0;
        for (int i = 0; i < DirectoryEntries; i++)
        {
            if ((directory[i] & Present) == 0 || (directory[i] & LargePage) != 0)
                continue;
            uint table = directory[i] & ~(page - 1);
            Stays("page table", table, page, false);
            lowest = table < lowest ? table : lowest;
            highest = table > highest ? table : highest;
        }

        if (tell)
            Tell("stays: ", "page tables", lowest, highest - lowest + page);
    }

    private static void CheckWhatTravels(bool tell)
    {
        ImageLayout* image = ImageLayout.Current;
        RuntimeThread* thread = RuntimeThread.Current;
        uint main = AddressMap.StackLow(KernelMemory.MainStack);
        uint worker = AddressMap.StackLow(KernelMemory.WorkerStack);
        object onHeap = new int[1];
        uint onStack = 0;

        Travels("image", image->ImageStart, image->ImageEnd - image->ImageStart, tell);
        Travels("code", (uint)(delegate*<bool, void>)&Run, 1, tell);
        Travels("statics", (uint)KernelMemory.Frames, (uint)sizeof(FrameAllocator), tell);
        Travels("heap", AddressMap.Heap, KernelMemory.HeapLimit, tell);
        Travels("an object", *(uint*)Unsafe.AsPointer(ref onHeap), 1, tell);
        Travels("main stack", main, AddressMap.StackSize, tell);
        Travels("worker stack", worker, AddressMap.StackSize, tell);
        Travels("running stack", (uint)thread->StackLow, (uint)(thread->StackHigh - thread->StackLow), tell);
        Travels("a local", (uint)&onStack, sizeof(uint), tell);
        Travels("double fault stack", DescriptorTables.DoubleFaultTask->Esp - sizeof(uint), sizeof(uint), tell);
    }

    /// <summary>Takes a page of DMA memory, which is never given back: for the drill alone.</summary>
    private static void TellDma()
    {
        const int page = (int)AddressMap.PageSize;
        DmaMemory memory = new(null, KernelMemory.Frames);
        Stays("DMA memory", memory.Allocate(page, page, 0).PhysicalAddress, page, true);
    }

    // Not inlined, like the next: where the compiler sees the address of code or of a static beside the bounds, it
    // compares the two before the linker has placed anything, and the check would always fail.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Stays(string part, uint address, uint length, bool tell)
    {
        if (tell)
            Tell("stays: ", part, address, length);

        // Where it lies must also be where the kernel sees it.
        bool held = AddressMap.IsMachineLocal(address, length)
            && KernelMemory.TryTranslate(address, out uint frame, out _)
            && frame == (address & ~(AddressMap.PageSize - 1));
        if (!held)
            Panic.At(part + " outside the machine-local zone", address);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Travels(string part, uint address, uint length, bool tell)
    {
        if (tell)
            Tell("travels: ", part, address, length);
        if (!AddressMap.IsMigratable(address, length))
            Panic.At(part + " outside the migratable zone", address);
    }

    private static void Tell(string zone, string part, uint address, uint length)
    {
        PanicOutput.Write(zone);
        PanicOutput.Write(part);
        PanicOutput.Write(" ");
        PanicOutput.WriteHex(address);
        PanicOutput.Write(" ");
        PanicOutput.WriteHex(address + length);
        PanicOutput.WriteLine();
    }
}
