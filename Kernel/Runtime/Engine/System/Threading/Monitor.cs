using Internal.Runtime;

namespace System.Threading;

/// <summary>
/// Locks on objects. The kernel's threads share almost nothing, so a lock that another thread holds is rare: the
/// waiting thread gives up the processor again and again until the lock is free.
/// </summary>
public static unsafe class Monitor
{
    /// <summary>Takes the lock.</summary>
    public static void Enter(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        while (!ObjectHeader.TryLock(obj))
            RuntimeThread.GiveWay();
    }

    /// <summary>Takes the lock, and says so even if an exception follows.</summary>
    public static void Enter(object obj, ref bool lockTaken)
    {
        if (lockTaken)
            throw new ArgumentException("Argument must be initialized to false", nameof(lockTaken));
        Enter(obj);
        lockTaken = true;
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    public static bool TryEnter(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        return ObjectHeader.TryLock(obj);
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    public static void TryEnter(object obj, ref bool lockTaken)
    {
        if (lockTaken)
            throw new ArgumentException("Argument must be initialized to false", nameof(lockTaken));
        lockTaken = TryEnter(obj);
    }

    /// <summary>Gives the lock back.</summary>
    /// <exception cref="SynchronizationLockException">The thread does not hold it.</exception>
    public static void Exit(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        if (!ObjectHeader.Unlock(obj))
            throw new SynchronizationLockException();
    }

    /// <summary>Does this thread hold the lock?</summary>
    public static bool IsEntered(object obj)
    {
        if (obj == null)
            throw new ArgumentNullException(nameof(obj));
        return ObjectHeader.IsLockedHere(obj);
    }
}

/// <summary>An object that is nothing but a lock.</summary>
public sealed class Lock
{
    // The C# compiler warns of turning a Lock into an object, because the lock statement then means something else.
#pragma warning disable CS9216
    private object Self => this;
#pragma warning restore CS9216

    /// <summary>Does this thread hold the lock?</summary>
    public bool IsHeldByCurrentThread => ObjectHeader.IsLockedHere(Self);

    /// <summary>Takes the lock.</summary>
    public void Enter()
    {
        while (!ObjectHeader.TryLock(Self))
            RuntimeThread.GiveWay();
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    public bool TryEnter() => ObjectHeader.TryLock(Self);

    /// <summary>Gives the lock back.</summary>
    public void Exit()
    {
        if (!ObjectHeader.Unlock(Self))
            throw new SynchronizationLockException();
    }

    /// <summary>Takes the lock until the scope ends.</summary>
    public Scope EnterScope()
    {
        Enter();
        return new Scope(this);
    }

    /// <summary>The time between taking a lock and giving it back.</summary>
    public ref struct Scope
    {
        private Lock? held;

        internal Scope(Lock held) => this.held = held;

        /// <summary>Gives the lock back.</summary>
        public void Dispose()
        {
            Lock? scoped = held;
            held = null;
            scoped?.Exit();
        }
    }
}

/// <summary>A thread gave back a lock that it did not hold.</summary>
public class SynchronizationLockException : SystemException
{
    /// <summary>With the usual sentence.</summary>
    public SynchronizationLockException()
        : base("Object synchronization method was called from an unsynchronized block of code.")
    {
    }

    /// <summary>With a sentence.</summary>
    public SynchronizationLockException(string? message)
        : base(message)
    {
    }

    /// <summary>With a sentence and a cause.</summary>
    public SynchronizationLockException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
