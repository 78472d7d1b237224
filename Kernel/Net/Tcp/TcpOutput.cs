namespace HaukiOS.Net;

/// <summary>What IP is to do with a segment that TCP has written.</summary>
public readonly record struct TcpOutput(Ipv4Address Source, Ipv4Address Destination, int Length, bool DontFragment);
