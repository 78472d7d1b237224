using System;
using System.Buffers.Binary;
using System.Text;

namespace HaukiOS.Drivers.Disk;

/// <summary>What a disk tells about itself (ATA/ATAPI-6, section 8.15, IDENTIFY DEVICE).</summary>
public sealed record AtaIdentity
{
    /// <summary>Bytes of the answer.</summary>
    public const int Length = 512;

    /// <summary>The maker's name for the model.</summary>
    public required string Model { get; init; }

    /// <summary>Sectors of 512 bytes.</summary>
    public required long SectorCount { get; init; }

    /// <summary>Knows the disk 48-bit sector numbers?</summary>
    public required bool HasLba48 { get; init; }

    /// <summary>Has a DMA mode been chosen, by the BIOS or at power-on? Without one only PIO is safe.</summary>
    public required bool HasDmaMode { get; init; }

    /// <summary>Does the disk claim to know FLUSH CACHE?</summary>
    public required bool HasFlush { get; init; }

    /// <summary>Does the disk claim to know FLUSH CACHE EXT?</summary>
    public required bool HasFlushExt { get; init; }

    /// <summary>Reads the answer.</summary>
    /// <returns>False for a device that is no hard disk with LBA and sectors of 512 bytes.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> answer, out AtaIdentity? identity)
    {
        const int notAtaWord = 0;
        const int capabilitiesWord = 49;
        const int validityWord = 53;
        const int sectors28Word = 60;
        const int multiwordDmaWord = 63;
        const int commandSetWord = 83;
        const int ultraDmaWord = 88;
        const int sectors48Word = 100;
        const int sectorSizeWord = 106;
        const ushort notAta = 1 << 15;
        const ushort lba = 1 << 9;
        const ushort dma = 1 << 8;
        const ushort ultraDmaValid = 1 << 2;
        const ushort selectedModes = 0xFF00;
        const ushort lba48 = 1 << 10;
        const ushort flush = 1 << 12;
        const ushort flushExt = 1 << 13;
        const ushort longSectors = 1 << 12;

        identity = null;
        if (answer.Length != Length || (Word(answer, notAtaWord) & notAta) != 0
            || (Word(answer, capabilitiesWord) & lba) == 0)
        {
            return false;
        }

        ushort sets = IsValid(Word(answer, commandSetWord)) ? Word(answer, commandSetWord) : (ushort)0;
        ushort sizes = Word(answer, sectorSizeWord);
        if (IsValid(sizes) && (sizes & longSectors) != 0)
        {
            return false;
        }

        bool ultra = (Word(answer, validityWord) & ultraDmaValid) != 0
            && (Word(answer, ultraDmaWord) & selectedModes) != 0;
        bool multiword = (Word(answer, multiwordDmaWord) & selectedModes) != 0;
        bool has48 = (sets & lba48) != 0;
        long count = has48
            ? BinaryPrimitives.ReadInt64LittleEndian(answer[(sectors48Word * 2)..])
            : BinaryPrimitives.ReadUInt32LittleEndian(answer[(sectors28Word * 2)..]);
        identity = new AtaIdentity
        {
            Model = ReadModel(answer),
            SectorCount = count,
            HasLba48 = has48,
            HasDmaMode = (Word(answer, capabilitiesWord) & dma) != 0 && (ultra || multiword),
            HasFlush = (sets & flush) != 0,
            HasFlushExt = has48 && (sets & flushExt) != 0,
        };
        const long sectorCountMax = 1L << 48;
        return count is > 0 and <= sectorCountMax;
    }

    private static ushort Word(ReadOnlySpan<byte> answer, int index) =>
        BinaryPrimitives.ReadUInt16LittleEndian(answer[(index * 2)..]);

    /// <summary>Words that came later carry a mark, 01 in the top bits, so that old disks are not misread.</summary>
    private static bool IsValid(ushort word) => (word & 0xC000) == 0x4000;

    private static string ReadModel(ReadOnlySpan<byte> answer)
    {
        const int modelWord = 27;
        const int modelLength = 40;
        StringBuilder model = new();
        for (int i = 0; i < modelLength; i++)
        {
            // The two characters of a word are swapped.
            char character = (char)answer[(modelWord * 2) + (i ^ 1)];
            model.Append(character is >= ' ' and < (char)0x7F ? character : '?');
        }

        return model.ToString().Trim();
    }
}
