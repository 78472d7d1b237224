using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>A command longer than one turn of the loop: it does its work in steps of a few milliseconds.</summary>
internal abstract class RunningCommand
{
    /// <summary>What one step may take.</summary>
    public const long StepNanoseconds = 3_000_000;

    protected RunningCommand(ConsoleContext context) => Context = context;

    /// <summary>Is there work for the next turn at once, or only something to look at on the next beat?</summary>
    public abstract bool IsHurried { get; }

    /// <summary>What stands before what a person types while the command runs; null: nothing can be typed.</summary>
    public virtual string? Prompt => null;

    protected ConsoleContext Context { get; }

    /// <summary>Does a step.</summary>
    /// <returns>True when the command has finished.</returns>
    public abstract bool Step(Instant now);

    /// <summary>Ctrl-C: the next steps lead to an early end.</summary>
    public abstract void Cancel();

    /// <summary>A line was typed at <see cref="Prompt"/>. It is wiped when this returns.</summary>
    public virtual void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
    }

    /// <summary>Ctrl-D at <see cref="Prompt"/>.</summary>
    public virtual void OnEndOfInput(Instant now)
    {
    }
}
