using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The other end of <see cref="Departure"/>. The first half runs in the kernel that stood by, which gives its machine
/// away and vanishes: all of its memory is free afterwards, but for what the node consists of and the page on which it
/// finds how this machine is made. The second half runs in the node that has landed.
/// </summary>
public static unsafe class Landing
{
    private const uint OwnFrames = 3; // record, descriptors, trampoline; the bits of the frames follow

    // CR0: PE, MP, EM, NE, WP, PG. CR4: PSE, PAE, PGE, OSFXSR, OSXMMEXCPT (Intel SDM volume 3, section 2.5).
    private const uint Control0Mask = 0x8001_0027;
    private const uint Control4Mask = 0x0000_06B0;

    // Trap, interrupt, direction, port level, nested task, resume, virtual 8086.
    private const uint ForbiddenFlags = 0x0003_7700;
    private const int SelectorBytes = 12;

    private static LandingRecord* current;
    private static uint reserved; // the frames for record, descriptors, trampoline and bits, while standing by

    /// <summary>What the kernel before left for the node that landed here; valid until <see cref="Forget"/>.</summary>
    public static ref readonly LandingGift Gift =>
        ref *(current != null ? &current->Gift : throw new InvalidOperationException("nobody has landed here"));

    /// <summary>
    /// Would <see cref="Jump"/> go? Afterwards it does: what it needs is taken here, for once the node was promised
    /// a place there is no way back.
    /// </summary>
    /// <param name="staged">All of the node's memory.</param>
    /// <param name="state">What its <see cref="Departure.SavedState"/> is.</param>
    /// <returns>Null if it would; otherwise why not, in a sentence.</returns>
    public static string? Check(StagedDirectory staged, ReadOnlySpan<byte> state)
    {
        if (state.Length != CpuState.Size)
        {
            return $"the processor's state has {state.Length} bytes and not {CpuState.Size}";
        }

        fixed (byte* bytes = state)
        {
            return CheckState(staged.Directory, (CpuState*)bytes) ?? Reserve(staged);
        }
    }

    /// <summary>
    /// Gives this machine to the node. Nothing on it may do DMA any more, and no interrupt line be open. Allocates
    /// nothing unless it refuses.
    /// </summary>
    /// <param name="staged">All of the node's memory.</param>
    /// <param name="state">What its <see cref="Departure.SavedState"/> was.</param>
    /// <param name="baggage">What it is told, at most 1024 bytes.</param>
    /// <param name="gift">What it gets from this kernel.</param>
    /// <returns>Only if nothing has happened: why not, in a sentence.</returns>
    public static string? Jump(
        StagedDirectory staged, ReadOnlySpan<byte> state, ReadOnlySpan<byte> baggage, in LandingGift gift)
    {
        string? problem = Check(staged, state);
        if (problem is not null)
        {
            return problem;
        }

        if (baggage.Length > LandingRecord.BaggageMax)
        {
            return $"{baggage.Length} bytes of baggage; {LandingRecord.BaggageMax} are allowed";
        }

        LandingRecord* record = MakeRecord(staged);
        state.CopyTo(new Span<byte>(&record->State, CpuState.Size));
        baggage.CopyTo(new Span<byte>(record->Baggage, LandingRecord.BaggageMax));
        record->BaggageLength = (uint)baggage.Length;
        record->Gift = gift;
        Cpu.DisableInterrupts();
        MakeFrames(staged, record);
        Execute(record, record->Trampoline);
        return "the jump came back";
    }

    /// <summary>What the node was told, as <see cref="Jump"/> had it.</summary>
    public static byte[] TakeBaggage()
    {
        LandingRecord* record = current;
        return record == null
            ? throw new InvalidOperationException("nobody has landed here")
            : new ReadOnlySpan<byte>(record->Baggage, (int)record->BaggageLength).ToArray();
    }

    /// <summary>Wipes the record, which held secrets, and gives its memory back.</summary>
    public static void Forget()
    {
        LandingRecord* record = current;
        if (record != null)
        {
            current = null;
            uint trampoline = record->Trampoline;
            new Span<byte>(record, (int)AddressMap.PageSize).Clear();
            KernelMemory.Frames->Return(trampoline / AddressMap.PageSize);
            KernelMemory.Frames->Return((uint)record / AddressMap.PageSize);
        }
    }

    /// <summary>The first thing that a landed node does: takes its memory and its tables over.</summary>
    internal static void Complete(LandingRecord* record)
    {
        if (record->Magic != LandingRecord.RightMagic || record->Format != LandingRecord.RightFormat)
        {
            Panic.At("landed without a landing record", (uint)record);
        }

        KernelMemory.TakeOver(record);
        Departure.Forget();
        reserved = 0;
        current = record;
    }

    private static string? CheckState(PageDirectory directory, CpuState* state)
    {
        const uint page = AddressMap.PageSize - 1;
        CpuState own = default;
        own.Control0 = Cpu.ReadControl0();
        own.Control4 = Cpu.ReadControl4();
        Departure.ReadSelectors(&own.Cs);
        bool selectorsMatch = new ReadOnlySpan<byte>(&own.Cs, SelectorBytes).SequenceEqual(
            new ReadOnlySpan<byte>(&state->Cs, SelectorBytes));
        if (state->Magic != CpuState.RightMagic || state->Format != CpuState.RightFormat)
        {
            return "the processor's state has a format that this build does not know";
        }

        if (!selectorsMatch
            || ((state->Control0 ^ own.Control0) & Control0Mask) != 0
            || ((state->Control4 ^ own.Control4) & Control4Mask) != 0)
        {
            return "the node runs its processor in another mode than this kernel";
        }

        if ((*(uint*)(state->Fpu + CpuState.MxcsrOffset) & ~MxcsrMask()) != 0)
        {
            return "the node uses SSE modes that this processor does not have";
        }

        bool makesSense = (state->Eflags & ForbiddenFlags) == 0
            && AddressMap.IsMigratable(state->Eip, 1)
            && directory.TryTranslate(state->Eip & ~page, out _, out _)
            && AddressMap.IsMigratable(state->Esp, 2 * sizeof(uint))
            && directory.TryTranslate(state->Esp & ~page, out _, out PageFlags flags)
            && (flags & PageFlags.Writable) != 0
            && (state->Esp & (sizeof(uint) - 1)) == 0;
        return makesSense ? null : "the processor's state does not fit the node's memory";
    }

    private static string? Reserve(StagedDirectory staged)
    {
        if (sizeof(CpuState) != CpuState.Size || sizeof(LandingRecord) != LandingRecord.Size)
        {
            Panic.At("a structure that teleport.asm knows has the wrong size");
        }

        if (reserved == 0)
        {
            uint needed = OwnFrames + BitFrames;
            if (!KernelMemory.Frames->TryTakeRun(needed, 1, 0, out uint first))
            {
                return $"landing needs {needed} frames side by side, and there are none";
            }

            reserved = first * AddressMap.PageSize;
        }

        if (!staged.TryShowMachine(KernelMemory.MachineEnd))
        {
            return "no frame is free for the table that shows this machine's memory to the node";
        }

        return IsShownAlike(staged.Directory)
            ? null
            : "the node's page directory does not show this machine's memory as it is";
    }

    private static uint MxcsrMask()
    {
        const uint alignment = 16;
        byte* room = stackalloc byte[CpuState.FpuSize + (int)alignment];
        byte* aligned = (byte*)(((uint)room + alignment - 1) & ~(alignment - 1));
        SaveFpu(aligned);
        uint mask = *(uint*)(aligned + CpuState.MxcsrMaskOffset);
        return mask != 0 ? mask : CpuState.FirstMxcsrMask;
    }

    private static uint BitFrames =>
        (FrameAllocator.BytesFor(KernelMemory.Frames->FrameCount) + AddressMap.PageSize - 1) / AddressMap.PageSize;

    private static LandingRecord* MakeRecord(StagedDirectory staged)
    {
        const uint page = AddressMap.PageSize;
        LandingRecord* record = (LandingRecord*)reserved;
        new Span<byte>(record, (int)page).Clear();
        record->Magic = LandingRecord.RightMagic;
        record->Format = LandingRecord.RightFormat;
        record->PageDirectory = staged.Directory.Root;
        record->Descriptors = reserved + page;
        record->Trampoline = reserved + (2 * page);
        record->FrameBits = reserved + (OwnFrames * page);
        record->FrameCount = KernelMemory.Frames->FrameCount;
        record->MachineEnd = KernelMemory.MachineEnd;
        record->Usable = *KernelMemory.Usable;
        byte* code = JumpStart();
        ReadOnlySpan<byte> jump = new(code, (int)(JumpEnd() - code));
        jump.CopyTo(new Span<byte>((byte*)record->Trampoline, (int)page));
        return record;
    }

    /// <summary>What is used on both sides of CR3 must be at its own address on both.</summary>
    private static bool IsShownAlike(PageDirectory staged)
    {
        bool isAlike = true;
        uint end = reserved + ((OwnFrames + BitFrames) * AddressMap.PageSize);
        for (uint at = reserved; at < end; at += AddressMap.PageSize)
        {
            isAlike &= staged.TryTranslate(at, out uint there, out _) && there == at
                && KernelMemory.TryTranslate(at, out uint here, out _) && here == at;
        }

        return isAlike;
    }

    /// <summary>Which frames the node finds taken.</summary>
    private static void MakeFrames(StagedDirectory staged, LandingRecord* record)
    {
        const uint page = AddressMap.PageSize;
        const uint lowMemory = 0x0010_0000 / page; // the BIOS's, and the screen's
        FrameAllocator frames = new((uint*)record->FrameBits, record->FrameCount);
        record->Usable.AddTo(&frames);
        frames.Reserve(0, lowMemory);
        frames.Reserve((uint)record / page, OwnFrames + BitFrames);
        staged.ReserveIn(&frames);
        record->FramesTotal = frames.Total;
        record->FramesFree = frames.Free;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiSaveFpu")]
    private static extern void SaveFpu(void* into);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiJumpStart")]
    private static extern byte* JumpStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiJumpEnd")]
    private static extern byte* JumpEnd();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiJump")]
    private static extern void Execute(LandingRecord* record, uint trampoline);
}
