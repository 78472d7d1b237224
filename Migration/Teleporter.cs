using System;
using HaukiOS.Entropy;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Net;

namespace HaukiOS.Migration;

/// <summary>What a teleporter works with.</summary>
/// <param name="Machine">The machine under the node.</param>
/// <param name="Network">Its network.</param>
/// <param name="Disk">The place of its disk.</param>
/// <param name="Lock">Its open store and key, if there are any.</param>
/// <param name="Entropy">Where keys come from.</param>
/// <param name="Log">Where moves are noted.</param>
public sealed record TeleporterParts(
    IMachine Machine, NetworkService Network, DiskSlot Disk, NodeLock Lock, EntropyPool Entropy, KernelLog Log)
{
    /// <summary>Knows which pages of the heap hold nothing; null if nobody does.</summary>
    public IFreeMemory? FreeMemory { get; init; }

    /// <summary>Speaks for this machine about moves that are over; null if nobody does.</summary>
    public Witness? Witness { get; init; }

    /// <summary>Who is told that the node may have run elsewhere; null if nobody is.</summary>
    public TimeJumps? Jumps { get; init; }

    /// <summary>Finds out whether the card's address is used elsewhere; null if nobody does.</summary>
    public StationClaim? Stations { get; init; }
}

/// <summary>
/// Moves this node away, or lets one come here: ties pairing, copying, hand-over and landing to the event loop. One
/// move at a time.
/// </summary>
public sealed class Teleporter : ITeleporter, ILoopSource, IFrameSide, ITimeJumpListener
{
    private const int BeatMilliseconds = 100;
    private const long Millisecond = 1_000_000;

    private readonly TeleporterParts parts;
    private readonly NetworkService network;
    private readonly IMachine machine;
    private readonly DowntimeModel downtime = new();
    private PendingBit? pending;
    private LoopTimer? timer;
    private MoveStatus status;
    private LinkMemory? linkMemory;
    private SourceParts? source;
    private MoveOrder? order;
    private PairingCode? code;
    private PairingClient? client;
    private TargetSide? target;
    private Departure? departure;
    private Swarm.KeyPair? passing; // for a machine that has no key that anybody knows
    private Instant began;

    /// <summary>A teleporter that has nothing to do yet.</summary>
    public Teleporter(TeleporterParts parts)
    {
        this.parts = parts;
        machine = parts.Machine;
        network = parts.Network;
        status.WorkerShare = 100;
    }

    /// <inheritdoc/>
    public int Version { get; private set; }

    /// <inheritdoc/>
    public MoveStatus Status => status;

    /// <inheritdoc/>
    public bool WouldOverwrite => DiskOf.HoldsSomething(parts.Disk);

    /// <inheritdoc/>
    public bool MayOverwrite { get; set; }

    private bool IsBusy => client is not null || departure is not null || target is not null;

    private IFrameSide? FrameSide => departure ?? target?.Arrival ?? (IFrameSide?)parts.Witness;

    /// <summary>Puts it into the loop, and beside the stack.</summary>
    public void Join(EventLoop loop)
    {
        pending = loop.Add(this);
        timer = loop.AddTimer(this);
        loop.AddTimer(this).ScheduleEvery(BeatMilliseconds, Instant.PowerOn);
        network.Side = this;
    }

    /// <inheritdoc/>
    public string? Begin(MoveOrder wanted, Instant now)
    {
        string? problem = FindObstacle() ?? FindNoAddress() ?? machine.PrepareDeparture();
        PairingCode? read = null;
        if (problem is null && wanted.Code is not null && !PairingCode.TryParse(wanted.Code, out read))
        {
            problem = "that is no pairing code; it has 16 letters and digits in groups of four";
        }

        HandoverJournal? journal = null;
        problem ??= DiskOf.OpenJournal(parts.Disk, out journal);
        if (problem is not null)
        {
            read?.Dispose();
            return problem;
        }

        linkMemory ??= new LinkMemory(machine.Local);
        source ??= new SourceParts(machine, parts.Disk, linkMemory, parts.FreeMemory);
        if (!source.TryBeginMove(journal, parts.Lock.Store, now))
        {
            read?.Dispose();
            return "this machine has not enough free memory to send its node away";
        }

        order = wanted;
        code = read;
        began = now;
        client = new PairingClient(
            new PairingOrder(wanted.Target, OwnKey(), parts.Entropy, Offer(source, journal is not null))
            {
                Code = code,
                ExpectedPeer = code is null ? Origin() : null,
                Work = pending,
            },
            network.Stack,
            now);
        status = new MoveStatus { Phase = MovePhase.Connecting, WorkerShare = 100 };
        Changed();
        pending?.Set();
        network.Kick();
        return null;
    }

    /// <inheritdoc/>
    public void Cancel()
    {
        Instant now = machine.Clock.Now;
        client?.Cancel("given up", now);
        departure?.Cancel("the operator has given it up", now);
        pending?.Set();
    }

    /// <inheritdoc/>
    public string? StandBy(out string? shown, Instant now)
    {
        shown = null;
        string? problem = FindObstacle();
        if (problem is not null)
        {
            return problem;
        }

        // Before anybody depends on it. What lay in machine-local memory is gone then.
        linkMemory = null;
        source = null;
        problem = machine.RehearseLanding();
        if (problem is not null)
        {
            return problem;
        }

        linkMemory = new LinkMemory(machine.Local);
        var side = new TargetSide(parts, machine, linkMemory, pending) { MayOverwrite = MayOverwrite };
        problem = side.Open(OwnKey(), out shown, now);
        if (problem is not null)
        {
            return problem;
        }

        if (!side.HasRecord)
        {
            // Nothing here remembers whether a node has left this machine and taken the card's address along.
            parts.Stations?.Avoid(now);
        }

        target = side;
        status = new MoveStatus { Phase = MovePhase.StandingBy, WorkerShare = 100 };
        Changed();
        return null;
    }

    /// <inheritdoc/>
    public void EndStandBy()
    {
        if (target is not null)
        {
            target.Cancel(machine.Clock.Now);
            pending?.Set();
        }
    }

    /// <summary>
    /// Where another copy of this machine may exist, no move goes on: both copies would seal different pages with the
    /// same keys and numbers, and one pairing code would be good for two machines.
    /// </summary>
    public void OnTimeJump(in TimeJump jump)
    {
        if (!jump.MayBeCopied || !IsBusy)
        {
            return;
        }

        const string why = "a machine was stopped, or set back, by its emulator";
        client?.Cancel(why, jump.Now);
        departure?.BreakOff(why);
        target?.BreakOff(why);
        pending?.Set();
    }

    /// <inheritdoc/>
    public bool TryTake(ReadOnlySpan<byte> frame, Instant now)
    {
        bool isTaken = parts.Stations?.TryTake(frame, now) == true || FrameSide?.TryTake(frame, now) == true;
        if (isTaken)
        {
            pending?.Set();
        }

        return isTaken;
    }

    /// <inheritdoc/>
    public int Transmit(Span<byte> room, Instant now)
    {
        int length = FrameSide?.Transmit(room, now) ?? 0;
        return length == 0 ? parts.Stations?.Transmit(room, now) ?? 0 : length;
    }

    /// <inheritdoc/>
    public void OnPending(Instant now)
    {
        if (parts.Witness is { MustStop: true })
        {
            machine.StartAnew();
            return;
        }

        if (client is null && departure is null && target?.Arrival is null)
        {
            parts.Stations?.Step(now);
        }

        bool more = false;
        if (client is not null)
        {
            more = StepPairing(client, now);
        }
        else if (departure is not null)
        {
            more = StepDeparture(departure, now);
        }
        else if (target is not null)
        {
            more = StepTarget(target, now);
        }

        if (more)
        {
            pending?.Set();
        }

        if (IsBusy)
        {
            network.Kick();
        }
    }

    private bool StepPairing(PairingClient pairing, Instant now)
    {
        bool more = pairing.Step(now);
        switch (pairing.State)
        {
            case PairingState.Agreed:
                var policy = new PreCopyPolicy(order!.DowntimeMs, downtime);
                departure = new Departure(machine, source!, pairing.Terms!, policy, now);
                EndPairing();
                // From here on the witness writes nothing, so that the record is found where it was.
                if (source!.Journal is { } journal && !journal.Rehearse())
                {
                    departure.Cancel("the disk does not take the record of the move", now);
                }

                status.Phase = MovePhase.Copying;
                parts.Log.Add($"move: to {order.Target}, {source!.Tracker.PagesLeft} pages");
                Changed();
                return true;
            case PairingState.Failed:
                source!.EndMove();
                Fail(pairing.Problem ?? "the pairing has failed");
                EndPairing();
                return false;
            default:
                return more;
        }
    }

    private bool StepDeparture(Departure move, Instant now)
    {
        bool more = move.Step(now);
        switch (move.State)
        {
            case DepartureState.Landed:
                OnLanded(move);
                return true;
            case DepartureState.Failed:
                TakeFigures(move);
                NoteDropped(move.Wire);
                GiveBackFrames(now);
                departure = null;
                parts.Witness?.Ended(move.Handover.End, move.Handover.Terms);
                Fail(move.Problem ?? "the move has failed");
                if (move.Handover.End == HandoverState.Reclaimed)
                {
                    // The operator knows that the node does not run there; it may have, until that machine died.
                    parts.Jumps?.Tell(new TimeJump(TimeJumpCause.StoodStill, now, 0));
                }

                return false;
            default:
                TakeFigures(move);
                Schedule(move.TryGetNextDue(out Instant due), due);
                return more;
        }
    }

    private bool StepTarget(TargetSide side, Instant now)
    {
        bool more = side.Step(now);
        if (side.IsOver)
        {
            target = null;
            if (side.Arrival is { } arrival)
            {
                NoteDropped(arrival.Wire);
                parts.Witness?.Ended(arrival.Handover.End, arrival.Handover.Terms);
            }

            Fail(side.Problem ?? "nobody came");
            return false;
        }

        side.Report(ref status);
        Changed();
        Schedule(side.TryGetNextDue(out Instant due), due);
        return more;
    }

    // From here on everything that this node knew of its machine is about another one.
    private void OnLanded(Departure move)
    {
        byte[] baggage = machine.Rebind();
        Instant now = machine.Clock.Now;
        departure = null;
        parts.Stations?.Settle();
        parts.Witness?.Landed(baggage, source!.Journal is null ? null : parts.Disk);

        // Whatever is sent to the node is lost, or late, until the wire and the first machine have heard from where it
        // speaks now.
        network.OnPending(now);
        TakeFigures(move);
        status.Phase = MovePhase.Landed;
        status.DowntimeMicroseconds = (now - move.Stopped) / 1000;
        status.TotalMs = (now - began) / Millisecond;
        status.WorkerShare = 100;
        machine.WorkerShare = 100;
        move.WipeKeys();
        source = null;
        linkMemory = null;
        downtime.Learn(status.DowntimeMicroseconds * 1000, move.Estimate);
        parts.Log.Add($"move: landed, stood still {status.DowntimeMicroseconds} us of {status.TotalMs} ms; "
            + $"{move.Estimate / 1000} us were expected");
        LinkFigures wire = move.Wire;
        parts.Log.Add(
            $"move: {wire.PacketsSent} frames, {wire.Retransmissions} of them again, {wire.Timeouts} silences, "
            + $"round trip {wire.RoundTripMicroseconds} us");
        NoteDropped(wire);
        Changed();
    }

    // Some are a bad wire; many are somebody.
    private void NoteDropped(in LinkFigures wire)
    {
        if (wire.Forged + wire.Replayed + wire.Malformed > 0)
        {
            parts.Log.Add(
                $"move: dropped {wire.Forged} forged, {wire.Replayed} repeated and {wire.Malformed} misshapen frames");
        }
    }

    private void TakeFigures(Departure move)
    {
        status.Phase = MovePhase.Copying;
        status.Round = move.Copy.Round;
        status.PagesLeft = move.Copy.PagesLeft;
        status.PagesSent = move.Copy.PagesSent;
        status.SectorsSent = move.Copy.SectorsSent;
        status.BytesSent = move.Wire.BytesSent;
        status.BytesPerSecond = move.Copy.BytesPerSecond;
        status.DirtyPagesPerSecond = move.Copy.Counts.DirtyPagesPerSecond;
        status.EstimatedDowntimeMs = (int)Math.Min((move.Estimate + Millisecond - 1) / Millisecond, int.MaxValue);
        status.WorkerShare = move.WorkerShare;
        Changed();
    }

    // What came for the node while it stood still is its own after all.
    private void GiveBackFrames(Instant now)
    {
        Span<byte> frame = stackalloc byte[INetworkDevice.FrameMax];
        for (int length = source!.Kept.TakeNext(frame); length > 0; length = source.Kept.TakeNext(frame))
        {
            network.Stack.OnFrame(frame[..length], now);
        }

        network.Kick();
    }

    private string? FindObstacle()
    {
        if (IsBusy)
        {
            return "a move is under way";
        }

        if (parts.Witness?.Obstacle is string doubt)
        {
            return doubt;
        }

        if (machine.Card is null)
        {
            return "this machine has no network card";
        }

        return parts.Entropy.IsReady ? null : "not enough randomness has been gathered yet; try again in a moment";
    }

    // Who stands by may come to an address later: nobody finds it before.
    private string? FindNoAddress() => network.Stack.Arp.State == AddressState.InUse
        ? null
        : "this machine has no network address yet; 'net set ADDRESS/PREFIX' gives it one";

    private MoveOffer Offer(SourceParts from, bool hasDisk) => new()
    {
        Source = DiskOf.SideOf(machine, hasDisk ? DiskOf.SectorsNeeded(parts.Disk, parts.Lock.Store) : 0),
        Pages = (uint)from.Tracker.PagesLeft,
        LiveSectors = hasDisk ? from.Disk.SectorsLeft : 0,
        Address = network.Stack.Configuration.Address,
        HasStore = hasDisk,
        IsStoreOpen = parts.Lock.Store is not null,
    };

    // Without a code only a machine will do on which this node was before: its disk still has the boot key.
    private Swarm.Fingerprint? Origin() =>
        parts.Lock.Boot.Key is Swarm.KeyPair boot ? Swarm.Fingerprint.Of(boot.PublicKey) : null;

    private Swarm.KeyPair OwnKey() =>
        parts.Lock.Identity ?? parts.Lock.Boot.Key ?? (passing ??= Swarm.KeyPair.Generate(parts.Entropy));

    private void EndPairing()
    {
        client!.Dispose();
        client = null;
        code?.Dispose();
        code = null;
    }

    private void Fail(string problem)
    {
        status.Phase = MovePhase.Failed;
        status.Problem = problem;
        status.WorkerShare = 100;
        parts.Log.Add("move: " + problem);
        Changed();
    }

    private void Schedule(bool isDue, Instant due)
    {
        if (isDue)
        {
            timer?.Schedule(due);
        }
        else
        {
            timer?.Cancel();
        }
    }

    private void Changed() => Version++;
}
