using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>
/// The lock, as the person at the console meets it. Asks all questions, in an order of its own each time, and tells
/// nothing about single answers. While it asks, it also moves on the attempts that come over the network; one that
/// succeeds ends the asking.
/// </summary>
internal sealed class ChallengeDialogue : Dialogue
{
    private readonly LockKeeper keeper;
    private readonly int[] order;
    private LockAnswers answers;
    private LockAttempt? mine;
    private LockAttempt? opened;
    private RunningCommand? move;
    private bool handsOver;
    private string? placeShown;
    private int position;
    private Phase phase;

    public ChallengeDialogue(ConsoleContext context)
        : base(context)
    {
        ConsoleParts parts = context.Parts;
        keeper = context.Node.Keeper is LockKeeper kept && kept.Record == context.Lock
            ? kept
            : new LockKeeper(parts.Disk!, context.Lock!, parts.Worker, parts.Work, parts.Clock);
        order = new int[keeper.Record.Questions.Count];
        answers = new LockAnswers(order.Length);
    }

    private enum Phase
    {
        Waiting,
        Answering,
        Recovering,
        Deriving,
        Gathering,
        Done,
    }

    public override string? Prompt => move is not null ? null : phase switch
    {
        Phase.Answering => "answer> ",
        Phase.Recovering => "recovery key> ",
        _ => null,
    };

    public override bool IsSecret => true;

    public override void Begin(Instant now)
    {
        foreach (string? complaint in keeper.Load())
        {
            if (complaint is not null)
            {
                Context.Announce("warning: " + complaint);
            }
        }

        Context.Node.Keeper = keeper;
        Context.Node.IsAsking = true;
        ShowBootKey();
        if (keeper.DelaySeconds(LockDoor.Console) > 0)
        {
            Refuse();
        }
        else
        {
            StartAsking();
        }
    }

    public override void OnBeat(Instant now)
    {
        keeper.Step();
        StepMove(now);
        if (opened is null && keeper.Current is { State: AttemptState.Opened } attempt)
        {
            TakeOpened(attempt);
        }

        switch (phase)
        {
            case Phase.Waiting when now >= keeper.NextAttempt(LockDoor.Console):
                StartAsking();
                break;
            case Phase.Deriving when mine!.IsOver:
                FinishAttempt();
                break;
            case Phase.Deriving:
                Context.Output.Progress($"checking the answers: {mine!.Thousandths / 10} %");
                break;
            case Phase.Gathering when Context.Parts.Entropy.IsReady:
                Unlock();
                break;
            case Phase.Gathering:
                Context.Output.Progress($"gathering randomness: {Context.Parts.Entropy.Percent} %");
                break;
            default:
                break;
        }

        if (phase == Phase.Answering && Context.Node.Place != placeShown && !Context.IsTyping)
        {
            Context.BreakLine();
            ShowPlace();
        }
    }

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
        if (phase == Phase.Recovering)
        {
            TryRecoveryKey(line);
        }
        else if (line.SequenceEqual("recover"u8))
        {
            phase = Phase.Recovering;
        }
        else if (line.SequenceEqual("standby"u8) || MoveCommands.IsMigrate(line))
        {
            OnMoveCommand(line, now);
        }
        else if (answers.Set(order[position], line) == AnswerFault.TooLong)
        {
            Context.Output.WriteLine($"an answer has at most {LockAnswers.AnswerBytesMax} bytes");
        }
        else
        {
            position++;
            AskOrDerive();
        }
    }

    public override void OnCancel(Instant now)
    {
        if (move is not null)
        {
            move.Cancel();
            return;
        }

        switch (phase)
        {
            case Phase.Answering:
            case Phase.Recovering:
                StartAsking();
                break;
            case Phase.Deriving:
                keeper.Interrupt(mine!);
                break;
            default:
                break;
        }
    }

    // A locked node can move, and a machine whose disk is given away can stand by. What these words would be as an
    // answer is little loss: nobody's answer is the address of a machine.
    private void OnMoveCommand(ReadOnlySpan<byte> line, Instant now)
    {
        var arguments = new Arguments(line);
        if (arguments.NextWord() == "migrate")
        {
            move = MoveCommands.Migrate(Context, ref arguments, now);
        }
        else
        {
            MoveCommands.StandBy(Context, () => new ChallengeDialogue(Context));
        }
    }

    private void StepMove(Instant now)
    {
        if (move is null)
        {
            MoveWatch.Look(Context);
        }
        else if (move.Step(now))
        {
            move = null;
            Context.DropPrompt();
            Ask();
        }
    }

    private void StartAsking()
    {
        answers.Dispose();
        answers = new LockAnswers(order.Length);
        Shuffle();
        position = 0;
        phase = Phase.Answering;
        ShowPlace();
        Ask();
    }

    private void Shuffle()
    {
        Span<byte> random = stackalloc byte[LockRecord.QuestionsMax];
        Context.Parts.Entropy.FillWeak(random);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int i = order.Length - 1; i > 0; i--)
        {
            int other = random[i] % (i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
    }

    private void Ask() => Context.Output.WriteLine(
        $"challenge {position + 1}/{order.Length}: {keeper.Record.Questions[order[position]].Text}");

    private void AskOrDerive()
    {
        if (position < order.Length)
        {
            Ask();
            return;
        }

        SecretBytes password = answers.Combine(keeper.Record.Questions.ToArray());
        answers.Dispose();
        Follow(keeper.Begin(LockDoor.Console, password));
    }

    private void TryRecoveryKey(ReadOnlySpan<byte> line)
    {
        var key = new SecretBytes(RecoveryKey.Length);
        if (!RecoveryKey.TryParse(line, key))
        {
            key.Dispose();
            Context.Output.WriteLine(
                "locked: that is no recovery key (look for a slip); it was not tried, so there is a delay of 0 s");
            StartAsking();
            return;
        }

        Follow(keeper.BeginRecovery(key));
    }

    private void Follow(LockAttempt attempt)
    {
        mine = attempt;
        phase = Phase.Deriving;
        if (attempt.IsOver)
        {
            FinishAttempt();
        }
        else if (attempt.State == AttemptState.Opened)
        {
            TakeOpened(attempt);
        }
    }

    private void FinishAttempt()
    {
        Context.Output.EndProgress();
        if (mine!.Problem is string problem)
        {
            string sentence = "locked: " + problem;
            Context.Announce(sentence);
            phase = Phase.Waiting;
            return;
        }

        Context.Parts.Log.Add($"wrong answers ({keeper.Failed.Console} in a row)");
        Refuse();
    }

    // The right answers are known; only an open store needs randomness.
    private void TakeOpened(LockAttempt attempt)
    {
        opened = attempt;
        bool wasAnswering = phase == Phase.Answering && position > 0;
        wasAnswering |= Context.IsTyping;
        handsOver = attempt.Door != LockDoor.Console && wasAnswering;
        Context.BreakLine();
        Context.Output.EndProgress();
        answers.Dispose();
        phase = Phase.Gathering;
        if (Context.Parts.Entropy.IsReady)
        {
            Unlock();
        }
    }

    private void Unlock()
    {
        LockAttempt attempt = opened!;
        FailedAttempts failed = keeper.Succeed(attempt, out StoreError? error);
        if (error is not null)
        {
            Context.Announce("warning: the attempt counter could not be cleared: " + error.Message);
        }

        phase = Phase.Done;
        Context.Output.EndProgress();
        Context.Announce(
            attempt.Door == LockDoor.Console ? "unlocked" : $"unlocked over the network from {attempt.From}");
        if (failed.Total > 0)
        {
            Context.Output.WriteLine($"failed attempts since the last success: {failed.Total}");
        }

        if (failed.Operator + failed.Stranger > 0)
        {
            Context.Output.WriteLine($"of these over the network: {failed.Operator + failed.Stranger}");
        }

        Context.Node.IsAsking = false;
        Dialogue next = Opening.Open(Context, attempt.VolumeKey!);
        keeper.Finish(attempt, Context.Store is null ? "the answers are right, but the store is damaged" : null);
        Context.SwitchTo(handsOver ? new HandoverDialogue(Context, next) : next);
    }

    private void Refuse()
    {
        Context.Output.WriteLine(
            $"locked: the next attempt is possible in {keeper.DelaySeconds(LockDoor.Console)} s");
        phase = Phase.Waiting;
    }

    private void ShowBootKey()
    {
        if (Context.Node.IsReachable && Context.Node.Boot.Fingerprint is string fingerprint)
        {
            Context.Output.WriteLine($"boot key: {fingerprint}");
        }
    }

    private void ShowPlace()
    {
        if (Context.Node.Place != placeShown)
        {
            placeShown = Context.Node.Place;
            if (placeShown is not null)
            {
                Context.Output.WriteLine($"the questions can be answered over the network at {placeShown}");
            }
        }
    }
}
