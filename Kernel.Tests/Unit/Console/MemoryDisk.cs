using System;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Console;

/// <summary>A disk in memory that can be made to fail.</summary>
public sealed class MemoryDisk(int mebibytes) : IBlockDevice
{
    public byte[] Bytes { get; } = new byte[mebibytes * 1024 * 1024];

    public static MemoryDisk CopyOf(MemoryDisk other)
    {
        var copy = new MemoryDisk(other.Bytes.Length >> 20);
        other.Bytes.CopyTo(copy.Bytes, 0);
        return copy;
    }

    public bool FailsWrites { get; set; }

    public string Name => "simulated disk";

    public long SectorCount => Bytes.Length / IBlockDevice.SectorSize;

    public BlockResult Read(long sector, Span<byte> into)
    {
        Bytes.AsSpan((int)(sector * IBlockDevice.SectorSize), into.Length).CopyTo(into);
        return BlockResult.Ok;
    }

    public BlockResult Write(long sector, ReadOnlySpan<byte> from)
    {
        if (FailsWrites)
        {
            return BlockResult.MediumError;
        }

        from.CopyTo(Bytes.AsSpan((int)(sector * IBlockDevice.SectorSize)));
        return BlockResult.Ok;
    }

    public BlockResult Flush() => FailsWrites ? BlockResult.DeviceFault : BlockResult.Ok;
}
