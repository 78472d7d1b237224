using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// A move of our own against QEMU's live migration: the same kernel in the same machine with the same work to do,
/// and for both the same wire, because QEMU is held to what the emulated card was measured to carry; and the same
/// aim for the downtime. A Linux speaks with the node all the time, and its longest silence is the witness that both
/// clocks are judged by.
/// </summary>
internal static class TeleportBench
{
    private const int DowntimeAimMs = 30;

    private const string Conditions = "native move against QEMU's live migration, both with 30 ms as their aim, QEMU "
        + "with the bandwidth that the card was measured to carry; a Linux client streams all the time; downtime as "
        + "each of them reports it, silence as the client heard it; rtl8139, Pentium 4, 128 MiB, TCG";

    // A peer that has not come to an end so often is not waited for again; its time was ten or more of our moves each.
    private const int GivenUpMax = 3;

    // Nor is one that needs minutes for its samples; how many there are is in the report.
    private static readonly TimeSpan PeerTime = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // The work has gone through its region a few times before the move, and the wire has been quiet.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(1500);

    // MiB that are written to without a pause.
    private static readonly int[] WorkingSets = [0, 1, 16, 50];

    private static readonly Station Machine = new(NetworkCard.Rtl8139, 128);

    private static (int Runs, IReadOnlyList<BenchResult> Results)? latest;

    /// <summary>Measures once for all of the figures, and gives those of one name.</summary>
    public static IReadOnlyList<BenchResult> Measure(
        string name, Layout layout, int runs, Action<string> progress)
    {
        if (latest is not { } known || known.Runs != runs)
        {
            latest = known = (runs, MeasureAll(layout, runs, progress));
        }

        return [.. known.Results.Where(result => result.Name.StartsWith(name + "/", StringComparison.Ordinal))];
    }

    private static List<BenchResult> MeasureAll(Layout layout, int runs, Action<string> progress)
    {
        var results = new List<BenchResult>();
        var rate = WireRate.Measure(layout, Machine.Model);
        progress(Invariant($"the card carries {rate / 1e6:0} Mbit/s; so much is QEMU allowed"));
        var how = new QemuMigration
        {
            BandwidthMax = (long)(rate / 8),
            DowntimeLimitMs = DowntimeAimMs,
            MaySlowDown = true,
            Patience = Patience,
        };
        using var native = new NativeShuttle(layout, MoveNetwork.OnBridge(Shuttle.Places), Machine, Machine);
        foreach (var mebibytes in WorkingSets)
        {
            List<Sample> ours = [], theirs = [];
            var givenUp = 0;
            var peerTime = new Stopwatch();

            // There and back is one run: both machines are left, and arrived at, equally often.
            for (var move = 1; move <= 2 * runs; move++)
            {
                ours.Add(Run(native, mebibytes));
                var isAsked = givenUp < GivenUpMax && peerTime.Elapsed < PeerTime;
                peerTime.Start();
                var its = isAsked ? RunByQemu(layout, how, mebibytes) : null;
                peerTime.Stop();
                givenUp += isAsked && its is null ? 1 : 0;
                theirs.AddRange(its is { } sample ? [sample] : []);
                var said = its?.ToString() ?? (isAsked ? "did not come to an end" : "not asked any more");
                progress(Invariant($"{mebibytes} MiB hot, move {move} of {2 * runs}: hauki {ours[^1]}; qemu {said}"));
            }

            results.AddRange(Judge(mebibytes, ours, theirs));
            if (givenUp > 0)
            {
                progress(Invariant($"{mebibytes} MiB hot: qemu came to no end within {Patience.TotalSeconds} s, ")
                    + Invariant($"{givenUp} times; hauki took {BenchResult.Median(ours.Select(Total)):0} ms, ")
                    + Invariant($"at worst {ours.Max(Total):0}, and stood still for ")
                    + Invariant($"{BenchResult.Median(ours.Select(Down)):0.0} ms, at worst {ours.Max(Down):0.0}"));
            }
        }

        return results;
    }

    private static double Total(Sample sample) => sample.Figures.TotalMs;

    private static double Down(Sample sample) => sample.Figures.DowntimeMs;

    private static IEnumerable<BenchResult> Judge(int mebibytes, List<Sample> ours, List<Sample> theirs)
    {
        if (theirs.Count == 0)
        {
            return [];
        }

        var what = mebibytes == 0 ? "idle" : Invariant($"{mebibytes}MiB");
        BenchResult Of(string name, string unit, Func<Sample, double?> figure)
        {
            List<double> our = [.. ours.Select(figure).OfType<double>()];
            List<double> their = [.. theirs.Select(figure).OfType<double>()];
            return new BenchResult(name, our, their, RatioIsPeerOverOurs: false, Conditions)
            {
                PeerName = "qemu",
                Unit = unit,
                Details = new Dictionary<string, double> { ["haukiWorst"] = our.Max(), ["qemuWorst"] = their.Max() },
            };
        }

        IEnumerable<BenchResult> silence = theirs.Exists(static sample => sample.SilenceMs is not null)
            ? [Of($"teleport-downtime/{what}/silence", "ms", static sample => sample.SilenceMs)]
            : [];
        return
        [
            Of($"teleport-downtime/{what}", "ms", static sample => sample.Figures.DowntimeMs),
            .. silence,
            Of($"teleport-total/{what}", "ms", static sample => sample.Figures.TotalMs),
            Of($"teleport-bytes/{what}", "MB", static sample => sample.Figures.Bytes / 1e6),
        ];
    }

    private static Sample Run(Shuttle shuttle, int mebibytes)
    {
        using var client = shuttle.Converse();
        client.AwaitEcho(Patience);
        shuttle.StartLoad(mebibytes);
        Thread.Sleep(Settle);
        client.TakeLongestSilence();
        var figures = shuttle.Move();
        client.AwaitEcho(Patience);
        var silence = client.TakeLongestSilence();
        shuttle.StopLoad();
        client.Finish(Patience);
        return new Sample(figures, silence.TotalMilliseconds);
    }

    // QEMU 7.2 leaves many machines damaged that it has gone through more than twice; it looks like the loss of writes
    // that was mended in 9.0 (its commit 03bfc2188f). So each machine is used once, and only its figures count.
    private static Sample? RunByQemu(Layout layout, QemuMigration how, int mebibytes)
    {
        using var shuttle = new QemuShuttle(layout, MoveNetwork.OnBridge(Shuttle.Places), Machine) { How = how };
        using var client = shuttle.Converse();
        client.AwaitEcho(Patience);
        shuttle.StartLoad(mebibytes);
        Thread.Sleep(Settle);
        client.TakeLongestSilence();
        MoveFigures figures;
        try
        {
            figures = shuttle.Move();
        }
        catch (EmulatorException)
        {
            return null;
        }

        try
        {
            client.AwaitEcho(TimeSpan.FromSeconds(5));
            return new Sample(figures, client.TakeLongestSilence().TotalMilliseconds);
        }
        catch (TimeoutException)
        {
            return new Sample(figures, null);
        }
    }

    /// <summary>One move, and the longest silence that the client heard; null if it heard nothing more.</summary>
    private readonly record struct Sample(MoveFigures Figures, double? SilenceMs)
    {
        public override string ToString() =>
            Invariant($"{Figures.DowntimeMs:0.0} ms down, silence {SilenceMs ?? double.PositiveInfinity:0} ms, ")
            + Invariant($"{Figures.TotalMs:0} ms in all, {Figures.Bytes / 1e6:0.0} MB");
    }
}
