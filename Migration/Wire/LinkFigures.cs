namespace HaukiOS.Migration;

/// <summary>Does a link work?</summary>
public enum PacketLinkState
{
    /// <summary>As far as it can know.</summary>
    Open,

    /// <summary>The peer is silent, or says what no peer says; or the link was closed here. This is final.</summary>
    Dead,
}

/// <summary>What a link has counted and measured.</summary>
public struct LinkFigures
{
    /// <summary>Bytes of all frames sent, Ethernet headers included.</summary>
    public long BytesSent;

    /// <summary>Bytes of all good frames received, Ethernet headers included.</summary>
    public long BytesReceived;

    /// <summary>Frames sent, whatever they carried.</summary>
    public long PacketsSent;

    /// <summary>Good frames received.</summary>
    public long PacketsReceived;

    /// <summary>Packets of data that were sent again.</summary>
    public long Retransmissions;

    /// <summary>Of these, the ones after a silence, without a sign of the peer.</summary>
    public long Timeouts;

    /// <summary>Good packets of data that had come before.</summary>
    public long Duplicates;

    /// <summary>Frames of the session that did not authenticate.</summary>
    public long Forged;

    /// <summary>Frames of the session that came a second time, or far too late.</summary>
    public long Replayed;

    /// <summary>Frames of the session that are none: too short, or with impossible content.</summary>
    public long Malformed;

    /// <summary>The smoothed round-trip time, in microseconds; 0 before the first one.</summary>
    public int RoundTripMicroseconds;

    /// <summary>Bytes of records per second that lately arrived, while there was something to send.</summary>
    public long BytesPerSecond;

    /// <summary>Packets that may be on the way at once.</summary>
    public int Window;
}
