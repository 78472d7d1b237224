using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>Command register (National DP8390D datasheet, section 10.3).</summary>
[Flags]
internal enum Dp8390Command : byte
{
    Stop = 1 << 0,
    Start = 1 << 1,
    Transmit = 1 << 2,
    RemoteRead = 1 << 3,
    RemoteWrite = 1 << 4,
    NoRemote = 1 << 5,
    Page1 = 1 << 6,

    /// <summary>What a place without a card reads.</summary>
    Gone = 0xFF,
}

/// <summary>Interrupt status and mask registers (datasheet, section 10.3). Written ones acknowledge.</summary>
[Flags]
internal enum Dp8390Interrupts : byte
{
    None = 0,
    Received = 1 << 0,
    Transmitted = 1 << 1,
    ReceiveError = 1 << 2,
    TransmitError = 1 << 3,
    Overflow = 1 << 4,
    CountersHigh = 1 << 5,
    RemoteDone = 1 << 6,
    Reset = 1 << 7,
    All = 0xFF,
}

/// <summary>Data configuration register (datasheet, section 10.3).</summary>
[Flags]
internal enum Dp8390DataConfiguration : byte
{
    WordWide = 1 << 0,
    NoLoopback = 1 << 3,

    /// <summary>The chip's own buffer is emptied by bursts of eight bytes.</summary>
    Burst8 = 2 << 5,
}

/// <summary>Transmit configuration register (datasheet, section 10.3).</summary>
internal enum Dp8390TransmitConfiguration : byte
{
    Normal = 0,

    /// <summary>Inside the chip: nothing goes to the wire, and nothing is heard of it.</summary>
    Loopback = 1 << 1,
}

/// <summary>Receive configuration register (datasheet, section 10.3).</summary>
[Flags]
internal enum Dp8390ReceiveConfiguration : byte
{
    AcceptBroadcast = 1 << 2,
    AcceptAll = 1 << 4,

    /// <summary>Frames are looked at and not stored.</summary>
    Monitor = 1 << 5,
}

/// <summary>Receive status: the first byte before every frame in the ring (datasheet, section 10.3).</summary>
[Flags]
internal enum Dp8390FrameStatus : byte
{
    Ok = 1 << 0,
    Checksum = 1 << 1,
    Alignment = 1 << 2,
    FifoOverrun = 1 << 3,
    AnyError = Checksum | Alignment | FifoOverrun,
}

/// <summary>
/// The registers of a DP8390 as an NE2000 shows them: sixteen of the chip's own, behind three pages, then the port
/// through which its memory is seen, then one that resets the card. Page 0 is always on, but for the moments in which
/// the driver holds the card's interrupts back.
/// </summary>
internal readonly struct Dp8390Registers
{
    /// <summary>Ports of a card.</summary>
    public const int PortCount = 0x20;

    /// <summary>The card's memory is counted in pages of 256 bytes.</summary>
    public const int PageSize = 256;

    private const ushort PhysicalAddress0 = 0x01; // page 1
    private const ushort MulticastFilter0 = 0x08; // page 1
    private const ushort Tally0 = 0x0D;

    private readonly PortSpace ports;
    private readonly ushort start;

    public Dp8390Registers(PortSpace ports, ushort start)
    {
        this.ports = ports;
        this.start = start;
        Command = At(0x00);
        RingStart = At(0x01);
        RingStop = At(0x02);
        Boundary = At(0x03);
        TransmitPage = At(0x04);
        TransmitCountLow = At(0x05);
        TransmitCountHigh = At(0x06);
        InterruptStatus = At(0x07);
        RemoteAddressLow = At(0x08);
        RemoteAddressHigh = At(0x09);
        RemoteCountLow = At(0x0A);
        RemoteCountHigh = At(0x0B);
        ReceiveConfiguration = At(0x0C);
        TransmitConfiguration = At(0x0D);
        DataConfiguration = At(0x0E);
        InterruptMask = At(0x0F);
        Current = At(0x07);
        Data8 = At(0x10);
        Data16 = new Port16(ports, (ushort)(start + 0x10));
        Data32 = new Port32(ports, (ushort)(start + 0x10));
        ResetPort = At(0x1F);
    }

    public Port8 Command { get; }

    /// <summary>The first page of the receive ring.</summary>
    public Port8 RingStart { get; }

    /// <summary>The page after its last one.</summary>
    public Port8 RingStop { get; }

    /// <summary>The last page that the driver has read.</summary>
    public Port8 Boundary { get; }

    public Port8 TransmitPage { get; }

    public Port8 TransmitCountLow { get; }

    public Port8 TransmitCountHigh { get; }

    public Port8 InterruptStatus { get; }

    public Port8 RemoteAddressLow { get; }

    public Port8 RemoteAddressHigh { get; }

    public Port8 RemoteCountLow { get; }

    public Port8 RemoteCountHigh { get; }

    public Port8 ReceiveConfiguration { get; }

    public Port8 TransmitConfiguration { get; }

    public Port8 DataConfiguration { get; }

    public Port8 InterruptMask { get; }

    /// <summary>In page 1: the page into which the next frame will be received.</summary>
    public Port8 Current { get; }

    public Port8 Data8 { get; }

    public Port16 Data16 { get; }

    public Port32 Data32 { get; }

    /// <summary>Reading it and writing back what was read resets the card.</summary>
    public Port8 ResetPort { get; }

    /// <summary>In page 1: a byte of the station address.</summary>
    public Port8 StationAddress(int index) => At(PhysicalAddress0 + index);

    /// <summary>In page 1: a byte of the filter of group addresses.</summary>
    public Port8 MulticastFilter(int index) => At(MulticastFilter0 + index);

    /// <summary>Alignment errors, checksum errors, missed frames; reading clears.</summary>
    public Port8 Tally(int index) => At(Tally0 + index);

    private Port8 At(int offset) => new(ports, (ushort)(start + offset));
}
