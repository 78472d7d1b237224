using HaukiOS.Console;
using HaukiOS.Drivers.Time;
using HaukiOS.Machine;
using Internal.Runtime;

namespace HaukiOS.Image;

/// <summary>Reads the memory figures of frames and heap.</summary>
internal sealed class MemoryGauge(PitClock clock) : IMemoryGauge
{
    /// <inheritdoc/>
    public MemoryReading Read() => new(
        KernelMemory.TotalBytes,
        KernelMemory.FreeBytes,
        (long)GcStatistics.CommittedBytes,
        KernelMemory.HeapLimit,
        (long)GcStatistics.LiveBytes,
        (long)GcStatistics.AllocatedBytes,
        GcStatistics.Collections,
        ToNanoseconds(GcStatistics.LastPause),
        ToNanoseconds(GcStatistics.MaxPause));

    private long ToNanoseconds(ulong cycles)
    {
        const ulong nanosecondsPerSecond = 1_000_000_000;
        ulong hertz = clock.CyclesPerSecond;
        if (hertz == 0)
        {
            return 0;
        }

        ulong seconds = cycles / hertz;
        return (long)((seconds * nanosecondsPerSecond) + ((cycles - (seconds * hertz)) * nanosecondsPerSecond / hertz));
    }
}
