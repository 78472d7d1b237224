using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// One part of the conversation: enrolment, the challenge, the commands. It is told lines and moments; what it says
/// goes to <see cref="Context"/>.
/// </summary>
internal abstract class Dialogue
{
    protected Dialogue(ConsoleContext context) => Context = context;

    /// <summary>What the person is asked with; null while there is nothing to ask.</summary>
    public abstract string? Prompt { get; }

    /// <summary>Are the characters of the next line to be shown as <c>*</c>?</summary>
    public virtual bool IsSecret => false;

    /// <summary>Is there more to do at once, without waiting for the next beat?</summary>
    public virtual bool IsHurried => false;

    protected ConsoleContext Context { get; }

    /// <summary>The dialogue takes over.</summary>
    public abstract void Begin(Instant now);

    /// <summary>A line was typed. It is wiped when this returns.</summary>
    public abstract void OnLine(ReadOnlySpan<byte> line, Instant now);

    /// <summary>Ctrl-C.</summary>
    public virtual void OnCancel(Instant now)
    {
    }

    /// <summary>Ctrl-D on an empty line.</summary>
    public virtual void OnEndOfInput(Instant now)
    {
    }

    /// <summary>Time has passed.</summary>
    public virtual void OnBeat(Instant now)
    {
    }
}
