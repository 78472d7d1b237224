using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Network;

/// <summary>Command register (RTL8139C datasheet 1.4, section 5.4).</summary>
[Flags]
internal enum Rtl8139Command : byte
{
    Stopped = 0,
    BufferEmpty = 1 << 0,
    TransmitterOn = 1 << 2,
    ReceiverOn = 1 << 3,
    Reset = 1 << 4,

    /// <summary>What a slot without a card reads.</summary>
    Gone = 0xFF,
}

/// <summary>Interrupt status and mask registers (datasheet, sections 5.5 and 5.6). Written ones acknowledge.</summary>
[Flags]
internal enum Rtl8139Interrupts : ushort
{
    None = 0,
    ReceiveOk = 1 << 0,
    ReceiveError = 1 << 1,
    TransmitOk = 1 << 2,
    TransmitError = 1 << 3,
    RingOverflow = 1 << 4,
    LinkChange = 1 << 5,
    FifoOverflow = 1 << 6,
    SystemError = 1 << 15,

    /// <summary>What a slot without a card reads.</summary>
    Gone = 0xFFFF,
}

/// <summary>The four descriptors' states in one word (datasheet, section 5.16): descriptor 0's bits.</summary>
[Flags]
internal enum Rtl8139TransmitSummary : ushort
{
    Own = 1 << 0,
    Aborted = 1 << 4,
    Underrun = 1 << 8,
    Ok = 1 << 12,
}

/// <summary>Transmit configuration (datasheet, section 5.7).</summary>
[Flags]
internal enum Rtl8139TransmitConfiguration : uint
{
    /// <summary>Goes on after a frame that was given up.</summary>
    ClearAbort = 1u << 0,

    /// <summary>
    /// Bursts of up to 256 bytes on the bus. With the threshold of the descriptors they stay within the chip's 2 KiB.
    /// </summary>
    Burst256 = 4u << 8,

    /// <summary>The gap between frames that IEEE 802.3 wants.</summary>
    StandardGap = 3u << 24,
}

/// <summary>Receive configuration (datasheet, section 5.8).</summary>
[Flags]
internal enum Rtl8139ReceiveConfiguration : uint
{
    AcceptOwn = 1u << 1,
    AcceptBroadcast = 1u << 3,

    /// <summary>A frame that begins near the ring's end goes on beyond it: every frame lies in one piece.</summary>
    NoWrap = 1u << 7,
    BurstUnlimited = 7u << 8,
    Ring32K = 2u << 11,

    /// <summary>The chip moves a frame only when it has all of it.</summary>
    WholeFrames = 7u << 13,
}

/// <summary>Media status (datasheet, section 5.14).</summary>
[Flags]
internal enum Rtl8139Media : byte
{
    LinkDown = 1 << 2,
}

/// <summary>Access to the configuration registers, the station address among them (datasheet, section 5.9).</summary>
internal enum Rtl8139Access : byte
{
    Normal = 0,
    Configuration = 0xC0,
}

/// <summary>
/// The first half of the word before every frame in the ring (datasheet, section 6, "Receive Status Register"); the
/// other half is the frame's length with its check sequence.
/// </summary>
[Flags]
internal enum Rtl8139FrameStatus : ushort
{
    Ok = 1 << 0,
    Alignment = 1 << 1,
    Checksum = 1 << 2,
    TooLong = 1 << 3,
    TooShort = 1 << 4,
    BadSymbol = 1 << 5,
    AnyError = Alignment | Checksum | TooLong | TooShort | BadSymbol,
}

/// <summary>The registers of an RTL8139 behind its I/O range (datasheet, section 5).</summary>
internal readonly struct Rtl8139Registers
{
    /// <summary>Transmit descriptors.</summary>
    public const int Descriptors = 4;

    private const ushort TransmitStatus0 = 0x10;
    private const ushort TransmitAddress0 = 0x20;

    private readonly PortSpace ports;
    private readonly ushort start;

    public Rtl8139Registers(PortSpace ports, ushort start)
    {
        this.ports = ports;
        this.start = start;
        AddressLow = new Port32(ports, start);
        AddressHigh = new Port32(ports, (ushort)(start + 0x04));
        RingStart = new Port32(ports, (ushort)(start + 0x30));
        Command = new Port8(ports, (ushort)(start + 0x37));
        ReadPointer = new Port16(ports, (ushort)(start + 0x38));
        WritePointer = new Port16(ports, (ushort)(start + 0x3A));
        InterruptMask = new Port16(ports, (ushort)(start + 0x3C));
        InterruptStatus = new Port16(ports, (ushort)(start + 0x3E));
        TransmitConfiguration = new Port32(ports, (ushort)(start + 0x40));
        ReceiveConfiguration = new Port32(ports, (ushort)(start + 0x44));
        Missed = new Port32(ports, (ushort)(start + 0x4C));
        Access = new Port8(ports, (ushort)(start + 0x50));
        Media = new Port8(ports, (ushort)(start + 0x58));
        Clock = new Port8(ports, (ushort)(start + 0x5B));
        TransmitSummary = new Port16(ports, (ushort)(start + 0x60));
        TransmitRing = new Port32(ports, (ushort)(start + 0x20));
        TransmitRingHigh = new Port32(ports, (ushort)(start + 0x24));
        TransmitPoll = new Port8(ports, (ushort)(start + 0xD9));
        PlusCommand = new Port16(ports, (ushort)(start + 0xE0));
    }

    /// <summary>The first four bytes of the station address; written as a whole only.</summary>
    public Port32 AddressLow { get; }

    /// <summary>The last two bytes.</summary>
    public Port32 AddressHigh { get; }

    /// <summary>The physical address of the receive ring.</summary>
    public Port32 RingStart { get; }

    public Port8 Command { get; }

    /// <summary>How far the driver has read: always 16 bytes behind, for reasons of the chip's own.</summary>
    public Port16 ReadPointer { get; }

    /// <summary>How far the chip has written.</summary>
    public Port16 WritePointer { get; }

    public Port16 InterruptMask { get; }

    public Port16 InterruptStatus { get; }

    public Port32 TransmitConfiguration { get; }

    public Port32 ReceiveConfiguration { get; }

    /// <summary>Frames lost for want of room, 24 bits; any write clears it.</summary>
    public Port32 Missed { get; }

    public Port8 Access { get; }

    public Port8 Media { get; }

    /// <summary>Lets the chip's clock run or stand still.</summary>
    public Port8 Clock { get; }

    public Port16 TransmitSummary { get; }

    /// <summary>C+ chips only: the physical address of the transmit descriptors, its lower half.</summary>
    public Port32 TransmitRing { get; }

    /// <summary>The upper half of it.</summary>
    public Port32 TransmitRingHigh { get; }

    /// <summary>C+ chips only: there are descriptors to look at (RTL8139C+ datasheet 1.6, section 6.24).</summary>
    public Port8 TransmitPoll { get; }

    /// <summary>C+ chips only: what works by descriptors (RTL8139C+ datasheet 1.6, section 6.26).</summary>
    public Port16 PlusCommand { get; }

    public Port32 TransmitStatus(int descriptor) =>
        new(ports, (ushort)(start + TransmitStatus0 + (descriptor * sizeof(uint))));

    public Port32 TransmitAddress(int descriptor) =>
        new(ports, (ushort)(start + TransmitAddress0 + (descriptor * sizeof(uint))));
}
