namespace HaukiOS.Lock;

/// <summary>What the console and the network share about the lock of this node. The console writes it.</summary>
public sealed class NodeLock
{
    /// <summary>What is known before unlocking.</summary>
    public BootSettings Boot { get; } = new();

    /// <summary>Who keeps the lock; null while there is none that could be answered.</summary>
    public LockKeeper? Keeper { get; set; }

    /// <summary>Is the store open?</summary>
    public bool IsOpen { get; set; }

    /// <summary>Has the node a network card, so that somebody could answer from afar?</summary>
    public bool IsReachable { get; set; }

    /// <summary>The address and port at which the lock can be answered now; null while there is none.</summary>
    public string? Place { get; set; }

    /// <summary>Does the console ask the questions at this moment, so that somebody moves attempts on?</summary>
    public bool IsAsking { get; set; }
}
