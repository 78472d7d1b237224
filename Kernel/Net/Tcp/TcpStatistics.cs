namespace HaukiOS.Net;

/// <summary>What one connection has counted and how it sees its path. A copy, for people and tests.</summary>
public readonly struct TcpStatistics
{
    /// <summary>Bytes that the peer has acknowledged.</summary>
    public long BytesAcknowledged { get; init; }

    /// <summary>Bytes that arrived in order.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Segments sent, of every kind.</summary>
    public uint SegmentsSent { get; init; }

    /// <summary>Segments received that belonged to this connection.</summary>
    public uint SegmentsReceived { get; init; }

    /// <summary>Segments with data that had been sent before.</summary>
    public uint Retransmissions { get; init; }

    /// <summary>How often the retransmission timer ran out.</summary>
    public uint Timeouts { get; init; }

    /// <summary>How often loss was repaired without the timer.</summary>
    public uint FastRecoveries { get; init; }

    /// <summary>Segments that arrived ahead of a gap.</summary>
    public uint OutOfOrder { get; init; }

    /// <summary>Segments that brought nothing new.</summary>
    public uint Duplicates { get; init; }

    /// <summary>The smoothed round-trip time in milliseconds; 0 before the first measurement.</summary>
    public int RoundTripMilliseconds { get; init; }

    /// <summary>The retransmission timeout in milliseconds.</summary>
    public int TimeoutMilliseconds { get; init; }

    /// <summary>Bytes that may be in flight as congestion control sees it.</summary>
    public int CongestionWindow { get; init; }

    /// <summary>Where slow start ends, in bytes.</summary>
    public int SlowStartThreshold { get; init; }

    /// <summary>Bytes that the peer has room for.</summary>
    public int SendWindow { get; init; }

    /// <summary>Bytes that the peer was told there is room for here.</summary>
    public int ReceiveWindow { get; init; }

    /// <summary>Bytes sent that are not acknowledged yet.</summary>
    public int InFlight { get; init; }

    /// <summary>The longest payload of one segment to the peer.</summary>
    public int SegmentSize { get; init; }
}
