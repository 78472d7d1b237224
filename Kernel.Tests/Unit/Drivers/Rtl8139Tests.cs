using System;
using System.Linq;
using HaukiOS.Drivers.Network;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>What is peculiar to the RTL8139.</summary>
[TestFixture]
public sealed class Rtl8139Tests
{
    private Rtl8139Lab lab = null!;

    [SetUp]
    public void StartCard() => lab = new Rtl8139Lab();

    [Test]
    public void Ports_where_nobody_answers_are_no_card() =>
        Assert.That(Rtl8139.Probe(new SimulatedPorts(), 0xC000, 11, lab.Memory, isPlus: false), Is.Null);

    [Test]
    public void A_chip_that_never_ends_its_reset_is_no_card()
    {
        lab.Chip.HangsInReset = true;
        Assert.That(Rtl8139.Probe(lab.Ports, 0xC000, 11, lab.Memory, isPlus: false), Is.Null);
    }

    [Test]
    public void A_batch_costs_eight_accesses_and_a_frame_to_send_one()
    {
        lab.Ports.Accesses = 0;
        for (int i = 0; i < 5; i++)
        {
            lab.Arrive(CardLab.Frame(1514, i));
        }

        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(5));
        Assert.That(lab.Ports.Accesses, Is.LessThanOrEqualTo(3 + 7));

        lab.Ports.Accesses = 0;
        for (int i = 0; i < 16; i++)
        {
            Assert.That(lab.Send(CardLab.Frame(1514, i)));
        }

        Assert.That(lab.Ports.Accesses, Is.EqualTo(16 + 3), "and every fourth one more");
    }

    [Test]
    public void A_frame_that_is_still_being_written_is_waited_for()
    {
        lab.Arrive(CardLab.Frame(100, 1));
        Action finish = lab.Chip.BeginFrame(CardLab.Frame(200, 2));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
        finish();
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(2));
        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void A_frame_that_is_never_finished_starts_the_chip_anew()
    {
        lab.Chip.BeginFrame(CardLab.Frame(200, 2));
        lab.Look(1);
        Assert.That(lab.Resets, Is.Zero);
        lab.Look(5);
        Assert.That(lab.Resets, Is.EqualTo(1));
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_frame_too_long_for_ethernet_is_passed_over()
    {
        lab.Arrive(CardLab.Frame(4000, 1));
        lab.Arrive(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(CardLab.Frame(100, 2)));
        Assert.That(lab.Card.Counters.ReceiveErrors, Is.EqualTo(1));
        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void Not_even_a_monstrous_frame_is_written_over_memory_that_is_not_the_rings()
    {
        // An emulated wire can carry more than 64 KiB; the chip then writes on beyond the end of its ring.
        const int monster = (64 + 4) * 1024;
        while (lab.Chip.WritePointer < Rtl8139.RingSize - 1600)
        {
            lab.Arrive(CardLab.Frame(1000, 1));
            lab.Run();
        }

        lab.Send(CardLab.Frame(1514, 3));
        lab.Chip.ArriveUnchecked(CardLab.Frame(monster, 2));
        lab.Run();
        lab.Look(5);
        Assert.That(lab.Chip.HighestWritten, Is.LessThan(lab.Chip.LowestTransmitAddress));
        lab.Received.Clear();
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(CardLab.Frame(100, 1)));
    }

    [Test]
    public void A_full_ring_is_not_asked_to_interrupt()
    {
        // An emulator keeps frames back for a driver that does not ask for that interrupt, and drops them otherwise.
        const int ringOverflow = 0x10;
        lab.Run();
        Assert.That(lab.Chip.Mask & ringOverflow, Is.Zero);
        Assert.That(lab.Chip.Mask, Is.Not.Zero);
    }

    [Test]
    public void A_plus_chip_is_given_large_segments_and_told_how_to_cut_them()
    {
        const uint largeSend = 1u << 27, checksums = (1u << 16) | (1u << 18), whole = 3u << 28, own = 1u << 31;
        lab = new Rtl8139Lab(isPlus: true);
        Assert.That(lab.Card.OffersTcpChecksum);
        Span<byte> room = lab.Card.BeginTransmit();
        Assert.That(room.Length, Is.EqualTo(lab.Card.LargeFrameMax).And.GreaterThan(20_000));
        byte[] large = CardLab.Frame(20_000, 1);
        large.CopyTo(room);
        lab.Ports.Accesses = 0;
        lab.Card.EndTransmit(large.Length, new TransmitOffload { TcpChecksum = true, SegmentSize = 1448 });
        Assert.That(lab.Ports.Accesses, Is.EqualTo(1));
        Assert.That(lab.Sent.Single(), Is.EqualTo(large));
        Assert.That(lab.Chip.LastDescriptor, Is.EqualTo(own | whole | largeSend | (1448u << 16)));

        lab.Card.BeginTransmit();
        lab.Card.EndTransmit(1000, new TransmitOffload { TcpChecksum = true });
        Assert.That(lab.Chip.LastDescriptor, Is.EqualTo(own | whole | checksums));
        lab.Card.BeginTransmit();
        lab.Card.EndTransmit(1000, default);
        Assert.That(lab.Chip.LastDescriptor, Is.EqualTo(own | whole));
    }

    [Test]
    public void A_classic_chip_offers_nothing_that_it_cannot_do()
    {
        Assert.That(lab.Card.OffersTcpChecksum, Is.False);
        Assert.That(lab.Card.LargeFrameMax, Is.EqualTo(INetworkDevice.FrameMax));
    }

    [Test]
    public void After_an_underrun_the_chip_waits_for_more_of_a_frame_before_it_sends()
    {
        lab.HoldFrames(true);
        lab.Send(CardLab.Frame(100, 1));
        uint before = lab.Chip.LastThreshold;
        lab.Chip.Complete(1u << 14);
        lab.Look(1);
        lab.Send(CardLab.Frame(100, 1));
        Assert.That(lab.Chip.LastThreshold, Is.GreaterThan(before));
        for (int i = 0; i < 20; i++)
        {
            lab.Chip.Complete(1u << 14);
            lab.Look(1);
            lab.Send(CardLab.Frame(100, 1));
        }

        const uint wholeFrame = 1514 / 32;
        const uint chipMemory = (2048 - 256) / 32;
        Assert.That(lab.Chip.LastThreshold, Is.GreaterThan(wholeFrame).And.LessThanOrEqualTo(chipMemory));
        Assert.That(lab.Card.Counters.SendErrors, Is.EqualTo(21));
    }

    [Test]
    public void After_a_frame_that_was_given_up_the_chip_is_told_to_go_on()
    {
        lab.HoldFrames(true);
        lab.Send(CardLab.Frame(100, 1));
        lab.Chip.Complete(1u << 30);
        lab.Look(1);
        Assert.That(lab.Chip.AbortCleared);
    }

    [Test]
    public void A_receiver_that_loses_everything_though_its_ring_is_empty_is_started_anew()
    {
        lab.Chip.IsDeaf = true;
        for (int i = 0; i < 5 && lab.Resets == 0; i++)
        {
            lab.Arrive(CardLab.Frame(100, 1));
            lab.Look(1);
        }

        Assert.That(lab.Resets, Is.EqualTo(1));
        Assert.That(lab.Card.Counters.ReceiveMissed, Is.EqualTo(3));
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_chip_that_has_switched_its_receiver_off_or_failed_on_the_bus_is_started_anew()
    {
        lab.Chip.LoseReceiver();
        lab.Look(1);
        Assert.That(lab.Resets, Is.EqualTo(1));
        lab.Chip.FailBus();
        lab.Look(1);
        Assert.That(lab.Resets, Is.EqualTo(2));
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void The_wire_is_looked_at()
    {
        Assert.That(lab.Card.Link, Is.EqualTo(LinkState.Up));
        lab.Chip.IsUnplugged = true;
        lab.Look(1);
        Assert.That(lab.Card.Link, Is.EqualTo(LinkState.Down));
        lab.Chip.IsUnplugged = false;
        lab.Look(1);
        Assert.That(lab.Card.Link, Is.EqualTo(LinkState.Up));
    }

    [Test]
    public void A_stopped_chip_uses_no_memory()
    {
        Assert.That(lab.Chip.UsesMemory);
        lab.Card.Stop();
        Assert.That(lab.Chip.UsesMemory, Is.False);
    }
}
