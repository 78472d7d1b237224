using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>Prints many lines, a few in each turn: a serial line takes its time.</summary>
internal sealed class Listing : RunningCommand
{
    private const int LinesPerStep = 4;

    private readonly Func<int, string> line;
    private readonly string? last;
    private int count;
    private int next;

    /// <summary>Prints <paramref name="count"/> lines and <paramref name="last"/>.</summary>
    public Listing(ConsoleContext context, int count, Func<int, string> line, string? last)
        : base(context)
    {
        this.count = count;
        this.line = line;
        this.last = last;
    }

    public override bool IsHurried => true;

    public override bool Step(Instant now)
    {
        for (int i = 0; i < LinesPerStep && next < count; i++)
        {
            Context.Output.WriteLine(line(next++));
        }

        if (next < count)
        {
            return false;
        }

        if (last is not null)
        {
            Context.Output.WriteLine(last);
        }

        return true;
    }

    public override void Cancel() => count = next;
}
