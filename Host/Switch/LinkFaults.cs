using System;

namespace HaukiOS.Host.Switch;

/// <summary>What a wire from one port to another does to the frames on it. A plain wire does nothing.</summary>
public sealed record LinkFaults
{
    /// <summary>The most frames that can wait on one wire, for its rate or for their delay.</summary>
    public const int QueueMax = 4096;

    /// <summary>A wire without faults.</summary>
    public static readonly LinkFaults None = new();

    /// <summary>The part of the frames that is lost, from 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>The part that arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>The part that has one bit turned over, anywhere in the frame.</summary>
    public double Corruption { get; init; }

    /// <summary>The part that is held back by <see cref="ReorderBy"/>, so that later frames overtake it.</summary>
    public double Reordering { get; init; }

    /// <summary>How long such a frame is held back.</summary>
    public TimeSpan ReorderBy { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How long every frame is on its way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>
    /// How far the delay wanders, up or down, evenly spread. Frames keep their order, unless they are held back.
    /// </summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bits a second; 0 for as many as there are.</summary>
    public long BitsPerSecond { get; init; }

    /// <summary>How many frames may wait on the wire; one more is lost.</summary>
    public int Queue { get; init; } = QueueMax;

    /// <summary>Does it let every frame through at once and as it is?</summary>
    public bool IsPlain => Loss <= 0 && Duplication <= 0 && Corruption <= 0 && Reordering <= 0
        && Delay == TimeSpan.Zero && Jitter == TimeSpan.Zero && BitsPerSecond == 0;
}
