using System;

namespace HaukiOS.Memory;

/// <summary>A range of physical memory that a program may use.</summary>
public readonly record struct MemoryRange(ulong Start, ulong Length);

/// <summary>
/// Reads the memory map that the boot loader left (Multiboot specification 0.6.96, section 3.3). Pure: it sees
/// physical memory as bytes from <c>physical</c> on and writes ranges to where the caller says.
/// </summary>
public static unsafe class BootMemoryMap
{
    /// <summary>The most ranges that are looked at; a PC's BIOS reports about ten.</summary>
    public const int RangesMax = 64;

    /// <summary>What a Multiboot loader leaves in EAX.</summary>
    public const uint LoaderMagic = 0x2BADB002;

    private const uint HasMemorySizes = 1u << 0;
    private const uint HasMemoryMap = 1u << 6;
    private const int UpperKilobytesOffset = 8;
    private const int MapLengthOffset = 44;
    private const int MapAddressOffset = 48;
    private const uint EntryLengthMin = 20;
    private const int EntryStartOffset = 4;
    private const int EntryLengthOffset = 12;
    private const int EntryKindOffset = 20;
    private const uint Usable = 1;
    private const uint UpperMemory = 0x0010_0000;
    private const int Kilobyte = 1024;

    /// <summary>Reads the usable ranges.</summary>
    /// <param name="physical">Where physical address 0 can be read.</param>
    /// <param name="information">Physical address of the loader's information.</param>
    /// <param name="ranges">Receives them; <see cref="RangesMax"/> long.</param>
    /// <returns>How many there are; 0 if the loader said nothing about memory.</returns>
    public static int Read(byte* physical, uint information, Span<MemoryRange> ranges)
    {
        uint flags = Word(physical, information);
        if ((flags & HasMemoryMap) != 0)
        {
            return ReadMap(
                physical,
                Word(physical, information + MapAddressOffset),
                Word(physical, information + MapLengthOffset),
                ranges);
        }

        if ((flags & HasMemorySizes) == 0)
        {
            return 0;
        }

        ranges[0] = new MemoryRange(
            UpperMemory, (ulong)Word(physical, information + UpperKilobytesOffset) * Kilobyte);
        return 1;
    }

    /// <summary>
    /// The whole frames inside a range, as far as they lie below <see cref="AddressMap.PhysicalEnd"/>.
    /// </summary>
    public static void WholeFrames(MemoryRange range, out uint first, out uint count)
    {
        const ulong page = AddressMap.PageSize;
        ulong end = range.Start + range.Length < range.Start ? ulong.MaxValue : range.Start + range.Length;
        end = Math.Min(end, AddressMap.PhysicalEnd) / page;
        ulong start = Math.Min((Math.Min(range.Start, AddressMap.PhysicalEnd) + page - 1) / page, end);
        first = (uint)start;
        count = (uint)(end - start);
    }

    private static int ReadMap(byte* physical, uint address, uint length, Span<MemoryRange> ranges)
    {
        int count = 0;
        uint offset = 0;
        while (length - offset >= EntryLengthMin + sizeof(uint) && count < ranges.Length)
        {
            uint entry = address + offset;
            uint size = Word(physical, entry); // without this word itself
            if (size < EntryLengthMin || size > length - offset - sizeof(uint))
            {
                break;
            }

            if (Word(physical, entry + EntryKindOffset) == Usable)
            {
                ranges[count] = new MemoryRange(
                    LongWord(physical, entry + EntryStartOffset), LongWord(physical, entry + EntryLengthOffset));
                count++;
            }

            offset += size + sizeof(uint);
        }

        return count;
    }

    private static uint Word(byte* physical, uint address) => *(uint*)(physical + address);

    private static ulong LongWord(byte* physical, uint address) =>
        Word(physical, address) | ((ulong)Word(physical, address + sizeof(uint)) << 32);
}
