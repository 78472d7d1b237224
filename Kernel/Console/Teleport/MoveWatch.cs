using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>Tells the person at a prompt what has become of a move that somebody else has ordered.</summary>
internal static class MoveWatch
{
    /// <summary>Looks whether a move has come to its end since the last look.</summary>
    public static void Look(ConsoleContext context)
    {
        if (context.Parts.Teleporter is not ITeleporter teleporter || context.IsTyping)
        {
            return;
        }

        MoveStatus status = teleporter.Status;
        if (status.Phase == context.MoveSeen)
        {
            return;
        }

        context.MoveSeen = status.Phase;
        string? line = status.Phase switch
        {
            MovePhase.Landed => MoveReport.Moved(status),
            MovePhase.Failed => "migrate: " + status.Problem,
            _ => null,
        };
        if (line is not null)
        {
            context.BreakLine();
            context.Announce(line);
        }
    }
}
