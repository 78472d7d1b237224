namespace HaukiOS.Swarm;

/// <summary>
/// How a running node is told from afar to move: constants of the protocol, version 1.
/// <para>
/// A TCP connection carries one <see cref="SecureChannel"/>, in which the node is known by its boot key and the
/// operator by a key of their own. Only operators whose key the node trusts are heard (<see cref="TrustedOperators"/>).
/// The operator says <see cref="ControlRequest"/>s; to each one the node answers with a <see cref="ControlReply"/>, and
/// from then on it reports whenever the move has come further. The connection moves with the node.
/// </para>
/// </summary>
public static class ControlProtocol
{
    /// <summary>The port, after those of the lock and of the pairing.</summary>
    public const ushort Port = 4287;

    /// <summary>Both sides prove their static keys; the operator has the node's pinned.</summary>
    public const string Noise = "Noise_XX_25519_ChaChaPoly_BLAKE2s";

    /// <summary>What the channel is for, with the version of the messages in it.</summary>
    public const string Purpose = "hauki control 1";

    /// <summary>The longest message.</summary>
    public const int MessageMax = 512;

    /// <summary>Every request looks as long as this.</summary>
    public const int RequestPadded = 80;

    /// <summary>Every reply looks as long as this.</summary>
    public const int ReplyPadded = 296;

    /// <summary>How long the handshake may take.</summary>
    public const int HandshakeMilliseconds = 5_000;

    /// <summary>How long the node waits for the first request.</summary>
    public const int RequestMilliseconds = 5_000;

    /// <summary>How often the node reports, at most.</summary>
    public const int ReportMilliseconds = 250;

    /// <summary>How often it reports at least, so that the operator knows that it is still there.</summary>
    public const int SilenceMilliseconds = 2_000;
}
