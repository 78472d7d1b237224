using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// How an RTL8139 takes frames to send: a circle of buffers in DMA memory, given to the chip and taken back in order.
/// </summary>
internal abstract class Rtl8139Transmitter(Rtl8139Registers chip, int buffers)
{
    /// <summary>Frames that the chip has not given back.</summary>
    public int InFlight { get; private set; }

    /// <summary>Frames given back since the start; wraps.</summary>
    public uint Completed { get; private set; }

    /// <summary>Frames that could not be sent.</summary>
    public long Errors { get; protected set; }

    /// <summary>Has the chip all buffers?</summary>
    public bool IsFull => InFlight == buffers;

    /// <summary>The longest frame that a buffer takes.</summary>
    public abstract int FrameMax { get; }

    /// <summary>Can the chip sum up and cut up TCP segments?</summary>
    public abstract bool HelpsTcp { get; }

    /// <summary>The buffer of the next frame.</summary>
    public abstract Span<byte> Room { get; }

    protected Rtl8139Registers Chip => chip;

    /// <summary>The buffer of the next frame to send.</summary>
    protected int Next { get; private set; }

    /// <summary>Tells a chip that was just reset where the buffers are; every frame in flight is forgotten.</summary>
    public void Begin()
    {
        Next = 0;
        InFlight = 0;
        Completed++; // something has moved: the watch over the chip begins anew
        TellPlaces();
    }

    /// <summary>Sends the frame in <see cref="Room"/>.</summary>
    public void Send(int length, in TransmitOffload offload)
    {
        Hand(length, offload);
        Next = (Next + 1) % buffers;
        InFlight++;
    }

    /// <summary>Takes back what the chip is done with.</summary>
    /// <returns>True if there was something.</returns>
    public bool Reclaim()
    {
        int before = InFlight;
        Look();
        while (InFlight > 0 && TryTakeBack((Next + buffers - InFlight) % buffers))
        {
            InFlight--;
            Completed++;
        }

        return InFlight < before;
    }

    protected abstract void TellPlaces();

    protected abstract void Hand(int length, in TransmitOffload offload);

    /// <summary>Reads once what <see cref="TryTakeBack"/> then tells of every buffer.</summary>
    protected abstract void Look();

    /// <summary>Is the chip done with a buffer? Counts what went wrong with its frame.</summary>
    protected abstract bool TryTakeBack(int buffer);
}
