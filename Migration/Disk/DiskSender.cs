using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;
using HaukiOS.Store;

namespace HaukiOS.Migration;

/// <summary>
/// Reads what the target's disk must hold: first all that the node may ever read again, then, round by round, what it
/// has written since. A sector that changes between its reading and its sending is sent once more. What is busy here
/// lies in machine-local memory, so that copying the disk dirties no page. Nothing allocates after <see cref="Begin"/>,
/// and nothing needs interrupts but what the disk's driver needs.
/// </summary>
/// <remarks>
/// One for each boot or landing, since machine-local memory is never given back; it serves move after move.
/// </remarks>
public sealed class DiskSender : IWriteObserver
{
    private const int WindowBytes = DiskPiece.SectorsMax * IBlockDevice.SectorSize;

    private readonly DiskSlot slot;
    private readonly IDmaMemory local;
    private readonly List<SectorRegion> regions = [];
    private DmaRegion? window;
    private SectorBits? written;
    private SectorBits? due;
    private int bitBytes;
    private DiskOffer offer;

    // The first copy: the next region, and what all of them from there on hold.
    private int nextRegion;
    private long regionsLeft;

    // The run of sectors that is being read, and up to where it is read one by one.
    private long runFirst;
    private long runEnd;
    private long carefulEnd;

    // What has been read and not yet been handed out: a part of the window.
    private long windowSector;
    private int windowAt;
    private int windowEnd;

    /// <summary>Nothing is copied or watched before <see cref="Begin"/>.</summary>
    /// <param name="slot">Where the node's disk is.</param>
    /// <param name="local">Machine-local memory: 32 KiB, and two sets of bits of at most 64 KiB.</param>
    public DiskSender(DiskSlot slot, IDmaMemory local)
    {
        this.slot = slot;
        this.local = local;
    }

    /// <summary>Sectors still to be sent; those written since the last <see cref="Collect"/> not counted.</summary>
    public long SectorsLeft => due is null
        ? 0
        : regionsLeft + ((long)due.Count << due.Shift) + (runEnd - runFirst) + (windowEnd - windowAt);

    /// <summary>Sectors written since the last <see cref="Collect"/>, rounded up to whole extents.</summary>
    public long SectorsWritten => written is null ? 0 : (long)written.Count << written.Shift;

    /// <summary>Why nothing more can be read; Ok as long as it can.</summary>
    public BlockResult Failure { get; private set; }

    /// <summary>Sectors that cannot be read here. They are zero on the target, where the store misses them.</summary>
    public int UnreadableSectors { get; private set; }

    /// <summary>Watches writes from now on, and begins the first copy.</summary>
    /// <param name="store">The open store, of which only what is alive is sent; null for the whole disk.</param>
    public void Begin(EncryptedStore? store)
    {
        End();
        offer = DiskOffer.Of(slot, store);
        Failure = BlockResult.Ok;
        UnreadableSectors = 0;
        if (offer.Sectors == 0)
        {
            return;
        }

        Reserve(SectorBits.BytesFor(offer.Sectors));
        written!.Reset(offer.Sectors);
        due!.Reset(offer.Sectors);
        slot.Observer = this;
        if (store is null)
        {
            AddWhole(offer.Sectors);
        }
        else
        {
            regions.AddRange(store.LiveRegions());
        }

        foreach (SectorRegion region in regions)
        {
            regionsLeft += region.Count;
        }
    }

    /// <summary>Begins a round: what was written since the last one has to be sent.</summary>
    public void Collect()
    {
        if (due is not null)
        {
            due.Add(written!);
            written!.Clear();
        }
    }

    /// <summary>Takes the next piece, after at most one read of 32 KiB.</summary>
    /// <param name="into">Room for at least one sector; a piece has no more bytes than this.</param>
    /// <param name="piece">Which sectors; their bytes are in <paramref name="into"/> unless all are zero.</param>
    /// <returns>False if nothing is left in this round, or after a <see cref="Failure"/>.</returns>
    public bool TryTakeNext(Span<byte> into, out DiskPiece piece)
    {
        piece = default;
        int room = into.Length / IBlockDevice.SectorSize;
        if (due is null || room == 0 || Failure != BlockResult.Ok || (windowAt == windowEnd && !TryFill()))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = window!.Bytes[(windowAt * IBlockDevice.SectorSize)..];
        int most = windowEnd - windowAt;
        bool zero = IsZero(bytes);
        int count = 1;
        while (count < most && (zero || count < room) && IsZero(bytes[(count * IBlockDevice.SectorSize)..]) == zero)
        {
            count++;
        }

        piece = new DiskPiece(windowSector + windowAt, count, zero);
        bytes[..piece.Length].CopyTo(into);
        windowAt += count;
        return true;
    }

    /// <summary>Ends the copy; writes are watched no more.</summary>
    public void End()
    {
        if (slot.Observer == this)
        {
            slot.Observer = null;
        }

        // What was read may be anything; it must not lie about.
        window?.Bytes.Clear();
        written?.Clear();
        due?.Clear();
        regions.Clear();
        nextRegion = 0;
        regionsLeft = 0;
        runFirst = runEnd = carefulEnd = 0;
        windowAt = windowEnd = 0;
    }

    /// <inheritdoc/>
    public void Written(long sector, int count)
    {
        if (sector < DiskOffer.ReservedFirst || sector + count > DiskOffer.ReservedEnd)
        {
            written!.Add(sector, count);
        }
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        foreach (uint value in MemoryMarshal.Cast<byte, uint>(bytes[..IBlockDevice.SectorSize]))
        {
            if (value != 0)
            {
                return false;
            }
        }

        return true;
    }

    private void Reserve(int bytes)
    {
        window ??= local.AllocateZeroed(WindowBytes, sizeof(uint), 0);
        if (bitBytes < bytes)
        {
            bitBytes = bytes;
            written = new SectorBits(local.AllocateZeroed(bytes, sizeof(uint), 0));
            due = new SectorBits(local.AllocateZeroed(bytes, sizeof(uint), 0));
        }
    }

    private void AddWhole(long sectors)
    {
        const int most = 1 << 30;
        for (long first = 0; first < sectors; first += most)
        {
            regions.Add(new SectorRegion(first, (int)Math.Min(most, sectors - first)));
        }
    }

    private bool TryFill()
    {
        do
        {
            if (runFirst >= runEnd && !TryTakeRun())
            {
                return false;
            }

            if (runFirst is >= DiskOffer.ReservedFirst and < DiskOffer.ReservedEnd)
            {
                runFirst = Math.Min(DiskOffer.ReservedEnd, runEnd);
            }
        }
        while (runFirst >= runEnd);

        long most = runFirst < carefulEnd ? 1 : DiskPiece.SectorsMax;
        long end = Math.Min(runEnd, runFirst + most);
        if (runFirst < DiskOffer.ReservedFirst)
        {
            end = Math.Min(end, DiskOffer.ReservedFirst);
        }

        return TryRead((int)(end - runFirst));
    }

    private bool TryTakeRun()
    {
        if (nextRegion < regions.Count)
        {
            SectorRegion region = regions[nextRegion++];
            regionsLeft -= region.Count;
            runFirst = region.First;
            runEnd = region.First + region.Count;
        }
        else if (!due!.TryTakeRun(DiskPiece.SectorsMax, out runFirst, out runEnd))
        {
            runFirst = runEnd = 0;
            return false;
        }

        // The last extent may reach past the end.
        runEnd = Math.Min(runEnd, offer.Sectors);
        carefulEnd = 0;
        return true;
    }

    private bool TryRead(int count)
    {
        Span<byte> into = window!.Bytes[..(count * IBlockDevice.SectorSize)];
        BlockResult result = slot.Read(runFirst, into);
        if (result == BlockResult.MediumError && count > 1)
        {
            // One bad sector fails them all: look at them one by one, one with each call.
            carefulEnd = runFirst + count;
            count = 1;
            into = into[..IBlockDevice.SectorSize];
            result = slot.Read(runFirst, into);
        }

        if (result == BlockResult.MediumError)
        {
            UnreadableSectors++;
            into.Clear();
        }
        else if (result != BlockResult.Ok)
        {
            Failure = result;
            return false;
        }

        windowSector = runFirst;
        windowAt = 0;
        windowEnd = count;
        runFirst += count;
        return true;
    }
}
