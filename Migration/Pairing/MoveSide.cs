using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// What either machine tells the other one about itself. On the wire, little endian:
/// <code>
/// 0   4  features of the processor
/// 4   8  usable memory in bytes
/// 12  8  of that, free
/// 20 16  identity of the build
/// 36  8  sectors of the disk; 0: there is none
/// 44  6  station address
/// 50  2  zero
/// 52  4  bytes that a burst may have
/// </code>
/// </summary>
public readonly record struct MoveSide
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 56;

    private const int CapacityMax = 1 << 30;

    /// <summary>Processor, memory and build.</summary>
    public MachineProfile Profile { get; init; }

    /// <summary>Sectors of the disk; 0: there is none.</summary>
    public long DiskSectors { get; init; }

    /// <summary>The address of the card on the wire between the two.</summary>
    public MacAddress Station { get; init; }

    /// <summary>Bytes that its card can hold when they come at once.</summary>
    public int ReceiveCapacity { get; init; }

    /// <summary>Writes it.</summary>
    public void Write(Span<byte> into)
    {
        into = into[..Length];
        into.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(into, Profile.Features);
        BinaryPrimitives.WriteInt64LittleEndian(into[4..], Profile.MemoryBytes);
        BinaryPrimitives.WriteInt64LittleEndian(into[12..], Profile.FreeBytes);
        ReadOnlySpan<byte> build = Profile.BuildId.Span;
        build[..Math.Min(build.Length, MachineProfile.BuildIdLength)].CopyTo(into[20..]);
        BinaryPrimitives.WriteInt64LittleEndian(into[36..], DiskSectors);
        Station.Write(into[44..]);
        BinaryPrimitives.WriteInt32LittleEndian(into[52..], ReceiveCapacity);
    }

    /// <summary>Reads it.</summary>
    /// <returns>False if a figure is impossible.</returns>
    public static bool TryRead(ReadOnlySpan<byte> from, out MoveSide side)
    {
        long memory = BinaryPrimitives.ReadInt64LittleEndian(from[4..]);
        long free = BinaryPrimitives.ReadInt64LittleEndian(from[12..]);
        side = new MoveSide
        {
            Profile = new MachineProfile
            {
                Features = BinaryPrimitives.ReadUInt32LittleEndian(from),
                MemoryBytes = memory,
                FreeBytes = free,
                BuildId = from.Slice(20, MachineProfile.BuildIdLength).ToArray(),
            },
            DiskSectors = BinaryPrimitives.ReadInt64LittleEndian(from[36..]),
            Station = MacAddress.Read(from[44..]),
            ReceiveCapacity = BinaryPrimitives.ReadInt32LittleEndian(from[52..]),
        };
        return memory >= 0
            && free >= 0
            && free <= memory
            && side.DiskSectors >= 0
            && side.Station.IsStation
            && BinaryPrimitives.ReadUInt16LittleEndian(from[50..]) == 0
            && side.ReceiveCapacity is > 0 and <= CapacityMax;
    }
}
