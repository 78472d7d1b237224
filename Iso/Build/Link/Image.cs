using System;
using System.Collections.Generic;
using System.Linq;

namespace HaukiOS.Build.Link;

/// <summary>A linked image, ready to be written.</summary>
/// <param name="Plan">What it was to be.</param>
/// <param name="Layout">Where everything lies.</param>
/// <param name="Entry">The virtual address where the machine begins.</param>
/// <param name="Functions">The functions by address.</param>
/// <param name="Globals">Every symbol of the whole program.</param>
public sealed record Image(
    LinkPlan Plan, Layout Layout, uint Entry, IReadOnlyList<Function> Functions,
    IReadOnlyDictionary<string, CoffSymbol> Globals)
{
    private const uint MultibootMagic = 0x1BADB002;
    private const int MultibootReach = 8192;

    /// <summary>The parts that the page tables tell apart, in order.</summary>
    public IReadOnlyList<Segment> Segments =>
    [
        Part(".text", "text_start", "text_end", "text_end", Permissions.Read | Permissions.Execute),
        Part(".rodata", "rodata_start", "rodata_end", "rodata_end", Permissions.Read),
        Part(".data", "data_start", "data_end", "image_end", Permissions.Read | Permissions.Write),
    ];

    /// <summary>
    /// A boot loader looks for the Multiboot header in the first 8 KiB of the file, on a boundary of four
    /// (Multiboot specification 0.6.96, 3.1). Without it the image would build and never boot.
    /// </summary>
    /// <param name="fileOffset">Where in the file the first byte of the image lies.</param>
    /// <exception cref="BuildException">It is not there.</exception>
    public void RequireMultibootHeader(int fileOffset)
    {
        ReadOnlySpan<byte> head = Layout.Bytes.Span[..Math.Min(Layout.Bytes.Length, MultibootReach - fileOffset)];
        for (int at = 0; at + 12 <= head.Length; at += 4)
        {
            uint magic = BitConverter.ToUInt32(head[at..]);
            uint flags = BitConverter.ToUInt32(head[(at + 4)..]);
            uint checksum = BitConverter.ToUInt32(head[(at + 8)..]);
            if (magic == MultibootMagic && magic + flags + checksum == 0)
            {
                return;
            }
        }

        throw new BuildException("no Multiboot header in the first 8 KiB: it belongs into a section '.multiboot'");
    }

    private Segment Part(string name, string start, string end, string memoryEnd, Permissions permissions)
    {
        uint from = Layout.Bounds[start];
        return new Segment(
            name, from, (int)(Layout.Bounds[end] - from), (int)(Layout.Bounds[memoryEnd] - from), permissions);
    }
}

/// <summary>What may be done with the bytes of a segment; the values are those of ELF's p_flags.</summary>
[Flags]
public enum Permissions : uint
{
    /// <summary>Run them.</summary>
    Execute = 1,

    /// <summary>Change them.</summary>
    Write = 2,

    /// <summary>Look at them.</summary>
    Read = 4,
}

/// <summary>A part of the image.</summary>
/// <param name="Name">Its section name.</param>
/// <param name="Address">The virtual address.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="MemorySize">Bytes in memory; those beyond the file's are zeros.</param>
/// <param name="Permissions">What may be done with it.</param>
public sealed record Segment(string Name, uint Address, int FileSize, int MemorySize, Permissions Permissions);
