using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>Task state segment (Intel SDM volume 3, section 8.2.1). Only the double fault is its own task.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct TaskState
{
    /// <summary>Bytes that the processor reads and writes.</summary>
    public const int Size = 104;

    public uint Link;
    private fixed uint otherRings[6];
    public uint PageDirectory;
    public uint Eip;
    public uint Eflags;
    public uint Eax;
    public uint Ecx;
    public uint Edx;
    public uint Ebx;
    public uint Esp;
    public uint Ebp;
    public uint Esi;
    public uint Edi;
    public uint Es;
    public uint Cs;
    public uint Ss;
    public uint Ds;
    public uint Fs;
    public uint Gs;
    public uint LocalTable;
    public ushort DebugTrap;
    public ushort PortBitmap;
}

/// <summary>
/// The tables that the processor looks into by itself: segments (flat), interrupt gates, two task states. All in one
/// page: first one that traps.asm reserves in the image, and as soon as there are frames, one of the machine-local
/// zone. They hold linear addresses only, but for the page directory in the task states.
/// </summary>
/// <remarks>
/// The kernel keeps no pointer to the page but asks the processor, which has to know: a kernel that lands on another
/// machine then finds that machine's tables. The double fault's stack is a stack like the others and travels.
/// </remarks>
internal static unsafe class DescriptorTables
{
    /// <summary>The segment of all code.</summary>
    public const ushort CodeSelector = 0x08;

    /// <summary>Entries of the segment table.</summary>
    public const int SegmentCount = 5;

    private const ushort DataSelector = 0x10;
    private const ushort DoubleFaultSelector = 0x20;

    private const ulong FlatCode = 0x00CF_9B00_0000_FFFF;
    private const ulong FlatData = 0x00CF_9300_0000_FFFF;
    private const ulong AvailableTask = 0x0000_8900_0000_0000;
    private const ulong InterruptGate = 0x0000_8E00_0000_0000;
    private const ulong TaskGate = 0x0000_8500_0000_0000;
    private const uint ReservedFlag = 1u << 1; // bit 1 of EFLAGS is always set

    // Places in the page; the segments first, so that GDTR is the page's address. The task states lie on multiples of
    // 128, so that neither crosses anything.
    private const int SegmentsOffset = 0;
    private const int GatesOffset = 0x100;
    private const int PseudoOffset = 0x900;
    private const int MainTaskOffset = 0xA00;
    private const int DoubleFaultTaskOffset = 0xA80;

    /// <summary>Where the processor saves the main task on a double fault.</summary>
    public static TaskState* MainTask => (TaskState*)(Page + MainTaskOffset);

    /// <summary>What the double fault task starts from.</summary>
    public static TaskState* DoubleFaultTask => (TaskState*)(Page + DoubleFaultTaskOffset);

    private static byte* Page => (byte*)Cpu.ReadSegmentTable();

    /// <summary>Builds the tables in the image, where there is room before anything else is known.</summary>
    public static void Install() => Install(BootPage());

    /// <summary>Leaves the image's tables for the machine-local zone. Interrupts are off.</summary>
    /// <param name="page">A free page there, mapped at this address now and by every later page directory.</param>
    public static void MoveTo(uint page)
    {
        if (!AddressMap.IsMachineLocal(page, AddressMap.PageSize))
            Panic.At("the descriptor tables would lie outside the machine-local zone", page);
        Install((byte*)page);

        // Whatever still used the old ones shall fail here and now, not on the day they stay behind.
        new Span<byte>(BootPage(), (int)AddressMap.PageSize).Clear();
    }

    /// <summary>Where the segment of a selector begins, by the table that the processor uses.</summary>
    public static uint SegmentBase(uint selector)
    {
        ulong descriptor = *(ulong*)(Page + (selector & ~7u));
        return (uint)(((descriptor >> 16) & 0x00FF_FFFF) | ((descriptor >> 56) << 24));
    }

    /// <summary>The task that the processor switches to on a double fault, by the gate that it uses.</summary>
    public static uint DoubleFaultTaskBase()
    {
        ulong gate = ((ulong*)Cpu.ReadGateTable())[InterruptTable.DoubleFaultVector];
        return SegmentBase((uint)(gate >> 16) & 0xFFFF);
    }

    /// <summary>Builds the tables and makes the processor use them. Interrupts are off.</summary>
    private static void Install(byte* page)
    {
        if (sizeof(TrapFrame) != TrapFrame.Size || sizeof(TaskState) != TaskState.Size)
            Panic.At("a structure that the processor knows has the wrong size");

        new Span<byte>(page, (int)AddressMap.PageSize).Clear();
        var mainTask = (TaskState*)(page + MainTaskOffset);
        var doubleFaultTask = (TaskState*)(page + DoubleFaultTaskOffset);
        var segments = (ulong*)(page + SegmentsOffset);
        segments[0] = 0;
        segments[CodeSelector / 8] = FlatCode;
        segments[DataSelector / 8] = FlatData;
        segments[3] = TaskDescriptor((uint)mainTask);
        segments[DoubleFaultSelector / 8] = TaskDescriptor((uint)doubleFaultTask);

        var gates = (ulong*)(page + GatesOffset);
        uint* stubs = TrapStubs();
        for (int vector = 0; vector < InterruptTable.VectorCount; vector++)
            gates[vector] = Gate(stubs[vector]);
        gates[InterruptTable.DoubleFaultVector] = TaskGate | ((ulong)DoubleFaultSelector << 16);

        mainTask->PortBitmap = TaskState.Size;
        SetUp(doubleFaultTask);

        // A pseudo-descriptor is a 16-bit limit followed by the address: 6 bytes, unaligned.
        byte* pseudo = page + PseudoOffset;
        *(ushort*)pseudo = (SegmentCount * 8) - 1;
        *(uint*)(pseudo + 2) = (uint)segments;
        *(ushort*)(pseudo + 8) = (InterruptTable.VectorCount * 8) - 1;
        *(uint*)(pseudo + 10) = (uint)gates;
        Load(pseudo, pseudo + 8);
        SetPageDirectory(Cpu.ReadPageDirectory());
    }

    /// <summary>Says which page directory a task switch shall load.</summary>
    public static void SetPageDirectory(uint physical)
    {
        MainTask->PageDirectory = physical;
        DoubleFaultTask->PageDirectory = physical;
    }

    /// <summary>Address of the code that a vector's gate leads to.</summary>
    public static uint TrapStub(int vector) => TrapStubs()[vector];

    private static void SetUp(TaskState* doubleFault)
    {
        doubleFault->Eip = (uint)(delegate*<void>)&DoubleFaultEntry;
        doubleFault->Esp = DoubleFaultStackTop();
        doubleFault->Eflags = ReservedFlag;
        doubleFault->Cs = CodeSelector;
        doubleFault->Ss = doubleFault->Ds = doubleFault->Es = doubleFault->Fs = doubleFault->Gs = DataSelector;
        doubleFault->PortBitmap = TaskState.Size;
    }

    private static ulong TaskDescriptor(uint address) =>
        AvailableTask | (TaskState.Size - 1) | ((ulong)(address & 0x00FF_FFFF) << 16)
        | ((ulong)(address >> 24) << 56);

    private static ulong Gate(uint address) =>
        InterruptGate | (address & 0xFFFF) | ((ulong)CodeSelector << 16) | ((ulong)(address >> 16) << 48);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDescriptorTables")]
    private static extern byte* BootPage();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTrapStubs")]
    private static extern uint* TrapStubs();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDoubleFaultStackTop")]
    private static extern uint DoubleFaultStackTop();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDoubleFaultEntry")]
    private static extern void DoubleFaultEntry();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiLoadDescriptorTables")]
    private static extern void Load(byte* segments, byte* gates);
}
