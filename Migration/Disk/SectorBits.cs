using System;
using System.Numerics;
using System.Runtime.InteropServices;
using HaukiOS.Hardware;

namespace HaukiOS.Migration;

/// <summary>
/// A set of the disk's extents: as many bits as there are, at most <see cref="BitsMax"/>. An extent is as small as
/// that allows: a sector on disks up to 256 MiB, 256 KiB at 128 GiB. Lies in machine-local memory.
/// </summary>
internal sealed class SectorBits(DmaRegion memory)
{
    /// <summary>The most bits, 64 KiB of them.</summary>
    public const int BitsMax = 64 * 1024 * 8;

    private const int WordBits = 32;
    private int words;
    private int cursor;

    /// <summary>The extent's size in sectors as a power of two.</summary>
    public int Shift { get; private set; }

    /// <summary>Extents in the set.</summary>
    public int Count { get; private set; }

    /// <summary>The smallest extent, as a power of two, for which a disk's bits fit.</summary>
    public static int ShiftFor(long sectors)
    {
        int shift = 0;
        while (((sectors - 1) >> shift) >= BitsMax)
        {
            shift++;
        }

        return shift;
    }

    /// <summary>Bytes that the bits of a disk take.</summary>
    public static int BytesFor(long sectors) =>
        ((int)((sectors - 1) >> ShiftFor(sectors)) / WordBits * sizeof(uint)) + sizeof(uint);

    /// <summary>Begins an empty set for a disk of this size.</summary>
    public void Reset(long sectors)
    {
        Shift = ShiftFor(sectors);
        words = BytesFor(sectors) / sizeof(uint);
        cursor = 0;
        Clear();
    }

    /// <summary>Takes everything out.</summary>
    public void Clear()
    {
        Words().Clear();
        Count = 0;
    }

    /// <summary>Adds the extents that these sectors touch. Those past the end are not there.</summary>
    public void Add(long sector, int count)
    {
        Span<uint> bits = Words();
        long last = Math.Min((sector + count - 1) >> Shift, ((long)words * WordBits) - 1);
        for (long extent = Math.Max(sector, 0) >> Shift; extent <= last; extent++)
        {
            ref uint word = ref bits[(int)(extent / WordBits)];
            uint bit = 1u << (int)(extent % WordBits);
            Count += (word & bit) == 0 ? 1 : 0;
            word |= bit;
        }
    }

    /// <summary>Adds all extents of another set of the same disk.</summary>
    public void Add(SectorBits other)
    {
        if (other.Count == 0)
        {
            return;
        }

        Span<uint> bits = Words();
        Span<uint> more = other.Words();
        int count = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] |= more[i];
            count += BitOperations.PopCount(bits[i]);
        }

        Count = count;
    }

    /// <summary>
    /// Takes the next extents that lie side by side, going round. Never more sectors than
    /// <paramref name="sectorsMax"/>, unless one extent has more.
    /// </summary>
    public bool TryTakeRun(int sectorsMax, out long first, out long end)
    {
        first = end = 0;
        if (Count == 0)
        {
            return false;
        }

        Span<uint> bits = Words();
        int extent = Find(bits);
        int limit = Math.Min(extent + Math.Max(1, sectorsMax >> Shift), words * WordBits);
        first = (long)extent << Shift;
        while (extent < limit && (bits[extent / WordBits] & (1u << (extent % WordBits))) != 0)
        {
            bits[extent / WordBits] &= ~(1u << (extent % WordBits));
            Count--;
            extent++;
        }

        cursor = extent;
        end = (long)extent << Shift;
        return true;
    }

    private int Find(Span<uint> bits)
    {
        int index = cursor / WordBits % words;
        uint word = bits[index] & (uint.MaxValue << (cursor % WordBits));
        while (word == 0)
        {
            index = index + 1 == words ? 0 : index + 1;
            word = bits[index];
        }

        return (index * WordBits) + BitOperations.TrailingZeroCount(word);
    }

    private Span<uint> Words() => MemoryMarshal.Cast<byte, uint>(memory.Bytes)[..words];
}
