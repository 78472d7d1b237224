using System;

namespace HaukiOS.Net;

/// <summary>A segment arrives: may it act, and on which state? (RFC 9293, section 3.10.7).</summary>
public sealed partial class TcpConnection
{
    // A timestamp that is older than this says nothing any more: the peer's clock may have gone once around
    // (RFC 7323, section 5.5). 24 days in milliseconds.
    private const uint TimestampAgeMax = 24u * 24 * 60 * 60 * 1000;

    // How far behind the next number a duplicate may lie to have a say in timestamps: who guesses at numbers must not
    // be able to put TS.Recent out of the peer's reach.
    private const int TimestampReach = 256 * 1024;

    // The peer's newest timestamp, which is echoed, and when it came (RFC 7323, section 4.3: TS.Recent).
    private uint timestampRecent;
    private uint timestampRecentAt;

    // What our last acknowledgement said (RFC 7323, section 4.3: Last.ACK.sent).
    private uint lastAckSent;

    private uint lastHeard;
    private uint lastChallenge;
    private bool hasChallenged;

    /// <summary>A segment for this connection, decoded and checked.</summary>
    internal void OnSegment(in TcpSegment segment, ReadOnlySpan<byte> bytes, uint now)
    {
        segmentsReceived++;
        if (TryExpected(segment, bytes, now))
        {
            return;
        }

        if (State == TcpState.SynSent)
        {
            OnSegmentInSynSent(segment, bytes, now);
        }
        else if (State != TcpState.Closed)
        {
            OnSegmentInSynReceivedAndLater(segment, bytes, now);
        }
    }

    /// <summary>Begins with a SYN of ours.</summary>
    internal bool TryOpenActive(uint now)
    {
        if (!TryOpenRings())
        {
            return false;
        }

        receiveScale = layer.WindowScale;
        State = TcpState.SynSent;
        isSynDue = true;
        opened = now;
        layer.WantOutput(this);
        return true;
    }

    /// <summary>Begins with a SYN of the peer's (RFC 9293, section 3.10.7.2).</summary>
    internal void OpenPassive(in TcpSegment syn, uint now)
    {
        LearnPeer(syn, now);
        State = TcpState.SynReceived;
        isHalfOpen = true;
        layer.HalfOpen++;
        isSynDue = true;
        opened = now;
        layer.WantOutput(this);
    }

    /// <summary>Begins in the middle of a handshake of which only a cookie was kept (RFC 4987, section 3.6).</summary>
    /// <param name="offered">The acknowledgement, with what its SYN had offered.</param>
    /// <param name="now">The present time.</param>
    internal void OpenFromCookie(in TcpSegment offered, uint now)
    {
        TcpSegment syn = offered;
        syn.Sequence--;
        LearnPeer(syn, now);
        next = initialSend + 1;
        sentMax = next;
        State = TcpState.SynReceived;
        opened = now;
    }

    /// <summary>
    /// May a new SYN take the place of this connection in TIME-WAIT? If it is surely new: by its timestamp, else by its
    /// sequence number (RFC 6191, section 2; RFC 9293, section 3.6.1, MAY-2).
    /// </summary>
    /// <param name="syn">The SYN.</param>
    /// <param name="sequenceMin">Where our own numbers must begin to be surely new as well.</param>
    internal bool MayBeReplaced(in TcpSegment syn, out uint sequenceMin)
    {
        sequenceMin = next + 0x10000;
        return State == TcpState.TimeWait
            && (hasTimestamps && syn.HasTimestamp
                ? Sequence.IsAfter(syn.Timestamp, timestampRecent)
                    || (syn.Timestamp == timestampRecent && Sequence.IsAfter(syn.Sequence, receiveNext))
                : Sequence.IsAfter(syn.Sequence, receiveNext));
    }

    /// <summary>Takes what the peer's SYN says.</summary>
    private void LearnPeer(in TcpSegment syn, uint now)
    {
        initialReceive = syn.Sequence;
        receiveNext = syn.Sequence + 1;
        lastAckSent = receiveNext;
        int room = receiveRing.Capacity > 0 ? receiveRing.Capacity : RingFirst;
        receiveEdge = receiveNext + (uint)Math.Min(room, layer.WindowMax);
        peerSegmentSize = syn.SegmentSize == 0
            ? TcpSegmentSizes.Default
            : Math.Max(syn.SegmentSize, TcpSegmentSizes.Smallest);
        hasSack = syn.SackPermitted;
        hasTimestamps = syn.HasTimestamp;
        timestampRecent = syn.Timestamp;
        timestampRecentAt = now;
        bool scales = syn.WindowScale >= 0;
        sendScale = scales ? syn.WindowScale : 0;
        receiveScale = scales ? layer.WindowScale : 0;

        // The window of a SYN is never scaled (RFC 7323, section 2.2).
        sendWindow = syn.Window;
        sendWindowMax = syn.Window;
        windowSequence = syn.Sequence;
        windowAcknowledgement = syn.Acknowledgement;
        lastHeard = now;
        LearnPath();
    }

    /// <summary>The handshake stands.</summary>
    private void Establish(uint now)
    {
        State = isFinQueued ? TcpState.FinWait1 : TcpState.Established;
        LeaveHalfOpen();
        bool sawLoss = synsSent > 1;
        congestion.Begin(segmentSize, sawLoss);
        if (sawLoss && !roundTrip.IsMeasured)
        {
            roundTrip = TcpRoundTrip.Unmeasured(TcpRoundTrip.CautiousTimeout);
        }

        quickAcks = QuickAcksFirst;
        tuneBegan = now;
        progressAt = now;
        StartKeepAlive(now);
        Notify();
    }

    /// <summary>
    /// The path that nearly every segment takes (header prediction): the connection stands, the segment is the next in
    /// order and carries either data or an acknowledgement of new data, and nothing else about it is remarkable. It
    /// does exactly what the long way would do.
    /// </summary>
    /// <returns>False: nothing was done; the segment must take the long way.</returns>
    private bool TryExpected(in TcpSegment segment, ReadOnlySpan<byte> bytes, uint now)
    {
        if (State != TcpState.Established
            || (segment.Flags & ~TcpFlags.Push) != TcpFlags.Ack
            || segment.Sequence != receiveNext
            || segment.HasTimestamp != hasTimestamps
            || (hasTimestamps && Sequence.IsBefore(segment.Timestamp, timestampRecent))
            || loss != LossState.None || duplicateAcks != 0 || segment.SackBlocks != 0)
        {
            return false;
        }

        uint acknowledged = segment.Acknowledgement - unacknowledged;
        int payload = segment.PayloadLength;
        if (acknowledged > next - unacknowledged
            || (payload == 0 && acknowledged == 0)
            || payload > (int)(receiveEdge - receiveNext)
            || IsAhead || isFinAhead || isDetached)
        {
            return false;
        }

        lastHeard = now;
        if (hasTimestamps && lastAckSent == receiveNext)
        {
            timestampRecent = segment.Timestamp;
            timestampRecentAt = now;
        }

        LearnWindow(segment);
        if (acknowledged != 0)
        {
            OnProgress(segment, now);
        }

        if (payload != 0)
        {
            receiveRing.Put(receiveRing.Count, bytes[segment.HeaderLength..]);
            OnInOrder(payload, now);
        }

        return true;
    }

    // RFC 9293, section 3.10.7.3.
    private void OnSegmentInSynSent(in TcpSegment segment, ReadOnlySpan<byte> bytes, uint now)
    {
        if (segment.IsAck && !(Sequence.IsAfter(segment.Acknowledgement, initialSend)
            && Sequence.IsNotAfter(segment.Acknowledgement, sentMax)))
        {
            // It answers an older connection between the same ends.
            layer.RefuseSegment(segment);
            return;
        }

        if (segment.IsReset)
        {
            if (segment.IsAck)
            {
                End(SocketError.ConnectionRefused);
            }

            return;
        }

        if (!segment.IsSyn)
        {
            return;
        }

        LearnPeer(segment, now);
        if (!segment.IsAck)
        {
            // Both have opened at the same time: each answers the other's SYN (RFC 9293, section 3.5, figure 8).
            State = TcpState.SynReceived;
            isSynDue = true;
            layer.WantOutput(this);
            return;
        }

        OnProgress(segment, now);
        Establish(now);
        isAckDue = true;
        layer.WantOutput(this);

        // What comes with the SYN lies behind its number.
        TcpSegment rest = segment;
        rest.Sequence++;
        rest.Flags &= ~TcpFlags.Syn;
        TakePayloadAndFin(rest, bytes, now);
    }

    // RFC 9293, section 3.10.7.4, in its order.
    private void OnSegmentInSynReceivedAndLater(in TcpSegment arrived, ReadOnlySpan<byte> bytes, uint now)
    {
        TcpSegment segment = arrived;
        if (State == TcpState.SynReceived && segment.IsSyn && !segment.IsReset && segment.Sequence == initialReceive)
        {
            if (!segment.IsAck)
            {
                // The same SYN again: our answer was lost.
                LearnTimestamp(segment, now);
                isSynDue = true;
                layer.WantOutput(this);
                return;
            }

            // The second half of opening at the same time. Taken to the letter, the SYN's number is not in the window
            // and its acknowledgement would never be seen; its number is known already, so it is as if it had none.
            segment.Sequence++;
            segment.Flags &= ~TcpFlags.Syn;
        }

        if (!IsTimely(segment, now) || !IsInWindow(segment, now))
        {
            return;
        }

        lastHeard = now;
        if (segment.IsReset)
        {
            OnReset(segment, now);
            return;
        }

        if (segment.IsSyn)
        {
            // RFC 5961, section 4: whoever really has started anew will answer the challenge with a reset.
            Challenge(now);
            return;
        }

        if (!segment.IsAck || (State == TcpState.SynReceived && !TryCompleteHandshake(segment, now)))
        {
            return;
        }

        LearnTimestamp(segment, now);
        if (TryTakeAcknowledgement(segment, bytes, now) && State != TcpState.Closed)
        {
            TakePayloadAndFin(segment, bytes, now);
        }
    }

    // Which timestamp is echoed (RFC 7323, section 4.3): of the segment that moves the window on, not of one ahead.
    private void LearnTimestamp(in TcpSegment segment, uint now)
    {
        // Who has to guess hits the window now and then, but hardly ever the acknowledgement as well (RFC 5961, section
        // 5.2). A timestamp of theirs would make us refuse whatever the peer says from then on.
        bool isLikely = !segment.IsAck || (Sequence.IsNotAfter(segment.Acknowledgement, sentMax)
            && Sequence.IsNotBefore(segment.Acknowledgement, unacknowledged - (uint)sendWindowMax));
        if (hasTimestamps && isLikely && Sequence.IsNotBefore(segment.Timestamp, timestampRecent)
            && Sequence.IsNotAfter(segment.Sequence, lastAckSent))
        {
            timestampRecent = segment.Timestamp;
            timestampRecentAt = now;
        }
    }

    /// <summary>Protection against wrapped sequence numbers (RFC 7323, section 5.3, R1 to R3).</summary>
    private bool IsTimely(in TcpSegment segment, uint now)
    {
        if (!hasTimestamps || segment.IsReset)
        {
            return true;
        }

        if (!segment.HasTimestamp)
        {
            // RFC 7323, section 3.2: both have agreed that every segment has one.
            return false;
        }

        if (Sequence.IsNotBefore(segment.Timestamp, timestampRecent) || now - timestampRecentAt > TimestampAgeMax
            || MayHaveBeenKept(segment, now))
        {
            return true;
        }

        layer.Count.PawsRejected++;
        AnswerUnacceptable(segment, now);
        return false;
    }

    /// <summary>
    /// Does any of the segment lie in the window (RFC 9293, section 3.10.7.4: first check)? Two allowances: with a
    /// closed window the next segment's acknowledgement counts, though not its data; and a segment without data may
    /// lie at the very edge, for that is where a peer stands that has used the window up.
    /// </summary>
    private bool IsInWindow(in TcpSegment segment, uint now)
    {
        int start = (int)(segment.Sequence - receiveNext);
        int end = start + (int)segment.Length;
        int window = (int)(receiveEdge - receiveNext);
        bool isAcceptable = segment.Length == 0
            ? start >= 0 && start <= window
            : start == 0 || (start < window && end > 0);
        if (!isAcceptable && !segment.IsReset)
        {
            AnswerUnacceptable(segment, now);
        }

        return isAcceptable;
    }

    // "If an incoming segment is not acceptable, an acknowledgment should be sent in reply". One that carries data is
    // most likely sent again because our acknowledgement was lost: it is answered each time. One without is answered as
    // a challenge would be, lest two confused ends answer each other for ever.
    private void AnswerUnacceptable(in TcpSegment segment, uint now)
    {
        duplicates++;
        if (State == TcpState.TimeWait && segment.IsFin)
        {
            EnterTimeWait(now);
        }

        if (segment.Length == 0)
        {
            Challenge(now);
            return;
        }

        if (segment.IsAck && (int)(receiveNext - segment.Sequence) is > 0 and <= TimestampReach)
        {
            // The answer echoes this one: the peer that sent it again wants to know how long the way is, not how long
            // ago it was when it sent it first (RFC 7323, section 5.3, R3).
            LearnTimestamp(segment, now);
        }

        // Only what had come before is a duplicate. Of the rest the peer would believe that it is here, and find out by
        // its timeout that it is not (RFC 2883, section 4: above the acknowledgement it is a block like any other).
        if (Sequence.IsBefore(segment.Sequence, receiveNext))
        {
            uint end = segment.Sequence + (uint)segment.PayloadLength;
            ReportDuplicate(segment.Sequence, Sequence.Earlier(end, receiveNext));
        }

        isAckDue = true;
        layer.WantOutput(this);
    }

    // RFC 5961, section 3.2: only a reset at exactly the next number is believed.
    private void OnReset(in TcpSegment segment, uint now)
    {
        if (segment.Sequence != receiveNext)
        {
            Challenge(now);
            return;
        }

        switch (State)
        {
            case TcpState.SynReceived when listener is not null:
                End(SocketError.None);
                break;
            case TcpState.SynReceived:
                End(SocketError.ConnectionRefused);
                break;
            case TcpState.TimeWait:
                // RFC 1337: an old reset must not cut TIME-WAIT short.
                break;
            case TcpState.Closing or TcpState.LastAck:
                End(SocketError.None);
                break;
            default:
                layer.Count.ResetsReceived++;
                End(SocketError.ConnectionReset);
                break;
        }
    }

    // The third step of the handshake.
    private bool TryCompleteHandshake(in TcpSegment segment, uint now)
    {
        if (!(Sequence.IsAfter(segment.Acknowledgement, unacknowledged)
            && Sequence.IsNotAfter(segment.Acknowledgement, sentMax)))
        {
            layer.RefuseSegment(segment);
            return false;
        }

        if (listener is not null)
        {
            if (!listener.HasRoom)
            {
                // The peer will say something again, and there may be room then.
                return false;
            }

            if (!TryOpenRings())
            {
                layer.Count.Refused++;
                BreakOff(SocketError.TooManySockets);
                return false;
            }

            // A window that was promised from more memory than there is now is taken back before anything is sent.
            uint edge = receiveNext + (uint)Math.Min(receiveRing.Capacity, layer.WindowMax);
            receiveEdge = Sequence.Earlier(receiveEdge, edge);
            listener.OnEstablished(this);
            layer.Count.PassiveOpens++;
        }

        sendWindow = segment.Window << sendScale;
        sendWindowMax = sendWindow;
        windowSequence = segment.Sequence;
        windowAcknowledgement = segment.Acknowledgement;
        Establish(now);
        return true;
    }

    /// <summary>Says where this end stands, if the rate allows it (RFC 5961, section 7).</summary>
    private void Challenge(uint now)
    {
        if ((hasChallenged && now - lastChallenge < TcpChallenges.ConnectionInterval)
            || !layer.Challenges.TryTake(now))
        {
            layer.Count.ChallengesSuppressed++;
            return;
        }

        hasChallenged = true;
        lastChallenge = now;
        layer.Count.ChallengesSent++;
        isAckDue = true;
        layer.WantOutput(this);
    }
}
