using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Machine;
using HaukiOS.Memory;
using HaukiOS.Store;

namespace HaukiOS.Image;

/// <summary>
/// <c>drill=land</c>: the running kernel moves to the machine that it runs on, again and again, and each time gives all
/// devices away and binds them anew, as on another machine. Somebody outside has a conversation with it meanwhile. A
/// disk is read and written while the kernel stands still, interrupts off, as the record of a hand-over is, and again
/// after it has landed. What is written is what stood there.
/// </summary>
internal sealed class LandingDrill : ILoopSource
{
    private const int Jumps = 15;
    private const int MillisecondsBetween = 300;

    private readonly MetalMachine machine;
    private readonly KernelLog log;
    private readonly LoopTimer timer;
    private readonly byte[] baggage = new byte[1];
    private readonly IBlockDevice? disk;
    private readonly long place = VolumeLayout.HandoverA.First;
    private readonly byte[] here = new byte[IBlockDevice.SectorSize];
    private readonly byte[] there = new byte[IBlockDevice.SectorSize];
    private StagedDirectory? staged;
    private Instant stopped;
    private string? problem;

    private LandingDrill(EventLoop loop, MetalMachine machine, IBlockDevice? disk, KernelLog log)
    {
        this.machine = machine;
        this.disk = disk;
        this.log = log;
        timer = loop.AddTimer(this);
        timer.Schedule(machine.Clock.Now.AddMilliseconds(MillisecondsBetween));
    }

    /// <summary>Puts the drill into the loop if the command line asks for it.</summary>
    public static void JoinIfAsked(EventLoop loop, MetalMachine machine, IBlockDevice? disk, KernelLog log)
    {
        if (BootCommandLine.Value("drill") == "land")
        {
            _ = new LandingDrill(loop, machine, disk, log);
        }
    }

    /// <summary>One jump.</summary>
    public unsafe void OnPending(Instant now)
    {
        if (disk is not null && disk.Read(place, here) != BlockResult.Ok)
        {
            Panic.At("drill: the disk cannot be read");
        }

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

        if (AskDisk() is string fault)
        {
            Panic.At(fault);
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
        problem = AskDisk() ?? NodeCopy.Stage(staged!) ?? machine.CheckLanding(staged!, machine.SavedState);
        if (problem is null)
        {
            machine.Land(staged!, machine.SavedState, machine.Clock.Now, baggage);
        }
    }

    private string? AskDisk()
    {
        if (disk is null)
        {
            return null;
        }

        Array.Clear(there);
        if (disk.Read(place, there) != BlockResult.Ok || !there.AsSpan().SequenceEqual(here))
        {
            return "drill: the disk reads otherwise";
        }

        return disk.Write(place, there) == BlockResult.Ok && disk.Flush() == BlockResult.Ok
            ? null
            : "drill: the disk cannot be written";
    }
}
