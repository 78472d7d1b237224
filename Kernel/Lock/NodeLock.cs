using HaukiOS.Loop;
using HaukiOS.Store;
using HaukiOS.Swarm;

namespace HaukiOS.Lock;

/// <summary>What the rest of the kernel shares about the lock and what lies behind it. The console writes it.</summary>
public sealed class NodeLock : ITimeJumpListener
{
    /// <summary>What is known before unlocking.</summary>
    public BootSettings Boot { get; } = new();

    /// <summary>Who keeps the lock; null while there is none that could be answered.</summary>
    public LockKeeper? Keeper { get; set; }

    /// <summary>The open store, or null.</summary>
    public EncryptedStore? Store { get; set; }

    /// <summary>The node's static key pair, which lies in the store; null while no store is open.</summary>
    public KeyPair? Identity { get; set; }

    /// <summary>Is the store open?</summary>
    public bool IsOpen { get; set; }

    /// <summary>Has the node a network card, so that somebody could answer from afar?</summary>
    public bool IsReachable { get; set; }

    /// <summary>The address and port at which the lock can be answered now; null while there is none.</summary>
    public string? Place { get; set; }

    /// <summary>Does the console ask the questions at this moment, so that somebody moves attempts on?</summary>
    public bool IsAsking { get; set; }

    /// <summary>
    /// The store goes on under numbers that no copy of this memory can use. What an attempt at the lock has to wait
    /// stays as it is: time that nobody has lived through counts for nobody.
    /// </summary>
    public void OnTimeJump(in TimeJump jump) => Store?.BeginSession();
}
