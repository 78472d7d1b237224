using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>Memory that stays where it is, as machine-local memory does; free again at the end of a test.</summary>
internal sealed unsafe class LinkDma : IDmaMemory, IDisposable
{
    private const byte Leftover = 0xA5;
    private readonly List<Region> regions = [];

    public DmaRegion Allocate(int length, int alignment, int boundary)
    {
        Region region = new((byte*)NativeMemory.AlignedAlloc((nuint)length, (nuint)alignment), length);
        region.Bytes.Fill(Leftover);
        regions.Add(region);
        return region;
    }

    /// <summary>Is every byte zero?</summary>
    public bool IsWiped() => regions.TrueForAll(region => !region.Bytes.ContainsAnyExcept((byte)0));

    public void Dispose()
    {
        foreach (Region region in regions)
        {
            NativeMemory.AlignedFree(region.Start);
        }

        regions.Clear();
    }

    private sealed class Region(byte* start, int length) : DmaRegion
    {
        public byte* Start => start;

        public override uint PhysicalAddress => 0x0010_0000;

        public override Span<byte> Bytes => new(start, length);
    }
}
