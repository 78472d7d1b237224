using System;
using System.IO;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// The operator's side of one conversation with a node about its lock, over any stream. Every wait has a limit.
/// </summary>
public sealed class UnlockClient : NodeClient
{
    /// <summary>A conversation that has not begun.</summary>
    /// <param name="stream">To the node; not disposed here. Its reads end by a time-out.</param>
    /// <param name="operatorKey">Who the operator is.</param>
    public UnlockClient(Stream stream, KeyPair operatorKey)
        : base(stream, Settings(operatorKey))
    {
    }

    /// <summary>The node is the right one: finishes the handshake and gives what it says first.</summary>
    public UnlockReply Accept()
    {
        Channel.Accept();
        return Receive(TimeSpan.FromMilliseconds(2 * UnlockProtocol.HandshakeMilliseconds));
    }

    /// <summary>Sends the answers. Those who know their length or number from the wire know nothing.</summary>
    public void SendAnswers(ReadOnlySpan<byte> message)
    {
        if (!Channel.TrySend(message, UnlockProtocol.AnswersPadded))
        {
            throw Broken(ChannelError.Abandoned);
        }

        RunUntil(() => Channel.Output.IsEmpty, Limit(UnlockProtocol.EndMilliseconds));
    }

    /// <summary>Waits for what the node says next.</summary>
    public UnlockReply Receive(TimeSpan patience)
    {
        RunUntil(() => Channel.HasMessage, Limit(patience.TotalMilliseconds));
        var isReply = UnlockReply.TryDecode(Channel.Message, out var reply);
        Channel.ConsumeMessage();
        return isReply
            ? reply!
            : throw new UnlockException(UnlockOutcome.Unreachable, "the node says something that makes no sense");
    }

    private static ChannelSettings Settings(KeyPair operatorKey) =>
        new(UnlockProtocol.Noise, true, UnlockProtocol.Purpose, new HostRandom())
        {
            Static = operatorKey,
            AsksAboutPeer = true,
            MessageMax = UnlockProtocol.MessageMax,
            HandshakeMilliseconds = 2 * UnlockProtocol.HandshakeMilliseconds,
        };
}
