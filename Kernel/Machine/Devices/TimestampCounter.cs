using HaukiOS.Entropy;

namespace HaukiOS.Machine;

/// <summary>The processor's time-stamp counter; every processor that passed the gate at boot has one.</summary>
public sealed class TimestampCounter : ICycleCounter
{
    /// <inheritdoc/>
    public ulong Read() => Cpu.ReadTimestamp();
}
