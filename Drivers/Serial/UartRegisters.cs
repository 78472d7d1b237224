using System;

namespace HaukiOS.Drivers.Serial;

/// <summary>Offsets of the 16550's registers from its base port (National PC16550D datasheet, table II).</summary>
internal static class UartOffset
{
    public const ushort Data = 0;             // receive buffer / transmit holding; divisor low while DLAB is set
    public const ushort InterruptEnable = 1;  // divisor high while DLAB is set
    public const ushort InterruptIdentity = 2; // reading; the same place is FIFO control when written
    public const ushort LineControl = 3;
    public const ushort ModemControl = 4;
    public const ushort LineStatus = 5;
    public const ushort ModemStatus = 6;
}

/// <summary>Interrupt enable register (PC16550D, section 8.7).</summary>
[Flags]
internal enum UartInterrupts : byte
{
    None = 0,
    ReceivedData = 1 << 0,
    TransmitterEmpty = 1 << 1,
    LineStatus = 1 << 2,
    ModemStatus = 1 << 3,
    All = ReceivedData | TransmitterEmpty | LineStatus | ModemStatus,
}

/// <summary>Bits of the interrupt identity register (PC16550D, section 8.6 and table IV).</summary>
[Flags]
internal enum UartIdentity : byte
{
    NothingPending = 1 << 0,
    CauseMask = 0x0E,
    FifoWorks = 0xC0, // both bits: a 16550A; bit 7 alone: the first 16550, whose FIFO loses bytes
}

/// <summary>FIFO control register (PC16550D, section 8.5).</summary>
[Flags]
internal enum UartFifo : byte
{
    Enable = 1 << 0,
    ClearReceiver = 1 << 1,
    ClearTransmitter = 1 << 2,
    TriggerAt8 = 0x80, // leaves 8 characters, 0.7 ms at 115200, until an overrun
}

/// <summary>Line control register (PC16550D, section 8.1).</summary>
[Flags]
internal enum UartLineControl : byte
{
    EightBits = 0x03,
    DivisorAccess = 0x80,
}

/// <summary>Modem control register (PC16550D, section 8.8).</summary>
[Flags]
internal enum UartModemControl : byte
{
    TerminalReady = 1 << 0,
    RequestToSend = 1 << 1,
    InterruptGate = 1 << 3, // OUT2: on a PC it connects the part to the interrupt line
    Loopback = 1 << 4,
}

/// <summary>Line status register (PC16550D, section 8.4).</summary>
[Flags]
internal enum UartLineStatus : byte
{
    DataReady = 1 << 0,
    Overrun = 1 << 1,
    ParityError = 1 << 2,
    FramingError = 1 << 3,
    Break = 1 << 4,
    HoldingEmpty = 1 << 5,
    TransmitterIdle = 1 << 6,
}

/// <summary>Modem status register (PC16550D, section 8.9).</summary>
[Flags]
internal enum UartModemStatus : byte
{
    ClearToSend = 1 << 4,
    DataSetReady = 1 << 5,
    Ring = 1 << 6,
    CarrierDetect = 1 << 7,
}
