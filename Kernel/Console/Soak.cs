using System;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Console;

/// <summary>A long load in steps, with progress twice a second.</summary>
internal abstract class Soak : RunningCommand
{
    private const int ProgressMilliseconds = 500;

    private readonly string unit;
    private long done;
    private bool cancelled;
    private Instant nextProgress;

    protected Soak(ConsoleContext context, long wanted, string unit)
        : base(context)
    {
        Wanted = wanted;
        this.unit = unit;
    }

    public override bool IsHurried => true;

    protected long Wanted { get; }

    public override bool Step(Instant now)
    {
        IClock clock = Context.Parts.Clock;
        string? failure = null;
        while (done < Wanted && !cancelled && failure is null && clock.Now - now < StepNanoseconds)
        {
            failure = DoOne(done++);
        }

        if (done < Wanted && !cancelled && failure is null)
        {
            if (now >= nextProgress)
            {
                nextProgress = now.AddMilliseconds(ProgressMilliseconds);
                Context.Output.Progress($"{done} of {Wanted} {unit}");
            }

            return false;
        }

        Context.Output.EndProgress();
        failure ??= CleanUp();
        Context.Output.WriteLine(failure is null ? $"{done} {unit} done" : "soak: " + failure);
        return true;
    }

    public override void Cancel() => cancelled = true;

    /// <summary>Does one unit.</summary>
    /// <returns>Null, or why it cannot go on.</returns>
    protected abstract string? DoOne(long number);

    /// <summary>Leaves things as they were.</summary>
    protected virtual string? CleanUp() => null;
}

/// <summary><c>soak alloc</c>: megabytes of garbage of all sizes, a little of it alive for a while.</summary>
internal sealed class AllocationSoak : Soak
{
    private const int SurvivorCount = 64;
    private const int Mebibyte = 1024 * 1024;

    private readonly byte[]?[] survivors = new byte[SurvivorCount][];
    private uint chance = 1;

    public AllocationSoak(ConsoleContext context, long mebibytes)
        : base(context, mebibytes, "MiB")
    {
    }

    protected override string? DoOne(long number)
    {
        for (int bytes = 0; bytes < Mebibyte;)
        {
            chance = (chance * 1664525) + 1013904223;

            // From a few bytes to 8 KiB, small ones being the most frequent, as in life.
            int length = (int)(chance >> 8) & ((16 << (int)(chance >> 29)) * 4 - 1);
            byte[] garbage = new byte[length];
            if (length > 0)
            {
                garbage[length - 1] = (byte)chance;
            }

            survivors[(int)(chance >> 20) % SurvivorCount] = garbage;
            bytes += length + 12;
        }

        return null;
    }
}

/// <summary><c>soak put</c>: puts over a fixed set of names, so that the log is compacted many times.</summary>
internal sealed class PutSoak : Soak
{
    private const int NameCount = 100;
    private const int ValueLength = 100;

    private readonly string[] names = new string[NameCount];
    private readonly byte[] value = new byte[ValueLength];

    public PutSoak(ConsoleContext context, long puts)
        : base(context, puts, "puts")
    {
        for (int i = 0; i < NameCount; i++)
        {
            names[i] = $"soak {i}";
        }
    }

    protected override string? DoOne(long number)
    {
        for (int i = 0; i < ValueLength; i++)
        {
            value[i] = (byte)('a' + ((number + i) % 26));
        }

        return Context.Store?.Put(names[(int)(number % NameCount)], value)?.Message;
    }

    protected override string? CleanUp()
    {
        for (int i = 0; i < Math.Min(NameCount, Wanted); i++)
        {
            StoreError? error = Context.Store?.Delete(names[i]);
            if (error is not null && error.Kind != StoreErrorKind.NotFound)
            {
                return error.Message;
            }
        }

        return null;
    }
}
