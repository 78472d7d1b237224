namespace HaukiOS.Net;

/// <summary>What the whole of TCP has counted since the stack was made.</summary>
public struct TcpCounters
{
    /// <summary>Segments received whose checksum was right.</summary>
    public uint SegmentsReceived;

    /// <summary>Segments sent.</summary>
    public uint SegmentsSent;

    /// <summary>Segments passed over because their length, offset or checksum was wrong.</summary>
    public uint Malformed;

    /// <summary>Segments with data that had been sent before.</summary>
    public uint Retransmissions;

    /// <summary>Resets sent.</summary>
    public uint ResetsSent;

    /// <summary>Resets that broke a connection off.</summary>
    public uint ResetsReceived;

    /// <summary>Challenge acknowledgements sent (RFC 5961).</summary>
    public uint ChallengesSent;

    /// <summary>Challenge acknowledgements that the rate limit held back.</summary>
    public uint ChallengesSuppressed;

    /// <summary>SYNs answered with a cookie because the queue was full (RFC 4987).</summary>
    public uint CookiesSent;

    /// <summary>Connections that came from a cookie.</summary>
    public uint CookiesAccepted;

    /// <summary>Acknowledgements to a listener that were not of a cookie of ours.</summary>
    public uint CookiesRejected;

    /// <summary>Connections that the peer opened.</summary>
    public uint PassiveOpens;

    /// <summary>Connections that were opened here.</summary>
    public uint ActiveOpens;

    /// <summary>Connections that ended because the peer did not answer any more.</summary>
    public uint TimedOut;

    /// <summary>Connections refused because a bound was reached: the backlog, the table or the memory.</summary>
    public uint Refused;

    /// <summary>Segments dropped because their timestamp was old (RFC 7323, section 5).</summary>
    public uint PawsRejected;

    /// <summary>Connections in TIME-WAIT that made room for others before their time.</summary>
    public uint TimeWaitRecycled;

    /// <summary>Control segments that were lost because their queue was full.</summary>
    public uint ControlDropped;
}
