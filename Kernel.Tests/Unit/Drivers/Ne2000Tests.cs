using System;
using System.Linq;
using HaukiOS.Drivers.Network;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>What is peculiar to the NE2000 and its relatives.</summary>
[TestFixture]
public sealed class Ne2000Tests
{
    [TestCase(4, 32, false, "NE2000 at 0x0300, no line found, polled, 32 bits, 32 KiB")]
    [TestCase(2, 32, false, "NE2000 at 0x0300, no line found, polled, 16 bits, 32 KiB")]
    [TestCase(2, 16, false, "NE2000 at 0x0300, no line found, polled, 16 bits, 16 KiB")]
    [TestCase(2, 16, true, "NE2000 at 0x0300, no line found, polled, 16 bits, 16 KiB")]
    [TestCase(4, 16, true, "NE2000 at 0x0300, no line found, polled, 32 bits, 16 KiB")]
    [TestCase(1, 16, false, "NE2000 at 0x0300, no line found, polled, 8 bits, 16 KiB")]
    [TestCase(1, 8, false, "NE2000 at 0x0300, no line found, polled, 8 bits, 8 KiB")]
    [TestCase(1, 8, true, "NE2000 at 0x0300, no line found, polled, 8 bits, 8 KiB")]
    public void Width_and_memory_of_a_card_are_measured(int width, int kibibytes, bool repeats, string name)
    {
        SimulatedPorts ports = new();
        ports.Add(Ne2000Lab.Place, 32, new SimulatedNe2000(width, kibibytes) { MemoryRepeats = repeats });
        Ne2000? card = Ne2000.Probe(ports, Ne2000Lab.Place, "NE2000");
        Assert.That(card?.Name, Is.EqualTo(name));
        Assert.That(card!.Address, Is.EqualTo(CardLab.Station));
    }

    [Test]
    public void Ports_where_nobody_answers_or_another_device_remembers_what_is_written_are_no_card()
    {
        SimulatedPorts ports = new();
        Assert.That(Ne2000.Probe(ports, Ne2000Lab.Place, "NE2000"), Is.Null);
        ports.Add(Ne2000Lab.Place, 32, new Memory());
        Assert.That(Ne2000.Probe(ports, Ne2000Lab.Place, "NE2000"), Is.Null);
    }

    [Test]
    public void Sixteen_frames_are_read_in_one_stream()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        for (int i = 0; i < 16; i++)
        {
            Assert.That(lab.Arrive(CardLab.Frame(1514, i)));
        }

        lab.Ports.Accesses = 0;
        lab.Run();
        const int words = 16 * 1536 / 4;
        Assert.That(lab.Received, Has.Count.EqualTo(16));
        Assert.That(lab.Ports.Accesses - words, Is.LessThanOrEqualTo(26));
    }

    [Test]
    public void A_ring_that_overflows_without_a_word_wedges_nothing()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        lab.Chip.OverflowsSilently = true;
        for (int round = 0; round < 20; round++)
        {
            int stored = 0;
            for (int i = 0; i < 40; i++)
            {
                stored += lab.Arrive(CardLab.Frame(1514, i)) ? 1 : 0;
                lab.Serve();
            }

            Assert.That(stored, Is.EqualTo(lab.Card.ReceiveCapacity / INetworkDevice.FrameMax));
            lab.Run();
            Assert.That(lab.Received, Has.Count.EqualTo(stored));
            lab.Received.Clear();
        }

        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void A_ring_that_is_full_to_the_last_page_and_taken_for_an_empty_one_costs_no_reset()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        lab.Chip.OverflowsSilently = true;
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            for (int i = 0; i < 60; i++)
            {
                lab.Arrive(CardLab.Frame(random.Next(2) == 0 ? 60 : 1514, i));
            }

            lab.Run();
            lab.Look(1);
        }

        Assert.That(lab.Card.Counters.Overflows, Is.Positive, "it has happened");
        Assert.That(lab.Received, Has.Count.GreaterThan(300 * 10));
        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void An_overflow_is_dealt_with_by_the_procedure_of_the_datasheet()
    {
        Ne2000Lab lab = new(width: 2, kibibytes: 16);
        Fill(lab);
        lab.Run();
        Assert.That(lab.Chip.Recoveries, Is.EqualTo(1));
        Assert.That(lab.Chip.IsOn);
        Assert.That(lab.Arrive(CardLab.Frame(100, 1)));
        lab.Run();
        Assert.That(lab.Received.Last(), Is.EqualTo(CardLab.Frame(100, 1)));
    }

    [Test]
    public void A_frame_that_an_overflow_cuts_off_is_sent_again_and_the_one_behind_it_comes_after()
    {
        Ne2000Lab lab = new(width: 2, kibibytes: 16);
        lab.HoldFrames(true);
        lab.Send(CardLab.Frame(100, 1));
        lab.Send(CardLab.Frame(100, 2));
        Fill(lab);
        lab.Run();
        Assert.That(lab.Chip.Recoveries, Is.EqualTo(1));
        lab.Complete(fails: false);
        lab.Run();
        lab.Complete(fails: false);
        lab.Run();
        Assert.That(lab.Sent, Is.EqualTo(new[] { CardLab.Frame(100, 1), CardLab.Frame(100, 2) }));
    }

    [Test]
    public void A_frame_that_was_sent_before_the_chip_stopped_is_not_sent_twice()
    {
        Ne2000Lab lab = new(width: 2, kibibytes: 16);
        lab.Send(CardLab.Frame(100, 1));
        Fill(lab);
        lab.Run();
        lab.Send(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Sent, Is.EqualTo(new[] { CardLab.Frame(100, 1), CardLab.Frame(100, 2) }));
    }

    [Test]
    public void Nothing_is_sent_while_the_chip_recovers()
    {
        Ne2000Lab lab = new(width: 2, kibibytes: 16);
        Fill(lab);
        lab.Serve();
        Assert.That(lab.Card.Receive(lab, 16, lab.Now), Is.True);
        Assert.That(lab.Card.BeginTransmit().IsEmpty);
        lab.Run();
        Assert.That(lab.Card.BeginTransmit().IsEmpty, Is.False);
    }

    [Test]
    public void A_card_that_ignores_its_address_registers_listens_to_another_address_all_the_same()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        lab.Chip.IgnoresAddressRegisters = true;
        MacAddress other = new(0x0200_0000_0042);
        lab.Card.SetAddress(other);
        byte[] frame = CardLab.Frame(100, 1);
        other.Write(frame);
        lab.Arrive(CardLab.Frame(100, 2));
        lab.Arrive(frame);
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(frame));
    }

    [Test]
    public void A_chip_that_points_outside_its_ring_or_stops_by_itself_is_started_anew()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        lab.Chip.LosePlace();
        lab.Look(1);
        Assert.That(lab.Resets, Is.EqualTo(1));
        lab.Chip.StopByItself();
        lab.Look(1);
        Assert.That(lab.Resets, Is.EqualTo(2));
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_transfer_that_never_ends_holds_nobody_up()
    {
        Ne2000Lab lab = new(width: 2, kibibytes: 16);
        lab.Chip.TransfersNeverEnd = true;
        lab.Ports.Accesses = 0;
        lab.Send(CardLab.Frame(100, 1));
        Assert.That(lab.Ports.Accesses, Is.LessThan(2000));
        Assert.That(lab.Resets, Is.EqualTo(1));
        lab.Chip.TransfersNeverEnd = false;
        lab.Send(CardLab.Frame(100, 2));
        Assert.That(lab.Sent.Single(), Is.EqualTo(CardLab.Frame(100, 2)));
    }

    [Test]
    public void What_the_chip_counts_is_counted()
    {
        Ne2000Lab lab = new(width: 4, kibibytes: 32);
        lab.Chip.CountErrors(alignment: 3, checksum: 4);
        lab.Look(2);
        Assert.That(lab.Card.Counters.ReceiveErrors, Is.EqualTo(7));
    }

    private static void Fill(Ne2000Lab lab)
    {
        for (int i = 0; lab.Arrive(CardLab.Frame(1514, i)); i++)
        {
        }
    }

    private sealed class Memory : ISimulatedDevice
    {
        private readonly byte[] bytes = new byte[32];

        public uint Read(int offset, int width) => bytes[offset];

        public void Write(int offset, int width, uint value) => bytes[offset] = (byte)value;
    }
}
