using System;
using HaukiOS.Hardware;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>
/// What the machine that a node leaves says to the other one, and hears from it: the link's records, and the tokens and
/// questions beside it. It drives the hand-over and does what follows from each of its steps, while the node runs as
/// well as while it stands still; so after construction it allocates nothing.
/// </summary>
internal sealed class SourceLine : IFrameSide
{
    private readonly IMachine machine;
    private readonly SourceParts parts;
    private readonly ulong session;
    private readonly MacAddress self;
    private readonly SeeOff seeOff;
    private readonly SourceHandover trial; // steps through the end before the node stands still
    private bool hasToken;
    private bool owesAbort;
    private bool hasQuestion;
    private HandoverEvent heard = HandoverEvent.Tick;

    /// <summary>The line of a departure to the target of the terms.</summary>
    public SourceLine(IMachine machine, SourceParts parts, SessionTerms terms, SeeOff seeOff, Instant now)
    {
        this.seeOff = seeOff;
        this.machine = machine;
        this.parts = parts;
        session = terms.Session;
        self = machine.Card!.Address;
        Link = new PacketLink(parts.LinkMemory, SettingsOf(terms, self), now);
        HandoverTerms record = HandoverTerms.ForSource(
            terms.HandoverId,
            session,
            terms.Peer,
            terms.PeerFingerprint,
            terms.SendKey,
            terms.RunHash,
            terms.AbortHash);
        record.SetNodeKey(terms.NodeKey);
        record.SetStation(self);
        Handover = new SourceHandover(record);
        trial = new SourceHandover(record.Copy());
    }

    /// <summary>The link.</summary>
    public PacketLink Link { get; }

    /// <summary>Who may run the node.</summary>
    public SourceHandover Handover { get; }

    /// <summary>Has the hand-over said that the node goes on here, or that it is gone?</summary>
    public bool IsOver { get; private set; }

    /// <summary>Has the target answered a rehearsal since <see cref="Rehearse"/>?</summary>
    public bool IsRehearsed { get; private set; }

    /// <summary>Is the node on the other machine for good?</summary>
    public bool HasNodeLeft => Handover.Phase is SourcePhase.Moved or SourcePhase.MovedUnwritten;

    /// <summary>Is anything to be sent, if nothing changes?</summary>
    public bool HasFrame => hasToken || hasQuestion || Link.HasFrame;

    /// <summary>Is there a token, a question or an abort that has not been sent?</summary>
    public bool HasWord => hasToken || hasQuestion || owesAbort;

    // A switch would take a frame under the node's own address for the node.
    private MacAddress Sender => Handover.IsFenced || HasNodeLeft ? KeptFrames.Messenger : self;

    /// <summary>What the two sides of a link have agreed on.</summary>
    public static LinkSettings SettingsOf(SessionTerms terms, MacAddress self) => new()
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
        bool isToken = LinkFrames.TryReadToken(frame, out ulong of, out ReadOnlySpan<byte> token) && of == session;
        if (isToken)
        {
            // What somebody else says right behind a token does not make it unheard.
            HandoverEvent said = Handover.Recognise(token);
            heard = said == HandoverEvent.Asked ? heard : said;
        }

        // Before the token anybody may have made up what comes under the node's address; the token can come from it.
        if (HasNodeLeft || heard == HandoverEvent.RunToken)
        {
            seeOff.Note(frame);
        }

        return isToken || Link.TryTake(frame, now) || seeOff.IsNodeHeard;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        if (owesAbort)
        {
            SayAbort();
        }

        // As at the target: what is said over the link explains the token that follows.
        int length = HasNodeLeft ? 0 : Link.Transmit(room, now);
        if (length > 0)
        {
            return length;
        }

        if (hasToken)
        {
            hasToken = false;
            return LinkFrames.WriteToken(room, MacAddress.Broadcast, Sender, session, Handover.TokenToSend);
        }

        bool asks = hasQuestion;
        hasQuestion = false;
        return asks ? LinkFrames.WriteQuestion(room, MacAddress.Broadcast, Sender, session) : 0;
    }

    /// <summary>Takes what has arrived.</summary>
    public void Listen()
    {
        while (!IsOver && Link.TryReceive(out ReadOnlySpan<byte> bytes))
        {
            bool makesSense = MoveRecord.TryRead(bytes, out MoveRecord record);
            switch (makesSense ? record.Kind : default)
            {
                case RecordKind.Rehearsed:
                    IsRehearsed = true;
                    Act(HandoverEvent.Rehearsed);
                    break;
                case RecordKind.Abort:
                    parts.KeepReason(record.Data);
                    Act(HandoverEvent.PeerAborts);
                    break;
                default:
                    Act(HandoverEvent.Cancel);
                    break;
            }
        }

        // After the records, for the reason of an abort comes with them.
        HandoverEvent what = heard;
        heard = HandoverEvent.Tick;
        if (what != HandoverEvent.Tick)
        {
            Act(what);
        }
    }

    /// <summary>One event, and what follows from it; a write that was asked for is done at once.</summary>
    public void Act(HandoverEvent what)
    {
        HandoverActions actions = Handover.Run(parts.Journal, what, machine.Clock);
        if ((actions & HandoverActions.SendCommit) != 0)
        {
            Link.Self = KeptFrames.Messenger;

            // What the node's clock will show when this is read over there.
            long halfWay = Link.LeastRoundTrip / 2;
            TrySay(RecordKind.Commit, (ulong)(machine.Clock.Now.Nanoseconds + halfWay), default);
            Link.Flush();
        }

        if ((actions & HandoverActions.SendAbort) != 0)
        {
            SayAbort();
        }

        hasToken |= (actions & HandoverActions.SendToken) != 0;
        hasQuestion |= (actions & HandoverActions.Ask) != 0;
        IsOver |= (actions & (HandoverActions.GoOn | HandoverActions.StartAnew)) != 0;
    }

    /// <summary>
    /// Lets the target do all that it can do before the node stands still: use up what it was sent, flush its disk, and
    /// see whether a processor's state like this one could land there.
    /// </summary>
    /// <returns>False if the link takes no more now.</returns>
    public bool Rehearse(ReadOnlySpan<byte> state)
    {
        IsRehearsed = false;
        bool isSaid = Link.HasRoom && TrySay(RecordKind.State, 0, state) && TrySay(RecordKind.Rehearse, 0, default);
        Link.Flush();
        Act(HandoverEvent.Tick);
        trial.Run(journal: null, HandoverEvent.Rehearsed, machine.Clock);
        trial.Run(journal: null, HandoverEvent.Leave, machine.Clock);
        trial.Run(journal: null, HandoverEvent.AllSent, machine.Clock);
        return isSaid;
    }

    /// <summary>
    /// Sends the processor's state. What follows it goes in the same packet, and there is room for that as well.
    /// </summary>
    /// <returns>False if the link takes no more now.</returns>
    public bool TrySendState(ReadOnlySpan<byte> state) => Link.HasRoom && TrySay(RecordKind.State, 0, state);

    // A link that is full of pages takes it later.
    private void SayAbort()
    {
        owesAbort = !TrySay(RecordKind.Abort, 0, "the source has given up"u8) && Link.State == PacketLinkState.Open;
        Link.Flush();
    }

    private bool TrySay(RecordKind kind, ulong place, ReadOnlySpan<byte> data)
    {
        Span<byte> record = parts.Scratch.Bytes;
        MoveRecord.WriteHeader(record, kind, 0, 0, place);
        data.CopyTo(record[MoveRecord.HeaderLength..]);
        return Link.TrySend(record[..(MoveRecord.HeaderLength + data.Length)]);
    }
}
