namespace HaukiOS.Net;

/// <summary>What an Ethernet II frame carries (IEEE 802.3, clause 3.2.6; numbers of the IANA registry).</summary>
public static class EtherType
{
    /// <summary>Bytes of destination, source and type before the payload.</summary>
    public const int HeaderLength = 14;

    /// <summary>Types below are lengths of the older framing, which this node does not speak.</summary>
    public const ushort Lowest = 0x0600;

    /// <summary>IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>Address resolution (RFC 826).</summary>
    public const ushort Arp = 0x0806;

    /// <summary>IPv6 (RFC 2464).</summary>
    public const ushort Ipv6 = 0x86DD;

    /// <summary>The first of two types for private experiments (IEEE 802).</summary>
    public const ushort Experimental = 0x88B5;
}
