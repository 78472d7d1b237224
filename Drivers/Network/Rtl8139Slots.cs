using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>
/// The classic way, which every RTL8139 knows (RTL8139C datasheet 1.4, sections 5.2, 5.3 and 5.16): four buffers, each
/// with a register for its address and one for its length and status. A frame costs one access to a port, and every
/// fourth one more.
/// </summary>
internal sealed class Rtl8139Slots : Rtl8139Transmitter
{
    private const int Stride = 2048; // no buffer crosses a page: some chipsets like it so
    private const int LengthMask = 0x1FFF;
    private const int ThresholdShift = 16;
    private const uint ThresholdStart = 16;  // bytes in the chip before it starts to send, in 32s
    private const uint ThresholdStep = 16;
    private const uint ThresholdMax = 48;    // more than a whole frame

    private readonly DmaRegion buffers;
    private uint threshold = ThresholdStart;
    private int summary;

    /// <summary>Takes DMA memory for the buffers.</summary>
    public Rtl8139Slots(Rtl8139Registers chip, IDmaMemory memory)
        : base(chip, Rtl8139Registers.Descriptors) =>
        buffers = memory.Allocate(Rtl8139Registers.Descriptors * Stride, Stride, 0);

    /// <inheritdoc/>
    public override int FrameMax => INetworkDevice.FrameMax;

    /// <inheritdoc/>
    public override bool HelpsTcp => false;

    /// <inheritdoc/>
    public override Span<byte> Room => buffers.Bytes.Slice(Next * Stride, FrameMax);

    /// <inheritdoc/>
    protected override void TellPlaces()
    {
        for (int i = 0; i < Rtl8139Registers.Descriptors; i++)
        {
            Chip.TransmitAddress(i).Write(buffers.PhysicalAddress + (uint)(i * Stride));
        }
    }

    /// <inheritdoc/>
    protected override void Hand(int length, in TransmitOffload offload) =>
        Chip.TransmitStatus(Next).Write(((uint)length & LengthMask) | (threshold << ThresholdShift));

    /// <inheritdoc/>
    protected override void Look() => summary = Chip.TransmitSummary.Read();

    /// <inheritdoc/>
    protected override bool TryTakeBack(int buffer)
    {
        Rtl8139TransmitSummary state = (Rtl8139TransmitSummary)(summary >> buffer);
        const Rtl8139TransmitSummary failed = Rtl8139TransmitSummary.Aborted | Rtl8139TransmitSummary.Underrun;
        if ((state & (Rtl8139TransmitSummary.Ok | failed)) == 0)
        {
            return false;
        }

        if ((state & failed) != 0)
        {
            OnError(state);
        }

        return true;
    }

    private void OnError(Rtl8139TransmitSummary state)
    {
        Errors++;
        if ((state & Rtl8139TransmitSummary.Underrun) != 0 && threshold < ThresholdMax)
        {
            threshold += ThresholdStep;
        }

        if ((state & Rtl8139TransmitSummary.Aborted) != 0)
        {
            Chip.TransmitConfiguration.Write((uint)(Rtl8139TransmitConfiguration.Burst256
                | Rtl8139TransmitConfiguration.StandardGap | Rtl8139TransmitConfiguration.ClearAbort));
        }
    }
}
