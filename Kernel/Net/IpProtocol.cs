namespace HaukiOS.Net;

/// <summary>What an IPv4 datagram carries (RFC 791, section 3.1; numbers of the IANA registry).</summary>
public static class IpProtocol
{
    /// <summary>Control messages (RFC 792).</summary>
    public const byte Icmp = 1;

    /// <summary>Streams (RFC 9293).</summary>
    public const byte Tcp = 6;

    /// <summary>Datagrams (RFC 768).</summary>
    public const byte Udp = 17;
}
