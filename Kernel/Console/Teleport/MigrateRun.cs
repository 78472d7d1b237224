using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// A move, as the person who has ordered it at the console sees it. It moves with the node: its last line is said by
/// the console of the other machine.
/// </summary>
internal sealed class MigrateRun : RunningCommand
{
    private const int ProgressMilliseconds = 250;

    private readonly ITeleporter teleporter;
    private readonly MoveOrder order;
    private Instant nextProgress;
    private bool hasBegun;
    private bool isCancelled;

    /// <summary>A move that begins as soon as there is randomness for its keys.</summary>
    public MigrateRun(ConsoleContext context, ITeleporter teleporter, MoveOrder order)
        : base(context)
    {
        this.teleporter = teleporter;
        this.order = order;
    }

    public override bool IsHurried => false;

    public override bool Step(Instant now) => hasBegun ? Follow(now) : Begin(now);

    public override void Cancel()
    {
        isCancelled = true;
        if (hasBegun)
        {
            teleporter.Cancel();
        }
    }

    private bool Begin(Instant now)
    {
        string? problem = isCancelled ? "given up" : null;
        if (problem is null && !Context.Parts.Entropy.IsReady)
        {
            Context.Output.Progress($"gathering randomness: {Context.Parts.Entropy.Percent} %");
            return false;
        }

        problem ??= teleporter.Begin(order, now);
        if (problem is not null)
        {
            Context.Output.WriteLine("migrate: " + problem);
            return true;
        }

        Context.Output.EndProgress();
        hasBegun = true;
        return Follow(now);
    }

    private bool Follow(Instant now)
    {
        MoveStatus status = teleporter.Status;
        switch (status.Phase)
        {
            case MovePhase.Landed:
                Context.Announce(MoveReport.Moved(status));
                break;
            case MovePhase.Failed:
                Context.Announce("migrate: " + status.Problem);
                break;
            case MovePhase.Idle:
                Context.Output.WriteLine("migrate: given up; the node goes on here");
                break;
            default:
                if (now >= nextProgress)
                {
                    nextProgress = now.AddMilliseconds(ProgressMilliseconds);
                    Context.Output.Progress(MoveReport.Progress(status));
                }

                return false;
        }

        Context.MoveSeen = status.Phase;
        return true;
    }
}
