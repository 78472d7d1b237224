using System;

namespace HaukiOS.Net;

/// <summary>
/// How much may be in flight. A connection reports what happens to what it sent; from that a congestion control makes
/// the window. All in bytes.
/// </summary>
internal abstract class TcpCongestion
{
    /// <summary>Nothing in the house can use more: twice the largest ring.</summary>
    internal const int WindowMax = 4 * 1024 * 1024;

    /// <summary>
    /// Segments of growth that one acknowledgement gives in slow start. Peers acknowledge many at once, so bytes are
    /// counted, not acknowledgements (RFC 3465), with the bound of RFC 9406, section 4.2 for senders that do not pace.
    /// </summary>
    private const int SlowStartSegments = 8;

    /// <summary>The congestion window (RFC 5681: cwnd).</summary>
    internal int Window { get; private protected set; }

    /// <summary>Where slow start ends (RFC 5681: ssthresh).</summary>
    internal int Threshold { get; private protected set; } = int.MaxValue;

    /// <summary>Payload of a full segment (RFC 5681: SMSS).</summary>
    internal int SegmentSize { get; private set; }

    /// <summary>Is the path still being probed for its capacity?</summary>
    internal bool IsSlowStart => Window < Threshold;

    /// <summary>
    /// Sets out with the window of RFC 6928, or with one segment if the handshake saw loss (RFC 5681, 3.1).
    /// </summary>
    internal void Begin(int segmentSize, bool sawLoss)
    {
        SegmentSize = segmentSize;
        Window = sawLoss ? segmentSize : InitialWindow();
    }

    /// <summary>The path takes only smaller segments: as many of them as before (RFC 1191, section 6.5).</summary>
    internal void Resize(int segmentSize)
    {
        Window = Math.Max(Window / Math.Max(SegmentSize, 1), 1) * segmentSize;
        SegmentSize = segmentSize;
    }

    /// <summary>Bytes were acknowledged while the window was what held the sender back.</summary>
    internal void OnAcknowledged(int bytes, uint now, int roundTrip)
    {
        if (IsSlowStart)
        {
            int growth = Math.Min(bytes, SlowStartSegments * SegmentSize);
            int below = Math.Min(growth, Threshold - Window);
            Window = Math.Min(Window + below, WindowMax);
            return;
        }

        Avoid(bytes, now, roundTrip);
        Window = Math.Min(Window, WindowMax);
    }

    /// <summary>A loss was seen, and acknowledgements still arrive (RFC 5681, section 3.2).</summary>
    internal void OnLoss(int inFlight, uint now)
    {
        Reduce(inFlight, now);
        Window = Threshold;
    }

    /// <summary>The timer ran out (RFC 5681, section 3.1).</summary>
    /// <param name="inFlight">Bytes in flight.</param>
    /// <param name="isFirst">False: for the same segment again; then the threshold stays.</param>
    /// <param name="now">The present moment.</param>
    internal void OnTimeout(int inFlight, bool isFirst, uint now)
    {
        if (isFirst)
        {
            Reduce(inFlight, now);
        }

        Window = SegmentSize;
    }

    /// <summary>
    /// Nothing was sent for longer than a timeout: the path may have changed (RFC 5681, section 4.1).
    /// </summary>
    internal void OnIdle() => Window = Math.Min(Window, InitialWindow());

    /// <summary>
    /// Recovery is over: not more at once than what is in flight and a segment (RFC 6582, section 3.2).
    /// </summary>
    internal void OnRecovered(int inFlight) =>
        Window = Math.Min(Window, Math.Max(inFlight, SegmentSize) + SegmentSize);

    /// <summary>The loss was none: puts back what was there before (RFC 4015, section 3.2).</summary>
    internal void Restore(int window, int threshold)
    {
        Window = Math.Max(Window, window);
        Threshold = threshold;
    }

    /// <summary>Grows the window beyond slow start.</summary>
    private protected abstract void Avoid(int bytes, uint now, int roundTrip);

    /// <summary>Sets <see cref="Threshold"/> to what is left of the window after a loss.</summary>
    private protected abstract void Reduce(int inFlight, uint now);

    // min(10 SMSS, max(2 SMSS, 14600)): RFC 6928, section 2.
    private int InitialWindow() => Math.Min(10 * SegmentSize, Math.Max(2 * SegmentSize, 14600));
}

/// <summary>The control of RFC 5681: a segment more for each window acknowledged, half of it at a loss.</summary>
internal sealed class RenoCongestion : TcpCongestion
{
    private int acknowledged;

    /// <inheritdoc/>
    private protected override void Avoid(int bytes, uint now, int roundTrip)
    {
        // Counting bytes (RFC 3465, section 2.1) spares the division of SMSS * SMSS / cwnd at each acknowledgement.
        acknowledged += bytes;
        if (acknowledged >= Window)
        {
            acknowledged -= Window;
            Window += SegmentSize;
        }
    }

    /// <inheritdoc/>
    private protected override void Reduce(int inFlight, uint now)
    {
        // Equation 4 of RFC 5681, section 3.1: half of what is in flight, not of a window that was not used.
        Threshold = Math.Max(inFlight / 2, 2 * SegmentSize);
        acknowledged = 0;
    }
}
