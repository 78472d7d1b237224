using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>Before anything is written to a disk that is not empty, a person has to type a sentence.</summary>
internal sealed class FormatDialogue : Dialogue
{
    private const string Sentence = "erase everything";

    public FormatDialogue(ConsoleContext context)
        : base(context)
    {
    }

    public override string? Prompt => "confirm> ";

    public override void Begin(Instant now)
    {
        IBlockDevice disk = Context.Parts.Disk!;
        Context.Output.WriteLine(
            $"making a store erases all {disk.SectorCount / 2048} MiB of the disk ({disk.Name})");
        Context.Output.WriteLine($"type '{Sentence}' to do that; anything else leaves the disk as it is");
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (line.SequenceEqual("erase everything"u8))
        {
            Context.SwitchTo(new EnrolmentDialogue(Context));
            return;
        }

        Leave();
    }

    public override void OnCancel(Instant now) => Leave();

    private void Leave()
    {
        Context.Output.WriteLine("the disk was left as it is; 'format' asks again");
        Context.SwitchTo(new CommandDialogue(Context, "foreign disk"));
    }
}
