using System;

namespace HaukiOS.Build.Link;

/// <summary>What a section is and how it wants to lie (PE/COFF specification, 4.1), as far as a linker cares.</summary>
[Flags]
public enum SectionFlags : uint
{
    /// <summary>Machine code.</summary>
    Code = 0x20,

    /// <summary>Zeros that the file does not hold.</summary>
    Uninitialised = 0x80,

    /// <summary>Directives or comments for linkers; nothing of the image.</summary>
    Information = 0x200,

    /// <summary>Not part of the image.</summary>
    Remove = 0x800,

    /// <summary>One of several equal copies; the linker keeps one.</summary>
    Comdat = 0x1000,

    /// <summary>The number of relocations did not fit into its field.</summary>
    RelocationOverflow = 0x0100_0000,

    /// <summary>May be dropped once a program runs; here: debug information.</summary>
    Discardable = 0x0200_0000,

    /// <summary>May be written.</summary>
    Write = 0x8000_0000,
}

/// <summary>How the linker chooses among equal COMDAT sections (5.5.6).</summary>
public enum ComdatSelection : byte
{
    /// <summary>No COMDAT.</summary>
    None = 0,

    /// <summary>There may be one only.</summary>
    NoDuplicates = 1,

    /// <summary>Any will do.</summary>
    Any = 2,

    /// <summary>All must have one size.</summary>
    SameSize = 3,

    /// <summary>All must be equal.</summary>
    ExactMatch = 4,

    /// <summary>Lives and dies with another section.</summary>
    Associative = 5,
}

/// <summary>Who may see a symbol (5.4.4).</summary>
public enum StorageClass : byte
{
    /// <summary>The whole program.</summary>
    External = 2,

    /// <summary>Its object file.</summary>
    Static = 3,

    /// <summary>The whole program, unless somebody else defines it.</summary>
    WeakExternal = 105,
}

/// <summary>How an address enters the bytes (5.2.1, "Intel 386 Processors").</summary>
public enum RelocationKind : ushort
{
    /// <summary>Not at all.</summary>
    Ignore = 0x00,

    /// <summary>The 32-bit virtual address.</summary>
    Address = 0x06,

    /// <summary>The address relative to the image; our image base is 0, so it is the same.</summary>
    ImageRelative = 0x07,

    /// <summary>The distance from the end of the field.</summary>
    Relative = 0x14,
}

/// <summary>One place in a section that wants an address.</summary>
/// <param name="Offset">The place, from the section's start.</param>
/// <param name="Symbol">Whose address: an index into the object's symbols.</param>
/// <param name="Kind">How.</param>
public readonly record struct CoffRelocation(int Offset, int Symbol, RelocationKind Kind);

/// <summary>A section of an object file, and the place that the layout gave it.</summary>
public sealed class CoffSection
{
    /// <summary>The file it comes from.</summary>
    public required CoffObject Owner { get; init; }

    /// <summary>Its number in that file, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its name, with the part after the dollar sign that sorts it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required SectionFlags Flags { get; init; }

    /// <summary>Bytes it takes in memory.</summary>
    public required int Size { get; init; }

    /// <summary>Its content; empty if it is all zeros.</summary>
    public required byte[] Data { get; init; }

    /// <summary>The places that want addresses.</summary>
    public required CoffRelocation[] Relocations { get; init; }

    /// <summary>For a COMDAT: the rule of choice.</summary>
    public ComdatSelection Selection { get; set; }

    /// <summary>For an associative COMDAT: the number of the section it belongs to.</summary>
    public int AssociatedNumber { get; set; }

    /// <summary>For a COMDAT: the symbol whose name tells which sections are copies of each other.</summary>
    public CoffSymbol? Leader { get; set; }

    /// <summary>Was another copy kept instead?</summary>
    public bool IsDropped { get; set; }

    /// <summary>Where it lies in the image.</summary>
    public uint Address { get; set; }

    /// <summary>The name up to the dollar sign.</summary>
    public string Group => Name.IndexOf('$') is var dollar and >= 0 ? Name[..dollar] : Name;

    /// <summary>The boundary that it must start on.</summary>
    public uint Alignment => ((uint)Flags >> 20 & 15) is var power and > 0 ? 1u << (int)(power - 1) : 16;
}

/// <summary>A name in an object file.</summary>
public sealed class CoffSymbol
{
    /// <summary>The name as it was written.</summary>
    public required string Name { get; init; }

    /// <summary>The offset in the section; for a common block its size; for an absolute symbol the value.</summary>
    public required uint Value { get; set; }

    /// <summary>The section it lies in; null if it is defined elsewhere or is no address at all.</summary>
    public required CoffSection? Section { get; set; }

    /// <summary>Is the value final as it is?</summary>
    public required bool IsAbsolute { get; init; }

    /// <summary>Who may see it.</summary>
    public required StorageClass Class { get; init; }

    /// <summary>Does it name a function?</summary>
    public required bool IsFunction { get; init; }

    /// <summary>For a weak name: the index of the symbol that stands in for it.</summary>
    public int WeakDefault { get; set; } = -1;

    /// <summary>Does it stand for its whole section? (Its name may be cut short.)</summary>
    public bool IsSection { get; set; }

    /// <summary>Is it a definition, rather than a wish for one?</summary>
    public bool IsDefined => Section is not null || IsAbsolute;

    /// <summary>Where it lies in the image.</summary>
    public uint Address => Section is null ? Value : Section.Address + Value;
}
