using System;

namespace Internal.Runtime;

/// <summary>
/// Names for addresses. The linker appends it to the image: 'HSYM', a count, pairs of address and offset of a
/// NUL-terminated UTF-8 name, sorted by address. Everything is checked: a panic may read it from a damaged image.
/// </summary>
public static unsafe class SymbolTable
{
    private const uint Magic = 0x4D59_5348;
    private const uint HeaderBytes = 8;
    private const uint EntryBytes = 8;

    /// <summary>Finds the function that an address belongs to.</summary>
    /// <param name="address">Any address.</param>
    /// <param name="offset">Bytes from the symbol's start.</param>
    /// <param name="length">Bytes of the name.</param>
    /// <returns>The name, not terminated; null if there is none.</returns>
    public static byte* Find(uint address, out uint offset, out int length)
    {
        ImageLayout* image = ImageLayout.Current;
        offset = 0;
        length = 0;
        if (address < image->TextStart || address >= image->TextEnd)
            return null;
        uint bytes = image->SymbolsEnd - image->SymbolsStart;
        return FindIn((byte*)image->SymbolsStart, bytes, address, out offset, out length);
    }

    /// <summary>Looks an address up in a table that lies anywhere.</summary>
    internal static byte* FindIn(byte* table, uint bytes, uint address, out uint offset, out int length)
    {
        offset = 0;
        length = 0;
        if (bytes < HeaderBytes || *(uint*)table != Magic)
            return null;
        uint count = *(uint*)(table + 4);
        if (count > (bytes - HeaderBytes) / EntryBytes)
            return null;

        var entries = (uint*)(table + HeaderBytes);
        uint low = 0;
        uint high = count;
        while (low < high)
        {
            uint middle = (low + high) / 2;
            if (entries[middle * 2] <= address)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == 0)
            return null;
        uint* found = entries + ((low - 1) * 2);
        uint at = found[1];
        if (at >= bytes)
            return null;
        offset = address - found[0];
        byte* name = table + at;
        while (at + (uint)length < bytes && name[length] != 0)
            length++;
        return name;
    }
}
