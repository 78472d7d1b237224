namespace Internal.Runtime;

/// <summary>
/// What the runtime knows of one thread. The memory belongs to whoever starts the thread (it must be zeroed, and stay
/// where it is for ever); the runtime never frees or moves it.
/// </summary>
public unsafe struct RuntimeThread
{
    /// <summary>Lowest address of the stack.</summary>
    public nuint StackLow;

    /// <summary>First address above the stack: the collector scans up to here.</summary>
    public nuint StackHigh;

    /// <summary>
    /// ESP of a thread that is not running. Every register of the thread must lie on its stack at or above it, for
    /// the collector looks nowhere else.
    /// </summary>
    public nuint SavedStackPointer;

    /// <summary>The chain of exception dispatches under way on this thread, newest first.</summary>
    public void* DispatchChain;

    /// <summary>
    /// The thread statics of this thread: an <c>object[]</c>, held as an address and reported to the collector.
    /// </summary>
    internal void* Statics;

    /// <summary>A stack overflow opened the guard pages of this thread's stack, and nobody has caught it yet.</summary>
    internal bool GuardIsOpen;

    /// <summary>The next registered thread.</summary>
    internal RuntimeThread* Next;

    /// <summary>Number of the thread, from 1; names the owner in the header word of a locked object.</summary>
    internal int Number;

    /// <summary>The running thread. The worker switcher sets it when it switches stacks.</summary>
    public static RuntimeThread* Current;

    /// <summary>All registered threads.</summary>
    internal static RuntimeThread* First;

    /// <summary>The most threads there can be: the header word of an object names its owner in eight bits.</summary>
    public const int ThreadMax = 255;

    /// <summary>
    /// Lets another thread run for a while. The worker switcher installs it; while there is none, there is no other
    /// thread either.
    /// </summary>
    public static delegate*<void> Yield;

    private static int count;

    /// <summary>
    /// Makes a thread known to the collector. The first one registered becomes <see cref="Current"/>: the boot
    /// thread, before <see cref="Startup.Initialize"/>.
    /// </summary>
    public static void Register(RuntimeThread* thread)
    {
        if (count == ThreadMax)
            FatalError.Fail("too many runtime threads");
        thread->Number = ++count;
        thread->Next = First;
        First = thread;
        if (Current == null)
            Current = thread;
    }

    /// <summary>Lets another thread run, because this one waits for something that only another one can do.</summary>
    internal static void GiveWay()
    {
        if (Yield == null)
            FatalError.Fail("a thread waits for a lock, and no other thread can run to release it");
        Yield();
    }
}
