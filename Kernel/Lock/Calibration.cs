using System;
using HaukiOS.Hardware;

namespace HaukiOS.Lock;

/// <summary>Chooses what deriving a key shall cost on this machine.</summary>
public static class Calibration
{
    /// <summary>Memory of a derivation wherever the machine has it: 64 MiB.</summary>
    public const int WantedKib = 64 * 1024;

    /// <summary>With less than this, no store is made: 4 MiB.</summary>
    public const int LeastKib = 4 * 1024;

    /// <summary>What a derivation shall take at least.</summary>
    public const long WantedNanoseconds = 1_000_000_000;

    /// <summary>Passes at least, whatever they take (RFC 9106, section 4: 3 for 64 MiB).</summary>
    public const int LeastPasses = 3;

    /// <summary>The most memory that this machine can give: unlocking must work on every later day, too.</summary>
    /// <returns>KiB, in whole MiB; 0 if there is less than <see cref="LeastKib"/>.</returns>
    public static int AffordableKib(IWorkMemory work)
    {
        long kib = (work.AvailableBytes - DerivationJob.ReserveBytes) / 1024;
        int whole = (int)Math.Min(kib, WantedKib) / 1024 * 1024;
        return whole < LeastKib ? 0 : whole;
    }

    /// <summary>The cost of the trial run: one pass.</summary>
    public static Argon2Cost Trial(int kib) => new(kib, 1, 1);

    /// <summary>The cost to choose when the trial took so long.</summary>
    public static Argon2Cost Choose(int kib, long trialNanoseconds)
    {
        long passes = (WantedNanoseconds + trialNanoseconds - 1) / Math.Max(1, trialNanoseconds);

        // One more: the trial also paid for getting the memory.
        passes = Math.Clamp(passes + 1, LeastPasses, 1000);
        return new Argon2Cost(kib, (int)passes, 1);
    }
}
