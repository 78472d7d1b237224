using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>Moves in words.</summary>
internal static class MoveReport
{
    private const long Mebibyte = 1 << 20;

    /// <summary>How far a move has come, in less than a line.</summary>
    public static string Progress(in MoveStatus status) => status.Phase switch
    {
        MovePhase.Connecting => "looking for the machine that stands by",
        MovePhase.Copying => Copying(status),
        MovePhase.Stopped => "the node stands still",
        MovePhase.StandingBy => "standing by for a node",
        MovePhase.Receiving => $"a node arrives: {Sent(status)}",
        MovePhase.Landed => Moved(status),
        MovePhase.Failed => $"failed: {status.Problem}",
        _ => "no move has been made",
    };

    /// <summary>What a move has cost, on the machine where the node has landed.</summary>
    public static string Moved(in MoveStatus status)
    {
        long rounds = status.Round;
        string round = rounds == 1 ? "round" : "rounds";
        return $"moved: stood still {Thousandths(status.DowntimeMicroseconds)} ms, {status.TotalMs} ms in all, "
            + $"{status.BytesSent} bytes, {rounds} {round}";
    }

    private static string Copying(in MoveStatus status)
    {
        string slowed = status.WorkerShare is > 0 and < 100 ? $", worker at {status.WorkerShare} %" : string.Empty;
        string still = status.EstimatedDowntimeMs > 0
            ? $"{status.EstimatedDowntimeMs} ms to stand still"
            : "standstill not known yet";
        return $"round {status.Round}: {status.PagesLeft} pages left, {Rate(status.BytesPerSecond)}, "
            + $"{status.DirtyPagesPerSecond} pages/s written, {still}{slowed}";
    }

    private static string Sent(in MoveStatus status) =>
        $"{status.PagesSent} pages, {status.SectorsSent} sectors, {Mebibytes(status.BytesSent)} MiB";

    private static string Rate(long bytesPerSecond) => $"{Mebibytes(bytesPerSecond)} MiB/s";

    private static string Mebibytes(long bytes) => $"{bytes / Mebibyte}.{bytes % Mebibyte * 10 / Mebibyte}";

    private static string Thousandths(long value) =>
        $"{value / 1000}.{value / 100 % 10}{value / 10 % 10}{value % 10}";
}
