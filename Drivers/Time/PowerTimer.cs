using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Time;

/// <summary>
/// The power management timer (ACPI 1.0, section 4.7.3.3; Intel 82371AB datasheet, section 7.2): 24 bits at three times
/// the interval timer's frequency, running from power-on, never stopped or set. It begins anew every 4.7 s.
/// </summary>
public sealed class PowerTimer : IFreeCounter
{
    /// <summary>Where it is from the first port of power management.</summary>
    public const ushort Offset = 0x08;

    private const uint Mask = 0x00FF_FFFF;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int TriesMax = 8;

    private readonly Port32 counter;

    /// <summary>Binds the timer.</summary>
    /// <param name="ports">The machine's ports.</param>
    /// <param name="powerManagement">The first port of power management.</param>
    public PowerTimer(PortSpace ports, ushort powerManagement) =>
        counter = new Port32(ports, (ushort)(powerManagement + Offset));

    /// <inheritdoc/>
    public long Period => (Mask + 1) * NanosecondsPerSecond / Pit8254.TripleFrequency;

    /// <inheritdoc/>
    public long Nanoseconds
    {
        get
        {
            // Early parts do not latch: a value counts once the next one follows it (82371AB specification update,
            // "ACPI timer errata").
            uint last = counter.Read() & Mask;
            for (int i = 0; i < TriesMax; i++)
            {
                uint next = counter.Read() & Mask;
                if (((next - last) & Mask) < 0x1000)
                {
                    return next * NanosecondsPerSecond / Pit8254.TripleFrequency;
                }

                last = next;
            }

            return -1;
        }
    }
}
