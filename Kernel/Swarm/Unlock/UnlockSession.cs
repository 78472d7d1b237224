using System;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;

namespace HaukiOS.Swarm;

/// <summary>
/// The node's side of one conversation about its lock, over a transport it does not know: bytes and moments in, bytes
/// out. Nothing in here knows more of the answers than how to pass them on to the <see cref="LockKeeper"/>.
/// </summary>
public sealed class UnlockSession : IDisposable
{
    private readonly NodeLock node;
    private readonly SecureChannel channel;
    private readonly string from;
    private LockAttempt? attempt;
    private Instant deadline;
    private Phase phase;
    private int reported = -1;

    /// <summary>A conversation at its beginning. The node has a boot key, and randomness is ready.</summary>
    /// <param name="node">The lock.</param>
    /// <param name="random">Where the key of the moment comes from.</param>
    /// <param name="from">Who it is, for messages.</param>
    /// <param name="now">The present moment.</param>
    public UnlockSession(NodeLock node, IRandomSource random, string from, Instant now)
    {
        this.node = node;
        this.from = from;
        channel = new SecureChannel(
            new ChannelSettings(UnlockProtocol.Noise, false, UnlockProtocol.Purpose, random)
            {
                Static = node.Boot.Key,
                MessageMax = UnlockProtocol.MessageMax,
                HandshakeMilliseconds = UnlockProtocol.HandshakeMilliseconds,
            },
            now);
        deadline = channel.Deadline;
    }

    private enum Phase
    {
        Handshaking,
        AwaitingAnswers,
        Trying,
        Ending,
        Over,
    }

    /// <summary>Is the handshake still under way?</summary>
    public bool IsHandshaking => phase == Phase.Handshaking;

    /// <summary>Is it the one whose answers are being looked at?</summary>
    public bool IsTrying => phase == Phase.Trying;

    /// <summary>Is it an operator who has opened this lock before?</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Is the conversation over, and everything said? The transport can be closed.</summary>
    public bool IsOver => phase == Phase.Over || (phase == Phase.Ending && channel.Output.IsEmpty && IsAnswered);

    /// <summary>Why the channel failed, if it did.</summary>
    public ChannelError Error => channel.Error;

    /// <summary>Is there something to compute, of which <see cref="Step"/> does a part?</summary>
    public bool HasWork => channel.HasWork;

    /// <summary>Bytes for the transport.</summary>
    public ReadOnlySpan<byte> Output => channel.Output;

    private bool IsAnswered => channel.State is ChannelState.Closed or ChannelState.Failed;

    /// <summary>The transport has taken so many bytes.</summary>
    public void ConsumeOutput(int count) => channel.ConsumeOutput(count);

    /// <summary>Takes bytes from the transport.</summary>
    /// <returns>How many were taken; the others come again.</returns>
    public int Feed(ReadOnlySpan<byte> bytes, Instant now)
    {
        int taken = channel.Feed(bytes);
        Look(now);
        return taken;
    }

    /// <summary>The transport has ended. An attempt that nobody waits for is given up; it stays counted.</summary>
    public void FeedEnd(Instant now)
    {
        channel.FeedEnd();
        Look(now);
        if (phase != Phase.Over)
        {
            End();
        }
    }

    /// <summary>Computes a part of the handshake: at most one scalar multiplication.</summary>
    public void Step(Instant now)
    {
        channel.Step(now);
        Look(now);
    }

    /// <summary>Time has passed: reports how far the attempt is, and ends what takes too long.</summary>
    public void OnBeat(Instant now)
    {
        channel.Advance(now);
        Look(now);
        if (phase == Phase.Trying)
        {
            Report(now);
        }
        else if (phase != Phase.Over && now >= deadline)
        {
            End();
        }
    }

    /// <summary>Ends the conversation without another word.</summary>
    public void Dispose() => End();

    private void Look(Instant now)
    {
        if (phase == Phase.Over)
        {
            return;
        }

        if (channel.State == ChannelState.Failed)
        {
            End();
        }
        else if (phase == Phase.Handshaking && channel.State == ChannelState.Open)
        {
            Greet(now);
        }

        if (channel.HasMessage)
        {
            if (phase == Phase.AwaitingAnswers)
            {
                TakeAnswers(now);
            }
            else
            {
                // One message is all that an operator has to say.
                End();
            }
        }
    }

    private void Greet(Instant now)
    {
        IsKnown = node.Boot.Record is BootRecord record && record.Knows(channel.RemoteStatic);
        if (CannotAsk(now))
        {
            return;
        }

        LockKeeper keeper = node.Keeper!;
        Send(new UnlockReply
        {
            Kind = UnlockReplyKind.Questions,
            Seconds = keeper.SecondsUntilNext(Door, now),
            Questions = keeper.Record.Questions,
        });
        phase = Phase.AwaitingAnswers;
        deadline = now.AddMilliseconds(UnlockProtocol.AnswersMilliseconds);
    }

    private LockDoor Door => IsKnown ? LockDoor.Operator : LockDoor.Stranger;

    private bool CannotAsk(Instant now)
    {
        if (node.IsOpen)
        {
            Finish(new UnlockReply { Kind = UnlockReplyKind.AlreadyUnlocked }, now);
        }
        else if (!node.IsAsking || node.Keeper is null)
        {
            Finish(Unavailable("the node has no lock that could be answered"), now);
        }

        return phase != Phase.Handshaking && phase != Phase.AwaitingAnswers;
    }

    private void TakeAnswers(Instant now)
    {
        if (CannotAsk(now))
        {
            channel.ConsumeMessage();
            return;
        }

        LockKeeper keeper = node.Keeper!;
        bool isRead = UnlockAnswers.TryRead(channel.Message, keeper.Record.Questions, out SecretBytes? combined);
        channel.ConsumeMessage();
        if (!isRead)
        {
            Finish(Unavailable("these are not answers to the questions"), now);
        }
        else if (!keeper.IsFree(Door, now))
        {
            combined!.Dispose();
            Finish(Later(UnlockReplyKind.Busy, now), now);
        }
        else
        {
            attempt = keeper.Begin(Door, combined!, from);
            phase = Phase.Trying;
            Report(now);
        }
    }

    private void Report(Instant now)
    {
        switch (attempt!.State)
        {
            case AttemptState.Waiting or AttemptState.Deriving or AttemptState.Opened:
                int hundredths = attempt.Thousandths / 10;
                if (hundredths != reported && channel.Output.IsEmpty)
                {
                    reported = hundredths;
                    Send(new UnlockReply { Kind = UnlockReplyKind.Progress, Thousandths = attempt.Thousandths });
                }

                break;
            case AttemptState.Unlocked:
                Remember();
                Finish(
                    new UnlockReply
                    {
                        Kind = UnlockReplyKind.Unlocked,
                        FailedAtConsole = attempt.FailedBefore.Console,
                        FailedOverNetwork = attempt.FailedBefore.Operator + attempt.FailedBefore.Stranger,
                    },
                    now);
                break;
            case AttemptState.Wrong:
                Finish(Later(UnlockReplyKind.Refused, now), now);
                break;
            case AttemptState.Interrupted:
                Finish(Later(UnlockReplyKind.Interrupted, now), now);
                break;
            default:
                Finish(Unavailable(attempt.Problem ?? "something prevented it"), now);
                break;
        }
    }

    // From now on strangers cannot make this operator wait. That it cannot be kept is no reason to say anything but
    // that the store is open.
    private void Remember()
    {
        if (node.Boot.Record is BootRecord record && record.Remember(channel.RemoteStatic))
        {
            _ = node.Boot.Save(record);
        }

        if (node.Store is EncryptedStore store)
        {
            _ = TrustedOperators.Remember(store, channel.RemoteStatic);
        }
    }

    private UnlockReply Later(UnlockReplyKind kind, Instant now) =>
        new() { Kind = kind, Seconds = node.Keeper!.SecondsUntilNext(Door, now) };

    private static UnlockReply Unavailable(string why) => new() { Kind = UnlockReplyKind.Unavailable, Text = why };

    private void Finish(UnlockReply reply, Instant now)
    {
        attempt = null;
        phase = Phase.Ending;
        deadline = now.AddMilliseconds(UnlockProtocol.EndMilliseconds);
        Send(reply);
        channel.Close();
    }

    private void Send(UnlockReply reply)
    {
        byte[] message = new byte[UnlockProtocol.MessageMax];
        int length = reply.Encode(message);

        // There is room: messages are few, and progress waits until the one before has gone.
        channel.TrySend(message.AsSpan(0, length), UnlockProtocol.ReplyPadded);
    }

    private void End()
    {
        if (attempt is not null)
        {
            node.Keeper?.Interrupt(attempt);
            attempt = null;
        }

        phase = Phase.Over;
        channel.Dispose();
    }
}
