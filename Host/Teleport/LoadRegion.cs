using System;
using System.Runtime.InteropServices;

namespace HaukiOS.Host.Teleport;

/// <summary>
/// Finds the region of a node's <c>load MIB touch</c> in the memory of its machine, from outside. Each of its pages
/// says which one it is and how often it has been written to.
/// </summary>
public static class LoadRegion
{
    private const int PageBytes = 4096;
    private const int PagesPerMebibyte = 256;

    // As the kernel's PageLoad writes them: word 0 is the pass, word 1 that and the page's number, folded; the rest a
    // sequence that begins with the page's number.
    private const uint Factor = 1664525;
    private const uint Step = 1013904223;
    private const uint Spread = 2654435761;

    /// <summary>Counts the pages written, each as often as it was.</summary>
    /// <param name="memory">The machine's memory.</param>
    /// <param name="mebibytes">The size of the region.</param>
    /// <returns>Null if the region is not whole.</returns>
    public static long? CountWritten(ReadOnlySpan<byte> memory, int mebibytes)
    {
        var seen = new bool[mebibytes * PagesPerMebibyte];
        var found = 0;
        var written = 0L;
        for (; memory.Length >= PageBytes; memory = memory[PageBytes..])
        {
            var words = MemoryMarshal.Cast<byte, uint>(memory[..PageBytes]);
            var page = words[1] ^ (~words[0] * Factor);
            if (page < seen.Length && Follows(words, page))
            {
                found += seen[page] ? seen.Length : 1;
                seen[page] = true;
                written += words[0];
            }
        }

        // The processor may have been stopped between a page's two words; that page counts as the others do.
        return found == seen.Length ? written
            : found == seen.Length - 1 ? written + (written / found)
            : null;
    }

    private static bool Follows(ReadOnlySpan<uint> words, uint page)
    {
        var value = page * Spread;
        foreach (var word in words[2..])
        {
            value = (value * Factor) + Step;
            if (word != value)
            {
                return false;
            }
        }

        return true;
    }
}
