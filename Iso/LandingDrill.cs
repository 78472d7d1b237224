using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;

namespace HaukiOS.Image;

/// <summary>
/// <c>drill=land</c>: the running kernel moves to the machine that it runs on, again and again, and each time gives all
/// devices away and binds them anew, as on another machine. Somebody outside has a conversation with it meanwhile.
/// </summary>
internal sealed class LandingDrill : ILoopSource
{
    private const int Jumps = 25;
    private const int MillisecondsBetween = 400;

    private readonly MetalMachine machine;
    private readonly KernelLog log;
    private readonly LoopTimer timer;
    private readonly byte[] baggage = new byte[1];
    private StagedDirectory? staged;
    private Instant stopped;
    private string? problem;

    private LandingDrill(EventLoop loop, MetalMachine machine, KernelLog log)
    {
        this.machine = machine;
        this.log = log;
        timer = loop.AddTimer(this);
        timer.Schedule(machine.Clock.Now.AddMilliseconds(MillisecondsBetween));
    }

    /// <summary>Puts the drill into the loop if the command line asks for it.</summary>
    public static void JoinIfAsked(EventLoop loop, MetalMachine machine, KernelLog log)
    {
        if (BootCommandLine.Value("drill") == "land")
        {
            _ = new LandingDrill(loop, machine, log);
        }
    }

    /// <summary>One jump.</summary>
    public unsafe void OnPending(Instant now)
    {
        staged = StagedDirectory.TryCreate(machine.Physical, machine.Frames);
        stopped = machine.Clock.Now;
        if (staged is null || !machine.Depart(Leave))
        {
            Panic.At(problem ?? "no frame for a directory");
        }

        byte number = machine.Rebind()[0];
        if (number != baggage[0] || machine.Clock.Now <= stopped)
        {
            Panic.At("landed with other baggage, or in the past");
        }

        baggage[0]++;
        log.Add($"drill: landing {baggage[0]}, {(machine.Clock.Now - stopped) / 1000} us");
        if (baggage[0] < Jumps)
        {
            timer.Schedule(machine.Clock.Now.AddMilliseconds(MillisecondsBetween));
        }
        else
        {
            machine.Tell("drill: passed\r\n"u8);
        }
    }

    /// <summary>On the departure's stack, interrupts off.</summary>
    private void Leave()
    {
        problem = NodeCopy.Stage(staged!) ?? machine.CheckLanding(staged!, machine.SavedState);
        if (problem is null)
        {
            machine.Land(staged!, machine.SavedState, machine.Clock.Now, baggage);
        }
    }
}
