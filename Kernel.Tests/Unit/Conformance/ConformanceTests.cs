using System;
using System.Collections.Generic;
using System.IO;
using HaukiOS.Conformance;
using HaukiOS.Host;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Conformance;

/// <summary>
/// The same cases, the same assembly, two worlds: the host's .NET and the kernel in an emulator. Each world runs the
/// suite once; one test for each case compares the two outcomes.
/// </summary>
[Category("Emulator")]
[NonParallelizable]
public sealed class ConformanceTests
{
    /// <summary>The whole suite takes some seconds in an emulator; this is for a busy host.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The fewest cases that the house promises.</summary>
    private const int FewestCases = 600;

    private static readonly Lazy<Dictionary<string, string>> Metal = new(RunOnMetal);

    private static string Image =>
        Path.Combine(Layout.Find().Root, "Kernel.Tests", "MetalImage", "bin", "conformance.elf");

    /// <summary>Every case, as a test of its own.</summary>
    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (Case one in Areas.All().Cases)
        {
            yield return new TestCaseData(one).SetName("Conformance: " + one.Name);
        }
    }

    /// <summary>The kernel says what the host says.</summary>
    [TestCaseSource(nameof(Cases))]
    public void The_metal_agrees_with_the_host(Case one)
    {
        string expected = one.Outcome();
        Assert.That(Metal.Value.TryGetValue(one.Name, out string? outcome), "the metal did not get to this case");
        Assert.That(outcome, Is.EqualTo(expected));
    }

    /// <summary>The suite is as large as promised.</summary>
    [Test]
    public void There_are_at_least_six_hundred_cases() =>
        Assert.That(Areas.All().Cases, Has.Count.AtLeast(FewestCases));

    /// <summary>The kernel ran every case to the end and no other ones.</summary>
    [Test]
    public void The_metal_runs_them_all() => Assert.That(Metal.Value, Has.Count.EqualTo(Areas.All().Cases.Count));

    private static Dictionary<string, string> RunOnMetal()
    {
        Assert.That(File.Exists(Image), $"There is no {Image}; build Kernel.Tests/MetalImage");
        using QemuMachine machine = QemuMachine.Start(new MachineOptions { Kernel = Image });
        machine.Serial.ExpectEnd(Patience);
        Dictionary<string, string> outcomes = [];
        foreach (string line in machine.Serial.Transcript.Split('\n'))
        {
            int arrow = line.IndexOf(" => ", StringComparison.Ordinal);
            if (arrow > 0 && line.StartsWith("case ", StringComparison.Ordinal))
            {
                // Only the line's own end goes: an outcome may end in blanks.
                outcomes[line["case ".Length..arrow]] = line[(arrow + " => ".Length)..].TrimEnd('\r');
            }
        }

        // A panic in the middle is reported once, by its own words; the cases before it are still compared.
        if (machine.WaitForExit(Patience) != GuestExit.CasesDone)
        {
            string transcript = machine.Serial.Transcript;
            TestContext.Progress.WriteLine(transcript[^Math.Min(2000, transcript.Length)..]);
        }

        return outcomes;
    }
}
