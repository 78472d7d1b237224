using HaukiOS.Hardware;

namespace HaukiOS.Console;

/// <summary>The memory figures of one moment, for <c>mem</c> and <c>status</c>.</summary>
/// <param name="TotalBytes">Usable memory of the machine.</param>
/// <param name="FreeBytes">Page frames that nobody holds.</param>
/// <param name="HeapBytes">Committed to the collector's heap.</param>
/// <param name="HeapLimitBytes">The most that the heap may grow to.</param>
/// <param name="LiveBytes">Alive after the last collection, plus allocated since.</param>
/// <param name="AllocatedBytes">Ever allocated from the heap.</param>
/// <param name="Collections">Collections so far.</param>
/// <param name="LastPauseNanoseconds">How long the last collection stopped everything.</param>
/// <param name="MaxPauseNanoseconds">The longest of these.</param>
public readonly record struct MemoryReading(
    long TotalBytes,
    long FreeBytes,
    long HeapBytes,
    long HeapLimitBytes,
    long LiveBytes,
    long AllocatedBytes,
    long Collections,
    long LastPauseNanoseconds,
    long MaxPauseNanoseconds);

/// <summary>Where the console reads memory figures.</summary>
public interface IMemoryGauge
{
    /// <summary>The figures now.</summary>
    MemoryReading Read();
}

/// <summary>What the console says about the machine it runs on; the node may come to run on another one.</summary>
/// <param name="Version">The kernel's version, such as <c>0.1.0</c>.</param>
/// <param name="BuildId">The image's build id in hexadecimal.</param>
/// <param name="Processor">The processor's own name for itself.</param>
/// <param name="Devices">One line for each device found.</param>
public sealed record MachineDescription(string Version, string BuildId, string Processor, string[] Devices)
{
    /// <summary>The processor's own name for itself.</summary>
    public string Processor { get; set; } = Processor;

    /// <summary>One line for each device found.</summary>
    public string[] Devices { get; set; } = Devices;
}

/// <summary>Everything that the console works with. Built once, by whoever composes the kernel.</summary>
/// <param name="Ports">Output goes to all of them; input comes from any.</param>
/// <param name="Clock">The monotonic clock.</param>
/// <param name="Calendar">The battery-backed calendar.</param>
/// <param name="Disk">The disk that holds the store, in its slot, or null if the machine has none.</param>
/// <param name="Worker">Where long computations run.</param>
/// <param name="Work">Their memory.</param>
/// <param name="Entropy">Where keys come from.</param>
/// <param name="Control">Reboot and power-off.</param>
/// <param name="Memory">Memory figures.</param>
/// <param name="Log">The kernel's log.</param>
/// <param name="Machine">What the machine is.</param>
public sealed record ConsoleParts(
    IConsolePort[] Ports,
    IClock Clock,
    ICalendar Calendar,
    IBlockDevice? Disk,
    IBackgroundWorker Worker,
    IWorkMemory Work,
    Entropy.EntropyPool Entropy,
    IMachineControl Control,
    IMemoryGauge Memory,
    Loop.KernelLog Log,
    MachineDescription Machine)
{
    /// <summary>The lock, as far as the network has to do with it.</summary>
    public Lock.NodeLock Lock { get; init; } = new();

    /// <summary>Knows whether the node is here; null where nobody moves.</summary>
    public IWhereabouts? Whereabouts { get; init; }

    /// <summary>The network; null where a kernel is composed without one.</summary>
    public Net.NetworkService? Network { get; init; }

    /// <summary>Moves of the node; null where a kernel is composed without them.</summary>
    public ITeleporter? Teleporter { get; init; }

    /// <summary>Is this machine to wait for a node from power-on?</summary>
    public bool StandsBy { get; init; }
}
