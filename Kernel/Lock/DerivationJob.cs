using System;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Lock;

/// <summary>
/// One run of Argon2id on the worker thread. The loop starts it, looks at it now and then, and collects it; the two
/// threads share the few volatile fields here and nothing else.
/// </summary>
public sealed class DerivationJob
{
    /// <summary>Memory that is left to the rest of the kernel.</summary>
    public const long ReserveBytes = 4 * 1024 * 1024;

    private readonly IClock clock;
    private readonly WorkBuffer memory;
    private readonly Argon2id argon;
    private readonly SecretBytes password;
    private readonly byte[] salt;
    private readonly SecretBytes key = new(KeyWrap.KeyLength);
    private readonly Instant started;
    private long elapsed;
    private bool derived;
    private string? failure;
    private volatile bool done;

    private DerivationJob(
        IClock clock, Argon2Cost cost, WorkBuffer memory, SecretBytes password, byte[] salt, Instant started)
    {
        this.clock = clock;
        this.memory = memory;
        this.password = password;
        this.salt = salt;
        this.started = started;
        argon = new Argon2id(cost, memory);
    }

    /// <summary>Has the worker finished with it?</summary>
    public bool IsDone => done;

    /// <summary>How far it is, in thousandths.</summary>
    public int Thousandths => argon.Thousandths;

    /// <summary>Nanoseconds from the request for memory to the end. Valid once done.</summary>
    public long ElapsedNanoseconds => elapsed;

    /// <summary>Starts a derivation.</summary>
    /// <param name="worker">Idle.</param>
    /// <param name="work">Where the memory comes from.</param>
    /// <param name="clock">For the duration.</param>
    /// <param name="cost">A sound cost.</param>
    /// <param name="password">Wiped when the job is collected, or at once if it cannot start.</param>
    /// <param name="salt">The salt.</param>
    /// <param name="error">Why it cannot start, for people.</param>
    /// <returns>Null if it cannot start.</returns>
    public static DerivationJob? TryStart(
        IBackgroundWorker worker,
        IWorkMemory work,
        IClock clock,
        Argon2Cost cost,
        SecretBytes password,
        byte[] salt,
        out string? error)
    {
        Instant started = clock.Now;
        WorkBuffer? memory = Rent(work, cost.WorkBytes);
        if (memory is null)
        {
            password.Dispose();
            error = $"the key derivation needs {cost.MemoryKib / 1024} MiB of free memory, and this machine has "
                + $"{work.AvailableBytes >> 20} MiB";
            return null;
        }

        error = null;
        var job = new DerivationJob(clock, cost, memory, password, salt, started);
        worker.Start(job.Run);
        return job;
    }

    /// <summary>Ends the job soon.</summary>
    public void Cancel() => argon.Cancel();

    /// <summary>Takes the key and wipes everything else. To be called once, after <see cref="IsDone"/>.</summary>
    /// <param name="error">What went wrong, or null if the job was merely cancelled.</param>
    /// <returns>The key, which the caller disposes; or null.</returns>
    public SecretBytes? Collect(out string? error)
    {
        memory.Dispose();
        password.Dispose();
        error = failure;
        if (derived)
        {
            return key;
        }

        key.Dispose();
        return null;
    }

    private static WorkBuffer? Rent(IWorkMemory work, long bytes)
    {
        try
        {
            return work.AvailableBytes < bytes ? null : work.Rent(bytes);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    private void Run()
    {
        try
        {
            derived = argon.TryDerive(password.Span, salt, key.Span);
        }
        catch (Exception unexpected)
        {
            // A job that throws is a panic; the person at the console is better served by a sentence.
            failure = "the key derivation failed: " + unexpected.Message;
        }

        elapsed = clock.Now - started;
        done = true;
    }
}
