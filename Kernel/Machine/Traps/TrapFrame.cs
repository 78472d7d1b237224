using System.Runtime.InteropServices;

namespace HaukiOS.Machine;

/// <summary>
/// What an interrupt or exception leaves on the stack (traps.asm), lowest address first. Ring 0 interrupts ring 0:
/// the processor pushes no stack pointer, the interrupted code's stack begins right above this frame. A handler may
/// change the registers; the interrupted code goes on with what it finds here.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public unsafe struct TrapFrame
{
    /// <summary>Bytes of the frame; traps.asm pushes exactly these.</summary>
    public const int Size = 56;

    /// <summary>The address whose use caused a page fault; of no meaning for other vectors.</summary>
    public uint FaultAddress;

    /// <summary>A register of the interrupted code.</summary>
    public uint Edi;

    /// <inheritdoc cref="Edi"/>
    public uint Esi;

    /// <inheritdoc cref="Edi"/>
    public uint Ebp;

    /// <summary>ESP in the middle of the stub; of no use, and ignored on return.</summary>
    public uint StubEsp;

    /// <inheritdoc cref="Edi"/>
    public uint Ebx;

    /// <inheritdoc cref="Edi"/>
    public uint Edx;

    /// <inheritdoc cref="Edi"/>
    public uint Ecx;

    /// <inheritdoc cref="Edi"/>
    public uint Eax;

    /// <summary>Which interrupt or exception.</summary>
    public uint Vector;

    /// <summary>What the processor says of some exceptions; 0 for the others and for interrupts.</summary>
    public uint ErrorCode;

    /// <summary>The instruction to go on with; for a fault, the one that failed.</summary>
    public uint Eip;

    /// <summary>The code segment of the interrupted code.</summary>
    public uint Cs;

    /// <summary>The flags of the interrupted code.</summary>
    public uint Eflags;

    /// <summary>Were interrupts enabled in the interrupted code?</summary>
    public readonly bool InterruptsWereEnabled => (Eflags & (1u << 9)) != 0;

    /// <summary>ESP of the interrupted code, given where this frame lies.</summary>
    public static uint StackPointerOf(TrapFrame* frame) => (uint)frame + Size;
}
