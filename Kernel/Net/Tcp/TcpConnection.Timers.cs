using System;

namespace HaukiOS.Net;

/// <summary>What time demands: sending again, late acknowledgements, signs of life, and the end.</summary>
public sealed partial class TcpConnection
{
    // How long a SYN is tried: RFC 9293, section 3.8.3 asks for at least three minutes.
    private const uint SynTimeoutMilliseconds = 3 * 60 * 1000;

    // How often an answer to a SYN is sent again: 1, 2, 4, 8, 16 seconds apart. A half-open connection is what floods
    // are made of, so it gets less time than one of our own.
    private const int SynAnswersMax = 5;

    // SYNs after which a router's word that there is no way is believed.
    private const int SynsBeforeSoftErrorsCount = 3;

    // What a closed connection gets for its last words, or for the peer's.
    private const uint DetachedMilliseconds = 60 * 1000;

    // Timeouts in a row after which segments may be cut on their way: the path's limit may not be what we were told
    // (RFC 2923, section 2.1).
    private const int TimeoutsBeforeFragmenting = 3;

    // Probes of a silent peer, and their part of the silence before them.
    private const int KeepAliveProbesMax = 9;
    private const int KeepAliveDivisor = 8;
    private const int KeepAliveIntervalMin = 1000;

    /// <summary>A connection has three timers.</summary>
    [Flags]
    private enum TimerKind : byte
    {
        None = 0,

        /// <summary>Something outstanding is to be sent again, or a closed window to be probed.</summary>
        Retransmit = 1,

        /// <summary>An acknowledgement has waited long enough.</summary>
        Acknowledge = 2,

        /// <summary>TIME-WAIT or waiting for the peer's FIN is over; or the peer has been silent for long.</summary>
        Life = 4,
    }

    private TimerKind armed;
    private uint retransmitAt;
    private uint acknowledgeAt;
    private uint lifeAt;
    private int keepAliveProbes;

    /// <summary>May routers cut its segments?</summary>
    internal bool MayFragment => roundTrip.Backoff >= TimeoutsBeforeFragmenting;

    /// <summary>Does what is due. The connection is out of the heap of timers, and goes in again here.</summary>
    internal void OnTimer(uint now)
    {
        if ((armed & TimerKind.Acknowledge) != 0 && TcpClock.IsDue(acknowledgeAt, now))
        {
            Disarm(TimerKind.Acknowledge);
            isAckDue = true;
            layer.WantOutput(this);
        }

        if ((armed & TimerKind.Retransmit) != 0 && TcpClock.IsDue(retransmitAt, now))
        {
            Disarm(TimerKind.Retransmit);
            OnRetransmitTimer(now);
        }

        if ((armed & TimerKind.Life) != 0 && TcpClock.IsDue(lifeAt, now))
        {
            Disarm(TimerKind.Life);
            OnLifeTimer(now);
        }

        if (armed != TimerKind.None)
        {
            layer.Timers.Set(this, EarliestTimer());
        }
    }

    private void Arm(TimerKind kind, uint at)
    {
        armed |= kind;
        switch (kind)
        {
            case TimerKind.Retransmit:
                retransmitAt = at;
                break;
            case TimerKind.Acknowledge:
                acknowledgeAt = at;
                break;
            default:
                lifeAt = at;
                break;
        }

        layer.Timers.Set(this, at);
    }

    private void Disarm(TimerKind kind) => armed &= ~kind;

    private uint EarliestTimer()
    {
        uint earliest = 0;
        bool found = false;
        Consider(TimerKind.Retransmit, retransmitAt);
        Consider(TimerKind.Acknowledge, acknowledgeAt);
        Consider(TimerKind.Life, lifeAt);
        return earliest;

        void Consider(TimerKind kind, uint at)
        {
            if ((armed & kind) != 0 && (!found || Sequence.IsBefore(at, earliest)))
            {
                earliest = at;
                found = true;
            }
        }
    }

    private void OnRetransmitTimer(uint now)
    {
        if (State is TcpState.SynSent or TcpState.SynReceived)
        {
            OnSynTimer(now);
        }
        else if (StreamEnd == unacknowledged)
        {
            return;
        }
        else if (!IsOutstanding || sendWindow == 0)
        {
            OnPersistTimer(now);
        }
        else
        {
            OnTimeout(now);
        }
    }

    private void OnSynTimer(uint now)
    {
        bool isOver = now - opened >= SynTimeoutMilliseconds || (listener is not null && synsSent > SynAnswersMax);
        if (isOver || isDetached)
        {
            layer.Count.TimedOut++;
            End(softError == SocketError.None ? SocketError.TimedOut : softError);
            return;
        }

        roundTrip.BackOff();
        isAmbiguous = true;
        isSynDue = true;
        ArmRetransmit(now, opened + SynTimeoutMilliseconds);
        layer.WantOutput(this);
    }

    // The window is closed: ask whether it still is (RFC 9293, section 3.8.6.1). As long as the peer answers, its owner
    // may take all the time there is; a connection that nobody owns may not.
    private void OnPersistTimer(uint now)
    {
        uint end = isDetached
            ? progressAt + DetachedMilliseconds
            : Sequence.Later(lastHeard, progressAt) + (uint)UserTimeoutMilliseconds;
        if (TcpClock.IsDue(end, now))
        {
            GiveUp();
            return;
        }

        roundTrip.BackOff();
        isWindowProbeDue = true;
        ArmRetransmit(now, end);
        layer.WantOutput(this);
    }

    /// <summary>Nothing of what is outstanding was acknowledged in time (RFC 6298, section 5; RFC 5681, 3.1).</summary>
    private void OnTimeout(uint now)
    {
        uint end = progressAt + (isDetached ? DetachedMilliseconds : (uint)UserTimeoutMilliseconds);
        if (TcpClock.IsDue(end, now))
        {
            GiveUp();
            return;
        }

        timeouts++;
        bool isFirst = roundTrip.Backoff == 0 || loss == LossState.None;
        if (isFirst && loss == LossState.None)
        {
            RememberForRestore(now);
        }

        congestion.OnTimeout((int)(next - unacknowledged), isFirst, now);
        roundTrip.BackOff();
        isAmbiguous = true;
        loss = LossState.Timeout;
        recoveryPoint = next;
        isRecoveryPointKept = !hasSack;
        resentEdge = unacknowledged;
        duplicateAcks = 0;
        mustResend = true;

        // The peer may have dropped what it had reported (RFC 2018, section 8): it will report again what it has.
        scoreboard?.Clear();
        EstimatePipe();
        ArmRetransmit(now, end);
        layer.WantOutput(this);
    }

    // After a backed-off timeout, but not later than when patience ends.
    private void ArmRetransmit(uint now, uint end) =>
        Arm(TimerKind.Retransmit, Sequence.Earlier(now + (uint)roundTrip.Timeout, end));

    private void GiveUp()
    {
        layer.Count.TimedOut++;
        BreakOff(softError == SocketError.None ? SocketError.TimedOut : softError);
    }

    private void OnLifeTimer(uint now)
    {
        if (State == TcpState.TimeWait || (State == TcpState.FinWait2 && isDetached))
        {
            End(SocketError.None);
        }
        else if (KeepAliveMilliseconds > 0)
        {
            KeepAlive(now);
        }
    }

    // RFC 9293, section 3.8.4. What is outstanding has a timer of its own that gives up.
    private void KeepAlive(uint now)
    {
        uint silence = now - lastHeard;
        if (silence < (uint)KeepAliveMilliseconds || IsOutstanding)
        {
            keepAliveProbes = 0;
            Arm(TimerKind.Life, IsOutstanding
                ? now + (uint)KeepAliveMilliseconds
                : lastHeard + (uint)KeepAliveMilliseconds);
            return;
        }

        if (keepAliveProbes == KeepAliveProbesMax)
        {
            GiveUp();
            return;
        }

        keepAliveProbes++;
        isKeepAliveDue = true;
        int interval = Math.Max(KeepAliveMilliseconds / KeepAliveDivisor, KeepAliveIntervalMin);
        Arm(TimerKind.Life, now + (uint)interval);
        layer.WantOutput(this);
    }

    private void StartKeepAlive(uint now)
    {
        if (KeepAliveMilliseconds > 0 && IsSynchronized && State != TcpState.TimeWait && !isDetached)
        {
            Arm(TimerKind.Life, now + (uint)KeepAliveMilliseconds);
        }
    }

    // Nobody owns it any more. Waiting for a FIN that may never come has an end.
    private void OnDetached(uint now)
    {
        if (isDetached && State == TcpState.FinWait2)
        {
            Arm(TimerKind.Life, now + DetachedMilliseconds);
        }
    }

    /// <summary>Both have closed, and all is said (RFC 9293, section 3.6).</summary>
    private void EnterTimeWait(uint now)
    {
        bool isNew = State != TcpState.TimeWait;
        State = TcpState.TimeWait;
        armed = TimerKind.None;
        Arm(TimerKind.Life, now + (uint)layer.Limits.TimeWaitMilliseconds);
        layer.EnterTimeWait(this);
        if (isNew)
        {
            sendRing.Close();
            if (isDetached)
            {
                receiveRing.Close();
            }
        }
    }
}
