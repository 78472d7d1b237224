using System;
using System.Linq;
using System.Text.Json.Nodes;
using HaukiOS.Console;
using HaukiOS.Host.Bench;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Host;

/// <summary>How moves are measured from outside.</summary>
public sealed unsafe class MoveMeasureTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Test]
    public void An_event_has_its_name_and_moment()
    {
        var message = JsonNode.Parse(
            """{"timestamp": {"seconds": 1700000000, "microseconds": 12}, "event": "STOP", "data": {}}""")!;
        Assert.That(QmpEvent.Parse(message), Is.EqualTo(new QmpEvent("STOP", 1_700_000_000_000_012)));
        Assert.That(
            () => QmpEvent.Parse(JsonNode.Parse("""{"event": "STOP"}""")!), Throws.TypeOf<EmulatorException>());
    }

    /// <summary>A machine that was stopped before, or resumed before, is judged by the latest time.</summary>
    [Test]
    public void A_migration_stands_still_from_stop_to_resume()
    {
        var state = JsonNode.Parse(
            """{"downtime": 2, "total-time": 40, "ram": {"transferred": 3000000, "dirty-sync-count": 4}}""")!;
        var ordered = DateTime.UnixEpoch.AddSeconds(5);
        QmpEvent[] source = [new("STOP", 1), new("RESUME", 2), new("STOP", 5_050_000)];
        QmpEvent[] target = [new("RESUME", 5_061_500)];
        var figures = QemuMigration.Read(state, ordered, source, target);
        Assert.That(figures.DowntimeMs, Is.EqualTo(11.5));
        Assert.That(figures.SourceDowntimeMs, Is.EqualTo(2));
        Assert.That(figures.TotalMs, Is.EqualTo(61.5));
        Assert.That(figures.Landed, Is.EqualTo(ordered.AddMilliseconds(61.5)));
        Assert.That(() => QemuMigration.Read(state, ordered, source, []), Throws.TypeOf<EmulatorException>());
    }

    [Test]
    public void A_gap_is_the_longest_pause_less_the_usual_one()
    {
        var gaps = new AnswerGaps();
        gaps.Restart(100);
        Assert.That(gaps.Longest(101, 50), Is.Null, "nobody has answered");
        foreach (var at in (long[])[101, 102, 103, 120, 119, 121])
        {
            gaps.Add(at);
        }

        Assert.That(gaps.Longest(122, 50), Is.EqualTo(17 - 1));
        Assert.That(gaps.Longest(160, 50), Is.EqualTo(39 - 1), "the pause that lasts");
        Assert.That(gaps.Longest(172, 50), Is.Null, "nobody answers any more");
        gaps.Restart(172);
        gaps.Add(174);
        Assert.That(gaps.Longest(174, 50), Is.Zero);
    }

    /// <summary>What the kernel's own load has written is counted in an image of the memory.</summary>
    [Test]
    public void A_load_is_counted_from_outside()
    {
        const int pages = 256;
        var memory = new byte[(pages + 7) * PageLoad.PageBytes];
        new Random(1).NextBytes(memory);
        fixed (byte* start = memory)
        {
            var load = new PageLoad(start + (3 * PageLoad.PageBytes), pages, LoadKind.Touch);
            for (var i = 0; i < 1000; i++)
            {
                load.WriteNext();
            }

            Assert.That(LoadRegion.CountWritten(memory, 1), Is.EqualTo(load.Written).And.EqualTo(1000));
            start[(3 + 5) * PageLoad.PageBytes]++;
            Assert.That(LoadRegion.CountWritten(memory, 1), Is.EqualTo(999).Within(1), "stopped between two words");
            start[((3 + 6) * PageLoad.PageBytes) + 4095]++;
            Assert.That(LoadRegion.CountWritten(memory, 1), Is.Null);
            Assert.That(LoadRegion.CountWritten(memory, 2), Is.Null, "none so large");
        }
    }

    [Test]
    public void Work_that_stood_still_for_a_while_lost_that_long()
    {
        var work = WorkDone.Between(
            new LoadCount(1000, Start),
            new LoadCount(3000, Start.AddMilliseconds(1000)),
            new LoadCount(4000, Start.AddMilliseconds(3000)));
        Assert.That(work, Is.EqualTo(new WorkDone(UsualPerSecond: 2000, Percent: 25, LostMs: 1500)));
    }

    /// <summary>A guest that speaks no more has no silence; of work the least is the worst.</summary>
    [Test]
    public void A_comparison_takes_what_there_is()
    {
        var set = new MoveComparison(16);
        static MoveSample Sample(double ms, double? silence, double percent) => new(
            new MoveFigures(ms, 10 * ms, 2_000_000, 1), silence, null, 1, new WorkDone(100, percent, ms));
        set.AddOurs(Sample(1, 5, 20));
        set.AddOurs(Sample(3, 7, 30));
        set.AddPeer(Sample(4, null, 60));
        set.AddPeer(null);
        var results = set.Judge().ToDictionary(static result => result.Name);
        Assert.That(set.GivenUp, Is.EqualTo(1));
        Assert.That(results.Keys, Has.None.Contains("echo"));
        Assert.That(
            results["teleport-downtime/16MiB/silence"].Line,
            Is.EqualTo("bench teleport-downtime/16MiB/silence: hauki 6.00 ms, qemu none"));
        Assert.That(
            results["teleport-downtime/16MiB"].Line,
            Is.EqualTo("bench teleport-downtime/16MiB: hauki 2.00 ms, qemu 4.00 ms, ratio 0.50"));
        Assert.That(results["teleport-downtime/16MiB"].Details["haukiWorst"], Is.EqualTo(3));
        Assert.That(results["teleport-throughput/16MiB"].Details["haukiWorst"], Is.EqualTo(20));
        Assert.That(results["teleport-bytes/16MiB"].Our, Is.EqualTo(2));
    }
}
