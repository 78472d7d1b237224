using System;

namespace HaukiOS.Host.Bench;

/// <summary>How much trouble is taken over a measurement.</summary>
/// <param name="Runs">How often each side is measured.</param>
/// <param name="PeerMinutes">How long a peer may take for its part of one comparison; 0 for no limit.</param>
internal sealed record BenchEffort(int Runs, double PeerMinutes)
{
    /// <summary>Has the peer had its time?</summary>
    public bool IsOver(TimeSpan elapsed) => PeerMinutes > 0 && elapsed.TotalMinutes >= PeerMinutes;
}
