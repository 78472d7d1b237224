using System;

namespace HaukiOS.Net;

/// <summary>
/// What acknowledgements tell: what the peer has got, how much room it has, how long the way is, and what was lost.
/// </summary>
/// <remarks>
/// Loss recovery is that of RFC 6675: the scoreboard says what lies at the peer behind gaps, "pipe" estimates how much
/// is on its way, and whatever the congestion window allows beyond it may be sent, lost parts first. A peer without
/// selective acknowledgements is the same case with a poorer scoreboard: each duplicate acknowledgement stands for one
/// segment that has arrived, no matter which. The inflating and deflating of RFC 6582 (NewReno) is the same arithmetic
/// with both sides of the comparison moved by that amount. Limited transmit (RFC 3042) needs no rule of its own
/// either: what has arrived leaves the pipe before any loss is declared.
/// </remarks>
public sealed partial class TcpConnection
{
    // Duplicate acknowledgements that mean loss rather than reordering (RFC 5681, section 3.2; RFC 6675: DupThresh).
    private const int DuplicateThreshold = 3;

    // A connection is as far from ordinary as this.
    private enum LossState : byte
    {
        /// <summary>Nothing is known to be lost.</summary>
        None,

        /// <summary>Loss was seen by acknowledgements (RFC 6675, section 5; RFC 6582, section 3.2).</summary>
        Recovery,

        /// <summary>The timer ran out: all that was in flight counts as lost (RFC 5681, section 3.1).</summary>
        Timeout,
    }

    private TcpRoundTrip roundTrip = TcpRoundTrip.Unmeasured(TcpRoundTrip.InitialTimeout);
    private LossState loss;
    private int duplicateAcks;

    // What the peer has got behind gaps; made when it first says so.
    private TcpRanges? scoreboard;

    // Loss is over when all before this is acknowledged (RFC 6675: RecoveryPoint; RFC 6582: recover).
    private uint recoveryPoint;

    // Below it, a peer without selective acknowledgements cannot tell a new loss from the echo of an old one
    // (RFC 6582, section 4.1).
    private bool isRecoveryPointKept;

    // Everything missing below this is lost; what of it is sent again ends here (RFC 6675: HighRxt); and the part whose
    // rescue was tried already (RescueRxt).
    private uint lostEdge;
    private uint resentEdge;
    private uint rescueEdge;
    private bool mustResend;

    // Bytes on their way as far as can be known (RFC 6675: pipe).
    private int pipe;

    // The one segment whose round trip is being measured: its end, when it was sent, and whether something was sent
    // again since, so that without timestamps nobody knows what is answered (Karn; RFC 6298, section 3).
    private uint measuredEnd;
    private uint measuredAt;
    private bool isMeasuring;
    private bool isAmbiguous;

    // What the window was before a loss that may turn out to have been none (RFC 4015), and the clock in the first
    // segment sent again (RFC 3522).
    private bool mayRestore;
    private uint restoreStamp;
    private int restoreWindow;
    private int restoreThreshold;

    // Did the present acknowledgement report that something came twice, and did any one ever (RFC 2883)?
    private bool isDuplicateReported;
    private bool wasDuplicateReported;

    // When the peer last acknowledged anything new, or nothing was outstanding.
    private uint progressAt;

    private bool IsOutstanding => next != unacknowledged;

    /// <summary>
    /// ICMP says something about a segment of this connection (RFC 5927, section 4.1: is it in flight?).
    /// </summary>
    internal bool IsInFlight(uint sequence) =>
        Sequence.IsNotBefore(sequence, unacknowledged) && Sequence.IsBefore(sequence, sentMax);

    /// <summary>
    /// Takes an ICMP error about a segment in flight (RFC 5461: soft, unless the handshake is under way).
    /// </summary>
    internal void OnIcmpError(IcmpErrorKind kind)
    {
        switch (kind)
        {
            case IcmpErrorKind.FragmentationNeeded:
                OnPathNarrowed();
                break;
            case IcmpErrorKind.PortUnreachable or IcmpErrorKind.ProtocolUnreachable
                or IcmpErrorKind.AdministrativelyProhibited when State == TcpState.SynSent:
                End(SocketError.ConnectionRefused);
                break;
            case IcmpErrorKind.HostUnreachable or IcmpErrorKind.TimeExceeded:
                OnSoftError(SocketError.HostUnreachable);
                break;
            case IcmpErrorKind.NetworkUnreachable:
                OnSoftError(SocketError.NetworkUnreachable);
                break;
        }
    }

    // A connection that stands rides it out: routes come back (RFC 1122, section 4.2.3.9). One that is being opened
    // does so for a few tries and then believes it (RFC 5461, section 4.1).
    private void OnSoftError(SocketError error)
    {
        softError = error;
        if (State == TcpState.SynSent && synsSent > SynsBeforeSoftErrorsCount)
        {
            End(error);
        }
    }

    /// <summary>
    /// The path takes only shorter segments from now on: what is in flight is cut anew (RFC 1191, 6.5).
    /// </summary>
    private void OnPathNarrowed()
    {
        int before = segmentSize;
        LearnPath();
        if (segmentSize >= before || !IsSynchronized)
        {
            return;
        }

        congestion.Resize(segmentSize);
        if (IsOutstanding && loss == LossState.None)
        {
            // Lost, but not by congestion: the window stays.
            loss = LossState.Timeout;
            recoveryPoint = next;
            mayRestore = false;
        }

        resentEdge = unacknowledged;
        EstimatePipe();
        layer.WantOutput(this);
    }

    /// <summary>How long segments may be: the peer's word and the path's (RFC 6691; RFC 1191, section 3.1).</summary>
    private void LearnPath()
    {
        int path = layer.Environment.PathMtu(Remote.Address) - TcpSegmentSizes.Headers;
        segmentMax = Math.Max(Math.Min(peerSegmentSize, path), TcpSegmentSizes.Smallest);
        segmentSize = segmentMax - (hasTimestamps ? TcpWriter.TimestampsLength : 0);
    }

    /// <summary>The fifth check of RFC 9293, section 3.10.7.4, for connections that stand.</summary>
    /// <returns>False if the segment is to be dropped.</returns>
    private bool TryTakeAcknowledgement(in TcpSegment segment, ReadOnlySpan<byte> bytes, uint now)
    {
        uint acknowledgement = segment.Acknowledgement;
        if (Sequence.IsAfter(acknowledgement, sentMax)
            || Sequence.IsBefore(acknowledgement, unacknowledged - (uint)sendWindowMax))
        {
            // RFC 5961, section 5: nobody who really is the peer can say this.
            Challenge(now);
            return false;
        }

        isDuplicateReported = false;
        bool hasNews = hasSack && segment.SackBlocks > 0 && LearnSack(segment, bytes);
        int windowBefore = sendWindow;
        LearnWindow(segment);
        if (Sequence.IsAfter(acknowledgement, unacknowledged))
        {
            OnProgress(segment, now);
            FollowOurFin(now);
        }
        else if (IsOutstanding && (hasNews || (!hasSack && acknowledgement == unacknowledged
            && segment.Length == 0 && windowBefore == sendWindow)))
        {
            // RFC 5681, section 2, and RFC 6675, section 2: what a duplicate acknowledgement is.
            duplicateAcks++;
        }

        if (State != TcpState.Closed)
        {
            LookForLoss(now);
            layer.WantOutput(this);
        }

        return true;
    }

    // RFC 9293, section 3.10.7.4: SND.WND, from the newest segment only. One that acknowledges something new is newer
    // than all before it, even if it was sent again and its own number is old: without its window the right edge would
    // move on with SND.UNA, beyond what the peer has ever promised.
    private void LearnWindow(in TcpSegment segment)
    {
        if (!Sequence.IsAfter(segment.Acknowledgement, unacknowledged)
            && (Sequence.IsBefore(segment.Acknowledgement, unacknowledged)
                || Sequence.IsAfter(windowSequence, segment.Sequence)
                || (windowSequence == segment.Sequence
                    && Sequence.IsAfter(windowAcknowledgement, segment.Acknowledgement))))
        {
            return;
        }

        int before = sendWindow;
        sendWindow = segment.Window << sendScale;
        sendWindowMax = Math.Max(sendWindowMax, sendWindow);
        windowSequence = segment.Sequence;
        windowAcknowledgement = segment.Acknowledgement;
        if (sendWindow > before && !IsOutstanding)
        {
            // The window had been closed, or too small to be worth a segment: probing is over.
            Disarm(TimerKind.Retransmit);
            roundTrip.Progress();
        }
    }

    /// <summary>Takes the selective acknowledgements of a segment (RFC 2018, section 5; RFC 2883, section 4).</summary>
    /// <returns>True if they told anything new.</returns>
    private bool LearnSack(in TcpSegment segment, ReadOnlySpan<byte> bytes)
    {
        uint floor = Sequence.Later(unacknowledged, segment.Acknowledgement);
        int before = scoreboard?.Total ?? 0;
        for (int i = 0; i < segment.SackBlocks; i++)
        {
            segment.ReadSack(bytes, i, out uint start, out uint end);
            isDuplicateReported |= i == 0 && Sequence.IsNotAfter(end, segment.Acknowledgement);

            // A block that lies below the acknowledgement reports a duplicate; anything else outside of what is
            // outstanding is nonsense.
            if (Sequence.IsBefore(start, end) && Sequence.IsNotBefore(start, floor)
                && Sequence.IsNotAfter(end, next))
            {
                scoreboard ??= new TcpRanges();
                scoreboard.Add(start, end);
            }
        }

        wasDuplicateReported |= isDuplicateReported;
        return (scoreboard?.Total ?? 0) > before;
    }

    /// <summary>Something new was acknowledged.</summary>
    private void OnProgress(in TcpSegment segment, uint now)
    {
        uint acknowledgement = segment.Acknowledgement;
        int advance = (int)(acknowledgement - unacknowledged);
        int inFlight = (int)(next - unacknowledged);
        int freeBefore = sendRing.Free;
        int bytes = Math.Clamp((int)(acknowledgement - sendBase), 0, sendRing.Count);

        sendRing.Drop(bytes);
        sendBase += (uint)bytes;
        bytesAcknowledged += bytes;
        unacknowledged = acknowledgement;
        next = Sequence.Later(next, acknowledgement);
        if (hasSmall && Sequence.IsNotBefore(acknowledgement, smallEnd))
        {
            hasSmall = false;
        }

        Measure(segment, now);
        if (!isAmbiguous || hasTimestamps)
        {
            // Otherwise the longer timeout stays until something was measured: on a way that has become slow, each
            // segment would be sent again too early, and so never be measured (RFC 6298, section 5; Karn).
            roundTrip.Progress();
        }

        progressAt = now;
        scoreboard?.RemoveBelow(acknowledgement);
        if (IsOutstanding)
        {
            Arm(TimerKind.Retransmit, now + (uint)roundTrip.Timeout);
        }
        else
        {
            Disarm(TimerKind.Retransmit);
        }

        if (isLandingAnswerOpen || isLandingResendDue)
        {
            FollowLanding();
        }

        if (loss != LossState.None)
        {
            AdvanceRecovery(segment, advance, now);
        }
        else
        {
            duplicateAcks = 0;
            Grow(advance, inFlight, now);
        }

        isRecoveryPointKept &= Sequence.IsNotAfter(acknowledgement, recoveryPoint);
        EstimatePipe();
        layer.WantOutput(this);
        OnRoom(freeBefore);
    }

    // The window grows only while it is what holds the sender back (RFC 9293 has this from RFC 7661, section 4.1).
    private void Grow(int advance, int inFlight, uint now)
    {
        if (inFlight + (3 * segmentSize) >= congestion.Window
            || (congestion.IsSlowStart && inFlight * 2 >= congestion.Window))
        {
            congestion.OnAcknowledged(advance, now, roundTrip.Smoothed);
        }
    }

    // Acknowledged bytes leave room for others: a ring that had been full and limits the window grows; the owner is
    // told when half of the ring is free, not at each segment.
    private void OnRoom(int freeBefore)
    {
        if (sendRing.Free == freeBefore)
        {
            return;
        }

        int capacity = sendRing.Capacity;
        int useful = 2 * Math.Min(congestion.Window, sendWindow);
        if (freeBefore < capacity / 4 && capacity < useful && capacity * 2 <= layer.Limits.RingMax)
        {
            sendRing.TryGrow(sendRing.Count);
        }

        int half = sendRing.Capacity / 2;
        if (CanQueue && (sendRing.Count == 0 || (freeBefore < half && sendRing.Free >= half)))
        {
            Notify();
        }
    }

    // One measurement in a round trip (RFC 6298, section 3). With timestamps it counts from the segment that was really
    // answered, so segments sent again can be measured, too (RFC 7323, section 4).
    private void Measure(in TcpSegment segment, uint now)
    {
        if (!isMeasuring || Sequence.IsBefore(segment.Acknowledgement, measuredEnd))
        {
            return;
        }

        isMeasuring = false;
        uint sample = now - measuredAt;
        if (isAmbiguous && (!hasTimestamps || isDuplicateReported))
        {
            // What was sent again came twice: it lay before the peer's window, so the echo stays that of the first time
            // (RFC 7323, section 5.3, R2 before R3), and the sample would be the timeout itself.
            return;
        }

        if (hasTimestamps)
        {
            uint echoed = now + timestampOffset - segment.TimestampEcho;

            // The echo may be of something sent later than the measured segment, not of anything before it.
            sample = Math.Min(sample, echoed);
        }

        roundTrip.Measure((int)Math.Min(sample, TcpRoundTrip.TimeoutMax));
    }

    // Part of what was lost has arrived, or all of it.
    private void AdvanceRecovery(in TcpSegment segment, int advance, uint now)
    {
        if (mayRestore && TryRestore(segment))
        {
            return;
        }

        if (loss == LossState.Timeout)
        {
            congestion.OnAcknowledged(advance, now, roundTrip.Smoothed);
        }

        if (Sequence.IsNotBefore(unacknowledged, recoveryPoint))
        {
            if (loss == LossState.Recovery)
            {
                congestion.OnRecovered((int)(next - unacknowledged));
            }

            loss = LossState.None;
            duplicateAcks = 0;
            return;
        }

        resentEdge = Sequence.Later(resentEdge, unacknowledged);
        if (loss == LossState.Recovery && !hasSack)
        {
            // A partial acknowledgement: the next gap begins right here (RFC 6582, section 3.2, step 3).
            int arrived = Math.Max((advance / segmentSize) - 1, 0);
            duplicateAcks = Math.Max(duplicateAcks - arrived, 0);
            resentEdge = unacknowledged;
            mustResend = true;
        }
    }

    // The first acknowledgement after sending again tells by its echo what it answers: the segment sent again, or the
    // first one, which was only late. Then nothing was lost (RFC 3522) and the window is put back (RFC 4015).
    private bool TryRestore(in TcpSegment segment)
    {
        mayRestore = false;
        if (!hasTimestamps || !Sequence.IsBefore(segment.TimestampEcho, restoreStamp))
        {
            return false;
        }

        // What was sent again came twice, so only its acknowledgement had been lost, and others after it may have been
        // (RFC 3522, section 3.2, step 6). A peer that never reports duplicates may leave us in doubt.
        if (isDuplicateReported || (!wasDuplicateReported && !IsOutstanding))
        {
            return false;
        }

        congestion.Restore(restoreWindow, restoreThreshold);
        loss = LossState.None;
        duplicateAcks = 0;
        mustResend = false;
        return true;
    }

    // Has the peer got something that must have overtaken what is lost (RFC 6675, section 5; RFC 6582, section 3.2)?
    private void LookForLoss(uint now)
    {
        if (loss == LossState.None && IsOutstanding && IsSynchronized)
        {
            bool isLost = duplicateAcks >= DuplicateThreshold && (hasSack || !isRecoveryPointKept);
            if (!isLost && scoreboard is { Count: > 0 })
            {
                isLost = scoreboard.TryFindLossEdge(DuplicateThreshold, LossBytes, out _);
            }

            if (isLost)
            {
                EnterRecovery(now);
            }
        }

        EstimatePipe();
    }

    private int LossBytes => (DuplicateThreshold - 1) * segmentSize;

    private void EnterRecovery(uint now)
    {
        fastRecoveries++;
        RememberForRestore(now);
        congestion.OnLoss((int)(next - unacknowledged), now);
        loss = LossState.Recovery;
        recoveryPoint = next;
        isRecoveryPointKept = !hasSack;
        resentEdge = unacknowledged;
        rescueEdge = unacknowledged;
        isAmbiguous = true;
        mustResend = true;
    }

    private void RememberForRestore(uint now)
    {
        mayRestore = hasTimestamps;
        restoreStamp = now + timestampOffset;
        restoreWindow = congestion.Window;
        restoreThreshold = congestion.Threshold;
    }

    /// <summary>How much is on its way (RFC 6675, section 4: SetPipe).</summary>
    private void EstimatePipe()
    {
        int outstanding = (int)(next - unacknowledged);
        if (loss == LossState.None && duplicateAcks == 0 && (scoreboard is null || scoreboard.Count == 0))
        {
            pipe = outstanding;
            return;
        }

        int arrived = hasSack
            ? scoreboard?.Total ?? 0
            : Math.Min(duplicateAcks * segmentSize, Math.Max(outstanding - segmentSize, 0));
        lostEdge = FindLostEdge(outstanding);
        int resent = loss == LossState.None ? 0 : MissingTo(resentEdge);
        pipe = outstanding - arrived - MissingTo(lostEdge) + resent;
    }

    private uint FindLostEdge(int outstanding)
    {
        switch (loss)
        {
            case LossState.None:
                return unacknowledged;
            case LossState.Timeout:
                return recoveryPoint;
            default:
                uint first = unacknowledged + (uint)Math.Min(segmentSize, outstanding);
                return hasSack && scoreboard is not null
                    && scoreboard.TryFindLossEdge(DuplicateThreshold, LossBytes, out uint edge)
                        ? edge
                        : !hasSack || mustResend ? first : unacknowledged;
        }
    }

    private int MissingTo(uint edge) =>
        scoreboard is null
            ? Math.Max((int)(edge - unacknowledged), 0)
            : scoreboard.MissingIn(unacknowledged, edge);

    // The states that wait for our FIN to arrive (RFC 9293, section 3.10.7.4).
    private void FollowOurFin(uint now)
    {
        if (!IsFinAcknowledged)
        {
            return;
        }

        switch (State)
        {
            case TcpState.FinWait1:
                State = TcpState.FinWait2;
                OnDetached(now);
                break;
            case TcpState.Closing:
                EnterTimeWait(now);
                break;
            case TcpState.LastAck:
                End(SocketError.None);
                break;
        }
    }
}
