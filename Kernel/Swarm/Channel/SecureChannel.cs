using System;
using System.Buffers.Binary;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Swarm;

/// <summary>How far a channel has come.</summary>
public enum ChannelState
{
    /// <summary>The two sides are proving who they are.</summary>
    Handshaking,

    /// <summary>The other side's static key is known; <see cref="SecureChannel.Accept"/> or not?</summary>
    AwaitingVerdict,

    /// <summary>Messages go both ways, until a side closes its direction.</summary>
    Open,

    /// <summary>Both sides have closed, and both know.</summary>
    Closed,

    /// <summary>It is over; <see cref="SecureChannel.Error"/> says why. All keys are wiped.</summary>
    Failed,
}

/// <summary>What a channel is made with.</summary>
/// <param name="Protocol">A protocol of <see cref="NoiseProtocol"/>.</param>
/// <param name="IsInitiator">Does this side begin?</param>
/// <param name="Purpose">What the channel is for; the handshake fails if the other side means another purpose.</param>
/// <param name="Random">Where the key of the moment comes from.</param>
public sealed record ChannelSettings(string Protocol, bool IsInitiator, string Purpose, IRandomSource Random)
{
    /// <summary>The largest <see cref="MessageMax"/>.</summary>
    public const int MessageLimit = NoiseProtocol.MessageMax - RecordFormat.Overhead;

    /// <summary>The static pair of this side, if the protocol has one. Stays the caller's, and must live on.</summary>
    public KeyPair? Static { get; init; }

    /// <summary>The static key of the other side, if the protocol has it known beforehand.</summary>
    public ReadOnlyMemory<byte> RemoteStatic { get; init; }

    /// <summary>Keys shared beforehand, in the order of the protocol's modifiers. Stay the caller's.</summary>
    public SecretBytes[] Psks { get; init; } = [];

    /// <summary>If set, a handshake with anybody else fails before this side's own static key is shown.</summary>
    public Fingerprint? ExpectedPeer { get; init; }

    /// <summary>Stop at <see cref="ChannelState.AwaitingVerdict"/> when the other side's static key is known?</summary>
    public bool AsksAboutPeer { get; init; }

    /// <summary>The longest message either way; the same on both sides. Three times as much memory is taken.</summary>
    public int MessageMax { get; init; } = 8 * 1024;

    /// <summary>How long the handshake may take.</summary>
    public int HandshakeMilliseconds { get; init; } = 10_000;
}

/// <summary>
/// A connection on which only the two who hold the right keys can read, and nobody can change, repeat, reorder or cut
/// anything unnoticed: a Noise handshake, then records. A pure state machine over a transport that it does not know:
/// bytes that came go into <see cref="Feed"/>, bytes to send come out of <see cref="Output"/>, and whenever
/// <see cref="HasWork"/> says so, <see cref="Step"/> computes for a moment: never more than one scalar multiplication,
/// so that the event loop can do other things between. Both sides are this class. Until the handshake has succeeded a
/// channel holds about 3 KiB; nothing that the other side does makes it more.
/// </summary>
public sealed class SecureChannel : IDisposable
{
    /// <summary>What each side says first. It names the version of framing and records, and is authenticated.</summary>
    private static readonly byte[] Greeting = "HKC1"u8.ToArray();

    /// <summary>Longer than any handshake message here: two keys, two tags, and one more of the payload.</summary>
    private const int HandshakeMessageMax = 128;

    private const int FrameMax = RecordWriter.FrameHeader + HandshakeMessageMax;

    private readonly ChannelSettings settings;
    private readonly HandshakeState handshake;
    private readonly byte[] incoming = new byte[FrameMax];
    private readonly byte[] outgoing;
    private readonly byte[] payload = new byte[HandshakeMessageMax];
    private readonly long deadline;
    private int greeted;
    private int filled;
    private int head;
    private int tail;
    private bool isWorking;
    private bool isPeerJudged;
    private bool isTransportEnded;
    private RecordWriter? writer;
    private RecordReader? reader;

    /// <summary>A channel at the beginning of its handshake.</summary>
    /// <exception cref="ArgumentException">The settings do not fit together.</exception>
    public SecureChannel(ChannelSettings settings, Instant now)
    {
        if (settings.MessageMax is < 1 or > ChannelSettings.MessageLimit)
        {
            throw new ArgumentException($"messages of {settings.MessageMax} bytes are not possible", nameof(settings));
        }

        this.settings = settings;
        handshake = new HandshakeState(new HandshakeParts(
            NoiseProtocol.Parse(settings.Protocol), settings.IsInitiator, settings.Random)
        {
            Prologue = Encoding.UTF8.GetBytes(Encoding.ASCII.GetString(Greeting) + settings.Purpose),
            Static = settings.Static,
            RemoteStatic = settings.RemoteStatic,
            Psks = settings.Psks,
        });

        // This side's messages are at most two, and the greeting.
        outgoing = new byte[Greeting.Length + (2 * FrameMax)];
        Greeting.CopyTo(outgoing, 0);
        deadline = now.AddMilliseconds(settings.HandshakeMilliseconds).Nanoseconds;
        if (settings.IsInitiator)
        {
            tail = Greeting.Length;
            BeginWrite();
        }
    }

    /// <summary>How far it has come.</summary>
    public ChannelState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public ChannelError Error { get; private set; }

    /// <summary>When the handshake has to be finished; <see cref="Advance"/> ends one that is not.</summary>
    public Instant Deadline => new(deadline);

    /// <summary>Is there something to compute? <see cref="Step"/> does a part of it.</summary>
    public bool HasWork => isWorking && State == ChannelState.Handshaking;

    /// <summary>Is the other side's static key known? It is proven to be theirs once the channel is open.</summary>
    public bool HasRemoteStatic => handshake.HasRemoteStatic;

    /// <summary>The other side's static key.</summary>
    public ReadOnlySpan<byte> RemoteStatic => handshake.RemoteStatic;

    /// <summary>Names this very channel, the same on both sides, once it is open (Noise, section 11.2).</summary>
    public ReadOnlySpan<byte> Hash => handshake.Hash;

    /// <summary>Bytes for the transport, in order.</summary>
    public ReadOnlySpan<byte> Output => State == ChannelState.Failed ? default
        : writer is not null ? writer.Output
        : outgoing.AsSpan(head, tail - head);

    /// <summary>Does a message wait to be taken? No more bytes are accepted until it is.</summary>
    public bool HasMessage => reader is not null && reader.HasMessage;

    /// <summary>The message that waits, until <see cref="ConsumeMessage"/>, which wipes it.</summary>
    public ReadOnlySpan<byte> Message => reader is null ? default : reader.Message;

    /// <summary>Has the other side closed its direction?</summary>
    public bool IsReceiveClosed => reader is not null && reader.IsClosed;

    /// <summary>Has this side closed its direction?</summary>
    public bool IsSendClosed { get; private set; }

    /// <summary>The longest message that <see cref="TrySend"/> takes now; negative: none.</summary>
    public int SendRoom => State == ChannelState.Open && !IsSendClosed ? writer!.Room : -1;

    /// <summary>Takes bytes that came over the transport.</summary>
    /// <returns>How many were taken; the others come again when there is no work and no message waits.</returns>
    public int Feed(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (taken < bytes.Length && State == ChannelState.Handshaking && !isWorking && !handshake.IsMyTurn)
        {
            taken += FeedHandshake(bytes.Slice(taken));
        }

        if (State == ChannelState.Open)
        {
            taken += reader!.Feed(bytes.Slice(taken));
            AfterReading();
        }

        // Everything was said; whatever else comes is nobody's.
        return State == ChannelState.Closed ? bytes.Length : taken;
    }

    /// <summary>
    /// The transport has ended, orderly or not, and all that came was fed. If the other side has not closed the
    /// channel before, that is an error: somebody may have cut off what it wanted to say.
    /// </summary>
    public void FeedEnd()
    {
        isTransportEnded = true;
        CheckEnd();
    }

    /// <summary>Does the next part of the work: at most one scalar multiplication.</summary>
    public void Step(Instant now)
    {
        Advance(now);
        if (!HasWork)
        {
            return;
        }

        bool isReading = !handshake.IsMyTurn;
        switch (handshake.Step(out int length))
        {
            case HandshakeProgress.Failed:
                Fail(ChannelError.HandshakeFailed);
                break;
            case HandshakeProgress.Done when isReading:
                isWorking = false;
                filled = 0;
                Judge();
                break;
            case HandshakeProgress.Done:
                isWorking = false;
                BinaryPrimitives.WriteUInt16BigEndian(outgoing.AsSpan(tail), (ushort)length);
                tail += RecordWriter.FrameHeader + length;
                GoOn();
                break;
        }
    }

    /// <summary>Ends a handshake whose time is up.</summary>
    public void Advance(Instant now)
    {
        bool isPending = State is ChannelState.Handshaking or ChannelState.AwaitingVerdict;
        if (isPending && now.Nanoseconds >= deadline)
        {
            Fail(ChannelError.HandshakeTimedOut);
        }
    }

    /// <summary>The other side's static key is right.</summary>
    public void Accept()
    {
        if (State == ChannelState.AwaitingVerdict)
        {
            State = ChannelState.Handshaking;
            GoOn();
        }
    }

    /// <summary>The other side's static key is not right.</summary>
    public void Reject()
    {
        if (State == ChannelState.AwaitingVerdict)
        {
            Fail(ChannelError.PeerRejected);
        }
    }

    /// <summary>The transport has taken so many bytes of <see cref="Output"/>.</summary>
    public void ConsumeOutput(int count)
    {
        if (writer is not null)
        {
            writer.Consume(count);
        }
        else
        {
            head += count;
        }
    }

    /// <summary>The message has been used.</summary>
    public void ConsumeMessage()
    {
        reader?.Consume();
        CheckEnd();
    }

    /// <summary>Sends a message.</summary>
    /// <param name="message">The message; may be empty.</param>
    /// <param name="paddedLength">Hides the length of a shorter message behind this one.</param>
    /// <returns>False if there is no room now (<see cref="SendRoom"/>) or the channel sends no more.</returns>
    public bool TrySend(ReadOnlySpan<byte> message, int paddedLength = 0)
    {
        if (State != ChannelState.Open || IsSendClosed || Math.Max(message.Length, paddedLength) > writer!.Room)
        {
            return false;
        }

        if (writer.TryWrite(message, paddedLength))
        {
            return true;
        }

        Fail(ChannelError.Exhausted);
        return false;
    }

    /// <summary>Tells the other side that nothing more comes. Its messages still come until it closes, too.</summary>
    public void Close()
    {
        if (State != ChannelState.Open || IsSendClosed)
        {
            return;
        }

        IsSendClosed = true;
        if (!writer!.TryClose())
        {
            Fail(ChannelError.Exhausted);
        }
        else
        {
            CheckClosed();
        }
    }

    /// <summary>Ends the channel at once, without a word, and wipes everything.</summary>
    public void Dispose()
    {
        if (State != ChannelState.Closed && State != ChannelState.Failed)
        {
            Fail(ChannelError.Abandoned);
        }

        Wipe();
    }

    private int FeedHandshake(ReadOnlySpan<byte> bytes)
    {
        if (greeted < Greeting.Length)
        {
            if (bytes[0] != Greeting[greeted])
            {
                Fail(ChannelError.NotAChannel);
            }

            greeted++;
            return 1;
        }

        int wanted = filled < RecordWriter.FrameHeader ? RecordWriter.FrameHeader : FrameLength;
        int count = Math.Min(wanted - filled, bytes.Length);
        bytes.Slice(0, count).CopyTo(incoming.AsSpan(filled));
        filled += count;
        if (filled == RecordWriter.FrameHeader && FrameLength > FrameMax)
        {
            Fail(ChannelError.HandshakeTooLong);
        }
        else if (filled >= RecordWriter.FrameHeader && filled == FrameLength)
        {
            int length = filled - RecordWriter.FrameHeader;
            handshake.BeginRead(incoming.AsMemory(RecordWriter.FrameHeader, length), payload);
            isWorking = true;
        }

        return count;
    }

    private int FrameLength => RecordWriter.FrameHeader + BinaryPrimitives.ReadUInt16BigEndian(incoming);

    // The first time that the other side's static key is known: before anything is said to it that others may not hear.
    private void Judge()
    {
        if (!isPeerJudged && handshake.HasRemoteStatic)
        {
            isPeerJudged = true;
            if (settings.ExpectedPeer is not null && !settings.ExpectedPeer.Matches(handshake.RemoteStatic))
            {
                Fail(ChannelError.WrongPeer);
                return;
            }

            if (settings.AsksAboutPeer)
            {
                State = ChannelState.AwaitingVerdict;
                return;
            }
        }

        GoOn();
    }

    private void GoOn()
    {
        if (handshake.IsFinished)
        {
            Open();
        }
        else if (handshake.IsMyTurn)
        {
            if (tail == 0)
            {
                tail = Greeting.Length;
            }

            BeginWrite();
        }
    }

    private void BeginWrite()
    {
        handshake.BeginWrite(default, outgoing.AsMemory(tail + RecordWriter.FrameHeader));
        isWorking = true;
    }

    private void Open()
    {
        handshake.Split(out CipherState send, out CipherState receive);
        writer = new RecordWriter(send, settings.MessageMax, outgoing.AsSpan(head, tail - head));
        reader = new RecordReader(receive, settings.MessageMax);
        State = ChannelState.Open;
    }

    private void AfterReading()
    {
        if (reader!.Error != ChannelError.None)
        {
            Fail(reader.Error);
        }
        else
        {
            CheckClosed();
        }
    }

    private void CheckClosed()
    {
        if (State == ChannelState.Open && IsSendClosed && reader!.IsClosed)
        {
            State = ChannelState.Closed;
        }
    }

    // A message that came whole before the end can still be taken.
    private void CheckEnd()
    {
        if (isTransportEnded && !HasMessage && !IsReceiveClosed && State != ChannelState.Failed)
        {
            Fail(ChannelError.Truncated);
        }
    }

    private void Fail(ChannelError error)
    {
        Error = error;
        State = ChannelState.Failed;
        Wipe();
    }

    private void Wipe()
    {
        handshake.Dispose();
        writer?.Dispose();
        reader?.Dispose();
        head = tail = 0;
    }
}
