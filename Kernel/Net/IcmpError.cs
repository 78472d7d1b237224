using System;

namespace HaukiOS.Net;

/// <summary>What an ICMP error message says has become of a packet (RFC 792, RFC 1122 section 3.2.2).</summary>
public enum IcmpErrorKind
{
    /// <summary>No way to the network (destination unreachable, codes 0, 6, 8, 11).</summary>
    NetworkUnreachable,

    /// <summary>The host is not there (codes 1, 5, 7, 12), or does not answer ARP on our own wire.</summary>
    HostUnreachable,

    /// <summary>The host does not speak the protocol (code 2).</summary>
    ProtocolUnreachable,

    /// <summary>Nobody listens at the port (code 3).</summary>
    PortUnreachable,

    /// <summary>Too long for the next hop, and not to be cut (code 4; RFC 1191).</summary>
    FragmentationNeeded,

    /// <summary>Somebody forbids it (codes 9, 10, 13 to 15).</summary>
    AdministrativelyProhibited,

    /// <summary>It passed too many routers, or its fragments did not arrive in time (type 11).</summary>
    TimeExceeded,

    /// <summary>A router did not understand the header (type 12).</summary>
    ParameterProblem,
}

/// <summary>
/// A checked ICMP error about a packet that this node is said to have sent. Anybody can forge one, so whoever is told
/// sees whether it speaks of something that was sent (RFC 5927).
/// </summary>
public readonly ref struct IcmpError(
    IcmpErrorKind kind, Ipv4Packet original, ReadOnlySpan<byte> quoted, int nextHopMtu, Ipv4Address reporter = default)
{
    /// <summary>What happened.</summary>
    public IcmpErrorKind Kind { get; } = kind;

    /// <summary>The header of our packet as it was quoted: the source is this node.</summary>
    public Ipv4Packet Original { get; } = original;

    /// <summary>The beginning of our packet's payload as it was quoted: at least eight bytes (RFC 792).</summary>
    public ReadOnlySpan<byte> Quoted { get; } = quoted;

    /// <summary>
    /// The longest packet that the next hop takes; where an old router did not say, the plateau of RFC 1191, section 7.
    /// </summary>
    public int NextHopMtu { get; } = nextHopMtu;

    /// <summary>Who says so; <see cref="Ipv4Address.Any"/>: this node itself, for silence on its own wire.</summary>
    public Ipv4Address Reporter { get; } = reporter;

    /// <summary>The same as a socket says it.</summary>
    public SocketError SocketError => Kind switch
    {
        IcmpErrorKind.NetworkUnreachable => SocketError.NetworkUnreachable,
        IcmpErrorKind.ProtocolUnreachable or IcmpErrorKind.PortUnreachable => SocketError.ConnectionRefused,
        IcmpErrorKind.FragmentationNeeded => SocketError.MessageTooLong,
        IcmpErrorKind.TimeExceeded => SocketError.TimedOut,
        _ => SocketError.HostUnreachable,
    };
}
