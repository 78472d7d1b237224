using System;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary>
/// <c>migrate</c> and <c>standby</c>, at whichever prompt they are typed; <c>reclaim</c> and <c>resume</c> where there
/// is nothing to decide.
/// </summary>
internal static class MoveCommands
{
    /// <summary>Their part of <c>help</c>.</summary>
    public static readonly string[] HelpLines =
    [
        "standby              waits for a node to move to this machine, and shows the code it needs",
        "migrate ADDRESS [CODE] [downtime=MS]",
        "                     moves this node to the machine that stands by there; Ctrl-C gives it up",
        "migrate [cancel]     how a move goes that somebody else has ordered; gives it up",
    ];

    /// <summary>The longest standstill that can be asked for.</summary>
    public const int DowntimeMaxMs = ControlRequest.DowntimeMaxMs;

    /// <summary>Is that one of these commands?</summary>
    public static bool Owns(string command) => command is "standby" or "migrate" or "reclaim" or "resume";

    /// <summary>Does <c>migrate</c>.</summary>
    /// <returns>The move, to be run; null if there is none.</returns>
    public static RunningCommand? Migrate(ConsoleContext context, ref Arguments arguments, Instant now)
    {
        ITeleporter? teleporter = Find(context, "migrate");
        if (teleporter is null)
        {
            return null;
        }

        string first = arguments.NextWord();
        if (first.Length == 0)
        {
            context.Output.WriteLine("migrate: " + MoveReport.Progress(teleporter.Status));
            return null;
        }

        if (first == "cancel" && arguments.IsEmpty)
        {
            Cancel(context, teleporter);
            return null;
        }

        string? problem = TryRead(first, ref arguments, out MoveOrder? order);
        if (problem is not null)
        {
            context.Output.WriteLine("migrate: " + problem);
            return null;
        }

        var run = new MigrateRun(context, teleporter, order!);
        return run.Step(now) ? null : run;
    }

    /// <summary>Does <c>standby</c>: another dialogue takes over.</summary>
    /// <param name="context">The session.</param>
    /// <param name="back">Where to go when nobody is waited for any more.</param>
    /// <returns>False if this machine cannot; it has been said why.</returns>
    public static bool StandBy(ConsoleContext context, Func<Dialogue> back)
    {
        if (Find(context, "standby") is not ITeleporter teleporter)
        {
            return false;
        }

        if (WhereaboutsDialogue.FindObstacle(context) is string obstacle)
        {
            context.Output.WriteLine("standby: " + obstacle);
            return false;
        }

        teleporter.MayOverwrite = false;
        context.SwitchTo(teleporter.WouldOverwrite
            ? new StandbyConfirmDialogue(context, teleporter, back)
            : new StandbyDialogue(context, teleporter, back));
        return true;
    }

    /// <summary>Is this line a command of a move, and not the answer to what was asked?</summary>
    public static bool IsMigrate(ReadOnlySpan<byte> line)
    {
        var arguments = new Arguments(line);
        return arguments.NextWord() == "migrate"
            && arguments.NextWord() is string word
            && (word == "cancel" || Ipv4Address.TryParse(word, out _));
    }

    /// <summary>Says why a word that ends a doubt has nothing to end here.</summary>
    /// <param name="context">The session.</param>
    /// <param name="command"><c>reclaim</c> or <c>resume</c>.</param>
    public static void RefuseWord(ConsoleContext context, string command) => context.Output.WriteLine(
        command == "resume"
            ? "resume: the node does not stand still; the word is for one that waits for its target's answer"
            : "reclaim: there is no doubt about a node here");

    private static void Cancel(ConsoleContext context, ITeleporter teleporter)
    {
        if (teleporter.Status.Phase is MovePhase.Connecting or MovePhase.Copying)
        {
            teleporter.Cancel();
        }
        else
        {
            context.Output.WriteLine("migrate: no move is under way");
        }
    }

    private static ITeleporter? Find(ConsoleContext context, string command)
    {
        if (context.Parts.Network is not { Device: not null })
        {
            context.Output.WriteLine($"{command}: this machine has no network card that we know");
            return null;
        }

        if (context.Parts.Teleporter is null)
        {
            context.Output.WriteLine($"{command}: this kernel was composed without it");
        }

        return context.Parts.Teleporter;
    }

    private static string? TryRead(string target, ref Arguments arguments, out MoveOrder? order)
    {
        const string option = "downtime=";
        order = null;
        if (!Ipv4Address.TryParse(target, out Ipv4Address address))
        {
            return "say where to: migrate ADDRESS CODE, as the machine there shows it";
        }

        string code = string.Empty;
        int downtime = new MoveOrder(address, null).DowntimeMs;
        while (!arguments.IsEmpty)
        {
            string word = arguments.NextWord();
            if (!word.StartsWith(option, StringComparison.Ordinal))
            {
                code += word;
            }
            else if (!TryReadNumber(word.Substring(option.Length), out downtime))
            {
                return $"downtime is a number of milliseconds from 1 to {DowntimeMaxMs}";
            }
        }

        order = new MoveOrder(address, code.Length > 0 ? code : null) { DowntimeMs = downtime };
        return null;
    }

    private static bool TryReadNumber(string text, out int number)
    {
        number = 0;
        foreach (char c in text)
        {
            if (c is < '0' or > '9' || number > DowntimeMaxMs)
            {
                return false;
            }

            number = (number * 10) + (c - '0');
        }

        return number is > 0 and <= DowntimeMaxMs;
    }
}
