using System;

namespace HaukiOS.Net;

/// <summary>
/// Data arrives: in order, twice, or ahead of a gap (RFC 9293, section 3.10.7.4, seventh and eighth check). Every byte
/// goes straight to its place in the ring, whatever is missing before it; a bounded set of ranges says which are there.
/// </summary>
public sealed partial class TcpConnection
{
    // How long an acknowledgement may wait for company: well below the half second of RFC 9293, section 3.8.6.3, and
    // below every peer's least retransmission timeout, yet long enough for most answers to be ready.
    private const uint AckDelayMilliseconds = 40;

    // A peer in slow start counts on acknowledgements: so many of the first segments get theirs at once.
    private const int QuickAcksFirst = 16;

    // The most acknowledgements that are sent one by one for segments ahead of a gap.
    private const int DuplicateAcksMax = 64;

    // What arrived ahead of a gap; made when that first happens.
    private TcpRanges? ahead;

    // The peer's FIN came ahead of a gap; this is its number.
    private bool isFinAhead;
    private uint finSequence;

    // An acknowledgement is owed: at once; or, for so many bytes, with the next second segment or after a delay.
    private bool isAckDue;
    private int delayedBytes;
    private int quickAcks;

    // A peer without selective acknowledgements counts them, so it gets one for each segment ahead of a gap.
    private int duplicateAcksDue;

    // The longest segment that ever came: the peer's idea of a full one.
    private int largestReceived;

    // A duplicate to report (RFC 2883); none if both are the same.
    private uint duplicateStart;
    private uint duplicateEnd;

    private bool IsAhead => ahead is { Count: > 0 };

    // Bytes that could be promised to the peer now.
    private int ReceiveRoom => Math.Min(receiveRing.Free, layer.WindowMax);

    private void TakePayloadAndFin(in TcpSegment segment, ReadOnlySpan<byte> bytes, uint now)
    {
        if (State is not (TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2))
        {
            // The peer has closed already: what comes now can only be old (RFC 9293: "should not occur").
            return;
        }

        uint end = segment.Sequence + (uint)segment.PayloadLength;
        if (segment.PayloadLength > 0)
        {
            if (isDetached && Sequence.IsAfter(end, receiveNext))
            {
                // Nobody is there to read it, and the peer must not believe that somebody was
                // (RFC 9293, section 3.6.1; RFC 2525, section 2.17).
                BreakOff(SocketError.Closed);
                return;
            }

            TakePayload(segment.Sequence, bytes[segment.HeaderLength..], now);
        }

        // A FIN at the very edge of the window takes no room in the ring, so it may always come in.
        if (segment.IsFin && Sequence.IsNotBefore(end, receiveNext) && !isFinAhead)
        {
            isFinAhead = true;
            finSequence = end;
        }

        if (isFinAhead && finSequence == receiveNext)
        {
            OnFin(now);
        }
        else if (segment.IsFin)
        {
            isAckDue = true;
            layer.WantOutput(this);
        }
    }

    private void TakePayload(uint start, ReadOnlySpan<byte> payload, uint now)
    {
        int old = (int)(receiveNext - start);
        if (old > 0)
        {
            // Sent again, together with something new.
            old = Math.Min(old, payload.Length);
            ReportDuplicate(start, start + (uint)old);
            payload = payload[old..];
            start += (uint)old;
        }

        int room = Math.Max((int)(receiveEdge - start), 0);
        if (payload.Length > room)
        {
            payload = payload[..room];
        }

        if (isFinAhead)
        {
            int rest = Math.Max((int)(finSequence - start), 0);
            payload = payload[..Math.Min(rest, payload.Length)];
        }

        if (payload.IsEmpty)
        {
            // A probe into the closed window: the answer says whether it still is.
            isAckDue = true;
            layer.WantOutput(this);
            return;
        }

        int offset = (int)(start - receiveNext);
        if (offset > 0)
        {
            TakeAhead(start, offset, payload);
            return;
        }

        receiveRing.Put(receiveRing.Count, payload);
        OnInOrder(payload.Length, now);
        if (IsAhead)
        {
            CloseGap();
        }
    }

    // A segment behind a gap: kept at its place, and acknowledged at once (RFC 5681, section 4.2).
    private void TakeAhead(uint start, int offset, ReadOnlySpan<byte> payload)
    {
        outOfOrder++;
        ahead ??= new TcpRanges();
        uint end = start + (uint)payload.Length;
        if (ahead.MissingIn(start, end) == 0)
        {
            duplicates++;
            ReportDuplicate(start, end);
        }
        else if (ahead.Add(start, end))
        {
            receiveRing.Put(receiveRing.Count + offset, payload);
        }

        isAckDue = true;
        duplicateAcksDue = hasSack ? 0 : Math.Min(duplicateAcksDue + 1, DuplicateAcksMax);
        layer.WantOutput(this);
    }

    // Bytes were written behind those that count: now they count.
    private void OnInOrder(int count, uint now)
    {
        receiveRing.Extend(count);
        receiveNext += (uint)count;
        bytesReceived += count;
        largestReceived = Math.Max(largestReceived, count);
        delayedBytes += count;
        if (quickAcks > 0)
        {
            quickAcks--;
            isAckDue = true;
        }

        if (isAckDue || delayedBytes >= 2 * largestReceived)
        {
            // At least every second full segment (RFC 5681, section 4.2).
            isAckDue = true;
            layer.WantOutput(this);
        }
        else if ((armed & TimerKind.Acknowledge) == 0)
        {
            Arm(TimerKind.Acknowledge, now + AckDelayMilliseconds);
        }

        Notify();
    }

    // The next in order has come: what lay behind the gap follows, up to the next one.
    private void CloseGap()
    {
        while (IsAhead && Sequence.IsNotAfter(ahead!.StartOf(0), receiveNext))
        {
            int joined = (int)(ahead.EndOf(0) - receiveNext);
            if (joined > 0)
            {
                receiveRing.Extend(joined);
                receiveNext += (uint)joined;
                bytesReceived += joined;
            }

            ahead.RemoveBelow(receiveNext);
        }

        // A segment that fills a gap, or part of one, is acknowledged at once (RFC 5681, section 4.2).
        isAckDue = true;
        duplicateAcksDue = 0;
        layer.WantOutput(this);
    }

    /// <summary>
    /// The peer's FIN, with everything before it received (RFC 9293, section 3.10.7.4, eighth check).
    /// </summary>
    private void OnFin(uint now)
    {
        isFinAhead = false;
        isFinReceived = true;
        receiveNext++;
        receiveEdge = Sequence.Later(receiveEdge, receiveNext);
        ahead?.Clear();
        isAckDue = true;
        layer.WantOutput(this);
        switch (State)
        {
            case TcpState.Established:
                State = TcpState.CloseWait;
                break;
            case TcpState.FinWait1 when IsFinAcknowledged:
            case TcpState.FinWait2:
                EnterTimeWait(now);
                break;
            case TcpState.FinWait1:
                State = TcpState.Closing;
                break;
        }

        Notify();
    }

    private void ReportDuplicate(uint start, uint end)
    {
        if (hasSack)
        {
            duplicateStart = start;
            duplicateEnd = end;
        }
    }
}
