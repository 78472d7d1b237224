using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Secrets;
using HaukiOS.Swarm;

namespace HaukiOS.Migration;

/// <summary>What a node brings that wants to move.</summary>
/// <param name="Target">The address of the machine that stands by.</param>
/// <param name="Key">By what the target knows the node. Stays the caller's, and must live on.</param>
/// <param name="Random">The share of the keys; it is ready.</param>
/// <param name="Offer">What is to move.</param>
public sealed record PairingOrder(Ipv4Address Target, KeyPair Key, IRandomSource Random, MoveOffer Offer)
{
    /// <summary>The code that the target shows. Stays the caller's, until the pairing is over.</summary>
    public PairingCode? Code { get; init; }

    /// <summary>The target's key, if it is known. Without a code it has to be.</summary>
    public Fingerprint? ExpectedPeer { get; init; }

    /// <summary>Set when <see cref="PairingClient.Step"/> has something to do, or there is a result.</summary>
    public PendingBit? Work { get; init; }
}

/// <summary>
/// The source's side of the pairing: finds the machine that stands by, proves itself to it and says what is to move.
/// <see cref="Step"/> is called when there is work, and ten times a second besides.
/// </summary>
public sealed class PairingClient : IDisposable
{
    private readonly PairingOrder order;
    private readonly Line? line;
    private readonly Instant connectEnds;
    private Instant deadline;

    /// <summary>Begins; a failure shows in <see cref="State"/>. The network is kicked afterwards.</summary>
    public PairingClient(PairingOrder order, NetworkStack stack, Instant now)
    {
        this.order = order;
        connectEnds = now.AddMilliseconds(PairingProtocol.ConnectMilliseconds);
        deadline = connectEnds.AddMilliseconds(PairingProtocol.HandshakeMilliseconds);
        if (order.Code is null && order.ExpectedPeer is null)
        {
            Fail("say the code that the machine there shows: its key is not known here");
            return;
        }

        if (FindObstacle(order.Target, stack.Routes) is string obstacle)
        {
            Fail(obstacle);
            return;
        }

        var remote = new Endpoint(order.Target, PairingProtocol.Port);
        TcpConnection? connection = stack.Tcp.Connect(remote, now, out SocketError error);
        if (connection is null)
        {
            Fail($"{order.Target}: {error.Sentence()}");
        }
        else
        {
            line = new Line(this, connection);
        }
    }

    /// <summary>How far it has come.</summary>
    public PairingState State { get; private set; }

    /// <summary>Why it failed, in a sentence; null otherwise.</summary>
    public string? Problem { get; private set; }

    /// <summary>What was agreed on, once it was; the caller's from then on.</summary>
    public SessionTerms? Terms { get; private set; }

    /// <summary>Moves on: computes at most one multiplication on the curve. The network is kicked afterwards.</summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        if (State != PairingState.Running)
        {
            return false;
        }

        line!.Step(now);
        if (State == PairingState.Running)
        {
            if (line.IsUnanswered && now >= connectEnds)
            {
                Fail($"{order.Target} does not answer");
            }
            else if (now >= deadline)
            {
                Fail("the machine there did not answer in time");
            }
        }

        if (State == PairingState.Failed)
        {
            line.End(now, true);
        }

        return line.HasWork;
    }

    /// <summary>Gives it up; terms that nobody has taken yet are forgotten.</summary>
    /// <param name="why">A sentence for people.</param>
    /// <param name="now">The present moment.</param>
    public void Cancel(string why, Instant now)
    {
        if (State == PairingState.Agreed)
        {
            Terms!.Dispose();
            Terms = null;
            State = PairingState.Running;
        }

        if (State == PairingState.Running)
        {
            Fail(why);
            line?.End(now, true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => line?.Dispose();

    private static string? FindObstacle(Ipv4Address target, Ipv4Routes routes)
    {
        InterfaceConfiguration own = routes.Configuration;
        return target == routes.Local ? $"{target} is this node's own address; the machine there shows what to type"
            : !target.IsHost || own.IsBroadcast(target) ? $"{target} is not the address of a machine"
            : !own.IsOnWire(target) ? $"{target} is not on this wire, and a node moves between machines on one wire"
            : null;
    }

    private void Fail(string problem)
    {
        if (State == PairingState.Running)
        {
            Problem = problem;
            State = PairingState.Failed;
            order.Work?.Set();
        }
    }

    private void Conclude(SessionTerms terms)
    {
        Terms = terms;
        State = PairingState.Agreed;
        order.Work?.Set();
    }

    private sealed class Line(PairingClient client, TcpConnection connection)
        : ChannelLine(connection, client.order.Work)
    {
        private readonly SecretBytes own = new(MoveOffer.ShareLength);
        private SessionTerms? terms;
        private bool isConfirmed;

        /// <summary>Has nobody answered yet?</summary>
        public bool IsUnanswered => Connection.State == TcpState.SynSent;

        /// <summary>Ends the conversation, and forgets what it has not given away.</summary>
        public override void End(Instant now, bool isAborted)
        {
            terms?.Dispose();
            own.Dispose();
            base.End(now, isAborted);
        }

        protected override bool Prepare(Instant now)
        {
            bool isCode = client.order.Code is not null;
            if (Connection.State is TcpState.SynSent or TcpState.Closed
                || Connection.Send([(byte)(isCode ? PairingWay.Code : PairingWay.Key)], now) == 0)
            {
                return false;
            }

            string noise = isCode ? PairingProtocol.CodeNoise : PairingProtocol.KeyNoise;
            var settings = new ChannelSettings(noise, true, PairingProtocol.Purpose, client.order.Random)
            {
                Static = client.order.Key,
                Psks = isCode ? [client.order.Code!.Key] : [],
                ExpectedPeer = client.order.ExpectedPeer,
                MessageMax = PairingProtocol.MessageMax,
                HandshakeMilliseconds = PairingProtocol.HandshakeMilliseconds,
            };
            Channel = new SecureChannel(settings, now);
            return true;
        }

        protected override void OnOpen(Instant now)
        {
            Await(now);
            client.order.Random.Fill(own.Span);
            Span<byte> message = stackalloc byte[MoveOffer.Length];
            client.order.Offer.Encode(own.Span, message);
            Channel!.TrySend(message);
            CryptographicOperations.ZeroMemory(message);
        }

        protected override void OnMessage(ReadOnlySpan<byte> message, Instant now)
        {
            if (terms is not null || !MoveAnswer.TryDecode(message, out MoveAnswer answer))
            {
                GiveUp("the machine there answers what makes no sense", now);
            }
            else if (answer.Refusal is not null)
            {
                GiveUp(answer.Refusal, now);
            }
            else if (ProcessorFeatures.Judge(
                client.order.Offer.Source.Profile.Features, answer.Target.Profile.Features) is string lacking)
            {
                GiveUp(lacking, now);
            }
            else
            {
                Take(answer);
                Channel!.TrySend([PairingProtocol.Agreed]);
                Channel.Close();
                Await(now);
            }
        }

        // The target closes first; after its word nothing is in doubt any more.
        protected override void OnEnd(Instant now)
        {
            isConfirmed |= Channel is { State: ChannelState.Closed };
            if (!isConfirmed)
            {
                GiveUp(WhyBroken(), now);
            }
            else if (Connection.IsReceiveClosed || Connection.Error != SocketError.None)
            {
                client.Conclude(terms!);
                terms = null;
                End(now, false);
            }
        }

        private void Await(Instant now) =>
            client.deadline = now.AddMilliseconds(PairingProtocol.ReplyMilliseconds);

        private void Take(in MoveAnswer answer)
        {
            ReadOnlySpan<byte> hash = Channel!.Hash;
            terms = new SessionTerms
            {
                IsSource = true,
                Session = answer.Session,
                HandoverId = answer.HandoverId.ToArray(),
                SendKey = SessionTerms.DeriveKey(hash, own.Span, answer.Share, fromSource: true),
                ReceiveKey = SessionTerms.DeriveKey(hash, own.Span, answer.Share, fromSource: false),
                RunHash = answer.RunHash.ToArray(),
                AbortHash = answer.AbortHash.ToArray(),
                PeerSide = answer.Target,
                PeerKey = Channel.RemoteStatic.ToArray(),
                NodeKey = client.order.Key.PublicKey.ToArray(),
                Offer = client.order.Offer,
            };
        }

        private string WhyBroken()
        {
            bool isBrokenOff = Error is ChannelError.None or ChannelError.Truncated;
            if (Channel is null)
            {
                return Connection.Error == SocketError.ConnectionRefused
                    ? $"no machine stands by at {client.order.Target}; say 'standby' at its console first"
                    : $"{client.order.Target}: {Connection.Error.Sentence()}";
            }

            if (isBrokenOff && !WasOpen)
            {
                return client.order.Code is null
                    ? "the machine there broke the conversation off"
                    : "the machine there did not accept the code; look whether it shows another one by now";
            }

            return Error == ChannelError.WrongPeer
                ? "another machine answers there than the known one"
                : isBrokenOff ? "the machine there broke the conversation off" : Error.Sentence();
        }

        private void GiveUp(string problem, Instant now)
        {
            client.Fail(problem);
            End(now, true);
        }
    }
}
