using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Migration;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>Two machines that were switched off in the middle of a hand-over, or after it.</summary>
[TestFixture]
public sealed class WitnessTests
{
    private TestClock clock = null!;
    private HandoverTerms sourceTerms = null!;
    private HandoverTerms targetTerms = null!;
    private SimulatedDisk sourceDisk = null!;
    private SimulatedDisk targetDisk = null!;
    private Witness source = null!;
    private Witness target = null!;

    [SetUp]
    public void Switch_on()
    {
        clock = new TestClock();
        (sourceTerms, targetTerms) = HandoverLab.Terms();
        sourceDisk = new SimulatedDisk(StoreLab.SmallDisk);
        targetDisk = new SimulatedDisk(StoreLab.SmallDisk);
    }

    [Test]
    public void A_disk_that_never_moved_has_nothing_to_say()
    {
        Start();
        Talk();
        Assert.That((source.Place, source.Version), Is.EqualTo((NodePlace.Here, 0)));
        Assert.That(source.TryTake(Question(5), clock.Now), "frames of moves are nobody else's");
        Assert.That(source.Transmit(new byte[128], clock.Now), Is.Zero);
    }

    [Test]
    public void A_node_that_has_landed_lets_its_source_go_and_is_confirmed()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        Start();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.InDoubt, NodePlace.Unconfirmed)));
        Talk();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.Elsewhere, NodePlace.Here)));
        Assert.That(HandoverJournal.Open(sourceDisk).State, Is.EqualTo(HandoverState.Moved));
        Assert.That(HandoverJournal.Open(targetDisk).State, Is.EqualTo(HandoverState.Settled));
    }

    [Test]
    public void A_target_that_was_switched_off_before_it_decided_gives_the_node_back()
    {
        Write(HandoverState.Leaving, HandoverState.Receiving);
        Start();
        Talk();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.Here, NodePlace.NotArrived)));
        Assert.That(HandoverJournal.Open(sourceDisk).State, Is.EqualTo(HandoverState.Returned));
    }

    [Test]
    public void A_source_in_doubt_asks_until_somebody_answers()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        source = NewWitness(sourceDisk);
        for (int i = 0; i < 50; i++)
        {
            clock.Pass(1000);
            Assert.That(source.Transmit(new byte[128], clock.Now), Is.Positive);
            Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
        }

        target = NewWitness(targetDisk);
        Talk();
        Assert.That(source.Place, Is.EqualTo(NodePlace.Elsewhere));
    }

    [Test]
    public void An_operator_ends_the_doubt_and_the_target_hears_of_it()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        source = NewWitness(sourceDisk);
        Assert.That(source.Vouch());
        Assert.That(source.Place, Is.EqualTo(NodePlace.Here));
        target = NewWitness(targetDisk);
        Talk();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.Here, NodePlace.Resumed)));
        Assert.That(target.MustStop, "somebody may have opened the store meanwhile");
        Assert.That(NewWitness(targetDisk).MustStop, Is.False, "after a restart nothing runs that had to stop");
    }

    [Test]
    public void A_word_that_cannot_be_written_down_does_not_count()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        source = NewWitness(sourceDisk);
        sourceDisk.FailWriteIn = 1;
        Assert.That(source.Vouch(), Is.False);
        Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
        Assert.That(source.Vouch());
    }

    [Test]
    public void An_answer_that_cannot_be_written_down_is_asked_for_again()
    {
        Write(HandoverState.Leaving, HandoverState.Aborted);
        source = NewWitness(sourceDisk);
        sourceDisk.FailWriteIn = 1;
        Assert.That(source.TryTake(Token(sourceTerms.Session, targetTerms.SecondToken), clock.Now));
        Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
        Assert.That(source.Vouch(), "an operator's word still counts");
        Write(HandoverState.Leaving, HandoverState.None);
        source = NewWitness(sourceDisk);
        sourceDisk.FailWriteIn = 1;
        target = NewWitness(targetDisk);
        Talk();
        Assert.That(source.Place, Is.EqualTo(NodePlace.Here));
    }

    [Test]
    public void A_record_that_cannot_be_read_for_a_while_does_not_bring_the_node_here()
    {
        Write(HandoverState.Leaving, HandoverState.Aborted);
        source = NewWitness(sourceDisk);
        sourceDisk.MakeUnreadable(HaukiOS.Store.VolumeLayout.HandoverA.First);
        sourceDisk.MakeUnreadable(HaukiOS.Store.VolumeLayout.HandoverB.First);
        Assert.That(source.TryTake(Token(sourceTerms.Session, targetTerms.FirstToken), clock.Now));
        Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
        Assert.That(source.Vouch(), Is.False, "nor does an operator's word that is not written down");
        Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
    }

    [Test]
    public void A_node_that_was_resumed_elsewhere_stops_even_if_that_cannot_be_written_down()
    {
        Write(HandoverState.Reclaimed, HandoverState.Owner);
        Start();
        targetDisk.FailWriteIn = 1;
        Talk();
        Assert.That((target.Place, target.MustStop), Is.EqualTo((NodePlace.Resumed, true)));
        Assert.That(HandoverJournal.Open(targetDisk).State, Is.EqualTo(HandoverState.Owner));
    }

    [Test]
    public void A_target_that_could_not_write_that_it_gave_up_answers_all_the_same([Values] bool isForGood)
    {
        Write(HandoverState.Leaving, HandoverState.None);
        target = NewWitness(targetDisk);
        Write(HandoverState.None, HandoverState.Receiving);
        targetDisk.FailWriteIn = isForGood ? 1 : 0;
        target.Ended(HandoverState.Aborted, targetTerms);
        source = NewWitness(sourceDisk);
        Talk();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.Here, NodePlace.NotArrived)));
    }

    [Test]
    public void The_source_of_a_move_that_was_cut_off_is_answered_although_another_node_came([Values] bool isFormatted)
    {
        Write(HandoverState.Leaving, HandoverState.Receiving);
        HandoverJournal journal = HandoverJournal.Open(targetDisk);
        Assert.That(isFormatted
            ? journal.WriteNone()
            : journal.Write(HandoverState.Receiving, HandoverLab.Terms(2).Target));
        Start();
        Talk();
        Assert.That(source.Place, Is.EqualTo(NodePlace.Here));
    }

    [Test]
    public void Whoever_has_gone_on_to_another_move_still_answers_for_the_one_before()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        (HandoverTerms laterSource, _) = HandoverLab.Terms(2);
        HandoverJournal.Open(targetDisk).Write(HandoverState.Moved, laterSource);
        Start();
        Talk();
        Assert.That(source.Place, Is.EqualTo(NodePlace.Elsewhere));
    }

    [Test]
    public void Two_who_have_both_gone_on_do_not_answer_each_other_without_end()
    {
        Write(HandoverState.Moved, HandoverState.Owner);
        HandoverJournal.Open(sourceDisk).Write(HandoverState.Aborted, HandoverLab.Terms(2).Target);
        HandoverJournal.Open(targetDisk).Write(HandoverState.Moved, HandoverLab.Terms(3).Source);
        Start();
        Assert.That(source.TryTake(Token(targetTerms.Session, targetTerms.FirstToken), clock.Now));
        int frames = Talk();
        Assert.That(frames, Is.LessThan(5));
    }

    [Test]
    public void A_token_of_somebody_else_changes_nothing()
    {
        Write(HandoverState.Leaving, HandoverState.Owner);
        source = NewWitness(sourceDisk);
        Random random = new(3);
        byte[] token = new byte[HandoverTokens.Length];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(token);
            source.TryTake(Token(sourceTerms.Session, token), clock.Now);
        }

        Assert.That(source.Place, Is.EqualTo(NodePlace.InDoubt));
    }

    [Test]
    public void A_node_without_a_disk_is_spoken_for_from_what_it_was_told()
    {
        HandoverRecord told = new();
        told.Enter(HandoverState.Owner, targetTerms);
        target = new Witness(clock, new KernelLog(clock));
        target.Landed(Encoded(told), null);
        Write(HandoverState.Leaving, HandoverState.None);
        source = NewWitness(sourceDisk);
        Talk();
        Assert.That((source.Place, target.Place), Is.EqualTo((NodePlace.Elsewhere, NodePlace.Here)));
    }

    [Test]
    public void A_node_without_a_disk_that_has_moved_on_still_answers_its_first_machine()
    {
        HandoverRecord told = new();
        told.Enter(HandoverState.Owner, targetTerms);
        target = new Witness(clock, new KernelLog(clock));
        target.Landed(Encoded(told), null);
        (_, HandoverTerms later) = HandoverLab.Terms(2);
        HandoverRecord next = new();
        next.Enter(HandoverState.Owner, later);
        target.Landed(Encoded(next), null);
        Write(HandoverState.Leaving, HandoverState.None);
        source = NewWitness(sourceDisk);
        Talk();
        Assert.That(source.Place, Is.EqualTo(NodePlace.Elsewhere));
    }

    [Test]
    public void A_damaged_record_leaves_it_to_an_operator()
    {
        Write(HandoverState.Leaving, HandoverState.None);
        HandoverJournal.Open(sourceDisk).Rehearse();
        HaukiOS.Store.Volume.BeginFormat(sourceDisk);
        sourceDisk.FlipBit(HaukiOS.Store.VolumeLayout.HandoverA.First, 999);
        sourceDisk.FlipBit(HaukiOS.Store.VolumeLayout.HandoverB.First, 999);
        source = NewWitness(sourceDisk);
        Assert.That((source.Place, source.Problem is null), Is.EqualTo((NodePlace.Unknown, false)));
        Assert.That(source.Vouch());
        Assert.That(source.Place, Is.EqualTo(NodePlace.Here));
    }

    [Test]
    public void The_bytes_of_a_foreign_disk_are_no_record()
    {
        new Random(1).NextBytes(sourceDisk.Image.AsSpan(0, 256 * IBlockDevice.SectorSize));
        byte[] before = (byte[])sourceDisk.Image.Clone();
        source = NewWitness(sourceDisk);
        Assert.That(source.Place, Is.EqualTo(NodePlace.Here));
        Assert.That(sourceDisk.Image, Is.EqualTo(before));
    }

    private static byte[] Encoded(HandoverRecord record)
    {
        byte[] bytes = new byte[HandoverRecord.LengthMax];
        return bytes[..record.Encode(bytes)];
    }

    private static byte[] Question(ulong session)
    {
        byte[] frame = new byte[64];
        LinkFrames.WriteQuestion(frame, MacAddress.Broadcast, HandoverLab.SourceStation, session);
        return frame;
    }

    private static byte[] Token(ulong session, ReadOnlySpan<byte> token)
    {
        byte[] frame = new byte[128];
        LinkFrames.WriteToken(frame, MacAddress.Broadcast, HandoverLab.TargetStation, session, token);
        return frame;
    }

    private void Write(HandoverState atSource, HandoverState atTarget)
    {
        if (atSource != HandoverState.None)
        {
            HandoverJournal.Open(sourceDisk).Write(atSource, sourceTerms);
        }

        if (atTarget != HandoverState.None)
        {
            HandoverJournal.Open(targetDisk).Write(atTarget, targetTerms);
        }
    }

    private void Start()
    {
        source = NewWitness(sourceDisk);
        target = NewWitness(targetDisk);
    }

    private Witness NewWitness(IBlockDevice disk)
    {
        Witness one = new(clock, new KernelLog(clock));
        one.Start(disk);
        return one;
    }

    // Two seconds, each looked in at every 100 ms as the network service does it.
    private int Talk()
    {
        int frames = 0;
        byte[] room = new byte[256];
        for (int i = 0; i < 20; i++)
        {
            clock.Pass(100);
            for (int length = source.Transmit(room, clock.Now); length > 0; length = source.Transmit(room, clock.Now))
            {
                frames++;
                target.TryTake(room.AsSpan(0, length), clock.Now);
            }

            for (int length = target.Transmit(room, clock.Now); length > 0; length = target.Transmit(room, clock.Now))
            {
                frames++;
                source.TryTake(room.AsSpan(0, length), clock.Now);
            }
        }

        return frames;
    }

    private sealed class TestClock : IClock
    {
        public Instant Now { get; private set; } = Instant.PowerOn.AddMilliseconds(1000);

        public void Pass(int milliseconds) => Now = Now.AddMilliseconds(milliseconds);
    }
}
