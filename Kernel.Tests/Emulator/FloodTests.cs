using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>More input at once than anybody types.</summary>
public sealed class FloodTests : EmulatorFixture
{
    private const int Lines = 800;

    /// <summary>
    /// More than all the buffers between here and there is pasted in one piece; every line of it is carried out, in
    /// order, with every byte.
    /// </summary>
    [Test]
    public void A_paste_of_hundreds_of_kilobytes_loses_nothing()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        var values = Enumerable.Range(0, Lines).Select(ValueOf).ToArray();
        var paste = new StringBuilder();
        for (var i = 0; i < Lines; i++)
        {
            paste.Append("put flood").Append(i).Append(' ').Append(values[i]).Append('\r');
        }

        Assert.That(paste.Length, Is.GreaterThan(320_000));

        // Beside this thread: the guest takes the paste at its own pace, and its answers are read meanwhile.
        var sender = Task.Run(() => machine.Serial.Send(paste.ToString()));
        for (var i = 0; i < Lines; i++)
        {
            machine.Serial.Expect($"put flood{i} {values[i]}\r\n", Patience);
            var answer = console.ReadUntilPrompt(Patience);
            Assert.That(answer, Does.Not.Contain("put:"), $"line {i}");
        }

        sender.GetAwaiter().GetResult();
        var listed = console.Command("list", Patience);
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < Lines; i += 37)
            {
                Assert.That(Get(console, $"flood{i}"), Is.EqualTo(values[i]));
            }

            Assert.That(listed.Split('\n').Count(line => line.Contains("flood", StringComparison.Ordinal)),
                Is.EqualTo(Lines));
        }
    }

    /// <summary>A line without an end costs a fixed buffer, and the next line is read as if nothing had been.</summary>
    [Test]
    public void A_line_without_end_is_refused_and_forgotten()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()));
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        machine.Serial.Send(new string('x', 200_000) + "\r");
        machine.Serial.Expect("\n", Patience);
        console.ReadUntilPrompt(Patience);
        Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"));
    }

    private static string ValueOf(int i) =>
        string.Concat(Enumerable.Range(0, 50).Select(part => ((i * 7919) + (part * 104_729)).ToString("x8")));
}
