using System;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;
using HaukiOS.Memory;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Unit.Migration;

/// <summary>
/// A machine whose memory is a block of the host's, with a page directory in it. The test writes to pages in the place
/// of a processor, dirty bits included.
/// </summary>
internal sealed unsafe class BlockMachine : IMachine, IDisposable
{
    private readonly uint frameCount;
    private readonly FrameAllocator* frames;
    private readonly PageDirectory directory;

    public BlockMachine(int mebibytes)
    {
        const uint firstFree = 256;
        frameCount = (uint)mebibytes << 8;
        Physical = (byte*)NativeMemory.AllocZeroed((nuint)frameCount * AddressMap.PageSize);
        frames = (FrameAllocator*)NativeMemory.AllocZeroed((nuint)sizeof(FrameAllocator));
        *frames = new FrameAllocator((uint*)NativeMemory.Alloc(FrameAllocator.BytesFor(frameCount)), frameCount);
        frames->AddMemory(firstFree, frameCount - firstFree);
        _ = PageDirectory.TryCreate(Physical, frames, out directory);
        Local = new DmaMemory(Physical, frames);
    }

    public MachineProfile Profile => default;

    public IClock Clock => throw new NotSupportedException();

    public byte* Physical { get; private set; }

    public PageDirectory Directory => directory;

    public FrameAllocator* Frames => frames;

    public IDmaMemory Local { get; }

    public int Flushes { get; private set; }

    public INetworkDevice? Card => null;

    public bool IsWorkerBusy => false;

    public int WorkerShare { get; set; } = 100;

    public ReadOnlySpan<byte> SavedState => default;

    public void FlushTranslations() => Flushes++;

    public string? PrepareDeparture() => null;

    public string? RehearseLanding() => null;

    public bool Depart(Action leave) => throw new NotSupportedException();

    public string? CheckLanding(StagedDirectory staged, ReadOnlySpan<byte> state) => null;

    public void Land(StagedDirectory staged, ReadOnlySpan<byte> state, Instant time, ReadOnlySpan<byte> baggage) =>
        throw new NotSupportedException();

    public byte[] Rebind() => throw new NotSupportedException();

    public void Tell(ReadOnlySpan<byte> text)
    {
    }

    public int Listen() => -1;

    public void StartAnew() => throw new NotSupportedException();

    /// <summary>Maps a page. What stands in it is what stood in its frame.</summary>
    public void Map(uint address, PageFlags flags = PageFlags.Writable)
    {
        if (!frames->TryTake(out uint frame) || !directory.TryMap(address, frame * AddressMap.PageSize, flags))
        {
            throw new InvalidOperationException("the block is full");
        }
    }

    public void Unmap(uint address)
    {
        _ = directory.TryUnmap(address, out uint at);
        frames->Return(at / AddressMap.PageSize);
    }

    public bool IsMapped(uint address) => directory.TryTranslate(address, out _, out _);

    public PageFlags FlagsOf(uint address) =>
        directory.TryTranslate(address, out _, out PageFlags flags) ? flags : PageFlags.None;

    /// <summary>The page as a program sees it.</summary>
    public Span<byte> Page(uint address) =>
        directory.TryTranslate(address, out uint at, out _)
            ? new Span<byte>(Physical + at, (int)AddressMap.PageSize)
            : throw new InvalidOperationException($"page fault at 0x{address:x8}");

    /// <summary>Writes a byte as the processor does: it notes it in the table entry.</summary>
    public void Write(uint address, byte value)
    {
        const uint offset = AddressMap.PageSize - 1;
        Page(address & ~offset)[(int)(address & offset)] = value;
        Touch(address);
    }

    /// <summary>What the processor, and the kernel's fault handler, do on a write.</summary>
    public void Touch(uint address)
    {
        uint* entry = EntryOf(address);
        if ((*entry & (uint)PageFlags.Guarded) != 0)
        {
            *entry = (*entry & ~(uint)PageFlags.Guarded) | (uint)PageFlags.Writable;
        }

        if ((*entry & (uint)PageFlags.Writable) == 0)
        {
            throw new InvalidOperationException($"write to a read-only page at 0x{address:x8}");
        }

        *entry |= (uint)(PageFlags.Dirty | PageFlags.Accessed);
    }

    public void Dispose()
    {
        NativeMemory.Free(Physical);
        NativeMemory.Free(frames);
        Physical = null;
    }

    private uint* EntryOf(uint address)
    {
        uint table = ((uint*)(Physical + directory.Root))[address / PageDirectory.LargePageSize];
        return (uint*)(Physical + (table & ~(AddressMap.PageSize - 1))) + (address / AddressMap.PageSize % 1024);
    }
}
