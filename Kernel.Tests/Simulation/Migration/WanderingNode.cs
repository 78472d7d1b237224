using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Migration;
using HaukiOS.Tests.Simulation.Store;
using HaukiOS.Tests.Unit.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// Three machines with disks, real records and real witnesses, between which a node goes to and fro as chance has it:
/// what <see cref="TwoMovesModel"/> says of them in tables of its own, done with the things themselves. Frames are
/// lost, late and doubled, the power fails, writes and flushes fail, links die.
/// </summary>
internal sealed class WanderingNode : IClock
{
    private const int MovesMax = 12;

    private readonly Random random;
    private readonly Station[] stations;
    private readonly List<byte[]> frames = [];
    private readonly byte[] room = new byte[256];
    private int newest;

    /// <summary>The node is on the first machine.</summary>
    public WanderingNode(int seed)
    {
        random = new Random(seed);
        stations = [new Station(), new Station(), new Station()];
        stations[0].Version = 0;
        foreach (Station station in stations)
        {
            SwitchOn(station);
        }
    }

    /// <inheritdoc/>
    public Instant Now { get; private set; } = Instant.PowerOn.AddMilliseconds(1000);

    /// <summary>Moves that were begun.</summary>
    public int Moves { get; private set; }

    /// <summary>Landings.</summary>
    public int Landings { get; private set; }

    /// <summary>What has gone wrong; null if nothing has.</summary>
    public string? Wrong { get; private set; }

    /// <summary>One thing happens.</summary>
    public void Step()
    {
        Station station = stations[random.Next(stations.Length)];
        switch (random.Next(80))
        {
            case 0:
                SwitchOff(station);
                break;
            case <= 4:
                SwitchOn(station);
                break;
            case 5:
                station.Disk.FailWriteIn = random.Next(1, 3);
                break;
            case 6:
                station.Disk.FailFlushIn = random.Next(1, 3);
                break;
            case 7 when random.Next(4) == 0:
                Act(station, HandoverEvent.Cancel);
                break;
            case < 20:
                Begin(station, stations[random.Next(stations.Length)]);
                break;
            case < 24 when frames.Count > 0:
                // Late, once more, and to whoever is there.
                Deliver(frames[random.Next(frames.Count)], null);
                break;
            case < 60:
                Advance(station);
                break;
            default:
                Pass(station, random.Next(2) == 0);
                break;
        }

        Check();
    }

    /// <summary>From here on everything works, and nobody wants to move.</summary>
    /// <returns>Why not all is well in the end; null if it is.</returns>
    public string? Settle()
    {
        for (int round = 0; round < 100; round++)
        {
            foreach (Station station in stations)
            {
                station.Disk.FailWriteIn = station.Disk.FailFlushIn = 0;
                SwitchOn(station);
                Act(station, station.Passage is { IsTargetIn: true, IsSourceIn: true }
                    ? HandoverEvent.Cancel
                    : HandoverEvent.LinkDead);
                Pass(station, isHeard: true);
                Check();
            }
        }

        int running = 0;
        foreach (Station station in stations)
        {
            running += station.Runs ? 1 : 0;
            if (station.Witness!.Place is NodePlace.InDoubt or NodePlace.Unknown || station.Passage is not null)
            {
                return $"a machine is still {station.Witness.Place}";
            }
        }

        return Wrong ?? (running == 1 ? null : $"{running} run");
    }

    private void Check()
    {
        int running = 0;
        foreach (Station station in stations)
        {
            if (!station.Runs)
            {
                continue;
            }

            running++;
            Wrong ??= station.Version != newest ? "an old state runs" : null;
            station.Version = ++newest;
        }

        Wrong ??= running > 1 ? "two run" : null;
    }

    private void SwitchOn(Station station)
    {
        if (station.Witness is not null)
        {
            return;
        }

        station.Witness = new Witness(this, new KernelLog(this));
        station.Witness.Start(station.Disk);
        OpenIfHere(station);
    }

    private void SwitchOff(Station station)
    {
        station.Disk = station.Disk.AfterPowerCut(random);
        station.Witness = null;
        station.Runs = false;
        station.Passage?.Leave(station);
        station.Passage = null;
    }

    // The store is opened at one place in the code, and that place asks the witness.
    private void OpenIfHere(Station station)
    {
        bool isStopped = station.Passage is { } passage && passage.From == station;
        if (station.Witness is { MustStop: true })
        {
            SwitchOff(station);
        }
        else if (!isStopped)
        {
            station.Runs |= station.Version >= 0 && station.Witness is { Place: NodePlace.Here };
        }
    }

    private void Begin(Station from, Station to)
    {
        bool isFree = from != to && from.Runs && to is { Runs: false, Witness: not null }
            && from.Passage is null && to.Passage is null && Moves < MovesMax
            && from.Witness!.Obstacle is null && to.Witness.Obstacle is null;
        HandoverState state = HandoverJournal.Open(to.Disk).State;
        bool isLeftOver = state is HandoverState.Moved or HandoverState.Receiving or HandoverState.Aborted
            or HandoverState.Superseded || (state == HandoverState.None && to.Version < 0);
        if (!isFree || !isLeftOver)
        {
            return;
        }

        HandoverJournal journal = HandoverJournal.Open(from.Disk);
        if (journal.State.IsHere() && journal.Rehearse())
        {
            (HandoverTerms source, HandoverTerms target) = HandoverLab.Terms(++Moves);
            from.Passage = to.Passage = new Crossing(from, to, new SourceHandover(source), new TargetHandover(target))
            {
                FromJournal = journal, ToJournal = HandoverJournal.Open(to.Disk),
            };
            Act(to, HandoverEvent.Begin);
        }
    }

    // What a move does by itself.
    private void Advance(Station station)
    {
        if (station.Passage is not { } passage)
        {
            return;
        }

        bool isSource = passage.From == station;
        if (isSource && passage.IsHeard && random.Next(2) == 0)
        {
            Act(station, HandoverEvent.Rehearsed);
            Act(station, HandoverEvent.Leave);
        }
        else if (isSource && station.Runs)
        {
            station.Runs = random.Next(2) == 0;
        }
        else if (isSource)
        {
            passage.SentVersion = passage.Source.Phase == SourcePhase.Leaving ? station.Version : passage.SentVersion;
            Act(station, HandoverEvent.AllSent);
        }
        else if (passage.IsCommitted)
        {
            Act(station, HandoverEvent.Commit);
        }

        if (!passage.IsSourceIn || !passage.IsTargetIn || passage.IsOff)
        {
            Act(station, HandoverEvent.LinkDead);
        }
    }

    // Time passes, and the machine says what it has to say.
    private void Pass(Station station, bool isHeard)
    {
        Now = Now.AddMilliseconds(random.Next(50, 1500));
        Act(station, HandoverEvent.Tick);
        while (station is { Passage: null, Witness: { } witness } && witness.Transmit(room, Now) is int length and > 0)
        {
            Say(station, room[..length], isHeard);
            OpenIfHere(station);
        }
    }

    private void Say(Station station, byte[] frame, bool isHeard)
    {
        frames.Add(frame);
        if (isHeard)
        {
            Deliver(frame, station);
        }
    }

    private void Deliver(byte[] frame, Station? sender)
    {
        bool isToken = LinkFrames.TryReadToken(frame, out _, out ReadOnlySpan<byte> token);
        LinkFrames.TryRead(frame, out _, out ulong session);
        foreach (Station station in stations)
        {
            if (station == sender)
            {
                continue;
            }

            if (station.Passage is { } passage)
            {
                if (session == passage.Source.Terms.Session)
                {
                    Act(station, passage.From == station
                        ? passage.Source.Recognise(token)
                        : isToken ? passage.Target.Recognise(token) : HandoverEvent.Asked);
                }
            }
            else if (station.Witness is not null)
            {
                station.Witness.TryTake(frame, Now);
                OpenIfHere(station);
            }
        }
    }

    private void Act(Station station, HandoverEvent what)
    {
        if (station.Passage is not { } passage)
        {
            return;
        }

        if (passage.From == station)
        {
            ActAtSource(station, passage, what);
        }
        else
        {
            ActAtTarget(station, passage, what);
        }
    }

    private void ActAtSource(Station station, Crossing passage, HandoverEvent what)
    {
        HandoverActions actions = passage.Source.Run(passage.FromJournal, what, this);
        passage.IsCommitted |= (actions & HandoverActions.SendCommit) != 0;
        passage.IsOff |= (actions & HandoverActions.SendAbort) != 0;
        ulong session = passage.Source.Terms.Session;
        if ((actions & HandoverActions.SendToken) != 0)
        {
            SayToken(station, session, passage.Source.TokenToSend);
        }
        else if ((actions & HandoverActions.Ask) != 0)
        {
            int length = LinkFrames.WriteQuestion(room, MacAddress.Broadcast, HandoverLab.SourceStation, session);
            Say(station, room[..length], random.Next(2) == 0);
        }

        if (station.Passage != passage)
        {
            return; // somebody's answer to what was said has come first
        }

        if ((actions & HandoverActions.StartAnew) != 0)
        {
            SwitchOff(station);
        }
        else if ((actions & HandoverActions.GoOn) != 0)
        {
            passage.Leave(station);
            station.Passage = null;
            station.Runs = true;
            station.Witness!.Ended(passage.Source.End, passage.Source.Terms);
        }
    }

    private void ActAtTarget(Station station, Crossing passage, HandoverEvent what)
    {
        if (what == HandoverEvent.Commit && passage.Target.Phase == TargetPhase.Receiving)
        {
            station.Version = passage.SentVersion;
        }

        HandoverActions actions = passage.Target.Run(passage.ToJournal, what, this);
        passage.IsOff |= (actions & HandoverActions.SendAbort) != 0;
        passage.IsHeard |= passage.Target.Phase == TargetPhase.Receiving;
        bool isOver = passage.Target.Phase is TargetPhase.Aborted or TargetPhase.Refused;
        if (isOver || (actions & HandoverActions.Land) != 0)
        {
            passage.Leave(station);
            station.Passage = null;
        }

        if ((actions & HandoverActions.Land) != 0)
        {
            Landings++;
            station.Runs = true;
            station.Witness = new Witness(this, new KernelLog(this));
            byte[] told = new byte[HandoverRecord.LengthMax];
            int length = HandoverJournal.Open(station.Disk).Record.Encode(told);
            station.Witness.Landed(told.AsSpan(0, length), station.Disk);
        }
        else if (isOver)
        {
            station.Witness!.Ended(passage.Target.End, passage.Target.Terms);
        }

        // A node that has landed says it itself.
        if ((actions & (HandoverActions.SendToken | HandoverActions.Land)) == HandoverActions.SendToken)
        {
            SayToken(station, passage.Target.Terms.Session, passage.Target.TokenToSend);
        }
    }

    private void SayToken(Station station, ulong session, ReadOnlySpan<byte> token)
    {
        int length = LinkFrames.WriteToken(room, MacAddress.Broadcast, HandoverLab.SourceStation, session, token);
        Say(station, room[..length], random.Next(2) == 0);
    }

    private sealed class Station
    {
        public SimulatedDisk Disk { get; set; } = new(HaukiOS.Store.VolumeLayout.HeaderSectors);

        /// <summary>Null while it is switched off.</summary>
        public Witness? Witness { get; set; }

        public Crossing? Passage { get; set; }

        public bool Runs { get; set; }

        /// <summary>Which state of the node is here; negative if there never was any.</summary>
        public int Version { get; set; } = -1;
    }

    private sealed record Crossing(Station From, Station To, SourceHandover Source, TargetHandover Target)
    {
        public required HandoverJournal FromJournal { get; init; }

        public required HandoverJournal ToJournal { get; init; }

        public bool IsSourceIn { get; private set; } = true;

        public bool IsTargetIn { get; private set; } = true;

        public bool IsHeard { get; set; }

        public bool IsCommitted { get; set; }

        public bool IsOff { get; set; }

        public int SentVersion { get; set; } = -1;

        public void Leave(Station station)
        {
            IsSourceIn &= station != From;
            IsTargetIn &= station != To;
        }
    }
}
