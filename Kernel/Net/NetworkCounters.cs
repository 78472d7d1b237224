namespace HaukiOS.Net;

/// <summary>Everything the stack counts. Every frame that is dropped is counted under its reason.</summary>
public enum NetCounter
{
    /// <summary>Frames given to the stack.</summary>
    FramesIn,

    /// <summary>Frames taken from the stack.</summary>
    FramesOut,

    /// <summary>Dropped: too short for an Ethernet header, or from a group address.</summary>
    FrameBad,

    /// <summary>Dropped: for another station.</summary>
    FrameNotOurs,

    /// <summary>Dropped: of a type that nobody here takes.</summary>
    FrameTypeUnknown,

    /// <summary>ARP packets received.</summary>
    ArpIn,

    /// <summary>ARP packets sent.</summary>
    ArpOut,

    /// <summary>Dropped: not ARP for IPv4 over Ethernet, or with impossible addresses.</summary>
    ArpBad,

    /// <summary>Dropped: an answer that we had not asked for.</summary>
    ArpUnasked,

    /// <summary>A neighbour answered from another station address than before.</summary>
    ArpMoved,

    /// <summary>Dropped: no room for another neighbour.</summary>
    ArpTableFull,

    /// <summary>Neighbours that did not answer.</summary>
    ArpFailed,

    /// <summary>Somebody else uses our address.</summary>
    ArpConflict,

    /// <summary>Dropped: too many datagrams wait for a neighbour's answer.</summary>
    ArpWaitingFull,

    /// <summary>Dropped: the ARP output queue is full.</summary>
    ArpQueueFull,

    /// <summary>IPv4 datagrams and fragments received.</summary>
    IpIn,

    /// <summary>IPv4 datagrams and fragments sent.</summary>
    IpOut,

    /// <summary>Dropped: header malformed.</summary>
    IpHeaderBad,

    /// <summary>Dropped: header checksum wrong.</summary>
    IpChecksumBad,

    /// <summary>Dropped: from an address that no host can have.</summary>
    IpSourceBad,

    /// <summary>Dropped: for another address, or for one host in a broadcast frame.</summary>
    IpNotOurs,

    /// <summary>Dropped: a source route in the options.</summary>
    IpSourceRoute,

    /// <summary>A protocol that nobody here speaks.</summary>
    IpProtocolUnknown,

    /// <summary>Dropped: no way to the destination.</summary>
    IpNoRoute,

    /// <summary>Dropped: the output queue is full.</summary>
    IpQueueFull,

    /// <summary>Fragments received.</summary>
    FragmentIn,

    /// <summary>Fragments sent.</summary>
    FragmentOut,

    /// <summary>Datagrams put together.</summary>
    Reassembled,

    /// <summary>Dropped: a fragment beyond what a datagram can hold, or an impossible length.</summary>
    FragmentBad,

    /// <summary>Dropped datagrams: fragments overlapped.</summary>
    FragmentOverlap,

    /// <summary>Dropped: a fragment that had come before.</summary>
    FragmentDuplicate,

    /// <summary>Dropped datagrams: not all fragments came in time.</summary>
    FragmentTimeout,

    /// <summary>Dropped datagrams: their room was needed.</summary>
    FragmentEvicted,

    /// <summary>ICMP messages received.</summary>
    IcmpIn,

    /// <summary>ICMP messages sent.</summary>
    IcmpOut,

    /// <summary>Dropped: checksum wrong or malformed.</summary>
    IcmpBad,

    /// <summary>Dropped: a message of a kind that a host does not follow.</summary>
    IcmpIgnored,

    /// <summary>Echo requests answered.</summary>
    EchoAnswered,

    /// <summary>Dropped: an echo reply that nobody waits for.</summary>
    EchoUnasked,

    /// <summary>Dropped: the socket's queue of replies is full.</summary>
    EchoQueueFull,

    /// <summary>Error messages not sent: more than the allowed rate.</summary>
    IcmpRateLimited,

    /// <summary>Error messages received that speak of nothing we sent.</summary>
    IcmpErrorUnasked,

    /// <summary>Path MTUs learnt.</summary>
    PathMtuLearnt,

    /// <summary>UDP datagrams received.</summary>
    UdpIn,

    /// <summary>UDP datagrams sent.</summary>
    UdpOut,

    /// <summary>Dropped: malformed.</summary>
    UdpBad,

    /// <summary>Dropped: checksum wrong.</summary>
    UdpChecksumBad,

    /// <summary>Dropped: nobody listens at the port.</summary>
    UdpNoPort,

    /// <summary>Dropped: the socket's queue is full.</summary>
    UdpQueueFull,

    /// <summary>Raw frames received.</summary>
    RawIn,

    /// <summary>Raw frames sent.</summary>
    RawOut,

    /// <summary>Dropped: the raw socket's queue is full.</summary>
    RawQueueFull,

    /// <summary>DHCP messages received and understood.</summary>
    DhcpIn,

    /// <summary>DHCP messages sent.</summary>
    DhcpOut,

    /// <summary>Dropped: malformed, or not for our transaction.</summary>
    DhcpBad,

    /// <summary>TCP segments received.</summary>
    TcpIn,

    /// <summary>TCP segments sent.</summary>
    TcpOut,

    /// <summary>Dropped: from an address that is not ours any more.</summary>
    TcpSourceStale,

    /// <summary>How many there are; no counter itself.</summary>
    Count,
}

/// <summary>The counters of one stack.</summary>
public sealed class NetworkCounters
{
    private readonly long[] values = new long[(int)NetCounter.Count];

    /// <summary>The present value.</summary>
    public long this[NetCounter counter] => values[(int)counter];

    /// <summary>Counts one.</summary>
    public void Add(NetCounter counter) => values[(int)counter]++;

    /// <summary>Counts several.</summary>
    public void Add(NetCounter counter, int amount) => values[(int)counter] += amount;
}
