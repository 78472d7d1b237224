using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>
/// The end of a node on the machine that it has left, or of any kernel that is to leave nothing behind: all memory is
/// wiped, that which this code lies in too, and the machine starts anew. Without it the keys of the node would lie in
/// the memory of the next kernel, for a reset does not clear it.
/// </summary>
public static unsafe class Vanishing
{
    // vanish.asm knows these places on its page.
    private const int RangesOffset = 0x400;
    private const int NoGatesOffset = 0x800;

    /// <summary>
    /// Wipes the memory and starts the machine anew; takes some tens of milliseconds for each 100 MiB in use. No device
    /// may do DMA any more.
    /// </summary>
    /// <returns>Only if there is not one frame of memory left for it; nothing has happened then.</returns>
    public static void WipeAndStartAnew()
    {
        if (!KernelMemory.Frames->TryTakeRun(1, 1, 0, out uint frame))
        {
            return;
        }

        Cpu.DisableInterrupts();
        byte* page = (byte*)(frame * AddressMap.PageSize);
        new Span<byte>(page, (int)AddressMap.PageSize).Clear();
        ReadOnlySpan<byte> code = new(Start(), (int)(End() - Start()));
        code.CopyTo(new Span<byte>(page, RangesOffset));
        KernelMemory.Usable->CopyTo((uint*)(page + RangesOffset), (NoGatesOffset - RangesOffset) / sizeof(uint));
        Execute((LandingRecord*)page, (uint)page);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiVanishStart")]
    private static extern byte* Start();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiVanishEnd")]
    private static extern byte* End();

    // ECX = the page, EDX = where to jump.
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiJump")]
    private static extern void Execute(LandingRecord* page, uint code);
}
