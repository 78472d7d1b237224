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
    private delegate IReadOnlyList<BenchResult> Measurement(Layout layout, int runs, Action<string> progress);

    private static readonly Dictionary<string, Measurement> Benchmarks = new()
    {
        ["boot"] = (layout, runs, progress) => [BootBench.Measure(layout, runs, progress)],
        ["argon2"] = (layout, runs, progress) => [Argon2Bench.Measure(layout, runs, progress)],
        ["tcp-receive"] = ThroughputBench.MeasureReceive,
        ["tcp-send"] = ThroughputBench.MeasureSend,
        ["ping"] = PingBench.Measure,
        ["tracking"] = TrackingBench.Measure,
        ["teleport-downtime"] = Teleport("teleport-downtime"),
        ["teleport-total"] = Teleport("teleport-total"),
        ["teleport-bytes"] = Teleport("teleport-bytes"),
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
            Description = "How often each side is measured; the median counts.",
            DefaultValueFactory = _ => 10,
        };
        var command = new Command("bench", "Measures the kernel against Linux in the same emulated machine.")
        {
            only, runs,
        };
        command.SetAction(parsed => Run(parsed.GetValue(only), parsed.GetValue(runs)));
        return command;
    }

    // One measurement finds all three.
    private static Measurement Teleport(string name) =>
        (layout, runs, progress) => TeleportBench.Measure(name, layout, runs, progress);

    private static int Run(string? only, int runs)
    {
        if (runs < 1)
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

            foreach (var result in measure(layout, runs, line => System.Console.Error.WriteLine($"{name}: {line}")))
            {
                BenchReport.Store(layout.BenchReport, result);
                System.Console.WriteLine(result.Line);
            }
        }

        return 0;
    }
}
