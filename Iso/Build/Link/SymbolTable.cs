using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Link;

/// <summary>A function of the image.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Name">What people call it.</param>
public sealed record Function(CoffSymbol Symbol, string Name);

/// <summary>
/// The table by which a panic names the functions on the stack. In the image: <c>u32 'HSYM'</c>, <c>u32 count</c>,
/// then for each function, by address, <c>u32 address, u32 offset of its NUL-terminated UTF-8 name</c>, counted
/// from the table's start.
/// </summary>
public sealed class SymbolTable : ILateTable
{
    private const uint Magic = 0x4D595348;
    private const int HeaderSize = 8;
    private const int EntrySize = 8;

    private readonly List<Function> functions;
    private readonly Dictionary<string, int> nameOffsets = [];

    private SymbolTable(List<Function> functions)
    {
        this.functions = functions;
        int offset = HeaderSize + (functions.Count * EntrySize);
        foreach (string name in functions.Select(function => function.Name))
        {
            if (nameOffsets.TryAdd(name, offset))
            {
                offset += Encoding.UTF8.GetByteCount(name) + 1;
            }
        }

        Size = offset;
    }

    /// <inheritdoc/>
    public string Name => "symbols";

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>The functions; after <see cref="Write"/> they are in the order of addresses.</summary>
    public IReadOnlyList<Function> Functions => functions;

    /// <summary>Collects the functions of the objects. Their addresses need not be known yet.</summary>
    public static SymbolTable Of(IReadOnlyList<CoffObject> objects, HumanNames names)
    {
        // Several names for one place: an export or an alias beside the method. The method's own name says most,
        // and it is the one that the metadata explains.
        IEnumerable<Function> functions =
            from file in objects
            from symbol in file.Symbols
            where symbol is { Section: { } section } && section.Flags.HasFlag(SectionFlags.Code)
                && Layout.Keeps(section) && IsFunctionName(symbol)
            group symbol by (symbol.Section, symbol.Value) into place
            let best = place.MaxBy(symbol => names.Explains(symbol.Name))!
            select new Function(best, names.Of(best.Name));
        return new SymbolTable(functions.ToList());
    }

    /// <inheritdoc/>
    public void Write(Span<byte> table)
    {
        functions.Sort((a, b) => a.Symbol.Address.CompareTo(b.Symbol.Address));
        BinaryPrimitives.WriteUInt32LittleEndian(table, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(table[4..], functions.Count);
        for (int i = 0; i < functions.Count; i++)
        {
            Span<byte> entry = table[(HeaderSize + (i * EntrySize))..];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, functions[i].Symbol.Address);
            BinaryPrimitives.WriteInt32LittleEndian(entry[4..], nameOffsets[functions[i].Name]);
        }

        foreach ((string name, int offset) in nameOffsets)
        {
            Encoding.UTF8.GetBytes(name, table[offset..]);
        }
    }

    // The assembler writes labels inside a function as `function.label`.
    private static bool IsFunctionName(CoffSymbol symbol) =>
        symbol.Class == StorageClass.External
        || (symbol is { Class: StorageClass.Static, IsSection: false }
            && !symbol.Name.Contains('.', StringComparison.Ordinal));
}
