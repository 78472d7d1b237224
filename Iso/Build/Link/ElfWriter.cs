using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace HaukiOS.Build.Link;

/// <summary>
/// Writes an image as ELF32 for i386 (System V ABI, chapters 4 and 5). With symbols for a person with a debugger;
/// without them, and without any section, for a boot loader: GRUB would read every section into memory.
/// </summary>
public static class ElfWriter
{
    private const int HeaderSize = 52;
    private const int ProgramHeaderSize = 32;
    private const int SectionHeaderSize = 40;
    private const int SymbolSize = 16;
    private const ushort Executable = 2;
    private const ushort MachineI386 = 3;
    private const byte FunctionSymbol = 0x12; // global, STT_FUNC
    private const byte DataSymbol = 0x10; // global, STT_NOTYPE
    private const ushort AbsoluteIndex = 0xFFF1;

    /// <summary>The image's bytes as a file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="withSymbols">Sections and symbols, too?</param>
    public static byte[] Write(Image image, bool withSymbols)
    {
        // The headers take less than a page, and the file keeps the image's own distances after them.
        const int ImageOffset = (int)Layout.PageSize;
        image.RequireMultibootHeader(ImageOffset);

        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        IReadOnlyList<Segment> segments = image.Segments;
        int tablesOffset = ImageOffset + ((image.Layout.Bytes.Length + 3) & ~3);
        Tables? tables = withSymbols ? new Tables(image, tablesOffset) : null;

        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write(Executable);
        writer.Write(MachineI386);
        writer.Write(1u);
        writer.Write(image.Entry);
        writer.Write(HeaderSize);
        writer.Write(tables?.SectionHeaderOffset ?? 0);
        writer.Write(0u);
        writer.Write((ushort)HeaderSize);
        writer.Write((ushort)ProgramHeaderSize);
        writer.Write((ushort)segments.Count);
        writer.Write((ushort)SectionHeaderSize);
        writer.Write((ushort)(tables?.SectionCount ?? 0));
        writer.Write((ushort)(tables is null ? 0 : tables.SectionCount - 1));
        foreach (Segment segment in segments)
        {
            uint offset = segment.Address - image.Layout.Origin;
            writer.Write(1u);
            writer.Write(ImageOffset + offset);
            writer.Write(segment.Address);
            writer.Write(image.Plan.LoadAddress + offset);
            writer.Write(segment.FileSize);
            writer.Write(segment.MemorySize);
            writer.Write((uint)segment.Permissions);
            writer.Write(Layout.PageSize);
        }

        file.SetLength(ImageOffset);
        file.Position = ImageOffset;
        file.Write(image.Layout.Bytes.Span);
        if (tables is not null)
        {
            file.SetLength(tablesOffset);
            file.Position = tablesOffset;
            file.Write(tables.Bytes());
        }

        return file.ToArray();
    }

    /// <summary>What stands behind the image in a file with symbols: symbol table, strings, section headers.</summary>
    private sealed class Tables
    {
        private readonly MemoryStream symbols = new();
        private readonly MemoryStream strings = new();
        private readonly MemoryStream headers = new();
        private readonly MemoryStream headerNames = new();
        private readonly IReadOnlyList<Segment> segments;
        private readonly int offset;

        public Tables(Image image, int offset)
        {
            this.offset = offset;
            segments = image.Segments;
            strings.WriteByte(0);
            headerNames.WriteByte(0);
            symbols.Write(new byte[SymbolSize]);
            AddSymbols(image);
            Pad(symbols);
            Pad(strings);
            AddHeaders(image);
            Pad(headerNames);
        }

        public int SectionCount => segments.Count + 4;

        public int SectionHeaderOffset => offset + (int)(symbols.Length + strings.Length + headerNames.Length);

        public byte[] Bytes() =>
            [.. symbols.ToArray(), .. strings.ToArray(), .. headerNames.ToArray(), .. headers.ToArray()];

        private void AddSymbols(Image image)
        {
            uint textEnd = image.Layout.Bounds["text_end"];
            for (int i = 0; i < image.Functions.Count; i++)
            {
                Function function = image.Functions[i];
                uint next = i + 1 < image.Functions.Count ? image.Functions[i + 1].Symbol.Address : textEnd;
                uint address = function.Symbol.Address;
                AddSymbol(function.Name, address, next - address, FunctionSymbol, IndexOf(address));
            }

            var named = image.Functions.Select(function => function.Symbol).ToHashSet();
            foreach (CoffSymbol symbol in image.Globals.Values.OrderBy(symbol => symbol.Name, StringComparer.Ordinal))
            {
                // String literals have symbols, too, by the thousand; nobody looks for them by name.
                if (!named.Contains(symbol) && !symbol.Name.StartsWith("__Str_", StringComparison.Ordinal))
                {
                    AddSymbol(symbol.Name, symbol.Address, 0, DataSymbol, IndexOf(symbol.Address));
                }
            }
        }

        private ushort IndexOf(uint address)
        {
            for (int i = 0; i < segments.Count; i++)
            {
                if (address >= segments[i].Address && address - segments[i].Address < segments[i].MemorySize)
                {
                    return (ushort)(i + 1);
                }
            }

            return AbsoluteIndex;
        }

        private void AddSymbol(string name, uint address, uint size, byte kind, ushort section)
        {
            var writer = new BinaryWriter(symbols);
            writer.Write(AddString(strings, name));
            writer.Write(address);
            writer.Write(size);
            writer.Write(kind);
            writer.Write((byte)0);
            writer.Write(section);
        }

        private void AddHeaders(Image image)
        {
            const uint Program = 1, SymbolTable = 2, StringTable = 3, Allocated = 2;
            headers.Write(new byte[SectionHeaderSize]);
            foreach (Segment segment in segments)
            {
                uint flags = Allocated
                    | (segment.Permissions.HasFlag(Permissions.Write) ? 1u : 0)
                    | (segment.Permissions.HasFlag(Permissions.Execute) ? 4u : 0);
                uint at = Layout.PageSize + segment.Address - image.Layout.Origin;
                AddHeader(segment.Name, Program, flags, segment.Address, at, (uint)segment.FileSize, 0, 0);
            }

            uint stringsAt = (uint)(offset + symbols.Length);
            uint stringSection = (uint)segments.Count + 2;
            AddHeader(
                ".symtab", SymbolTable, 0, 0, (uint)offset, (uint)symbols.Length, stringSection, SymbolSize);
            AddHeader(".strtab", StringTable, 0, 0, stringsAt, (uint)strings.Length, 0, 0);
            uint namesAt = (uint)(stringsAt + strings.Length);
            const string Last = ".shstrtab";
            AddHeader(Last, StringTable, 0, 0, namesAt, (uint)(headerNames.Length + Last.Length + 1), 0, 0);
        }

        private void AddHeader(
            string name, uint type, uint flags, uint address, uint at, uint size, uint link, uint entrySize)
        {
            var writer = new BinaryWriter(headers);
            uint nameAt = AddString(headerNames, name);
            const uint Alignment = 4, FirstGlobal = 1;
            ReadOnlySpan<uint> fields =
            [
                nameAt, type, flags, address, at, size, link, link == 0 ? 0 : FirstGlobal, Alignment, entrySize,
            ];
            foreach (uint field in fields)
            {
                writer.Write(field);
            }
        }

        private static uint AddString(MemoryStream into, string text)
        {
            uint at = (uint)into.Position;
            into.Write(Encoding.UTF8.GetBytes(text));
            into.WriteByte(0);
            return at;
        }

        private static void Pad(MemoryStream stream)
        {
            while (stream.Length % 4 != 0)
            {
                stream.WriteByte(0);
            }
        }
    }
}
