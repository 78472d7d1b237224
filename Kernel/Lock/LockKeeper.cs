using System;
using HaukiOS.Hardware;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Lock;

/// <summary>Wrong attempts since the last success, by door.</summary>
public readonly record struct FailedAttempts(int Console, int Operator, int Stranger)
{
    /// <summary>All of them.</summary>
    public int Total => Console + Operator + Stranger;
}

/// <summary>
/// Keeps the lock for everybody who answers it, at the console or over the network. One attempt is looked at at a
/// time, and only after it has been counted on the disk. The console goes before the network, and operators who are
/// known go before strangers: an attempt that has to give way stays counted. Counts and delays are kept for each
/// <see cref="LockDoor"/> apart, so that nobody can make those at another door wait.
/// </summary>
public sealed class LockKeeper
{
    private const int Doors = 3;

    private readonly IBackgroundWorker worker;
    private readonly IWorkMemory work;
    private readonly IClock clock;
    private readonly AttemptCounter[] counters;
    private readonly Instant[] next = new Instant[Doors];
    private DerivationJob? job;
    private LockAttempt? derived;

    /// <summary>The keeper of a disk's lock.</summary>
    public LockKeeper(
        IBlockDevice disk, LockRecord record, IBackgroundWorker worker, IWorkMemory work, IClock clock)
    {
        Record = record;
        this.worker = worker;
        this.work = work;
        this.clock = clock;
        counters =
        [
            new AttemptCounter(MirroredRecord.ForAttempts(disk)),
            new AttemptCounter(MirroredRecord.ForOperatorAttempts(disk)),
            new AttemptCounter(MirroredRecord.ForStrangerAttempts(disk)),
        ];
    }

    /// <summary>Questions, salts, costs.</summary>
    public LockRecord Record { get; }

    /// <summary>The attempt that is not over yet; at most one.</summary>
    public LockAttempt? Current { get; private set; }

    /// <summary>Wrong attempts since the last success.</summary>
    public FailedAttempts Failed => new(
        counters[(int)LockDoor.Console].Failed,
        counters[(int)LockDoor.Operator].Failed,
        counters[(int)LockDoor.Stranger].Failed);

    /// <summary>Reads the counts. The delays begin anew: a clock that can be set is no witness.</summary>
    /// <returns>Sentences for people, and null where there is nothing to say.</returns>
    public string?[] Load()
    {
        string?[] complaints = new string?[Doors];
        for (int door = 0; door < Doors; door++)
        {
            complaints[door] = counters[door].Load();
            Delay((LockDoor)door, 0);
        }

        return complaints;
    }

    /// <summary>The delay that follows from the count of wrong attempts at a door.</summary>
    public int DelaySeconds(LockDoor door) => counters[(int)door].DelaySeconds;

    /// <summary>When a door takes the next attempt.</summary>
    public Instant NextAttempt(LockDoor door) => next[(int)door];

    /// <summary>Seconds until a door takes the next attempt, rounded up.</summary>
    public int SecondsUntilNext(LockDoor door, Instant now)
    {
        const long second = 1_000_000_000;
        return now >= next[(int)door] ? 0 : (int)((next[(int)door] - now + second - 1) / second);
    }

    /// <summary>Could an attempt begin at this door at this moment?</summary>
    public bool IsFree(LockDoor door, Instant now) => now >= next[(int)door] && !MustWait(door);

    /// <summary>Begins an attempt with all the answers. Only if <see cref="IsFree"/>.</summary>
    /// <param name="door">Where they come from.</param>
    /// <param name="answers">The combined answers; wiped in any case.</param>
    /// <param name="from">Who answers, for messages.</param>
    public LockAttempt Begin(LockDoor door, SecretBytes answers, string from = "") =>
        Begin(new LockAttempt(door, answers, false) { From = from });

    /// <summary>Begins an attempt with the recovery key, at the console. Only if <see cref="IsFree"/>.</summary>
    /// <param name="key">The key; wiped in any case.</param>
    public LockAttempt BeginRecovery(SecretBytes key) => Begin(new LockAttempt(LockDoor.Console, key, true));

    /// <summary>
    /// Gives an attempt up. It stays counted: an interrupted guess must not be cheaper than a finished one.
    /// </summary>
    public void Interrupt(LockAttempt attempt)
    {
        if (attempt.IsOver || attempt.State == AttemptState.Opened)
        {
            return;
        }

        attempt.Secret.Dispose();
        if (derived == attempt)
        {
            // The worker ends soon; Step collects what it leaves, and only then the next attempt gets the worker.
            job!.Cancel();
        }

        End(attempt, AttemptState.Interrupted);
    }

    /// <summary>Moves on what can be moved on. To be called on every beat while the store is locked.</summary>
    public void Step()
    {
        if (job is not null && job.IsDone)
        {
            Collect();
        }

        if (job is not null && derived is not null)
        {
            derived.Thousandths = job.Thousandths;
        }

        if (Current is { State: AttemptState.Waiting } attempt && job is null && !worker.IsBusy)
        {
            Start(attempt);
        }
    }

    /// <summary>The store is open, by this attempt: all counts start over.</summary>
    /// <param name="attempt">In the state <see cref="AttemptState.Opened"/>.</param>
    /// <param name="error">The first counter that could not be written.</param>
    /// <returns>The wrong attempts before it.</returns>
    public FailedAttempts Succeed(LockAttempt attempt, out StoreError? error)
    {
        FailedAttempts failed = Failed;
        failed = attempt.Door switch
        {
            LockDoor.Console => failed with { Console = failed.Console - 1 },
            LockDoor.Operator => failed with { Operator = failed.Operator - 1 },
            _ => failed with { Stranger = failed.Stranger - 1 },
        };
        attempt.FailedBefore = failed;
        error = null;
        for (int door = 0; door < Doors; door++)
        {
            if (counters[door].Failed > 0)
            {
                error ??= counters[door].Clear();
            }

            next[door] = clock.Now;
        }

        return failed;
    }

    /// <summary>The end of an opened attempt: the store is open, or why it is not.</summary>
    public void Finish(LockAttempt attempt, string? problem)
    {
        attempt.VolumeKey?.Dispose();
        attempt.VolumeKey = null;
        attempt.Problem = problem;
        attempt.State = problem is null ? AttemptState.Unlocked : AttemptState.Failed;
        Current = null;
    }

    private bool MustWait(LockDoor door) =>
        Current is not null && (Current.State == AttemptState.Opened || Current.Door <= door);

    private LockAttempt Begin(LockAttempt attempt)
    {
        if (!IsFree(attempt.Door, clock.Now))
        {
            attempt.Secret.Dispose();
            throw new InvalidOperationException("the lock takes no attempt at this moment");
        }

        if (Current is not null)
        {
            Interrupt(Current);
        }

        Current = attempt;
        StoreError? error = counters[(int)attempt.Door].CountAttempt();
        if (error is null)
        {
            Step();
        }
        else
        {
            Fail(attempt, "the attempt cannot be counted, so it was not looked at: " + error.Message);
        }

        return attempt;
    }

    private void Start(LockAttempt attempt)
    {
        if (attempt.IsRecoveryKey)
        {
            attempt.VolumeKey = KeySlots.OpenWithRecoveryKey(Record, attempt.Secret);
            attempt.Secret.Dispose();
            Judge(attempt);
            return;
        }

        job = DerivationJob.TryStart(
            worker, work, clock, Record.Cost, attempt.Secret, Record.AnswerSalt, out string? error);
        if (job is null)
        {
            Fail(attempt, error!);
            return;
        }

        derived = attempt;
        attempt.State = AttemptState.Deriving;
    }

    private void Collect()
    {
        LockAttempt attempt = derived!;
        using SecretBytes? key = job!.Collect(out string? error);
        job = null;
        derived = null;
        if (attempt.State != AttemptState.Deriving)
        {
            return;
        }

        if (error is not null)
        {
            Fail(attempt, error);
            return;
        }

        attempt.VolumeKey = key is null ? null : KeySlots.OpenWithAnswers(Record, key);
        Judge(attempt);
    }

    private void Judge(LockAttempt attempt)
    {
        if (attempt.VolumeKey is null)
        {
            End(attempt, AttemptState.Wrong);
        }
        else
        {
            attempt.State = AttemptState.Opened;
        }
    }

    private void Fail(LockAttempt attempt, string problem)
    {
        attempt.Secret.Dispose();
        attempt.Problem = problem;
        End(attempt, AttemptState.Failed);
    }

    private void End(LockAttempt attempt, AttemptState state)
    {
        attempt.State = state;
        Current = null;

        // What failed for a reason of the machine's own may be repeated soon, but not in a burst.
        Delay(attempt.Door, state == AttemptState.Failed ? 1 : 0);
    }

    private void Delay(LockDoor door, int atLeast) =>
        next[(int)door] = clock.Now.AddMilliseconds(1000L * Math.Max(atLeast, DelaySeconds(door)));
}
