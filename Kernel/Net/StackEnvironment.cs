namespace HaukiOS.Net;

/// <summary>What the stack tells TCP of itself.</summary>
internal sealed class StackEnvironment(ReadyList ready, KeyedHash hash, Ipv4Routes routes) : TcpEnvironment
{
    /// <inheritdoc/>
    public override ReadyList Ready => ready;

    /// <inheritdoc/>
    public override SocketError SelectSource(Ipv4Address destination, out Ipv4Address source) =>
        routes.SelectSource(destination, out source);

    /// <inheritdoc/>
    public override int PathMtu(Ipv4Address destination) => routes.PathMtu(destination);

    /// <inheritdoc/>
    public override ulong Hash(uint a, uint b, uint c, uint d, uint domain) => hash.Of(domain, a, b, c, d);
}
