using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>How a departure stands.</summary>
internal enum DepartureState
{
    /// <summary>Memory and disk are copied while the node works on.</summary>
    Copying,

    /// <summary>The node has arrived: this object, too, is now on the other machine.</summary>
    Landed,

    /// <summary>The move is off; the node works on here.</summary>
    Failed,
}

/// <summary>
/// The source's side of a move, from the moment the target has agreed. Copying happens in slices of the event loop,
/// round after round. When little is left the target is asked to rehearse: the pipe is empty then, and all has been
/// tried that can be tried. Only then the node is stopped, and <see cref="Standstill"/> does the rest.
/// </summary>
internal sealed class Departure : IFrameSide
{
    // A slice leaves room for others within the loop's 5 ms.
    private const long SliceNanoseconds = 2_500_000;

    // A turn of the worker ends with the next interrupt, often that of the clock after 10 ms: so much time is the
    // move's in between, or it would take a multiple of the time.
    private const int SlicesPerTurn = 6;

    // So often a node that has been stopped goes back to work because more is left to send than was thought.
    private const int WaysBackMax = 3;

    // A target that is told of a failure has so long to hear it before the node goes on.
    private const long FarewellNanoseconds = 100_000_000;

    private readonly IMachine machine;
    private readonly SourceParts parts;
    private readonly SessionTerms terms;
    private readonly SourceLine line;
    private readonly PreCopy copy;
    private readonly PreCopyPolicy policy;
    private readonly Standstill standstill;
    private readonly Action leave;
    private readonly Action rehearse;
    private Stage stage;
    private bool isLate;
    private int waysBack;
    private int slicesSinceYield;
    private Instant farewellEnds;

    /// <summary>A departure to the target of the terms.</summary>
    /// <param name="machine">The machine that the node leaves.</param>
    /// <param name="parts">What serves one move after the other, ready for this one.</param>
    /// <param name="terms">What was agreed on.</param>
    /// <param name="policy">When to stop it.</param>
    /// <param name="now">The present moment.</param>
    public Departure(IMachine machine, SourceParts parts, SessionTerms terms, PreCopyPolicy policy, Instant now)
    {
        this.policy = policy;
        this.machine = machine;
        this.parts = parts;
        this.terms = terms;
        var seeOff = new SeeOff(machine.Clock, parts.Kept, machine.Card!.Address, terms.PeerReceiveCapacity);
        line = new SourceLine(machine, parts, terms, seeOff, now);
        bool isSameBuild = terms.PeerProfile.BuildId.Span.SequenceEqual(machine.Profile.BuildId.Span);
        copy = new PreCopy(machine, line.Link, parts, parts.Journal is not null, isSameBuild);
        standstill = new Standstill(machine, parts, copy, policy, line, seeOff);
        leave = standstill.Run;
        rehearse = standstill.Rehearse;
        copy.NextRound(now, isLast: false);
    }

    /// <summary>How far copying has come.</summary>
    private enum Stage
    {
        /// <summary>Round after round.</summary>
        Rounds,

        /// <summary>Little is left; what was known to be dirty at the end of the last round is sent.</summary>
        Emptying,

        /// <summary>The target has been asked to rehearse.</summary>
        Rehearsing,
    }

    /// <summary>How it stands.</summary>
    public DepartureState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; private set; }

    /// <summary>When the node was stopped.</summary>
    public Instant Stopped => standstill.Began;

    /// <summary>Who may run the node.</summary>
    public SourceHandover Handover => line.Handover;

    /// <summary>The figures of pre-copying.</summary>
    public PreCopy Copy => copy;

    /// <summary>The figures of the wire.</summary>
    public LinkFigures Wire => line.Link.Figures;

    /// <summary>How long the node would stand still, in nanoseconds, as last estimated; 0: not known.</summary>
    public long Estimate => policy.Estimate;

    /// <summary>Percent of its turns that the worker gets.</summary>
    public int WorkerShare => policy.WorkerShare;

    /// <summary>When <see cref="Step"/> is to be called next without a frame; false: not at all.</summary>
    public bool TryGetNextDue(out Instant due) => line.Link.TryGetNextDue(out due);

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now) => line.TryTake(frame, now);

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now) => line.Transmit(room, now);

    /// <summary>Does a part of the work. Returns on the other machine if it was the last one.</summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        line.Link.Advance(now);
        line.Listen();
        copy.Measure(now);
        if (State == DepartureState.Copying && !line.IsOver && line.Link.State != PacketLinkState.Open)
        {
            Problem ??= line.Link.Problem;
            line.Act(HandoverEvent.LinkDead);
        }

        if (State != DepartureState.Copying || line.IsOver)
        {
            FinishWhenHeard(now);
            return false;
        }

        if (!copy.Send(new Instant(now.Nanoseconds + SliceNanoseconds)))
        {
            Cancel("this machine's disk cannot be read", now);
            return true;
        }

        line.Link.Flush();

        if (copy.HasMore)
        {
            return line.Link.HasRoom && !ShouldYield();
        }

        return stage switch
        {
            Stage.Rounds => EndRound(now),
            Stage.Emptying => Rehearse(),
            _ => line.IsRehearsed && Stop(),
        };
    }

    /// <summary>The node stays here.</summary>
    public void Cancel(string why, Instant now)
    {
        Problem ??= why;
        line.Act(HandoverEvent.Cancel);
    }

    /// <summary>The node has landed, and needs the keys of the move no more.</summary>
    public void WipeKeys() => terms.Dispose();

    /// <summary>The keys of the link must not be used any more: nothing is sealed from now on.</summary>
    public void BreakOff(string why)
    {
        Problem ??= why;
        line.Link.Dispose();
        line.Act(HandoverEvent.LinkDead);
    }

    // The worker gets a turn after some slices; or more seldom, the slower it is to be.
    private bool ShouldYield()
    {
        slicesSinceYield++;
        if (!machine.IsWorkerBusy || slicesSinceYield * policy.WorkerShare < SlicesPerTurn * 100)
        {
            return false;
        }

        slicesSinceYield = 0;
        return true;
    }

    private bool EndRound(Instant now)
    {
        copy.NextRound(now, isLast: false);
        RoundVerdict verdict = policy.Judge(copy.Round - 1, copy.NanosecondsLeft);
        isLate = verdict == RoundVerdict.StopLate;
        machine.WorkerShare = policy.WorkerShare;
        if (verdict != RoundVerdict.Again)
        {
            // What the worker writes from now on would have to be sent while the node stands still.
            machine.WorkerShare = 0;
            copy.SendHotNow();
            stage = Stage.Emptying;
        }

        return true;
    }

    // Leaving is tried on this side, too.
    private bool Rehearse()
    {
        if (line.Link.HasRoom)
        {
            machine.Depart(rehearse);
            stage = Stage.Rehearsing;
        }

        return false;
    }

    private bool Stop()
    {
        // Everything that is needed from here on must have been there before: it allocates nothing.
        standstill.MayGoBack = !isLate && waysBack < WaysBackMax;
        do
        {
            try
            {
                if (machine.Depart(leave))
                {
                    State = DepartureState.Landed;
                    line.Link.Abandon();
                    return true;
                }
            }
            catch (OutOfMemoryException)
            {
                // Something in there wanted memory, or ran for the first time: a fault of ours, but not a deadly one.
                Problem ??= "the move needed memory while the node stood still";
                line.Act(HandoverEvent.Cancel);
            }
        }
        while (line.Handover.IsFenced);

        if (line.IsOver || !standstill.WentBack)
        {
            Finish();
            return false;
        }

        waysBack++;
        machine.WorkerShare = policy.WorkerShare;
        stage = Stage.Rounds;
        return true;
    }

    // The target is to hear of it before the link is gone.
    private void FinishWhenHeard(Instant now)
    {
        if (farewellEnds == default)
        {
            farewellEnds = new Instant(now.Nanoseconds + FarewellNanoseconds);
        }

        bool isHeard = line.Link.IsDrained && !line.HasWord;
        if (isHeard || line.Link.State != PacketLinkState.Open || now >= farewellEnds)
        {
            Finish();
        }
    }

    // The node goes on here.
    private void Finish()
    {
        if (State != DepartureState.Copying)
        {
            return;
        }

        State = DepartureState.Failed;
        machine.WorkerShare = 100;
        Problem ??= line.Handover.Phase == SourcePhase.Reclaimed
            ? "an operator has resumed the node here"
            : parts.Reason ?? line.Link.Problem ?? "the target has given up";
        parts.EndMove();
        line.Link.Dispose();
        terms.Dispose();
    }
}
