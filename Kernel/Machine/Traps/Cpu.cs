using System.Runtime;
using System.Runtime.CompilerServices;

namespace HaukiOS.Machine;

/// <summary>Single instructions that C# cannot express. Implemented in cpu.asm.</summary>
public static unsafe class Cpu
{
    private const uint InterruptFlag = 1u << 9;

    /// <summary>Would an interrupt be taken now?</summary>
    public static bool InterruptsEnabled => (ReadFlags() & InterruptFlag) != 0;

    /// <summary>Reads a byte from a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuIn8")]
    public static extern byte In8(ushort port);

    /// <summary>Reads a 16-bit word from a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuIn16")]
    public static extern ushort In16(ushort port);

    /// <summary>Reads a 32-bit word from a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuIn32")]
    public static extern uint In32(ushort port);

    /// <summary>Writes a byte to a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuOut8")]
    public static extern void Out8(ushort port, byte value);

    /// <summary>Writes a 16-bit word to a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuOut16")]
    public static extern void Out16(ushort port, ushort value);

    /// <summary>Writes a 32-bit word to a port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuOut32")]
    public static extern void Out32(ushort port, uint value);

    /// <summary>Reads many 16-bit words from one port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuInBlock16")]
    public static extern void InBlock16(ushort port, ushort* into, uint words);

    /// <summary>Writes many 16-bit words to one port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuOutBlock16")]
    public static extern void OutBlock16(ushort port, ushort* from, uint words);

    /// <summary>Reads many 32-bit words from one port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuInBlock32")]
    public static extern void InBlock32(ushort port, uint* into, uint words);

    /// <summary>Writes many 32-bit words to one port.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuOutBlock32")]
    public static extern void OutBlock32(ushort port, uint* from, uint words);

    /// <summary>Keeps interrupts from being taken.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuDisableInterrupts")]
    public static extern void DisableInterrupts();

    /// <summary>Lets interrupts be taken.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuEnableInterrupts")]
    public static extern void EnableInterrupts();

    /// <summary>Lets interrupts be taken and sleeps until one was. One that waits already is not missed.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuWaitForInterrupt")]
    public static extern void WaitForInterrupt();

    /// <summary>Sleeps until an interrupt was taken; with interrupts off, for ever.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuHalt")]
    public static extern void Halt();

    /// <summary>EFLAGS.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadFlags")]
    public static extern uint ReadFlags();

    /// <summary>CR2: the address whose use caused the last page fault.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadFaultAddress")]
    public static extern uint ReadFaultAddress();

    /// <summary>CR3: physical address of the page directory.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadPageDirectory")]
    public static extern uint ReadPageDirectory();

    /// <summary>CR0: paging, write protection, how the FPU is dealt with.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadControl0")]
    public static extern uint ReadControl0();

    /// <summary>CR4: extensions in use.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadControl4")]
    public static extern uint ReadControl4();

    /// <summary>GDTR: address of the table of segments.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadSegmentTable")]
    public static extern uint ReadSegmentTable();

    /// <summary>IDTR: address of the table of interrupt gates.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadGateTable")]
    public static extern uint ReadGateTable();

    /// <summary>TR: selector of the running task.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadTask")]
    public static extern uint ReadTask();

    /// <summary>Forgets the cached translation of one page.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuInvalidatePage")]
    public static extern void InvalidatePage(nuint address);

    /// <summary>Forgets all cached translations; the page directory stays the same.</summary>
    public static void FlushTranslations() => WritePageDirectory(ReadPageDirectory());

    /// <summary>Ticks of the processor since power-on.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuReadTimestamp")]
    public static extern ulong ReadTimestamp();

    /// <summary>Tells the processor that this is a waiting loop.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuPause")]
    public static extern void Pause();

    /// <summary>
    /// Makes another page directory the current one. The double fault task loads CR3 from its task state, so this
    /// is the only place that may write CR3.
    /// </summary>
    /// <param name="physical">Physical address of the directory; must map this code where it is now.</param>
    public static void LoadPageDirectory(uint physical)
    {
        DescriptorTables.SetPageDirectory(physical);
        WritePageDirectory(physical);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "CpuWritePageDirectory")]
    private static extern void WritePageDirectory(uint physical);
}
