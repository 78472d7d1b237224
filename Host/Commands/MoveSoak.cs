using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using HaukiOS.Host.Bench;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Network;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Commands;

/// <summary>
/// The moves' part of <c>hauki soak</c>: a node goes back and forth between two machines, hundreds of times, while a
/// Linux speaks with it over one connection that is never renewed; its memory must stay as it was.
/// </summary>
internal static class MoveSoak
{
    // Even, so that memory is looked at on the same machine each time. The first round fills every buffer that is
    // filled once and kept.
    private const int MovesPerRound = 50;
    private const double DriftMaxKibibytes = 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Moves a node so many times.</summary>
    /// <returns>How many things went wrong.</returns>
    public static int Run(Layout layout, int moves)
    {
        if (NetworkNamespace.WhyNot() is { } reason)
        {
            throw new UserErrorException(reason);
        }

        using var shuttle = new NativeShuttle(
            layout,
            MoveNetwork.OnBridge(Shuttle.Places),
            new Station(NetworkCard.Rtl8139, 64),
            new Station(NetworkCard.Ne2000Pci, 128))
        {
            KeepsMachines = true,
        };
        try
        {
            return Run(shuttle, moves);
        }
        catch (Exception problem) when (problem is EmulatorException or TimeoutException)
        {
            System.Console.WriteLine($"soak moves: FAILED: {problem.Message}");
            return 1;
        }
    }

    private static int Run(Shuttle shuttle, int moves)
    {
        var watch = Stopwatch.StartNew();
        using var client = shuttle.Converse();
        client.AwaitEcho(Patience);
        List<MoveFigures> figures = [];
        List<double> silences = [];
        MemoryFigures? baseline = null;
        var (drift, held) = (0.0, 0.0);
        for (var move = 1; move <= moves; move++)
        {
            client.TakeLongestSilence();
            figures.Add(shuttle.Move());
            client.AwaitEcho(Patience);
            silences.Add(client.TakeLongestSilence().TotalMilliseconds);
            if (move % MovesPerRound == 0 || move == moves)
            {
                shuttle.Console.Command("soak alloc 64");
                var memory = MemoryFigures.Read(shuttle.Console);
                baseline ??= memory;
                drift = memory.LiveKibibytes - baseline.Value.LiveKibibytes;
                held = baseline.Value.FreeKibibytes - memory.FreeKibibytes;
                System.Console.WriteLine(
                    Invariant($"soak moves {watch.Elapsed:hh\\:mm\\:ss}: {move} moves, {client.Received} bytes back; ")
                    + Invariant($"{memory.LiveKibibytes:0} KiB live, {drift:+0;-0;0}, ")
                    + Invariant($"{memory.FreeKibibytes:0} KiB free, {-held:+0;-0;0}; since the last line ")
                    + Describe(figures, silences));
                figures.Clear();
                silences.Clear();
            }
        }

        client.Finish(Patience);
        var passed = Math.Abs(drift) <= DriftMaxKibibytes && held <= DriftMaxKibibytes;
        System.Console.WriteLine(Invariant($"soak moves: {moves} moves, one connection, {client.Sent} bytes there and ")
            + Invariant($"{client.Received} back, live memory moved by {drift:0} KiB, {held:0} KiB more held, ")
            + (passed ? "passed" : "FAILED"));
        return passed ? 0 : 1;
    }

    private static string Describe(List<MoveFigures> figures, List<double> silences)
    {
        var still = figures.Select(static move => move.DowntimeMs).ToList();
        var total = figures.Select(static move => move.TotalMs).ToList();
        return Invariant($"stood still {BenchResult.Median(still):0.0} ms (worst {still.Max():0.0}), ")
            + Invariant($"in all {BenchResult.Median(total):0} ms (worst {total.Max():0}), ")
            + Invariant($"silence {BenchResult.Median(silences):0.0} ms (worst {silences.Max():0.0})");
    }
}
