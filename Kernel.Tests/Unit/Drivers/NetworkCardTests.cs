using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>What every network card's driver must do, whatever its chip does.</summary>
[TestFixtureSource(typeof(CardLab), nameof(CardLab.Kinds))]
public sealed class NetworkCardTests(string kind)
{
    private CardLab lab = null!;

    [SetUp]
    public void StartCard() => lab = CardLab.Create(kind);

    [Test]
    public void The_card_has_the_address_it_was_born_with() =>
        Assert.That(lab.Card.Address, Is.EqualTo(CardLab.Station));

    [Test]
    public void Frames_of_all_lengths_come_whole_and_in_order_round_after_round()
    {
        const int count = 3000;
        Random random = new(1);
        List<byte[]> arrived = [];
        for (int i = 0; i < count; i++)
        {
            byte[] frame = CardLab.Frame(random.Next(60, INetworkDevice.FrameMax + 1), i);
            if (lab.Arrive(frame))
            {
                arrived.Add(frame);
            }

            lab.Serve();
            if (random.Next(4) == 0)
            {
                lab.Run(random.Next(1, 20));
            }
        }

        lab.Run();
        Assert.That(arrived, Has.Count.GreaterThan(count * 2 / 3));
        Assert.That(lab.Received, Has.Count.EqualTo(arrived.Count));
        for (int i = 0; i < arrived.Count; i++)
        {
            Assert.That(lab.Received[i].AsSpan().SequenceEqual(arrived[i]), $"frame {i}");
        }

        Assert.That(lab.Card.Counters.Received, Is.EqualTo(arrived.Count));
        Assert.That(lab.Card.Counters.ReceivedBytes, Is.EqualTo(arrived.Sum(frame => frame.Length)));
        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void With_interrupts_off_frames_are_received_and_sent_by_polling()
    {
        lab.LosesInterrupts = true;
        for (int i = 1; i <= 500; i++)
        {
            Assert.That(lab.Arrive(CardLab.Frame(60 + i, i)), Is.True);
            lab.Card.Poll();
            lab.Card.Receive(lab, 16, lab.Now);
            Assert.That(lab.Received, Has.Count.EqualTo(i));
            Assert.That(lab.Send(CardLab.Frame(60 + i, i)), Is.True);
        }

        lab.Card.Poll();
        Assert.That(lab.Card.Receive(lab, 16, lab.Now), Is.False);
        Assert.That(lab.Sent, Has.Count.EqualTo(500));
        lab.LosesInterrupts = false;
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(501), "afterwards all is as before");
    }

    [Test]
    public void A_frame_that_comes_at_any_moment_is_received_without_another_look()
    {
        int accesses = CountAccesses();
        for (int moment = 1; moment <= accesses; moment++)
        {
            lab = CardLab.Create(kind);
            int left = moment;
            lab.Arrive(CardLab.Frame(300, 1));
            lab.Ports.AfterAccess = () =>
            {
                if (--left == 0)
                {
                    lab.Arrive(CardLab.Frame(301, 2));
                }

                lab.Serve();
            };
            lab.Serve();
            lab.Run();
            lab.Ports.AfterAccess = null;
            Assert.That(lab.Received.Select(frame => frame.Length), Is.EqualTo(new[] { 300, 301 }), $"moment {moment}");
        }
    }

    [Test]
    public void The_handler_of_a_shared_line_may_be_called_at_any_moment()
    {
        int accesses = CountAccesses() + 60;
        for (int moment = 1; moment <= accesses; moment++)
        {
            lab = CardLab.Create(kind);
            int left = moment;
            lab.Arrive(CardLab.Frame(300, 1));
            lab.Ports.AfterAccess = () =>
            {
                if (--left == 0)
                {
                    lab.Interrupt();
                }
            };
            lab.Run();
            lab.Send(CardLab.Frame(200, 3));
            lab.Card.Check(lab.Now);
            lab.Ports.AfterAccess = null;
            lab.Arrive(CardLab.Frame(301, 2));
            lab.Run();
            Assert.That(lab.Received.Select(frame => frame.Length), Is.EqualTo(new[] { 300, 301 }), $"moment {moment}");
            Assert.That(lab.Sent.Single(), Is.EqualTo(CardLab.Frame(200, 3)), $"moment {moment}");
        }
    }

    [Test]
    public void One_interrupt_is_enough_for_a_batch_and_a_call_without_one_costs_nothing()
    {
        for (int i = 0; i < 3; i++)
        {
            lab.Arrive(CardLab.Frame(100, i));
            lab.Serve();
        }

        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(3));
        Assert.That(lab.Card.Counters.Interrupts, Is.EqualTo(1));

        lab.Ports.Accesses = 0;
        Assert.That(lab.Card.Receive(lab, 16, lab.Now), Is.False);
        Assert.That(lab.Ports.Accesses, Is.Zero);
    }

    [Test]
    public void A_budget_is_kept_and_what_is_beyond_it_comes_in_the_next_call()
    {
        for (int i = 0; i < 3; i++)
        {
            lab.Arrive(CardLab.Frame(100, i));
        }

        lab.Serve();
        Assert.That(lab.Card.Receive(lab, 2, lab.Now), Is.True);
        Assert.That(lab.Received, Has.Count.EqualTo(2));
        lab.Card.Receive(lab, 2, lab.Now);
        Assert.That(lab.Received, Has.Count.EqualTo(3));
    }

    [Test]
    public void The_regular_look_finds_frames_whose_interrupt_was_lost()
    {
        lab.LosesInterrupts = true;
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Is.Empty);
        lab.Look(1);
        Assert.That(lab.Received, Has.Count.EqualTo(1));
        Assert.That(lab.Card.Counters.LostInterrupts, Is.EqualTo(1));
        Assert.That(lab.Resets, Is.Zero);

        lab.LosesInterrupts = false;
        lab.Arrive(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_regular_look_at_a_healthy_card_changes_nothing()
    {
        lab.Look(50);
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        lab.Look(50);
        DeviceCounters counters = lab.Card.Counters;
        Assert.That(lab.Received, Has.Count.EqualTo(1));
        Assert.That((lab.Resets, counters.LostInterrupts, counters.Overflows), Is.EqualTo((0, 0L, 0L)));
    }

    [Test]
    public void A_loop_that_forgot_to_come_back_is_reminded()
    {
        for (int i = 0; i < 3; i++)
        {
            lab.Arrive(CardLab.Frame(100, i));
        }

        lab.Serve();
        Assert.That(lab.Card.Receive(lab, 1, lab.Now), Is.True);
        lab.Look(1);
        Assert.That(lab.Received, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_ring_that_is_full_loses_frames_and_nothing_else()
    {
        lab.Serve();
        int stored = 0;
        while (lab.Arrive(CardLab.Frame(INetworkDevice.FrameMax, stored)))
        {
            stored++;
        }

        Assert.That(stored, Is.GreaterThanOrEqualTo(Math.Min(20, lab.Card.ReceiveCapacity / INetworkDevice.FrameMax)));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(stored));
        for (int i = 0; i < 100; i++)
        {
            Assert.That(lab.Arrive(CardLab.Frame(INetworkDevice.FrameMax, i)), "the card receives again");
            lab.Run();
        }

        lab.Look(1);
        Assert.That(lab.Received, Has.Count.EqualTo(stored + 100));
        Assert.That(lab.Card.Counters.Overflows, Is.EqualTo(1));
        Assert.That(lab.Card.Counters.ReceiveMissed, Is.EqualTo(1));
        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void After_a_nonsensical_header_the_card_goes_on()
    {
        lab.Arrive(CardLab.Frame(100, 1));
        lab.ArriveBroken();
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
        DeviceCounters counters = lab.Card.Counters;
        Assert.That(counters.Resets + counters.Overflows, Is.EqualTo(1));
        Assert.That(counters.ReceiveErrors, Is.EqualTo(1));

        lab.Arrive(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(2));
        lab.ArriveBroken();
        lab.ArriveBroken();
        lab.Run();
        lab.ArriveBroken();
        lab.Run();
        lab.Arrive(CardLab.Frame(100, 3));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(3));
        Assert.That(lab.Resets, Is.Positive);
    }

    [Test]
    public void A_thousand_broken_rings_later_the_card_still_works()
    {
        Random random = new(7);
        for (int i = 0; i < 1000; i++)
        {
            if (random.Next(3) == 0)
            {
                lab.ArriveBroken();
            }
            else
            {
                lab.Arrive(CardLab.Frame(random.Next(60, 1515), i));
            }

            lab.Run();
        }

        lab.Received.Clear();
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(1));
    }

    [Test]
    public void Frames_are_sent_as_they_were_written_and_short_ones_are_padded_with_zeros()
    {
        lab.Send(CardLab.Frame(INetworkDevice.FrameMax, 1));
        lab.Send(CardLab.Frame(INetworkDevice.FrameMax, 2));
        lab.Send(CardLab.Frame(20, 3));
        lab.Send(CardLab.Frame(INetworkDevice.FrameMax, 4));
        lab.Send(CardLab.Frame(63, 5));
        lab.Look(1);
        Assert.That(lab.Sent.Select(frame => frame.Length), Is.EqualTo(new[] { 1514, 1514, 60, 1514, 63 }));
        Assert.That(lab.Sent[2], Is.EqualTo(CardLab.Frame(20, 3).Concat(new byte[40])));
        Assert.That(lab.Sent[4], Is.EqualTo(CardLab.Frame(63, 5)));
        Assert.That((lab.Card.Counters.Sent, lab.Card.Counters.SentBytes), Is.EqualTo((5L, (3 * 1514L) + 83)));
        Assert.That(lab.Card.Counters.Interrupts, Is.Zero, "nobody waited for the end");
    }

    [Test]
    public void A_card_that_is_full_refuses_and_tells_when_it_has_room()
    {
        lab.HoldFrames(true);
        int taken = 0;
        while (lab.Send(CardLab.Frame(100, taken)))
        {
            taken++;
            Assert.That(taken, Is.LessThan(100));
        }

        Assert.That(lab.Card.BeginTransmit().IsEmpty);
        lab.Run();
        Assert.That(lab.IsPending, Is.False);
        for (int i = taken; i < 200; i++)
        {
            lab.Complete(fails: false);
            lab.Serve();
            Assert.That(lab.IsPending, "it tells");
            lab.Run();
            Assert.That(lab.Send(CardLab.Frame(100, i)), "it takes one more");
            Assert.That(lab.Card.BeginTransmit().IsEmpty);
        }

        Assert.That(lab.Sent, Has.Count.EqualTo(200 - taken));
        Assert.That(lab.Sent.Select((frame, i) => frame.SequenceEqual(CardLab.Frame(100, i))), Is.All.True);
    }

    [Test]
    public void The_end_of_a_frame_may_come_at_any_moment_of_asking_for_it()
    {
        const int count = 12;
        for (int moment = 1; moment <= 250; moment++)
        {
            lab = CardLab.Create(kind);
            lab.HoldFrames(true);
            int left = moment;
            lab.Ports.AfterAccess = () =>
            {
                if (--left == 0 && lab.IsSending)
                {
                    lab.Complete(fails: false);
                }

                lab.Serve();
            };
            SendAll(count, moment);
            lab.Ports.AfterAccess = null;
            for (int i = 0; i < count && lab.IsSending; i++)
            {
                lab.Complete(fails: false);
                lab.Run();
            }

            Assert.That(lab.Sent, Has.Count.EqualTo(count), $"moment {moment}");
        }
    }

    [Test]
    public void A_transmitter_that_does_not_move_is_started_anew()
    {
        lab.HoldFrames(true);
        while (lab.Send(CardLab.Frame(100, 1)))
        {
        }

        lab.Look(9);
        Assert.That(lab.Resets, Is.Zero);
        lab.Look(3);
        Assert.That(lab.Resets, Is.EqualTo(1));
        Assert.That(lab.Card.Counters.Resets, Is.EqualTo(1));
        lab.HoldFrames(false);
        Assert.That(lab.Send(CardLab.Frame(100, 2)));
        Assert.That(lab.Sent.Single(), Is.EqualTo(CardLab.Frame(100, 2)));
    }

    [Test]
    public void A_slow_transmitter_is_left_alone()
    {
        lab.HoldFrames(true);
        while (lab.Send(CardLab.Frame(100, 1)))
        {
        }

        for (int i = 0; i < 10; i++)
        {
            lab.Look(5);
            lab.Complete(fails: false);
            lab.Run();
            lab.Send(CardLab.Frame(100, 2));
        }

        Assert.That(lab.Resets, Is.Zero);
    }

    [Test]
    public void A_frame_that_failed_is_counted_and_the_next_one_goes_out()
    {
        lab.HoldFrames(true);
        while (lab.Send(CardLab.Frame(100, 1)))
        {
        }

        lab.Complete(fails: true);
        lab.Run();
        lab.Look(1);
        Assert.That(lab.Card.Counters.SendErrors, Is.EqualTo(1));
        Assert.That(lab.Send(CardLab.Frame(100, 1)));
        lab.Complete(fails: false);
        Assert.That(lab.Sent, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_card_that_is_pulled_out_harms_nothing_and_works_when_it_is_back()
    {
        lab.Arrive(CardLab.Frame(100, 1));
        lab.PullOut(true);
        lab.Interrupt();
        lab.Run();
        lab.Look(20);
        Assert.That(lab.Send(CardLab.Frame(100, 1)), Is.False);
        Assert.That(lab.Card.Counters.Resets, Is.EqualTo(1));
        lab.PullOut(false);
        lab.Look(1);
        lab.Arrive(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(CardLab.Frame(100, 2)));
        Assert.That(lab.Send(CardLab.Frame(100, 1)));
    }

    [Test]
    public void Another_address_is_listened_to_and_stays_when_the_chip_is_started_anew()
    {
        MacAddress other = new(0x0200_0000_0042);
        byte[] frame = CardLab.Frame(100, 1);
        other.Write(frame);
        lab.Card.SetAddress(other);
        Assert.That(lab.Card.Address, Is.EqualTo(other));
        lab.Arrive(frame);
        lab.Arrive(CardLab.Frame(100, 2));
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(frame));

        lab.ArriveBroken();
        lab.Run();
        lab.Arrive(frame);
        lab.Run();
        Assert.That(lab.Received, Has.Count.EqualTo(2));
    }

    [Test]
    public void Broadcasts_are_heard_and_other_stations_and_groups_are_not()
    {
        byte[] broadcast = CardLab.Frame(60, 1);
        MacAddress.Broadcast.Write(broadcast);
        byte[] group = CardLab.Frame(60, 2);
        new MacAddress(0x0100_5E00_0001).Write(group);
        byte[] stranger = CardLab.Frame(60, 3);
        new MacAddress(0x5254_0012_3457).Write(stranger);
        lab.Arrive(broadcast);
        lab.Arrive(group);
        lab.Arrive(stranger);
        lab.Run();
        Assert.That(lab.Received.Single(), Is.EqualTo(broadcast));
    }

    [Test]
    public void A_stopped_card_is_silent()
    {
        lab.Arrive(CardLab.Frame(100, 1));
        lab.Card.Stop();
        lab.Serve();
        Assert.That(lab.Arrive(CardLab.Frame(100, 2)), Is.False);
        Assert.That(lab.Asserts, Is.False);
        Assert.That(lab.Card.Receive(lab, 16, lab.Now), Is.False);
        Assert.That(lab.Send(CardLab.Frame(100, 1)), Is.False);
        Assert.That(lab.Received, Is.Empty);
    }

    /// <summary>Sends frames, with no regular look to help: the card must tell whenever it has room again.</summary>
    private void SendAll(int count, int moment)
    {
        for (int given = 0; given < count;)
        {
            lab.Run();
            if (lab.Send(CardLab.Frame(100, given)))
            {
                given++;
            }
            else if (!lab.IsPending)
            {
                Assert.That(lab.IsSending, $"moment {moment}: refused, though nothing is being sent");
                lab.Complete(fails: false);
                lab.Serve();
                Assert.That(lab.IsPending, $"moment {moment}: room again, and nobody tells");
            }
        }
    }

    private int CountAccesses()
    {
        lab.Arrive(CardLab.Frame(300, 1));
        lab.Ports.Accesses = 0;
        lab.Run();
        return lab.Ports.Accesses;
    }
}
