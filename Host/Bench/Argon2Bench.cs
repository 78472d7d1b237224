using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Peer;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// Argon2id over 64 MiB, three passes, one lane: in our kernel, against the reference program in the Linux guest.
/// Both machines are up all the time and work in turns; the one that waits sleeps. The host's clock times both,
/// from the command to the line with the result.
/// </summary>
internal static class Argon2Bench
{
    private const string OurCommand = "bench argon2\r";
    private const string PeerCommand = "echo -n password | argon2 somesalt -id -t 3 -m 16 -p 1\n";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Measures.</summary>
    public static BenchResult Measure(Layout layout, int runs, Action<string> progress)
    {
        var iso = layout.RequireIso();
        var peer = LinuxPeer.Require(layout, progress);
        using var scratch = new ScratchDirectory();
        var disk = scratch.File("disk.img");
        DiskImage.Create(disk, 64);

        // Room for 64 MiB beside either system; the same in both machines.
        var machine = new MachineOptions { MemoryMiB = 256 };
        progress("starting both machines");
        using var hauki = QemuMachine.Start(machine with { Iso = iso, Disk = new RawDisk(disk) });
        new ConsoleDriver(hauki.Serial).Enrol([.. SampleOperator.Answers]);
        using var linux = QemuMachine.Start(peer.FromKernel(machine));
        linux.Serial.Expect(LinuxPeer.Prompt, Patience);
        List<double> ours = [], theirs = [], oursOwn = [], theirsOwn = [];
        for (var run = 1; run <= runs; run++)
        {
            ours.Add(Time(hauki.Serial, OurCommand, "argon2id 64 MiB t=3 p=1: ", " ms", out var milliseconds));
            oursOwn.Add(milliseconds / 1000);
            hauki.Serial.Expect(ConsoleDriver.Prompt, Patience);
            theirs.Add(Time(linux.Serial, PeerCommand, "\n", " seconds", out var seconds));
            theirsOwn.Add(seconds);
            linux.Serial.Expect("Verification ok", Patience);
            linux.Serial.Expect(LinuxPeer.Prompt, Patience);
            progress(Invariant($"run {run} of {runs}: hauki {ours[^1]:0.00} s, linux {theirs[^1]:0.00} s"));
        }

        const string conditions = "Argon2id v19, 64 MiB, t=3, p=1, from the command to its result by the host's clock; "
            + "the peer is Debian's i386 argon2 program; Pentium 4, 256 MiB, TCG. 'OwnClock': by the guest's clock.";
        return new BenchResult("argon2", ours, theirs, RatioIsPeerOverOurs: false, conditions)
        {
            Details = new Dictionary<string, double>
            {
                ["haukiOwnClock"] = BenchResult.Median(oursOwn),
                ["linuxOwnClock"] = BenchResult.Median(theirsOwn),
            },
        };
    }

    private static double Time(SerialLine line, string command, string before, string after, out double reported)
    {
        var start = Stopwatch.GetTimestamp();
        line.Send(command);
        var text = line.Expect(after, Patience);
        var seconds = Stopwatch.GetElapsedTime(start, line.MatchedAt).TotalSeconds;
        var at = text.LastIndexOf(before, StringComparison.Ordinal) + before.Length;
        reported = double.Parse(text.AsSpan(at), CultureInfo.InvariantCulture);
        return seconds;
    }
}
