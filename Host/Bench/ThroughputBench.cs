using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;
using HaukiOS.Host.Emulator;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// TCP, one connection, one direction at a time, by the host's iperf3 against the server in each guest; and what the
/// bytes cost in processor time of the host. Both guests are up all the time and are measured in turns.
/// </summary>
internal static class ThroughputBench
{
    private const int SecondsPerRun = 3;

    // Linux's driver of the NE2000 wedges for good when more arrives than its ring holds; a window of this size keeps
    // it alive, and it is where that driver is quickest.
    private const string NarrowWindow = "8K";

    /// <summary>The guest receives.</summary>
    public static IReadOnlyList<BenchResult> MeasureReceive(Layout layout, int runs, Action<string> progress) =>
        Measure(layout, "tcp-receive", reverse: false, runs, progress);

    /// <summary>The guest sends.</summary>
    public static IReadOnlyList<BenchResult> MeasureSend(Layout layout, int runs, Action<string> progress) =>
        Measure(layout, "tcp-send", reverse: true, runs, progress);

    private static List<BenchResult> Measure(
        Layout layout, string name, bool reverse, int runs, Action<string> progress)
    {
        var results = new List<BenchResult>();
        foreach (var card in BenchWire.Cards)
        {
            using var wire = new BenchWire(layout, card, progress);
            var narrow = card == NetworkCard.Ne2000Pci && !reverse;
            List<Flow> ours = [], theirs = [];
            for (var run = 1; run <= runs; run++)
            {
                ours.Add(Run(wire, BenchWire.OurAddress, reverse, narrow: false, () => wire.OurSeconds));
                theirs.Add(Run(wire, BenchWire.PeerAddress, reverse, narrow, () => wire.PeerSeconds));
                progress(Invariant($"{card}, run {run} of {runs}: hauki {ours[^1].Megabits:0} Mbit/s, ")
                    + Invariant($"linux {theirs[^1].Megabits:0} Mbit/s"));
            }

            var conditions = $"iperf3, one TCP connection, {SecondsPerRun} s a run, host to guest over a tap; {card}; "
                + "Pentium 4, 128 MiB, TCG; Linux 6.1 i386 with "
                + (narrow ? $"a window of {NarrowWindow}, because its driver wedges with more" : "its defaults");
            results.Add(new BenchResult(
                $"{name}/{card}", [.. ours.Select(flow => flow.Megabits)], [.. theirs.Select(flow => flow.Megabits)],
                RatioIsPeerOverOurs: false, conditions)
            {
                Unit = "Mbit/s",
            });
            results.Add(new BenchResult(
                $"{name}-cpu/{card}", [.. ours.Select(flow => flow.Cost)], [.. theirs.Select(flow => flow.Cost)],
                RatioIsPeerOverOurs: true, "processor time of the emulator's process for each MB; " + conditions)
            {
                Unit = "ms/MB",
            });
        }

        return results;
    }

    private static Flow Run(BenchWire wire, string address, bool reverse, bool narrow, Func<double> processorSeconds)
    {
        List<string> arguments = ["-c", address, "-t", $"{SecondsPerRun}", "-J"];
        arguments.AddRange(reverse ? ["-R"] : Array.Empty<string>());
        arguments.AddRange(narrow ? ["-w", NarrowWindow] : Array.Empty<string>());
        var before = processorSeconds();
        var report = JsonNode.Parse(wire.Run("iperf3", arguments))!;
        var spent = processorSeconds() - before;
        if (report["error"]?.GetValue<string>() is { } error)
        {
            throw new UserErrorException($"iperf3 with {address}: {error}");
        }

        var received = report["end"]!["sum_received"]!;
        const double mega = 1_000_000;
        return new Flow(
            received["bits_per_second"]!.GetValue<double>() / mega,
            spent * 1000 / (received["bytes"]!.GetValue<double>() / mega));
    }

    /// <summary>One run: megabits a second, and milliseconds of processor time for each megabyte.</summary>
    private readonly record struct Flow(double Megabits, double Cost);
}
