using System;

namespace HaukiOS.Net;

/// <summary>
/// Answers to SYNs of which nothing is kept (RFC 4987, section 3.6). The initial sequence number of the answer is the
/// memory: three bits for the segment size, five for the time, and twenty-four that only this stack can compute from
/// both ends and the peer's own number. What else a SYN offers travels in the lowest bits of our timestamp, which the
/// peer echoes; a peer without timestamps gets neither window scaling nor selective acknowledgements.
/// </summary>
internal sealed class TcpSynCookies(TcpNumbers numbers)
{
    // Nothing is gained by more: the steps are the payloads of common links (RFC 1191, section 7.1).
    private static readonly ushort[] SegmentSizes = [216, 536, 1024, 1240, 1360, 1400, 1440, 1460];

    // A cookie holds for one to two periods.
    private const int PeriodShift = 16;
    private const uint PeriodMask = 0x1F;
    private const int ProofBits = 24;

    // Bits of the timestamp: four of scale (15: none), one of selective acknowledgements.
    private const uint OptionMask = 0x1F;
    private const uint SackBit = 0x10;
    private const uint NoScale = 0x0F;

    private uint lastMade;
    private bool isInUse;

    /// <summary>
    /// Can there be a cookie of ours at all? Only for two periods after the last one was made: at other times a
    /// stranger who guesses at proofs has no chance whatever.
    /// </summary>
    internal bool IsInUse(uint now) => isInUse && now - lastMade < 2u << PeriodShift;

    /// <summary>Makes the initial sequence number of an answer.</summary>
    internal uint Make(Endpoint local, Endpoint remote, in TcpSegment syn, uint now)
    {
        isInUse = true;
        lastMade = now;
        uint size = 0;
        while (size + 1 < SegmentSizes.Length && SegmentSizes[size + 1] <= syn.SegmentSize)
        {
            size++;
        }

        uint content = (((now >> PeriodShift) & PeriodMask) << 3) | size;
        return (content << ProofBits) | Proof(local, remote, syn.Sequence, content);
    }

    /// <summary>The timestamp of an answer: ours, its lowest bits changed; never one that lies ahead.</summary>
    internal static uint Timestamp(uint timestamp, in TcpSegment syn)
    {
        uint bits = syn.WindowScale < 0 ? NoScale : (uint)syn.WindowScale;
        bits |= syn.SackPermitted ? SackBit : 0;
        uint marked = (timestamp & ~OptionMask) | bits;
        return Sequence.IsAfter(marked, timestamp) ? marked - OptionMask - 1 : marked;
    }

    /// <summary>Is this acknowledgement the third step of a handshake whose second one was a cookie?</summary>
    /// <param name="local">This end.</param>
    /// <param name="remote">The other end.</param>
    /// <param name="segment">The acknowledgement.</param>
    /// <param name="now">The present time.</param>
    /// <param name="offered">What the SYN had offered.</param>
    internal bool TryAccept(
        Endpoint local, Endpoint remote, in TcpSegment segment, uint now, out TcpSegment offered)
    {
        offered = segment;
        uint cookie = segment.Acknowledgement - 1;
        uint content = cookie >> ProofBits;
        uint age = ((now >> PeriodShift) - (content >> 3)) & PeriodMask;
        if (!IsInUse(now) || age > 1
            || (cookie & ((1u << ProofBits) - 1)) != Proof(local, remote, segment.Sequence - 1, content))
        {
            return false;
        }

        offered.SegmentSize = SegmentSizes[content & 7];
        if (segment.HasTimestamp)
        {
            uint scale = segment.TimestampEcho & NoScale;
            offered.WindowScale = scale == NoScale ? -1 : Math.Min((int)scale, TcpSegment.WindowScaleMax);
            offered.SackPermitted = (segment.TimestampEcho & SackBit) != 0;
        }

        return true;
    }

    private uint Proof(Endpoint local, Endpoint remote, uint peerSequence, uint content) =>
        numbers.CookieProof(local, remote, peerSequence, content) & ((1u << ProofBits) - 1);
}
