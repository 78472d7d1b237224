using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// An operator vouches that the node does not run on the other machine and will not. No machine can check that, so it
/// takes a sentence.
/// </summary>
internal sealed class ReclaimDialogue : Dialogue
{
    private const string Sentence = "it does not run there";

    private readonly IWhereabouts whereabouts;

    public ReclaimDialogue(ConsoleContext context, IWhereabouts whereabouts)
        : base(context) => this.whereabouts = whereabouts;

    public override string? Prompt => "confirm> ";

    public override void Begin(Instant now)
    {
        Context.Output.WriteLine("if the node runs on the other machine after all, there will be two of it, and what");
        Context.Output.WriteLine("one of them does will be lost. Switch the other machine off, or see for yourself");
        Context.Output.WriteLine($"that the node is not there. Then type '{Sentence}'; anything else changes nothing");
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (!line.SequenceEqual("it does not run there"u8))
        {
            Leave();
        }
        else if (whereabouts.Vouch())
        {
            Context.Announce("the node was reclaimed by an operator");
            Context.SwitchTo(StartDialogue.Resumed(Context));
        }
        else
        {
            Context.Output.WriteLine("reclaim: that could not be written to the disk, so it does not count; try again");
            Context.SwitchTo(WhereaboutsDialogue.Unless(Context, () => StartDialogue.Resumed(Context)));
        }
    }

    public override void OnCancel(Instant now) => Leave();

    private void Leave()
    {
        Context.Output.WriteLine("nothing was changed; 'reclaim' asks again");
        Context.SwitchTo(WhereaboutsDialogue.Unless(Context, () => StartDialogue.Resumed(Context)));
    }
}
