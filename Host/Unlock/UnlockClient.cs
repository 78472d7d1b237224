using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// The operator's side of one conversation with a node about its lock, over any stream. Every wait has a limit.
/// </summary>
public sealed class UnlockClient : IDisposable
{
    private readonly Stream stream;
    private readonly SecureChannel channel;
    private readonly byte[] buffer = new byte[4096];
    private readonly long startedAt = Stopwatch.GetTimestamp();
    private int start;
    private int end;

    /// <summary>A conversation that has not begun.</summary>
    /// <param name="stream">To the node; not disposed here. Its reads end by a time-out.</param>
    /// <param name="operatorKey">Who the operator is.</param>
    public UnlockClient(Stream stream, KeyPair operatorKey)
    {
        this.stream = stream;
        channel = new SecureChannel(
            new ChannelSettings(UnlockProtocol.Noise, true, UnlockProtocol.Purpose, new HostRandom())
            {
                Static = operatorKey,
                AsksAboutPeer = true,
                MessageMax = UnlockProtocol.MessageMax,
                HandshakeMilliseconds = 2 * UnlockProtocol.HandshakeMilliseconds,
            },
            Now);
    }

    private Instant Now => new((long)Stopwatch.GetElapsedTime(startedAt).TotalNanoseconds);

    /// <summary>
    /// Begins the handshake and stops when the node has proved its boot key, before anything is said about the
    /// operator.
    /// </summary>
    public Fingerprint Meet()
    {
        RunUntil(() => channel.State == ChannelState.AwaitingVerdict, Limit(2 * UnlockProtocol.HandshakeMilliseconds));
        return Fingerprint.Of(channel.RemoteStatic);
    }

    /// <summary>The node is the right one: finishes the handshake and gives what it says first.</summary>
    public UnlockReply Accept()
    {
        channel.Accept();
        return Receive(TimeSpan.FromMilliseconds(2 * UnlockProtocol.HandshakeMilliseconds));
    }

    /// <summary>Sends the answers. Those who know their length or number from the wire know nothing.</summary>
    public void SendAnswers(ReadOnlySpan<byte> message)
    {
        if (!channel.TrySend(message, UnlockProtocol.AnswersPadded))
        {
            throw Broken(ChannelError.Abandoned);
        }

        RunUntil(() => channel.Output.IsEmpty, Limit(UnlockProtocol.EndMilliseconds));
    }

    /// <summary>Waits for what the node says next.</summary>
    public UnlockReply Receive(TimeSpan patience)
    {
        RunUntil(() => channel.HasMessage, Limit(patience.TotalMilliseconds));
        var isReply = UnlockReply.TryDecode(channel.Message, out var reply);
        channel.ConsumeMessage();
        return isReply
            ? reply!
            : throw new UnlockException(UnlockOutcome.Unreachable, "the node says something that makes no sense");
    }

    /// <summary>Says goodbye, if that is still possible.</summary>
    public void Close()
    {
        channel.Close();
        try
        {
            RunUntil(() => channel.Output.IsEmpty, Limit(UnlockProtocol.EndMilliseconds));
        }
        catch (UnlockException)
        {
            // Everything that matters has been said.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        channel.Dispose();
        CryptographicOperations.ZeroMemory(buffer);
    }

    private static UnlockException Broken(ChannelError error) => error switch
    {
        ChannelError.NotAChannel or ChannelError.HandshakeTooLong => new UnlockException(
            UnlockOutcome.Unreachable, "whatever answers there is not a HaukiOS node: " + error.Sentence()),
        ChannelError.HandshakeTimedOut => new UnlockException(
            UnlockOutcome.Unreachable, "the node did not answer in time", isPassing: true),
        ChannelError.Truncated => new UnlockException(
            UnlockOutcome.Unreachable, "the node broke the connection off", isPassing: true),
        _ => new UnlockException(UnlockOutcome.Unreachable, error.Sentence()),
    };

    private Instant Limit(double milliseconds) => Now.AddMilliseconds((long)milliseconds);

    private void RunUntil(Func<bool> isReached, Instant limit)
    {
        while (true)
        {
            Compute();
            Send();
            if (isReached())
            {
                return;
            }

            if (channel.State == ChannelState.Failed)
            {
                throw Broken(channel.Error);
            }

            if (start < end)
            {
                // The node has said something although it was not its turn.
                throw Broken(ChannelError.BadContent);
            }

            ReceiveMore(limit);
        }
    }

    // What has come is fed as far as it is taken; what comes behind a message waits until that has been used.
    private void Compute()
    {
        do
        {
            channel.Step(Now);
            start += channel.Feed(buffer.AsSpan(start, end - start));
        }
        while (channel.HasWork);
    }

    private void Send()
    {
        if (channel.Output.IsEmpty)
        {
            return;
        }

        try
        {
            stream.Write(channel.Output);
            channel.ConsumeOutput(channel.Output.Length);
        }
        catch (IOException)
        {
            throw Broken(ChannelError.Truncated);
        }
    }

    private void ReceiveMore(Instant limit)
    {
        var left = (limit - Now) / 1_000_000;
        if (left <= 0)
        {
            throw new UnlockException(UnlockOutcome.Unreachable, "the node did not answer in time", isPassing: true);
        }

        try
        {
            stream.ReadTimeout = (int)Math.Min(left, int.MaxValue);
            start = 0;
            end = 0;
            end = stream.Read(buffer);
        }
        catch (IOException problem)
        {
            if (problem.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut })
            {
                return;
            }

            throw Broken(ChannelError.Truncated);
        }

        if (end == 0)
        {
            channel.FeedEnd();
            throw Broken(ChannelError.Truncated);
        }
    }
}
