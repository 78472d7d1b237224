namespace HaukiOS.Migration;

/// <summary>
/// Who may run the node whose store is on this disk, as its hand-over record says. The numbers are part of the format.
/// </summary>
public enum HandoverState : byte
{
    /// <summary>There was never a move: the node is here.</summary>
    None = 0,

    /// <summary>
    /// Target: a node arrives, and half of its store may be here. After a restart this means aborted: presumed abort
    /// (Mohan, Lindsay and Obermarck, "Transaction Management in the R* Distributed DBMS", 1986).
    /// </summary>
    Receiving = 1,

    /// <summary>Target: the node is here. Once this is on the medium the move is decided.</summary>
    Owner = 2,

    /// <summary>Target: the node did not arrive; it goes on where it was.</summary>
    Aborted = 3,

    /// <summary>Source: the target was told, or may have been, that the node is its; only it knows the end.</summary>
    Leaving = 4,

    /// <summary>Source: the node is elsewhere for good.</summary>
    Moved = 5,

    /// <summary>Target: the node was here, and an operator has resumed it at its source.</summary>
    Superseded = 6,

    /// <summary>Source: the target has given up; the node is here.</summary>
    Returned = 7,

    /// <summary>Source: an operator has vouched that the target does not run the node; it is here.</summary>
    Reclaimed = 8,

    /// <summary>Target: the node is here, and its source, or an operator, has confirmed it.</summary>
    Settled = 9,
}

/// <summary>What the states say.</summary>
public static class HandoverStates
{
    /// <summary>The highest number in use.</summary>
    public const HandoverState Last = HandoverState.Settled;

    /// <summary>May the store on this disk be opened, without asking anybody?</summary>
    public static bool MayRun(this HandoverState state) => state is HandoverState.None or HandoverState.Returned
        or HandoverState.Reclaimed or HandoverState.Settled;

    /// <summary>Is the node here, or was it when this machine was switched off?</summary>
    public static bool IsHere(this HandoverState state) => state.MayRun() || state == HandoverState.Owner;

    /// <summary>Is it a state of the machine that the node leaves?</summary>
    public static bool IsOfSource(this HandoverState state) => state is HandoverState.Leaving or HandoverState.Moved
        or HandoverState.Returned or HandoverState.Reclaimed;
}
