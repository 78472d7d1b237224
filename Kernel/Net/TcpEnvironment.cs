namespace HaukiOS.Net;

/// <summary>
/// What TCP asks of the layer below. It is part of the stack's state, so it holds neither clock nor device: time comes
/// with each call, chance from the keyed hash.
/// </summary>
public abstract class TcpEnvironment
{
    /// <summary>The sockets whose owners are to be told of something.</summary>
    public abstract ReadyList Ready { get; }

    /// <summary>Chooses the address to speak from.</summary>
    /// <returns><see cref="SocketError.None"/>, or why there is no way to <paramref name="destination"/>.</returns>
    public abstract SocketError SelectSource(Ipv4Address destination, out Ipv4Address source);

    /// <summary>
    /// The longest IPv4 packet that is believed to reach <paramref name="destination"/> whole (RFC 1191).
    /// </summary>
    public abstract int PathMtu(Ipv4Address destination);

    /// <summary>
    /// A keyed hash of five words under the stack's secret (SipHash-2-4): who does not know the secret can tell nothing
    /// about it. <paramref name="domain"/> separates one use from another.
    /// </summary>
    public abstract ulong Hash(uint a, uint b, uint c, uint d, uint domain);
}
