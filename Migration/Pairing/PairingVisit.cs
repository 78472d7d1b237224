using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;

namespace HaukiOS.Migration;

/// <summary>One conversation of the <see cref="PairingServer"/>.</summary>
internal sealed class PairingVisit : VisitLine
{
    private readonly PairingServer server;
    private SessionTerms? terms;
    private PairingWay way;
    private bool hasOffer;
    private bool isRefused;

    public PairingVisit(PairingServer server, TcpConnection connection, Instant now)
        : base(connection, server.Host.Work)
    {
        this.server = server;
        Deadline = now.AddMilliseconds(PairingProtocol.HandshakeMilliseconds);
    }

    /// <summary>Did it fail because the other side does not know the code?</summary>
    public bool IsWrongCode => way == PairingWay.Code && Error == ChannelError.HandshakeFailed;

    /// <summary>Are there terms that both know of?</summary>
    public bool HasAgreed { get; private set; }

    /// <summary>Ends the conversation, and forgets what was not agreed on.</summary>
    public override void End(Instant now, bool isAborted)
    {
        terms?.Dispose();
        terms = null;
        base.End(now, isAborted && !HasAgreed);
    }

    protected override bool Prepare(Instant now)
    {
        ReadOnlySpan<byte> bytes = Connection.Peek();
        if (bytes.IsEmpty)
        {
            return false;
        }

        way = (PairingWay)bytes[0];
        Connection.Consume(1, now);
        PairingCode? code = server.Host.Code;
        if (way != PairingWay.Key && (way != PairingWay.Code || code is null))
        {
            End(now, true);
            return false;
        }

        string noise = way == PairingWay.Code ? PairingProtocol.CodeNoise : PairingProtocol.KeyNoise;
        var settings = new ChannelSettings(noise, false, PairingProtocol.Purpose, server.Host.Random)
        {
            Static = server.Host.Key,
            Psks = way == PairingWay.Code ? [code!.Key] : [],
            MessageMax = PairingProtocol.MessageMax,
            HandshakeMilliseconds = PairingProtocol.HandshakeMilliseconds,
        };
        Channel = new SecureChannel(settings, now);
        return true;
    }

    // Anybody can do a handshake without a code. Who is not known stays among the strangers until it is told so.
    protected override void OnOpen(Instant now)
    {
        IsProved = way == PairingWay.Code
            || server.Host.Knows?.Invoke(Fingerprint.Of(Channel!.RemoteStatic)) == true;
        Await(now);
    }

    protected override void OnMessage(ReadOnlySpan<byte> message, Instant now)
    {
        if (!hasOffer)
        {
            hasOffer = true;
            TakeOffer(message);
            Await(now);
        }
        else if (terms is not null && message.Length == 1 && message[0] == PairingProtocol.Agreed)
        {
            HasAgreed = server.TryConclude(terms);
            if (!HasAgreed)
            {
                End(now, true); // to close in peace would tell this source that the machine is its
                return;
            }

            terms = null;
            Channel!.Close();
            Await(now);
        }
        else
        {
            End(now, true);
        }
    }

    protected override void OnEnd(Instant now) =>
        End(now, Channel is not { State: ChannelState.Closed } && !isRefused);

    private void Await(Instant now) => Deadline = now.AddMilliseconds(PairingProtocol.ReplyMilliseconds);

    private void TakeOffer(ReadOnlySpan<byte> message)
    {
        bool isOne = MoveOffer.TryDecode(
            message, out MoveOffer? offer, out ReadOnlySpan<byte> share, out string? refusal);
        MoveSide side = server.Host.Side();
        if (isOne)
        {
            refusal = Judge(offer!, side);
        }

        if (refusal is not null)
        {
            isRefused = true;
            Send(new MoveAnswer { Refusal = refusal });
            Channel!.Close();
            return;
        }

        Accept(offer!, share, side);
    }

    private string? Judge(MoveOffer offer, in MoveSide side)
    {
        if (!IsProved)
        {
            return "the machine there does not know this node's key: say the code that it shows";
        }

        if (server.State != PairingState.Running)
        {
            return "the machine there does not stand by any more";
        }

        if (offer.Source.Station == side.Station)
        {
            return $"both machines have the station address {side.Station}";
        }

        return ProcessorFeatures.Judge(offer.Source.Profile.Features, side.Profile.Features)
            ?? server.Host.Judge(offer);
    }

    private void Accept(MoveOffer offer, ReadOnlySpan<byte> share, in MoveSide side)
    {
        IRandomSource random = server.Host.Random;
        using var own = new SecretBytes(MoveOffer.ShareLength);
        random.Fill(own.Span);
        byte[] run = GC.AllocateArray<byte>(SessionTerms.KeyLength, pinned: true);
        byte[] abort = GC.AllocateArray<byte>(SessionTerms.KeyLength, pinned: true);
        byte[] id = new byte[MoveAnswer.HandoverIdLength];
        random.Fill(run);
        random.Fill(abort);
        random.Fill(id);
        terms = new SessionTerms
        {
            IsSource = false,
            Session = DrawSession(random),
            HandoverId = id,
            SendKey = SessionTerms.DeriveKey(Channel!.Hash, share, own.Span, fromSource: false),
            ReceiveKey = SessionTerms.DeriveKey(Channel.Hash, share, own.Span, fromSource: true),
            RunToken = run,
            AbortToken = abort,
            RunHash = SessionTerms.HashOf(run),
            AbortHash = SessionTerms.HashOf(abort),
            PeerSide = offer.Source,
            PeerKey = Channel.RemoteStatic.ToArray(),
            NodeKey = Channel.RemoteStatic.ToArray(),
            Offer = offer,
        };
        Send(new MoveAnswer
        {
            Target = side,
            Session = terms.Session,
            HandoverId = id,
            Share = own.Span,
            RunHash = terms.RunHash,
            AbortHash = terms.AbortHash,
        });
    }

    private static ulong DrawSession(IRandomSource random)
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        random.Fill(drawn);
        return BitConverter.ToUInt64(drawn) | 1;
    }

    private void Send(in MoveAnswer answer)
    {
        Span<byte> message = stackalloc byte[MoveAnswer.PaddedLength];
        int length = answer.Encode(message);

        // There is room: it is the only message before the end.
        Channel!.TrySend(message[..length], MoveAnswer.PaddedLength);
        CryptographicOperations.ZeroMemory(message);
    }
}
