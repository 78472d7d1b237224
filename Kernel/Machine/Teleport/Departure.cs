using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The moment at which the node is neither here nor there. The event loop's thread puts its registers down in the
/// machine-local zone and goes on there, on a stack that does not travel, while all that travels stands still and can
/// be sent. Then it either comes back, or it comes to life on another machine at the very same instruction.
/// </summary>
public static unsafe class Departure
{
    // Enough for the network's and the disk's ways down, at the places where they are deepest, four times over.
    private const uint StackSize = 0x0002_0000;
    private const uint StackOffset = AddressMap.PageSize; // the state has the first page for itself
    private const uint AreaFrames = (StackOffset + StackSize) / AddressMap.PageSize;
    private const uint Canary = 0x4855_4B41;
    private const uint CanaryWords = 64;

    private static uint area;
    private static Action? leave;
    private static Exception? failure;

    /// <summary>
    /// The processor's state at the last <see cref="Run"/>: meant for <see cref="Landing.Check"/> and
    /// <see cref="Landing.Jump"/> of the other machine.
    /// </summary>
    public static ReadOnlySpan<byte> SavedState => area == 0 ? default : new ReadOnlySpan<byte>(State, CpuState.Size);

    /// <summary>Fill every register before the departure, and look at each afterwards (drill.asm).</summary>
    internal static bool IsDrill { get; set; }

    private static CpuState* State => (CpuState*)area;

    private static uint StackLow => area + StackOffset;

    private static uint StackHigh => StackLow + StackSize;

    /// <summary>Takes the memory that a departure needs; it is kept until the node has left this machine.</summary>
    /// <returns>Null if all is ready; otherwise why the node cannot leave, in a sentence.</returns>
    public static string? Prepare()
    {
        if (sizeof(CpuState) != CpuState.Size || sizeof(LandingRecord) != LandingRecord.Size)
        {
            Panic.At("a structure that teleport.asm knows has the wrong size");
        }

        if (RuntimeThread.Current->StackHigh != AddressMap.StackHigh(KernelMemory.MainStack))
        {
            return "only the event loop's thread can leave this machine";
        }

        if (area == 0)
        {
            if (!KernelMemory.Frames->TryTakeRun(AreaFrames, 1, 0, out uint first))
            {
                return $"no {AreaFrames * AddressMap.PageSize} bytes side by side for a departure";
            }

            area = first * AddressMap.PageSize;
        }

        return null;
    }

    /// <summary>
    /// Saves the processor's state and calls <paramref name="leaving"/> on a stack in the machine-local zone, with
    /// interrupts off. Nothing in there can allocate: the heap stands still, and says that memory is out.
    /// </summary>
    /// <returns>
    /// False when <paramref name="leaving"/> has returned: all goes on here. True on the other machine, with
    /// interrupts off: its memory, tables and guard pages are already the node's, nothing else is.
    /// </returns>
    /// <exception cref="InvalidOperationException">The node cannot leave; the message says why.</exception>
    public static bool Run(Action leaving)
    {
        if (Prepare() is string problem)
        {
            throw new InvalidOperationException(problem);
        }

        leave = leaving;
        failure = null;
        bool wereEnabled = Cpu.InterruptsEnabled;
        Cpu.DisableInterrupts();
        LandingRecord* record = GoAway();
        leave = null;
        if (record != null)
        {
            Landing.Complete(record);
            return true;
        }

        if (wereEnabled)
        {
            Cpu.EnableInterrupts();
        }

        if (failure is not null)
        {
            throw failure;
        }

        return false;
    }

    /// <summary>The thread stays the same, locks and all; only its stack is another one meanwhile.</summary>
    private static LandingRecord* GoAway()
    {
        RuntimeThread* thread = RuntimeThread.Current;
        nuint low = thread->StackLow;
        nuint high = thread->StackHigh;
        thread->StackLow = StackLow;
        thread->StackHigh = StackHigh;
        for (uint i = 0; i < CanaryWords; i++)
        {
            ((uint*)StackLow)[i] = Canary;
        }

        *State = default;
        State->Magic = CpuState.RightMagic;
        State->Format = CpuState.RightFormat;
        ReadSelectors(&State->Cs);
        HeapHold.Begin();
        LandingRecord* record = IsDrill
            ? DepartWithFullRegisters(State, StackHigh, &Leave)
            : Depart(State, StackHigh, &Leave);
        HeapHold.End();
        thread->StackLow = low;
        thread->StackHigh = high;
        return record;
    }

    private static void Leave()
    {
        try
        {
            leave!();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        if (Cpu.InterruptsEnabled)
        {
            Panic.At("interrupts were enabled in a departure");
        }

        for (uint i = 0; i < CanaryWords; i++)
        {
            if (((uint*)StackLow)[i] != Canary)
            {
                Panic.At("the departure's stack was too short", StackLow);
            }
        }
    }

    /// <summary>After landing: what was prepared lies on the machine that the node came from.</summary>
    internal static void Forget() => area = 0;

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiReadSelectors")]
    internal static extern void ReadSelectors(ushort* into);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDepartWithFullRegisters")]
    private static extern LandingRecord* DepartWithFullRegisters(
        CpuState* state, uint stack, delegate*<void> function);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDepart")]
    private static extern LandingRecord* Depart(CpuState* state, uint stack, delegate*<void> function);
}
