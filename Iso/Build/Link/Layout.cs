using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Build.Link;

/// <summary>
/// Where everything lies: code, then what is only read, then what is written, then what starts as zeros; each of
/// the four on a page of its own, so that the page tables can tell them apart.
/// </summary>
public sealed class Layout
{
    /// <summary>Bytes in a page.</summary>
    public const uint PageSize = 4096;

    private const int FunctionEntrySize = 12;

    private readonly uint origin;
    private readonly Dictionary<string, uint> bounds = [];
    private byte[] bytes = [];
    private uint cursor;

    private Layout(uint origin)
    {
        this.origin = origin;
        cursor = origin;
    }

    /// <summary>The linker's own symbols: where the parts begin and end.</summary>
    public IReadOnlyDictionary<string, uint> Bounds => bounds;

    /// <summary>Everything up to the zeros, as it lies in memory.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>The virtual address of the first byte.</summary>
    public uint Origin => origin;

    /// <summary>Does the section become part of the image at all?</summary>
    public static bool Keeps(CoffSection section) =>
        !section.IsDropped && section.Size > 0 && !section.Group.StartsWith(".debug", StringComparison.Ordinal)
        && (section.Flags & (SectionFlags.Information | SectionFlags.Remove | SectionFlags.Discardable)) == 0;

    /// <summary>Gives every section its place and copies its bytes there.</summary>
    /// <param name="origin">The virtual address of the first byte.</param>
    /// <param name="objects">The objects in their order.</param>
    /// <param name="tables">Tables to keep room for.</param>
    /// <param name="buildId">The name of this build.</param>
    public static Layout Of(
        uint origin, IReadOnlyList<CoffObject> objects, IEnumerable<ILateTable> tables, byte[] buildId)
    {
        var layout = new Layout(origin);
        ILookup<Part, CoffSection> parts = objects
            .SelectMany(file => file.Sections).Where(Keeps)
            .OrderBy(section => section.Name, StringComparer.Ordinal)
            .ToLookup(PartOf);

        layout.Mark("image_start");
        layout.Mark("text_start");
        layout.Place(parts[Part.Header]);
        layout.Place(InFileOrder(objects, parts[Part.NativeCode]));
        layout.PlaceBetween("managed_start", parts[Part.ManagedCode], "managed_end");
        layout.Mark("text_end");

        layout.Align(PageSize);
        layout.Mark("rodata_start");
        layout.Place(parts[Part.Constants]);
        layout.PlaceBetween("pdata_start", parts[Part.FunctionTable], "pdata_end");
        layout.Place(parts[Part.UnwindData]);
        layout.PlaceBetween("modules_start", parts[Part.Modules], "modules_end");
        foreach (ILateTable table in tables)
        {
            layout.Reserve(table.Name + "_start", (uint)table.Size, table.Name + "_end");
        }

        layout.Reserve("build_id", (uint)buildId.Length, "rodata_end");

        layout.Align(PageSize);
        layout.PlaceBetween("data_start", parts[Part.Data], "data_end");
        uint filled = layout.cursor - origin;

        layout.Align(PageSize);
        layout.PlaceBetween("bss_start", parts[Part.Zeros], "bss_end");
        layout.Align(PageSize);
        layout.Mark("image_end");

        layout.bytes = new byte[filled];
        foreach (CoffSection section in parts.SelectMany(part => part).Where(section => section.Data is not []))
        {
            section.Data.CopyTo(layout.bytes, section.Address - origin);
        }

        buildId.CopyTo(layout.At(layout.bounds["build_id"]));
        return layout;
    }

    /// <summary>Fills in a table.</summary>
    public void Write(ILateTable table) => table.Write(At(bounds[table.Name + "_start"])[..table.Size]);

    /// <summary>The bytes from an address on.</summary>
    public Span<byte> At(uint address) => bytes.AsSpan((int)(address - origin));

    /// <summary>Adds to the 32-bit number at an address: what was there is the offset from the symbol.</summary>
    public void Add(uint address, uint value)
    {
        Span<byte> field = At(address);
        BinaryPrimitives.WriteUInt32LittleEndian(field, BinaryPrimitives.ReadUInt32LittleEndian(field) + value);
    }

    /// <summary>Orders the function table by address: the kernel searches it by halves.</summary>
    public void SortFunctionTable()
    {
        uint start = bounds["pdata_start"];
        int length = (int)(bounds["pdata_end"] - start);
        byte[] sorted = Enumerable.Range(0, length / FunctionEntrySize)
            .Select(i => At(start)[(i * FunctionEntrySize)..][..FunctionEntrySize].ToArray())
            .OrderBy(entry => BinaryPrimitives.ReadUInt32LittleEndian(entry))
            .SelectMany(entry => entry).ToArray();
        sorted.CopyTo(At(start));
    }

    private static Part PartOf(CoffSection section) => section.Group switch
    {
        ".multiboot" => Part.Header,
        ".managedcode" => Part.ManagedCode,
        ".pdata" => Part.FunctionTable,
        ".xdata" => Part.UnwindData,
        ".modules" => Part.Modules,
        _ when section.Flags.HasFlag(SectionFlags.Code) => Part.NativeCode,
        _ when section.Flags.HasFlag(SectionFlags.Uninitialised) => Part.Zeros,
        _ when section.Flags.HasFlag(SectionFlags.Write) => Part.Data,
        _ => Part.Constants,
    };

    // The boot code comes first in the list of objects, and the Multiboot header first in the boot code.
    private static IEnumerable<CoffSection> InFileOrder(
        IReadOnlyList<CoffObject> objects, IEnumerable<CoffSection> sections)
    {
        var rank = objects.Index().ToDictionary(file => file.Item, file => file.Index);
        return sections.OrderBy(section => rank[section.Owner]).ThenBy(section => section.Number);
    }

    private void PlaceBetween(string start, IEnumerable<CoffSection> sections, string end)
    {
        const uint StartAlignment = 16;
        Align(StartAlignment);
        Mark(start);
        Place(sections);
        Mark(end);
    }

    private void Reserve(string start, uint size, string end)
    {
        const uint StartAlignment = 16;
        Align(StartAlignment);
        Mark(start);
        cursor += size;
        Mark(end);
    }

    private void Place(IEnumerable<CoffSection> sections)
    {
        foreach (CoffSection section in sections)
        {
            Align(section.Alignment);
            section.Address = cursor;
            cursor = checked(cursor + (uint)section.Size);
        }
    }

    private void Align(uint boundary) => cursor = (cursor + boundary - 1) & ~(boundary - 1);

    private void Mark(string name) => bounds.Add(name, cursor);

    private enum Part
    {
        Header,
        NativeCode,
        ManagedCode,
        Constants,
        FunctionTable,
        UnwindData,
        Modules,
        Data,
        Zeros,
    }
}
