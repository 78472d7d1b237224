using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// Finds what is alive and frees the rest. Stops everything (one processor, preemption held off), marks from the
/// roots, then gives back empty blocks and dead large objects. Nothing moves, so stacks and registers need no maps:
/// every word there that could be a pointer counts as one.
/// </summary>
internal static unsafe class Collector
{
    private static bool isCollecting;

    internal static ulong LiveBytes { get; private set; }

    internal static ulong LiveObjects { get; private set; }

    internal static uint Collections { get; private set; }

    internal static ulong LastPause { get; private set; }

    internal static ulong MaxPause { get; private set; }

    /// <summary>Pushes the callee-saved registers and calls <see cref="CollectFrom"/> with the stack pointer.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCollectWithRegisters")]
    private static extern void CollectWithRegisters(int trim);

    /// <summary>One collection.</summary>
    /// <param name="trim">Give all free memory back to the machine, not only what the next round will not need.</param>
    internal static void Collect(bool trim)
    {
        if (GcHeap.IsHeld)
            return;
        if (isCollecting)
            FatalError.Fail("the collector was entered while collecting");
        Preemption.Disabled++;
        isCollecting = true;
        CollectWithRegisters(trim ? 1 : 0);
        isCollecting = false;
        Preemption.Disabled--;
    }

    [RuntimeExport("HaukiCollectFrom")]
    private static void CollectFrom(byte* stackPointer, int trimAll)
    {
        ulong start = Now();
        MarkBits.StartMarking();
        MarkStack.Prepare();
        MarkStacks(stackPointer);
        MarkStatics();
        FrozenObjects.MarkReferences();
        HandleTable.MarkStrong();
        Finalization.MarkPending();
        Marker.Drain();
        HandleTable.ClearDeadWeak(WeakKind.Short);
        Finalization.MoveDeadToPending();
        Marker.Drain();
        HandleTable.ClearDeadWeak(WeakKind.Long);
        MarkBits.FinishMarking();
        FreeDead();
        ulong budget = GcHeap.StartBudget(LiveBytes);
        PageHeap.Trim(trimAll != 0 ? 0 : budget);
        Collections++;
        LastPause = Now() - start;
        if (LastPause > MaxPause)
            MaxPause = LastPause;
    }

    private static ulong Now() => GcStatistics.Clock == null ? 0 : GcStatistics.Clock();

    private static void MarkStacks(byte* stackPointer)
    {
        for (RuntimeThread* thread = RuntimeThread.First; thread != null; thread = thread->Next)
        {
            nuint from = thread == RuntimeThread.Current ? (nuint)stackPointer : thread->SavedStackPointer;
            // A thread that has not started has no stack pointer yet; one of another stack cannot be scanned.
            // One that handles a stack overflow stands on its opened guard pages.
            if (from >= thread->StackLow - StackWalker.GuardBytes && from <= thread->StackHigh)
                Marker.MarkConservatively((nuint*)from, (nuint*)thread->StackHigh);
            Marker.MarkObject((byte*)thread->Statics);
        }
    }

    private static void MarkStatics()
    {
        byte* section = ModuleTables.Find(ModuleTables.Section.GcStatics, out uint length);
        for (int* at = (int*)section; at < (int*)(section + length); at++)
            Marker.MarkObject(*(byte**)((byte*)at + *at));
    }

    /// <summary>Gives back what nobody marked, and hands the blocks with free cells to the allocator.</summary>
    private static void FreeDead()
    {
        GcHeap.ForgetFreeCells();
        ulong bytes = 0;
        ulong objects = 0;
        byte* at = PageHeap.ObjectsStart;
        while (at < PageHeap.Frontier)
        {
            Span* span = PageHeap.SpanOf(at);
            byte* next = span->Start + span->PageCount * PageHeap.PageSize;
            if (span->State != SpanState.Free)
            {
                uint alive = span->State == SpanState.Large
                    ? (MarkBits.IsLive(span->Start) ? 1u : 0u)
                    : MarkBits.CountLive(span->Start, span->PageCount);
                objects += alive;
                bytes += (ulong)alive * span->CellSize;
                if (alive == 0)
                {
                    // Free neighbours join, so that the walk goes on behind the joined span.
                    span = PageHeap.Free(span);
                    next = span->Start + span->PageCount * PageHeap.PageSize;
                }
                else if (span->State == SpanState.Small)
                {
                    span->Taken = 0;
                    if (alive < span->CellCount)
                        GcHeap.AddPartial(span);
                    else
                        span->Taken = span->CellCount;
                }
            }
            at = next;
        }
        LiveBytes = bytes;
        LiveObjects = objects;
    }
}
