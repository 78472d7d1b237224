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
/// The source's side of a move, from the moment the target has agreed. Copying happens in slices of the event loop;
/// then the node is stopped, and <see cref="Leave"/> does the rest alone, on a stack that does not travel.
/// <para>
/// What <see cref="Leave"/> changes are objects of the move itself and of the card's driver. Their pages may arrive in
/// any state; the landed node throws all of them away.
/// </para>
/// </summary>
internal sealed class Departure : IFrameSide
{
    // A slice leaves room for others within the loop's 5 ms.
    private const long SliceNanoseconds = 2_500_000;

    // A turn of the worker ends with the next interrupt, often that of the clock after 10 ms: so much time is the
    // move's in between, or it would take a multiple of the time.
    private const int SlicesPerTurn = 6;

    // The stopped phase has the machine to itself; it looks at the wire at least this often.
    private const long PollNanoseconds = 500_000;

    // Short beside the way of a frame there and back.
    private const long RestNanoseconds = 50_000;
    private const int RestLooks = 500;

    // A target that is told of a failure has so long to hear it before the node goes on.
    private const long FarewellNanoseconds = 100_000_000;

    private readonly IMachine machine;
    private readonly SourceParts parts;
    private readonly SessionTerms terms;
    private readonly MacAddress self;
    private readonly PacketLink link;
    private readonly PreCopy copy;
    private readonly PreCopyPolicy policy;
    private readonly SourceHandover handover;
    private readonly PolledCard card;
    private readonly SeeOff seeOff;
    private readonly Action leave;
    private readonly Action attend;
    private int slicesSinceYield;
    private bool isStateSent;
    private bool isOver;
    private bool hasToken;
    private bool hasQuestion;
    private HandoverEvent heard = HandoverEvent.Tick;
    private bool isDoubtTold;
    private Instant farewellEnds;
    private ResumeWord resume;
    private StoppedTimes times;

    /// <summary>A departure to the target of the terms.</summary>
    /// <param name="machine">The machine that the node leaves.</param>
    /// <param name="parts">What serves one move after the other, ready for this one.</param>
    /// <param name="terms">What was agreed on.</param>
    /// <param name="downtimeMs">How long the node may stand still.</param>
    /// <param name="now">The present moment.</param>
    public Departure(IMachine machine, SourceParts parts, SessionTerms terms, int downtimeMs, Instant now)
    {
        this.machine = machine;
        this.parts = parts;
        this.terms = terms;
        self = machine.Card!.Address;
        link = new PacketLink(parts.LinkMemory, LinkSettingsOf(terms, self), now);
        bool isSameBuild = terms.PeerProfile.BuildId.Span.SequenceEqual(machine.Profile.BuildId.Span);
        copy = new PreCopy(machine, link, parts, parts.Journal is not null, isSameBuild);
        policy = new PreCopyPolicy(downtimeMs);
        HandoverTerms record = HandoverTerms.ForSource(
            terms.HandoverId,
            terms.Session,
            terms.Peer,
            terms.PeerFingerprint,
            terms.SendKey,
            terms.RunHash,
            terms.AbortHash);
        record.SetNodeKey(terms.NodeKey);
        record.SetStation(self);
        handover = new SourceHandover(record);
        card = new PolledCard(machine.Card!, this, parts.Kept);
        seeOff = new SeeOff(machine.Clock, parts.Kept, self, terms.PeerReceiveCapacity);
        leave = Leave;
        attend = Attend;
        copy.NextRound(now, isLast: false);
    }

    /// <summary>How it stands.</summary>
    public DepartureState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; private set; }

    /// <summary>When the node was stopped.</summary>
    public Instant Stopped { get; private set; }

    /// <summary>Who may run the node.</summary>
    public SourceHandover Handover => handover;

    /// <summary>The figures of pre-copying.</summary>
    public PreCopy Copy => copy;

    /// <summary>The figures of the wire.</summary>
    public LinkFigures Wire => link.Figures;

    /// <summary>How long the node would stand still, in nanoseconds, as last estimated.</summary>
    public long Estimate => policy.Estimate;

    /// <summary>Percent of its turns that the worker gets.</summary>
    public int WorkerShare => policy.WorkerShare;

    private bool HasNodeLeft => handover.Phase is SourcePhase.Moved or SourcePhase.MovedUnwritten;

    // A switch would take a frame under the node's own address for the node.
    private MacAddress Sender => handover.IsFenced || HasNodeLeft ? KeptFrames.Messenger : self;

    /// <summary>When <see cref="Step"/> is to be called next without a frame; false: not at all.</summary>
    public bool TryGetNextDue(out Instant due) => link.TryGetNextDue(out due);

    /// <summary>What the two sides of a link have agreed on.</summary>
    public static LinkSettings LinkSettingsOf(SessionTerms terms, MacAddress self) => new()
    {
        Session = terms.Session,
        IsSource = terms.IsSource,
        SendKey = terms.SendKey,
        ReceiveKey = terms.ReceiveKey,
        Self = self,
        Peer = terms.Peer,
        PeerReceiveCapacity = terms.PeerReceiveCapacity,
    };

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (HasNodeLeft || handover.IsFenced)
        {
            seeOff.Note(frame);
        }

        if (LinkFrames.TryReadToken(frame, out ulong session, out ReadOnlySpan<byte> token)
            && session == terms.Session)
        {
            // What somebody else says right behind a token does not make it unheard.
            HandoverEvent said = handover.Recognise(token);
            heard = said == HandoverEvent.Asked ? heard : said;
            return true;
        }

        return link.TryTake(frame, now) || seeOff.IsNodeHeard;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        if (hasToken)
        {
            hasToken = false;
            return LinkFrames.WriteToken(
                room, MacAddress.Broadcast, Sender, terms.Session, handover.TokenToSend);
        }

        if (hasQuestion)
        {
            hasQuestion = false;
            return LinkFrames.WriteQuestion(room, MacAddress.Broadcast, Sender, terms.Session);
        }

        return HasNodeLeft ? 0 : link.Transmit(room, now);
    }

    /// <summary>Does a part of the work. Returns on the other machine if it was the last one.</summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        link.Advance(now);
        TakeRecords();
        TakeToken();
        copy.Measure(now);
        if (State == DepartureState.Copying && !isOver && link.State != PacketLinkState.Open)
        {
            Problem ??= link.Problem;
            Act(HandoverEvent.LinkDead);
        }

        if (State != DepartureState.Copying || isOver)
        {
            FinishWhenHeard(now);
            return false;
        }

        if (!copy.Send(new Instant(now.Nanoseconds + SliceNanoseconds)))
        {
            Cancel("this machine's disk cannot be read", now);
            return true;
        }

        if (copy.HasMore)
        {
            return link.HasRoom && !ShouldYield();
        }

        EndRound(now);
        return true;
    }

    /// <summary>The node stays here.</summary>
    public void Cancel(string why, Instant now)
    {
        Problem ??= why;
        Act(HandoverEvent.Cancel);
    }

    /// <summary>The keys of the link must not be used any more: nothing is sealed from now on.</summary>
    public void BreakOff(string why)
    {
        Problem ??= why;
        link.Dispose();
        Act(HandoverEvent.LinkDead);
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

    private void EndRound(Instant now)
    {
        copy.NextRound(now, isLast: false);
        switch (policy.Judge(copy.Round - 1, copy.NanosecondsLeft))
        {
            case RoundVerdict.Again:
                machine.WorkerShare = policy.WorkerShare;
                break;
            default:
                Stop(now);
                break;
        }
    }

    private void Stop(Instant now)
    {
        // Everything that the stopped phase needs must have been there before: it allocates nothing.
        Stopped = now;
        do
        {
            try
            {
                if (machine.Depart(leave))
                {
                    State = DepartureState.Landed;
                    link.Abandon();
                    terms.Dispose();
                    return;
                }
            }
            catch (OutOfMemoryException)
            {
                // Something in there wanted memory, or ran for the first time: a fault of ours, but not a deadly one.
                Problem ??= "the move needed memory while the node stood still";
                Act(HandoverEvent.Cancel);
            }
        }
        while (handover.IsFenced);

        Finish();
    }

    // The stopped phase.
    private void Leave()
    {
        Instant now = machine.Clock.Now;
        copy.NextRound(now, isLast: true);
        times.Collected = machine.Clock.Now;
        while (!isOver)
        {
            now = machine.Clock.Now;
            link.Advance(now);
            if (!isStateSent)
            {
                SendTheRest(now);
            }

            card.Poll(now);
            TakeRecords();
            TakeToken();
            if (link.State != PacketLinkState.Open && !handover.IsFenced)
            {
                Act(HandoverEvent.LinkDead);
            }

            Act(HandoverEvent.Tick);
            if (handover.IsInDoubt(now))
            {
                AskOperator(now);
            }

            LeaveTheMachineAlone();
        }

        Farewell();
        if (HasNodeLeft)
        {
            times.Runs = machine.Clock.Now;
            seeOff.Run(card, attend);
            TellTimes();
            machine.StartAnew();
        }
    }

    // While nothing but an answer is awaited. A card that is asked all the time has less time to answer: an emulator,
    // which does one or the other, let each frame wait for milliseconds.
    private void LeaveTheMachineAlone()
    {
        bool hasWork = !isStateSent && link.HasRoom;
        if (hasWork || isOver || link.HasFrame || hasToken || hasQuestion)
        {
            return;
        }

        Rest();
    }

    private void Rest()
    {
        // A clock that lives by interrupts does not go on now, so the looks at it are counted.
        Instant end = new(machine.Clock.Now.Nanoseconds + RestNanoseconds);
        for (int i = 0; i < RestLooks && machine.Clock.Now < end; i++)
        {
        }
    }

    private void SendTheRest(Instant now)
    {
        if (!copy.Send(new Instant(now.Nanoseconds + PollNanoseconds)))
        {
            Act(HandoverEvent.Cancel);
        }
        else if (!copy.HasMore && link.HasRoom)
        {
            times.Sent = machine.Clock.Now;
            Act(HandoverEvent.Leave);
            isStateSent = copy.SendState(machine.SavedState, times.Sent);
            Act(HandoverEvent.AllSent);
        }
    }

    // What was said last has to leave the card before the machine forgets it, and an abort has to arrive.
    private void Farewell()
    {
        Instant now = machine.Clock.Now;
        Instant end = new(now.Nanoseconds + FarewellNanoseconds);
        bool waits = handover.Phase == SourcePhase.GoesOn;
        do
        {
            card.Poll(now);
            link.Advance(now);
            now = machine.Clock.Now;
        }
        while (now < end
            && (hasToken || hasQuestion || (waits && !link.IsDrained && link.State == PacketLinkState.Open)));
    }

    // The landed node asks whether it is known to run, and is answered.
    private void Attend()
    {
        card.Poll(machine.Clock.Now);
        TakeToken();
        Rest();
    }

    private void TakeRecords()
    {
        while (!isOver && link.TryReceive(out ReadOnlySpan<byte> bytes))
        {
            if (!MoveRecord.TryRead(bytes, out MoveRecord record))
            {
                Act(HandoverEvent.Cancel);
            }
            else if (record.Kind == RecordKind.Abort)
            {
                parts.KeepReason(record.Data);
                Act(HandoverEvent.PeerAborts);
            }
        }
    }

    // After the records, for the reason of an abort comes with them.
    private void TakeToken()
    {
        HandoverEvent what = heard;
        heard = HandoverEvent.Tick;
        if (what != HandoverEvent.Tick)
        {
            Act(what);
        }
    }

    // One event, and what follows from it; a write that was asked for is done at once.
    private void Act(HandoverEvent what)
    {
        HandoverActions actions = handover.Run(parts.Journal, what, machine.Clock);
        if ((actions & HandoverActions.SendCommit) != 0)
        {
            times.Committed = machine.Clock.Now;
            link.Self = KeptFrames.Messenger;
            copy.Say(RecordKind.Commit, default);
        }

        if ((actions & HandoverActions.SendAbort) != 0)
        {
            copy.Say(RecordKind.Abort, "the source has given up"u8);
        }

        hasToken |= (actions & HandoverActions.SendToken) != 0;
        hasQuestion |= (actions & HandoverActions.Ask) != 0;
        isOver |= (actions & (HandoverActions.GoOn | HandoverActions.StartAnew)) != 0;
    }

    private void AskOperator(Instant now)
    {
        if (!isDoubtTold)
        {
            isDoubtTold = true;
            machine.Tell("\r\nThe node stands still: the target does not say whether it runs there. "u8);
            machine.Tell("It is asked on and on.\r\n"u8);
            machine.Tell("If you know that it does NOT run there and will not, type: resume\r\n"u8);
        }

        for (int typed = machine.Listen(); typed >= 0; typed = machine.Listen())
        {
            if (resume.Take((byte)typed))
            {
                Act(HandoverEvent.Vouched);
            }
        }
    }

    // The target is to hear of it before the link is gone.
    private void FinishWhenHeard(Instant now)
    {
        if (farewellEnds == default)
        {
            farewellEnds = new Instant(now.Nanoseconds + FarewellNanoseconds);
        }

        if (link.IsDrained || link.State != PacketLinkState.Open || now >= farewellEnds)
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
        Problem ??= parts.Reason ?? link.Problem ?? "the target has given up";
        parts.EndMove();
        link.Dispose();
        terms.Dispose();
    }

    // For the operator of the machine that is left; the node itself knows only when it stood still and when it landed.
    private void TellTimes()
    {
        machine.Tell("\r\nthe node has left: us after it was stopped: looked "u8);
        TellMicroseconds(times.Collected);
        machine.Tell(", sent "u8);
        TellMicroseconds(times.Sent);
        machine.Tell(", let go "u8);
        TellMicroseconds(times.Committed);
        machine.Tell(", target runs it "u8);
        TellMicroseconds(times.Runs);
        machine.Tell(seeOff.IsNodeHeard ? ", heard there "u8 : ", not heard until "u8);
        TellMicroseconds(seeOff.Heard);
        machine.Tell("; frames sent on "u8);
        TellNumber(seeOff.Count);
        machine.Tell(", dropped "u8);
        TellNumber(parts.Kept.Dropped);
        machine.Tell("\r\n"u8);
    }

    private void TellMicroseconds(Instant moment) => TellNumber(Math.Max(0, moment - Stopped) / 1000);

    // Nothing in here may allocate, so no number is formatted by the runtime.
    private void TellNumber(long rest)
    {
        Span<byte> digits = stackalloc byte[20];
        int at = digits.Length;
        do
        {
            digits[--at] = (byte)('0' + (int)(rest % 10));
            rest /= 10;
        }
        while (rest > 0);
        machine.Tell(digits[at..]);
    }

    /// <summary>When what happened while the node stood still.</summary>
    private struct StoppedTimes
    {
        public Instant Collected;
        public Instant Sent;
        public Instant Committed;
        public Instant Runs;
    }

    /// <summary>Recognises the word that an operator types on a line of its own.</summary>
    private struct ResumeWord
    {
        private int matched;

        private static ReadOnlySpan<byte> Word => "resume"u8;

        public bool Take(byte typed)
        {
            if (typed is (byte)'\r' or (byte)'\n')
            {
                bool isWhole = matched == Word.Length;
                matched = 0;
                return isWhole;
            }

            matched = matched >= 0 && matched < Word.Length && typed == Word[matched] ? matched + 1 : -1;
            return false;
        }
    }
}
