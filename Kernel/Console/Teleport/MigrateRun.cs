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
    private Instant nextProgress;

    /// <summary>A move that has begun.</summary>
    public MigrateRun(ConsoleContext context, ITeleporter teleporter)
        : base(context) => this.teleporter = teleporter;

    public override bool IsHurried => false;

    public override bool Step(Instant now)
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

    public override void Cancel() => teleporter.Cancel();
}
