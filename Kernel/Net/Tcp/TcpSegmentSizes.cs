namespace HaukiOS.Net;

/// <summary>Sizes of segments (RFC 6691: without the headers, options not counted).</summary>
internal static class TcpSegmentSizes
{
    /// <summary>What a peer takes that does not say anything (RFC 9293, section 3.7.1).</summary>
    internal const int Default = 536;

    /// <summary>
    /// The smallest size a peer can talk us into. Less would only multiply headers, and 40 bytes of options would leave
    /// no room for data.
    /// </summary>
    internal const int Smallest = 88;

    /// <summary>Bytes of an IPv4 header and a TCP header, both without options.</summary>
    internal const int Headers = 40;
}
