using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using System.Xml.Linq;

namespace HaukiOS.Build;

/// <summary>
/// The verb <c>test</c>: runs the tests with a line of progress now and then, everything about those that fail,
/// what failed again at the end, and then one plain line: <c>N passed, N failed</c>. There are two processes, for two
/// processors, and each runs its tests one after the other: most of those on machines, which wait as much as they work,
/// in the one; all others, most of which are simulations, in the other.
/// </summary>
public static class TestVerb
{
    private const int ProgressStep = 50;

    // Patterns of class names, chosen so that both take about as long. Whatever else they match, a namespace or a class
    // that sets one up, brings along all that is within it.
    private static readonly (string Name, string[] Rooms)[] Halves =
    [
        ("machines", ["Emulator[.](Migration[.])?[^.]+Tests", "Conformance", "Tree"]),
        ("others", ["Emulator[.]Net[.]", "Unit", "Simulation", "Runtime"]),
    ];

    /// <summary>Runs the tests of a project that has been built.</summary>
    /// <returns>0 only if there were tests and every one of them passed.</returns>
    public static int Run(Options options)
    {
        string results = Path.Combine(Path.GetTempPath(), "hauki-test-" + Environment.ProcessId);
        try
        {
            Task<int>[] halves = [.. Halves.Select(half => Task.Run(() => RunHalf(options, half, results)))];
            Task.WaitAll(halves);
            int exitCode = halves.Max(half => half.Result);
            var report = new TestReport();
            if (Directory.Exists(results))
            {
                foreach (string file in Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories))
                {
                    report.Add(XDocument.Load(file));
                }
            }

            foreach (string line in report.Summary())
            {
                Console.WriteLine(line);
            }

            Tally tally = report.Tally;
            if (exitCode != 0 && tally.Failed == 0)
            {
                Console.WriteLine($"the test run itself ended with {exitCode}");
            }

            Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed");
            return exitCode == 0 && report.Twice.Count == 0 && tally is { Failed: 0, Passed: > 0 } ? 0 : 1;
        }
        finally
        {
            if (Directory.Exists(results))
            {
                Directory.Delete(results, recursive: true);
            }
        }
    }

    /// <summary>The halves that run the tests of a class: one, or the division is wrong.</summary>
    public static IEnumerable<string> HalvesOf(string fullName) =>
        Halves.Where(half => Regex.IsMatch(fullName, PatternOf(half.Rooms))).Select(static half => half.Name);

    private static string PatternOf(string[] rooms) => $"Tests[.]({string.Join('|', rooms)})";

    private static string Where(string[] rooms, string? only) =>
        $"class =~ '{PatternOf(rooms)}'"
        + (only is null ? "" : $" and test =~ '{Regex.Replace(only, @"\W", ".")}'");

    private static int RunHalf(Options options, (string Name, string[] Rooms) half, string results)
    {
        // The adapter's newer way makes a list of the names of what is selected. Names with control characters get lost
        // there, and beyond the limit, 2000 by itself, everything is run and what was not asked for is hidden.
        var start = new ProcessStartInfo("dotnet",
        [
            "test", options.Get("project"), "-c", options.Find("configuration") ?? "Release", "--no-build",
            "--nologo", "--logger", "console;verbosity=normal", "--logger", "trx",
            "--results-directory", Path.Combine(results, half.Name),
            "--", "NUnit.Where=" + Where(half.Rooms, options.Find("only")),
            "NUnit.DiscoveryMethod=Legacy", "NUnit.AssemblySelectLimit=1000000",
        ])
        {
            RedirectStandardOutput = true,
        };

        // The messages are read here, so they must be in the language that is read here.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(start)!;
        int passed = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith("  Passed ", StringComparison.Ordinal))
            {
                Console.WriteLine($"{half.Name}: {line}");
            }
            else if (++passed % ProgressStep == 0)
            {
                Console.WriteLine($"{half.Name}: … {passed} passed in {(int)watch.Elapsed.TotalSeconds} s");
            }
        }

        process.WaitForExit();
        return process.ExitCode;
    }
}
