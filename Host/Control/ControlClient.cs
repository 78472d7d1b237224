using System;
using System.IO;
using HaukiOS.Host.Unlock;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Control;

/// <summary>The operator's side of one conversation with a running node about its moves, over any stream.</summary>
public sealed class ControlClient : NodeClient
{
    private const int SendMilliseconds = 5_000;

    /// <summary>A conversation that has not begun.</summary>
    /// <param name="stream">To the node; not disposed here. Its reads end by a time-out.</param>
    /// <param name="operatorKey">Who the operator is.</param>
    public ControlClient(Stream stream, KeyPair operatorKey)
        : base(stream, Settings(operatorKey))
    {
    }

    /// <summary>The node is the right one: finishes the handshake and says what is wanted.</summary>
    public void Accept(ControlRequest request)
    {
        Channel.Accept();
        RunUntil(() => Channel.SendRoom >= 0, Limit(2 * ControlProtocol.HandshakeMilliseconds));
        Send(request);
    }

    /// <summary>Says what is wanted.</summary>
    public void Send(ControlRequest request)
    {
        Span<byte> message = stackalloc byte[ControlProtocol.RequestPadded];
        var length = request.Encode(message);
        if (!Channel.TrySend(message[..length], ControlProtocol.RequestPadded))
        {
            throw Broken(ChannelError.Truncated);
        }

        RunUntil(() => Channel.Output.IsEmpty, Limit(SendMilliseconds));
    }

    /// <summary>Waits for what the node says next.</summary>
    /// <returns>Null if it says nothing for so long.</returns>
    /// <exception cref="UnlockException">It will not say anything any more.</exception>
    public ControlReply? Receive(TimeSpan patience)
    {
        if (!TryRunUntil(() => Channel.HasMessage || Channel.IsReceiveClosed, Limit(patience.TotalMilliseconds)))
        {
            return null;
        }

        if (!Channel.HasMessage)
        {
            throw Broken(ChannelError.Truncated);
        }

        var isReply = ControlReply.TryDecode(Channel.Message, out var reply);
        Channel.ConsumeMessage();
        return isReply
            ? reply
            : throw new UnlockException(UnlockOutcome.Unreachable, "the node says something that makes no sense");
    }

    private static ChannelSettings Settings(KeyPair operatorKey) =>
        new(ControlProtocol.Noise, true, ControlProtocol.Purpose, new HostRandom())
        {
            Static = operatorKey,
            AsksAboutPeer = true,
            MessageMax = ControlProtocol.MessageMax,
            HandshakeMilliseconds = 2 * ControlProtocol.HandshakeMilliseconds,
        };
}
