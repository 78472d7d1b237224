using HaukiOS.Secrets;

namespace HaukiOS.Lock;

/// <summary>From where the lock is answered. Each way has its own count of wrong attempts, and delays.</summary>
public enum LockDoor
{
    /// <summary>The console: whoever stands at the machine.</summary>
    Console,

    /// <summary>The network, by an operator who has opened this lock from there before, and proves it.</summary>
    Operator,

    /// <summary>The network, by anybody else.</summary>
    Stranger,
}

/// <summary>How far an attempt is.</summary>
public enum AttemptState
{
    /// <summary>Counted; waits until the worker is free.</summary>
    Waiting,

    /// <summary>The key is being derived.</summary>
    Deriving,

    /// <summary>The volume key is known; the store is still to be opened.</summary>
    Opened,

    /// <summary>The store is open.</summary>
    Unlocked,

    /// <summary>The answers are wrong.</summary>
    Wrong,

    /// <summary>Somebody with precedence came, or the attempt was given up. It stays counted.</summary>
    Interrupted,

    /// <summary>Something prevented the attempt; <see cref="LockAttempt.Problem"/> says what.</summary>
    Failed,
}

/// <summary>
/// One set of answers at the lock. Whoever began it looks at <see cref="State"/> from time to time; only
/// <see cref="LockKeeper"/> moves it on.
/// </summary>
public sealed class LockAttempt
{
    internal LockAttempt(LockDoor door, SecretBytes secret, bool isRecoveryKey)
    {
        Door = door;
        Secret = secret;
        IsRecoveryKey = isRecoveryKey;
    }

    /// <summary>Where the answers came from.</summary>
    public LockDoor Door { get; }

    /// <summary>How far it is.</summary>
    public AttemptState State { get; internal set; }

    /// <summary>Is there nothing more to wait for?</summary>
    public bool IsOver => State is AttemptState.Unlocked or AttemptState.Wrong or AttemptState.Interrupted
        or AttemptState.Failed;

    /// <summary>How far the derivation is, in thousandths.</summary>
    public int Thousandths { get; internal set; }

    /// <summary>Why it failed, for people; null unless <see cref="AttemptState.Failed"/>.</summary>
    public string? Problem { get; internal set; }

    /// <summary>The wrong attempts before this one, once it has succeeded.</summary>
    public FailedAttempts FailedBefore { get; internal set; }

    /// <summary>For messages: who answers, such as <c>10.0.0.7</c>. Empty at the console.</summary>
    public string From { get; init; } = string.Empty;

    /// <summary>The volume key while <see cref="AttemptState.Opened"/>. Whoever opens the store disposes it.</summary>
    public SecretBytes? VolumeKey { get; internal set; }

    /// <summary>The combined answers, or the recovery key, until the keeper has used them.</summary>
    internal SecretBytes Secret { get; }

    internal bool IsRecoveryKey { get; }
}
