using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The kernel's second thread and the rule by which the two take turns: the event loop runs whenever it has
/// anything to do; the worker runs in what would be idle time, and every interrupt sends the processor back to the
/// loop, which hands it on again once it has looked around.
/// </summary>
public sealed unsafe class BackgroundWorker : IBackgroundWorker, IIdle
{
    private const int SavedRegisters = 4; // EDI, ESI, EBX, EBP, as HaukiSwitchStack takes them

    private const int FinalizersPerRest = 16; // few enough to stay far below the loop's 5 ms

    private const int WholeShare = 100;

    private const int TurnsToReturn = 100; // a pending interrupt may take back each of them at once

    private static BackgroundWorker? instance;
#pragma warning disable CS0649 // filled in through its address
    private static RuntimeThread thread;
#pragma warning restore CS0649
    private static RuntimeThread* loopThread;

    private volatile Action? job;
    private int share = WholeShare;
    private int credit; // percent of a turn that the worker has waited for

    /// <summary>Prepares the worker's stack. To be called once, by the event loop's thread.</summary>
    public BackgroundWorker()
    {
        if (instance is not null)
        {
            throw new InvalidOperationException("there is one worker");
        }

        instance = this;
        loopThread = RuntimeThread.Current;
        RuntimeThread* worker = (RuntimeThread*)Unsafe.AsPointer(ref thread);
        worker->StackLow = AddressMap.StackLow(KernelMemory.WorkerStack);
        worker->StackHigh = AddressMap.StackHigh(KernelMemory.WorkerStack);

        // As if HaukiSwitchStack had been called by WorkerStart and had just pushed the registers.
        nuint* stack = (nuint*)worker->StackHigh - 1 - SavedRegisters;
        for (int i = 0; i < SavedRegisters; i++)
        {
            stack[i] = 0;
        }

        stack[SavedRegisters] = (nuint)(delegate*<void>)&WorkerStart;
        worker->SavedStackPointer = (nuint)stack;
        RuntimeThread.Register(worker);
        RuntimeThread.Yield = &GiveWay;
    }

    /// <summary>Set when a job has ended.</summary>
    public PendingBit? Finished { get; set; }

    /// <inheritdoc/>
    public bool IsBusy => job is not null;

    /// <summary>
    /// Percent of its turns that the worker gets, 1 to 100; in the others the processor sleeps until the next
    /// interrupt. How a move slows down a node that writes to memory faster than it can be sent.
    /// </summary>
    public int Share
    {
        get => share;
        set => share = Math.Clamp(value, 0, WholeShare);
    }

    private static RuntimeThread* WorkerThread => (RuntimeThread*)Unsafe.AsPointer(ref thread);

    /// <inheritdoc/>
    public void Start(Action newJob)
    {
        // The last job may have told that it is done, and was interrupted before it had returned.
        for (int turn = 0; IsBusy && turn < TurnsToReturn; turn++)
        {
            GiveWay();
        }

        if (IsBusy)
        {
            throw new InvalidOperationException("the worker is still at its last job");
        }

        job = newJob;
    }

    /// <inheritdoc/>
    public void Rest(EventLoop loop)
    {
        if (Finalization.HasPending)
        {
            _ = Finalization.RunPending(FinalizersPerRest);
            return;
        }

        // Interrupts are off from the last look at the loop until the processor sleeps or has changed stacks; one that
        // comes in between waits and then ends the sleep at once.
        Cpu.DisableInterrupts();
        if (loop.HasWork)
        {
            Cpu.EnableInterrupts();
        }
        else if (IsBusy && MayTakeTurn())
        {
            Switch(loopThread, WorkerThread);
            Cpu.EnableInterrupts();
        }
        else
        {
            Cpu.WaitForInterrupt();
        }
    }

    private bool MayTakeTurn()
    {
        credit += share;
        bool may = credit >= WholeShare;
        credit -= may ? WholeShare : 0;
        return may;
    }

    /// <summary>
    /// The end of every interrupt: if it came while the worker ran, the loop goes on. The worker's state stays on
    /// its stack, in the frame of this very interrupt, until its next turn.
    /// </summary>
    public static void LeaveAfterInterrupt(TrapFrame* frame)
    {
        if (RuntimeThread.Current == WorkerThread && Preemption.MaySwitchAt(frame->Eip) && !TrapAtTheEnd.IsPending)
        {
            TrapAtTheEnd.Leave();
            Switch(WorkerThread, loopThread);
            TrapAtTheEnd.Return();
        }
    }

    [RuntimeExport("HaukiWorkerMain")]
    private static void Run()
    {
        BackgroundWorker worker = instance!;
        while (true)
        {
            Cpu.EnableInterrupts();
            worker.job!();
            Cpu.DisableInterrupts();
            worker.job = null;
            worker.Finished?.Set();
            Switch(WorkerThread, loopThread);
        }
    }

    /// <summary>One of the two waits for what only the other can do: release a lock, or end a constructor.</summary>
    private static void GiveWay()
    {
        Cpu.DisableInterrupts();
        if (RuntimeThread.Current == WorkerThread)
        {
            Switch(WorkerThread, loopThread);
        }
        else if (instance!.IsBusy)
        {
            Switch(loopThread, WorkerThread);
        }
        else
        {
            FatalError.Fail("the event loop waits for a lock that the worker took and never released");
        }

        Cpu.EnableInterrupts();
    }

    private static void Switch(RuntimeThread* from, RuntimeThread* to)
    {
        RuntimeThread.Current = to;
        SwitchStack(&from->SavedStackPointer, to->SavedStackPointer);
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiSwitchStack")]
    private static extern void SwitchStack(nuint* saved, nuint next);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiWorkerStart")]
    private static extern void WorkerStart();
}
