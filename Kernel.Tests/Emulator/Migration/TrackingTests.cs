using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// The kernel sends its own memory, round after round, to free frames of its own machine (<c>drill=track</c>), while a
/// load writes to it and garbage is collected; every page must arrive as it is. A page that does not is a panic.
/// </summary>
[TestFixture]
internal sealed partial class TrackingTests : EmulatorFixture
{
    private const int ReportsAwaited = 4;

    /// <summary>Both ways of noticing writes; with memory for all copies, and with little.</summary>
    [TestCase("bits", 128)]
    [TestCase("bits", 48)]
    [TestCase("protect", 128)]
    public void What_is_sent_is_what_stands_in_memory(string tracking, int mebibytes)
    {
        using var machine = QemuMachine.Start(new MachineOptions
        {
            Kernel = Path.ChangeExtension(Iso, ".elf"),
            KernelArguments = $"drill=track tracking={tracking}",
            MemoryMiB = mebibytes,
        });
        SerialLine console = machine.Serial;
        console.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        Say(console, "load 8 fill 20000", "'load stop' ends it");
        Say(console, "soak alloc 60", "60 MiB done");
        List<int> equal = [];
        for (var watch = Stopwatch.StartNew(); equal.Count < ReportsAwaited && watch.Elapsed < Patience;)
        {
            Say(console, "soak alloc 20", "20 MiB done");
            string log = Say(console, "log", ConsoleDriver.PromptWithoutDisk);
            equal = [.. Report().Matches(log).Select(report => int.Parse(report.Groups[1].Value))];
        }

        Say(console, "load stop", "all consistent");
        Assert.That(equal, Has.Count.GreaterThanOrEqualTo(ReportsAwaited));
        Assert.That(equal, Is.All.GreaterThan(500), "pages that were compared");
    }

    private static string Say(SerialLine console, string command, string answer)
    {
        console.Send(command + "\r");
        string said = console.Expect(answer, Patience);
        if (answer != ConsoleDriver.PromptWithoutDisk)
        {
            console.Expect(ConsoleDriver.PromptWithoutDisk, Patience);
        }

        return said;
    }

    [GeneratedRegex(@"(\d+) pages are equal")]
    private static partial Regex Report();
}
