using System.IO;
using System.Threading;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// A kernel that lands on its own machine again and again (<c>drill=land</c>), with a disk that it uses while it stands
/// still, interrupts off, and with somebody at the console; afterwards the machine itself stands still.
/// </summary>
[TestFixture]
internal sealed class LandingDrillTests : EmulatorFixture
{
    // What the watch must find is 60 ms (StandstillWatchTests); a second is what a calendar of seconds shows for sure.
    private const int StandstillMilliseconds = 1100;

    private static int Milliseconds => (int)Patience.TotalMilliseconds;

    /// <summary>One boot for all of it.</summary>
    [Test]
    public void Disk_and_console_are_bound_anew_and_a_standstill_is_noticed()
    {
        using var machine = QemuMachine.Start(PcWith(EnrolledDisk()) with
        {
            Iso = null,
            Kernel = Path.ChangeExtension(Iso, ".elf"),
            KernelArguments = "drill=land",
        });
        var console = new ConsoleDriver(machine.Serial);
        console.Unlock(Answers);
        Assert.That(console.Command("put berth 12"), Does.Not.Contain("put:"));
        Assert.That(() => machine.Serial.Transcript, Does.Contain("drill: passed").After(Milliseconds, 20));
        Assert.That(Get(console, "berth"), Is.EqualTo("12"));
        string log = console.Command("log");
        Assert.That(log, Does.Contain("drill: landing 15"));

        int before = Standstills(log);
        machine.Qmp.Execute("stop");
        Thread.Sleep(StandstillMilliseconds);
        machine.Qmp.Execute("cont");
        Assert.That(() => Standstills(console.Command("log")), Is.GreaterThan(before).After(Milliseconds, 100));
        // It may be a copy of itself, so what it draws at random has to come from anew.
        Assert.That(() => console.Command("put quay 4"), Does.Not.Contain("put:").After(Milliseconds, 100));
    }

    private static int Standstills(string log) => log.Split("the machine stood still").Length - 1;
}
