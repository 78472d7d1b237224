using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Link;

/// <summary>
/// The table from which <c>Type.ToString()</c> and <c>Enum.ToString()</c> take their words; the compiler keeps no
/// metadata. In the image, 4-byte aligned: <c>u32 'HTYP', u32 count</c>, then for each method table, by address,
/// <c>u32 address, u32 name, u32 enum</c>. An enum is <c>u32 flags (1 = [Flags]), u32 count</c>, then by value
/// <c>u64 value, u32 name, u32 0</c>. Names are NUL-terminated UTF-8; all offsets count from the table's start.
/// </summary>
public sealed class TypeNameTable : ILateTable
{
    private const uint Magic = 0x50595448;
    private const int HeaderSize = 8;
    private const int EntrySize = 12;
    private const int EnumHeaderSize = 8;
    private const int EnumValueSize = 16;
    private const string SymbolStart = "??_7";
    private const string SymbolEnd = "@@6B@";
    private const string ValueTypeStart = "Boxed_";

    private readonly List<Entry> entries;
    private readonly Dictionary<string, int> texts = [];
    private readonly Dictionary<EnumNames, int> enums = [];

    private TypeNameTable(List<Entry> entries)
    {
        this.entries = entries;
        int offset = HeaderSize + (entries.Count * EntrySize);
        foreach (EnumNames names in entries.Select(entry => entry.Enum).OfType<EnumNames>().Distinct())
        {
            enums.Add(names, offset);
            offset += EnumHeaderSize + (names.Values.Count * EnumValueSize);
        }

        IEnumerable<string> words = entries.Select(entry => entry.Name)
            .Concat(enums.Keys.SelectMany(names => names.Values).Select(value => value.Name));
        foreach (string word in words)
        {
            if (texts.TryAdd(word, offset))
            {
                offset += Encoding.UTF8.GetByteCount(word) + 1;
            }
        }

        Size = offset;
    }

    /// <inheritdoc/>
    public string Name => "type_names";

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Finds the method tables among the symbols of the objects.</summary>
    public static TypeNameTable Of(IReadOnlyList<CoffObject> objects, ManagedTypes types)
    {
        IEnumerable<Entry> entries =
            from file in objects
            from symbol in file.Symbols
            where symbol is { Section: { } section } && Layout.Keeps(section)
                && symbol.Name.StartsWith(SymbolStart, StringComparison.Ordinal)
                && symbol.Name.EndsWith(SymbolEnd, StringComparison.Ordinal)
            let mangled = TypeOf(symbol.Name[SymbolStart.Length..^SymbolEnd.Length])
            let name = MangledType.Read(types, mangled)
            where name is not null
            select new Entry(symbol, name, types.Find(mangled)?.Enum);
        return new TypeNameTable(entries.ToList());
    }

    /// <inheritdoc/>
    public void Write(Span<byte> table)
    {
        entries.Sort((a, b) => a.Symbol.Address.CompareTo(b.Symbol.Address));
        WriteWords(table, Magic, (uint)entries.Count);
        for (int i = 0; i < entries.Count; i++)
        {
            Entry entry = entries[i];
            uint values = entry.Enum is null ? 0 : (uint)enums[entry.Enum];
            WriteWords(
                table[(HeaderSize + (i * EntrySize))..], entry.Symbol.Address, (uint)texts[entry.Name], values);
        }

        foreach ((EnumNames names, int offset) in enums)
        {
            WriteWords(table[offset..], names.IsFlags ? 1u : 0, (uint)names.Values.Count);
            for (int i = 0; i < names.Values.Count; i++)
            {
                Span<byte> at = table[(offset + EnumHeaderSize + (i * EnumValueSize))..];
                BinaryPrimitives.WriteUInt64LittleEndian(at, names.Values[i].Value);
                WriteWords(at[sizeof(ulong)..], (uint)texts[names.Values[i].Name], 0);
            }
        }

        foreach ((string word, int offset) in texts)
        {
            Encoding.UTF8.GetBytes(word, table[offset..]);
        }
    }

    // The method table of a value type is that of its boxes.
    private static string TypeOf(string table) =>
        table.StartsWith(ValueTypeStart, StringComparison.Ordinal) ? table[ValueTypeStart.Length..] : table;

    private static void WriteWords(Span<byte> at, params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(at, word);
            at = at[sizeof(uint)..];
        }
    }

    private sealed record Entry(CoffSymbol Symbol, string Name, EnumNames? Enum);
}
