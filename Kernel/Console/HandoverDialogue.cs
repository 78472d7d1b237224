using System;
using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>
/// Somebody was typing an answer when the lock was opened from elsewhere. What is still to come of that answer must
/// not appear at the prompt in clear, so that everything up to the next Enter is hidden and dropped.
/// </summary>
internal sealed class HandoverDialogue : Dialogue
{
    private readonly Dialogue next;

    public HandoverDialogue(ConsoleContext context, Dialogue next)
        : base(context) => this.next = next;

    public override string? Prompt => "press Enter> ";

    public override bool IsSecret => true;

    public override void Begin(Instant now)
    {
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now) => Context.SwitchTo(next);

    public override void OnCancel(Instant now) => Context.SwitchTo(next);
}
