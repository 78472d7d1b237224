using System;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Net;

/// <summary>
/// One direction of a conversation as an observer at one host's card sees it: what the host has sent, and what was
/// delivered to it before. From that alone it holds the host to the rules of TCP, whatever goes on inside.
/// </summary>
internal sealed class TcpFlow
{
    // RFC 1122, section 4.2.3.2, plus what a busy card may add.
    private const long AcknowledgeWithin = 520_000_000;

    // A pause after which the sender may have taken everything for lost (RFC 6298 asks for a second, we allow 200 ms).
    private const long TimerPause = 190_000_000;

    // RFC 6928, section 2; RFC 5681 is stricter and lies within.
    private const int InitialSegments = 10;

    private readonly SequenceSet ahead = new();
    private readonly SequenceSet reported = new();
    private bool opened;
    private uint initial;
    private uint sentEnd;
    private uint acknowledged;
    private bool finished;
    private uint finish;
    private bool peerKnown;
    private uint peerInitial;
    private bool offered;
    private PeerSyn offer;
    private uint received;
    private int peerMss;
    private int peerScale;
    private int ownScale;
    private bool ownStamps;
    private bool ownSack;
    private bool stamps;
    private bool sacking;
    private uint rightEdge;
    private bool hasAdvertised;
    private uint advertisedEdge;
    private uint lastAcknowledgment;
    private uint stampSent;
    private bool hasStampSent;
    private uint stampReceived;
    private bool hasEcho;
    private uint lastEcho;
    private bool hasSpoken;
    private long acknowledgeDue;
    private long lastData;
    private long budget;
    private long progressAt;
    private uint mayResendTo;
    private bool isOld;

    /// <summary>Segments sent with bytes that had been sent before.</summary>
    public int Retransmissions { get; private set; }

    /// <summary>Segments sent though all of them had been acknowledged in what was delivered.</summary>
    public int Needless { get; private set; }

    /// <summary>A segment reaches the host, before the host looks at it.</summary>
    public void OnDelivered(WireFrame segment, Instant now)
    {
        if (segment.Is(WireFlags.Rst))
        {
            acknowledgeDue = 0;
            return;
        }

        if (segment.Is(WireFlags.Syn))
        {
            OnSynDelivered(segment, now);
            return;
        }

        if (!peerKnown || !opened)
        {
            return;
        }

        if (segment.HasTimestamps && (!stamps || Before(stampReceived, segment.TimestampValue)))
        {
            stampReceived = segment.TimestampValue;
        }

        // Of a segment that brings nothing new, not even the acknowledgment needs to be looked at (RFC 9293, section
        // 3.10.7.4, first check).
        uint end = segment.Sequence + (uint)segment.SequenceLength;
        isOld = segment.SequenceLength > 0 && !Before(received, end);
        if (segment.SequenceLength > 0 && Arrive(segment.Sequence, end) && acknowledgeDue == 0
            && hasSpoken)
        {
            acknowledgeDue = now.Nanoseconds + AcknowledgeWithin;
        }

        if (segment.Is(WireFlags.Ack))
        {
            OnAcknowledgment(segment, segment.Window << peerScale, now);
        }
    }

    /// <summary>The host sends a segment.</summary>
    /// <returns>The rule that it breaks; null if it breaks none.</returns>
    public string? OnSent(WireFrame segment, int mtu, Instant now)
    {
        if (segment.Is(WireFlags.Rst))
        {
            acknowledgeDue = 0;
            return segment.OptionsLength > 0 && !segment.HasTimestamps ? "a reset with options" : null;
        }

        if (segment.IpTotal > mtu)
        {
            return $"a packet of {segment.IpTotal} bytes over an MTU of {mtu}";
        }

        if (segment.Is(WireFlags.Syn))
        {
            return OnSynSent(segment);
        }

        if (!peerKnown || !opened)
        {
            return "a segment outside any connection (RFC 9293, section 3.10.7)";
        }

        if (acknowledgeDue != 0 && now.Nanoseconds > acknowledgeDue)
        {
            return $"data acknowledged {(now.Nanoseconds - acknowledgeDue + AcknowledgeWithin) / 1_000_000} ms after "
                + "they came (RFC 1122, section 4.2.3.2)";
        }

        acknowledgeDue = 0;
        hasSpoken = true;
        return CheckStamps(segment)
            ?? CheckAcknowledgment(segment)
            ?? CheckSacks(segment)
            ?? CheckData(segment, now);
    }

    /// <summary>The host has stood still and knows it.</summary>
    public void OnLanded() => mayResendTo = sentEnd;

    /// <summary>A router has refused segments: all may be sent again, smaller (RFC 1191, section 6.5).</summary>
    public void OnRefused() => mayResendTo = sentEnd;

    private static bool Before(uint a, uint b) => (int)(a - b) < 0;

    private static uint Later(uint a, uint b) => Before(a, b) ? b : a;

    private void OnSynDelivered(WireFrame segment, Instant now)
    {
        PeerSyn syn = new(
            segment.Sequence, segment.Mss, segment.WindowScale, segment.HasTimestamps, segment.SackPermitted,
            segment.TimestampValue, segment.Window);
        if (!segment.Is(WireFlags.Ack))
        {
            offer = syn;
            offered = true;
        }
        else if (opened && segment.Acknowledgment == initial + 1 && !peerKnown)
        {
            Adopt(syn);
            OnAcknowledgment(segment, segment.Window, now);
        }
        else if (opened && peerKnown && segment.Sequence == peerInitial)
        {
            stampReceived = Later(stampReceived, segment.TimestampValue);
            OnAcknowledgment(segment, segment.Window, now);
        }
    }

    private string? OnSynSent(WireFrame segment)
    {
        bool answers = segment.Is(WireFlags.Ack);
        if (segment.PayloadLength > 0)
        {
            return "data in a SYN";
        }

        if (segment.Mss == 0)
        {
            return "a SYN without the MSS option (RFC 9293, section 3.7.1)";
        }

        if (!opened || segment.Sequence != initial)
        {
            // A new conversation between the same ends; the peer's offer may belong to it.
            PeerSyn kept = offer;
            bool had = offered;
            Forget();
            offer = kept;
            offered = had && answers;
            opened = true;
            initial = segment.Sequence;
            sentEnd = initial + 1;
            acknowledged = initial;
        }

        ownScale = segment.WindowScale;
        ownStamps = segment.HasTimestamps;
        ownSack = segment.SackPermitted;
        return answers ? OnSynAnswer(segment) : null;
    }

    private string? OnSynAnswer(WireFrame segment)
    {
        if (peerKnown && segment.Acknowledgment == peerInitial + 1)
        {
            return null;
        }

        if (!offered || segment.Acknowledgment != offer.Sequence + 1)
        {
            return "an answer to a SYN that did not come";
        }

        if ((ownScale >= 0 && offer.Scale < 0) || (ownSack && !offer.Sack) || (ownStamps && !offer.Stamps))
        {
            return "an option in a SYN's answer that the SYN did not offer (RFC 7323, 1.3; RFC 2018, 2)";
        }

        Adopt(offer);
        offered = false;
        rightEdge = initial + 1 + (uint)offer.Window;

        // The window of this segment is not held against the host: memory is found only once the peer has proved to
        // be there.
        lastAcknowledgment = segment.Acknowledgment;
        return null;
    }

    private void Adopt(in PeerSyn syn)
    {
        peerKnown = true;
        peerInitial = syn.Sequence;
        received = syn.Sequence + 1;
        ahead.Clear();
        peerMss = syn.Mss == 0 ? 536 : syn.Mss;
        bool scales = syn.Scale >= 0 && ownScale >= 0;
        peerScale = scales ? syn.Scale : 0;
        ownScale = scales ? ownScale : 0;
        stamps = syn.Stamps && ownStamps;
        sacking = syn.Sack && ownSack;
        stampReceived = syn.Stamp;
        rightEdge = initial + 1;
        mayResendTo = initial;
        lastAcknowledgment = received;
        hasAdvertised = false;
        hasEcho = false;
        budget = (long)InitialSegments * peerMss;
    }

    private void Forget()
    {
        peerKnown = false;
        opened = false;
        finished = false;
        hasStampSent = false;
        hasSpoken = false;
        acknowledgeDue = 0;
        lastData = 0;
        ahead.Clear();
        reported.Clear();
    }

    // True if bytes came that continue what was there.
    private bool Arrive(uint left, uint right)
    {
        // What lies far away belongs to another life of the connection; TCP does not take it either.
        if (Before(right, received) || Before(received + 0x2000_0000, left))
        {
            return false;
        }

        if (Before(received, left))
        {
            ahead.Add(left, right);
            return false;
        }

        uint old = received;
        received = Later(received, right);
        received = ahead.TakeFrom(received);
        return received != old;
    }

    private void OnAcknowledgment(WireFrame segment, int window, Instant now)
    {
        uint number = segment.Acknowledgment;
        if (Before(sentEnd, number) || Before(number, acknowledged - 0x1000_0000))
        {
            return;
        }

        if (Before(acknowledged, number))
        {
            // Slow start at its fastest: one byte acknowledged gives room for two.
            budget += 2L * (number - acknowledged);
            acknowledged = number;
            progressAt = isOld ? progressAt : now.Nanoseconds;
        }
        else if (segment.PayloadLength == 0)
        {
            budget += peerMss;
            mayResendTo = sentEnd;
        }

        reported.TakeFrom(acknowledged);
        foreach ((uint left, uint right) in segment.Sacks)
        {
            // Whatever the peer has got is on its way no more, and something else may take its place.
            if (sacking && !Before(left, acknowledged) && !Before(sentEnd, right))
            {
                budget += reported.Add(left, right);
                mayResendTo = sentEnd;
            }
        }

        rightEdge = Later(rightEdge, number + (uint)window);
    }

    private string? CheckStamps(WireFrame segment)
    {
        if (segment.HasTimestamps != stamps)
        {
            return $"timestamps {(stamps ? "missing" : "not agreed on")} (RFC 7323, section 3.2)";
        }

        if (!stamps)
        {
            return null;
        }

        if (hasStampSent && Before(segment.TimestampValue, stampSent))
        {
            return $"timestamp {segment.TimestampValue} after {stampSent}";
        }

        stampSent = segment.TimestampValue;
        hasStampSent = true;
        if (Before(stampReceived, segment.TimestampEcho))
        {
            return $"echo of a timestamp {segment.TimestampEcho} that did not come: {stampReceived} was the last";
        }

        if (hasEcho && Before(segment.TimestampEcho, lastEcho))
        {
            return $"timestamp echo {segment.TimestampEcho} after {lastEcho} (RFC 7323, section 4.3)";
        }

        lastEcho = segment.TimestampEcho;
        hasEcho = true;
        return null;
    }

    private string? CheckAcknowledgment(WireFrame segment)
    {
        uint number = segment.Acknowledgment;
        if (!segment.Is(WireFlags.Ack))
        {
            return "no acknowledgment (RFC 9293, section 3.1)";
        }

        if (Before(received, number))
        {
            return $"acknowledges {number - received} bytes that did not come";
        }

        if (Before(number, lastAcknowledgment))
        {
            return $"acknowledgment {number} after {lastAcknowledgment}";
        }

        lastAcknowledgment = number;
        uint edge = number + ((uint)segment.Window << ownScale);
        if (hasAdvertised && Before(edge + (1u << ownScale) - 1, advertisedEdge))
        {
            return $"takes back {advertisedEdge - edge} bytes of window (RFC 9293, section 3.8.6)";
        }

        Advertise(number, segment.Window << ownScale);
        return null;
    }

    private void Advertise(uint number, int window)
    {
        uint edge = number + (uint)window;
        advertisedEdge = hasAdvertised ? Later(advertisedEdge, edge) : edge;
        hasAdvertised = true;
    }

    // RFC 2018, section 4; the first block may be about duplicates (RFC 2883).
    private string? CheckSacks(WireFrame segment)
    {
        if (segment.Sacks.Count > 0 && !sacking)
        {
            return "SACK without permission";
        }

        for (int i = 0; i < segment.Sacks.Count; i++)
        {
            (uint left, uint right) = segment.Sacks[i];
            bool old = !Before(segment.Acknowledgment, right);
            if (!Before(left, right) || (!old && !HasArrived(left, right)) || (i > 0 && old))
            {
                return $"SACK block {i}, {left}-{right}, of data that did not come or were acknowledged";
            }
        }

        return null;
    }

    private bool HasArrived(uint left, uint right) => !Before(received, right) || ahead.Covers(left, right);

    private string? CheckData(WireFrame segment, Instant now)
    {
        uint from = segment.Sequence;
        uint end = from + (uint)segment.SequenceLength;
        int length = segment.PayloadLength;
        if (length + segment.OptionsLength > peerMss)
        {
            return $"{length} bytes and {segment.OptionsLength} of options over an MSS of {peerMss} (RFC 6691)";
        }

        if (Before(sentEnd, from))
        {
            return $"leaves out {from - sentEnd} bytes of its own sequence";
        }

        if (Before(from, acknowledged - 1) && segment.SequenceLength > 0)
        {
            Needless++;
        }

        if (finished && Before(finish + 1, end))
        {
            return "data behind its own FIN";
        }

        if (segment.Is(WireFlags.Fin))
        {
            if (finished && finish != end - 1)
            {
                return "a FIN in another place than before";
            }

            finished = true;
            finish = end - 1;
        }

        // One byte, or a FIN, may ask whether the window is still closed (RFC 9293, section 3.8.6.1).
        uint allowed = length <= 1 ? rightEdge + 1 : segment.Is(WireFlags.Fin) ? rightEdge + 1 : rightEdge;
        if (segment.SequenceLength > 0 && Before(allowed, end))
        {
            return $"{end - rightEdge} bytes beyond the window of the peer";
        }

        return Spend(from, end, length, now);
    }

    // No sender that follows RFC 5681 can send more that is new than this, whatever was lost, nor anything again that
    // nobody has missed.
    private string? Spend(uint from, uint end, int length, Instant now)
    {
        bool isNew = !Before(from, sentEnd);
        long silence = now.Nanoseconds - progressAt;
        progressAt = isNew && sentEnd == acknowledged ? now.Nanoseconds : progressAt;
        sentEnd = Later(sentEnd, end);
        if (length == 0)
        {
            return null;
        }

        if (isNew)
        {
            budget += lastData != 0 && now.Nanoseconds - lastData > TimerPause ? peerMss : 0;
            lastData = now.Nanoseconds;
            budget -= length;
            return budget < 0 ? $"{-budget} bytes more than congestion control can allow (RFC 5681)" : null;
        }

        Retransmissions++;
        if (silence > TimerPause)
        {
            mayResendTo = sentEnd;
        }

        return Before(from, mayResendTo) ? null : "something again that nobody has missed (RFC 6298, RFC 5681)";
    }

    private readonly record struct PeerSyn(
        uint Sequence, int Mss, int Scale, bool Stamps, bool Sack, uint Stamp, int Window);
}
