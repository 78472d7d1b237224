using System;
using HaukiOS.Hardware;

namespace HaukiOS.Loop;

/// <summary>One thing that happened.</summary>
/// <param name="At">When, on the monotonic clock.</param>
/// <param name="Text">What, in one line; never anything secret.</param>
public readonly record struct LogEntry(Instant At, string Text);

/// <summary>What happened, for the command <c>log</c>. Bounded: the oldest entries fall out first.</summary>
public sealed class KernelLog
{
    /// <summary>Entries kept.</summary>
    public const int Capacity = 256;

    /// <summary>Characters kept of one entry: two lines of a screen.</summary>
    public const int TextMax = 160;

    private readonly LogEntry[] ring = new LogEntry[Capacity];
    private readonly IClock clock;
    private long written;

    /// <summary>An empty log over <paramref name="clock"/>.</summary>
    public KernelLog(IClock clock) => this.clock = clock;

    /// <summary>Entries that can be read.</summary>
    public int Count => (int)Math.Min(written, Capacity);

    /// <summary>Entries that have fallen out.</summary>
    public long Dropped => written - Count;

    /// <summary>The entry at <paramref name="index"/>, 0 being the oldest that is kept.</summary>
    public LogEntry this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(nameof(index));
            }

            return ring[(int)((written - Count + index) % Capacity)];
        }
    }

    /// <summary>Notes one line. Allocates at most the shortened text; not for interrupt handlers.</summary>
    public void Add(string text)
    {
        string kept = text.Length <= TextMax ? text : text.Substring(0, TextMax);
        ring[(int)(written % Capacity)] = new LogEntry(clock.Now, kept);
        written++;
    }
}
