namespace HaukiOS.Net;

/// <summary>What the header of a checked IPv4 packet says to the protocol above (RFC 791, section 3.1).</summary>
public readonly struct Ipv4Packet(
    Ipv4Address source, Ipv4Address destination, byte protocol, byte timeToLive = 64, byte typeOfService = 0)
{
    /// <summary>Who sent it.</summary>
    public Ipv4Address Source { get; } = source;

    /// <summary>To whom: an address of this node.</summary>
    public Ipv4Address Destination { get; } = destination;

    /// <summary>The protocol of the payload.</summary>
    public byte Protocol { get; } = protocol;

    /// <summary>Routers it could still have passed.</summary>
    public byte TimeToLive { get; } = timeToLive;

    /// <summary>Type of service: DSCP and ECN (RFC 2474, RFC 3168).</summary>
    public byte TypeOfService { get; } = typeOfService;
}
