using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>First word of a transmit descriptor (RTL8139C+ datasheet 1.6, section 9.2.1).</summary>
[Flags]
internal enum Rtl8139DescriptorWord : uint
{
    /// <summary>Sum up the TCP segment.</summary>
    TcpChecksum = 1u << 16,

    /// <summary>Sum up the IPv4 header.</summary>
    HeaderChecksum = 1u << 18,

    /// <summary>In what comes back: some error.</summary>
    Error = 1u << 23,

    /// <summary>Cut the TCP segment up; its pieces' size then stands in bits 16 to 26.</summary>
    LargeSend = 1u << 27,

    /// <summary>The frame ends in this buffer.</summary>
    Last = 1u << 28,

    /// <summary>The frame begins in this buffer.</summary>
    First = 1u << 29,

    /// <summary>The ring goes on at its beginning.</summary>
    EndOfRing = 1u << 30,

    /// <summary>The chip's; cleared when it is done.</summary>
    Own = 1u << 31,
}

/// <summary>
/// The C+ chips' way to send (RTL8139C+ datasheet 1.6, section 9.2.1): descriptors in memory, in which the chip also
/// sums up TCP segments and cuts large ones into frames. One access to a port sends 32 KiB. Receiving stays with the
/// classic ring, which C+ chips know as well.
/// </summary>
internal sealed class Rtl8139Descriptors : Rtl8139Transmitter
{
    private const int Count = 8;
    private const int Stride = 32 * 1024;
    private const int DescriptorSize = 16;
    private const int AddressOffset = 8;
    private const int RingAlignment = 256;
    private const int SegmentSizeShift = 16;
    private const byte NormalPriority = 1 << 6;
    private const ushort TransmitterInMemory = 1 << 0;

    private readonly DmaRegion ring;
    private readonly DmaRegion buffers;

    /// <summary>Takes DMA memory for the descriptors and their buffers.</summary>
    public Rtl8139Descriptors(Rtl8139Registers chip, IDmaMemory memory)
        : base(chip, Count)
    {
        ring = memory.Allocate(Count * DescriptorSize, RingAlignment, 0);
        buffers = memory.Allocate(Count * Stride, RingAlignment, 0);
    }

    /// <inheritdoc/>
    public override int FrameMax => Stride;

    /// <inheritdoc/>
    public override bool HelpsTcp => true;

    /// <inheritdoc/>
    public override Span<byte> Room => buffers.Bytes.Slice(Next * Stride, Stride);

    /// <inheritdoc/>
    protected override void TellPlaces()
    {
        Span<byte> words = ring.Bytes;
        words.Clear();
        for (int i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(
                words[((i * DescriptorSize) + AddressOffset)..], buffers.PhysicalAddress + (uint)(i * Stride));
        }

        // The mode comes first: the places of the descriptors are registers that have another meaning without it.
        Chip.PlusCommand.Write(TransmitterInMemory);
        Chip.TransmitRing.Write(ring.PhysicalAddress);
        Chip.TransmitRingHigh.Write(0);
    }

    /// <inheritdoc/>
    protected override void Hand(int length, in TransmitOffload offload)
    {
        Rtl8139DescriptorWord word = Rtl8139DescriptorWord.Own | Rtl8139DescriptorWord.First
            | Rtl8139DescriptorWord.Last;
        if (Next == Count - 1)
        {
            word |= Rtl8139DescriptorWord.EndOfRing;
        }

        if (offload.SegmentSize > 0)
        {
            word |= Rtl8139DescriptorWord.LargeSend
                | (Rtl8139DescriptorWord)((uint)offload.SegmentSize << SegmentSizeShift);
        }
        else if (offload.TcpChecksum)
        {
            word |= Rtl8139DescriptorWord.TcpChecksum | Rtl8139DescriptorWord.HeaderChecksum;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(ring.Bytes[(Next * DescriptorSize)..], (uint)word | (uint)length);
        Chip.TransmitPoll.Write(NormalPriority);
    }

    /// <inheritdoc/>
    protected override void Look()
    {
        // The descriptors lie in memory; nothing has to be asked of the chip.
    }

    /// <inheritdoc/>
    protected override bool TryTakeBack(int buffer)
    {
        Rtl8139DescriptorWord word =
            (Rtl8139DescriptorWord)BinaryPrimitives.ReadUInt32LittleEndian(ring.Bytes[(buffer * DescriptorSize)..]);
        if ((word & Rtl8139DescriptorWord.Own) != 0)
        {
            return false;
        }

        Errors += (word & Rtl8139DescriptorWord.Error) != 0 ? 1 : 0;
        return true;
    }
}
