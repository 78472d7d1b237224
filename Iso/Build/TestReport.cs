using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;

namespace HaukiOS.Build;

/// <summary>How many tests passed and how many did not.</summary>
public sealed record Tally(int Passed, int Failed);

/// <summary>One test's line in a report.</summary>
/// <param name="Name">Its fixture and its own name, without the root that all of them share.</param>
/// <param name="Outcome">In the words of the report: <c>Passed</c>, <c>Failed</c>, <c>NotExecuted</c>, …</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Message">Why it failed; empty otherwise.</param>
public sealed record TestResult(string Name, string Outcome, TimeSpan Duration, string Message)
{
    /// <summary>
    /// Neither passed nor failed is a test that says so itself, for instance for want of a tool. Whatever else a report
    /// may say (error, timeout, aborted) has not passed.
    /// </summary>
    public bool HasFailed => Outcome is not ("Passed" or "NotExecuted");
}

/// <summary>
/// What a run of tests left behind (.trx), and what is said of it in the end: a log is often seen by its tail alone,
/// so that has to name what failed.
/// </summary>
public sealed class TestReport
{
    private const int FailuresMax = 20;
    private const int FirstLines = 8;
    private const int LastLines = 7;
    private const int LineMax = 300;
    private const int SlowestCount = 10;
    private const string Root = "HaukiOS.Tests.";

    private readonly List<TestResult> results = [];
    private readonly List<string> problems = [];
    private readonly HashSet<string> seen = [];
    private readonly List<string> twice = [];

    /// <summary>Every test of every report, in the order read.</summary>
    public IReadOnlyList<TestResult> Results => results;

    /// <summary>The tests that stand in more than one report: what divides them does not.</summary>
    public IReadOnlyList<string> Twice => twice;

    /// <summary>The figures.</summary>
    public Tally Tally =>
        new(results.Count(static one => one.Outcome == "Passed"), results.Count(static one => one.HasFailed));

    /// <summary>Adds what one half of the tests has reported.</summary>
    public void Add(XDocument report)
    {
        Dictionary<string, string> fixtures = [];
        foreach (XElement test in Named(report, "UnitTest"))
        {
            string? fixture = Named(test, "TestMethod").FirstOrDefault()?.Attribute("className")?.Value;
            fixtures[test.Attribute("id")?.Value ?? ""] = fixture ?? "";
        }

        List<TestResult> added = [.. Named(report, "UnitTestResult").Select(one => Read(one, fixtures))];
        twice.AddRange(added.Select(static one => one.Name).Distinct().Where(name => seen.Contains(name)));
        seen.UnionWith(added.Select(static one => one.Name));
        results.AddRange(added);

        // What befell the run and no single test: a process that died, a fixture that could not be made.
        problems.AddRange(Named(report, "RunInfo")
            .Where(static info => info.Attribute("outcome")?.Value is "Error" or "Failed")
            .Select(static info => info.Value.Trim()));
    }

    /// <summary>What took longest, what befell the run itself, and everything that failed with why.</summary>
    public IEnumerable<string> Summary()
    {
        if (results.Count > 0)
        {
            yield return "slowest:";
        }

        foreach (TestResult one in results.OrderByDescending(static one => one.Duration).Take(SlowestCount))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"  {one.Duration.TotalSeconds,6:0.0} s  {Cut(one.Name)}");
        }

        foreach (string line in problems.SelectMany(EndsOf))
        {
            yield return line;
        }

        if (twice.Count > 0)
        {
            yield return $"{twice.Count} tests ran twice, among them {Cut(twice[0])}";
        }

        List<TestResult> failed = [.. results.Where(static one => one.HasFailed)];
        foreach (TestResult one in failed.Take(FailuresMax))
        {
            yield return $"FAILED {Cut(one.Name)}{(one.Outcome == "Failed" ? "" : $" ({one.Outcome})")}";
            foreach (string line in EndsOf(one.Message))
            {
                yield return "    " + line;
            }
        }

        if (failed.Count > FailuresMax)
        {
            yield return $"… and {failed.Count - FailuresMax} more";
        }
    }

    private static TestResult Read(XElement result, Dictionary<string, string> fixtures)
    {
        string fixture = fixtures.GetValueOrDefault(result.Attribute("testId")?.Value ?? "", "");
        if (fixture.StartsWith(Root, StringComparison.Ordinal))
        {
            fixture = fixture[Root.Length..];
        }

        string name = result.Attribute("testName")?.Value ?? "";
        TimeSpan.TryParse(
            result.Attribute("duration")?.Value, CultureInfo.InvariantCulture, out TimeSpan duration);
        return new TestResult(
            fixture.Length == 0 ? name : $"{fixture}.{name}",
            result.Attribute("outcome")?.Value ?? "",
            duration,
            string.Concat(Named(result, "ErrorInfo").SelectMany(static info => Named(info, "Message"))
                .Select(static message => message.Value)));
    }

    private static IEnumerable<XElement> Named(XContainer within, string name) =>
        within.Descendants().Where(element => element.Name.LocalName == name);

    // The sentence stands at the beginning; what a machine said last, a panic for instance, at the end.
    private static IEnumerable<string> EndsOf(string text)
    {
        string[] lines = [.. text.Split('\n')
            .Select(static line => line.TrimEnd()).Where(static line => line.Length > 0).Select(Cut)];
        int between = lines.Length - FirstLines - LastLines;
        return between <= 0 ? lines : [.. lines[..FirstLines], $"… {between} more …", .. lines[^LastLines..]];
    }

    private static string Cut(string line) => line.Length <= LineMax ? line : line[..LineMax] + "…";
}
