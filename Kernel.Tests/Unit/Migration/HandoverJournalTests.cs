using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

[TestFixture]
public sealed class HandoverJournalTests
{
    private SimulatedDisk disk = null!;
    private HandoverTerms source = null!;
    private HandoverTerms target = null!;

    [SetUp]
    public void NewDisk()
    {
        disk = new SimulatedDisk(StoreLab.SmallDisk);
        (source, target) = HandoverLab.Terms();
    }

    [Test]
    public void A_disk_that_never_moved_is_in_no_move()
    {
        HandoverJournal journal = HandoverJournal.Open(disk);
        Assert.That((journal.State, journal.Problem), Is.EqualTo((HandoverState.None, (string?)null)));
        Assert.That(journal.State.MayRun());
        Assert.That(journal.Record.TryAnswer(0, false, out _), Is.False);
    }

    [Test]
    public void Every_state_is_read_as_it_was_written([Range(1, 9)] int number)
    {
        var state = (HandoverState)number;
        HandoverTerms terms = state.IsOfSource() ? source : target;
        terms.SetNodeKey(NodeKey());
        terms.SetStation(HandoverLab.SourceStation);
        Assert.That(HandoverJournal.Open(disk).Write(state, terms));
        HandoverJournal journal = HandoverJournal.Open(disk);
        HandoverTerms read = journal.Record.Terms;
        Assert.That(journal.State, Is.EqualTo(state));
        Assert.That((read.Session, read.Peer), Is.EqualTo((terms.Session, terms.Peer)));
        Assert.That(read.Station, Is.EqualTo(HandoverLab.SourceStation));
        Assert.That(read.PeerFingerprint, Is.EqualTo(terms.PeerFingerprint));
        Assert.That(read.Id.SequenceEqual(terms.Id));
        Assert.That(read.NodeKey.SequenceEqual(NodeKey()));
    }

    [Test]
    public void A_decided_target_can_show_one_token_only()
    {
        HandoverJournal journal = HandoverJournal.Open(disk);
        byte[] run = target.FirstToken.ToArray();
        byte[] abort = target.SecondToken.ToArray();
        journal.Write(HandoverState.Receiving, target);
        Assert.That(journal.Record.TryAnswer(target.Session, false, out _), Is.False, "nothing is decided");
        journal.Write(HandoverState.Owner, target);
        Assert.That(journal.Record.TryAnswer(target.Session, false, out ReadOnlySpan<byte> answer));
        Assert.That(answer.SequenceEqual(run));
        Assert.That(journal.Record.Terms.SecondToken.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        journal = HandoverJournal.Open(new SimulatedDisk(StoreLab.SmallDisk));
        journal.Write(HandoverState.Aborted, target);
        Assert.That(journal.Record.TryAnswer(target.Session, false, out answer));
        Assert.That(answer.SequenceEqual(abort));
        Assert.That(journal.Record.Terms.FirstToken.IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
    }

    [Test]
    public void Answers_to_the_last_eight_hand_overs_are_kept()
    {
        HandoverJournal journal = HandoverJournal.Open(disk);
        for (int number = 1; number <= 12; number++)
        {
            Assert.That(journal.Write(HandoverState.Aborted, HandoverLab.Terms(number).Target));
        }

        HandoverRecord record = HandoverJournal.Open(disk).Record;
        for (int number = 1; number <= 12; number++)
        {
            HandoverTerms terms = HandoverLab.Terms(number).Target;
            bool isKnown = record.TryAnswer(terms.Session, false, out ReadOnlySpan<byte> token);
            Assert.That(isKnown, Is.EqualTo(number >= 4), $"hand-over {number}");
            Assert.That(!isKnown || token.SequenceEqual(terms.SecondToken), $"hand-over {number}");
        }
    }

    [Test]
    public void A_new_store_leaves_the_answer_and_nothing_else()
    {
        HandoverJournal journal = HandoverJournal.Open(disk);
        journal.Write(HandoverState.Moved, source);
        Assert.That(journal.WriteNone());
        HandoverRecord record = HandoverJournal.Open(disk).Record;
        Assert.That((record.State, record.Terms.Session), Is.EqualTo((HandoverState.None, 0UL)));
        Assert.That(record.TryAnswer(source.Session, true, out ReadOnlySpan<byte> token));
        Assert.That(token.SequenceEqual(source.FirstToken));
    }

    [Test]
    public void A_power_cut_leaves_the_state_before_or_after()
    {
        Random power = new(11);
        for (int round = 0; round < 300; round++)
        {
            HandoverJournal journal = Receive(out SimulatedDisk fresh);
            fresh.CutAt = fresh.Requests + 1 + power.Next(2);
            Assert.That(() => journal.Write(HandoverState.Owner, target), Throws.TypeOf<PowerCutException>());
            HandoverJournal after = HandoverJournal.Open(fresh.AfterPowerCut(power));
            Assert.That(after.State, Is.AnyOf(HandoverState.Receiving, HandoverState.Owner), $"round {round}");
        }
    }

    [Test]
    public void What_follows_a_failed_write_never_costs_the_state_before_it()
    {
        Random power = new(12);
        for (int round = 0; round < 300; round++)
        {
            HandoverJournal journal = FailToDecide(out SimulatedDisk fresh);
            Assert.That(journal.State, Is.EqualTo(HandoverState.Receiving));
            fresh.CutAt = fresh.Requests + 1 + power.Next(2);
            Assert.That(() => journal.Write(HandoverState.Aborted, target), Throws.TypeOf<PowerCutException>());
            HandoverJournal after = HandoverJournal.Open(fresh.AfterPowerCut(power));
            Assert.That(after.Problem, Is.Null);
            Assert.That(
                after.State, Is.AnyOf(HandoverState.Receiving, HandoverState.Owner, HandoverState.Aborted));
        }
    }

    [Test]
    public void What_is_read_after_a_failed_flush_stays_and_is_not_written_over()
    {
        Random power = new(13);
        for (int round = 0; round < 300; round++)
        {
            HandoverJournal journal = FailToDecide(out SimulatedDisk fresh);
            fresh.FailFlushIn = round % 2;
            HandoverJournal again = HandoverJournal.Open(fresh);
            Assert.That(
                HandoverJournal.Open(fresh.AfterPowerCut(power)).State, Is.EqualTo(again.State), $"round {round}");
            fresh.CutAt = fresh.Requests + 1 + power.Next(2);
            Assert.That(() => again.Write(HandoverState.Aborted, target), Throws.TypeOf<PowerCutException>());
            HandoverJournal after = HandoverJournal.Open(fresh.AfterPowerCut(power));
            Assert.That((after.Problem, after.State), Is.AnyOf(
                ((string?)null, again.State), ((string?)null, HandoverState.Aborted)), $"round {round}");
        }
    }

    [Test]
    public void A_record_of_which_the_disk_does_not_say_that_it_keeps_it_is_not_believed()
    {
        HandoverJournal.Open(disk).Write(HandoverState.Returned, source);
        disk.FailFlushIn = 1;
        Assert.That(HandoverJournal.Open(disk).State, Is.EqualTo(HandoverState.Returned), "it may be asked twice");
        HandoverJournal doubtful = HandoverJournal.Open(new Unflushable(disk));
        Assert.That(doubtful.Problem, Does.Contain("does not say that it keeps"));
        Assert.That(HandoverJournal.Open(new Unflushable(new SimulatedDisk(StoreLab.SmallDisk))).Problem, Is.Null);
    }

    [Test]
    public void A_power_cut_in_the_first_records_of_all_leaves_a_disk_that_never_moved()
    {
        Random power = new(14);
        int torn = 0;
        for (int round = 0; round < 600; round++)
        {
            SimulatedDisk fresh = new(StoreLab.SmallDisk / 16);
            HandoverJournal journal = HandoverJournal.Open(fresh);
            fresh.CutAt = fresh.Requests + 1 + power.Next(4);
            Assert.That(() => journal.Write(HandoverState.Receiving, target), Throws.TypeOf<PowerCutException>());
            SimulatedDisk left = fresh.AfterPowerCut(power);
            HandoverJournal after = HandoverJournal.Open(left);
            torn += after.Complaint is null ? 0 : 1;
            Assert.That(after.Problem, Is.Null, $"round {round}");
            Assert.That(after.State, Is.AnyOf(HandoverState.None, HandoverState.Receiving), $"round {round}");
            Assert.That(after.Write(HandoverState.Owner, target));
            Assert.That(HandoverJournal.Open(left).State, Is.EqualTo(HandoverState.Owner), $"round {round}");
        }

        Assert.That(torn, Is.Positive);
    }

    [Test]
    public void What_counts_is_never_in_the_first_copy_alone([Range(1, 9)] int number)
    {
        HandoverJournal.Open(disk).Write((HandoverState)number, source);
        disk.FlipBit(VolumeLayout.HandoverA.First, 900);
        Assert.That(HandoverJournal.Open(disk).State, Is.EqualTo((HandoverState)number));
        disk.FlipBit(VolumeLayout.HandoverB.First, 900);
        Assert.That(HandoverJournal.Open(disk).Problem, Is.Not.Null);
    }

    [Test]
    public void Both_copies_damaged_is_a_problem_and_not_a_disk_that_never_moved()
    {
        HandoverJournal journal = HandoverJournal.Open(disk);
        journal.Write(HandoverState.Moved, source);
        journal.Rehearse();
        disk.FlipBit(VolumeLayout.HandoverA.First, 900);
        disk.FlipBit(VolumeLayout.HandoverB.First, 900);
        Assert.That(HandoverJournal.Open(disk).Problem, Does.Contain("hand-over record"));
    }

    [Test]
    public void A_station_address_is_used_where_its_node_is()
    {
        HandoverRecord record = new();
        Assert.That(record.StationFor(HandoverLab.TargetStation), Is.EqualTo(HandoverLab.TargetStation));
        source.SetStation(HandoverLab.SourceStation);
        target.SetStation(HandoverLab.SourceStation);
        record.Enter(HandoverState.Owner, target);
        Assert.That(record.StationFor(HandoverLab.TargetStation), Is.EqualTo(HandoverLab.SourceStation));
        Assert.That(record.StationGone, Is.EqualTo(default(MacAddress)), "the node is here");
        record.Enter(HandoverState.Leaving, source);
        Assert.That(record.StationFor(HandoverLab.SourceStation), Is.EqualTo(default(MacAddress)));
        record.Enter(HandoverState.Moved, source);
        Assert.That(record.StationGone, Is.EqualTo(HandoverLab.SourceStation));
        record.BecomeNone();
        Assert.That(record.StationGone, Is.EqualTo(HandoverLab.SourceStation), "a new store does not bring it back");
        Assert.That(record.StationFor(HandoverLab.SourceStation), Is.EqualTo(default(MacAddress)));
        Assert.That(record.StationFor(HandoverLab.TargetStation), Is.EqualTo(HandoverLab.TargetStation));
        record.Enter(HandoverState.Returned, source);
        Assert.That(record.StationFor(HandoverLab.SourceStation), Is.EqualTo(HandoverLab.SourceStation));
    }

    [Test]
    public void Bytes_that_are_no_record_are_refused()
    {
        HandoverRecord record = new();
        record.Enter(HandoverState.Aborted, target);
        record.Enter(HandoverState.Leaving, HandoverLab.Terms(2).Source);
        byte[] good = new byte[HandoverRecord.LengthMax];
        int length = record.Encode(good);
        Assert.That(new HandoverRecord().TryDecode(good.AsSpan(0, length), out _));
        foreach ((int at, byte value) in new (int, byte)[] { (0, 1), (4, 0), (6, 10), (6, 0), (7, 2), (7, 9), (8, 1) })
        {
            byte[] bad = good.AsSpan(0, length).ToArray();
            bad[at] = value;
            Assert.That(new HandoverRecord().TryDecode(bad, out string? reason), Is.False, $"byte {at}");
            Assert.That(reason, Is.Not.Null);
        }

        for (int cut = 0; cut < length; cut++)
        {
            Assert.That(new HandoverRecord().TryDecode(good.AsSpan(0, cut), out _), Is.False, $"{cut} bytes");
        }

        good[4] = 2;
        new HandoverRecord().TryDecode(good.AsSpan(0, length), out string? newer);
        Assert.That(newer, Does.Contain("a newer one wrote it"));
    }

    [Test]
    public void What_happens_while_the_node_stands_still_allocates_nothing()
    {
        NullDisk quiet = new();
        HandoverJournal journal = HandoverJournal.Open(quiet);
        journal.Rehearse();
        SourceHandover handover = new(source);
        SourceHandover rehearsal = new(HandoverLab.Terms(2).Source);
        byte[] run = target.FirstToken.ToArray();
        FixedClock clock = new();
        Leave(rehearsal, journal, HandoverLab.Terms(2).Target.FirstToken, clock);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Leave(handover, journal, run, clock);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(handover.Phase, Is.EqualTo(SourcePhase.Moved));
        Assert.That(allocated, Is.Zero);
    }

    private static void Leave(SourceHandover handover, HandoverJournal journal, ReadOnlySpan<byte> run, IClock clock)
    {
        handover.Run(journal, HandoverEvent.Rehearsed, clock);
        handover.Run(journal, HandoverEvent.Leave, clock);
        handover.Run(journal, HandoverEvent.AllSent, clock);
        handover.Run(journal, HandoverEvent.Tick, clock);
        handover.Run(journal, handover.Recognise(run), clock);
    }

    private static byte[] NodeKey()
    {
        byte[] key = new byte[HandoverTerms.NodeKeyLength];
        key.AsSpan().Fill(7);
        return key;
    }

    // A small disk on whose record a node arrives.
    private HandoverJournal Receive(out SimulatedDisk fresh)
    {
        fresh = new SimulatedDisk(StoreLab.SmallDisk / 16);
        HandoverJournal journal = HandoverJournal.Open(fresh);
        journal.Write(HandoverState.Receiving, target);
        return journal;
    }

    // The same, and the record that decides could not be flushed.
    private HandoverJournal FailToDecide(out SimulatedDisk fresh)
    {
        HandoverJournal journal = Receive(out fresh);
        fresh.FailFlushIn = 1;
        Assert.That(journal.Write(HandoverState.Owner, target), Is.False);
        return journal;
    }

    private sealed class FixedClock : IClock
    {
        public Instant Now => Instant.PowerOn;
    }

    /// <summary>A disk whose flushes all fail.</summary>
    private sealed class Unflushable(SimulatedDisk inner) : IBlockDevice
    {
        public string Name => inner.Name;

        public long SectorCount => inner.SectorCount;

        public BlockResult Read(long sector, Span<byte> into) => inner.Read(sector, into);

        public BlockResult Write(long sector, ReadOnlySpan<byte> from) => inner.Write(sector, from);

        public BlockResult Flush() => BlockResult.DeviceFault;
    }

    /// <summary>A disk that keeps one record's place, without the bookkeeping of the simulated one.</summary>
    private sealed class NullDisk : IBlockDevice
    {
        private readonly byte[] bytes = new byte[256 * IBlockDevice.SectorSize];

        public string Name => "memory";

        public long SectorCount => bytes.Length / IBlockDevice.SectorSize;

        public BlockResult Read(long sector, Span<byte> into)
        {
            bytes.AsSpan((int)sector * IBlockDevice.SectorSize, into.Length).CopyTo(into);
            return BlockResult.Ok;
        }

        public BlockResult Write(long sector, ReadOnlySpan<byte> from)
        {
            from.CopyTo(bytes.AsSpan((int)sector * IBlockDevice.SectorSize));
            return BlockResult.Ok;
        }

        public BlockResult Flush() => BlockResult.Ok;
    }
}
