using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Lock;

/// <summary>
/// How many attempts have failed since the last success, on the disk. An attempt is counted before it is looked at,
/// so that pulling the plug at the right moment saves nobody the delay.
/// </summary>
public sealed class AttemptCounter
{
    /// <summary>The longest delay, in seconds.</summary>
    public const int DelaySecondsMax = 3600;

    /// <summary>What an unreadable counter counts as: half a minute of delay, and nobody is locked out.</summary>
    public const int CountIfDamaged = 6;

    private const uint Magic = 0x54414B48; // "HKAT"
    private const int Length = 8;

    private readonly MirroredRecord place;

    /// <summary>A counter in its place on the disk.</summary>
    public AttemptCounter(MirroredRecord place) => this.place = place;

    /// <summary>Failed attempts, as last read or written.</summary>
    public int Failed { get; private set; }

    /// <summary>Seconds that must pass before the next attempt: 1, 2, 4 … up to an hour.</summary>
    public int DelaySeconds => DelayAfter(Failed);

    /// <summary>Seconds of delay after so many failures.</summary>
    public static int DelayAfter(int failed)
    {
        const int Doublings = 12;
        return failed == 0 ? 0 : failed > Doublings ? DelaySecondsMax : Math.Min(1 << (failed - 1), DelaySecondsMax);
    }

    /// <summary>Starts all counters of a disk over, in both places of each.</summary>
    /// <returns>Null on success.</returns>
    public static StoreError? ClearAll(IBlockDevice disk)
    {
        ReadOnlySpan<MirroredRecord> places =
        [
            MirroredRecord.ForAttempts(disk),
            MirroredRecord.ForOperatorAttempts(disk),
            MirroredRecord.ForStrangerAttempts(disk),
        ];
        foreach (MirroredRecord place in places)
        {
            var counter = new AttemptCounter(place);
            if ((counter.Clear() ?? counter.Clear()) is StoreError error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Reads the counter.</summary>
    /// <returns>A sentence for the log, or null if there is nothing to say.</returns>
    public string? Load()
    {
        RecordReading reading = place.Read();
        if (reading.State == RecordState.Blank)
        {
            Failed = 0;
            return null;
        }

        ReadOnlySpan<byte> content = reading.Content;
        if (reading.State == RecordState.Present
            && content.Length == Length
            && BinaryPrimitives.ReadUInt32LittleEndian(content) == Magic
            && BinaryPrimitives.ReadInt32LittleEndian(content.Slice(4)) >= 0)
        {
            Failed = BinaryPrimitives.ReadInt32LittleEndian(content.Slice(4));
            return reading.Complaint;
        }

        Failed = CountIfDamaged;
        return reading.Complaint ?? "the attempt counter makes no sense";
    }

    /// <summary>Counts an attempt that is about to be looked at.</summary>
    /// <returns>Null on success; otherwise the attempt must not be looked at.</returns>
    public StoreError? CountAttempt() => Save(Failed == int.MaxValue ? Failed : Failed + 1);

    /// <summary>Starts over, after a success.</summary>
    public StoreError? Clear() => Save(0);

    private StoreError? Save(int count)
    {
        Span<byte> content = stackalloc byte[Length];
        BinaryPrimitives.WriteUInt32LittleEndian(content, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(content.Slice(4), count);
        StoreError? error = place.Write(content);
        if (error is null)
        {
            Failed = count;
        }

        return error;
    }
}
