using System;
using System.Collections.Generic;
using System.Globalization;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>The round trip of an ICMP echo from the host to either guest.</summary>
internal static class PingBench
{
    private const int Echoes = 200;

    /// <summary>Measures.</summary>
    public static IReadOnlyList<BenchResult> Measure(Layout layout, int runs, Action<string> progress)
    {
        var results = new List<BenchResult>();
        foreach (var card in BenchWire.Cards)
        {
            using var wire = new BenchWire(layout, card, progress);
            List<double> ours = [], theirs = [];
            for (var run = 1; run <= runs; run++)
            {
                ours.Add(Run(wire, BenchWire.OurAddress));
                theirs.Add(Run(wire, BenchWire.PeerAddress));
                progress(Invariant($"{card}, run {run} of {runs}: hauki {ours[^1]:0.000} ms, ")
                    + Invariant($"linux {theirs[^1]:0.000} ms"));
            }

            var conditions = $"mean of {Echoes} echoes of 56 bytes, 10 ms apart, over a tap; {card}; "
                + "Pentium 4, 128 MiB, TCG";
            results.Add(new BenchResult($"ping/{card}", ours, theirs, RatioIsPeerOverOurs: true, conditions)
            {
                Unit = "ms",
            });
        }

        return results;
    }

    // The last line is: rtt min/avg/max/mdev = 0.263/0.458/1.331/0.107 ms
    private static double Run(BenchWire wire, string address)
    {
        var said = wire.Run("ping", "-q", "-i", "0.01", "-c", $"{Echoes}", address);
        var figures = said[(said.LastIndexOf('=') + 1)..].Split('/');
        return double.Parse(figures[1], CultureInfo.InvariantCulture);
    }
}
