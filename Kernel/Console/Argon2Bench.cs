using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;

namespace HaukiOS.Console;

/// <summary><c>bench argon2</c>: one derivation of the size that benchmarks compare, memory included.</summary>
internal sealed class Argon2Bench : RunningCommand
{
    private readonly DerivationJob job;

    private Argon2Bench(ConsoleContext context, DerivationJob job)
        : base(context) => this.job = job;

    public override bool IsHurried => false;

    /// <summary>Starts it; null, with the reason said, if there is too little memory.</summary>
    public static Argon2Bench? TryStart(ConsoleContext context)
    {
        var password = new SecretBytes(8);
        "password"u8.CopyTo(password.Span);
        byte[] salt = "somesalt"u8.ToArray();
        ConsoleParts parts = context.Parts;
        DerivationJob? job = DerivationJob.TryStart(
            parts.Worker, parts.Work, parts.Clock, new Argon2Cost(64 * 1024, 3, 1), password, salt, out string? error);
        if (job is null)
        {
            context.Output.WriteLine("bench: " + error);
            return null;
        }

        return new Argon2Bench(context, job);
    }

    public override bool Step(Instant now)
    {
        if (!job.IsDone)
        {
            Context.Output.Progress($"argon2id: {job.Thousandths / 10} %");
            return false;
        }

        using SecretBytes? key = job.Collect(out string? error);
        Context.Output.EndProgress();
        Context.Output.WriteLine(key is null
            ? "bench: " + (error ?? "interrupted")
            : $"argon2id 64 MiB t=3 p=1: {job.ElapsedNanoseconds / 1_000_000} ms");
        return true;
    }

    public override void Cancel() => job.Cancel();
}
