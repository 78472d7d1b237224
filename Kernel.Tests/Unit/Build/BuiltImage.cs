using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>The kernel as it was built, read from its ELF file with symbols.</summary>
internal sealed class BuiltImage
{
    private const int SectionHeaderSize = 40;
    private const int SymbolSize = 16;

    private readonly byte[] file;
    private readonly Dictionary<string, Section> sections = [];

    private BuiltImage(byte[] file)
    {
        this.file = file;
        const int SectionOffsetField = 32, SectionCountField = 48, NamesIndexField = 50;
        int headers = (int)U32(SectionOffsetField);
        int names = (int)U32(headers + (U16(NamesIndexField) * SectionHeaderSize) + 16);
        for (int i = 0; i < U16(SectionCountField); i++)
        {
            int at = headers + (i * SectionHeaderSize);
            sections[Text(names + (int)U32(at))] = new Section(U32(at + 12), (int)U32(at + 16), (int)U32(at + 20));
        }
    }

    /// <summary>The kernel's ELF file of this tree.</summary>
    public static string ElfPath => Require("Iso/bin/hauki.elf");

    /// <summary>The CD of this tree.</summary>
    public static string IsoPath => Require("Iso/bin/hauki.iso");

    /// <summary>Functions with their code, in the order of addresses.</summary>
    public IEnumerable<(string Name, uint Address, byte[] Code)> Functions()
    {
        Section table = sections[".symtab"];
        Section text = sections[".text"];
        Section strings = sections[".strtab"];
        const byte Function = 2;
        for (int at = table.Offset; at < table.Offset + table.Size; at += SymbolSize)
        {
            if ((file[at + 12] & 15) == Function)
            {
                uint address = U32(at + 4);
                int offset = text.Offset + (int)(address - text.Address);
                yield return (Text(strings.Offset + (int)U32(at)), address, file[offset..(offset + (int)U32(at + 8))]);
            }
        }
    }

    /// <summary>Bytes of code in all.</summary>
    public int CodeSize => sections[".text"].Size;

    /// <summary>Bytes that the kernel occupies before it asks for any memory, without the zeros.</summary>
    public int LoadedSize => new[] { ".text", ".rodata", ".data" }.Sum(name => sections[name].Size);

    /// <summary>Reads the kernel.</summary>
    public static BuiltImage Read() => new(File.ReadAllBytes(ElfPath));

    private static string Require(string relative)
    {
        string path = SourceTree.PathOf(relative);
        Assert.That(File.Exists(path), $"{relative} is not built: make iso");
        return path;
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private string Text(int at) => Encoding.UTF8.GetString(file.AsSpan(at, file.AsSpan(at).IndexOf((byte)0)));

    private sealed record Section(uint Address, int Offset, int Size);
}
