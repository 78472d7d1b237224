namespace HaukiOS.Tests.Simulation.Net;

/// <summary>What one direction between two hosts does to frames. The default is an instant, perfect wire.</summary>
internal sealed record LinkScript
{
    /// <summary>Nanoseconds on the way.</summary>
    public long Delay { get; init; } = 100_000;

    /// <summary>Up to so many nanoseconds more, evenly distributed: frames overtake each other.</summary>
    public long Jitter { get; init; }

    /// <summary>Bits per second at the narrowest place; 0: no limit.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>Bytes that may wait there; what comes beyond is lost.</summary>
    public int QueueBytes { get; init; } = 64 * 1024;

    /// <summary>Chance that a frame is lost.</summary>
    public double Loss { get; init; }

    /// <summary>Chance, for each frame, that a row of losses begins.</summary>
    public double BurstLoss { get; init; }

    /// <summary>How long such a row lasts, at most, in nanoseconds.</summary>
    public long BurstTime { get; init; } = 50_000_000;

    /// <summary>Chance that a frame comes twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>Chance that a frame is held up by <see cref="ReorderDelay"/>.</summary>
    public double Reorder { get; init; }

    /// <summary>How long such a frame is held up.</summary>
    public long ReorderDelay { get; init; } = 5_000_000;

    /// <summary>Chance that bits of a frame are flipped, so that a checksum notices.</summary>
    public double Corrupt { get; init; }

    /// <summary>The longest IPv4 packet that passes; longer ones are cut, or refused with an ICMP message.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Refuses too long packets without a word (RFC 2923, section 2.1).</summary>
    public bool IsBlackHole { get; init; }

    /// <summary>Nothing passes.</summary>
    public bool IsDown { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Delay / 1000} us +{Jitter / 1000}, {BitsPerSecond / 1000} kbit/s, queue {QueueBytes}, loss {Loss:P1} "
        + $"burst {BurstLoss:P2}, dup {Duplicate:P1}, reorder {Reorder:P1} by {ReorderDelay / 1000} us, "
        + $"corrupt {Corrupt:P1}, mtu {Mtu}{(IsDown ? ", down" : "")}";
}
