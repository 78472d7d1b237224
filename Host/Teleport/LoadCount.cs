using System;

namespace HaukiOS.Host.Teleport;

/// <summary>How much a node's load has written.</summary>
/// <param name="Pages">Pages written since it began.</param>
/// <param name="At">When that was so, by this computer's clock.</param>
public readonly record struct LoadCount(long Pages, DateTime At);

/// <summary>What a move cost the work that went on meanwhile.</summary>
/// <param name="UsualPerSecond">Pages a second without a move.</param>
/// <param name="Percent">What was written in the window that contains the move, of what is usual.</param>
/// <param name="LostMs">As if the work had stood still for so long, and gone on at its usual speed otherwise.</param>
public readonly record struct WorkDone(double UsualPerSecond, double Percent, double LostMs)
{
    private const double MsPerSecond = 1000;

    /// <summary>Compares a window that contains a move with one before it.</summary>
    /// <param name="before">A count without a move.</param>
    /// <param name="start">The count just before the move.</param>
    /// <param name="end">The count just after it.</param>
    public static WorkDone Between(LoadCount before, LoadCount start, LoadCount end)
    {
        var perMs = (start.Pages - before.Pages) / (start.At - before.At).TotalMilliseconds;
        var window = (end.At - start.At).TotalMilliseconds;
        var done = (end.Pages - start.Pages) / perMs;
        return new WorkDone(perMs * MsPerSecond, 100 * done / window, window - done);
    }
}
