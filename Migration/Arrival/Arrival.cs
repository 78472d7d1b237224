using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>How an arrival stands.</summary>
internal enum ArrivalState
{
    /// <summary>Memory and disk arrive.</summary>
    Receiving,

    /// <summary>All but the last pages is here, and could land.</summary>
    Rehearsed,

    /// <summary>It did not arrive. What was here is forgotten; the source goes on.</summary>
    Failed,
}

/// <summary>
/// The target's side of a move, from the moment this machine has agreed. It ends with this kernel: the last step gives
/// the machine to the node that has arrived.
/// </summary>
internal sealed class Arrival : IFrameSide
{
    // This machine has nothing else to do, but its console shall answer.
    private const long SliceNanoseconds = 4_000_000;

    // After a failure the source is to hear of it before the link is gone.
    private const int FarewellMilliseconds = 500;

    private readonly IMachine machine;
    private readonly SessionTerms terms;
    private readonly MacAddress self;
    private readonly PacketLink link;
    private readonly Staging staging;
    private readonly DiskReceiver? disk;
    private readonly HandoverJournal? journal;
    private readonly TargetHandover handover;
    private readonly HandoverRecord record = new();
    private readonly byte[] baggage = new byte[HandoverRecord.LengthMax];
    private int baggageLength;
    private bool hasToken;
    private Instant farewellEnds;
    private bool isLeaving;
    private string? reason;
    private Instant letGo; // what the node's clock shows
    private Instant letGoHere; // what this machine's clock showed then

    /// <summary>An arrival from the source of the terms.</summary>
    /// <param name="machine">This machine.</param>
    /// <param name="memory">Memory for the link.</param>
    /// <param name="staged">Where the pages go.</param>
    /// <param name="disk">Where the blocks go; null if the node has no disk.</param>
    /// <param name="journal">This disk's record of moves; null if no disk travels.</param>
    /// <param name="known">What this machine may still be asked about; null if nobody keeps that.</param>
    /// <param name="terms">What was agreed on.</param>
    /// <param name="now">The present moment.</param>
    public Arrival(
        IMachine machine,
        LinkMemory memory,
        StagedDirectory staged,
        DiskReceiver? disk,
        HandoverJournal? journal,
        HandoverRecord? known,
        SessionTerms terms,
        Instant now)
    {
        this.machine = machine;
        this.terms = terms;
        this.disk = disk;
        this.journal = journal;
        self = machine.Card!.Address;
        link = new PacketLink(memory, SourceLine.SettingsOf(terms, self), now);
        staging = new Staging(machine, staged, disk);
        HandoverTerms agreed = HandoverTerms.ForTarget(
            terms.HandoverId,
            terms.Session,
            terms.Peer,
            terms.PeerFingerprint,
            terms.ReceiveKey,
            terms.RunToken,
            terms.AbortToken);
        agreed.SetNodeKey(terms.NodeKey);
        agreed.SetStation(terms.Peer);
        if (known is not null)
        {
            record.CopyFrom(known);
        }

        handover = new TargetHandover(agreed);
        Act(HandoverEvent.Begin);
    }

    /// <summary>How it stands.</summary>
    public ArrivalState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; private set; }

    /// <summary>Who may run the node.</summary>
    public TargetHandover Handover => handover;

    /// <summary>What has arrived.</summary>
    public Staging Staging => staging;

    /// <summary>The figures of the wire.</summary>
    public LinkFigures Wire => link.Figures;

    /// <summary>When <see cref="Step"/> is to be called next without a frame; false: not at all.</summary>
    public bool TryGetNextDue(out Instant due) => link.TryGetNextDue(out due);

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!LinkFrames.TryRead(frame, out LinkFrameKind kind, out ulong session) || session != terms.Session)
        {
            return false;
        }

        if (kind is LinkFrameKind.Data or LinkFrameKind.Acknowledgement)
        {
            return link.TryTake(frame, now);
        }

        bool isToken = LinkFrames.TryReadToken(frame, out _, out ReadOnlySpan<byte> token);
        Act(isToken ? handover.Recognise(token) : HandoverEvent.Asked);
        return true;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        // The reason why the move is off goes before the token that says so.
        int length = link.Transmit(room, now);
        if (length == 0 && hasToken)
        {
            hasToken = false;
            length = WriteToken(room);
        }

        return length;
    }

    /// <summary>Does a part of the work. Does not return if it was the last one.</summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        link.Advance(now);
        if (isLeaving)
        {
            FinishFarewell(now);
            return false;
        }

        bool more = TakeRecords(now);
        if (link.State != PacketLinkState.Open)
        {
            reason ??= link.Problem;
            Act(HandoverEvent.LinkDead);
        }

        Act(HandoverEvent.Tick);
        link.Flush();
        return more;
    }

    /// <summary>This machine does not wait any longer.</summary>
    public void Cancel(string why, Instant now)
    {
        reason ??= why;
        Act(HandoverEvent.Cancel);
    }

    /// <summary>The keys of the link must not be used any more: nothing is sealed from now on.</summary>
    public void BreakOff(string why)
    {
        reason ??= why;
        link.Dispose();
        Act(HandoverEvent.LinkDead);
    }

    private bool TakeRecords(Instant now)
    {
        Instant end = new(now.Nanoseconds + SliceNanoseconds);
        while (!isLeaving && link.TryReceive(out ReadOnlySpan<byte> bytes))
        {
            if (!MoveRecord.TryRead(bytes, out MoveRecord record))
            {
                Cancel("the source has sent what makes no sense", now);
                return false;
            }

            Take(record, now);
            if (machine.Clock.Now >= end)
            {
                return true;
            }
        }

        return false;
    }

    private void Take(in MoveRecord record, Instant now)
    {
        switch (record.Kind)
        {
            case RecordKind.Rehearse:
                Rehearse();
                break;
            case RecordKind.Commit:
                TakeOver(record);
                break;
            case RecordKind.Abort:
                reason ??= "the source has given up";
                Act(HandoverEvent.PeerAborts);
                break;
            default:
                if (staging.Take(record) is string problem)
                {
                    Cancel(problem, now);
                }

                break;
        }
    }

    // Nothing that comes later takes the place of what the landing was promised now.
    private void Rehearse()
    {
        if (FindObstacle() is string problem)
        {
            Cancel(problem, machine.Clock.Now);
            return;
        }

        RehearseHandover();
        PackBaggage();
        State = ArrivalState.Rehearsed;
        Say(RecordKind.Rehearsed, default);
    }

    // The source has let the node go: from here on this machine alone decides.
    private void TakeOver(in MoveRecord commit)
    {
        letGo = new Instant((long)commit.Place);
        letGoHere = machine.Clock.Now;
        if (FindObstacle() is string problem)
        {
            Cancel(problem, machine.Clock.Now);
            return;
        }

        Act(HandoverEvent.Commit);
    }

    private string? FindObstacle()
    {
        if (staging.State.IsEmpty)
        {
            return "the source has sent no processor state";
        }

        return machine.CheckLanding(staging.Staged, staging.State)
            ?? (disk is null || disk.Flush() == BlockResult.Ok
                ? null
                : disk.Problem ?? "this machine's disk does not take the node's blocks");
    }

    private void Act(HandoverEvent what)
    {
        HandoverActions actions = handover.Run(journal, what, machine.Clock);
        if ((actions & HandoverActions.SendAbort) != 0)
        {
            Say(RecordKind.Abort, System.Text.Encoding.UTF8.GetBytes(reason ?? "the target has given up"));
        }

        hasToken |= (actions & HandoverActions.SendToken) != 0;
        if ((actions & HandoverActions.Land) != 0)
        {
            Land();
        }

        if (handover.Phase is TargetPhase.Aborted or TargetPhase.Refused && !isLeaving)
        {
            isLeaving = true;
            farewellEnds = machine.Clock.Now.AddMilliseconds(FarewellMilliseconds);
        }
    }

    // The end of the hand-over is tried on a copy of its terms, so that it does not run for the first time when the
    // node stands still.
    private void RehearseHandover()
    {
        var trial = new TargetHandover(handover.Terms.Copy());
        trial.Run(journal: null, HandoverEvent.Begin, machine.Clock);
        trial.Run(journal: null, HandoverEvent.Commit, machine.Clock);
    }

    // The landed node is told what this machine will have to remember: that it came, and what earlier moves may still
    // be asked about. A disk says the same, but to read it takes time.
    private void PackBaggage()
    {
        if (journal is not null)
        {
            record.CopyFrom(journal.Record);
        }

        record.Enter(HandoverState.Owner, handover.Terms);
        baggageLength = record.Encode(baggage);
    }

    // The move is decided: the node is here. It tells the source so itself, as the first thing that it does: everybody
    // waits for it, and a landing that failed would leave a source that an operator can still resume.
    private void Land()
    {
        Instant time = new(letGo.Nanoseconds + (machine.Clock.Now - letGoHere));
        machine.Land(staging.Staged, staging.State, time, baggage.AsSpan(0, baggageLength));
    }

    private int WriteToken(Span<byte> room) =>
        LinkFrames.WriteToken(room, MacAddress.Broadcast, self, terms.Session, handover.TokenToSend);

    private void Say(RecordKind kind, ReadOnlySpan<byte> text)
    {
        Span<byte> record = stackalloc byte[MoveRecord.HeaderLength + MoveRecord.ReasonMax];
        int length = Math.Min(text.Length, MoveRecord.ReasonMax);
        MoveRecord.WriteHeader(record, kind, 0, 0, 0);
        text[..length].CopyTo(record[MoveRecord.HeaderLength..]);
        link.TrySend(record[..(MoveRecord.HeaderLength + length)]);
        link.Flush();
    }

    private void FinishFarewell(Instant now)
    {
        bool isHeard = link.IsDrained || link.State != PacketLinkState.Open;
        if (State == ArrivalState.Failed || (!isHeard && now < farewellEnds))
        {
            return;
        }

        State = ArrivalState.Failed;
        Problem = reason ?? "the source has given up";
        staging.Staged.Release();
        link.Dispose();
        terms.Dispose();
    }
}
