using System;

namespace HaukiOS.Net;

/// <summary>ICMP (RFC 792).</summary>
public sealed class IcmpLayer
{
    /// <summary>Opens a socket for echo requests.</summary>
    public EchoSocket? OpenEcho(out SocketError error) => throw new NotImplementedException();
}
