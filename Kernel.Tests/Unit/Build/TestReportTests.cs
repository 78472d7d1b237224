using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Xml.Linq;
using HaukiOS.Build;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>What <c>make test</c> says in the end, and that it runs every test once.</summary>
[TestFixture]
internal sealed class TestReportTests
{
    [Test]
    public void Passed_and_failed_are_counted_and_what_was_not_executed_is_neither()
    {
        TestReport report = Read(
            Report(
                Result("a", "Passed"), Result("b", "Failed", "no"), Result("c", "NotExecuted"), Result("d", "Timeout")),
            Report(Result("e", "Passed")));

        Assert.That(report.Tally, Is.EqualTo(new Tally(2, 2)));
        Assert.That(report.Results.Select(one => one.Name), Is.EqualTo(new[]
        {
            "Unit.Some.a", "Unit.Some.b", "Unit.Some.c", "Unit.Some.d", "Unit.Some.e",
        }));
    }

    [Test]
    public void Whatever_failed_is_named_with_its_message()
    {
        TestReport report = Read(Report(
            Result("a", "Passed"), Result("b", "Failed", "  one & two\n\n  three\n"), Result("c", "Aborted")));

        Assert.That(report.Summary().SkipWhile(line => !line.StartsWith("FAILED", StringComparison.Ordinal)),
            Is.EqualTo(new[]
            {
                "FAILED Unit.Some.b", "      one & two", "      three", "FAILED Unit.Some.c (Aborted)",
            }));
    }

    [Test]
    public void A_long_message_is_shown_by_both_its_ends_and_many_failures_by_the_first_ones()
    {
        string message = string.Join('\n', Enumerable.Range(1, 1000).Select(line => $"line {line}"));
        TestReport report = Read(Report([.. Enumerable.Range(1, 50)
            .Select(test => Result($"t{test}", "Failed", message + new string('x', 5000)))]));

        string[] said = [.. report.Summary()];
        Assert.That(said, Has.Length.LessThan(400));
        Assert.That(said, Has.All.Length.LessThan(400));
        Assert.That(said, Has.Member("    line 1").And.Member("    line 999").And.Member("… and 30 more"));
        Assert.That(said, Has.None.Contains("line 500"));
    }

    [Test]
    public void The_slowest_come_first_and_ten_of_them()
    {
        TestReport report = Read(Report(
            [.. Enumerable.Range(1, 30).Select(test => Result($"t{test}", "Passed", seconds: (test * 7) % 31))]));

        string[] said = [.. report.Summary()];
        Assert.That(said, Has.Length.EqualTo(11));
        Assert.That(said[1].Trim(), Is.EqualTo("30.0 s  Unit.Some.t22"));
        Assert.That(said[10].Trim(), Is.EqualTo("21.0 s  Unit.Some.t3"));
    }

    [Test]
    public void A_test_in_two_reports_is_noticed_and_two_of_a_name_in_one_are_not()
    {
        TestReport report = Read(
            Report(Result("a", "Passed"), Result("b", "Passed")), Report(Result("b", "Passed"), Result("b", "Passed")));

        Assert.That(report.Twice, Is.EqualTo(new[] { "Unit.Some.b" }));
        Assert.That(report.Summary(), Has.Some.Contains("1 tests ran twice, among them Unit.Some.b"));
        Assert.That(Read(Report(Result("b", "Passed"), Result("b", "Passed"))).Twice, Is.Empty);
    }

    [Test]
    public void A_run_that_broke_off_says_why()
    {
        XDocument broken = Report();
        broken.Root!.Add(XElement.Parse("""
            <ResultSummary outcome="Failed"><RunInfos>
              <RunInfo outcome="Warning"><Text>a mild word</Text></RunInfo>
              <RunInfo outcome="Error"><Text>Test host process crashed</Text></RunInfo>
            </RunInfos></ResultSummary>
            """));

        Assert.That(Read(broken).Summary(), Is.EqualTo(new[] { "Test host process crashed" }));
    }

    [Test]
    public void Every_fixture_is_in_one_half()
    {
        IEnumerable<string> wrong =
            from type in Assembly.GetExecutingAssembly().GetTypes()
            where type.GetMethods().Any(method => method.GetCustomAttributes().Any(
                one => one is ITestBuilder or ISimpleTestBuilder))
            let halves = TestVerb.HalvesOf(type.FullName!).ToList()
            where halves.Count != 1
            select $"{type.FullName} is in {halves.Count} halves";

        Assert.That(wrong, Is.Empty);
        Assert.That(TestVerb.HalvesOf("HaukiOS.Tests.Emulator.Migration.MoveTests"), Is.EqualTo(new[] { "machines" }));
        Assert.That(TestVerb.HalvesOf("HaukiOS.Tests.Emulator.Net.NetTests"), Is.EqualTo(new[] { "others" }));
        Assert.That(TestVerb.HalvesOf("HaukiOS.Tests.Nowhere"), Is.Empty);
    }

    private static TestReport Read(params XDocument[] documents)
    {
        var report = new TestReport();
        foreach (XDocument document in documents)
        {
            report.Add(document);
        }

        return report;
    }

    // The form of Visual Studio's reports, with what is read of them.
    private static XDocument Report(params XElement[] results) => new(new XElement(
        "TestRun",
        new XElement("Results", results),
        new XElement("TestDefinitions", results.Select(result => new XElement(
            "UnitTest",
            new XAttribute("id", result.Attribute("testId")!.Value),
            new XElement("TestMethod", new XAttribute("className", "HaukiOS.Tests.Unit.Some")))))));

    private static XElement Result(string name, string outcome, string? message = null, int seconds = 0) => new(
        "UnitTestResult",
        new XAttribute("testId", Guid.NewGuid()),
        new XAttribute("testName", name),
        new XAttribute("duration", $"{TimeSpan.FromSeconds(seconds)}"),
        new XAttribute("outcome", outcome),
        message is null ? null : new XElement("Output", new XElement(
            "ErrorInfo", new XElement("Message", message), new XElement("StackTrace", "at somewhere"))));
}
