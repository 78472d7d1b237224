using System;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>
/// States of a processor that no node can have, or not on this machine: each must be refused in a sentence, before
/// anything has happened. Part of <see cref="JumpDrill"/>.
/// </summary>
internal static unsafe class RefusalDrill
{
    private const uint InterruptFlag = 1u << 9;
    private const uint Paging = 1u << 31;
    private const uint PhysicalExtension = 1u << 5;
    private const uint ReservedMode = 1u << 31;
    private const uint ReservedMost = 11; // what a check that promises a landing keeps for it

    /// <summary>Tries them all.</summary>
    /// <param name="staged">An empty directory.</param>
    /// <returns>How many were refused.</returns>
    public static uint Run(StagedDirectory staged)
    {
        CpuState good = default;
        ThreadDrill.Check(!Departure.Run(static () => { }), "landed without a jump");
        Departure.SavedState.CopyTo(new Span<byte>(&good, CpuState.Size));
        uint free = KernelMemory.Frames->Free;
        uint count = 0;
        Refuse(staged, good, ref count); // none of its memory is there
        const uint page = AddressMap.PageSize;
        _ = staged.Place(good.Eip & ~(page - 1), PageFlags.None);
        Refuse(staged, good, ref count); // no stack
        _ = staged.Place(good.Esp & ~(page - 1), PageFlags.None);
        Refuse(staged, good, ref count); // a stack that cannot be written to
        _ = staged.Place(good.Esp & ~(page - 1), PageFlags.Writable);
        string? problem = Landing.Check(staged, new ReadOnlySpan<byte>(&good, CpuState.Size));
        ThreadDrill.Check(problem is null, problem ?? "");

        Refuse(staged, good with { Magic = good.Magic + 1 }, ref count);
        Refuse(staged, good with { Format = good.Format + 1 }, ref count);
        Refuse(staged, good with { Cs = 0x1B }, ref count);
        Refuse(staged, good with { Gs = 0 }, ref count);
        Refuse(staged, good with { Control0 = good.Control0 & ~Paging }, ref count);
        Refuse(staged, good with { Control4 = good.Control4 | PhysicalExtension }, ref count);
        Refuse(staged, good with { Eflags = good.Eflags | InterruptFlag }, ref count);
        Refuse(staged, good with { Eip = good.Eip + (64 * page) }, ref count);
        Refuse(staged, good with { Eip = AddressMap.MachineLocal }, ref count);
        Refuse(staged, good with { Esp = good.Esp + 1 }, ref count);
        Refuse(staged, good with { Esp = good.Esp - (8 * page) }, ref count);
        Refuse(staged, good with { Esp = 0xFFFF_FFFC }, ref count);
        CpuState modes = good;
        *(uint*)(modes.Fpu + CpuState.MxcsrOffset) |= ReservedMode;
        Refuse(staged, modes, ref count);
        problem = Landing.Check(staged, new ReadOnlySpan<byte>(&good, CpuState.Size - 1));
        ThreadDrill.Check(problem is not null, "a state that is too short was accepted");
        staged.Release();
        ThreadDrill.Check(KernelMemory.Frames->Free + ReservedMost >= free, "a refusal kept frames");
        return count + 1;
    }

    private static void Refuse(StagedDirectory staged, CpuState state, ref uint count)
    {
        LandingGift gift = default;
        uint free = KernelMemory.Frames->Free;
        string? problem = Landing.Check(staged, new ReadOnlySpan<byte>(&state, CpuState.Size));
        ThreadDrill.Check(problem is not null, "an impossible state of the processor was accepted");
        ThreadDrill.Check(
            Landing.Jump(staged, new ReadOnlySpan<byte>(&state, CpuState.Size), default, in gift) == problem,
            "two refusals of one state are not alike");
        ThreadDrill.Check(KernelMemory.Frames->Free == free, "a refusal took frames");
        count++;
    }
}
