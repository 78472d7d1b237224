using System;
using System.Collections.Generic;
using System.Globalization;
using HaukiOS.Host.Emulator;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// What it costs a node that somebody keeps track of the pages it writes to: the speed of <c>load</c> while the page
/// tables are looked through twenty times a second, against that of the same kernel that nobody looks at. The
/// emulator counts instructions, and that is the guests' clock: what else the host does changes nothing.
/// </summary>
internal static class TrackingBench
{
    private const int Mebibytes = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(2);

    /// <summary>Both ways of noticing writes, with a load that writes whole pages and one that does not.</summary>
    public static IReadOnlyList<BenchResult> Measure(Layout layout, int runs, Action<string> progress)
    {
        using var untracked = Start(layout, string.Empty);
        using var bits = Start(layout, "drill=look");
        using var protection = Start(layout, "drill=look tracking=protect");
        List<BenchResult> results = [];
        foreach (var kind in (string[])["fill", "touch"])
        {
            List<double> without = [], byBits = [], byProtection = [];
            for (var run = 1; run <= runs; run++)
            {
                without.Add(Run(untracked, kind));
                byBits.Add(Run(bits, kind));
                byProtection.Add(Run(protection, kind));
                progress(Invariant(
                    $"{kind}, run {run} of {runs}: {without[^1]:0}, {byBits[^1]:0}, {byProtection[^1]:0} pages/s"));
            }

            results.Add(Result($"tracking-bits-{kind}", byBits, without));
            results.Add(Result($"tracking-protection-{kind}", byProtection, without));
        }

        return results;
    }

    private static BenchResult Result(string name, List<double> ours, List<double> without) =>
        new(name, ours, without, RatioIsPeerOverOurs: false, Invariant(
            $"'load {Mebibytes}' with 20 looks a second, against the same without, by the guest's clock; ")
            + "Pentium 4, 128 MiB, TCG that counts 500 million instructions a second.")
        {
            PeerName = "untracked",
            Unit = "pages/s",
        };

    private static QemuMachine Start(Layout layout, string arguments)
    {
        var machine = QemuMachine.Start(new MachineOptions
        {
            Kernel = layout.Kernel,
            KernelArguments = arguments,
            Extra = ["-icount", "shift=1"],
        });
        machine.Serial.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        return machine;
    }

    /// <summary>Lets the load run alone for a while, and asks it how fast it was.</summary>
    private static double Run(QemuMachine machine, string kind)
    {
        var line = machine.Serial;
        Say(line, Invariant($"load {Mebibytes} {kind}"));
        Say(line, "load");
        System.Threading.Thread.Sleep(Span);
        var text = Say(line, "load");
        Say(line, "load stop");
        var end = text.LastIndexOf(" pages/s", StringComparison.Ordinal);
        var start = text.LastIndexOf(' ', end - 1) + 1;
        return double.Parse(text.AsSpan(start, end - start), CultureInfo.InvariantCulture);
    }

    private static string Say(SerialLine line, string command)
    {
        line.Send(command + "\r");
        return line.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
    }
}
