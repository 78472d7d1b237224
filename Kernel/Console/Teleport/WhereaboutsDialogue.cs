using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// The disk holds a node's store, but the node is not here, or nobody can tell: the store stays shut. Says why, offers
/// what helps, and goes on by itself as soon as the other machine has said how the move ended. Meanwhile there is the
/// ordinary prompt of a machine without a store.
/// </summary>
internal sealed class WhereaboutsDialogue : Dialogue
{
    private readonly IWhereabouts whereabouts;
    private CommandDialogue commands;
    private int seen;

    public WhereaboutsDialogue(ConsoleContext context, IWhereabouts whereabouts)
        : base(context)
    {
        this.whereabouts = whereabouts;
        commands = new CommandDialogue(context, Title(whereabouts.Place));
    }

    public override string? Prompt => commands.Prompt;

    public override bool IsHurried => commands.IsHurried;

    private NodePlace Place => whereabouts.Place;

    private bool IsOpenQuestion => MayVouch(Place);

    /// <summary>Takes over from a dialogue that leads to a store, if this machine must not open it.</summary>
    /// <returns>The dialogue that follows: the one that was meant, unless the node is not here.</returns>
    public static Dialogue Unless(ConsoleContext context, Func<Dialogue> meant) =>
        context.Parts.Whereabouts is { Place: not NodePlace.Here } other
            ? new WhereaboutsDialogue(context, other)
            : meant();

    /// <summary>Why this machine must not be given to another node, in a sentence; null if it may be.</summary>
    public static string? FindObstacle(ConsoleContext context) =>
        context.Parts.Whereabouts is { } whereabouts && MayVouch(whereabouts.Place)
            ? "this disk may hold the only copy of a node; 'reclaim' decides that first"
            : null;

    public override void Begin(Instant now)
    {
        seen = whereabouts.Version;
        Explain();
    }

    public override void OnBeat(Instant now)
    {
        if (whereabouts.Version == seen)
        {
            commands.OnBeat(now);
            return;
        }

        Context.BreakLine();
        if (Place == NodePlace.Here)
        {
            Context.Announce("the node is here");
            Context.SwitchTo(StartDialogue.Resumed(Context));
            return;
        }

        commands = new CommandDialogue(Context, Title(Place));
        Begin(now);
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        var arguments = new Arguments(line);
        string word = arguments.NextWord();
        if (commands.IsRunning)
        {
            commands.OnLine(line, now);
        }
        else if (word == "reclaim" && arguments.IsEmpty)
        {
            Reclaim();
        }
        else if (word == "reclaim")
        {
            Context.Output.WriteLine("reclaim: that is one word too many");
        }
        else if (word == "format" && IsOpenQuestion)
        {
            Context.Output.WriteLine("format: " + FindObstacle(Context));
        }
        else
        {
            commands.OnLine(line, now);
        }
    }

    public override void OnEndOfInput(Instant now) => commands.OnEndOfInput(now);

    public override void OnCancel(Instant now) => commands.OnCancel(now);

    private static bool MayVouch(NodePlace place) =>
        place is NodePlace.InDoubt or NodePlace.Unconfirmed or NodePlace.Unknown;

    private static string Title(NodePlace place) => place switch
    {
        NodePlace.Unconfirmed => "unconfirmed",
        NodePlace.InDoubt => "in doubt",
        NodePlace.Elsewhere => "node elsewhere",
        NodePlace.NotArrived => "node not here",
        NodePlace.Resumed => "node elsewhere",
        _ => "damaged hand-over",
    };

    private void Explain()
    {
        foreach (string line in Place switch
        {
            NodePlace.Unconfirmed => (ReadOnlySpan<string>)
            [
                "the node has moved to this machine, but the one that it came from has not confirmed it yet. It is",
                "asked. If you know that the node does not run there and will not, type 'reclaim'.",
            ],
            NodePlace.InDoubt =>
            [
                "the node was about to leave when this machine stopped, and only the other machine knows whether it",
                "did. It is asked. If you know that the node does not run there and will not, type 'reclaim'.",
            ],
            NodePlace.Elsewhere =>
            [
                "the node of this disk has moved to another machine; what is left here is out of date. 'standby' waits",
                "for it to come back, or for another node; 'format' makes a new store.",
            ],
            NodePlace.NotArrived =>
            [
                "a node was on its way to this disk and did not arrive; it goes on where it was, and what is here is",
                "of no use. 'standby' waits for it again; 'format' makes a new store.",
            ],
            NodePlace.Resumed =>
            [
                "the node of this disk was resumed on the machine that it came from; what is here is out of date.",
                "'standby' waits for a node; 'format' makes a new store.",
            ],
            _ =>
            [
                "nobody can tell whether the node of this disk is here or on another machine. If you know that it does",
                "not run anywhere else and will not, type 'reclaim'.",
            ],
        })
        {
            Context.Output.WriteLine(line);
        }

        string? detail = whereabouts.Problem ?? (whereabouts.Peer is { Length: > 0 } peer
            ? "the other machine's key: " + peer
            : null);
        if (detail is not null)
        {
            Context.Output.WriteLine(detail);
        }
    }

    private void Reclaim()
    {
        if (IsOpenQuestion)
        {
            Context.SwitchTo(new ReclaimDialogue(Context, whereabouts));
            return;
        }

        Context.Output.WriteLine("reclaim: there is no doubt: the node is not here");
    }
}
