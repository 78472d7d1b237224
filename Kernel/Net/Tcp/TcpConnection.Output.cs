using System;
using System.Buffers.Binary;

namespace HaukiOS.Net;

/// <summary>
/// The card has room: the next segment is built right where the card takes it from, out of the state as it is at this
/// moment. In this order: the handshake's own, probes, what was lost, what is new, and a bare acknowledgement if one is
/// owed and nothing else has carried it.
/// </summary>
public sealed partial class TcpConnection
{
    // Sent, or to be sent.
    private bool isSynDue;
    private int synsSent;
    private uint opened;
    private SocketError softError;

    // A probe into a closed window (RFC 9293, section 3.8.6.1), or of a silent peer (3.8.4).
    private bool isWindowProbeDue;
    private bool isKeepAliveDue;

    // The end of the last segment that was not full (for Nagle).
    private uint smallEnd;
    private bool hasSmall;

    private uint lastSent;

    /// <summary>Is the checksum of the segment that was built last left to the card?</summary>
    internal bool IsChecksumLeft { get; private set; }

    /// <summary>Payload of the segments into which the card is to cut what was built last; 0: none.</summary>
    internal int CutInto { get; private set; }

    /// <summary>Builds the next segment to send.</summary>
    /// <returns>Its length; 0 if there is nothing to send now.</returns>
    internal int Build(Span<byte> into, uint now)
    {
        IsChecksumLeft = false;
        CutInto = 0;
        if (State is TcpState.SynSent or TcpState.SynReceived)
        {
            bool mayAnswer = State == TcpState.SynReceived && isAckDue;
            return isSynDue ? BuildSyn(into, now) : mayAnswer ? BuildBare(into, now) : 0;
        }

        if (State == TcpState.Closed)
        {
            return 0;
        }

        if (landingAcksDue > 0)
        {
            landingAcksDue--;
            return BuildSegment(into, next, 0, now);
        }

        if (isKeepAliveDue)
        {
            // A number that the peer has acknowledged already: it must say where it stands (RFC 9293, section 3.8.4).
            isKeepAliveDue = false;
            return BuildSegment(into, unacknowledged - 1, 0, now);
        }

        int options = OptionsLength;
        int room = Math.Min(into.Length - TcpSegment.HeaderMin, segmentMax) - options;
        int largest = Math.Min(into.Length, layer.LargeSegmentMax) - TcpSegment.HeaderMin - options;
        if (TryChoose(room, largest, now, out uint sequence, out int length))
        {
            CutInto = length > room ? room : 0;
            return BuildSegment(into, sequence, length, now);
        }

        if (isAckDue)
        {
            return BuildBare(into, now);
        }

        if (!IsOutstanding && StreamEnd != next && (armed & TimerKind.Retransmit) == 0)
        {
            // There is something to say, nothing in flight, and still it may not go: the window is closed. Without a
            // timer a lost window update would be the end (RFC 9293, section 3.8.6.1).
            progressAt = now;
            Arm(TimerKind.Retransmit, now + (uint)roundTrip.Timeout);
        }

        return 0;
    }

    /// <summary>
    /// Could there be more to send right after a segment was built? A cheap guess that is never wrongly no.
    /// </summary>
    internal bool MayHaveMore =>
        isAckDue || next != StreamEnd || loss != LossState.None || isWindowProbeDue || isKeepAliveDue
        || landingAcksDue > 0 || isLandingResendDue;

    // What the options of the next segment take: timestamps, and whatever lies ahead of a gap.
    private int OptionsLength
    {
        get
        {
            int length = hasTimestamps ? TcpWriter.TimestampsLength : 0;
            int blocks = SackBlocksDue;
            return blocks == 0 ? length : length + 4 + (blocks * 8);
        }
    }

    private int SackBlocksDue
    {
        get
        {
            if (!hasSack || (!IsAhead && duplicateStart == duplicateEnd))
            {
                return 0;
            }

            int blocks = (ahead?.Count ?? 0) + (duplicateStart == duplicateEnd ? 0 : 1);
            return Math.Min(blocks, hasTimestamps ? TcpSegment.SackBlocksMax - 1 : TcpSegment.SackBlocksMax);
        }
    }

    /// <summary>Chooses what of the stream goes next (RFC 6675, section 4: NextSeg).</summary>
    /// <param name="room">The most numbers one segment can take.</param>
    /// <param name="largest">The most that the card cuts up by itself; not more than room: it does not.</param>
    /// <param name="now">The present time.</param>
    /// <param name="sequence">Where it begins.</param>
    /// <param name="length">How many numbers; the FIN is one of them.</param>
    private bool TryChoose(int room, int largest, uint now, out uint sequence, out int length)
    {
        if (isWindowProbeDue)
        {
            isWindowProbeDue = false;
            return TryChooseProbe(room, out sequence, out length);
        }

        if (isLandingResendDue && TryChooseOnLanding(room, out sequence, out length))
        {
            return true;
        }

        if (loss != LossState.None && TryChooseResend(room, lostEdge, out sequence, out length))
        {
            return true;
        }

        if (TryChooseNew(room, now, out sequence, out length))
        {
            length = length == room && largest > room && loss == LossState.None ? Enlarge(room, largest) : length;
            return true;
        }

        return loss == LossState.Recovery && hasSack && scoreboard is not null
            && (TryChooseDoubtful(room, out sequence, out length) || TryChooseRescue(room, out sequence, out length));
    }

    // One number beyond the closed window, or as many as a window has that is too small for anything else.
    private bool TryChooseProbe(int room, out uint sequence, out int length)
    {
        sequence = unacknowledged;
        int rest = (int)(StreamEnd - unacknowledged);
        length = Math.Min(rest, Math.Clamp(sendWindow, 1, room));
        return rest > 0;
    }

    // What is lost, from the lowest on.
    private bool TryChooseResend(int room, uint edge, out uint sequence, out int length)
    {
        uint from = Sequence.Later(resentEdge, unacknowledged);
        edge = Sequence.Earlier(edge, unacknowledged + (uint)sendWindow);
        sequence = from;
        length = (int)(edge - from);
        bool found = scoreboard is null ? length > 0 : scoreboard.TryFindGap(from, edge, out sequence, out length);
        if (!found)
        {
            return false;
        }

        length = Math.Min(length, room);
        if (!mustResend && pipe + length > congestion.Window)
        {
            return false;
        }

        mustResend = false;
        resentEdge = sequence + (uint)length;
        return true;
    }

    // What was never sent, if both windows and the avoidance of silly segments allow it.
    private bool TryChooseNew(int room, uint now, out uint sequence, out int length)
    {
        sequence = next;
        length = 0;
        int unsent = (int)(StreamEnd - next);
        if (unsent <= 0)
        {
            return false;
        }

        if (!IsOutstanding && now - lastSent > (uint)roundTrip.Timeout)
        {
            congestion.OnIdle();
        }

        length = Math.Min(unsent, room);
        if (pipe + length > congestion.Window && pipe > 0)
        {
            return false;
        }

        int window = (int)(unacknowledged + (uint)sendWindow - next);
        if (length > window)
        {
            // Less than a full segment, and more to come: only if it is much for this peer and nothing else is on its
            // way (RFC 9293, section 3.8.6.2.1, rule 3). The persist timer is what overrides it.
            length = window;
            return window > 0 && window >= sendWindowMax / 2 && (!IsOutstanding || NoDelay);
        }

        // Nagle (RFC 9293, section 3.7.4) in Minshall's form: a segment that is not full waits while another such one
        // is on its way, not while full ones are; so the tail of a long message does not wait for a delayed
        // acknowledgement.
        return length == room || NoDelay || isFinQueued || !hasSmall;
    }

    // As many full segments as both windows allow and the card can cut.
    private int Enlarge(int room, int largest)
    {
        int unsent = (int)(StreamEnd - next);
        int window = (int)(unacknowledged + (uint)sendWindow - next);
        int most = Math.Min(Math.Min(unsent, largest), Math.Min(window, congestion.Window - pipe));
        return Math.Max(most - (most % room), room);
    }

    // Rule 3 of NextSeg: perhaps lost, and nothing better to do.
    private bool TryChooseDoubtful(int room, out uint sequence, out int length)
    {
        sequence = 0;
        length = 0;
        return scoreboard!.Count > 0 && TryChooseResend(room, scoreboard.Highest, out sequence, out length);
    }

    // Rule 4 of NextSeg: once in a recovery, the end of what is outstanding, so that a lost tail is heard of without
    // the timer.
    private bool TryChooseRescue(int room, out uint sequence, out int length)
    {
        sequence = 0;
        length = 0;
        uint from = scoreboard!.Count > 0 ? scoreboard.Highest : unacknowledged;
        from = Sequence.Later(from, recoveryPoint - (uint)Math.Min(room, (int)(recoveryPoint - unacknowledged)));
        length = (int)(recoveryPoint - from);
        if (!Sequence.IsAfter(unacknowledged, rescueEdge) || length <= 0 || pipe + length > congestion.Window)
        {
            return false;
        }

        rescueEdge = recoveryPoint;
        sequence = from;
        return true;
    }

    private int BuildSyn(Span<byte> into, uint now)
    {
        isSynDue = false;
        synsSent++;
        bool answers = State == TcpState.SynReceived;
        var options = new TcpSynOptions(
            layer.Environment.PathMtu(Remote.Address) - TcpSegmentSizes.Headers,
            answers && sendScale == 0 && receiveScale == 0 ? -1 : layer.WindowScale,
            !answers || hasSack, !answers || hasTimestamps, now + timestampOffset, timestampRecent);
        int length = TcpSegment.HeaderMin + TcpWriter.WriteSynOptions(into[TcpSegment.HeaderMin..], options);
        int window = answers ? (int)(receiveEdge - receiveNext) : Math.Min(receiveRing.Capacity, layer.WindowMax);
        TcpFlags flags = answers ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn;
        TcpWriter.WriteFixed(
            into, ports, initialSend, answers ? receiveNext : 0, length, flags, Math.Min(window, ushort.MaxValue));
        TcpWriter.WriteChecksum(
            into[..length], pseudoHeader + BinaryPrimitives.ReverseEndianness((ushort)length));
        isAckDue = false;
        OnSent(initialSend, 1, now);
        return length;
    }

    private int BuildBare(Span<byte> into, uint now)
    {
        if (duplicateAcksDue > 1)
        {
            // The next one goes for itself.
            duplicateAcksDue--;
            int length = BuildSegment(into, next, 0, now);
            isAckDue = true;
            return length;
        }

        duplicateAcksDue = 0;
        return BuildSegment(into, next, 0, now);
    }

    // A segment of a connection that stands. The payload is copied and summed up in one pass.
    private int BuildSegment(Span<byte> into, uint sequence, int length, uint now)
    {
        bool hasFin = isFinQueued && length > 0 && sequence + (uint)length == StreamEnd;
        int payload = hasFin ? length - 1 : length;
        int headerLength = TcpSegment.HeaderMin + WriteOptions(into[TcpSegment.HeaderMin..], now);
        int offset = (int)(sequence - sendBase);
        TcpFlags flags = TcpFlags.Ack;
        if (hasFin)
        {
            flags |= TcpFlags.Fin;
        }

        uint sum = pseudoHeader;
        if (CutInto == 0)
        {
            sum += BinaryPrimitives.ReverseEndianness((ushort)(headerLength + payload));
        }

        if (payload > 0 && offset + payload == sendRing.Count)
        {
            flags |= TcpFlags.Push;
        }

        TcpWriter.WriteFixed(into, ports, sequence, receiveNext, headerLength, flags, TakeWindow());
        IsChecksumLeft = layer.LeavesChecksum;
        if (IsChecksumLeft)
        {
            sendRing.CopyOut(offset, into.Slice(headerLength, payload));
            TcpWriter.WritePseudoSum(into, sum);
        }
        else
        {
            sum += payload > 0 ? sendRing.CopyOutAndSum(offset, into.Slice(headerLength, payload)) : 0;
            TcpWriter.WriteChecksum(into[..headerLength], sum);
        }

        isAckDue = false;
        delayedBytes = 0;
        Disarm(TimerKind.Acknowledge);
        lastAckSent = receiveNext;
        OnSent(sequence, length, now);
        return headerLength + payload;
    }

    private int WriteOptions(Span<byte> into, uint now)
    {
        int at = 0;
        if (hasTimestamps)
        {
            TcpWriter.WriteTimestamps(into, now + timestampOffset, timestampRecent);
            at = TcpWriter.TimestampsLength;
        }

        int blocks = SackBlocksDue;
        if (blocks > 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into[at..], 0x0101_0500 | (uint)(2 + (blocks * 8)));
            at += 4;
            WriteSackBlocks(into.Slice(at, blocks * 8));
            at += blocks * 8;
        }

        return at;
    }

    // A duplicate first (RFC 2883, section 4), then what changed last (RFC 2018, section 4).
    private void WriteSackBlocks(Span<byte> into)
    {
        int at = 0;
        if (duplicateStart != duplicateEnd)
        {
            BinaryPrimitives.WriteUInt32BigEndian(into, duplicateStart);
            BinaryPrimitives.WriteUInt32BigEndian(into[4..], duplicateEnd);
            duplicateStart = duplicateEnd;
            at = 8;
        }

        for (uint age = 0; at < into.Length; at += 8)
        {
            int range = ahead!.Newest(ref age);
            BinaryPrimitives.WriteUInt32BigEndian(into[at..], ahead.StartOf(range));
            BinaryPrimitives.WriteUInt32BigEndian(into[(at + 4)..], ahead.EndOf(range));
        }
    }

    // The window to tell the peer. Its right edge never moves back, and forward only by what is worth a segment
    // (RFC 9293, section 3.8.6.2.2).
    private int TakeWindow()
    {
        int promised = (int)(receiveEdge - receiveNext);
        if (!isFinReceived)
        {
            int room = ReceiveRoom;
            if (room - promised >= Math.Min(receiveRing.Capacity / 2, segmentMax))
            {
                promised = room;
                receiveEdge = receiveNext + (uint)room;
            }
        }

        return Math.Min(promised >> receiveScale, ushort.MaxValue);
    }

    /// <summary>Numbers of the stream are on their way.</summary>
    private void OnSent(uint sequence, int length, uint now)
    {
        segmentsSent++;
        if (length == 0)
        {
            return;
        }

        uint end = sequence + (uint)length;
        lastSent = now;
        pipe += length;
        if (Sequence.IsBefore(sequence, sentMax))
        {
            retransmissions++;
            layer.Count.Retransmissions++;
        }

        if (Sequence.IsAfter(end, next) && (sequence != unacknowledged || sendWindow > 0 || !IsSynchronized))
        {
            OnSentNew(sequence, end, now);
        }

        sentMax = Sequence.Later(sentMax, end);
        if ((armed & TimerKind.Retransmit) == 0)
        {
            Arm(TimerKind.Retransmit, now + (uint)roundTrip.Timeout);
        }
    }

    private void OnSentNew(uint sequence, uint end, uint now)
    {
        if (!IsOutstanding)
        {
            progressAt = now;
        }

        next = end;
        if (!isMeasuring)
        {
            isMeasuring = true;
            isAmbiguous = false;
            measuredEnd = end;
            measuredAt = now;
        }

        if (end - sequence < (uint)segmentSize)
        {
            hasSmall = true;
            smallEnd = end;
        }
    }
}
