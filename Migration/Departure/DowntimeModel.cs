using System;

namespace HaukiOS.Migration;

/// <summary>
/// What a node stands still for besides sending what is left: the hand-over, the target's disk, the way of the state,
/// the target's devices. Learnt from the node's own moves, as what nineteen of twenty stay within, for the decision to
/// stop a node is to hold nearly always and not on average. It follows that quantile by steps (Robbins and Monro, A
/// Stochastic Approximation Method, 1951), so a computer that stood still itself moves it no further than any other.
/// </summary>
internal sealed class DowntimeModel
{
    // Before the first move: what emulated machines took.
    private const long First = 12_000_000;

    private const long Step = 1_000_000;
    private const int Of = 20;

    /// <summary>Nanoseconds to be reckoned with.</summary>
    public long FixedNanoseconds { get; private set; } = First;

    /// <summary>A move is over.</summary>
    /// <param name="stoodStill">Nanoseconds that it took.</param>
    /// <param name="estimate">Nanoseconds that were expected in all; 0 if nothing was, which teaches nothing.</param>
    public void Learn(long stoodStill, long estimate)
    {
        if (estimate == 0)
        {
            return;
        }

        long step = stoodStill > estimate ? Step * (Of - 1) / Of : -Step / Of;
        FixedNanoseconds = Math.Max(0, FixedNanoseconds + step);
    }
}
