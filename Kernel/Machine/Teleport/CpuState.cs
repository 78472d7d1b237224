using System.Runtime.InteropServices;

namespace HaukiOS.Machine;

/// <summary>
/// The processor at the moment of departure (teleport.asm fills it in and loads it). EAX, ECX and EDX are missing: to
/// the code that departs it is a call, and those belong to the callee. A thread that is not running has its registers,
/// and the FPU's, on its own stack.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct CpuState
{
    /// <summary>Bytes; teleport.asm knows the places.</summary>
    public const int Size = 576;

    /// <summary>"HKCS".</summary>
    public const uint RightMagic = 0x5343_4B48;

    /// <summary>Grows with every change of what the fields mean.</summary>
    public const uint RightFormat = 1;

    /// <summary>Bytes that FXSAVE stores (Intel SDM volume 2, FXSAVE), on a multiple of 16.</summary>
    public const int FpuSize = 512;

    /// <summary>Where FXSAVE stores rounding and masks of SSE, MXCSR.</summary>
    public const int MxcsrOffset = 24;

    /// <summary>Where it stores which bits of MXCSR this processor has; to load another one is a fault.</summary>
    public const int MxcsrMaskOffset = 28;

    /// <summary>What is meant where the processor stores 0: all but denormals-are-zero.</summary>
    public const uint FirstMxcsrMask = 0xFFBF;

    public uint Magic;
    public uint Format;
    public uint Eip;
    public uint Esp;
    public uint Eflags;
    public uint Ebx;
    public uint Esi;
    public uint Edi;
    public uint Ebp;
    public uint Control0;
    public uint Control4;
    public ushort Cs;
    public ushort Ss;
    public ushort Ds;
    public ushort Es;
    public ushort Fs;
    public ushort Gs;
    private ulong reserved;
    public fixed byte Fpu[FpuSize];
}
