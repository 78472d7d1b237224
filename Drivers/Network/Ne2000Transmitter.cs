using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The sending side of a DP8390 (DP8390D datasheet, section 8). There are one or two areas in the card's memory: a
/// frame can be brought into one while that in the other is on the wire.
/// </summary>
internal sealed class Ne2000Transmitter
{
    /// <summary>Pages of an area: one frame of the longest kind.</summary>
    public const int AreaPages =
        (INetworkDevice.FrameMax + Dp8390Registers.PageSize - 1) / Dp8390Registers.PageSize;

    private const int NoArea = -1;

    // Looks at a transmitter that does not move before it counts as stuck.
    private const int StallMax = 10;

    private readonly Dp8390Registers chip;
    private readonly Ne2000Memory memory;
    private readonly byte[] staging = new byte[INetworkDevice.FrameMax + Ne2000Memory.Granule];
    private readonly int areas;
    private int sending = NoArea; // on the wire
    private int waiting = NoArea; // in the card's memory, after it
    private int waitingLength;
    private uint completed;
    private uint completedAtLook;
    private int stalls;

    /// <summary>A transmitter with so many areas from the memory's first page on.</summary>
    public Ne2000Transmitter(Dp8390Registers chip, Ne2000Memory memory, int areas)
    {
        this.chip = chip;
        this.memory = memory;
        this.areas = areas;
    }

    /// <summary>Is there an area for another frame?</summary>
    public bool HasRoom => waiting == NoArea && (areas > 1 || sending == NoArea);

    /// <summary>Does a frame wait for the one on the wire?</summary>
    public bool HasQueued => waiting != NoArea;

    /// <summary>Is a frame on the wire, as far as we have looked?</summary>
    public bool IsSending => sending != NoArea;

    /// <summary>Where the next frame is written before it is brought to the card.</summary>
    public Span<byte> Room => staging.AsSpan(0, INetworkDevice.FrameMax);

    /// <summary>After a reset of the chip: nothing is on its way.</summary>
    public void Reset()
    {
        sending = NoArea;
        waiting = NoArea;
        stalls = 0;
    }

    /// <summary>Brings the frame in <see cref="Room"/> to the card and sends it as soon as the wire is free.</summary>
    /// <returns>False if the card's memory did not take it.</returns>
    public bool TryQueue(int length)
    {
        int padded = Math.Max(length, INetworkDevice.FrameMin);
        int moved = (padded + Ne2000Memory.Granule - 1) & ~(Ne2000Memory.Granule - 1);
        staging.AsSpan(length, moved - length).Clear();
        int area = areas > 1 && sending == 0 ? 1 : 0;
        if (!memory.Write(PageOf(area) * Dp8390Registers.PageSize, staging.AsSpan(0, moved)))
        {
            return false;
        }

        waiting = area;
        waitingLength = padded;
        Pump();
        return true;
    }

    /// <summary>Looks whether the wire is free, and starts the frame that waits.</summary>
    public void Pump()
    {
        if (sending != NoArea && ((Dp8390Command)chip.Command.Read() & Dp8390Command.Transmit) == 0)
        {
            sending = NoArea;
            completed++;
        }

        if (sending == NoArea && waiting != NoArea)
        {
            chip.TransmitPage.Write((byte)PageOf(waiting));
            chip.TransmitCountLow.Write((byte)waitingLength);
            chip.TransmitCountHigh.Write((byte)(waitingLength >> 8));
            Send();
            sending = waiting;
            waiting = NoArea;
        }
    }

    /// <summary>Sends the frame again that was on the wire; the chip still knows which.</summary>
    public void Send() => chip.Command.Write(
        (byte)(Dp8390Command.Transmit | Dp8390Command.NoRemote | Dp8390Command.Start));

    /// <summary>A regular look.</summary>
    /// <returns>True if the transmitter is stuck.</returns>
    public bool LookStuck()
    {
        stalls = IsSending && completed == completedAtLook ? stalls + 1 : 0;
        completedAtLook = completed;
        return stalls >= StallMax;
    }

    private int PageOf(int area) => memory.FirstPage + (area * AreaPages);
}
