using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>A port at which connections are accepted (the LISTEN state of RFC 9293, section 3.3.2).</summary>
public sealed class TcpListener : NetSocket
{
    internal TcpListener()
    {
    }

    /// <summary>The port.</summary>
    public ushort Port => throw new NotImplementedException();

    /// <summary>Connections that wait to be accepted.</summary>
    public int Waiting => throw new NotImplementedException();

    /// <summary>The oldest connection that waits; null if there is none.</summary>
    public TcpConnection? Accept() => throw new NotImplementedException();

    /// <summary>Listens no more. Connections that were not accepted are broken off.</summary>
    public void Close(Instant now) => throw new NotImplementedException();
}
