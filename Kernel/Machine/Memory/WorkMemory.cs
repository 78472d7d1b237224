using System;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>Work memory out of free frames, at its own range of addresses in the migratable zone.</summary>
public sealed unsafe class WorkMemory : IWorkMemory
{
    /// <summary>Pieces that can be lent at one time.</summary>
    public const int LentMax = 8;

    // Page tables for a piece, and frames that the heap's tables and drivers may still want.
    private const long Reserve = 1L << 20;
    private const uint RangeLength = AddressMap.Stacks - AddressMap.Work;

    private readonly Piece?[] lent = new Piece?[LentMax];

    /// <inheritdoc/>
    public long AvailableBytes
    {
        get
        {
            long heapMayGrow = Math.Max(0, KernelMemory.HeapLimit - (long)Internal.Runtime.GcStatistics.CommittedBytes);
            long available = KernelMemory.FreeBytes - heapMayGrow - Reserve;
            return Math.Max(0, Math.Min(available, RangeLength)) & ~(long)(AddressMap.PageSize - 1);
        }
    }

    /// <inheritdoc/>
    public WorkBuffer Rent(long bytes)
    {
        if (bytes is <= 0 or > RangeLength)
        {
            throw new OutOfMemoryException($"no {bytes} bytes of work memory");
        }

        uint length = ((uint)bytes + AddressMap.PageSize - 1) & ~(AddressMap.PageSize - 1);
        int slot = Array.IndexOf(lent, null);
        if (slot < 0 || !TryPlace(length, out uint address) || !KernelMemory.TryCommit(address, length))
        {
            throw new OutOfMemoryException($"no {bytes} bytes of work memory");
        }

        Piece piece = new(this, slot, address, length, bytes);
        piece.Wipe();
        lent[slot] = piece;
        return piece;
    }

    /// <summary>Finds the lowest gap between the pieces that are lent.</summary>
    private bool TryPlace(uint length, out uint address)
    {
        address = AddressMap.Work;
        bool moved = true;
        while (moved)
        {
            moved = false;
            foreach (Piece? piece in lent)
            {
                if (piece is not null && address < piece.End && piece.Start < address + length)
                {
                    address = piece.End;
                    moved = true;
                }
            }
        }

        return length <= AddressMap.Stacks - address;
    }

    private sealed class Piece(WorkMemory owner, int slot, uint start, uint mapped, long length) : WorkBuffer
    {
        private bool returned;

        public uint Start => start;

        public uint End => start + mapped;

        public override byte* Address =>
            returned ? throw new ObjectDisposedException(nameof(WorkBuffer)) : (byte*)start;

        public override long Length => length;

        public void Wipe() => new Span<byte>((byte*)start, (int)mapped).Clear();

        public override void Dispose()
        {
            if (!returned)
            {
                returned = true;
                Wipe();
                KernelMemory.Decommit(start, mapped);
                owner.lent[slot] = null;
            }
        }
    }
}
