using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>
/// The lock. Asks all questions, in an order of its own each time, and tells nothing about single answers. Before an
/// attempt is looked at it has been counted on the disk; a wrong one costs a delay that doubles every time.
/// </summary>
internal sealed class ChallengeDialogue : Dialogue
{
    private readonly LockRecord record;
    private readonly AttemptCounter attempts;
    private readonly int[] order;
    private LockAnswers answers;
    private DerivationJob? job;
    private SecretBytes? volumeKey;
    private Instant until;
    private int position;
    private Phase phase;

    public ChallengeDialogue(ConsoleContext context)
        : base(context)
    {
        record = context.Lock!;
        attempts = new AttemptCounter(context.Parts.Disk!);
        order = new int[record.Questions.Count];
        answers = new LockAnswers(record.Questions.Count);
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

    public override string? Prompt => phase switch
    {
        Phase.Answering => "answer> ",
        Phase.Recovering => "recovery key> ",
        _ => null,
    };

    public override bool IsSecret => true;

    public override void Begin(Instant now)
    {
        string? complaint = attempts.Load();
        if (complaint is not null)
        {
            Context.Announce("warning: " + complaint);
        }

        if (attempts.Failed > 0)
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
        switch (phase)
        {
            case Phase.Waiting when now >= until:
                StartAsking();
                break;
            case Phase.Deriving when job!.IsDone:
                FinishDeriving();
                break;
            case Phase.Deriving:
                Context.Output.Progress($"checking the answers: {job!.Thousandths / 10} %");
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
        switch (phase)
        {
            case Phase.Answering:
            case Phase.Recovering:
                StartAsking();
                break;
            case Phase.Deriving:
                // The attempt stays counted: an interrupted guess must not be cheaper than a finished one.
                job!.Cancel();
                break;
            default:
                break;
        }
    }

    private void StartAsking()
    {
        answers.Dispose();
        answers = new LockAnswers(order.Length);
        Shuffle();
        position = 0;
        phase = Phase.Answering;
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
        $"challenge {position + 1}/{order.Length}: {record.Questions[order[position]].Text}");

    private void AskOrDerive()
    {
        if (position < order.Length)
        {
            Ask();
            return;
        }

        if (!Count())
        {
            return;
        }

        SecretBytes password = answers.Combine(record.Questions.ToArray());
        answers.Dispose();
        ConsoleParts parts = Context.Parts;
        job = DerivationJob.TryStart(
            parts.Worker, parts.Work, parts.Clock, record.Cost, password, record.AnswerSalt, out string? error);
        phase = Phase.Deriving;
        if (job is null)
        {
            Stop("locked: " + error);
        }
    }

    private bool Count()
    {
        StoreError? error = attempts.CountAttempt();
        if (error is null)
        {
            return true;
        }

        Stop("locked: the attempt cannot be counted, so it was not looked at: " + error.Message);
        return false;
    }

    private void FinishDeriving()
    {
        using SecretBytes? key = job!.Collect(out string? error);
        job = null;
        if (error is not null)
        {
            Stop("locked: " + error);
            return;
        }

        volumeKey = key is null ? null : KeySlots.OpenWithAnswers(record, key);
        FinishAttempt();
    }

    private void TryRecoveryKey(ReadOnlySpan<byte> line)
    {
        using var key = new SecretBytes(RecoveryKey.Length);
        if (!RecoveryKey.TryParse(line, key))
        {
            Context.Output.WriteLine(
                "locked: that is no recovery key (look for a slip); it was not tried, so there is a delay of 0 s");
            StartAsking();
            return;
        }

        if (!Count())
        {
            return;
        }

        volumeKey = KeySlots.OpenWithRecoveryKey(record, key);
        FinishAttempt();
    }

    private void FinishAttempt()
    {
        Context.Output.EndProgress();
        if (volumeKey is null)
        {
            Context.Parts.Log.Add($"wrong answers ({attempts.Failed} in a row)");
            Refuse();
            return;
        }

        // The right answers are known; only an open store needs randomness.
        phase = Phase.Gathering;
        if (Context.Parts.Entropy.IsReady)
        {
            Unlock();
        }
    }

    private void Unlock()
    {
        int failed = attempts.Failed - 1;
        StoreError? error = attempts.Clear();
        if (error is not null)
        {
            Context.Announce("warning: the attempt counter could not be cleared: " + error.Message);
        }

        phase = Phase.Done;
        Context.Output.EndProgress();
        Context.Output.WriteLine("unlocked");
        Context.Parts.Log.Add("unlocked");
        if (failed > 0)
        {
            Context.Output.WriteLine($"failed attempts since the last success: {failed}");
        }

        using (volumeKey)
        {
            Context.SwitchTo(Opening.Open(Context, volumeKey!));
        }
    }

    private void Refuse() => Wait($"locked: the next attempt is possible in {attempts.DelaySeconds} s");

    private void Stop(string sentence)
    {
        Context.Parts.Log.Add(sentence);
        Context.Output.EndProgress();
        Context.Output.WriteLine(sentence);
        answers.Dispose();
        until = Context.After(1000L * Math.Max(1, attempts.DelaySeconds));
        phase = Phase.Waiting;
    }

    private void Wait(string sentence)
    {
        Context.Output.WriteLine(sentence);
        until = Context.After(1000L * attempts.DelaySeconds);
        phase = Phase.Waiting;
    }
}
