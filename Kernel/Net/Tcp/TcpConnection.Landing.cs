using System;

namespace HaukiOS.Net;

/// <summary>
/// The node was moved to another machine, or time has stood still for it. What was on its way may have reached nobody,
/// and both ends would find out by their timers only, the peer perhaps after many times what the pause took. So this
/// end speaks first (Caceres and Iftode, "Improving the Performance of Reliable Transport Protocols in Mobile Computing
/// Environments", 1995, section 5): it acknowledges often enough that the peer sends again what was lost, and sends the
/// first of what it has outstanding itself. None of it is congestion, so neither window nor timeout pay for it.
/// </summary>
public sealed partial class TcpConnection
{
    // As many as mean loss, and one before them that they are duplicates of.
    private const int LandingAcks = DuplicateThreshold + 1;

    // What the machine before has kept for the node comes behind what the peer has sent since, for so long at most.
    private const uint KeptMilliseconds = 500;

    private bool mayHaveKept;
    private uint landedAt;

    // Bare acknowledgements that are still to be sent.
    private int landingAcksDue;

    // The first outstanding segment is to be sent; it ends here, and what was outstanding then ended there.
    private bool isLandingResendDue;
    private bool isLandingAnswerOpen;
    private uint landingResendEnd;
    private uint landingEdge;

    /// <summary>Speaks first.</summary>
    internal void OnLanded(uint now)
    {
        switch (State)
        {
            case TcpState.Closed:
                return;
            case TcpState.SynSent:
            case TcpState.SynReceived:
                if (synsSent == 0)
                {
                    return; // begun from a cookie, or not begun yet: it is not our turn
                }

                // Once more, and not counted: the pause was not the path's.
                synsSent--;
                isSynDue = true;
                break;
            case TcpState.TimeWait:
                landingAcksDue = 1;
                break;
            default:
                landingAcksDue = isFinReceived ? 1 : LandingAcks;
                break;
        }

        mayHaveKept = true;
        landedAt = now;
        roundTrip.Progress();
        isMeasuring = false;
        isAmbiguous = true;
        ResendOnLanding(now);
        layer.WantOutput(this);
    }

    // A kept segment is older by its timestamp than what the peer sent again meanwhile to fill the gap before it. To
    // take it for one of an earlier round of sequence numbers would lose it (RFC 7323, section 5.3); but no card of
    // ours carries a round in so short a time.
    private bool MayHaveBeenKept(in TcpSegment segment, uint now)
    {
        mayHaveKept &= now - landedAt < KeptMilliseconds;
        return mayHaveKept && Sequence.IsAfter(segment.Sequence + (uint)segment.PayloadLength, receiveNext);
    }

    private void ResendOnLanding(uint now)
    {
        if ((armed & TimerKind.Retransmit) == 0)
        {
            return; // nothing is outstanding, and no closed window is being probed
        }

        Arm(TimerKind.Retransmit, now + (uint)roundTrip.Timeout);
        if (!IsSynchronized)
        {
            return;
        }

        if (!IsOutstanding || sendWindow == 0)
        {
            isWindowProbeDue = StreamEnd != unacknowledged;
        }
        else if (loss == LossState.None)
        {
            // One segment only: most likely all arrived and the answers were lost. Its answer tells.
            isLandingResendDue = true;
            landingEdge = next;
        }
        else
        {
            resentEdge = unacknowledged;
            mustResend = true;
            EstimatePipe();
        }
    }

    // The first of what is outstanding, as long as it can be.
    private bool TryChooseOnLanding(int room, out uint sequence, out int length)
    {
        sequence = unacknowledged;
        length = Math.Min(Math.Min(room, sendWindow), (int)(landingEdge - unacknowledged));
        isLandingResendDue = false;
        isLandingAnswerOpen = length > 0;
        landingResendEnd = sequence + (uint)length;
        return length > 0;
    }

    /// <summary>The answer to the segment that was sent again on landing: did the peer have the rest?</summary>
    private void FollowLanding()
    {
        isLandingResendDue = false;
        isLandingAnswerOpen = false;
        if (loss != LossState.None || !Sequence.IsBefore(unacknowledged, landingEdge)
            || Sequence.IsAfter(unacknowledged, landingResendEnd))
        {
            return;
        }

        // It had not: all of it was lost, but not by congestion.
        loss = LossState.Timeout;
        recoveryPoint = landingEdge;
        isRecoveryPointKept = !hasSack;
        resentEdge = unacknowledged;
        mayRestore = false;
        mustResend = true;
    }
}
