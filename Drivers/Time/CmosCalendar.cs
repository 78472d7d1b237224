using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Time;

/// <summary>
/// The battery-backed calendar (Motorola MC146818A datasheet, "Time, calendar and alarm locations"). Understood in
/// BCD and binary, with 12 and 24 hours; the machine's calendar is taken to run in UTC.
/// </summary>
public sealed class CmosCalendar : ICalendar
{
    private const byte Seconds = 0x00;
    private const byte Minutes = 0x02;
    private const byte Hours = 0x04;
    private const byte Day = 0x07;
    private const byte Month = 0x08;
    private const byte Year = 0x09;
    private const byte StatusA = 0x0A;
    private const byte StatusB = 0x0B;
    private const byte Century = 0x32; // not the chip's: the place where BIOSes of this class of machine keep it

    private const byte UpdateInProgress = 0x80; // register A
    private const byte HoursTo24 = 0x02;        // register B
    private const byte BinaryNumbers = 0x04;    // register B
    private const byte Afternoon = 0x80;        // hours register in 12-hour mode
    private const byte MaskNmi = 0x80;          // of the index port: a non-maskable interrupt must not come between

    // An update takes 2 ms at most (datasheet, "Update cycle"); a port read takes about a microsecond.
    private const int ReadsUntilStuck = 20_000;
    private const int SecondsPerDay = 86_400;

    private readonly Port8 index;
    private readonly Port8 data;

    /// <summary>Binds the calendar at its fixed ports.</summary>
    public CmosCalendar(PortSpace ports)
    {
        index = new Port8(ports, 0x70);
        data = new Port8(ports, 0x71);
    }

    /// <summary>The time of the calendar; 0 if it shows no date at all (no chip, dead battery).</summary>
    public long UnixSeconds
    {
        get
        {
            // Two equal readings in a row: none of them was taken in the middle of an update.
            Reading last = ReadOnce();
            for (int i = 0; i < 8; i++)
            {
                Reading next = ReadOnce();
                if (next == last)
                {
                    return ToUnixSeconds(next);
                }

                last = next;
            }

            return 0;
        }
    }

    /// <inheritdoc/>
    public int Second
    {
        get
        {
            // 244 microseconds pass between the sign and the update itself (datasheet, "Update cycle").
            if ((ReadRegister(StatusA) & UpdateInProgress) != 0)
            {
                return -1;
            }

            byte value = ReadRegister(Seconds);
            return Decode(value, (ReadRegister(StatusB) & BinaryNumbers) != 0);
        }
    }

    /// <summary>Days from 1970-01-01 to a date of the Gregorian calendar.</summary>
    private static long DaysSince1970(int year, int month, int day)
    {
        // The year begins in March here, so that a leap day is its last day.
        int y = month <= 2 ? year - 1 : year;
        int monthFromMarch = (month + 9) % 12;
        int dayOfYear = (((153 * monthFromMarch) + 2) / 5) + day - 1;
        const int daysTo1970 = 719_468; // from 0000-03-01
        return (365L * y) + (y / 4) - (y / 100) + (y / 400) + dayOfYear - daysTo1970;
    }

    private static int Decode(byte value, bool binary) => binary ? value : ((value >> 4) * 10) + (value & 0x0F);

    private static long ToUnixSeconds(Reading reading)
    {
        bool binary = (reading.Format & BinaryNumbers) != 0;
        int hour = Decode((byte)(reading.Hour & ~Afternoon), binary);
        if ((reading.Format & HoursTo24) == 0)
        {
            hour = (hour % 12) + ((reading.Hour & Afternoon) != 0 ? 12 : 0);
        }

        int century = Decode(reading.Century, binary: false);
        int year = Decode(reading.Year, binary);
        year += century is 19 or 20 or 21 ? century * 100 : year >= 70 ? 1900 : 2000;
        int month = Decode(reading.Month, binary);
        int day = Decode(reading.Day, binary);
        int minute = Decode(reading.Minute, binary);
        int second = Decode(reading.Second, binary);
        if (month is < 1 or > 12 || day is < 1 or > 31 || hour > 23 || minute > 59 || second > 60 || year < 1970)
        {
            return 0;
        }

        return (DaysSince1970(year, month, day) * SecondsPerDay) + (hour * 3600) + (minute * 60) + second;
    }

    private Reading ReadOnce()
    {
        for (int i = 0; i < ReadsUntilStuck && (ReadRegister(StatusA) & UpdateInProgress) != 0; i++)
        {
        }

        return new Reading(
            ReadRegister(Seconds),
            ReadRegister(Minutes),
            ReadRegister(Hours),
            ReadRegister(Day),
            ReadRegister(Month),
            ReadRegister(Year),
            ReadRegister(Century),
            ReadRegister(StatusB));
    }

    private byte ReadRegister(byte register)
    {
        index.Write((byte)(register | MaskNmi));
        byte value = data.Read();
        index.Write(0);
        return value;
    }

    private readonly record struct Reading(
        byte Second, byte Minute, byte Hour, byte Day, byte Month, byte Year, byte Century, byte Format);
}
