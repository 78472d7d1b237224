using System;
using System.Collections.Generic;
using HaukiOS.Drivers;
using HaukiOS.Drivers.Interrupts;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The interrupt controllers, and the ring that handlers fill.</summary>
[TestFixture]
public sealed class PicAndRingTests
{
    [Test]
    public void The_controllers_are_moved_behind_the_exceptions_with_every_line_masked()
    {
        (Part first, Part second, Pic8259 pic) = Connect();
        Assert.That(first.Commands, Is.EqualTo(new byte[] { 0x11 }));
        Assert.That(first.Data[..3], Is.EqualTo(new byte[] { 0x20, 0x04, 0x01 }));
        Assert.That(second.Data[..3], Is.EqualTo(new byte[] { 0x28, 0x02, 0x01 }));
        Assert.That(first.Mask, Is.EqualTo(0xFB), "only the cascade is open");
        Assert.That(second.Mask, Is.EqualTo(0xFF));
        pic.Unmask(4);
        pic.Unmask(14);
        Assert.That((first.Mask, second.Mask), Is.EqualTo(((byte)0xEB, (byte)0xBF)));
        pic.Mask(4);
        Assert.That(first.Mask, Is.EqualTo(0xFB));
        pic.MaskAll();
        Assert.That((first.Mask, second.Mask), Is.EqualTo(((byte)0xFF, (byte)0xFF)));
    }

    [Test]
    public void A_served_line_of_the_second_controller_is_told_to_both()
    {
        (Part first, Part second, Pic8259 pic) = Connect();
        pic.EndOfInterrupt(14);
        Assert.That((first.Commands[^1], second.Commands[^1]), Is.EqualTo(((byte)0x20, (byte)0x20)));
    }

    [Test]
    public void A_request_that_went_away_is_told_from_a_real_one()
    {
        (Part first, Part second, Pic8259 pic) = Connect();
        Assert.That(pic.IsSpurious(4), Is.False, "only the last line can be");
        first.InService = 0x80;
        Assert.That(pic.IsSpurious(7), Is.False);
        first.InService = 0;
        int commands = first.Commands.Count;
        Assert.That(pic.IsSpurious(7), Is.True);
        Assert.That(first.Commands[commands..], Has.None.EqualTo((byte)0x20));
        Assert.That(pic.IsSpurious(15), Is.True);
        Assert.That(first.Commands[^1], Is.EqualTo(0x20), "the first controller saw a real request of the second");
        Assert.That(second.Commands[^1], Is.Not.EqualTo(0x20));
    }

    [Test]
    public void A_ring_keeps_order_and_bound_through_many_wraps()
    {
        ByteRing ring = new(64);
        Queue<byte> expected = new();
        Random random = new(8);
        byte[] chunk = new byte[100];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(chunk);
            int offered = random.Next(chunk.Length + 1);
            int taken = random.Next(4) == 0 && offered > 0
                ? (ring.TryWrite(chunk[0]) ? 1 : 0)
                : ring.Write(chunk.AsSpan(0, offered));
            for (int k = 0; k < taken; k++)
            {
                expected.Enqueue(chunk[k]);
            }

            Assert.That(ring.Count, Is.EqualTo(expected.Count));
            Assert.That(ring.Count + ring.Free, Is.EqualTo(ring.Capacity));
            for (int k = random.Next(80); k > 0; k--)
            {
                bool any = ring.TryRead(out byte value);
                Assert.That(any, Is.EqualTo(expected.Count > 0));
                Assert.That(!any || value == expected.Dequeue());
            }
        }
    }

    [TestCase(0)]
    [TestCase(48)]
    [TestCase(-16)]
    public void A_ring_of_an_odd_size_is_refused(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new ByteRing(capacity));

    private static (Part First, Part Second, Pic8259 Pic) Connect()
    {
        SimulatedPorts ports = new();
        Part first = new();
        Part second = new();
        ports.Add(0x20, 2, first);
        ports.Add(0xA0, 2, second);
        Pic8259 pic = new(ports);
        pic.Initialise(0x20);
        return (first, second, pic);
    }

    private sealed class Part : ISimulatedDevice
    {
        public List<byte> Commands { get; } = new();

        public List<byte> Data { get; } = new();

        public byte Mask => Data[^1];

        public byte InService { get; set; }

        public uint Read(int offset, int width) => offset == 0 && Commands[^1] == 0x0B ? InService : 0u;

        public void Write(int offset, int width, uint value) => (offset == 0 ? Commands : Data).Add((byte)value);
    }
}
