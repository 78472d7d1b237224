using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Net;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>
/// Speaks for a machine about hand-overs that are over for it, or that were cut off by a restart: answers frames of
/// their sessions from the disk's record, asks where only the other side knows, and tells the other side what it has to
/// know. It lives beside the stack and is driven by it: the network service looks in at least every 100 ms.
/// </summary>
public sealed class Witness : IFrameSide, IWhereabouts
{
    /// <summary>Frames that wait to be sent. More are dropped: whoever wants to know asks again.</summary>
    private const int QueueMax = 8;

    private readonly IClock clock;
    private readonly KernelLog log;
    private readonly ulong[] sessions = new ulong[QueueMax];
    private readonly byte[] tokens = new byte[QueueMax * HandoverTokens.Length];
    private IBlockDevice? disk;
    private HandoverRecord record = new();
    private HandoverJournal? journal;
    private SourceHandover? source;
    private TargetHandover? target;
    private NodePlace told;
    private int queueStart;
    private int queueCount;

    /// <summary>A witness who knows nothing yet.</summary>
    public Witness(IClock clock, KernelLog log)
    {
        this.clock = clock;
        this.log = log;
    }

    /// <inheritdoc/>
    public int Version { get; private set; }

    /// <inheritdoc/>
    public NodePlace Place => Problem is not null ? NodePlace.Unknown
        : target?.Phase == TargetPhase.Superseded ? NodePlace.Resumed : record.State switch
    {
        HandoverState.Owner => NodePlace.Unconfirmed,
        HandoverState.Leaving => NodePlace.InDoubt,
        HandoverState.Moved => NodePlace.Elsewhere,
        HandoverState.Receiving or HandoverState.Aborted => NodePlace.NotArrived,
        HandoverState.Superseded => NodePlace.Resumed,
        _ => NodePlace.Here,
    };

    /// <inheritdoc/>
    public string Peer => record.Terms.PeerFingerprint;

    /// <inheritdoc/>
    public string? Problem { get; private set; }

    /// <summary>The address that its frames come from: that of the card, whichever it is.</summary>
    public Func<MacAddress>? Station { get; set; }

    /// <summary>Has the node come to this machine alive, so that it was never opened anew here?</summary>
    public bool HasLanded { get; private set; }

    /// <summary>
    /// Why this machine must neither send its node away nor take another one, in a sentence; null if it may. A node
    /// that has landed may leave again at once: whoever asks its first machine is answered all the same.
    /// </summary>
    public string? Obstacle => Place is NodePlace.InDoubt or NodePlace.Unknown
        || (Place == NodePlace.Unconfirmed && !HasLanded)
            ? "nobody can tell yet whether the node of this disk is here; the console's 'reclaim' decides it"
            : null;

    /// <summary>The record, as far as it is known.</summary>
    public HandoverRecord Record => record;

    /// <summary>
    /// Must this machine stop running the node at once, because it runs elsewhere? Whoever vouched for that was wrong.
    /// </summary>
    public bool MustStop { get; private set; }

    /// <summary>This machine was switched on: what does its disk say?</summary>
    /// <param name="device">The disk; null if there is none.</param>
    public void Start(IBlockDevice? device)
    {
        disk = device;
        Reload();
        GiveUpHalf();
        NoteChange();
    }

    /// <summary>A node has landed on this machine. Its first machine is told so by the next frame.</summary>
    /// <param name="told">
    /// What it was told: the record as <see cref="HandoverRecord.Encode"/> writes it, and as it stands on the disk.
    /// </param>
    /// <param name="device">The disk that travels with it; null if there is none.</param>
    public void Landed(ReadOnlySpan<byte> told, IBlockDevice? device)
    {
        disk = device;
        HasLanded = true;
        source = null;
        target = null;
        HandoverRecord before = record;
        record = new HandoverRecord();
        if (record.TryDecode(told, out _))
        {
            if (disk is null)
            {
                // The machine that it has left forgets all of it, and an earlier one may still ask.
                record.KeepAnswersOf(before);
            }

            MakeMachines();
        }
        else
        {
            Reload();
        }

        NoteChange();
    }

    /// <summary>A move has ended without a landing: what is this machine to say if it is asked about it?</summary>
    /// <param name="state">How it ended for this machine; none if nothing was ever given away.</param>
    /// <param name="terms">What had been agreed on.</param>
    public void Ended(HandoverState state, HandoverTerms terms)
    {
        if (disk is not null)
        {
            Reload();
            GiveUpHalf();
        }

        if (state != HandoverState.None && !record.Terms.IsSameAs(terms))
        {
            // No disk travelled: the answer is as short-lived as the node.
            record.Enter(state, terms);
            MakeMachines();
        }

        NoteChange();
    }

    // Half a node is here, and nobody brings the rest: the machine was switched off, or could not write that it is so.
    private void GiveUpHalf()
    {
        if (record.State == HandoverState.Receiving)
        {
            Step(HandoverEvent.Cancel);
        }
    }

    private void Reload()
    {
        source = null;
        target = null;
        if (disk is null)
        {
            return;
        }

        journal = HandoverJournal.Open(disk);
        record = journal.Record;
        // The places of a foreign disk's data are no record of ours.
        Problem = journal.Problem is not null && Volume.Inspect(disk, out _) == DiskState.Foreign
            ? null
            : journal.Problem;
        if (Problem is null && journal.Complaint is string complaint)
        {
            log.Add("warning: " + complaint);
        }

        if (Problem is null)
        {
            MakeMachines();
        }
    }

    /// <inheritdoc/>
    public bool Vouch()
    {
        NodePlace before = Place;
        if (before == NodePlace.Unknown)
        {
            return Forget();
        }

        Step(HandoverEvent.Vouched);
        return Place == NodePlace.Here;
    }

    /// <inheritdoc/>
    public bool Forget()
    {
        if (disk is not null)
        {
            journal = HandoverJournal.Open(disk);
            if (journal is { State: HandoverState.None, Problem: null })
            {
                return true;
            }

            if (!journal.WriteNone())
            {
                return false;
            }

            record = journal.Record;
            Problem = null;
        }

        source = null;
        target = null;
        NoteChange();
        return true;
    }

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        if (!LinkFrames.TryRead(frame, out LinkFrameKind kind, out ulong session))
        {
            return false;
        }

        bool isToken = LinkFrames.TryReadToken(frame, out _, out ReadOnlySpan<byte> token);
        if (session == record.Terms.Session && (source is not null || target is not null))
        {
            Step(source?.Recognise(token) ?? target!.Recognise(token));
        }
        else if (record.TryAnswer(session, isToken, out ReadOnlySpan<byte> answer))
        {
            Enqueue(session, answer);
        }

        // Nobody else has to do with frames of moves, whether or not this one made sense.
        return kind != LinkFrameKind.None;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        if (queueCount == 0)
        {
            Step(HandoverEvent.Tick);
        }

        if (queueCount == 0)
        {
            return 0;
        }

        ulong session = sessions[queueStart];
        ReadOnlySpan<byte> token = tokens.AsSpan(queueStart * HandoverTokens.Length, HandoverTokens.Length);
        queueStart = (queueStart + 1) % QueueMax;
        queueCount--;
        MacAddress own = Station?.Invoke() ?? default;
        return token.ContainsAnyExcept((byte)0)
            ? LinkFrames.WriteToken(room, MacAddress.Broadcast, own, session, token)
            : LinkFrames.WriteQuestion(room, MacAddress.Broadcast, own, session);
    }

    private void MakeMachines()
    {
        Instant now = clock.Now;
        source = record.State.IsOfSource() ? SourceHandover.Continue(record, now) : null;
        target = record.State == HandoverState.None || source is not null
            ? null
            : TargetHandover.Continue(record, now);
    }

    private void Step(HandoverEvent what)
    {
        Instant now = clock.Now;
        HandoverActions actions = source?.Step(what, now) ?? target?.Step(what, now) ?? HandoverActions.None;
        while ((actions & HandoverActions.Persist) != 0)
        {
            what = Persist() ? HandoverEvent.Persisted : HandoverEvent.PersistFailed;
            actions = source?.Step(what, now) ?? target!.Step(what, now);
        }

        if (source?.Phase == SourcePhase.GoesOn)
        {
            // It may, but could not write it down, and a store is opened by what is written: it is asked again.
            MakeMachines();
        }

        ulong session = source?.Terms.Session ?? target?.Terms.Session ?? 0;
        if ((actions & HandoverActions.SendToken) != 0)
        {
            Enqueue(session, source is not null ? source.TokenToSend : target!.TokenToSend);
        }
        else if ((actions & HandoverActions.Ask) != 0)
        {
            Enqueue(session, default);
        }

        NoteChange();
    }

    // The record is read again before it is written: a move may have written it in the meantime, and then it is about
    // another hand-over. What cannot be read at the moment says nothing.
    private bool Persist()
    {
        HandoverTerms terms = source?.Terms ?? target!.Terms;
        HandoverState state = source?.ToPersist ?? target!.ToPersist;
        if (disk is null)
        {
            record.Enter(state, terms);
            return true;
        }

        journal = HandoverJournal.Open(disk);
        if (journal.Problem is not null)
        {
            return false;
        }

        bool isWritten = journal.Record.Terms.IsSameAs(terms) && journal.Write(state, terms);
        record = journal.Record;
        return isWritten;
    }

    private void Enqueue(ulong session, ReadOnlySpan<byte> token)
    {
        if (queueCount == QueueMax)
        {
            return;
        }

        int at = (queueStart + queueCount) % QueueMax;
        Span<byte> into = tokens.AsSpan(at * HandoverTokens.Length, HandoverTokens.Length);
        into.Clear();
        token.CopyTo(into);
        sessions[at] = session;
        queueCount++;
    }

    private void NoteChange()
    {
        NodePlace place = Place;
        if (place == told)
        {
            return;
        }

        MustStop |= place == NodePlace.Resumed && told == NodePlace.Unconfirmed;
        told = place;
        Version++;
        log.Add(place switch
        {
            NodePlace.Here => "move: the node is here",
            NodePlace.Unconfirmed => "move: the node is here; the machine it came from has not confirmed it yet",
            NodePlace.InDoubt => "move: only the other machine knows whether the node is there; it is asked",
            NodePlace.Elsewhere => "move: the node is on another machine",
            NodePlace.NotArrived => "move: a node was on its way here and did not arrive",
            NodePlace.Resumed => "move: the node was resumed on the machine that it came from",
            _ => "move: " + Problem,
        });
    }
}
