using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Threading;
using HaukiOS.Host.Emulator;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// QEMU's own live migration, from one running QEMU to another one of the same machine that was started with
/// <c>-incoming defer</c>. The node in it is not asked: it must bear it, as it must bear a snapshot.
/// </summary>
public sealed record QemuMigration
{
    /// <summary>What tells QEMU to wait for a machine's state instead of switching a machine on.</summary>
    public static readonly string[] WaitingArguments = ["-incoming", "defer"];

    private const double MicrosecondsPerMs = 1000;

    // The state of a migration can only be asked for.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Bytes a second, at most; null for QEMU's own limit, 128 MiB.</summary>
    public long? BandwidthMax { get; init; }

    /// <summary>How long the machine may stand still, in ms; null for QEMU's own limit, 300.</summary>
    public int? DowntimeLimitMs { get; init; }

    /// <summary>May QEMU slow the machine down when it writes faster than can be sent?</summary>
    public bool MaySlowDown { get; init; }

    /// <summary>How much of its time the machine loses then at first, in percent; null for QEMU's own, 20.</summary>
    public int? SlowDownFirst { get; init; }

    /// <summary>How much more each time that was not enough; null for QEMU's own, 10.</summary>
    public int? SlowDownMore { get; init; }

    /// <summary>How long all of it may take before it is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Moves the machine and waits until it runs there.</summary>
    /// <param name="source">Where it runs now. It stays there, stopped.</param>
    /// <param name="target">The QEMU that waits for it.</param>
    /// <param name="socket">A path that both can reach, for a Unix socket.</param>
    /// <param name="progress">Gets a sentence now and then; may be null.</param>
    /// <exception cref="EmulatorException">It failed, and the machine goes on at the source.</exception>
    public MoveFigures Run(QmpClient source, QmpClient target, string socket, Action<string>? progress = null)
    {
        source.Execute("migrate-set-parameters", Parameters());
        var slowing = new JsonObject { ["capability"] = "auto-converge", ["state"] = MaySlowDown };
        source.Execute("migrate-set-capabilities", new JsonObject { ["capabilities"] = new JsonArray(slowing) });
        target.Execute("migrate-incoming", new JsonObject { ["uri"] = $"unix:{socket}" });
        var ordered = DateTime.UtcNow;
        var from = Stopwatch.GetTimestamp();
        source.Execute("migrate", new JsonObject { ["uri"] = $"unix:{socket}" });
        var told = TimeSpan.Zero;
        while (true)
        {
            var state = source.Execute("query-migrate")!;
            var elapsed = Stopwatch.GetElapsedTime(from);
            switch (state["status"]?.GetValue<string>())
            {
                case "completed":
                    // The source has sent everything; the target still has to take it in. A guest that then ends its
                    // emulator has been moved all the same.
                    target.Await("RESUME", Patience);
                    return Read(state, ordered, source.Events, target.Events);
                case "failed" or "cancelled":
                    throw new EmulatorException($"QEMU's migration failed: {state["error-desc"]}.");
            }

            if (elapsed > Patience)
            {
                source.Execute("migrate_cancel");
                throw new EmulatorException($"QEMU's migration was given up: {Describe(state)}.");
            }

            if (elapsed - told > TimeSpan.FromSeconds(1))
            {
                progress?.Invoke(Describe(state));
                told = elapsed;
            }

            Thread.Sleep(Look);
        }
    }

    private static string Describe(JsonNode state) =>
        $"round {state["ram"]?["dirty-sync-count"]}, {state["ram"]?["remaining"]} bytes left, "
        + $"{state["ram"]?["mbps"]} Mbit/s, {state["ram"]?["dirty-pages-rate"]} pages written to a second, "
        + $"estimated downtime {state["expected-downtime"]} ms";

    /// <summary>
    /// Puts together what it took. Both QEMUs run on this computer, so their clock is one. The source says STOP when
    /// its processor has come to rest, the target RESUME just before it lets its own go: if anything, the machine
    /// stood still a little longer.
    /// </summary>
    /// <param name="state">The source's answer to <c>query-migrate</c>, at the end.</param>
    /// <param name="ordered">When it was told to migrate.</param>
    /// <param name="source">What it has said.</param>
    /// <param name="target">What the target has said.</param>
    /// <exception cref="EmulatorException">One of them has not said when.</exception>
    public static MoveFigures Read(
        JsonNode state, DateTime ordered, IEnumerable<QmpEvent> source, IEnumerable<QmpEvent> target)
    {
        var stopped = QmpEvent.Latest(source, "STOP").Microseconds;
        var resumed = QmpEvent.Latest(target, "RESUME").Microseconds;
        return new MoveFigures(
            (resumed - stopped) / MicrosecondsPerMs,
            (resumed - ((ordered - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond)) / MicrosecondsPerMs,
            state["ram"]!["transferred"]!.GetValue<long>(),
            state["ram"]!["dirty-sync-count"]!.GetValue<int>())
        {
            SourceDowntimeMs = state["downtime"]!.GetValue<long>(),
            Landed = DateTime.UnixEpoch.AddTicks(resumed * TimeSpan.TicksPerMicrosecond),
        };
    }

    private JsonObject Parameters()
    {
        (string Name, long? Value)[] wishes =
        [
            ("max-bandwidth", BandwidthMax),
            ("downtime-limit", DowntimeLimitMs),
            ("cpu-throttle-initial", SlowDownFirst),
            ("cpu-throttle-increment", SlowDownMore),
        ];
        var parameters = new JsonObject();
        foreach (var (name, value) in wishes)
        {
            if (value is { } wish)
            {
                parameters[name] = wish;
            }
        }

        return parameters;
    }
}
