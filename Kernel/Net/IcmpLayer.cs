using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// ICMP (RFC 792; for hosts RFC 1122, section 3.2.2): answers echo requests, sends ping, and tells senders what could
/// not be delivered. What errors of others mean is decided by <see cref="NetworkStack"/>.
/// </summary>
public sealed class IcmpLayer
{
    /// <summary>Echo sockets open at one time.</summary>
    public const int SocketsMax = 16;

    /// <summary>Error messages a second that this node sends at most (RFC 1812, section 4.3.2.8).</summary>
    public const int ErrorsPerSecond = 100;

    /// <summary>Error messages that it sends at once after a pause.</summary>
    public const int ErrorBurst = 20;

    internal const int HeaderLength = 8;
    internal const byte CodeProtocol = 2, CodePort = 3;
    internal const byte CodeReassembly = 1;
    internal const byte TypeUnreachable = 3, TypeTimeExceeded = 11;

    // An error message is no longer than every host can take (RFC 1812, section 4.3.2.3).
    private const int ErrorLengthMax = 576;
    private const byte TypeEchoReply = 0, TypeSourceQuench = 4, TypeRedirect = 5, TypeEcho = 8;
    private const byte TypeParameterProblem = 12;
    private const long NanosecondsPerError = 1_000_000_000L / ErrorsPerSecond;

    // What old routers mean that do not say their MTU (RFC 1191, section 7.1), from Ethernet's downwards.
    private static readonly ushort[] Plateaus = [1492, 1006, 508, 296];

    private readonly NetworkCounters counters;
    private readonly KeyedHash hash;
    private readonly ReadyList ready;
    private readonly Ipv4Output output;
    private readonly EchoSocket?[] sockets = new EchoSocket?[SocketsMax];
    private int errorTokens = ErrorBurst;
    private Instant tokensAt;

    internal IcmpLayer(NetworkCounters counters, KeyedHash hash, ReadyList ready, Ipv4Output output)
    {
        this.counters = counters;
        this.hash = hash;
        this.ready = ready;
        this.output = output;
    }

    /// <summary>Opens a socket for echo requests.</summary>
    public EchoSocket? OpenEcho(out SocketError error)
    {
        int free = Array.IndexOf(sockets, null);
        error = free < 0 ? SocketError.TooManySockets : SocketError.None;
        if (free < 0)
        {
            return null;
        }

        ushort identifier;
        do
        {
            identifier = (ushort)hash.Next();
        }
        while (Find(identifier) is not null);

        return sockets[free] = new EchoSocket(this, identifier);
    }

    internal void Close(EchoSocket socket)
    {
        int index = Array.IndexOf(sockets, socket);
        if (index >= 0)
        {
            sockets[index] = null;
        }
    }

    internal SocketError SendEcho(
        EchoSocket socket, Ipv4Address to, ushort sequence, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        header[0] = TypeEcho;
        header[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], socket.Identifier);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], sequence);
        return Send(to, header, payload);
    }

    /// <summary>Takes one whole message to us. Errors come back decoded.</summary>
    /// <param name="packet">The header of the datagram.</param>
    /// <param name="message">Its payload.</param>
    /// <param name="isBroadcast">Was it for everybody? Then nothing is answered (RFC 1122, section 3.2.2.6).</param>
    /// <param name="now">The present moment.</param>
    /// <param name="error">The error, if it is one about a datagram of ours.</param>
    /// <returns>True if there is an error to be told.</returns>
    internal bool Receive(
        in Ipv4Packet packet, ReadOnlySpan<byte> message, bool isBroadcast, Instant now, out IcmpError error)
    {
        error = default;
        counters.Add(NetCounter.IcmpIn);
        if (message.Length < HeaderLength
            || InternetChecksum.Fold(InternetChecksum.Sum(message)) != 0xFFFF)
        {
            counters.Add(NetCounter.IcmpBad);
            return false;
        }

        switch (message[0])
        {
            case TypeEcho when message[1] == 0 && !isBroadcast:
                AnswerEcho(packet, message);
                return false;
            case TypeEchoReply when message[1] == 0:
                TakeReply(packet, message, now);
                return false;
            case TypeUnreachable or TypeTimeExceeded or TypeParameterProblem when !isBroadcast:
                return TryDecodeError(packet, message, out error);
            default:
                // Redirects and source quench are not followed: both let a stranger steer us, and RFC 6633 took the
                // latter back. Timestamps and masks are optional.
                counters.Add(NetCounter.IcmpIgnored);
                return false;
        }
    }

    /// <summary>An echo request of ours met an error.</summary>
    internal void OnError(in IcmpError error, Instant now)
    {
        EchoSocket? socket = error.Quoted.Length >= HeaderLength && error.Quoted[0] == TypeEcho
            ? Find(BinaryPrimitives.ReadUInt16BigEndian(error.Quoted[4..]))
            : null;
        if (socket is null || socket.LastTo != error.Original.Destination)
        {
            counters.Add(NetCounter.IcmpErrorUnasked);
            return;
        }

        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(error.Quoted[6..]);
        Give(socket, new EchoReply(error.Reporter, sequence, 0, 0, now, error.SocketError), default);
    }

    /// <summary>
    /// Tells the sender of a datagram that it was not delivered. Never about broadcasts, later fragments or ICMP
    /// errors, and never to what is no host (RFC 1122, section 3.2.2); the caller sees to the first.
    /// </summary>
    /// <param name="type">Unreachable or time exceeded.</param>
    /// <param name="code">Why.</param>
    /// <param name="datagram">The datagram from its header on.</param>
    /// <param name="now">The present moment.</param>
    internal void SendError(byte type, byte code, ReadOnlySpan<byte> datagram, Instant now)
    {
        if (!Ipv4Packet.TryDecodeQuoted(datagram, out Ipv4Packet about) || about.FragmentOffset != 0
            || !about.Source.IsHost || IsError(about, datagram))
        {
            return;
        }

        if (!TryTakeToken(now) || !output.IsHalfFree)
        {
            counters.Add(NetCounter.IcmpRateLimited);
            return;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        header.Clear();
        header[0] = type;
        header[1] = code;
        int quoted = Math.Min(datagram.Length, ErrorLengthMax - Ipv4Packet.HeaderLengthMin - HeaderLength);
        Send(about.Source, header, datagram.Slice(0, quoted));
    }

    private static bool IsError(in Ipv4Packet about, ReadOnlySpan<byte> datagram) =>
        about.Protocol == IpProtocol.Icmp
        && (datagram.Length <= about.HeaderLength
            || datagram[about.HeaderLength]
                is TypeUnreachable or TypeSourceQuench or TypeRedirect or TypeTimeExceeded or TypeParameterProblem);

    private static IcmpErrorKind? KindOf(byte type, byte code) => type switch
    {
        TypeTimeExceeded => IcmpErrorKind.TimeExceeded,
        TypeParameterProblem => IcmpErrorKind.ParameterProblem,
        _ => code switch
        {
            0 or 6 or 8 or 11 => IcmpErrorKind.NetworkUnreachable,
            1 or 5 or 7 or 12 => IcmpErrorKind.HostUnreachable,
            2 => IcmpErrorKind.ProtocolUnreachable,
            3 => IcmpErrorKind.PortUnreachable,
            4 => IcmpErrorKind.FragmentationNeeded,
            9 or 10 or 13 or 14 or 15 => IcmpErrorKind.AdministrativelyProhibited,
            _ => null,
        },
    };

    // A router of before RFC 1191 says 0: then the next plateau below what we sent.
    private static int NextHopMtu(int said, int sent)
    {
        if (said != 0)
        {
            return said;
        }

        foreach (ushort plateau in Plateaus)
        {
            if (plateau < sent)
            {
                return plateau;
            }
        }

        return Plateaus[^1];
    }

    private bool TryDecodeError(in Ipv4Packet packet, ReadOnlySpan<byte> message, out IcmpError error)
    {
        const int QuotedMin = 8;
        error = default;
        ReadOnlySpan<byte> quoted = message[HeaderLength..];
        IcmpErrorKind? kind = KindOf(message[0], message[1]);
        if (kind is null
            || !Ipv4Packet.TryDecodeQuoted(quoted, out Ipv4Packet original)
            || quoted.Length < original.HeaderLength + QuotedMin)
        {
            counters.Add(NetCounter.IcmpBad);
            return false;
        }

        // We would have to have sent it; and only the first fragment shows whose it was.
        if (original.Source != packet.Destination || original.FragmentOffset != 0)
        {
            counters.Add(NetCounter.IcmpErrorUnasked);
            return false;
        }

        int mtu = kind == IcmpErrorKind.FragmentationNeeded
            ? NextHopMtu(BinaryPrimitives.ReadUInt16BigEndian(message[6..]), original.TotalLength)
            : 0;
        error = new IcmpError(kind.Value, original, quoted[original.HeaderLength..], mtu, packet.Source);
        return true;
    }

    private void AnswerEcho(in Ipv4Packet packet, ReadOnlySpan<byte> message)
    {
        // The rest of the queue is for what this node has to say itself.
        if (!output.IsHalfFree)
        {
            counters.Add(NetCounter.IpQueueFull);
            return;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        message.Slice(0, HeaderLength).CopyTo(header);
        header[0] = TypeEchoReply;
        if (Send(packet.Source, header, message[HeaderLength..]) == SocketError.None)
        {
            counters.Add(NetCounter.EchoAnswered);
        }
    }

    private void TakeReply(in Ipv4Packet packet, ReadOnlySpan<byte> message, Instant now)
    {
        EchoSocket? socket = Find(BinaryPrimitives.ReadUInt16BigEndian(message[4..]));
        if (socket is null)
        {
            counters.Add(NetCounter.EchoUnasked);
            return;
        }

        ReadOnlySpan<byte> payload = message[HeaderLength..];
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        Give(
            socket,
            new EchoReply(packet.Source, sequence, payload.Length, packet.TimeToLive, now, SocketError.None),
            payload);
    }

    private void Give(EchoSocket socket, in EchoReply reply, ReadOnlySpan<byte> payload)
    {
        if (socket.TryKeep(reply, payload))
        {
            ready.Mark(socket);
        }
        else
        {
            counters.Add(NetCounter.EchoQueueFull);
        }
    }

    private SocketError Send(Ipv4Address to, Span<byte> header, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], 0);
        InternetChecksum.Write(header[2..], InternetChecksum.Sum(payload, InternetChecksum.Sum(header)));
        SocketError error = output.Send(to, IpProtocol.Icmp, header, payload);
        if (error == SocketError.None)
        {
            counters.Add(NetCounter.IcmpOut);
        }

        return error;
    }

    private bool TryTakeToken(Instant now)
    {
        long earned = (now - tokensAt) / NanosecondsPerError;
        if (earned > 0)
        {
            errorTokens = (int)Math.Min(ErrorBurst, errorTokens + earned);
            tokensAt = errorTokens == ErrorBurst
                ? now
                : new Instant(tokensAt.Nanoseconds + (earned * NanosecondsPerError));
        }

        if (errorTokens == 0)
        {
            return false;
        }

        errorTokens--;
        return true;
    }

    private EchoSocket? Find(ushort identifier)
    {
        foreach (EchoSocket? socket in sockets)
        {
            if (socket is not null && socket.Identifier == identifier)
            {
                return socket;
            }
        }

        return null;
    }
}
