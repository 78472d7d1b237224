using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>
/// A move of our own against QEMU's live migration: the same kernel in the same machine with the same work to do,
/// and for both the same wire, because QEMU is held to what the emulated card was measured to carry; and the same
/// aim for the downtime. Two witnesses outside judge both by the same measure, whatever the movers' clocks say.
/// </summary>
internal static class TeleportBench
{
    private const int DowntimeAimMs = 30;

    // A peer that has not come to an end so often is not waited for again; its time was ten or more of our moves each.
    private const int GivenUpMax = 3;

    // With QEMU's own 20 and 10 % it needs half a minute to come to an end under a heavy load, without anybody's gain.
    private const int SlowDownFirst = 70;
    private const int SlowDownMore = 29;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // QEMU leaves guests that never speak again; whoever does, does so at once.
    private static readonly TimeSpan PeerSpeaksAgain = TimeSpan.FromSeconds(3);

    // MiB that are written to without a pause.
    private static readonly int[] WorkingSets = [0, 1, 16, 50];

    private static readonly Station Machine = new(NetworkCard.Rtl8139, 128) { EndsWhenLeft = true };

    private static (BenchEffort Effort, IReadOnlyList<BenchResult> Results)? latest;

    /// <summary>Measures once for all of the figures, and gives those of one name.</summary>
    public static IReadOnlyList<BenchResult> Measure(
        string name, Layout layout, BenchEffort effort, Action<string> progress)
    {
        if (latest is not { } known || known.Effort != effort)
        {
            latest = known = (effort, MeasureAll(layout, effort, progress));
        }

        return [.. known.Results.Where(result => result.Name.StartsWith(name + "/", StringComparison.Ordinal))];
    }

    private static List<BenchResult> MeasureAll(Layout layout, BenchEffort effort, Action<string> progress)
    {
        var results = new List<BenchResult>();
        var rate = WireRate.Measure(layout, Machine.Model);
        progress(Invariant($"the card carries {rate / 1e6:0} Mbit/s; so much is QEMU allowed"));
        var how = new QemuMigration
        {
            BandwidthMax = (long)(rate / 8),
            DowntimeLimitMs = DowntimeAimMs,
            MaySlowDown = true,
            SlowDownFirst = SlowDownFirst,
            SlowDownMore = SlowDownMore,
            Patience = Patience,
        };
        using var native = new NativeShuttle(layout, MoveNetwork.OnBridge(Shuttle.Places), Machine, Machine);
        foreach (var mebibytes in WorkingSets)
        {
            var set = new MoveComparison(mebibytes);
            Measure(set, native, () => NewPeer(layout, how), effort, progress);
            results.AddRange(set.Judge());
            progress(set.Summary);
        }

        return results;
    }

    // There and back is one run: both machines are left, and arrived at, equally often. While one side is measured
    // the other one's machines are up and idle: they have to wait for seconds until they have their address.
    private static void Measure(
        MoveComparison set,
        NativeShuttle native,
        Func<QemuShuttle> newPeer,
        BenchEffort effort,
        Action<string> progress)
    {
        var peerTime = new Stopwatch();
        var peer = newPeer();
        try
        {
            for (var move = 1; move <= 2 * effort.Runs; move++)
            {
                var isAsked = peer is not null;
                if (isAsked)
                {
                    peerTime.Start();
                    set.AddPeer(MoveSample.Take(peer!, set.Mebibytes, PeerSpeaksAgain));
                    peerTime.Stop();
                    peer!.Dispose();
                    var goesOn = set.GivenUp < GivenUpMax && !effort.IsOver(peerTime.Elapsed);
                    peer = goesOn && move < 2 * effort.Runs ? newPeer() : null;
                }

                set.AddOurs(RunNative(native, set.Mebibytes));
                progress(Invariant($"{set.Name}, move {move} of {2 * effort.Runs}: hauki {set.LatestOurs}; qemu ")
                    + (isAsked ? set.LatestPeer : "not asked any more"));
            }
        }
        finally
        {
            peer?.Dispose();
        }
    }

    private static MoveSample RunNative(NativeShuttle native, int mebibytes)
    {
        var sample = MoveSample.Take(native, mebibytes, Patience)!;
        native.StopLoad();
        native.RenewOther();
        return sample.SilenceMs is not null
            ? sample
            : throw native.Machine.Failure("The node does not speak after its move.");
    }

    // QEMU 7.2 leaves many machines damaged that it has gone through more than twice; it looks like the loss of writes
    // that was mended in 9.0 (its commit 03bfc2188f). So each machine is used once, and only its figures count.
    private static QemuShuttle NewPeer(Layout layout, QemuMigration how) =>
        new(layout, MoveNetwork.OnBridge(Shuttle.Places), Machine) { How = how };
}
