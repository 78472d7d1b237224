using System;
using System.Security.Cryptography;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Secrets;

namespace HaukiOS.Swarm;

/// <summary>How far the processing of a handshake message has come.</summary>
public enum HandshakeProgress
{
    /// <summary>There is more to do.</summary>
    More,

    /// <summary>The message is done.</summary>
    Done,

    /// <summary>The handshake has failed, for good.</summary>
    Failed,
}

/// <summary>What one side brings to a handshake.</summary>
/// <param name="Protocol">What both have agreed to speak.</param>
/// <param name="IsInitiator">Does this side send the first message?</param>
/// <param name="Random">Gives the key of the moment: <see cref="KeyPair.KeyLength"/> bytes, once.</param>
public sealed record HandshakeParts(NoiseProtocol Protocol, bool IsInitiator, IRandomSource Random)
{
    /// <summary>Anything that both must agree on; a difference makes the handshake fail.</summary>
    public ReadOnlyMemory<byte> Prologue { get; init; }

    /// <summary>The static pair of this side, if the protocol has one. Stays the caller's.</summary>
    public KeyPair? Static { get; init; }

    /// <summary>The static key of the other side, if the protocol has it known beforehand.</summary>
    public ReadOnlyMemory<byte> RemoteStatic { get; init; }

    /// <summary>Keys shared beforehand, in the order of the protocol's modifiers. Stay the caller's.</summary>
    public SecretBytes[] Psks { get; init; } = [];
}

/// <summary>
/// One side of a handshake (Noise, revision 34, section 5.3) as a pure state machine. Messages are worked on in steps,
/// each with at most one scalar multiplication, because one may take milliseconds and the event loop waits meanwhile.
/// A failure is final: every secret is wiped and nothing can be done with the handshake any more.
/// </summary>
public sealed class HandshakeState : IDisposable
{
    /// <summary>Bytes of a key shared beforehand.</summary>
    public const int PskLength = 32;

    private readonly NoiseProtocol protocol;
    private readonly IRandomSource random;
    private readonly SymmetricState symmetric;
    private readonly KeyPair? local;
    private readonly SecretBytes[] psks;
    private readonly byte[] remoteStatic = new byte[KeyPair.KeyLength];
    private readonly byte[] remoteEphemeral = new byte[KeyPair.KeyLength];
    private readonly bool isPsk;
    private KeyPair? ephemeral;
    private int pskNext;

    // The message being worked on: what comes in or goes out, and how far.
    private Work work;
    private ReadOnlyMemory<byte> input;
    private Memory<byte> output;
    private int token;
    private int position;
    private int written;
    private int messageIndex;

    /// <summary>Ready for the first message.</summary>
    /// <exception cref="ArgumentException">A key that the protocol needs is missing, or one is too many.</exception>
    public HandshakeState(HandshakeParts parts)
    {
        protocol = parts.Protocol;
        IsInitiator = parts.IsInitiator;
        random = parts.Random;
        local = parts.Static;
        psks = parts.Psks;
        isPsk = protocol.PskCount > 0;
        bool remoteIsKnown = IsInitiator ? protocol.ResponderIsKnown : protocol.InitiatorIsKnown;
        Check(parts, remoteIsKnown);
        symmetric = new SymmetricState(Encoding.ASCII.GetBytes(protocol.Name));
        symmetric.MixHash(parts.Prologue.Span);
        if (remoteIsKnown)
        {
            parts.RemoteStatic.Span.CopyTo(remoteStatic);
            HasRemoteStatic = true;
        }

        // What is known beforehand is said beforehand, the initiator's first.
        if (protocol.InitiatorIsKnown)
        {
            symmetric.MixHash(IsInitiator ? local!.PublicKey : remoteStatic);
        }

        if (protocol.ResponderIsKnown)
        {
            symmetric.MixHash(IsInitiator ? remoteStatic : local!.PublicKey);
        }
    }

    private enum Work
    {
        None,
        Writing,
        Reading,
        Failed,
    }

    /// <summary>Does this side send the first message?</summary>
    public bool IsInitiator { get; }

    /// <summary>Has the last message been done? <see cref="Split"/> gives the keys then.</summary>
    public bool IsFinished => messageIndex == protocol.MessageCount && work == Work.None;

    /// <summary>Has the handshake failed?</summary>
    public bool HasFailed => work == Work.Failed;

    /// <summary>Is it on this side to write the next message? Otherwise, until it is finished, to read it.</summary>
    public bool IsMyTurn => !IsFinished && messageIndex % 2 == (IsInitiator ? 0 : 1);

    /// <summary>Is the other side's static key known? Only the end of the handshake proves it theirs.</summary>
    public bool HasRemoteStatic { get; private set; }

    /// <summary>The other side's static key, once it is known.</summary>
    public ReadOnlySpan<byte> RemoteStatic => remoteStatic;

    /// <summary>The hash of the whole handshake, once finished: names this very channel (section 11.2).</summary>
    public ReadOnlySpan<byte> Hash => symmetric.Hash;

    /// <summary>The length of the next message of this handshake, whoever sends it, without its payload.</summary>
    public int NextOverhead
    {
        get
        {
            int length = 0;
            bool hasKey = symmetric.TagLength > 0;
            foreach (NoiseToken next in protocol.Message(messageIndex))
            {
                if (next == NoiseToken.E)
                {
                    length += KeyPair.KeyLength;
                    hasKey |= isPsk;
                }
                else if (next == NoiseToken.S)
                {
                    length += KeyPair.KeyLength + (hasKey ? CipherState.TagLength : 0);
                }
                else
                {
                    hasKey = true;
                }
            }

            return length + (hasKey ? CipherState.TagLength : 0);
        }
    }

    /// <summary>Begins to write the next message; <see cref="Step"/> does it.</summary>
    /// <param name="payload">Goes along; how well it is protected depends on the pattern (section 7.7).</param>
    /// <param name="message">Room for <see cref="NextOverhead"/> and the payload.</param>
    /// <exception cref="InvalidOperationException">It is not this side's turn.</exception>
    public void BeginWrite(ReadOnlyMemory<byte> payload, Memory<byte> message)
    {
        if (work != Work.None || !IsMyTurn)
        {
            throw new InvalidOperationException("it is not on this side to write a handshake message");
        }

        int length = NextOverhead + payload.Length;
        if (length > message.Length || length > NoiseProtocol.MessageMax)
        {
            throw new ArgumentException($"a handshake message of {length} bytes has no room", nameof(message));
        }

        Begin(Work.Writing, payload, message);
    }

    /// <summary>Begins to read the next message; <see cref="Step"/> does it.</summary>
    /// <param name="message">The whole message; anything may be in it.</param>
    /// <param name="payload">Room for the payload: never longer than the message.</param>
    /// <exception cref="InvalidOperationException">It is not this side's turn.</exception>
    public void BeginRead(ReadOnlyMemory<byte> message, Memory<byte> payload)
    {
        if (work != Work.None || IsFinished || IsMyTurn)
        {
            throw new InvalidOperationException("it is not on this side to read a handshake message");
        }

        Begin(Work.Reading, message, payload);
    }

    /// <summary>Goes on with the message, with at most one scalar multiplication.</summary>
    /// <param name="length">When done: the length of the message written, or of the payload read.</param>
    public HandshakeProgress Step(out int length)
    {
        length = 0;
        ReadOnlySpan<NoiseToken> tokens = work is Work.Writing or Work.Reading
            ? protocol.Message(messageIndex)
            : throw new InvalidOperationException("no handshake message is being worked on");
        bool multiplied = false;
        for (; token < tokens.Length; token++)
        {
            bool multiplies = Multiplies(tokens[token]);
            if (multiplies && multiplied)
            {
                return HandshakeProgress.More;
            }

            multiplied |= multiplies;
            if (!Process(tokens[token]))
            {
                return Fail();
            }
        }

        return FinishMessage(out length);
    }

    /// <summary>Writes the next message at once.</summary>
    /// <returns>Its length; 0 if the handshake has failed.</returns>
    public int Write(ReadOnlyMemory<byte> payload, Memory<byte> message)
    {
        BeginWrite(payload, message);
        return StepToTheEnd(out int length) ? length : 0;
    }

    /// <summary>Reads the next message at once.</summary>
    /// <returns>False if the handshake has failed.</returns>
    public bool TryRead(ReadOnlyMemory<byte> message, Memory<byte> payload, out int length)
    {
        BeginRead(message, payload);
        return StepToTheEnd(out length);
    }

    /// <summary>The keys of what follows, once finished. They can be taken once; then the handshake is wiped.</summary>
    public void Split(out CipherState send, out CipherState receive)
    {
        if (!IsFinished || ephemeral is null)
        {
            throw new InvalidOperationException("the handshake is not finished, or its keys were taken");
        }

        send = new CipherState();
        receive = new CipherState();
        symmetric.Split(IsInitiator ? send : receive, IsInitiator ? receive : send);
        Dispose();
    }

    /// <summary>Wipes every secret. The hash and the other side's static key stay.</summary>
    public void Dispose()
    {
        symmetric.Dispose();
        ephemeral?.Dispose();
        ephemeral = null;
    }

    private static void Check(HandshakeParts parts, bool remoteIsKnown)
    {
        if (parts.Static is null && parts.Protocol.NeedsStatic(parts.IsInitiator))
        {
            throw new ArgumentException($"{parts.Protocol.Name} needs a static key pair on this side", nameof(parts));
        }

        if (parts.RemoteStatic.Length != (remoteIsKnown ? KeyPair.KeyLength : 0))
        {
            string what = remoteIsKnown ? "needs the other side's static key" : "takes no static key of the other side";
            throw new ArgumentException($"{parts.Protocol.Name} {what}", nameof(parts));
        }

        if (parts.Psks.Length != parts.Protocol.PskCount
            || Array.Exists(parts.Psks, static psk => psk.Length != PskLength))
        {
            throw new ArgumentException(
                $"{parts.Protocol.Name} takes {parts.Protocol.PskCount} shared keys of {PskLength} bytes",
                nameof(parts));
        }
    }

    private void Begin(Work what, ReadOnlyMemory<byte> from, Memory<byte> into)
    {
        work = what;
        input = from;
        output = into;
        token = position = written = 0;
    }

    private bool StepToTheEnd(out int length)
    {
        HandshakeProgress progress;
        do
        {
            progress = Step(out length);
        }
        while (progress == HandshakeProgress.More);
        return progress == HandshakeProgress.Done;
    }

    // Reading the other side's key of the moment is free; making one's own is not.
    private bool Multiplies(NoiseToken next) => next switch
    {
        NoiseToken.E => work == Work.Writing,
        NoiseToken.S or NoiseToken.Psk => false,
        _ => true,
    };

    private bool Process(NoiseToken next)
    {
        switch (next)
        {
            case NoiseToken.E:
                return work == Work.Writing ? WriteEphemeral() : ReadEphemeral();
            case NoiseToken.S:
                return work == Work.Writing ? WriteStatic() : ReadStatic();
            case NoiseToken.EE:
                return Agree(ephemeral!, remoteEphemeral);
            case NoiseToken.ES:
                return IsInitiator ? Agree(ephemeral!, remoteStatic) : Agree(local!, remoteEphemeral);
            case NoiseToken.SE:
                return IsInitiator ? Agree(local!, remoteEphemeral) : Agree(ephemeral!, remoteStatic);
            case NoiseToken.SS:
                return Agree(local!, remoteStatic);
            default:
                symmetric.MixKeyAndHash(psks[pskNext++].Span);
                return true;
        }
    }

    private bool WriteEphemeral()
    {
        ephemeral = KeyPair.Generate(random);
        ephemeral.PublicKey.CopyTo(output.Span.Slice(written));
        written += KeyPair.KeyLength;
        MixEphemeral(ephemeral.PublicKey);
        return true;
    }

    private bool ReadEphemeral()
    {
        if (input.Length - position < KeyPair.KeyLength)
        {
            return false;
        }

        input.Span.Slice(position, KeyPair.KeyLength).CopyTo(remoteEphemeral);
        position += KeyPair.KeyLength;
        MixEphemeral(remoteEphemeral);
        return true;
    }

    private void MixEphemeral(ReadOnlySpan<byte> key)
    {
        symmetric.MixHash(key);
        if (isPsk)
        {
            symmetric.MixKey(key);
        }
    }

    private bool WriteStatic()
    {
        written += symmetric.EncryptAndHash(local!.PublicKey, output.Span.Slice(written));
        return true;
    }

    private bool ReadStatic()
    {
        int length = KeyPair.KeyLength + symmetric.TagLength;
        if (input.Length - position < length
            || !symmetric.TryDecryptAndHash(input.Span.Slice(position, length), remoteStatic, out _))
        {
            return false;
        }

        position += length;
        HasRemoteStatic = true;
        return true;
    }

    private bool Agree(KeyPair mine, ReadOnlySpan<byte> theirs)
    {
        Span<byte> shared = stackalloc byte[KeyPair.KeyLength];
        bool agreed = mine.TryAgree(theirs, shared);
        if (agreed)
        {
            symmetric.MixKey(shared);
        }

        CryptographicOperations.ZeroMemory(shared);
        return agreed;
    }

    private HandshakeProgress FinishMessage(out int length)
    {
        if (work == Work.Writing)
        {
            length = written + symmetric.EncryptAndHash(input.Span, output.Span.Slice(written));
        }
        else if (input.Length - position > NoiseProtocol.MessageMax
            || !symmetric.TryDecryptAndHash(input.Span.Slice(position), output.Span, out length))
        {
            length = 0;
            return Fail();
        }

        messageIndex++;
        work = Work.None;
        input = default;
        output = default;
        return HandshakeProgress.Done;
    }

    private HandshakeProgress Fail()
    {
        Dispose();
        work = Work.Failed;
        input = default;
        output = default;
        HasRemoteStatic = false;
        return HandshakeProgress.Failed;
    }
}
