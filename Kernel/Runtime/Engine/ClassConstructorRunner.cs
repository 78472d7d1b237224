using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime.CompilerServices;

/// <summary>What the compiler keeps for each static constructor that runs at the first use of its class.</summary>
public unsafe struct StaticClassConstructionContext
{
    /// <summary>The constructor's address; or one of the states of <see cref="ClassConstructorRunner"/>.</summary>
    public nint cctorMethodAddress;
}

/// <summary>
/// Runs static constructors at the first use, once. A constructor that fails marks its class for good: every later
/// use throws the same exception. While it runs, its own thread may use the half-made class, as the language says.
/// </summary>
internal static unsafe class ClassConstructorRunner
{
    private const nint Done = 0;
    private const nint Running = 1;
    private const nint Failed = 2;

    private struct Attempt
    {
        internal StaticClassConstructionContext* Context;
        internal int Thread;
        internal TypeInitializationException? Failure;
    }

    /// <summary>The constructors that are running and those that failed; few at any time.</summary>
    private static Attempt[]? attempts;
    private static int attemptCount;

    /// <summary>Runs the constructor if it has not run yet.</summary>
    internal static void EnsureConstructed(StaticClassConstructionContext* context)
    {
        while (context->cctorMethodAddress != Done)
        {
            Preemption.Disabled++;
            nint state = context->cctorMethodAddress;
            int index = state is Running or Failed ? Find(context) : -1;
            if (state != Done && index < 0)
            {
                Add(context);
                context->cctorMethodAddress = Running;
            }
            Preemption.Disabled--;
            if (state == Done)
                return;
            if (index < 0)
            {
                Run(context, (delegate*<void>)state);
                return;
            }
            if (attempts![index].Failure != null)
                throw attempts[index].Failure!;
            if (attempts[index].Thread == RuntimeThread.Current->Number)
                return;
            RuntimeThread.GiveWay();
        }
    }

    // The compiler calls these by name; each must give back its second argument, the base of the statics.
    private static object CheckStaticClassConstructionReturnGCStaticBase(
        StaticClassConstructionContext* context, object gcStaticBase)
    {
        EnsureConstructed(context);
        return gcStaticBase;
    }

    private static nint CheckStaticClassConstructionReturnNonGCStaticBase(
        StaticClassConstructionContext* context, nint nonGcStaticBase)
    {
        EnsureConstructed(context);
        return nonGcStaticBase;
    }

    private static object CheckStaticClassConstructionReturnThreadStaticBase(
        TypeManagerSlot* slot, int typeTlsIndex, StaticClassConstructionContext* context)
    {
        object threadStaticBase = ThreadStatics.GetThreadStaticBaseForType(slot, typeTlsIndex);
        EnsureConstructed(context);
        return threadStaticBase;
    }

    private static void Run(StaticClassConstructionContext* context, delegate*<void> constructor)
    {
        try
        {
            constructor();
        }
        catch (Exception cause)
        {
            var failure = new TypeInitializationException(NameOf(constructor), cause);
            Preemption.Disabled++;
            attempts![Find(context)].Failure = failure;
            context->cctorMethodAddress = Failed;
            Preemption.Disabled--;
            throw failure;
        }
        Preemption.Disabled++;
        attempts![Find(context)] = attempts[--attemptCount];
        attempts[attemptCount] = default;
        context->cctorMethodAddress = Done;
        Preemption.Disabled--;
    }

    // The compiler leaves no way from a constructor to its type; the symbol table names the constructor.
    private static string? NameOf(delegate*<void> constructor) => null;

    private static int Find(StaticClassConstructionContext* context)
    {
        for (int i = 0; i < attemptCount; i++)
        {
            if (attempts![i].Context == context)
                return i;
        }
        return -1;
    }

    private static void Add(StaticClassConstructionContext* context)
    {
        if (attempts == null || attemptCount == attempts.Length)
        {
            var larger = new Attempt[attemptCount * 2 + 8];
            for (int i = 0; i < attemptCount; i++)
                larger[i] = attempts![i];
            attempts = larger;
        }
        attempts[attemptCount++] = new Attempt { Context = context, Thread = RuntimeThread.Current->Number };
    }
}
