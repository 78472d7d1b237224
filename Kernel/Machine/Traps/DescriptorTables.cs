using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
/// page that traps.asm reserves. They hold linear addresses only, but for the page directory in the task states.
/// </summary>
internal static unsafe class DescriptorTables
{
    /// <summary>The segment of all code.</summary>
    public const ushort CodeSelector = 0x08;

    private const ushort DataSelector = 0x10;
    private const ushort DoubleFaultSelector = 0x20;

    private const ulong FlatCode = 0x00CF_9B00_0000_FFFF;
    private const ulong FlatData = 0x00CF_9300_0000_FFFF;
    private const ulong AvailableTask = 0x0000_8900_0000_0000;
    private const ulong InterruptGate = 0x0000_8E00_0000_0000;
    private const ulong TaskGate = 0x0000_8500_0000_0000;
    private const uint ReservedFlag = 1u << 1; // bit 1 of EFLAGS is always set

    private const int SegmentCount = 5;

    // Places in the page. The task states lie on multiples of 128, so that neither crosses anything.
    private const int SegmentsOffset = 0;
    private const int GatesOffset = 0x100;
    private const int PseudoOffset = 0x900;
    private const int MainTaskOffset = 0xA00;
    private const int DoubleFaultTaskOffset = 0xA80;

    /// <summary>Where the processor saves the main task on a double fault.</summary>
    public static TaskState* MainTask => (TaskState*)(Page() + MainTaskOffset);

    /// <summary>What the double fault task starts from.</summary>
    public static TaskState* DoubleFaultTask => (TaskState*)(Page() + DoubleFaultTaskOffset);

    /// <summary>Builds the tables and makes the processor use them. Interrupts are off.</summary>
    public static void Install()
    {
        if (sizeof(TrapFrame) != TrapFrame.Size || sizeof(TaskState) != TaskState.Size)
            Panic.At("a structure that the processor knows has the wrong size");

        byte* page = Page();
        var segments = (ulong*)(page + SegmentsOffset);
        segments[0] = 0;
        segments[CodeSelector / 8] = FlatCode;
        segments[DataSelector / 8] = FlatData;
        segments[3] = TaskDescriptor((uint)MainTask);
        segments[DoubleFaultSelector / 8] = TaskDescriptor((uint)DoubleFaultTask);

        var gates = (ulong*)(page + GatesOffset);
        uint* stubs = TrapStubs();
        for (int vector = 0; vector < InterruptTable.VectorCount; vector++)
            gates[vector] = Gate(stubs[vector]);
        gates[InterruptTable.DoubleFaultVector] = TaskGate | ((ulong)DoubleFaultSelector << 16);

        MainTask->PortBitmap = TaskState.Size;
        TaskState* task = DoubleFaultTask;
        task->Eip = (uint)(delegate*<void>)&DoubleFaultEntry;
        task->Esp = DoubleFaultStackTop();
        task->Eflags = ReservedFlag;
        task->Cs = CodeSelector;
        task->Ss = task->Ds = task->Es = task->Fs = task->Gs = DataSelector;
        task->PortBitmap = TaskState.Size;
        SetPageDirectory(Cpu.ReadPageDirectory());

        // A pseudo-descriptor is a 16-bit limit followed by the address: 6 bytes, unaligned.
        byte* pseudo = page + PseudoOffset;
        *(ushort*)pseudo = (SegmentCount * 8) - 1;
        *(uint*)(pseudo + 2) = (uint)segments;
        *(ushort*)(pseudo + 8) = (InterruptTable.VectorCount * 8) - 1;
        *(uint*)(pseudo + 10) = (uint)gates;
        Load(pseudo, pseudo + 8);
    }

    /// <summary>Says which page directory a task switch shall load.</summary>
    public static void SetPageDirectory(uint physical)
    {
        MainTask->PageDirectory = physical;
        DoubleFaultTask->PageDirectory = physical;
    }

    /// <summary>Address of the code that a vector's gate leads to.</summary>
    public static uint TrapStub(int vector) => TrapStubs()[vector];

    private static ulong TaskDescriptor(uint address) =>
        AvailableTask | (TaskState.Size - 1) | ((ulong)(address & 0x00FF_FFFF) << 16)
        | ((ulong)(address >> 24) << 56);

    private static ulong Gate(uint address) =>
        InterruptGate | (address & 0xFFFF) | ((ulong)CodeSelector << 16) | ((ulong)(address >> 16) << 48);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDescriptorTables")]
    private static extern byte* Page();

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
