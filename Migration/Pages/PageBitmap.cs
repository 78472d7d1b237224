using System.Numerics;
using HaukiOS.Hardware;
using HaukiOS.Memory;

namespace HaukiOS.Migration;

/// <summary>
/// One bit for every page of the migratable zone, in machine-local memory: what a move writes down must not itself be
/// part of what moves.
/// </summary>
internal readonly unsafe struct PageBitmap
{
    /// <summary>Pages of the zone.</summary>
    public const uint Pages = (AddressMap.MigratableEnd - AddressMap.Migratable) / AddressMap.PageSize;

    /// <summary>Pages of one word.</summary>
    public const uint PagesPerWord = 32;

    /// <summary>Bytes of the bitmap.</summary>
    public const int Bytes = (int)(Pages / 8);

    private readonly uint* words;

    /// <summary>An empty bitmap. Its memory is never given back.</summary>
    public PageBitmap(byte* physical, IDmaMemory memory) =>
        words = (uint*)(physical + memory.AllocateZeroed(Bytes, (int)AddressMap.PageSize, 0).PhysicalAddress);

    /// <summary>The number of the page that an address of the zone lies in.</summary>
    public static uint PageOf(uint address) => (address - AddressMap.Migratable) / AddressMap.PageSize;

    /// <summary>The address of a page.</summary>
    public static uint AddressOf(uint page) => AddressMap.Migratable + (page * AddressMap.PageSize);

    /// <summary>The bits of 32 pages; the lowest is that of the first.</summary>
    public uint Word(uint index) => words[index];

    /// <summary>Sets the bits of 32 pages.</summary>
    public void SetWord(uint index, uint value) => words[index] = value;

    /// <summary>Is the page's bit set?</summary>
    public bool Contains(uint page) => (words[page / PagesPerWord] & Mask(page)) != 0;

    /// <summary>Sets a page's bit.</summary>
    public void Add(uint page) => words[page / PagesPerWord] |= Mask(page);

    /// <summary>Clears a page's bit.</summary>
    public void Remove(uint page) => words[page / PagesPerWord] &= ~Mask(page);

    /// <summary>Clears all bits.</summary>
    public void Clear()
    {
        for (uint i = 0; i < Pages / PagesPerWord; i++)
        {
            words[i] = 0;
        }
    }

    /// <summary>Clears the bits of some pages, and perhaps of a few beside them.</summary>
    public void ClearRange(uint first, uint end)
    {
        for (uint i = first / PagesPerWord; i * PagesPerWord < end; i++)
        {
            words[i] = 0;
        }
    }

    /// <summary>The first page whose bit is set.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="end">Where to stop; a multiple of 32.</param>
    /// <returns><paramref name="end"/> if there is none.</returns>
    public uint Next(uint from, uint end)
    {
        if (from >= end)
        {
            return end;
        }

        uint index = from / PagesPerWord;
        uint word = words[index] & (uint.MaxValue << (int)(from % PagesPerWord));
        while (word == 0)
        {
            if (++index == end / PagesPerWord)
            {
                return end;
            }

            word = words[index];
        }

        return (index * PagesPerWord) + (uint)BitOperations.TrailingZeroCount(word);
    }

    private static uint Mask(uint page) => 1u << (int)(page % PagesPerWord);
}
