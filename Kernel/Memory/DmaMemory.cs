using System;
using HaukiOS.Hardware;

namespace HaukiOS.Memory;

/// <summary>
/// DMA memory: frames side by side, seen at their own address in the machine-local zone. It lives as long as its
/// driver, that is, for ever. Nothing in the migratable zone can be handed out, whatever the frames say.
/// </summary>
public sealed unsafe class DmaMemory : IDmaMemory
{
    private readonly byte* physical;
    private readonly FrameAllocator* frames;

    /// <summary>DMA memory out of <paramref name="frames"/>.</summary>
    /// <param name="physical">Where physical address 0 is seen: null on the metal.</param>
    /// <param name="frames">Where the memory comes from.</param>
    public DmaMemory(byte* physical, FrameAllocator* frames)
    {
        this.physical = physical;
        this.frames = frames;
    }

    /// <inheritdoc/>
    public DmaRegion Allocate(int length, int alignment, int boundary)
    {
        const uint page = AddressMap.PageSize;
        if (length <= 0 || !IsPowerOfTwo(alignment) || (boundary != 0 && !IsPowerOfTwo(boundary)))
        {
            throw new ArgumentOutOfRangeException(nameof(length), "DMA memory of an impossible size or place");
        }

        // Whole frames: a rule finer than a frame is kept by every frame.
        uint count = ((uint)length + page - 1) / page;
        uint alignmentFrames = Math.Max(1, (uint)alignment / page);
        uint boundaryFrames = (uint)boundary / page;
        if ((boundary != 0 && length > boundary)
            || !frames->TryTakeRun(count, alignmentFrames, boundaryFrames, out uint first))
        {
            throw new OutOfMemoryException($"no {length} bytes of DMA memory left");
        }

        return new Region(physical, first * page, length);
    }

    /// <summary>A view of memory that already has its place.</summary>
    /// <exception cref="ArgumentException">The place does not lie in the machine-local zone.</exception>
    public DmaRegion At(uint physicalAddress, int length) => new Region(physical, physicalAddress, length);

    private static bool IsPowerOfTwo(int value) => value > 0 && (value & (value - 1)) == 0;

    private sealed class Region : DmaRegion
    {
        private readonly byte* start;
        private readonly int length;

        public Region(byte* physical, uint address, int length)
        {
            if (!AddressMap.IsMachineLocal(address, (uint)length))
            {
                throw new ArgumentException($"DMA memory at 0x{address:x8} would lie outside the machine-local zone");
            }

            start = physical + address;
            this.length = length;
            PhysicalAddress = address;
        }

        public override uint PhysicalAddress { get; }

        public override Span<byte> Bytes => new(start, length);
    }
}
