using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// The worker and the event loop's thread at the same hard work, with a timer that takes the processor away from the
/// worker a thousand times a second: whatever the runtime shares between threads and leaves half-changed for a moment
/// is found half-changed sooner or later. <c>drill=threads</c>; a wrong result is a panic.
/// </summary>
internal static unsafe class ThreadDrill
{
    private const uint Hertz = 1000;

    /// <summary>Beats at least, for the sake of what happens seldom. A slow machine takes what it needs.</summary>
    private const uint Beats = 8 * Hertz;

    /// <summary>How many rounds the loop may be ahead for each of the worker's, which has short turns only.</summary>
    private const uint Lead = 8;

    /// <summary>Beats for which a constructor lasts on purpose, so that the other thread must wait.</summary>
    private const uint Hold = 3;

    private static readonly object Gate = new();
    private static volatile bool workerIsMakingSlow;
    private static volatile uint workerRounds;
    private static volatile bool stop;
    private static int guardedA;
    private static int guardedB;
    private static BackgroundWorker? worker;
    private static EventLoop? loop;

    /// <summary>Runs the drill; returns if all went well.</summary>
    public static void Run()
    {
        DrillTimer.Start(Hertz);
        worker = new BackgroundWorker();
        loop = new EventLoop(new NoTime());
        DrillLoad load = new("loop", 1);
        Cpu.EnableInterrupts();
        worker.Start(Work);
        while (!workerIsMakingSlow)
        {
            worker.Rest(loop);
        }

        Check(SlowClass.Value == SlowClass.Right, "a class was used before the worker had made it");
        while (DrillTimer.Beats < Beats || Math.Min(load.Rounds, workerRounds) < DrillLoad.RoundsMin)
        {
            load.Round();
            TakeTurnsAtGate();
            do
            {
                worker.Rest(loop);
            }
            while (load.Rounds > Lead * (workerRounds + 1));
        }

        stop = true;
        while (worker.IsBusy)
        {
            worker.Rest(loop);
        }

        Check(guardedA == guardedB && guardedA > 0, "the lock did not keep the threads apart");
        load.Report();
        PanicOutput.Write("drill: collections ");
        PanicOutput.WriteDecimal(GcStatistics.Collections);
        PanicOutput.WriteLine();
        Cpu.DisableInterrupts();
    }

    /// <summary>What must be true in every round.</summary>
    internal static void Check(bool holds, string complaint)
    {
        if (!holds)
        {
            Panic.At(complaint);
        }
    }

    private static void Work()
    {
        Check(SlowClass.Value == SlowClass.Right, "a class was not made by its constructor");
        DrillLoad load = new("worker", 2);
        while (!stop)
        {
            load.Round();
            workerRounds = load.Rounds;
            HoldGate();
        }

        load.Report();
    }

    /// <summary>The worker is taken off the processor in the middle of this, every time.</summary>
    private static void HoldGate()
    {
        lock (Gate)
        {
            guardedA++;
            Wait(1);
            guardedB++;
        }
    }

    /// <summary>The worker gets its turn while the gate is shut, and may want to go through.</summary>
    private static void TakeTurnsAtGate()
    {
        lock (Gate)
        {
            Check(guardedA == guardedB, "two threads were behind one lock");
            guardedA++;
            worker!.Rest(loop!);
            guardedB++;
        }
    }

    private static void Wait(uint beats)
    {
        uint start = DrillTimer.Beats;
        while (DrillTimer.Beats - start < beats)
        {
            Cpu.Pause();
        }
    }

    private sealed class NoTime : IClock
    {
        public Instant Now => default;
    }

    /// <summary>Its constructor takes long, and is interrupted in the middle.</summary>
    private static class SlowClass
    {
        public const int Right = 4711;

        public static readonly int Value;

        static SlowClass()
        {
            workerIsMakingSlow = true;
            Wait(Hold);
            Value = Right;
        }
    }
}
