using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// One conversation over TCP (RFC 9293): the transmission control block of section 3.3.1 and what moves it. The parts,
/// in the order in which a segment passes them: <c>.Arrival</c> decides whether a segment may act,
/// <c>.Acknowledgement</c> learns what the peer has got and what was lost, <c>.Payload</c> takes its data;
/// <c>.Output</c> builds what is to be sent when the card has room, <c>.Timers</c> does what time demands. This part
/// holds the state and what its owner may do.
/// </summary>
/// <remarks>
/// Nothing is queued for sending but bytes: each segment is made at the moment at which it can go, from the state as it
/// is then. A segment that arrives only leaves marks (an acknowledgement is owed, there is room in the window); ten
/// segments that arrive together leave the same mark ten times, and one segment answers them all.
/// </remarks>
public sealed partial class TcpConnection : NetSocket
{
    /// <summary>
    /// Milliseconds without progress after which a connection that has something to say gives up (RFC 9293, section
    /// 3.8.3: R2; section 3.9.1 suggests five minutes).
    /// </summary>
    public const int UserTimeoutDefault = 5 * 60 * 1000;

    // A ring's first size, while memory is plentiful: the initial window of RFC 6928 fits.
    private const int RingFirst = 16 * 1024;

    /// <summary>The window that a SYN offers, while memory is plentiful.</summary>
    internal const int WindowFirst = RingFirst;

    private readonly TcpLayer layer;
    private readonly TcpRing sendRing;
    private readonly TcpRing receiveRing;
    private readonly TcpCongestion congestion;
    private readonly uint ports;
    private readonly uint pseudoHeader;
    private readonly uint timestampOffset;
    private TcpListener? listener;

    // The owner has closed: nobody reads any more, and the connection ends by itself.
    private bool isDetached;
    private bool isHalfOpen;

    // The send sequence variables (RFC 9293, section 3.3.1): ISS, SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2.
    private uint initialSend;
    private uint unacknowledged;
    private uint next;
    private int sendWindow;
    private uint windowSequence;
    private uint windowAcknowledgement;

    // The end of all that was ever sent. Only a probe into a closed window makes it more than SND.NXT.
    private uint sentMax;

    // The largest window the peer ever offered (RFC 9293, section 3.8.6.2.1: Max(SND.WND)).
    private int sendWindowMax;

    // The sequence number of the first byte in the send ring: SND.UNA, but for SYN and FIN.
    private uint sendBase;

    // A FIN follows the last byte in the ring. It is the last number of the stream.
    private bool isFinQueued;

    // The receive sequence variables: IRS, RCV.NXT, and the right edge RCV.NXT + RCV.WND as the peer was told it.
    private uint initialReceive;
    private uint receiveNext;
    private uint receiveEdge;
    private bool isFinReceived;

    // What both SYNs have agreed on.
    private int peerSegmentSize = TcpSegmentSizes.Default;
    private int sendScale;
    private int receiveScale;
    private bool hasTimestamps;
    private bool hasSack;

    // The longest segment with its options, by the peer's word and the path's; and what of it is payload.
    private int segmentMax = TcpSegmentSizes.Default;
    private int segmentSize = TcpSegmentSizes.Default;

    private long bytesAcknowledged;
    private long bytesReceived;
    private uint segmentsSent;
    private uint segmentsReceived;
    private uint retransmissions;
    private uint timeouts;
    private uint fastRecoveries;
    private uint outOfOrder;
    private uint duplicates;

    // Measures what the owner takes within a round trip, to size the receive window.
    private uint tuneBegan;
    private int tuneBytes;

    // Links of the lists and tables of the layer.
    internal TcpConnection? NextInBucket;
    internal TcpConnection? NextInOutput;
    internal TcpConnection? NextToAccept;
    internal TcpConnection? NextInTimeWait;
    internal TcpConnection? PreviousInTimeWait;
    internal bool IsInOutput;
    internal bool IsInTimeWait;
    internal int TableIndex = -1;
    internal int TimerIndex = -1;
    internal uint TimerKey;

    internal TcpConnection(TcpLayer layer, Endpoint local, Endpoint remote, uint initialSend, TcpListener? listener)
    {
        this.layer = layer;
        this.listener = listener;
        Local = local;
        Remote = remote;
        sendRing = new TcpRing(layer.Pool);
        receiveRing = new TcpRing(layer.Pool);
        congestion = new RenoCongestion();
        ports = ((uint)local.Port << 16) | remote.Port;
        pseudoHeader = InternetChecksum.PseudoHeader(local.Address, remote.Address, TcpLayer.ProtocolNumber, 0);
        timestampOffset = layer.Numbers.TimestampOffset(local.Address, remote.Address);
        this.initialSend = initialSend;
        unacknowledged = initialSend;
        next = initialSend;
        sentMax = initialSend;
        sendBase = initialSend + 1;
        State = TcpState.Closed;
    }

    /// <summary>Where it stands.</summary>
    public TcpState State { get; private set; }

    /// <summary>This end.</summary>
    public Endpoint Local { get; }

    /// <summary>The other end.</summary>
    public Endpoint Remote { get; }

    /// <summary>Why it ended; <see cref="SocketError.None"/> while it lives and after an orderly end.</summary>
    public SocketError Error { get; private set; }

    /// <summary>
    /// Send small segments at once instead of waiting for an acknowledgement (RFC 9293, section 3.7.4).
    /// </summary>
    public bool NoDelay { get; set; }

    /// <summary>
    /// Milliseconds of silence after which the peer is asked whether it is still there; 0: never
    /// (RFC 9293, section 3.8.4). At most a day.
    /// </summary>
    public int KeepAliveMilliseconds
    {
        get;
        set
        {
            field = Math.Clamp(value, 0, 24 * 60 * 60 * 1000);
            StartKeepAlive(layer.Clock.Now);
        }
    }

    /// <summary>
    /// Milliseconds without any sign of progress after which the connection gives up what it has to send
    /// (RFC 9293, section 3.8.3: R2). At most a day.
    /// </summary>
    public int UserTimeoutMilliseconds
    {
        get;
        set => field = Math.Clamp(value, 1000, 24 * 60 * 60 * 1000);
    } = UserTimeoutDefault;

    /// <summary>Bytes that can be received at once.</summary>
    public int ReceiveAvailable => receiveRing.Count;

    /// <summary>Is everything read that there will ever be: has the peer closed, or is the connection over?</summary>
    public bool IsReceiveClosed => receiveRing.Count == 0 && (isFinReceived || State == TcpState.Closed);

    /// <summary>Bytes that <see cref="Send"/> would take now.</summary>
    public int SendSpace => CanQueue ? sendRing.Free : 0;

    /// <summary>Bytes handed over that the peer has not acknowledged yet.</summary>
    public int SendPending => sendRing.Count;

    /// <summary>What it has counted.</summary>
    public TcpStatistics Statistics => new()
    {
        BytesAcknowledged = bytesAcknowledged,
        BytesReceived = bytesReceived,
        SegmentsSent = segmentsSent,
        SegmentsReceived = segmentsReceived,
        Retransmissions = retransmissions,
        Timeouts = timeouts,
        FastRecoveries = fastRecoveries,
        OutOfOrder = outOfOrder,
        Duplicates = duplicates,
        RoundTripMilliseconds = roundTrip.Smoothed,
        TimeoutMilliseconds = roundTrip.Timeout,
        CongestionWindow = congestion.Window,
        SlowStartThreshold = congestion.Threshold,
        SendWindow = sendWindow,
        ReceiveWindow = (int)(receiveEdge - receiveNext),
        InFlight = (int)(next - unacknowledged),
        SegmentSize = segmentSize,
    };

    /// <summary>The listener that made it, until it is accepted.</summary>
    internal TcpListener? Listener => listener;

    /// <summary>Does the handshake stand, from this end's view?</summary>
    internal bool IsSynchronized => State >= TcpState.Established;

    // May the owner hand more over?
    private bool CanQueue => !isFinQueued && !isDetached
        && State is TcpState.SynSent or TcpState.SynReceived or TcpState.Established or TcpState.CloseWait;

    // The end of the stream as far as it is known: the bytes handed over, and the FIN.
    private uint StreamEnd => sendBase + (uint)sendRing.Count + (isFinQueued ? 1u : 0);

    // Has the peer acknowledged our FIN? Then it has all the bytes before it, too.
    private bool IsFinAcknowledged => isFinQueued && unacknowledged == sendBase + 1 && sendRing.Count == 0;

    /// <summary>Takes received bytes out.</summary>
    /// <returns>How many; 0 if there are none (see <see cref="IsReceiveClosed"/> and <see cref="Error"/>).</returns>
    public int Receive(Span<byte> into, Instant now)
    {
        int count = 0;
        while (count < into.Length && receiveRing.Count > 0)
        {
            ReadOnlySpan<byte> front = receiveRing.Front();
            int some = Math.Min(front.Length, into.Length - count);
            front[..some].CopyTo(into[count..]);
            receiveRing.Drop(some);
            count += some;
        }

        OnTaken(count, layer.Clock.Update(now));
        return count;
    }

    /// <summary>
    /// Received bytes where they lie; at the end of the ring fewer than <see cref="ReceiveAvailable"/>. Good until
    /// anything else is called.
    /// </summary>
    public ReadOnlySpan<byte> Peek() => receiveRing.Front();

    /// <summary>Drops bytes that <see cref="Peek"/> has shown.</summary>
    public void Consume(int count, Instant now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, receiveRing.Count);
        receiveRing.Drop(count);
        OnTaken(count, layer.Clock.Update(now));
    }

    /// <summary>Hands bytes over for sending.</summary>
    /// <returns>How many were taken: from the beginning of <paramref name="data"/>, as far as there was room.</returns>
    public int Send(ReadOnlySpan<byte> data, Instant now)
    {
        layer.Clock.Update(now);
        int count = CanQueue ? sendRing.Append(data) : 0;
        if (count > 0)
        {
            layer.WantOutput(this);
        }

        return count;
    }

    /// <summary>Sends no more after what was handed over: a FIN follows. Receiving goes on.</summary>
    public void Shutdown(Instant now)
    {
        layer.Clock.Update(now);
        switch (State)
        {
            case TcpState.SynSent:
                // Nothing stands yet. The FIN follows the handshake, as the bytes do (RFC 9293, section 3.10.4).
                isFinQueued = true;
                return;
            case TcpState.SynReceived:
                isFinQueued = true;
                return;
            case TcpState.Established:
                State = TcpState.FinWait1;
                break;
            case TcpState.CloseWait:
                State = TcpState.LastAck;
                break;
            default:
                return;
        }

        isFinQueued = true;
        layer.WantOutput(this);
    }

    /// <summary>
    /// Ends both directions and gives the connection back to the stack, which sees it through. If received bytes
    /// are lost by it, the peer gets a reset (RFC 9293, section 3.6.1).
    /// </summary>
    public void Close(Instant now)
    {
        if (isDetached)
        {
            return;
        }

        uint milliseconds = layer.Clock.Update(now);
        bool loses = receiveRing.Count > 0 || State == TcpState.SynSent;
        Owner = null;
        isDetached = true;
        if (State == TcpState.Closed)
        {
            receiveRing.Close();
        }
        else if (loses && State != TcpState.TimeWait)
        {
            BreakOff(SocketError.Closed);
        }
        else
        {
            receiveRing.Drop(receiveRing.Count);
            Shutdown(now);
            OnDetached(milliseconds);
        }
    }

    /// <summary>Breaks off with a reset.</summary>
    public void Abort(Instant now)
    {
        layer.Clock.Update(now);
        Owner = null;
        isDetached = true;
        if (State == TcpState.Closed)
        {
            receiveRing.Close();
        }
        else
        {
            BreakOff(SocketError.Closed);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Local} {Remote} {State}";

    /// <summary>Is it the connection between these two ends?</summary>
    internal bool IsBetween(Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort) =>
        Remote.Address == remote && ports == (((uint)localPort << 16) | remotePort) && Local.Address == local;

    /// <summary>Ends it here at once, and tells the peer if there is one that knows of it.</summary>
    internal void BreakOff(SocketError error)
    {
        if (State is not (TcpState.SynSent or TcpState.TimeWait or TcpState.Closed))
        {
            layer.SendReset(Local, Remote, next, receiveNext, TcpFlags.Reset | TcpFlags.Ack);
        }

        End(error);
    }

    /// <summary>It is over. What was received stays until the owner closes.</summary>
    internal void End(SocketError error)
    {
        if (State == TcpState.Closed)
        {
            return;
        }

        State = TcpState.Closed;
        Error = error;
        armed = TimerKind.None;
        LeaveHalfOpen();
        layer.Forget(this);
        sendRing.Close();
        ahead?.Clear();
        if (isDetached)
        {
            receiveRing.Close();
        }

        Notify();
    }

    /// <summary>The listener hands it over.</summary>
    internal void OnAccepted() => listener = null;

    // Both rings, as large as memory allows; the smallest ones always, or there is no connection.
    private bool TryOpenRings()
    {
        if (!TryOpen(receiveRing))
        {
            return false;
        }

        if (!TryOpen(sendRing))
        {
            receiveRing.Close();
            return false;
        }

        return true;
    }

    private bool TryOpen(TcpRing ring) =>
        ring.TryOpen(Math.Min(RingFirst, layer.Limits.RingMax)) || ring.TryOpen(TcpLimits.RingMin);

    private void LeaveHalfOpen()
    {
        if (isHalfOpen)
        {
            isHalfOpen = false;
            layer.HalfOpen--;
        }
    }

    private void Notify()
    {
        if (listener is null && !isDetached)
        {
            layer.Environment.Ready.Mark(this);
        }
    }

    // The owner has taken bytes: there is more room for the peer. It is worth a segment of its own only when it is
    // much, or when there had been hardly any (RFC 9293, section 3.8.6.2.2).
    private void OnTaken(int count, uint now)
    {
        if (count == 0 || isFinReceived || !IsSynchronized)
        {
            return;
        }

        Tune(count, now);
        int promised = (int)(receiveEdge - receiveNext);
        int gained = ReceiveRoom - promised;
        int half = receiveRing.Capacity / 2;
        bool wasTight = promised < 2 * segmentMax;
        if (gained >= half || (wasTight && gained >= Math.Min(half, segmentMax)))
        {
            isAckDue = true;
            layer.WantOutput(this);
        }
    }

    // An owner that takes half a ring within one round trip could use a larger one: the peer has to wait for the window
    // instead of the path. Doubling keeps step with the peer's slow start.
    private void Tune(int count, uint now)
    {
        const int shortest = 2;
        tuneBytes += count;
        if (now - tuneBegan < Math.Max(roundTrip.Smoothed, shortest))
        {
            return;
        }

        if (tuneBytes >= receiveRing.Capacity / 2 && receiveRing.Capacity * 2 <= layer.WindowMax)
        {
            int keep = receiveRing.Count + (IsAhead ? (int)(ahead!.Highest - receiveNext) : 0);
            receiveRing.TryGrow(keep);
        }

        tuneBegan = now;
        tuneBytes = 0;
    }
}
