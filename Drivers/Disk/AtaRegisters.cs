using System;
using System.Buffers.Binary;

namespace HaukiOS.Drivers.Disk;

/// <summary>Offsets in a channel's command block (ATA/ATAPI-6, T13/1410D, section 7).</summary>
internal static class AtaOffset
{
    public const ushort Data = 0;
    public const ushort Error = 1;
    public const ushort SectorCount = 2;
    public const ushort LbaLow = 3;
    public const ushort LbaMid = 4;
    public const ushort LbaHigh = 5;
    public const ushort Device = 6;
    public const ushort Status = 7; // written: the command
}

/// <summary>Status register (ATA/ATAPI-6, section 7.15).</summary>
[Flags]
internal enum AtaStatus : byte
{
    Error = 1 << 0,
    DataRequest = 1 << 3,
    DeviceFault = 1 << 5,
    Ready = 1 << 6,
    Busy = 1 << 7,

    /// <summary>No bit at all: the place of a device that is not there, beside one that is.</summary>
    Empty = 0,

    /// <summary>What a cable without any device reads: nobody drives the bus.</summary>
    Floating = 0xFF,
}

/// <summary>Error register (ATA/ATAPI-6, section 7.9 and the commands' own tables).</summary>
[Flags]
internal enum AtaError : byte
{
    NoAddressMark = 1 << 0,
    Aborted = 1 << 2,
    IdNotFound = 1 << 4,
    Uncorrectable = 1 << 6,
    CableCrc = 1 << 7,
}

/// <summary>Device register (ATA/ATAPI-6, section 7.7).</summary>
[Flags]
internal enum AtaDeviceSelect : byte
{
    Second = 1 << 4,
    LbaMode = 1 << 6,
    Obsolete = 0xA0, // two bits that old devices want set
}

/// <summary>Device control register (ATA/ATAPI-6, section 7.8).</summary>
[Flags]
internal enum AtaControl : byte
{
    NoInterrupts = 1 << 1,
    SoftwareReset = 1 << 2,
}

/// <summary>Commands (ATA/ATAPI-6, section 8).</summary>
internal enum AtaCommand : byte
{
    ReadSectors = 0x20,
    ReadSectorsExt = 0x24,
    ReadDmaExt = 0x25,
    WriteSectors = 0x30,
    WriteSectorsExt = 0x34,
    WriteDmaExt = 0x35,
    ReadDma = 0xC8,
    WriteDma = 0xCA,
    FlushCache = 0xE7,
    FlushCacheExt = 0xEA,
    IdentifyDevice = 0xEC,
}

/// <summary>
/// Offsets in a channel's bus master block (Programming Interface for Bus Master IDE Controller 1.0).
/// </summary>
internal static class BusMasterOffset
{
    public const ushort Command = 0;
    public const ushort Status = 2;
    public const ushort TableAddress = 4;
}

/// <summary>Bus master command register.</summary>
[Flags]
internal enum BusMasterCommand : byte
{
    Stop = 0,
    Start = 1 << 0,
    ToMemory = 1 << 3,
}

/// <summary>Bus master status register. The two upper bits are cleared by writing ones.</summary>
[Flags]
internal enum BusMasterStatus : byte
{
    Active = 1 << 0,
    Error = 1 << 1,
    Interrupt = 1 << 2,
}

/// <summary>One entry of the table that tells the bus master where memory is.</summary>
internal static class PhysicalRegionDescriptor
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 8;

    /// <summary>The most bytes of an entry; written as 0.</summary>
    public const int LengthMax = 65536;

    private const int CountOffset = 4;
    private const int FlagsOffset = 6;
    private const ushort EndOfTable = 1 << 15;

    /// <summary>Writes the only entry of a table.</summary>
    public static void Write(Span<byte> table, uint address, int length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(table, address);
        BinaryPrimitives.WriteUInt16LittleEndian(table[CountOffset..], unchecked((ushort)length));
        BinaryPrimitives.WriteUInt16LittleEndian(table[FlagsOffset..], EndOfTable);
    }
}
