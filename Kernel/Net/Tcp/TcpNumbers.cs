using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// The numbers that a stranger must not be able to guess, all from the stack's keyed hash: the same inputs under the
/// same secret give the same numbers, so a replay of the stack is exact.
/// </summary>
internal sealed class TcpNumbers(TcpEnvironment environment)
{
    /// <summary>The first port for outgoing connections; the last one is 65535 (RFC 6335, section 6).</summary>
    internal const int EphemeralFirst = 49152;

    /// <summary>How many there are.</summary>
    internal const int EphemeralCount = 65536 - EphemeralFirst;

    // What a hash is for is part of what is hashed: no use can be played against another one.
    private const uint ForSequence = 1;
    private const uint ForPort = 2;
    private const uint ForTimestamp = 3;
    private const uint ForCookie = 4;
    private const uint ForTable = 5;
    private const uint ForChallenge = 6;

    /// <summary>
    /// The initial sequence number: a clock that ticks each 4 microseconds or so, plus a secret function of the two
    /// ends (RFC 6528, section 3).
    /// </summary>
    internal uint InitialSequence(Endpoint local, Endpoint remote, Instant now) =>
        (uint)(now.Nanoseconds >> 12) + (uint)Hash(local, remote, ForSequence);

    /// <summary>Where the search for a port begins for this peer (RFC 6056, section 3.3.3).</summary>
    internal uint PortOffset(Ipv4Address local, Endpoint remote) =>
        (uint)Hash(new Endpoint(local, 0), remote, ForPort);

    /// <summary>
    /// What is added to the clock in timestamps (RFC 7323, section 5.4). It hangs on the addresses alone, so timestamps
    /// rise from one connection to the next between two hosts, as TIME-WAIT's reuse wants (RFC 6191).
    /// </summary>
    internal uint TimestampOffset(Ipv4Address local, Ipv4Address remote) =>
        (uint)environment.Hash(local.Value, remote.Value, 0, 0, ForTimestamp);

    /// <summary>The proof in a SYN cookie; <paramref name="content"/> has 24 bits.</summary>
    internal uint CookieProof(Endpoint local, Endpoint remote, uint peerSequence, uint content) =>
        (uint)environment.Hash(
            local.Address.Value, remote.Address.Value, Ports(local, remote), peerSequence, ForCookie | (content << 8));

    /// <summary>A word of the key of the connection table.</summary>
    internal ulong TableKey(uint index) => environment.Hash(index, 0, 0, 0, ForTable);

    /// <summary>A number for the second that has begun, to vary the rate of challenges.</summary>
    internal uint ChallengeVariation(uint second) => (uint)environment.Hash(second, 0, 0, 0, ForChallenge);

    private static uint Ports(Endpoint local, Endpoint remote) => ((uint)local.Port << 16) | remote.Port;

    private ulong Hash(Endpoint local, Endpoint remote, uint use) =>
        environment.Hash(local.Address.Value, remote.Address.Value, Ports(local, remote), 0, use);
}
