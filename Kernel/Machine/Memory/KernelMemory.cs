using System;
using System.Runtime.CompilerServices;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The memory of this machine: which frames there are and what the page directory maps. It comes to life before the
/// heap, so everything here is static and holds no object.
/// </summary>
public static unsafe class KernelMemory
{
    /// <summary>The event loop's stack.</summary>
    public const int MainStack = 0;

    /// <summary>The worker's stack.</summary>
    public const int WorkerStack = 1;

    private const int StackCount = 2;

    // A quarter of the machine for the collector, the rest for work memory; within what one map of the heap is for.
    private const uint HeapShare = 4;
    private const uint HeapLimitLeast = 8u << 20;
    private const uint HeapLimitMost = 512u << 20;

    private static FrameAllocator frames;
    private static PageDirectory directory;
    private static uint machineEnd;
    private static FrameRanges usable;

    /// <summary>The frames. The structure lies in the image and does not move.</summary>
    public static FrameAllocator* Frames => (FrameAllocator*)Unsafe.AsPointer(ref frames);

    /// <summary>The page directory in use.</summary>
    public static PageDirectory Directory => directory;

    /// <summary>Where this machine's memory, and with it the identity map, ends.</summary>
    public static uint MachineEnd => machineEnd;

    /// <summary>The frames that are memory, whoever holds them.</summary>
    internal static FrameRanges* Usable => (FrameRanges*)Unsafe.AsPointer(ref usable);

    /// <summary>Usable memory of the machine in bytes.</summary>
    public static long TotalBytes => (long)frames.Total * AddressMap.PageSize;

    /// <summary>Memory that nobody holds, in bytes.</summary>
    public static long FreeBytes => (long)frames.Free * AddressMap.PageSize;

    /// <summary>The most that the heap may grow to.</summary>
    public static uint HeapLimit
    {
        get
        {
            uint share = frames.Total / HeapShare * AddressMap.PageSize;
            return Math.Min(HeapLimitMost, Math.Max(HeapLimitLeast, share));
        }
    }

    /// <summary>
    /// Takes stock of the memory, builds the page directory of the address map and switches to it. Runs once, on the
    /// boot stack under the boot's mapping, which shows the first 64 MiB at their own addresses.
    /// </summary>
    /// <param name="bootInformation">Physical address of the Multiboot information.</param>
    public static void Initialize(uint bootInformation)
    {
        Span<MemoryRange> ranges = stackalloc MemoryRange[BootMemoryMap.RangesMax];
        int count = BootMemoryMap.Read(null, bootInformation, ranges);
        if (count == 0)
        {
            FatalError.Fail("the boot loader gave no memory map");
        }

        // From here on the loader's information may be overwritten.
        AddFrames(ranges[..count]);
        if (!PageDirectory.TryCreate(null, Frames, out directory)
            || !frames.TryTakeRun(1, 1, 0, out uint tables)
            || !TryMapEverything())
        {
            FatalError.Fail("not enough memory to map the kernel");
            return;
        }

        DescriptorTables.MoveTo(tables * AddressMap.PageSize);
        Cpu.LoadPageDirectory(directory.Root);
        for (int stack = 0; stack < StackCount; stack++)
        {
            StackGuard.Arm(AddressMap.StackLow(stack));
        }
    }

    /// <summary>
    /// The node has just landed: all that was known of the memory was another machine's. Interrupts are off.
    /// </summary>
    internal static void TakeOver(LandingRecord* record)
    {
        frames = FrameAllocator.Adopt(
            (uint*)record->FrameBits, record->FrameCount, record->FramesTotal, record->FramesFree);
        directory = PageDirectory.At(null, Frames, record->PageDirectory);
        machineEnd = record->MachineEnd;
        usable = record->Usable;
        DescriptorTables.MoveTo(record->Descriptors);
        for (int stack = 0; stack < StackCount; stack++)
        {
            TakeOverGuard(AddressMap.StackLow(stack));
        }
    }

    /// <summary>
    /// Hidden guard pages do not travel, for nothing is on them. Those of a thread that was moved in the middle of
    /// its stack overflow are open, and have come along.
    /// </summary>
    private static void TakeOverGuard(uint stackLow)
    {
        bool wasOpen = directory.TryTranslate(stackLow - AddressMap.PageSize, out _, out _);
        for (uint at = stackLow - StackGuard.Bytes; at < stackLow; at += AddressMap.PageSize)
        {
            if (!directory.TryTranslate(at, out _, out _) && !TryMapPage(at, PageFlags.Writable))
            {
                FatalError.Fail("no memory for a guard page after landing");
            }
        }

        if (!wasOpen)
        {
            StackGuard.Arm(stackLow);
        }
    }

    /// <summary>Backs a range of the migratable zone with frames. Their contents are whatever they were.</summary>
    /// <returns>False, and nothing is mapped, if there are not enough frames.</returns>
    public static bool TryCommit(nuint address, nuint bytes)
    {
        RequireMigratable(address, bytes);
        Preemption.Disabled++;
        bool done = true;
        nuint mapped = 0;
        while (done && mapped < bytes)
        {
            done = TryMapPage((uint)(address + mapped), PageFlags.Writable);
            mapped += done ? AddressMap.PageSize : 0;
        }

        if (!done)
        {
            Decommit(address, mapped);
        }

        Preemption.Disabled--;
        return done;
    }

    /// <summary>Takes the frames of a range back.</summary>
    public static void Decommit(nuint address, nuint bytes)
    {
        RequireMigratable(address, bytes);
        Preemption.Disabled++;
        for (nuint offset = 0; offset < bytes; offset += AddressMap.PageSize)
        {
            if (directory.TryUnmap((uint)(address + offset), out uint frame))
            {
                Cpu.InvalidatePage(address + offset);
                frames.Return(frame / AddressMap.PageSize);
            }
        }

        Preemption.Disabled--;
    }

    /// <summary>Where an address leads, for diagnosis and tests.</summary>
    public static bool TryTranslate(uint address, out uint frameAddress, out PageFlags flags) =>
        directory.TryTranslate(address, out frameAddress, out flags);

    private static void AddFrames(ReadOnlySpan<MemoryRange> ranges)
    {
        uint end = 0;
        foreach (MemoryRange range in ranges)
        {
            BootMemoryMap.WholeFrames(range, out uint first, out uint count);
            end = Math.Max(end, first + count);
        }

        // The bits lie right behind the image, in the machine-local zone.
        const uint framesPerWord = 32;
        ImageLayout* image = ImageLayout.Current;
        uint bits = image->ImageEnd - AddressMap.ImageOffset;
        uint frameCount = (end + framesPerWord - 1) & ~(framesPerWord - 1);
        frames = new FrameAllocator((uint*)bits, frameCount);
        foreach (MemoryRange range in ranges)
        {
            BootMemoryMap.WholeFrames(range, out uint first, out uint count);
            frames.AddMemory(first, count);
            usable.Add(first, count);
        }

        uint bitsEnd = bits + FrameAllocator.BytesFor(frameCount);
        frames.Reserve(0, (bitsEnd + AddressMap.PageSize - 1) / AddressMap.PageSize);
        machineEnd = frameCount * AddressMap.PageSize;
    }

    private static bool TryMapEverything()
    {
        bool done = directory.TryMapMachine(machineEnd);
        ImageLayout* image = ImageLayout.Current;
        for (uint at = AddressMap.Image; at < image->ImageEnd && done; at += AddressMap.PageSize)
        {
            PageFlags flags = at < image->DataStart ? PageFlags.None : PageFlags.Writable;
            done = directory.TryMap(at, at - AddressMap.ImageOffset, flags);
        }

        for (int stack = 0; stack < StackCount; stack++)
        {
            // The guard pages have frames, too, that are hidden until a stack overflow needs them.
            uint high = AddressMap.StackHigh(stack);
            for (uint at = AddressMap.StackLow(stack) - StackGuard.Bytes; at < high && done; at += AddressMap.PageSize)
            {
                done = TryMapPage(at, PageFlags.Writable);
            }
        }

        return done;
    }

    private static bool TryMapPage(uint address, PageFlags flags)
    {
        if (!frames.TryTake(out uint frame))
        {
            return false;
        }

        if (directory.TryMap(address, frame * AddressMap.PageSize, flags))
        {
            return true; // nothing was mapped there, so the processor has cached nothing
        }

        frames.Return(frame);
        return false;
    }

    private static void RequireMigratable(nuint address, nuint bytes)
    {
        if (!AddressMap.IsMigratable((uint)address, (uint)bytes))
        {
            FatalError.Fail("kernel memory outside the migratable zone");
        }
    }
}
