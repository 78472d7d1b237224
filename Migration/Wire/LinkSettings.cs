using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>What both sides of a link have agreed on, over the secure channel.</summary>
public sealed record LinkSettings
{
    /// <summary>The session: every frame carries it. Never the same twice.</summary>
    public required ulong Session { get; init; }

    /// <summary>Is this the side that the node leaves?</summary>
    public required bool IsSource { get; init; }

    /// <summary>The key of what is sent, 32 bytes. The link keeps a copy of its own.</summary>
    public required byte[] SendKey { get; init; }

    /// <summary>The key of what is received, 32 bytes. The link keeps a copy of its own.</summary>
    public required byte[] ReceiveKey { get; init; }

    /// <summary>The station address of this side.</summary>
    public required MacAddress Self { get; init; }

    /// <summary>The station address of the other side.</summary>
    public required MacAddress Peer { get; init; }

    /// <summary>Bytes of full-sized frames that the other side's card can hold until its loop looks.</summary>
    public required int PeerReceiveCapacity { get; init; }

    /// <summary>
    /// A peer that has not answered for so long is dead; only time in which this machine looked for an answer counts.
    /// Until then it is asked many times, so that a bad wire is not taken for death; nor is a peer whose computer is
    /// busy for some seconds.
    /// </summary>
    public int SilenceMilliseconds { get; init; } = 6000;

    /// <summary>A peer that has said nothing for so long is asked whether it is there; 0: never.</summary>
    public int KeepAliveMilliseconds { get; init; } = 500;
}
