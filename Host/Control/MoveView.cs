using System;
using HaukiOS.Hardware;
using static System.FormattableString;

namespace HaukiOS.Host.Control;

/// <summary>A move on the operator's terminal: one line that changes, or, into a file, a line for each round.</summary>
public sealed class MoveView
{
    private readonly bool isTerminal = !System.Console.IsOutputRedirected;
    private int width;
    private (MovePhase Phase, int Round) shown;

    /// <summary>Shows how far it has come.</summary>
    public void Show(MoveStatus status)
    {
        var line = Line(status);
        if (isTerminal)
        {
            System.Console.Write("\r" + line.PadRight(width));
            width = line.Length;
        }
        else if (shown != (status.Phase, status.Round) && status.Phase != MovePhase.Failed)
        {
            shown = (status.Phase, status.Round);
            System.Console.WriteLine(line);
        }
    }

    /// <summary>Shows how it ended.</summary>
    public void End(MoveOutcome outcome, Mover mover)
    {
        if (isTerminal && width > 0)
        {
            System.Console.WriteLine();
        }

        if (outcome == MoveOutcome.Moved)
        {
            var last = mover.Last;
            System.Console.WriteLine(
                Invariant($"moved: stood still {last.DowntimeMicroseconds / 1000.0:0.000} ms, ")
                + Invariant($"{last.TotalMs} ms in all, {last.BytesSent / 1e6:0.0} MB in {last.Round} rounds"));
            return;
        }

        System.Console.Error.WriteLine("hauki: " + outcome switch
        {
            MoveOutcome.Failed => $"{mover.Problem ?? "the move was given up"}; the node goes on where it is",
            MoveOutcome.Lost => $"nothing is heard of the node any more ({mover.Problem ?? "it is silent"}); "
                + "look at the consoles of both machines",
            _ => mover.Problem,
        });
    }

    /// <summary>How far it has come, in less than a line.</summary>
    public static string Line(in MoveStatus status) => status.Phase switch
    {
        MovePhase.Connecting => "the node looks for the machine that stands by",
        MovePhase.Copying => Invariant(
            $"round {status.Round}: {status.PagesLeft} pages left, {status.BytesPerSecond / 1e6:0.0} MB/s, ")
            + Invariant($"{status.DirtyPagesPerSecond} pages/s written, ")
            + (status.EstimatedDowntimeMs > 0
                ? Invariant($"{status.EstimatedDowntimeMs} ms to stand still")
                : "standstill not known yet")
            + (status.WorkerShare is > 0 and < 100 ? Invariant($", worker at {status.WorkerShare} %") : string.Empty),
        MovePhase.Stopped => "the node stands still",
        MovePhase.Landed => "the node has landed",
        MovePhase.Failed => "failed",
        _ => "no move is under way",
    };
}
