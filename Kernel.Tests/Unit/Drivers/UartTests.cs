using System;
using System.Collections.Generic;
using System.Text;
using HaukiOS.Drivers.Serial;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The serial port against a simulated part.</summary>
[TestFixture]
public sealed class UartTests
{
    private const long Microsecond = 1000;

    [Test]
    public void A_port_where_nobody_answers_is_no_serial_port() =>
        Assert.That(Uart16550.Probe(new SimulatedPorts(), Uart16550.Com1Base, new SteppingClock(Microsecond)), Is.Null);

    [TestCase(true)]
    [TestCase(false)]
    public void A_part_without_fifo_is_told_from_one_with(bool hasFifo)
    {
        (_, Uart16550 driver) = Connect(hasFifo);
        Assert.That(driver.HasFifo, Is.EqualTo(hasFifo));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Text_is_sent_whole_and_in_order_polled_and_by_interrupt(bool hasFifo)
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo);
        driver.Write("polled "u8);
        driver.EnableInterrupts();
        driver.Write("and driven by interrupts"u8);
        part.Deliver(driver);
        Assert.That(Encoding.UTF8.GetString(part.Sent.ToArray()), Is.EqualTo("polled and driven by interrupts"));
    }

    [Test]
    public void A_lost_interrupt_makes_nobody_deaf()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        part.Arrive((byte)'a');
        Assert.That(driver.Check(), Is.False, "its interrupt may be under way");
        Assert.That(driver.Check(), Is.True);
        Assert.That(driver.TryRead(out byte value), Is.True);
        Assert.That(value, Is.EqualTo((byte)'a'));

        part.Arrive((byte)'b');
        driver.Check();
        part.Deliver(driver);
        part.Arrive((byte)'c');
        Assert.That(driver.Check(), Is.False, "an interrupt came in between");
        part.Deliver(driver);
        Assert.That(driver.TryRead(out _) && driver.TryRead(out value), Is.True);
        Assert.That(value, Is.EqualTo((byte)'c'));
        Assert.That(driver.Check(), Is.False);
    }

    [Test]
    public void A_pasted_megabyte_loses_nothing_if_the_sender_heeds_rts_sixteen_bytes_late()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        byte[] pasted = RandomBytes(1 << 20, seed: 1);
        List<byte> received = new();
        Random random = new(2);
        int next = 0;
        int late = 0;
        while (received.Count < pasted.Length)
        {
            late = part.RequestToSend ? 0 : late + 1;
            bool paused = late > 16 || next == pasted.Length;
            if (!paused)
            {
                part.Arrive(pasted[next++]);
                part.Deliver(driver);
            }

            // The event loop comes only now and then, but when it comes it takes a lot.
            if (paused || random.Next(20_000) == 0)
            {
                for (int i = 0; i < 4096 && driver.TryRead(out byte value); i++)
                {
                    received.Add(value);
                }
            }
        }

        Assert.That(driver.Overruns, Is.Zero);
        Assert.That(received, Is.EqualTo(pasted));
    }

    [Test]
    public void A_sender_that_ignores_rts_but_waits_for_room_in_the_part_loses_nothing_either()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        byte[] pasted = RandomBytes(200_000, seed: 3);
        List<byte> received = new();
        int next = 0;
        while (received.Count < pasted.Length)
        {
            while (next < pasted.Length && part.HasRoom)
            {
                part.Arrive(pasted[next++]);
                part.Deliver(driver);
            }

            for (int i = 0; i < 100 && driver.TryRead(out byte value); i++)
            {
                received.Add(value);
            }

            part.Deliver(driver);
        }

        Assert.That(received, Is.EqualTo(pasted));
    }

    [Test]
    public void Bytes_that_nobody_fetches_in_time_are_counted()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        for (int i = 0; i < 20; i++)
        {
            part.Arrive((byte)i);
        }

        part.Deliver(driver);
        Assert.That(driver.Overruns, Is.EqualTo(1));
    }

    [Test]
    public void A_line_that_stands_still_does_not_hold_the_kernel_up_for_ever()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        part.LineMoves = false;
        driver.EnableInterrupts();
        driver.Write(new byte[Uart16550.TransmitCapacity * 2]);
        driver.Write(new byte[Uart16550.TransmitCapacity * 2]);
        Assert.That(driver.Drain(), Is.False);

        // When it moves again, what waits goes out.
        part.LineMoves = true;
        driver.Write("x"u8);
        part.Deliver(driver);
        Assert.That(part.Sent, Has.Count.GreaterThanOrEqualTo(Uart16550.TransmitCapacity));
    }

    [Test]
    public void Nothing_is_sent_while_the_peer_takes_cts_back_and_everything_after()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        part.ClearToSend = false;
        driver.Write("held"u8);
        part.Deliver(driver);
        Assert.That(part.Sent, Is.Empty);

        part.ClearToSend = true;
        driver.Write("!"u8);
        part.Deliver(driver);
        Assert.That(Encoding.UTF8.GetString(part.Sent.ToArray()), Is.EqualTo("held!"));
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void What_waits_in_the_rings_goes_on_through_another_machines_part(bool had, bool has)
    {
        SimulatedPorts ports = new();
        SimulatedUart first = new(had);
        SimulatedUart second = new(has);
        ports.Add(Uart16550.Com1Base, 8, first);
        Uart16550 driver = Uart16550.Probe(ports, Uart16550.Com1Base, new SteppingClock(Microsecond))!;
        driver.EnableInterrupts();
        first.Arrive((byte)'<');
        first.Deliver(driver);
        first.LineMoves = false;
        driver.Write(new byte[16]);
        driver.Write("unsent"u8);
        driver.Silence();
        Assert.That(first.Interrupts, Is.False);

        ports.Remove(first);
        ports.Add(Uart16550.Com1Base, 8, second);
        second.Arrive((byte)'=');
        Assert.That(driver.TryRestart(), Is.True);
        Assert.That(driver.HasFifo, Is.EqualTo(has));
        driver.EnableInterrupts();
        second.Deliver(driver);
        Assert.That(Encoding.UTF8.GetString(second.Sent.ToArray()), Does.EndWith("unsent"));
        second.Arrive((byte)'>');
        second.Deliver(driver);
        Assert.That(driver.TryRead(out byte before) ? before : 0, Is.EqualTo((byte)'<'));
        Assert.That(driver.TryRead(out byte meanwhile) ? meanwhile : 0, Is.EqualTo((byte)'='));
        Assert.That(driver.TryRead(out byte after) ? after : 0, Is.EqualTo((byte)'>'));

        ports.Remove(second);
        Assert.That(driver.TryRestart(), Is.False);
    }

    [Test]
    public void A_kernel_that_stands_still_can_talk_past_rings_and_interrupts()
    {
        (SimulatedUart part, Uart16550 driver) = Connect(hasFifo: true);
        driver.EnableInterrupts();
        driver.WriteAtOnce("still here"u8);
        Assert.That(Encoding.UTF8.GetString(part.Sent.ToArray()), Is.EqualTo("still here"));
        Assert.That(driver.ReadAtOnce(), Is.Negative);
        part.Arrive((byte)'y');
        Assert.That(driver.ReadAtOnce(), Is.EqualTo('y'));
        part.LineMoves = false;
        driver.WriteAtOnce("xx"u8);
        Assert.That(part.Sent, Has.Count.LessThanOrEqualTo(12), "a line that stands still is given up");
    }

    private static (SimulatedUart Part, Uart16550 Driver) Connect(bool hasFifo)
    {
        SimulatedPorts ports = new();
        SimulatedUart part = new(hasFifo);
        ports.Add(Uart16550.Com1Base, 8, part);
        Uart16550? driver = Uart16550.Probe(ports, Uart16550.Com1Base, new SteppingClock(Microsecond));
        Assert.That(driver, Is.Not.Null);
        return (part, driver!);
    }

    private static byte[] RandomBytes(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
