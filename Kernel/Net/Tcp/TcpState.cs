namespace HaukiOS.Net;

/// <summary>The states of a connection (RFC 9293, section 3.3.2). A listener is an object of its own.</summary>
public enum TcpState
{
    /// <summary>No connection: never was, or is over.</summary>
    Closed,

    /// <summary>Our SYN is on its way.</summary>
    SynSent,

    /// <summary>The peer's SYN is answered with ours, which is not acknowledged yet.</summary>
    SynReceived,

    /// <summary>Data flow both ways.</summary>
    Established,

    /// <summary>We have closed; our FIN is not acknowledged yet.</summary>
    FinWait1,

    /// <summary>We have closed and the peer knows; its data may go on.</summary>
    FinWait2,

    /// <summary>The peer has closed; our data may go on.</summary>
    CloseWait,

    /// <summary>Both have closed at the same time; our FIN is not acknowledged yet.</summary>
    Closing,

    /// <summary>The peer had closed, then we did; our FIN is not acknowledged yet.</summary>
    LastAck,

    /// <summary>Both have closed; old segments are given time to die out.</summary>
    TimeWait,
}
