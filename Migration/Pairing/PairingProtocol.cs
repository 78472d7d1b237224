namespace HaukiOS.Migration;

/// <summary>
/// How two machines agree on a move: constants of the protocol, version 1.
/// <para>
/// The source connects over TCP and says one byte, a <see cref="PairingWay"/>. A <c>SecureChannel</c> follows, in
/// which the source is the initiator. Then it sends its <see cref="MoveOffer"/>; the target answers with a
/// <see cref="MoveAnswer"/>, and the source confirms an accepting one with <see cref="Agreed"/>. Only then is the
/// target bound. It closes first, so that nothing of the connection stays in the node that is about to move.
/// </para>
/// </summary>
public static class PairingProtocol
{
    /// <summary>The port, next to that of the lock.</summary>
    public const ushort Port = 4286;

    /// <summary>The source's first message proves that it knows the code, before anything is computed for it.</summary>
    public const string CodeNoise = "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2s";

    /// <summary>Both sides prove their static keys, which the other one has to know.</summary>
    public const string KeyNoise = "Noise_XX_25519_ChaChaPoly_BLAKE2s";

    /// <summary>What the channel is for, with the version of the messages in it.</summary>
    public const string Purpose = "hauki pairing 1";

    /// <summary>The longest message.</summary>
    public const int MessageMax = 512;

    /// <summary>How long the handshake may take. Slow machines need a second for their part.</summary>
    public const int HandshakeMilliseconds = 10_000;

    /// <summary>How long either side waits for what the other one has to say next.</summary>
    public const int ReplyMilliseconds = 5_000;

    /// <summary>How long the source tries to reach the target at all.</summary>
    public const int ConnectMilliseconds = 5_000;

    /// <summary>Wrong codes, after which the right one is worth nothing any more.</summary>
    public const int WrongCodesMax = 5;

    /// <summary>How long a code is good.</summary>
    public const int CodeMilliseconds = 10 * 60 * 1000;

    /// <summary>The whole of the source's last message.</summary>
    public const byte Agreed = 1;
}

/// <summary>By what the two machines trust each other. The numbers are those on the wire.</summary>
public enum PairingWay : byte
{
    /// <summary>By a code that a person has read on one and typed on the other.</summary>
    Code = (byte)'C',

    /// <summary>By static keys that each knows of the other.</summary>
    Key = (byte)'K',
}
