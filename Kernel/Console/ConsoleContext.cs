using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Console;

/// <summary>What the dialogues of one session share.</summary>
internal sealed class ConsoleContext
{
    private readonly ConsoleSession session;

    public ConsoleContext(ConsoleSession session, ConsoleParts parts, ConsoleOutput output)
    {
        this.session = session;
        Parts = parts;
        Output = output;
    }

    public ConsoleParts Parts { get; }

    public ConsoleOutput Output { get; }

    /// <summary>The open store, or null.</summary>
    public EncryptedStore? Store
    {
        get => Node.Store;
        set => Node.Store = value;
    }

    /// <summary>The node's static key pair, which lies in the store; null while no store is open.</summary>
    public KeyPair? Identity
    {
        get => Node.Identity;
        set => Node.Identity = value;
    }

    /// <summary>The lock of the disk, once it has been read or made.</summary>
    public LockRecord? Lock { get; set; }

    /// <summary>The load that runs behind the prompt, or null.</summary>
    public LoadJob? Load { get; set; }

    /// <summary>When somebody last asked for the load, and how many pages it had written then.</summary>
    public (Instant At, long Written) LoadSeen { get; set; }

    /// <summary>What the network may know of the lock, and what is known before unlocking.</summary>
    public NodeLock Node => Parts.Lock;

    /// <summary>How far the last move had come when the person was last told.</summary>
    public MovePhase MoveSeen { get; set; }

    /// <summary>Has the person begun a line, or typed ahead?</summary>
    public bool IsTyping => session.IsTyping;

    /// <summary>
    /// Something is to be said while the person is asked: what is said next starts on a line of its own, a line that
    /// has begun is forgotten, and the prompt comes back afterwards.
    /// </summary>
    public void BreakLine() => session.BreakLine();

    /// <summary>The next dialogue takes over when the present call returns.</summary>
    public void SwitchTo(Dialogue next) => session.SwitchTo(next);

    /// <summary>Asks the loop for a turn of the session before its next beat.</summary>
    public void Wake() => session.Wake();

    /// <summary>What the person was asked is not asked any more; a line that has begun is forgotten.</summary>
    public void DropPrompt() => session.DropPrompt();

    /// <summary>Says a line, and notes it in the log.</summary>
    public void Announce(string line)
    {
        Output.WriteLine(line);
        Parts.Log.Add(line);
    }

    /// <summary>Closes the store, if it is open, and forgets its keys.</summary>
    public void CloseStore()
    {
        Identity?.Dispose();
        Identity = null;
        Store?.Dispose();
        Store = null;
        Node.IsOpen = false;
    }

    /// <summary>A moment so many milliseconds from now.</summary>
    public Instant After(long milliseconds) => Parts.Clock.Now.AddMilliseconds(milliseconds);
}
