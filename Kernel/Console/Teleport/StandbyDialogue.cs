using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Console;

/// <summary>
/// The machine stands by for a node: shows what has to be typed there, and how it arrives. Meanwhile there is the
/// ordinary prompt of a machine without a store. If the node lands, all of this is gone; if it does not, the machine
/// stands by again, with another code.
/// </summary>
internal sealed class StandbyDialogue : Dialogue
{
    private const int AgainMilliseconds = 2_000;

    private readonly ITeleporter teleporter;
    private readonly Func<Dialogue> back;
    private readonly CommandDialogue commands;
    private string? code;
    private Ipv4Address shown;
    private Instant again;
    private MovePhase seen;
    private bool isWaiting;
    private bool isShown;

    /// <summary>A dialogue that begins to wait when it takes over.</summary>
    /// <param name="context">The session.</param>
    /// <param name="teleporter">Who waits.</param>
    /// <param name="back">Where to go when nobody is waited for any more.</param>
    public StandbyDialogue(ConsoleContext context, ITeleporter teleporter, Func<Dialogue> back)
        : base(context)
    {
        this.teleporter = teleporter;
        this.back = back;
        commands = new CommandDialogue(context, "standby");
    }

    public override string? Prompt => IsArriving || !isShown ? null : commands.Prompt;

    public override bool IsHurried => commands.IsHurried;

    private bool IsArriving => seen == MovePhase.Receiving;

    public override void Begin(Instant now)
    {
        Context.Node.IsAsking = false;
        Context.Parts.Log.Add("standing by for a node");
        Wait(now);
    }

    public override void OnBeat(Instant now)
    {
        MoveStatus status = teleporter.Status;
        Context.MoveSeen = status.Phase;
        if (!isWaiting)
        {
            Wait(now);
        }
        else if (status.Phase is MovePhase.Failed or MovePhase.Idle)
        {
            Fail(status, now);
        }
        else
        {
            Follow(status);
        }

        if (isWaiting && !IsArriving)
        {
            Show();
        }

        commands.OnBeat(now);
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        var arguments = new Arguments(line);
        if (!commands.IsRunning && arguments.NextWord() is "standby" or "migrate" or "reclaim" or "format")
        {
            Context.Output.WriteLine("this machine stands by for a node; Ctrl-C ends that");
        }
        else
        {
            commands.OnLine(line, now);
        }
    }

    public override void OnEndOfInput(Instant now) => commands.OnEndOfInput(now);

    public override void OnCancel(Instant now)
    {
        if (commands.IsRunning && !IsArriving)
        {
            commands.OnCancel(now);
            return;
        }

        teleporter.EndStandBy();
        Context.Output.EndProgress();
        Context.Announce("nobody is waited for any more");
        Context.SwitchTo(WhereaboutsDialogue.Unless(Context, back));
    }

    // Until there is randomness for a code, and after a failure for a moment, there is nothing but to try again.
    private void Wait(Instant now)
    {
        if (now < again)
        {
            return;
        }

        if (!Context.Parts.Entropy.IsReady)
        {
            Context.Output.Progress($"gathering randomness: {Context.Parts.Entropy.Percent} %");
            return;
        }

        Context.Output.EndProgress();
        string? problem = teleporter.StandBy(out code, now);
        if (problem is not null)
        {
            Context.Announce("standby: " + problem);
            Context.SwitchTo(WhereaboutsDialogue.Unless(Context, back));
            return;
        }

        isWaiting = true;
        isShown = false;
        shown = Ipv4Address.Any;
        seen = MovePhase.StandingBy;
        if (code is not null)
        {
            Context.Output.WriteLine($"pairing code: {code}");
            Context.Output.WriteLine("it is good for one node and ten minutes; Ctrl-C ends the waiting");
        }
    }

    private void Fail(in MoveStatus status, Instant now)
    {
        Context.BreakLine();
        Context.Output.EndProgress();
        Context.Announce("standby: " + (status.Problem ?? "ended"));
        seen = status.Phase;
        isWaiting = false;
        isShown = false;
        again = now.AddMilliseconds(AgainMilliseconds);
    }

    private void Follow(in MoveStatus status)
    {
        if (status.Phase != seen)
        {
            Context.BreakLine();
            Context.Output.EndProgress();
            seen = status.Phase;
            Context.Parts.Log.Add("standby: " + MoveReport.Progress(status));
        }

        if (IsArriving)
        {
            Context.Output.Progress(MoveReport.Progress(status));
        }
    }

    private void Show()
    {
        NetworkStack stack = Context.Parts.Network!.Stack;
        bool isUsable = stack.Arp.State == AddressState.InUse;
        Ipv4Address address = isUsable ? stack.Configuration.Address : Ipv4Address.Any;
        if (isShown && (address == shown || Context.IsTyping || commands.IsRunning))
        {
            return;
        }

        Context.BreakLine();
        string typed = code is null ? string.Empty : " " + code;
        Context.Output.WriteLine(address == Ipv4Address.Any
            ? "this machine has no network address yet; 'net set ADDRESS/PREFIX' gives it one"
            : $"at the node that is to come here, type: migrate {address}{typed}");
        shown = address;
        isShown = true;
    }
}
