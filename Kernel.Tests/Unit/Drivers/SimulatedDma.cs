using System;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>DMA memory of a test: one array that stands for physical memory from 1 MiB on.</summary>
public sealed class SimulatedDma : IDmaMemory
{
    private const uint Start = 0x0010_0000;
    private const byte Leftover = 0xA5;
    private readonly byte[] memory = new byte[1 << 20];
    private uint next = Start;

    /// <summary>The bytes at a physical address.</summary>
    public Span<byte> At(uint address, int length) => memory.AsSpan((int)(address - Start), length);

    /// <inheritdoc/>
    public DmaRegion Allocate(int length, int alignment, int boundary)
    {
        next = (next + (uint)alignment - 1) & ~((uint)alignment - 1);
        if (boundary != 0 && next / (uint)boundary != (next + (uint)length - 1) / (uint)boundary)
        {
            next = ((next / (uint)boundary) + 1) * (uint)boundary;
        }

        Region region = new(this, next, length);
        next += (uint)length;
        region.Bytes.Fill(Leftover);
        return region;
    }

    private sealed class Region(SimulatedDma owner, uint address, int length) : DmaRegion
    {
        public override uint PhysicalAddress => address;

        public override Span<byte> Bytes => owner.At(address, length);
    }
}
