using System;

namespace HaukiOS.Host.Teleport;

/// <summary>What a move of a machine took, as whoever moved it has measured.</summary>
/// <param name="DowntimeMs">How long it stood still.</param>
/// <param name="TotalMs">From the order to the end.</param>
/// <param name="Bytes">Bytes sent to the other machine.</param>
/// <param name="Rounds">How often memory was gone through.</param>
public sealed record MoveFigures(double DowntimeMs, double TotalMs, long Bytes, int Rounds)
{
    /// <summary>
    /// What QEMU itself calls the downtime: until its source has handed everything to the socket. What its target
    /// then needs is not in it. The same as <see cref="DowntimeMs"/> for a move of our own.
    /// </summary>
    public double SourceDowntimeMs { get; init; } = DowntimeMs;

    /// <summary>When it ran there, or said so.</summary>
    public DateTime Landed { get; init; } = DateTime.UtcNow;
}
