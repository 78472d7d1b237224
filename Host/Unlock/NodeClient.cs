using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// The operator's side of one conversation with a node, over any stream, up to the messages. Every wait has a limit.
/// </summary>
public abstract class NodeClient : IDisposable
{
    private const int EndMilliseconds = 5_000;

    private readonly Stream stream;
    private readonly byte[] buffer = new byte[4096];
    private readonly long startedAt = Stopwatch.GetTimestamp();
    private readonly int handshakeMilliseconds;
    private int start;
    private int end;

    /// <summary>A conversation that has not begun.</summary>
    /// <param name="stream">To the node; not disposed here. Its reads end by a time-out.</param>
    /// <param name="settings">The channel; it asks about the peer.</param>
    protected NodeClient(Stream stream, ChannelSettings settings)
    {
        this.stream = stream;
        handshakeMilliseconds = settings.HandshakeMilliseconds;
        Channel = new SecureChannel(settings, Now);
    }

    /// <summary>The channel.</summary>
    protected SecureChannel Channel { get; }

    private Instant Now => new((long)Stopwatch.GetElapsedTime(startedAt).TotalNanoseconds);

    /// <summary>
    /// Begins the handshake and stops when the node has proved its boot key, before anything is said about the
    /// operator.
    /// </summary>
    public Fingerprint Meet()
    {
        RunUntil(() => Channel.State == ChannelState.AwaitingVerdict, Limit(handshakeMilliseconds));
        return Fingerprint.Of(Channel.RemoteStatic);
    }

    /// <summary>Says goodbye, if that is still possible.</summary>
    public void Close()
    {
        Channel.Close();
        try
        {
            RunUntil(() => Channel.Output.IsEmpty, Limit(EndMilliseconds));
        }
        catch (UnlockException)
        {
            // Everything that matters has been said.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Channel.Dispose();
        CryptographicOperations.ZeroMemory(buffer);
        GC.SuppressFinalize(this);
    }

    /// <summary>Why a conversation that broke off did so.</summary>
    protected static UnlockException Broken(ChannelError error) => error switch
    {
        ChannelError.NotAChannel or ChannelError.HandshakeTooLong => new UnlockException(
            UnlockOutcome.Unreachable, "whatever answers there is not a HaukiOS node: " + error.Sentence()),
        ChannelError.HandshakeTimedOut => new UnlockException(
            UnlockOutcome.Unreachable, "the node did not answer in time", isPassing: true),
        ChannelError.Truncated => new UnlockException(
            UnlockOutcome.Unreachable, "the node broke the connection off", isPassing: true),
        _ => new UnlockException(UnlockOutcome.Unreachable, error.Sentence()),
    };

    /// <summary>The end of a wait of that length.</summary>
    protected Instant Limit(double milliseconds) => Now.AddMilliseconds((long)milliseconds);

    /// <summary>Goes on until something is reached.</summary>
    /// <exception cref="UnlockException">It was not, in all the time there is, or cannot be.</exception>
    protected void RunUntil(Func<bool> isReached, Instant limit)
    {
        if (!TryRunUntil(isReached, limit))
        {
            throw new UnlockException(UnlockOutcome.Unreachable, "the node did not answer in time", isPassing: true);
        }
    }

    /// <summary>Goes on until something is reached, or the time is over.</summary>
    /// <returns>True if it was reached.</returns>
    /// <exception cref="UnlockException">It cannot be reached any more.</exception>
    protected bool TryRunUntil(Func<bool> isReached, Instant limit)
    {
        while (true)
        {
            Compute();
            Send();
            if (isReached())
            {
                return true;
            }

            if (Channel.State == ChannelState.Failed)
            {
                throw Broken(Channel.Error);
            }

            if (start < end)
            {
                // The node has said something although it was not its turn.
                throw Broken(ChannelError.BadContent);
            }

            var left = (limit - Now) / 1_000_000;
            if (left <= 0)
            {
                return false;
            }

            ReceiveMore((int)Math.Min(left, int.MaxValue));
        }
    }

    // What has come is fed as far as it is taken; what comes behind a message waits until that has been used.
    private void Compute()
    {
        do
        {
            Channel.Step(Now);
            start += Channel.Feed(buffer.AsSpan(start, end - start));
        }
        while (Channel.HasWork);
    }

    private void Send()
    {
        if (Channel.Output.IsEmpty)
        {
            return;
        }

        try
        {
            stream.Write(Channel.Output);
            Channel.ConsumeOutput(Channel.Output.Length);
        }
        catch (IOException)
        {
            throw Broken(ChannelError.Truncated);
        }
    }

    private void ReceiveMore(int milliseconds)
    {
        try
        {
            stream.ReadTimeout = milliseconds;
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
            Channel.FeedEnd();
            throw Broken(ChannelError.Truncated);
        }
    }
}
