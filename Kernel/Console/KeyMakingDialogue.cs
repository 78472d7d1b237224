using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>
/// Makes the keys and the store: waits for entropy, measures the machine, derives the key of the answers, writes the
/// lock, formats, and shows the recovery key. Every wait shows how far it is.
/// </summary>
internal sealed class KeyMakingDialogue : Dialogue
{
    private readonly List<Question> questions;
    private readonly SecretBytes password;
    private DerivationJob? job;
    private LockRecord? record;
    private int kib;
    private Phase phase;

    public KeyMakingDialogue(ConsoleContext context, List<Question> questions, SecretBytes password)
        : base(context)
    {
        this.questions = questions;
        this.password = password;
    }

    private enum Phase
    {
        Gathering,
        Measuring,
        Deriving,
        Done,
    }

    public override string? Prompt => null;

    public override void Begin(Instant now) => phase = Phase.Gathering;

    public override void OnLine(ReadOnlySpan<byte> line, Instant now)
    {
    }

    public override void OnBeat(Instant now)
    {
        bool isReady = Context.Parts.Entropy.IsReady;
        switch (phase)
        {
            case Phase.Gathering when isReady:
                Measure();
                break;
            case Phase.Gathering:
            // A machine that was set back or stood still meanwhile has to gather anew.
            case Phase.Measuring or Phase.Deriving when job!.IsDone && !isReady:
                Context.Output.Progress($"gathering randomness: {Context.Parts.Entropy.Percent} %");
                break;
            case Phase.Measuring when job!.IsDone:
                FinishMeasuring();
                break;
            case Phase.Deriving when job!.IsDone:
                FinishDeriving();
                break;
            case Phase.Deriving:
                Context.Output.Progress($"deriving the key: {job!.Thousandths / 10} %");
                break;
            default:
                break;
        }
    }

    private void Measure()
    {
        kib = Calibration.AffordableKib(Context.Parts.Work);
        if (kib == 0)
        {
            Fail("this machine has too little memory to make keys (at least 8 MiB must be free)");
            return;
        }

        if (kib < Calibration.WantedKib)
        {
            Context.Announce(
                $"this machine has little memory: the key derivation will use {kib / 1024} MiB instead of "
                + $"{Calibration.WantedKib / 1024} MiB, which makes guessing cheaper");
        }

        Context.Output.Progress("measuring this machine");
        Start(Calibration.Trial(kib), new SecretBytes(1), new byte[LockRecord.SaltLength], Phase.Measuring);
    }

    private void FinishMeasuring()
    {
        long nanoseconds = job!.ElapsedNanoseconds;
        using (job.Collect(out string? error))
        {
            if (error is not null)
            {
                Fail(error);
                return;
            }
        }

        Argon2Cost cost = Calibration.Choose(kib, nanoseconds);
        Context.Parts.Log.Add($"key derivation: {cost.MemoryKib / 1024} MiB, {cost.Passes} passes");
        record = new LockRecord(cost, RandomSalt(), RandomSalt(), questions);
        Start(cost, password, record.AnswerSalt, Phase.Deriving);
    }

    private void FinishDeriving()
    {
        using SecretBytes? answersKey = job!.Collect(out string? error);
        if (answersKey is null)
        {
            Fail(error ?? "the key derivation was interrupted");
            return;
        }

        using var volumeKey = new SecretBytes(KeyWrap.KeyLength);
        using var recoveryKey = new SecretBytes(RecoveryKey.Length);
        Context.Parts.Entropy.Fill(volumeKey.Span);
        Context.Parts.Entropy.Fill(recoveryKey.Span);
        KeySlots.Fill(record!, volumeKey, answersKey, recoveryKey, Context.Parts.Entropy);
        Context.Output.EndProgress();
        StoreError? failure = WriteVolume(volumeKey);
        if (failure is not null)
        {
            Fail("the store could not be made: " + failure.Message);
            return;
        }

        phase = Phase.Done;
        Context.Lock = record;
        Context.Announce($"boot key: {Context.Node.Boot.Fingerprint}");
        ShowRecoveryKey(recoveryKey);
        Context.Parts.Log.Add("the store was made");
        Dialogue next = Opening.Open(Context, volumeKey);
        Context.SwitchTo(next);
    }

    private StoreError? WriteVolume(SecretBytes volumeKey)
    {
        IBlockDevice disk = Context.Parts.Disk!;
        byte[] bootKey = new byte[BootRecord.KeyLength];
        Context.Parts.Entropy.Fill(bootKey);

        // The order matters: until the last step the disk counts as unfinished and may be made anew. Records
        // that stand in two places are written twice: nothing of an earlier store may come to light again.
        return Volume.BeginFormat(disk)
            ?? ForgetMoves()
            ?? MirroredRecord.ForLock(disk).WriteBoth(record!.Encode())
            ?? AttemptCounter.ClearAll(disk)
            ?? Context.Node.Boot.Save(new BootRecord(bootKey))
            ?? EncryptedStore.Format(disk, volumeKey, Context.Parts.Entropy)
            ?? Volume.FinishFormat(disk);
    }

    private StoreError? ForgetMoves() => Context.Parts.Whereabouts?.Forget() == false
        ? new StoreError(StoreErrorKind.Disk, "the disk does not take the record of moves")
        : null;

    private void ShowRecoveryKey(SecretBytes recoveryKey)
    {
        // Through a buffer that is wiped and never through a string: strings stay where they are.
        using var text = new SecretBytes(RecoveryKey.TextLength);
        RecoveryKey.Format(recoveryKey.Span, text.Span);
        Context.Output.WriteLine("write the recovery key down and keep it away from this machine; it is shown once");
        Context.Output.Write("recovery key: ");
        Context.Output.Write(text.Span);
        Context.Output.WriteLine();
    }

    private void Start(Argon2Cost cost, SecretBytes secret, byte[] salt, Phase next)
    {
        ConsoleParts parts = Context.Parts;
        job = DerivationJob.TryStart(parts.Worker, parts.Work, parts.Clock, cost, secret, salt, out string? error);
        phase = next;
        if (job is null)
        {
            Fail(error!);
        }
    }

    private byte[] RandomSalt()
    {
        byte[] salt = new byte[LockRecord.SaltLength];
        Context.Parts.Entropy.Fill(salt);
        return salt;
    }

    private void Fail(string sentence)
    {
        phase = Phase.Done;
        password.Dispose();
        Context.Announce(sentence);
        Context.SwitchTo(new CommandDialogue(Context, "no store"));
    }
}
