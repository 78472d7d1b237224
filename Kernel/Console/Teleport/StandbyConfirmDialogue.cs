using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// A node that arrives brings its disk. Before it may replace one that holds something, a person agrees.
/// </summary>
internal sealed class StandbyConfirmDialogue : Dialogue
{
    private const string Sentence = "give the disk away";

    private readonly ITeleporter teleporter;
    private readonly Func<Dialogue> back;

    public StandbyConfirmDialogue(ConsoleContext context, ITeleporter teleporter, Func<Dialogue> back)
        : base(context)
    {
        this.teleporter = teleporter;
        this.back = back;
    }

    public override string? Prompt => "confirm> ";

    public override void Begin(Instant now)
    {
        IBlockDevice disk = Context.Parts.Disk!;
        Context.Output.WriteLine(
            $"the disk is not empty. A node that comes here overwrites all {disk.SectorCount / 2048} MiB of it "
            + $"({disk.Name})");
        Context.Output.WriteLine($"type '{Sentence}' to allow that; anything else leaves everything as it is");
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (line.SequenceEqual("give the disk away"u8))
        {
            teleporter.MayOverwrite = true;
            Context.SwitchTo(new StandbyDialogue(Context, teleporter, back));
        }
        else
        {
            Leave();
        }
    }

    public override void OnCancel(Instant now) => Leave();

    private void Leave()
    {
        Context.Output.WriteLine("nobody is waited for, and the disk is left as it is");
        Context.SwitchTo(back());
    }
}
