using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using HaukiOS.Host.Emulator;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>Disks that fail, vanish, rot, lose power; machines that are killed.</summary>
public sealed class DiskTroubleTests : EmulatorFixture
{
    /// <summary>The cable comes off: the person is told, and the kernel goes on.</summary>
    [Test]
    public void An_unplugged_disk_is_an_error_and_not_a_hang() => WithOpenStore(
        PcWith(EnrolledDisk()),
        (machine, console) =>
        {
            machine.UnplugDisk();
            var answer = console.Command("put lost cause");
            TestContext.Out.WriteLine(answer);
            using (Assert.EnterMultipleScope())
            {
                Assert.That(answer, Does.StartWith("put:").And.Contain("disk"));
                Assert.That(console.Command("get lost"), Does.Not.Contain("cause"));
                Assert.That(console.Command("help"), Does.Contain("status"), "the kernel goes on");
            }
        });

    /// <summary>The disk takes no flush, so no attempt can be counted: looking at it would be free guessing.</summary>
    [Test]
    public void An_attempt_that_cannot_be_counted_is_not_looked_at()
    {
        var disk = EnrolledDisk();
        using var machine = QemuMachine.Start(
            Pc with { Disk = new FaultyDisk(disk, [new DiskFault("flush_to_disk")]) });
        var console = new ConsoleDriver(machine.Serial);
        Assert.That(console.TryUnlock(Answers, out var refusal), Is.False, "the right answers opened it uncounted");
        Assert.That(refusal, Does.Contain("counted"));
    }

    /// <summary>A byte rots in the newest record: it is named, and the state before it is there.</summary>
    [Test]
    public void A_flipped_byte_is_named_and_the_state_before_it_is_there()
    {
        var disk = EnrolledDisk();
        var log = Scratch("writes.log");
        var options = Pc with { Disk = new RecordedDisk(disk, log) };
        long place = 0;
        WithOpenStore(options, (_, console) =>
        {
            console.Command("put before calm");
            var count = WriteLog.Read(log).Requests.Count;
            console.Command("put after storm");
            place = WriteLog.Read(log).Requests.Skip(count).First(request => request.Data.Length > 0).Offset;
        });
        Flip(disk, place + 100);
        using var machine = QemuMachine.Start(PcWith(disk));
        var opened = new ConsoleDriver(machine.Serial);
        opened.Unlock(Answers);
        var words = opened.Command("log") + opened.Command("status");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(words + machine.Serial.Transcript, Does.Contain($"{place / 512}"), "the place is named");
            Assert.That(Get(opened, "before"), Is.EqualTo("calm"));
            Assert.That(Get(opened, "harbour"), Is.EqualTo("Rauma"));
            Assert.That(opened.Command("get after"), Does.Not.Contain("storm"));
        }
    }

    /// <summary>
    /// Power cuts at chosen moments of a recorded run, the last write torn or writes since the last flush missing:
    /// what was acknowledged before the cut is there, and nothing that was never put.
    /// </summary>
    [Test]
    public void After_a_power_cut_everything_acknowledged_is_there([Values(20260101)] int seed)
    {
        const int puts = 40;
        const int cuts = 3;
        var disk = EnrolledDisk();
        var before = Scratch("before.img");
        File.Copy(disk, before);
        var logFile = Scratch("writes.log");
        var acknowledged = new List<int>();
        WithOpenStore(Pc with { Disk = new RecordedDisk(disk, logFile) }, (_, console) =>
        {
            for (var i = 0; i < puts; i++)
            {
                Assert.That(console.Command($"put key{i % 10} value{i}"), Does.Not.Contain("put:"));
                acknowledged.Add(WriteLog.Read(logFile).Requests.Count);
            }
        });
        var log = WriteLog.Read(logFile);
        var chance = new Random(seed);
        for (var cut = 0; cut < cuts; cut++)
        {
            var count = chance.Next(acknowledged[0] - 1, log.Requests.Count + 1);
            var target = Scratch($"cut{cut}.img");
            var how = cut % 2 == 0 ? "torn" : "reordered";
            if (cut % 2 == 0)
            {
                log.Replay(before, target, count, tornBytes: 512 * chance.Next(4));
            }
            else
            {
                log.ReplayReordered(before, target, count, chance);
            }

            // The last request is not whole, so what it acknowledges does not count.
            var promised = acknowledged.Count(end => end < count);
            CheckAfterCut(target, promised, puts, $"seed {seed}, cut {cut} ({how}) after {count} requests");
            File.Delete(target);
        }
    }

    /// <summary>The emulator is killed in the middle of puts, again and again, on one disk.</summary>
    [Test]
    public void Killed_at_random_moments_the_machine_recovers([Values(42)] int seed)
    {
        var disk = EnrolledDisk();
        var chance = new Random(seed);
        var expected = new Dictionary<string, string>();
        for (var round = 0; round < 3; round++)
        {
            WithOpenStore(PcWith(disk), (machine, console) =>
            {
                foreach (var (name, value) in expected)
                {
                    Assert.That(Get(console, name), Is.EqualTo(value), $"seed {seed}, round {round}");
                }

                var acknowledged = chance.Next(3, 30);
                for (var i = 0; i < acknowledged; i++)
                {
                    console.Command($"put r{round}k{i} v{i}");
                    expected[$"r{round}k{i}"] = $"v{i}";
                }

                // The blow falls while one more is under way.
                machine.Serial.Send("put underway maybe\r");
                machine.Kill();
            });
        }

        WithOpenStore(PcWith(disk), (_, console) =>
        {
            foreach (var (name, value) in expected)
            {
                Assert.That(Get(console, name), Is.EqualTo(value), $"seed {seed}");
            }
        });
    }

    private static void CheckAfterCut(string disk, int promised, int puts, string situation) => WithOpenStore(
        PcWith(disk),
        (_, console) =>
        {
            for (var key = 0; key < 10; key++)
            {
                // Of the puts to this name: the last promised one, or any later one that made it to the disk.
                var last = Enumerable.Range(0, promised).LastOrDefault(i => i % 10 == key, -1);
                var allowed = Enumerable.Range(0, puts).Where(i => i % 10 == key && i >= last).ToList();
                var value = Get(console, $"key{key}");
                var known = allowed.Exists(i => value == $"value{i}");
                Assert.That(known || (last < 0 && value.StartsWith("get:", StringComparison.Ordinal)),
                    $"{situation}: key{key} is '{value}', put {last} had been acknowledged");
            }

            Assert.That(Get(console, "harbour"), Is.EqualTo("Rauma"), situation);
        });

    private static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }
}
