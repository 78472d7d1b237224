using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>One captured frame. The bytes are those of the ring and change with the next frame.</summary>
public readonly ref struct CapturedFrame(Instant at, bool isOutgoing, int length, ReadOnlySpan<byte> bytes)
{
    /// <summary>When it passed.</summary>
    public Instant At { get; } = at;

    /// <summary>Did we send it?</summary>
    public bool IsOutgoing { get; } = isOutgoing;

    /// <summary>Its length on the wire.</summary>
    public int Length { get; } = length;

    /// <summary>Its beginning.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

/// <summary>The last frames, both ways. While it is off, it costs one comparison a frame.</summary>
public sealed class PacketCapture
{
    /// <summary>The most frames it can hold.</summary>
    public const int FramesMax = 1024;

    /// <summary>The most bytes of a frame that it keeps.</summary>
    public const int SnapMax = 1514;

    private Instant[] moments = [];
    private int[] lengths = [];
    private bool[] outgoing = [];
    private byte[] bytes = [];
    private int snap;
    private int next;

    /// <summary>Is it taking frames?</summary>
    public bool IsOn { get; private set; }

    /// <summary>Frames held.</summary>
    public int Count { get; private set; }

    /// <summary>Frames seen since it was switched on.</summary>
    public long Seen { get; private set; }

    /// <summary>Begins anew with room for so many frames of so many bytes.</summary>
    public void Start(int frames = 64, int snapLength = 128)
    {
        frames = Math.Clamp(frames, 1, FramesMax);
        snap = Math.Clamp(snapLength, 1, SnapMax);
        moments = new Instant[frames];
        lengths = new int[frames];
        outgoing = new bool[frames];
        bytes = new byte[frames * snap];
        next = 0;
        Count = 0;
        Seen = 0;
        IsOn = true;
    }

    /// <summary>Takes no more. What was captured stays.</summary>
    public void Stop() => IsOn = false;

    /// <summary>Frame number <paramref name="index"/>, 0 being the oldest held.</summary>
    public CapturedFrame FrameAt(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }

        int slot = (next - Count + index + moments.Length) % moments.Length;
        return new CapturedFrame(
            moments[slot], outgoing[slot], lengths[slot],
            bytes.AsSpan(slot * snap, Math.Min(snap, lengths[slot])));
    }

    internal void Take(ReadOnlySpan<byte> frame, bool isOutgoing, Instant now)
    {
        moments[next] = now;
        lengths[next] = frame.Length;
        outgoing[next] = isOutgoing;
        frame.Slice(0, Math.Min(snap, frame.Length)).CopyTo(bytes.AsSpan(next * snap));
        next = next + 1 == moments.Length ? 0 : next + 1;
        Count = Math.Min(Count + 1, moments.Length);
        Seen++;
    }
}
