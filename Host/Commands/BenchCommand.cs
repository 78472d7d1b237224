using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using HaukiOS.Host.Bench;

namespace HaukiOS.Host.Commands;

/// <summary>
/// <c>hauki bench</c>: all measurements, or one. Progress goes to the error stream, results to the other.
/// </summary>
internal static class BenchCommand
{
    private delegate IReadOnlyList<BenchResult> Measurement(Layout layout, BenchEffort effort, Action<string> progress);

    private static readonly Dictionary<string, Measurement> Benchmarks = new()
    {
        ["boot"] = (layout, effort, progress) => [BootBench.Measure(layout, effort.Runs, progress)],
        ["argon2"] = (layout, effort, progress) => [Argon2Bench.Measure(layout, effort.Runs, progress)],
        ["tcp-receive"] = (layout, effort, progress) => ThroughputBench.MeasureReceive(layout, effort.Runs, progress),
        ["tcp-send"] = (layout, effort, progress) => ThroughputBench.MeasureSend(layout, effort.Runs, progress),
        ["ping"] = (layout, effort, progress) => PingBench.Measure(layout, effort.Runs, progress),
        ["tracking"] = (layout, effort, progress) => TrackingBench.Measure(layout, effort.Runs, progress),
        ["teleport-downtime"] = Teleport("teleport-downtime"),
        ["teleport-total"] = Teleport("teleport-total"),
        ["teleport-bytes"] = Teleport("teleport-bytes"),
        ["teleport-throughput"] = Teleport("teleport-throughput"),
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var only = new Argument<string?>("only")
        {
            Description = $"One of {string.Join(", ", Benchmarks.Keys)}, or how some begin; or all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var runs = new Option<int>("--runs")
        {
            Description = "How often each side is measured; the median counts. teleport: moves there and back.",
            DefaultValueFactory = _ => 10,
        };
        var peerMinutes = new Option<double>("--peer-minutes")
        {
            Description = "teleport: QEMU is not asked any more when its moves of one working set have taken so long; "
                + "0 for no limit.",
            DefaultValueFactory = _ => 6,
        };
        var command = new Command("bench", "Measures the kernel against Linux in the same emulated machine, its moves "
            + "against QEMU's live migration.")
        {
            only, runs, peerMinutes,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(only), new BenchEffort(parsed.GetValue(runs), parsed.GetValue(peerMinutes))));
        return command;
    }

    // One measurement finds all four.
    private static Measurement Teleport(string name) =>
        (layout, effort, progress) => TeleportBench.Measure(name, layout, effort, progress);

    private static int Run(string? only, BenchEffort effort)
    {
        if (effort.Runs < 1)
        {
            throw new UserErrorException("--runs is at least 1.");
        }

        var layout = Layout.Find();
        var chosen = Benchmarks.Keys
            .Where(key => string.IsNullOrEmpty(only) || key == only || key.StartsWith(only + "-"))
            .DefaultIfEmpty(only!);
        foreach (var name in chosen)
        {
            if (!Benchmarks.TryGetValue(name, out var measure))
            {
                throw new UserErrorException(
                    $"There is no benchmark '{name}'; there are {string.Join(", ", Benchmarks.Keys)}.");
            }

            foreach (var result in measure(layout, effort, line => System.Console.Error.WriteLine($"{name}: {line}")))
            {
                BenchReport.Store(layout.BenchReport, result);
                System.Console.WriteLine(result.Line);
            }
        }

        return 0;
    }
}
