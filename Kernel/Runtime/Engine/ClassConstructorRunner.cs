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
            if (GcHeap.IsHeld)
                throw OutOfMemory.Instance; // it could not be run, and half of it might travel

            // Allocated before it is known to be needed: nothing may throw while no other thread may run.
            Attempt[]? room = NeedsRoom ? new Attempt[attemptCount * 2 + 8] : null;
            nint state = Enter(context, room, out TypeInitializationException? failure, out bool isMine);
            if (failure != null)
                throw failure;
            if (state is Running && isMine)
                return;
            if (state is not Done and not Running)
            {
                if (isMine)
                    Run(context, (delegate*<void>)state);
            }
            else if (state == Running)
            {
                RuntimeThread.GiveWay();
            }
        }
    }

    private static bool NeedsRoom => attempts == null || attemptCount == attempts.Length;

    /// <summary>Looks at the state of a class, and takes its constructor if nobody has.</summary>
    /// <returns>The state as it was: the constructor's address if it is this thread's to run.</returns>
    private static nint Enter(
        StaticClassConstructionContext* context,
        Attempt[]? room,
        out TypeInitializationException? failure,
        out bool isMine)
    {
        Preemption.Disabled++;
        failure = null;
        isMine = false;
        nint state = context->cctorMethodAddress;
        if (state is Running or Failed)
        {
            ref Attempt attempt = ref attempts![Find(context)];
            failure = attempt.Failure;
            isMine = attempt.Thread == RuntimeThread.Current->Number;
        }
        else if (state != Done)
        {
            isMine = TryAdd(context, room);
            if (isMine)
                context->cctorMethodAddress = Running;
        }
        Preemption.Disabled--;
        return state;
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

    // The compiler leaves no way from a constructor to its type; but the symbol table names the constructor.
    private static string? NameOf(delegate*<void> constructor)
    {
        byte* name = SymbolTable.Find((uint)(nuint)constructor, out _, out int length);
        if (name == null)
            return null;
        int end = length;
        while (end > 0 && name[end - 1] != '.')
            end--;
        // The constructor's own name begins with a dot as well.
        while (end > 0 && name[end - 1] == '.')
            end--;
        var text = new System.Text.StringBuilder(end);
        for (int i = 0; i < end; i++)
            text.Append((char)name[i]);
        return text.ToString();
    }

    private static int Find(StaticClassConstructionContext* context)
    {
        for (int i = 0; i < attemptCount; i++)
        {
            if (attempts![i].Context == context)
                return i;
        }
        return -1;
    }

    private static bool TryAdd(StaticClassConstructionContext* context, Attempt[]? room)
    {
        if (NeedsRoom)
        {
            // Another thread may have used up the room that there was before.
            if (room == null || room.Length <= attemptCount)
                return false;
            for (int i = 0; i < attemptCount; i++)
                room[i] = attempts![i];
            attempts = room;
        }
        attempts![attemptCount++] = new Attempt { Context = context, Thread = RuntimeThread.Current->Number };
        return true;
    }
}
