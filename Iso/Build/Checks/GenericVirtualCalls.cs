using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Build.Link;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Checks;

/// <summary>
/// Finds calls of generic virtual methods. The compiler turns each into a look-up by name at run time; a runtime
/// without that look-up would stop in the middle of a program, so the build stops first and names the caller.
/// </summary>
public static class GenericVirtualCalls
{
    private const string LookUp = "GVMLookupForSlot";

    /// <summary>One sentence for each method that calls one.</summary>
    public static IReadOnlyList<string> Problems(CoffObject file, HumanNames names)
    {
        var callers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (CoffSection section in file.Sections.Where(section => section.Flags.HasFlag(SectionFlags.Code)))
        {
            List<CoffSymbol> methods = file.Symbols.OfType<CoffSymbol>()
                .Where(symbol => symbol.Section == section && !symbol.IsSection)
                .OrderBy(symbol => symbol.Value).ToList();
            foreach (int place in CallsIn(file, section))
            {
                if (methods.LastOrDefault(method => method.Value <= place) is { } caller
                    && !caller.Name.Contains(LookUp, StringComparison.Ordinal))
                {
                    callers.Add(names.Of(caller.Name));
                }
            }
        }

        return callers.Select(caller => $"{caller} calls a generic virtual method, which this kernel cannot").ToList();
    }

    /// <summary>
    /// Places of calls and jumps to the look-up. Inside one section the compiler has resolved them already, so they
    /// are found by their distance; from another section they still have a relocation.
    /// </summary>
    private static IEnumerable<int> CallsIn(CoffObject file, CoffSection section)
    {
        const byte call = 0xE8;
        const byte jump = 0xE9;
        const int length = 5; // opcode and distance
        foreach (CoffRelocation relocation in section.Relocations)
        {
            if (file.Symbols[relocation.Symbol]!.Name.Contains(LookUp, StringComparison.Ordinal))
            {
                yield return (int)relocation.Offset;
            }
        }

        HashSet<int> targets = [.. file.Symbols.OfType<CoffSymbol>()
            .Where(symbol => symbol.Section == section && symbol.Name.EndsWith(LookUp, StringComparison.Ordinal))
            .Select(symbol => (int)symbol.Value)];
        for (int at = 0; targets.Count > 0 && at + length <= section.Data.Length; at++)
        {
            if (section.Data[at] is call or jump
                && targets.Contains(at + length + BitConverter.ToInt32(section.Data, at + 1)))
            {
                yield return at;
            }
        }
    }
}
