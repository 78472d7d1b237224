using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>The moves of both sides with the same work to do, and what they come to.</summary>
/// <param name="mebibytes">What the work writes to; 0 for none.</param>
public sealed class MoveComparison(int mebibytes)
{
    private const string Conditions = "Native move against QEMU's live migration, both with 30 ms as their aim, QEMU "
        + "with the bandwidth that the card was measured to carry, auto-converge on. "
        + "Rtl8139, Pentium 4, 128 MiB, TCG. ";

    private readonly List<MoveSample> ours = [];
    private readonly List<MoveSample> theirs = [];

    /// <summary>What the work writes to; 0 for none.</summary>
    public int Mebibytes { get; } = mebibytes;

    /// <summary>The set's name in results.</summary>
    public string Name => Mebibytes == 0 ? "idle" : Invariant($"{Mebibytes}MiB");

    /// <summary>How often the peer has come to no end.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Our latest move.</summary>
    public MoveSample LatestOurs => ours[^1];

    /// <summary>The peer's latest move, in words.</summary>
    public string LatestPeer { get; private set; } = string.Empty;

    /// <summary>How often the peer came to no end, and how many of its guests did not speak again.</summary>
    public string Summary =>
        Invariant($"{Name}: {ours.Count} moves of hauki, all alive; {theirs.Count} of qemu, of which ")
        + Invariant($"{Silent} guests did not speak again; ")
        + Invariant($"{GivenUp} more came to no end");

    private int Silent => theirs.Count(static sample => sample.SilenceMs is null);

    /// <summary>Takes one of ours.</summary>
    public void AddOurs(MoveSample sample) => ours.Add(sample);

    /// <summary>Takes one of the peer's; null for one that came to no end.</summary>
    public void AddPeer(MoveSample? sample)
    {
        LatestPeer = sample?.ToString() ?? "did not come to an end";
        if (sample is null)
        {
            GivenUp++;
        }
        else
        {
            theirs.Add(sample);
        }
    }

    /// <summary>All figures that there are.</summary>
    public IEnumerable<BenchResult> Judge()
    {
        BenchResult?[] results =
        [
            Of("downtime", "", "ms", static move => move.Figures.DowntimeMs, "Stood still: hauki from the stop to its "
                + "network being bound, by its own clock; qemu from the source's STOP to the target's RESUME."),
            Of("downtime", "/reported", "ms", static move => move.Figures.SourceDowntimeMs, "What qemu calls downtime "
                + "ends when its source has handed everything to the socket."),
            Of("downtime", "/echo", "ms", static move => move.EchoMs, "Seen from outside, both alike: the longest "
                + "pause between answers to an ICMP echo request every ms during the move, less the usual pause."),
            Of("downtime", "/noise", "ms", static move => move.NoiseMs, "The same in the second before the move: what "
                + "the busy computer does to anybody."),
            Of("downtime", "/silence", "ms", static move => move.SilenceMs, "The longest silence that a client on a "
                + "TCP connection heard during the whole move."),
            Of("total", "", "ms", static move => move.Figures.TotalMs, "From the order to the landed machine."),
            Of("bytes", "", "MB", static move => move.Figures.Bytes / 1e6, "All that was sent."),
            Of("throughput", "", "%", static move => move.Work?.Percent, "Pages that the work wrote from the order to "
                + "the landed machine, of what it writes in the same time without a move."),
            Of("throughput", "/lost", "ms", static move => move.Work?.LostMs, "What that came to: as if the work had "
                + "stood still for so long."),
            Of("throughput", "/between", "pages/s", static move => move.Work?.UsualPerSecond, "The work's speed while "
                + "no move is under way: on a node that has moved, and on the same kernel that never did."),
        ];
        return results.OfType<BenchResult>();
    }

    private BenchResult? Of(string what, string how, string unit, Func<MoveSample, double?> figure, string meaning)
    {
        List<double> our = [.. ours.Select(figure).OfType<double>()];
        List<double> their = [.. theirs.Select(figure).OfType<double>()];
        if (our.Count == 0)
        {
            return null;
        }

        double Worst(List<double> values) => unit is "%" or "pages/s" ? values.Min() : values.Max();
        var details = new Dictionary<string, double>
        {
            ["haukiWorst"] = Worst(our),
            ["qemuSilentAfterwards"] = Silent,
            ["qemuWithoutEnd"] = GivenUp,
        };
        if (their.Count > 0)
        {
            details["qemuWorst"] = Worst(their);
        }

        var name = $"teleport-{what}/{Name}{how}";
        return new BenchResult(name, our, their, RatioIsPeerOverOurs: false, Conditions + meaning)
        {
            PeerName = "qemu",
            Unit = unit,
            Details = details,
        };
    }
}
