using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Tests.Unit.Console;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Lock;

/// <summary>One lock, three doors: who goes first, who waits, and what stays counted.</summary>
[TestFixture]
public sealed class LockKeeperTests : IClock, IBackgroundWorker
{
    private static readonly byte[] VolumeKey = Encoding.ASCII.GetBytes("the volume key of the test, 32 b");

    private readonly HostWorkMemory work = new(32 << 20);
    private MemoryDisk disk = new(1);
    private LockKeeper keeper = null!;
    private Action? job;
    private long nanoseconds;

    public Instant Now => new(nanoseconds);

    public bool IsBusy => job is not null;

    public void Start(Action next) => job = job is null ? next : throw new InvalidOperationException("busy");

    [SetUp]
    public void MakeLock()
    {
        disk = new MemoryDisk(1);
        job = null;
        nanoseconds = 0;
        keeper = NewKeeper();
    }

    [Test]
    public void Right_answers_open_at_every_door([Values] LockDoor door)
    {
        LockAttempt attempt = keeper.Begin(door, Answers("right"));
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Deriving));
        Work();
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Opened));
        Assert.That(attempt.VolumeKey!.Span.SequenceEqual(VolumeKey));
        Assert.That(keeper.Succeed(attempt, out _), Is.Default);
        SecretBytes key = attempt.VolumeKey;
        keeper.Finish(attempt, null);
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Unlocked));
        Assert.That(key.Span.ToArray(), Is.All.Zero, "the volume key is wiped");
        Assert.That(work.LentBytes, Is.Zero);
    }

    [Test]
    public void Strangers_never_delay_the_console_nor_a_known_operator()
    {
        for (int i = 1; i <= 15; i++)
        {
            Try(LockDoor.Stranger, "wrong", AttemptState.Wrong);
            Assert.That(keeper.IsFree(LockDoor.Stranger, Now), Is.False);
            Assert.That(keeper.IsFree(LockDoor.Console, Now) && keeper.IsFree(LockDoor.Operator, Now));
            int seconds = AttemptCounter.DelayAfter(i);
            Assert.That(keeper.SecondsUntilNext(LockDoor.Stranger, Now), Is.EqualTo(seconds));
            nanoseconds += seconds * 1_000_000_000L;
        }

        Assert.That(keeper.Failed, Is.EqualTo(new FailedAttempts(0, 0, 15)));
        Try(LockDoor.Console, "right", AttemptState.Opened);
    }

    [Test]
    public void Every_door_has_its_own_count_that_outlives_a_restart()
    {
        Try(LockDoor.Stranger, "wrong", AttemptState.Wrong);
        nanoseconds += 1_000_000_000;
        Try(LockDoor.Stranger, "wrong", AttemptState.Wrong);
        Try(LockDoor.Operator, "wrong", AttemptState.Wrong);
        nanoseconds = 5;
        keeper = NewKeeper();
        Assert.That(keeper.Failed, Is.EqualTo(new FailedAttempts(0, 1, 2)));
        Assert.That(keeper.SecondsUntilNext(LockDoor.Stranger, Now), Is.EqualTo(2), "the delay is served anew");
        Assert.That(keeper.SecondsUntilNext(LockDoor.Operator, Now), Is.EqualTo(1));
        Assert.That(keeper.SecondsUntilNext(LockDoor.Console, Now), Is.Zero);
        LockAttempt attempt = Try(LockDoor.Console, "right", AttemptState.Opened);
        Assert.That(keeper.Succeed(attempt, out _), Is.EqualTo(new FailedAttempts(0, 1, 2)));
        keeper = NewKeeper();
        Assert.That(keeper.Failed.Total, Is.Zero);
    }

    [Test]
    public void The_console_interrupts_the_network_whose_attempt_stays_counted()
    {
        LockAttempt remote = keeper.Begin(LockDoor.Stranger, Answers("right"), "10.0.0.9");
        LockAttempt local = keeper.Begin(LockDoor.Console, Answers("right"));
        Assert.That(remote.State, Is.EqualTo(AttemptState.Interrupted));
        Assert.That(local.State, Is.EqualTo(AttemptState.Waiting), "the worker is still at the other one");
        keeper.Step();
        Assert.That(local.State, Is.EqualTo(AttemptState.Waiting));
        Work();
        Assert.That(local.State, Is.EqualTo(AttemptState.Deriving));
        Work();
        Assert.That(local.State, Is.EqualTo(AttemptState.Opened));
        Assert.That(remote.VolumeKey, Is.Null);
        Assert.That(keeper.Failed.Stranger, Is.EqualTo(1));
        Assert.That(keeper.SecondsUntilNext(LockDoor.Stranger, new Instant(0)), Is.EqualTo(1));
    }

    [Test]
    public void A_known_operator_goes_before_a_stranger_and_after_the_console()
    {
        LockAttempt stranger = keeper.Begin(LockDoor.Stranger, Answers("right"));
        Assert.That(keeper.IsFree(LockDoor.Stranger, Now), Is.False, "one at a time");
        LockAttempt known = keeper.Begin(LockDoor.Operator, Answers("wrong"));
        Assert.That(stranger.State, Is.EqualTo(AttemptState.Interrupted));
        LockAttempt console = keeper.Begin(LockDoor.Console, Answers("right"));
        Assert.That(known.State, Is.EqualTo(AttemptState.Interrupted));
        Assert.That(keeper.IsFree(LockDoor.Operator, Now), Is.False);
        SecretBytes late = Answers("right");
        Assert.That(() => keeper.Begin(LockDoor.Operator, late), Throws.InvalidOperationException);
        Assert.That(late.Span.ToArray(), Is.All.Zero, "refused answers are wiped");
        Work();
        Work();
        Assert.That(console.State, Is.EqualTo(AttemptState.Opened));
        Assert.That(work.LentBytes, Is.Zero);
    }

    [Test]
    public void An_opened_lock_is_not_taken_away_by_anybody()
    {
        Try(LockDoor.Stranger, "right", AttemptState.Opened);
        Assert.That(keeper.IsFree(LockDoor.Console, Now), Is.False);
    }

    [Test]
    public void The_recovery_key_waits_for_the_worker_and_opens()
    {
        keeper.Begin(LockDoor.Stranger, Answers("wrong"));
        LockAttempt attempt = keeper.BeginRecovery(RecoveryKeyOfTheTest());
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Waiting));
        Work();
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Opened));
        Assert.That(work.LentBytes, Is.Zero, "nothing of the other attempt is left");
    }

    [Test]
    public void An_attempt_that_cannot_be_counted_is_not_looked_at([Values] LockDoor door)
    {
        disk.FailsWrites = true;
        SecretBytes answers = Answers("right");
        LockAttempt attempt = keeper.Begin(door, answers);
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Failed));
        Assert.That(attempt.Problem, Does.StartWith("the attempt cannot be counted"));
        Assert.That(answers.Span.ToArray(), Is.All.Zero);
        Assert.That(IsBusy, Is.False);
        Assert.That(keeper.IsFree(door, Now), Is.False, "no burst of them");
    }

    [Test]
    public void Answers_are_wiped_whatever_becomes_of_the_attempt()
    {
        SecretBytes finished = Answers("wrong"), interrupted = Answers("right");
        LockAttempt attempt = keeper.Begin(LockDoor.Console, finished);
        Work();
        Assert.That(attempt.State, Is.EqualTo(AttemptState.Wrong));
        Assert.That(finished.Span.ToArray(), Is.All.Zero);
        attempt = keeper.Begin(LockDoor.Stranger, interrupted);
        keeper.Interrupt(attempt);
        Assert.That(interrupted.Span.ToArray(), Is.All.Zero);
        keeper.Interrupt(attempt);
        Work();
        Assert.That(keeper.Failed, Is.EqualTo(new FailedAttempts(1, 0, 1)));
    }

    private void Work()
    {
        job!();
        job = null;
        keeper.Step();
    }

    private LockAttempt Try(LockDoor door, string answers, AttemptState expected)
    {
        LockAttempt attempt = keeper.Begin(door, Answers(answers));
        Work();
        Assert.That(attempt.State, Is.EqualTo(expected));
        return attempt;
    }

    private LockKeeper NewKeeper()
    {
        var made = new LockKeeper(disk, Record.Value, this, work, this);
        Assert.That(made.Load(), Is.All.Null);
        return made;
    }

    private static SecretBytes Answers(string text)
    {
        var answers = new SecretBytes(text.Length);
        Encoding.ASCII.GetBytes(text, answers.Span);
        return answers;
    }

    private static SecretBytes RecoveryKeyOfTheTest()
    {
        var key = new SecretBytes(RecoveryKey.Length);
        key.Span.Fill(0x5A);
        return key;
    }

    private static readonly Lazy<LockRecord> Record = new(() =>
    {
        var cost = new Argon2Cost(8, 1, 1);
        List<Question> questions = [new(1, "One?"), new(2, "Two?"), new(3, "Three?")];
        var record = new LockRecord(cost, new byte[32], new byte[32], questions);
        using var memory = new HostWorkMemory(1 << 20).Rent(cost.WorkBytes);
        using SecretBytes password = Answers("right"), recovery = RecoveryKeyOfTheTest();
        using SecretBytes key = new(KeyWrap.KeyLength), volume = new(KeyWrap.KeyLength);
        VolumeKey.CopyTo(volume.Span);
        new Argon2id(cost, memory).TryDerive(password.Span, record.AnswerSalt, key.Span);
        KeySlots.Fill(record, volume, key, recovery, new FixedRandom());
        return record;
    });

    private sealed class FixedRandom : IRandomSource
    {
        public void Fill(Span<byte> into) => into.Fill(0x42);
    }
}
