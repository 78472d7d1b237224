namespace HaukiOS.Net;

/// <summary>How much TCP may take. Each bound says what happens when it is reached.</summary>
public sealed class TcpLimits
{
    /// <summary>
    /// The smallest ring, for received bytes or for bytes to send: every connection that stands has both.
    /// </summary>
    public const int RingMin = 4096;

    /// <summary>
    /// Connections of every state, TIME-WAIT too. Beyond: the oldest in TIME-WAIT goes, or none is made.
    /// </summary>
    public int Connections { get; init; } = 1024;

    /// <summary>Half-open connections. Beyond: SYN cookies, which keep no state (RFC 4987, section 3.6).</summary>
    public int HalfOpen { get; init; } = 64;

    /// <summary>Connections in TIME-WAIT. Beyond: the oldest goes.</summary>
    public int TimeWait { get; init; } = 512;

    /// <summary>Listeners. Beyond: no more are made.</summary>
    public int Listeners { get; init; } = 64;

    /// <summary>Connections that may wait for one listener. Beyond: handshakes are not completed.</summary>
    public int Backlog { get; init; } = 256;

    /// <summary>
    /// Segments that belong to no connection and wait to be sent: resets and cookies. Beyond: dropped.
    /// </summary>
    public int ControlSegments { get; init; } = 64;

    /// <summary>The largest ring: bounds the window, in either direction.</summary>
    public int RingMax { get; init; } = 256 * 1024;

    /// <summary>
    /// Bytes of all rings together. Rings grow only while a quarter of it is left; that quarter is for the smallest
    /// rings of new connections. When it is gone no connection is made; those that stand are not touched.
    /// </summary>
    public int BufferBudget { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Milliseconds in TIME-WAIT: twice the maximum segment lifetime (RFC 9293, section 3.4.2), taken as 30 seconds,
    /// which is longer than any segment lives on the networks we know of.
    /// </summary>
    public int TimeWaitMilliseconds { get; init; } = 60_000;
}
