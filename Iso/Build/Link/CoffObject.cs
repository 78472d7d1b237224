using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace HaukiOS.Build.Link;

/// <summary>
/// One object file as the compiler and the assembler write it: COFF for i386, plain or with the "big object"
/// header that allows more than 65,279 sections (PE/COFF specification, chapters 3 to 5).
/// </summary>
public sealed class CoffObject
{
    private const ushort MachineI386 = 0x014C;
    private const int SectionHeaderSize = 40;
    private const int SymbolTableIndexSize = 4;

    private readonly byte[] bytes;
    private readonly int symbolOffset;
    private readonly int symbolCount;
    private readonly int symbolSize;

    private CoffObject(string name, byte[] bytes)
    {
        Name = name;
        this.bytes = bytes;
        bool big = bytes.Length > 56 && U16(0) == 0 && U16(2) == 0xFFFF && U16(4) >= 2;
        int machine = U16(big ? 6 : 0);
        if (machine != MachineI386)
        {
            throw new BuildException($"{name}: not an object file for i386 (machine 0x{machine:X4})");
        }

        int sectionCount = big ? (int)U32(44) : U16(2);
        symbolOffset = (int)U32(big ? 48 : 8);
        symbolCount = (int)U32(big ? 52 : 12);
        symbolSize = big ? 20 : 18;
        int headers = big ? 56 : 20 + U16(16);
        Sections = new CoffSection[sectionCount];
        for (int i = 0; i < sectionCount; i++)
        {
            Sections[i] = ReadSection(i, headers + (i * SectionHeaderSize));
        }

        Symbols = ReadSymbols(big);
    }

    /// <summary>The file's name without its directory: messages must not depend on where the house stands.</summary>
    public string Name { get; }

    /// <summary>The sections in the order of the file.</summary>
    public CoffSection[] Sections { get; }

    /// <summary>The symbol table; an entry is null where the file has an auxiliary record.</summary>
    public CoffSymbol?[] Symbols { get; }

    /// <summary>Reads an object file.</summary>
    /// <exception cref="BuildException">The file is no such object.</exception>
    public static CoffObject Read(string path) => Parse(Path.GetFileName(path), File.ReadAllBytes(path));

    /// <summary>Reads an object file that is already in memory.</summary>
    /// <exception cref="BuildException">The bytes are no such object.</exception>
    public static CoffObject Parse(string name, byte[] bytes)
    {
        try
        {
            return new CoffObject(name, bytes);
        }
        catch (Exception problem) when (problem is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new BuildException($"{name}: the object file ends where more was promised");
        }
    }

    private CoffSection ReadSection(int index, int at)
    {
        int size = (int)U32(at + 16);
        int data = (int)U32(at + 20);
        var flags = (SectionFlags)U32(at + 36);
        return new CoffSection
        {
            Owner = this,
            Number = index + 1,
            Name = SectionName(at),
            Flags = flags,
            Size = size,
            Data = data == 0 || flags.HasFlag(SectionFlags.Uninitialised) ? [] : bytes[data..(data + size)],
            Relocations = ReadRelocations((int)U32(at + 24), U16(at + 32), flags),
        };
    }

    private CoffRelocation[] ReadRelocations(int at, int count, SectionFlags flags)
    {
        // More than 65,535 of them: the first one's address field holds the true number.
        int skip = 0;
        if (flags.HasFlag(SectionFlags.RelocationOverflow) && count == 0xFFFF)
        {
            count = (int)U32(at);
            skip = 1;
        }

        var relocations = new CoffRelocation[count - skip];
        for (int i = 0; i < relocations.Length; i++)
        {
            int entry = at + ((i + skip) * 10);
            relocations[i] = new CoffRelocation((int)U32(entry), (int)U32(entry + 4), (RelocationKind)U16(entry + 8));
        }

        return relocations;
    }

    private string SectionName(int at)
    {
        string name = ShortName(at);
        return name.StartsWith('/') ? LongName(int.Parse(name[1..], null)) : name;
    }

    private CoffSymbol?[] ReadSymbols(bool big)
    {
        var symbols = new CoffSymbol?[symbolCount];
        for (int i = 0; i < symbolCount; i++)
        {
            int at = symbolOffset + (i * symbolSize);
            int tail = at + (big ? 16 : 14);
            int number = big ? (int)U32(at + 12) : (short)U16(at + 12);
            var symbol = new CoffSymbol
            {
                Name = U32(at) == 0 ? LongName((int)U32(at + 4)) : ShortName(at),
                Value = U32(at + 8),
                Section = number > 0 ? Sections[number - 1] : null,
                IsAbsolute = number == -1,
                Class = (StorageClass)bytes[tail + 2],
                IsFunction = U16(tail) == 0x20,
            };
            symbols[i] = symbol;
            int auxiliary = bytes[tail + 3];
            if (auxiliary > 0)
            {
                ReadAuxiliary(symbol, at + symbolSize, big);
            }

            i += auxiliary;
        }

        MarkLeaders(symbols);
        return symbols;
    }

    private void ReadAuxiliary(CoffSymbol symbol, int at, bool big)
    {
        if (symbol.Class == StorageClass.WeakExternal)
        {
            symbol.WeakDefault = (int)U32(at);
        }
        else if (symbol is { Class: StorageClass.Static, Value: 0, Section: { } section })
        {
            symbol.IsSection = true;
            section.Selection = (ComdatSelection)bytes[at + 14];
            section.AssociatedNumber = U16(at + 12) | (big ? U16(at + 16) << 16 : 0);
        }
    }

    // The symbol that gives a COMDAT its identity is the first one of the section after the section's own.
    private static void MarkLeaders(IEnumerable<CoffSymbol?> symbols)
    {
        foreach (CoffSymbol? symbol in symbols)
        {
            if (symbol is { Section: { Leader: null } section } && section.Flags.HasFlag(SectionFlags.Comdat)
                && !symbol.IsSection)
            {
                section.Leader = symbol;
            }
        }
    }

    private string ShortName(int at)
    {
        ReadOnlySpan<byte> field = bytes.AsSpan(at, 8);
        int end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }

    private string LongName(int offset)
    {
        ReadOnlySpan<byte> text = bytes.AsSpan(symbolOffset + (symbolCount * symbolSize) + offset);
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at, SymbolTableIndexSize));
}
