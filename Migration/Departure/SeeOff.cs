using System;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// The source's last service to its node. Whatever is sent to the node, the wire leads it to this machine until the
/// landed node has said its first word to everybody: from that a switch learns where it is now. So this machine stays
/// until it hears that word, keeps what came before it, and sends that on then and not earlier: a switch would drop it.
/// On a wire that loses nothing, nothing that was sent to the node is lost, and no peer has to wait for its timeout.
/// <para>
/// From the commit on nothing may leave this machine under the node's station address: every such frame would tell the
/// switch that the node is still here. Nothing here allocates.
/// </para>
/// </summary>
internal sealed class SeeOff
{
    // A node that was not heard for so long has landed where no frame of ours finds it.
    private const long HearNanoseconds = 1_000_000_000;

    // A clock that lives by interrupts stands still here, so looks are counted as well; one takes 50 microseconds.
    private const int LooksMax = 20_000;

    // Half of what the target's card holds is sent at once, for others send as well; then its loop gets some time.
    private const int BurstsPerRing = 2;
    private const long BurstRestNanoseconds = 2_000_000;

    // What a card may need for the last frames that it was given, at 10 Mbit/s.
    private const long LeaveCardNanoseconds = 5_000_000;

    private readonly IClock clock;
    private readonly KeptFrames kept;
    private readonly MacAddress station;
    private readonly int burst;

    /// <summary>Nobody has left yet.</summary>
    /// <param name="clock">The time.</param>
    /// <param name="kept">What has come for the node.</param>
    /// <param name="station">The node's station address.</param>
    /// <param name="ringBytes">What the target's card holds.</param>
    public SeeOff(IClock clock, KeptFrames kept, MacAddress station, int ringBytes)
    {
        this.clock = clock;
        this.kept = kept;
        this.station = station;
        burst = Math.Max(ringBytes / BurstsPerRing, INetworkDevice.FrameMax);
    }

    /// <summary>Has the node spoken from its new place? What comes from now on it has got itself.</summary>
    public bool IsNodeHeard { get; private set; }

    /// <summary>When it has; or when it was waited for no longer.</summary>
    public Instant Heard { get; private set; }

    /// <summary>Frames sent on.</summary>
    public int Count { get; private set; }

    /// <summary>Looks at a frame that has come. Once the node is known to run elsewhere.</summary>
    public void Note(ReadOnlySpan<byte> frame)
    {
        if (!IsNodeHeard && LinkFrames.SenderOf(frame) == station)
        {
            IsNodeHeard = true;
            Heard = clock.Now;
        }
    }

    /// <summary>Waits for the node's word, and sends everything on.</summary>
    /// <param name="card">The card, which nobody else uses.</param>
    /// <param name="attend">Looks at the card once: what comes is noted or kept, and who asks is answered.</param>
    public void Run(PolledCard card, Action attend)
    {
        Instant end = new(clock.Now.Nanoseconds + HearNanoseconds);
        for (int looks = 0; !IsNodeHeard && clock.Now < end && looks < LooksMax; looks++)
        {
            attend();
        }

        Heard = IsNodeHeard ? Heard : clock.Now;
        kept.IsClosed = true;
        end = new Instant(clock.Now.Nanoseconds + HearNanoseconds);
        int budget = burst;
        for (int looks = 0; kept.Count > 0 && clock.Now < end && looks < LooksMax; looks++)
        {
            int before = kept.Count;
            card.SendKept(ref budget);
            Count += before - kept.Count;
            AttendFor(budget > 0 ? 0 : BurstRestNanoseconds, attend);
            budget = budget > 0 ? budget : burst;
        }

        AttendFor(LeaveCardNanoseconds, attend);
    }

    private void AttendFor(long nanoseconds, Action attend)
    {
        Instant end = new(clock.Now.Nanoseconds + nanoseconds);
        int looks = 0;
        do
        {
            attend();
        }
        while (clock.Now < end && ++looks < LooksMax);
    }
}
