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
            foreach (CoffRelocation place in section.Relocations)
            {
                if (file.Symbols[place.Symbol]!.Name.Contains(LookUp, StringComparison.Ordinal)
                    && methods.LastOrDefault(method => method.Value <= place.Offset) is { } caller
                    && !caller.Name.Contains(LookUp, StringComparison.Ordinal))
                {
                    callers.Add(names.Of(caller.Name));
                }
            }
        }

        return callers.Select(caller => $"{caller} calls a generic virtual method, which this kernel cannot").ToList();
    }
}
