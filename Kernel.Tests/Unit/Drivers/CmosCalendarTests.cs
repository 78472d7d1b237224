using System;
using HaukiOS.Drivers.Time;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>The calendar chip in all the ways in which it can write a date.</summary>
[TestFixture]
public sealed class CmosCalendarTests
{
    [TestCase("2026-11-23T00:05:59", true, true)]
    [TestCase("2026-11-23T00:05:59", false, false)]
    [TestCase("2026-11-23T12:00:00", true, false)]
    [TestCase("2026-11-23T23:59:59", true, false)]
    [TestCase("2024-02-29T11:00:01", false, true)]
    [TestCase("2000-02-29T01:02:03", true, true)]
    [TestCase("1999-12-31T13:59:59", true, false)]
    [TestCase("2100-03-01T00:00:00", true, true)]
    public void A_date_is_read_in_bcd_and_binary_with_12_and_24_hours(string text, bool bcd, bool hours24)
    {
        DateTime date = DateTime.Parse(text + "Z").ToUniversalTime();
        CmosCalendar calendar = Build(new SimulatedCmos(date, bcd, hours24));
        Assert.That(calendar.UnixSeconds, Is.EqualTo(new DateTimeOffset(date).ToUnixTimeSeconds()));
    }

    [Test]
    public void A_reading_torn_by_the_update_is_taken_again()
    {
        DateTime date = new(2026, 12, 31, 23, 59, 59, DateTimeKind.Utc);
        SimulatedCmos chip = new(date, bcd: true, hours24: true) { UpdateAtRead = 4 };
        Assert.That(
            Build(chip).UnixSeconds, Is.EqualTo(new DateTimeOffset(date).ToUnixTimeSeconds() + 1));
    }

    [Test]
    public void Without_a_chip_there_is_no_date() =>
        Assert.That(new CmosCalendar(new SimulatedPorts()).UnixSeconds, Is.Zero);

    [Test]
    public void Every_day_of_forty_years_is_converted_exactly()
    {
        DateTime day = new(1995, 1, 1, 12, 0, 0, DateTimeKind.Utc);
        for (int i = 0; i < 40 * 366; i++, day = day.AddDays(1))
        {
            CmosCalendar calendar = Build(new SimulatedCmos(day, bcd: true, hours24: true));
            Assert.That(calendar.UnixSeconds, Is.EqualTo(new DateTimeOffset(day).ToUnixTimeSeconds()), $"{day:O}");
        }
    }

    private static CmosCalendar Build(SimulatedCmos chip)
    {
        SimulatedPorts ports = new();
        ports.Add(0x70, 2, chip);
        return new CmosCalendar(ports);
    }

    private sealed class SimulatedCmos(DateTime date, bool bcd, bool hours24) : ISimulatedDevice
    {
        private int index;
        private int reads;

        /// <summary>The time registers' read before which the second goes over; 0 for never.</summary>
        public int UpdateAtRead { get; init; }

        public uint Read(int offset, int width)
        {
            DateTime now = UpdateAtRead > 0 && reads >= UpdateAtRead ? date.AddSeconds(1) : date;
            reads += index < 10 ? 1 : 0;
            int hour = hours24 ? now.Hour : ((now.Hour + 11) % 12) + 1;
            return index switch
            {
                0 => Encode(now.Second),
                2 => Encode(now.Minute),
                4 => Encode(hour) | (!hours24 && now.Hour >= 12 ? 0x80u : 0),
                7 => Encode(now.Day),
                8 => Encode(now.Month),
                9 => Encode(now.Year % 100),
                0x0B => (hours24 ? 2u : 0) | (bcd ? 0 : 4u),
                0x32 => (uint)((now.Year / 1000 << 4) | (now.Year / 100 % 10)),
                _ => 0,
            };
        }

        public void Write(int offset, int width, uint value)
        {
            if (offset == 0)
            {
                index = (int)value & 0x7F;
            }
        }

        private uint Encode(int value) => (uint)(bcd ? (value / 10 << 4) | (value % 10) : value);
    }
}
