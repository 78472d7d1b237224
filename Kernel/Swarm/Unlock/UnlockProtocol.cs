using HaukiOS.Lock;

namespace HaukiOS.Swarm;

/// <summary>
/// How the lock of a node is answered over the network: constants of the protocol, version 1.
/// <para>
/// A TCP connection carries one <see cref="SecureChannel"/>, in which the node is known by its boot key and the
/// operator by a key of their own. Then the node says one of <c>Questions</c>, <c>AlreadyUnlocked</c> and
/// <c>Unavailable</c>. The operator answers <c>Questions</c> with <c>Answers</c>, all of them in one message, or goes
/// away. The node reports <c>Progress</c>, and ends with one of <c>Unlocked</c>, <c>Refused</c>, <c>Busy</c>,
/// <c>Interrupted</c> and <c>Unavailable</c>. Each side closes the channel after its last message.
/// </para>
/// </summary>
public static class UnlockProtocol
{
    /// <summary>The port: HAUK on the keys of a telephone.</summary>
    public const ushort Port = 4285;

    /// <summary>Both sides prove their static keys; nobody has to know the other's beforehand.</summary>
    public const string Noise = "Noise_XX_25519_ChaChaPoly_BLAKE2s";

    /// <summary>What the channel is for, with the version of the messages in it.</summary>
    public const string Purpose = "hauki unlock 1";

    /// <summary>The longest message: sixteen questions of the greatest length.</summary>
    public const int MessageMax = 9 * 1024;

    /// <summary>Every message of answers looks as long as this one, sixteen answers of the greatest length.</summary>
    public const int AnswersPadded = 2 + (LockRecord.QuestionsMax * (4 + LockAnswers.AnswerBytesMax));

    /// <summary>Every verdict looks as long as this: who watches the wire does not see which one it is.</summary>
    public const int ReplyPadded = 256;

    /// <summary>How long the handshake may take.</summary>
    public const int HandshakeMilliseconds = 5_000;

    /// <summary>
    /// How long the node waits for the answers after the questions. Too short for typing: nobody holds a place while
    /// they think. The operator's side asks the person between two connections.
    /// </summary>
    public const int AnswersMilliseconds = 10_000;

    /// <summary>How long the last message may take to reach the operator.</summary>
    public const int EndMilliseconds = 5_000;
}
