using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Swarm;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// Somebody who knows how a pairing goes, and says in it what is not so. As a source it makes its offer and hears the
/// answer; as a target it hears the offer and answers it.
/// </summary>
internal sealed class PairingLiar : ChannelLine
{
    private readonly IRandomSource random;
    private readonly PairingCode? code;
    private readonly KeyPair key;
    private readonly byte[] words;
    private readonly bool isSource;

    private PairingLiar(
        TcpConnection connection, IRandomSource random, PairingCode? code, byte[] words, bool isSource)
        : base(connection, null)
    {
        this.random = random;
        this.code = code;
        this.words = words;
        this.isSource = isSource;
        key = KeyPair.Generate(random);
    }

    /// <summary>What the other side has said; null: it has broken the conversation off.</summary>
    public byte[]? Heard { get; private set; }

    /// <summary>One who wants to send a node.</summary>
    /// <param name="connection">The conversation.</param>
    /// <param name="random">Where its keys come from.</param>
    /// <param name="code">What it says as the code; null: it says that it is known.</param>
    /// <param name="offer">What it offers.</param>
    public static PairingLiar Source(
        TcpConnection connection, IRandomSource random, PairingCode? code, byte[] offer) =>
        new(connection, random, code, offer, isSource: true);

    /// <summary>One who stands by.</summary>
    /// <param name="connection">The conversation.</param>
    /// <param name="random">Where its keys come from.</param>
    /// <param name="code">The code that it takes.</param>
    /// <param name="answer">What it answers.</param>
    public static PairingLiar Target(
        TcpConnection connection, IRandomSource random, PairingCode code, byte[] answer) =>
        new(connection, random, code, answer, isSource: false);

    protected override bool Prepare(Instant now)
    {
        bool isCode = code is not null;
        if (isSource)
        {
            if (Connection.State is TcpState.SynSent or TcpState.Closed
                || Connection.Send([(byte)(isCode ? PairingWay.Code : PairingWay.Key)], now) == 0)
            {
                return false;
            }
        }
        else
        {
            ReadOnlySpan<byte> bytes = Connection.Peek();
            if (bytes.IsEmpty)
            {
                return false;
            }

            isCode = bytes[0] == (byte)PairingWay.Code;
            Connection.Consume(1, now);
        }

        Channel = new SecureChannel(
            new ChannelSettings(
                isCode ? PairingProtocol.CodeNoise : PairingProtocol.KeyNoise,
                isSource,
                PairingProtocol.Purpose,
                random)
            {
                Static = key,
                Psks = isCode ? [code!.Key] : [],
                MessageMax = PairingProtocol.MessageMax,
            },
            now);
        return true;
    }

    protected override void OnOpen(Instant now)
    {
        if (isSource)
        {
            Channel!.TrySend(words);
        }
    }

    protected override void OnMessage(ReadOnlySpan<byte> message, Instant now)
    {
        if (isSource)
        {
            Channel!.Close();
        }
        else if (Heard is null)
        {
            Channel!.TrySend(words);
        }

        Heard ??= message.ToArray();
    }

    protected override void OnEnd(Instant now) => End(now, Channel is not { State: ChannelState.Closed });
}
