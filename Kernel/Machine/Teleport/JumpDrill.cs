using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Memory;
using Internal.Runtime;

namespace HaukiOS.Machine;

/// <summary>
/// <c>drill=jump</c>: the running kernel moves to the machine that it runs on, again and again. All of the migratable
/// zone is copied into free frames under another page directory, and the kernel lands there; what it ran on before is
/// free memory then. The worker is in the middle of its work every time, and after every jump the things are done that
/// would notice a page, a register or a table that has stayed behind.
/// </summary>
public sealed unsafe class JumpDrill : ILoopSource
{
    private const int Jumps = 100;
    private const int MillisecondsBetween = 10;
    private const int RoundsLeast = 6; // of the worker, after which it has overflowed its stack, too
    private const int CollectEvery = 5;
    private const int AbortEvery = 4;
    private const int PanicAfter = 3;
    private const uint OverheadMost = 0x180; // frames held beyond pages and tables: low memory, bits, tables, record
    private const uint Present = (uint)PageFlags.Present;

    private readonly bool endsInPanic;
    private readonly BackgroundWorker worker;
    private readonly IClock clock;
    private readonly LoopTimer timer;
    private readonly DrillLoad load = new("loop", 3);
    private readonly byte[] baggage = new byte[LandingRecord.BaggageMax];
    private StagedDirectory? staged;
    private string? problem;
    private LandingGift gift;
    private Instant last;
    private ulong longest;
    private ulong shortest = ulong.MaxValue;
    private uint aborted;
    private int jumps;
    private volatile bool stop;

    private JumpDrill(EventLoop loop, BackgroundWorker worker, IClock clock, bool endsInPanic)
    {
        this.endsInPanic = endsInPanic;
        this.worker = worker;
        this.clock = clock;
        timer = loop.AddTimer(this);
        timer.Schedule(clock.Now);
    }

    /// <summary>Puts the drill into the loop if the command line asks for it.</summary>
    public static void JoinIfAsked(EventLoop loop, BackgroundWorker worker, IClock clock)
    {
        if (BootCommandLine.Value("drill") is "jump" or "jump-panic")
        {
            _ = new JumpDrill(loop, worker, clock, BootCommandLine.Value("drill") == "jump-panic");
        }
    }

    /// <summary>One jump.</summary>
    public void OnPending(Instant now)
    {
        if (jumps == 0 && !worker.IsBusy)
        {
            worker.Start(Work);
            timer.Schedule(now.AddMilliseconds(MillisecondsBetween));
            return;
        }

        ThreadDrill.Check(worker.IsBusy, "the worker was not at work");
        ThreadDrill.Check(now > last, "time went backwards");
        last = now;
        Departure.IsDrill = true;
        if (jumps % AbortEvery == 0)
        {
            aborted += AbortDrill.Run();
            ThreadDrill.Check(*Damage() == 0, "a register did not survive a departure that was given up");
        }

        new Random(jumps).NextBytes(baggage);
        gift.CyclesPerSecond = (ulong)jumps;
        staged = StagedDirectory.TryCreate(null, KernelMemory.Frames);
        ThreadDrill.Check(staged is not null, "no frame for a directory");
        if (!Departure.Run(Leave))
        {
            Panic.At(problem ?? "the departure returned");
        }

        ulong took = Cpu.ReadTimestamp() - Landing.Gift.Timestamp;
        longest = Math.Max(longest, took);
        shortest = Math.Min(shortest, took);
        CheckLanding();
        Cpu.EnableInterrupts();
        load.Round();
        jumps++;
        if (endsInPanic && jumps == PanicAfter)
        {
            *(int*)AddressMap.DeviceWindow = 0;
        }

        if (jumps % CollectEvery == 0)
        {
            GC.Collect();
        }

        if (jumps < Jumps)
        {
            timer.Schedule(clock.Now.AddMilliseconds(MillisecondsBetween));
        }
        else
        {
            Report();
        }
    }

    private void Work()
    {
        DrillLoad own = new("worker", 4);
        for (int i = 0; i < RoundsLeast || !stop; i++)
        {
            own.Round();
        }

        own.Report();
    }

    /// <summary>On the departure's stack, interrupts off.</summary>
    private void Leave()
    {
        problem = NodeCopy.Stage(staged!);
        gift.Timestamp = Cpu.ReadTimestamp();
        problem ??= Landing.Jump(staged!, Departure.SavedState, baggage, in gift);
    }

    private void CheckLanding()
    {
        ThreadDrill.Check(*Damage() == 0, "a register did not survive the jump");
        ThreadDrill.Check(Landing.TakeBaggage().AsSpan().SequenceEqual(baggage), "the baggage was lost");
        ThreadDrill.Check(Landing.Gift.CyclesPerSecond == (ulong)jumps, "the gift was lost");
        Landing.Forget();
        ThreadDrill.Check(!StackGuard.IsOpen(AddressMap.StackLow(KernelMemory.MainStack)), "the guard pages are open");
        uint held = KernelMemory.Frames->Total - KernelMemory.Frames->Free;
        ThreadDrill.Check(held - CountMapped() < OverheadMost, "frames were left behind");
        ZoneCheck.Run(tell: false);
    }

    /// <summary>Pages of the migratable zone and their tables; guard pages are not among them.</summary>
    private static uint CountMapped()
    {
        uint* directory = (uint*)KernelMemory.Directory.Root;
        uint count = 0;
        uint end = AddressMap.MigratableEnd / PageDirectory.LargePageSize;
        for (uint i = AddressMap.Migratable / PageDirectory.LargePageSize; i < end; i++)
        {
            if ((directory[i] & Present) == 0)
            {
                continue;
            }

            count++;
            uint* table = (uint*)(directory[i] & ~(AddressMap.PageSize - 1));
            for (uint page = 0; page < AddressMap.PageSize / sizeof(uint); page++)
            {
                count += table[page] & Present;
            }
        }

        return count;
    }

    private void Report()
    {
        stop = true;
        load.Report();
        PanicOutput.Write("drill: jumps ");
        PanicOutput.WriteDecimal((uint)jumps);
        PanicOutput.Write(" of ");
        PanicOutput.WriteDecimal((uint)(shortest / 1000));
        PanicOutput.Write(" to ");
        PanicOutput.WriteDecimal((uint)(longest / 1000));
        PanicOutput.Write(" thousand cycles; given up ");
        PanicOutput.WriteDecimal(aborted);
        PanicOutput.Write("; refused ");
        PanicOutput.WriteDecimal(RefusalDrill.Run(StagedDirectory.TryCreate(null, KernelMemory.Frames)!));
        PanicOutput.Write("; frames held ");
        PanicOutput.WriteDecimal(KernelMemory.Frames->Total - KernelMemory.Frames->Free);
        PanicOutput.WriteLine();
        PanicOutput.Write("drill: passed\n");
        PanicOutput.Flush();
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDrillDamage")]
    private static extern int* Damage();
}
