using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace HaukiOS.Host.Commands;

/// <summary>
/// The simulation of the network stack, many times longer than in the daily tests: millions of segments over bad wires,
/// and ten million wrong frames. It is those very tests; an environment variable says how much more they do.
/// </summary>
internal static class SimulationSoak
{
    /// <summary>Runs it.</summary>
    /// <returns>How many of its parts failed: 0 or 1.</returns>
    public static int Run(Layout layout, int times)
    {
        var from = Stopwatch.GetTimestamp();
        string[] words =
        [
            "test", Path.Combine(layout.Root, "Kernel.Tests"), "-c", "Release", "--nologo", "-v", "quiet",
            "--logger", "console;verbosity=normal", "--filter", "FullyQualifiedName~Simulation.Net",
        ];
        var start = new ProcessStartInfo("dotnet", words);
        start.Environment["HAUKI_SOAK"] = times.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var seconds = Stopwatch.GetElapsedTime(from).TotalSeconds;
        var outcome = process.ExitCode == 0 ? "passed" : "FAILED";
        System.Console.WriteLine(FormattableString.Invariant(
            $"soak net-sim: {times} times the daily amount, {outcome} ({seconds:0} s)"));
        return process.ExitCode == 0 ? 0 : 1;
    }
}
