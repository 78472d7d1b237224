using System.Collections.Generic;
using HaukiOS.Drivers.Time;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The timer of power management.</summary>
[TestFixture]
public sealed class PowerTimerTests
{
    [TestCase(new uint[] { 3_579_540, 3_579_545 }, 1_000_000_000)]
    [TestCase(new uint[] { 0xFF00_0000 + 3_579_540, 3_579_545 }, 1_000_000_000)]
    [TestCase(new uint[] { 9, 1_000_000, 3_579_540, 3_579_545 }, 1_000_000_000, Description = "torn, twice")]
    [TestCase(new uint[] { 0x00FF_FFFF, 0 }, 0)]
    public void A_value_counts_once_the_next_one_follows_it(uint[] values, long expected) =>
        Assert.That(Build(values).Nanoseconds, Is.EqualTo(expected));

    [Test]
    public void It_begins_anew_after_less_than_five_seconds() =>
        Assert.That(Build([]).Period, Is.EqualTo(4_686_971_000).Within(1000_000));

    [Test]
    public void One_that_shows_nonsense_is_not_believed()
    {
        List<uint> nonsense = [];
        for (uint i = 0; i < 20; i++)
        {
            nonsense.Add(i * 0x10_0000);
        }

        Assert.That(Build(nonsense).Nanoseconds, Is.Negative);
    }

    private static PowerTimer Build(IEnumerable<uint> values)
    {
        SimulatedPorts ports = new();
        ports.Add(0x608, 4, new Counter(values));
        return new PowerTimer(ports, 0x600);
    }

    private sealed class Counter(IEnumerable<uint> values) : ISimulatedDevice
    {
        private readonly Queue<uint> values = new(values);

        public uint Read(int offset, int width) => values.Dequeue();

        public void Write(int offset, int width, uint value)
        {
        }
    }
}
