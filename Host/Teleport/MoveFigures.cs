namespace HaukiOS.Host.Teleport;

/// <summary>What a move of a machine took, as whoever moved it has measured.</summary>
/// <param name="DowntimeMs">How long it stood still.</param>
/// <param name="TotalMs">From the order to the end.</param>
/// <param name="Bytes">Bytes sent to the other machine.</param>
/// <param name="Rounds">How often memory was gone through.</param>
public sealed record MoveFigures(double DowntimeMs, double TotalMs, long Bytes, int Rounds);
