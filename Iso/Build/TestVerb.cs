using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using System.Xml.Linq;

namespace HaukiOS.Build;

/// <summary>
/// The verb <c>test</c>: runs the tests with a line of progress now and then, everything about those that fail,
/// and one plain line at the end: <c>N passed, N failed</c>. Those that need a machine of their own, or the tree as it
/// is, run one after the other; all others run beside them, in a process of their own.
/// </summary>
public static class TestVerb
{
    private const int ProgressStep = 50;

    // By names and not by categories: one that a fixture has from its base class is found, but not left out.
    private static readonly (string Name, string Filter)[] Halves =
    [
        ("machines", "(FullyQualifiedName~.Emulator.|FullyQualifiedName~ConformanceTests|Category=Tree)"),
        ("host", "(FullyQualifiedName!~.Emulator.&FullyQualifiedName!~ConformanceTests&Category!=Tree)"),
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
            Tally tally = Directory.Exists(results)
                ? Directory.GetFiles(results, "*.trx", SearchOption.AllDirectories).Select(Count)
                    .Aggregate(new Tally(0, 0), Add)
                : new Tally(0, 0);
            if (exitCode != 0 && tally.Failed == 0)
            {
                Console.WriteLine($"the test run itself ended with {exitCode}");
            }

            Console.WriteLine($"{tally.Passed} passed, {tally.Failed} failed");
            return exitCode == 0 && tally is { Failed: 0, Passed: > 0 } ? 0 : 1;
        }
        finally
        {
            if (Directory.Exists(results))
            {
                Directory.Delete(results, recursive: true);
            }
        }
    }

    /// <summary>Counts the outcomes in one report.</summary>
    /// <param name="report">The path of a .trx file.</param>
    public static Tally Count(string report)
    {
        IEnumerable<string?> outcomes = XDocument.Load(report).Descendants()
            .Where(element => element.Name.LocalName == "UnitTestResult")
            .Select(element => element.Attribute("outcome")?.Value);

        // Neither passed nor failed is a test that says so itself, for instance for want of a tool; it counts as
        // neither. Whatever else a report may say (error, timeout, aborted) has not passed.
        return outcomes.Aggregate(new Tally(0, 0), (tally, outcome) => outcome switch
        {
            "Passed" => tally with { Passed = tally.Passed + 1 },
            "NotExecuted" => tally,
            _ => tally with { Failed = tally.Failed + 1 },
        });
    }

    private static Tally Add(Tally a, Tally b) => new(a.Passed + b.Passed, a.Failed + b.Failed);

    private static int RunHalf(Options options, (string Name, string Filter) half, string results)
    {
        string filter = options.Find("only") is { } only ? $"{half.Filter}&FullyQualifiedName~{only}" : half.Filter;
        var start = new ProcessStartInfo("dotnet",
        [
            "test", options.Get("project"), "-c", options.Find("configuration") ?? "Release", "--no-build",
            "--nologo", "--logger", "console;verbosity=normal", "--logger", "trx",
            "--results-directory", Path.Combine(results, half.Name), "--filter", filter,
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

/// <summary>How many tests passed and how many did not.</summary>
public sealed record Tally(int Passed, int Failed);
