using System;
using System.Collections.Generic;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Peer;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// From the start of QEMU's process to the first challenge on the serial line, against Linux on the same machine
/// from the same moment to its shell's prompt. Both start from a CD with the same GRUB, as they would on a PC; the
/// times with no boot loader, the kernel put into memory by QEMU, are measured beside them.
/// </summary>
internal static class BootBench
{
    // A figure beside the point: a few runs tell it.
    private const int DirectRuns = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Measures.</summary>
    public static BenchResult Measure(Layout layout, int runs, Action<string> progress)
    {
        var iso = layout.RequireIso();
        var peer = LinuxPeer.Require(layout, progress);
        using var scratch = new ScratchDirectory();
        progress("enrolling an operator on a fresh disk");
        var disk = scratch.File("disk.img");
        SampleOperator.PrepareDisk(iso, disk);
        var machine = new MachineOptions { Disk = new RawDisk(disk) };
        List<double> ours = [], theirs = [], oursDirect = [], theirsDirect = [];
        for (var run = 1; run <= runs; run++)
        {
            ours.Add(Boot(machine with { Iso = iso }, ConsoleDriver.FirstChallenge));
            theirs.Add(Boot(peer.FromIso(machine), LinuxPeer.Prompt));
            if (run <= DirectRuns)
            {
                oursDirect.Add(Boot(machine with { Kernel = layout.Kernel }, ConsoleDriver.FirstChallenge));
                theirsDirect.Add(Boot(peer.FromKernel(machine), LinuxPeer.Prompt));
            }

            progress(Invariant($"run {run} of {runs}: hauki {ours[^1]:0.00} s, linux {theirs[^1]:0.00} s"));
        }

        progress(Invariant($"without GRUB: hauki {BenchResult.Median(oursDirect):0.00} s, ")
            + Invariant($"linux {BenchResult.Median(theirsDirect):0.00} s"));
        const string conditions = "QEMU's process start to 'challenge 1/' (hauki) or the shell's prompt (linux), "
            + "both from a CD by GRUB; i440FX, Pentium 4, 128 MiB, IDE disk, TCG. 'direct': qemu -kernel for both.";
        return new BenchResult("boot", ours, theirs, RatioIsPeerOverOurs: true, conditions)
        {
            Details = new Dictionary<string, double>
            {
                ["haukiDirect"] = BenchResult.Median(oursDirect),
                ["linuxDirect"] = BenchResult.Median(theirsDirect),
            },
        };
    }

    private static double Boot(MachineOptions options, string ready)
    {
        using var machine = QemuMachine.Start(options);
        machine.Serial.Expect(ready, Patience);
        return machine.SecondsToMatch;
    }
}
