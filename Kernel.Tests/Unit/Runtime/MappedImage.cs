using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace HaukiOS.Tests.Runtime;

/// <summary>
/// The real kernel image, mapped into this process at the very addresses it is linked for: its tables hold absolute
/// addresses, and the unwinder reads them here exactly as it does on the metal. Nothing of it is executed.
/// </summary>
internal sealed unsafe partial class MappedImage : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymousAtFixedFreePlace = 0x0010_0022;
    private const int ProgramHeaderSize = 32;
    private const int SectionHeaderSize = 40;
    private const int SymbolSize = 16;
    private const uint SymbolTableSection = 2;
    private const uint LoadSegment = 1;

    private readonly Dictionary<string, uint> symbols = [];
    private readonly List<(nint Address, nuint Length)> mapped = [];

    private MappedImage(byte[] file)
    {
        ReadSymbols(file);
        int headers = (int)Word(file, 28);
        for (int i = 0; i < Half(file, 44); i++)
        {
            int header = headers + (i * ProgramHeaderSize);
            if (Word(file, header) == LoadSegment)
                Map(file, header);
        }
    }

    /// <summary>Address of a symbol.</summary>
    public uint this[string symbol] => symbols[symbol];

    /// <summary>Maps an ELF file of the kernel.</summary>
    public static MappedImage Load(string path) => new(File.ReadAllBytes(path));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((nint address, nuint length) in mapped)
            munmap(address, length);
    }

    private static uint Word(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private static ushort Half(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);

    private void Map(byte[] file, int header)
    {
        uint offset = Word(file, header + 4);
        uint address = Word(file, header + 8);
        uint fileSize = Word(file, header + 16);
        uint memorySize = Word(file, header + 20);
        uint start = address & ~4095u;
        uint length = (address + memorySize - start + 4095) & ~4095u;
        nint at = mmap((nint)start, length, ReadWrite, PrivateAnonymousAtFixedFreePlace, -1, 0);
        if (at != (nint)start)
            throw new IOException($"the address 0x{start:x} is taken in this process");
        mapped.Add((at, length));
        file.AsSpan((int)offset, (int)fileSize).CopyTo(new Span<byte>((void*)address, (int)fileSize));
    }

    private void ReadSymbols(byte[] file)
    {
        int headers = (int)Word(file, 32);
        for (int i = 0; i < Half(file, 48); i++)
        {
            int header = headers + (i * SectionHeaderSize);
            if (Word(file, header + 4) != SymbolTableSection)
                continue;
            int table = (int)Word(file, header + 16);
            int end = table + (int)Word(file, header + 20);
            int names = (int)Word(file, headers + ((int)Word(file, header + 24) * SectionHeaderSize) + 16);
            for (int at = table; at < end; at += SymbolSize)
            {
                int name = names + (int)Word(file, at);
                int length = file.AsSpan(name).IndexOf((byte)0);
                symbols.TryAdd(Encoding.UTF8.GetString(file, name, length), Word(file, at + 4));
            }
        }
    }
}
