using System;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Teleport;
using static System.FormattableString;

namespace HaukiOS.Host.Bench;

/// <summary>One move, as whoever moved it has measured it, and as two witnesses outside saw it.</summary>
/// <param name="Figures">What the mover says.</param>
/// <param name="SilenceMs">How long a client on a TCP connection heard nothing; null if it heard nothing more.</param>
/// <param name="EchoMs">
/// The longest pause between answers to a question asked every ms, less the usual pause; null where none came any more.
/// </param>
/// <param name="NoiseMs">The same of the second before the move: what the host does to anybody.</param>
/// <param name="Work">What the work came to meanwhile; null where there was none.</param>
public sealed record MoveSample(
    MoveFigures Figures, double? SilenceMs, double? EchoMs, double? NoiseMs, WorkDone? Work)
{
    // As long as this the work is watched before the move, for what is usual; it goes through its region many times.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Moves a node, and watches it.</summary>
    /// <param name="shuttle">A node that is idle.</param>
    /// <param name="mebibytes">How much it shall write to meanwhile.</param>
    /// <param name="wellAfter">How long may it need to speak again?</param>
    /// <returns>Null where the move came to no end.</returns>
    public static MoveSample? Take(Shuttle shuttle, int mebibytes, TimeSpan wellAfter)
    {
        using var client = shuttle.Converse();
        client.AwaitEcho(Patience);
        shuttle.Prepare();
        shuttle.StartLoad(mebibytes);
        using var probe = new EchoProbe(shuttle.Network.Space, Shuttle.NodeAddress);
        LoadCount Count() => mebibytes > 0 ? shuttle.CountLoad() : default;
        Thread.Sleep(Settle / 4); // the region is there, and translated
        probe.TakeLongestGap();
        var before = Count();
        Thread.Sleep(Settle);
        client.TakeLongestSilence();
        var noise = probe.TakeLongestGap();
        var start = Count();
        MoveFigures figures;
        try
        {
            figures = shuttle.Move();
        }
        catch (EmulatorException) when (shuttle is QemuShuttle)
        {
            return null;
        }

        var silence = SilenceUntilEcho(client, wellAfter);
        var echo = probe.TakeLongestGap();
        WorkDone? work = mebibytes > 0
            ? WorkDone.Between(before, start, shuttle.CountAfterMove())
            : null;
        return new MoveSample(figures, silence, echo?.TotalMilliseconds, noise?.TotalMilliseconds, work);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Invariant($"{Figures.DowntimeMs:0.0} ms down, echo {EchoMs ?? double.PositiveInfinity:0.0} ms ")
        + Invariant($"(before {NoiseMs ?? double.PositiveInfinity:0.0}), ")
        + Invariant($"silence {SilenceMs ?? double.PositiveInfinity:0} ms, {Figures.TotalMs:0} ms in all, ")
        + Invariant($"{Figures.Bytes / 1e6:0.0} MB")
        + (Work is { } work ? Invariant($", {work.Percent:0} % of the work, {work.LostMs:0} ms of it lost") : "");

    private static double? SilenceUntilEcho(StreamClient client, TimeSpan patience)
    {
        try
        {
            client.AwaitEcho(patience);
            return client.TakeLongestSilence().TotalMilliseconds;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
