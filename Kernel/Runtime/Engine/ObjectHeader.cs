using System;
using System.Threading;

namespace Internal.Runtime;

/// <summary>
/// The word before an object: bits 0 to 7 the number of the thread that holds its lock (0: nobody), bits 8 to 23 how
/// often more than once, bit 31 that its finalizer need not run.
/// </summary>
internal static unsafe class ObjectHeader
{
    private const uint OwnerMask = 0xFF;
    private const uint RecursionOne = 0x100;
    private const uint RecursionMask = 0xFFFF00;
    private const uint FinalizerSuppressedBit = 0x8000_0000;

    /// <summary>Takes the lock, unless another thread has it.</summary>
    internal static bool TryLock(object o)
    {
        Preemption.Disabled++;
        bool taken = TryLockHere(ref o.HeaderWord, (uint)RuntimeThread.Current->Number);
        Preemption.Disabled--;
        return taken;
    }

    /// <summary>Gives the lock back.</summary>
    /// <returns>False if this thread does not hold it.</returns>
    internal static bool Unlock(object o)
    {
        Preemption.Disabled++;
        ref uint header = ref o.HeaderWord;
        bool held = (header & OwnerMask) == (uint)RuntimeThread.Current->Number;
        if (held)
            header -= (header & RecursionMask) != 0 ? RecursionOne : header & OwnerMask;
        Preemption.Disabled--;
        return held;
    }

    /// <summary>Does this thread hold the lock?</summary>
    internal static bool IsLockedHere(object o) => (o.HeaderWord & OwnerMask) == (uint)RuntimeThread.Current->Number;

    /// <summary>Says whether the finalizer is to run.</summary>
    internal static void SetFinalizerSuppressed(object o, bool suppressed)
    {
        Preemption.Disabled++;
        if (suppressed)
            o.HeaderWord |= FinalizerSuppressedBit;
        else
            o.HeaderWord &= ~FinalizerSuppressedBit;
        Preemption.Disabled--;
    }

    /// <summary>Need the finalizer not run?</summary>
    internal static bool IsFinalizerSuppressed(object o) => (o.HeaderWord & FinalizerSuppressedBit) != 0;

    private static bool TryLockHere(ref uint header, uint thread)
    {
        uint owner = header & OwnerMask;
        if (owner == 0)
        {
            header |= thread;
            return true;
        }
        if (owner != thread)
            return false;
        if ((header & RecursionMask) == RecursionMask)
            FatalError.Fail("a lock was taken 65536 times over");
        header += RecursionOne;
        return true;
    }
}
