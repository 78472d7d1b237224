using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Build.Names;

namespace HaukiOS.Build.Link;

/// <summary>What the image is to be.</summary>
/// <param name="Entry">The symbol where the machine begins.</param>
/// <param name="LinkAddress">The virtual address of the first byte; a page boundary.</param>
/// <param name="LoadAddress">The physical address of the first byte.</param>
public sealed record LinkPlan(string Entry, uint LinkAddress, uint LoadAddress);

/// <summary>
/// Joins object files into an image. Written for one kernel, so it knows what general linkers cannot: which
/// sections there are, that the image lies at a fixed address, and what the kernel wants to be told about itself.
/// The work is linear in the sections, of which the compiler makes one per method.
/// </summary>
public sealed class Linker
{
    private readonly IReadOnlyList<CoffObject> objects;
    private readonly HumanNames names;
    private readonly Dictionary<string, CoffSymbol> globals = [];

    private Linker(IReadOnlyList<CoffObject> objects, HumanNames names)
    {
        this.objects = objects;
        this.names = names;
    }

    /// <summary>Links.</summary>
    /// <param name="plan">What the image is to be.</param>
    /// <param name="objects">The objects; their order is the order in the image.</param>
    /// <param name="types">The types of the program, to name what the image holds.</param>
    /// <param name="buildId">Sixteen bytes that name this build.</param>
    /// <exception cref="BuildException">A symbol is missing or defined twice, or the image makes no sense.</exception>
    public static Image Link(LinkPlan plan, IReadOnlyList<CoffObject> objects, ManagedTypes types, byte[] buildId)
    {
        var names = new HumanNames(types);
        var linker = new Linker(objects, names);
        linker.DropCopies();
        linker.CollectGlobals();
        SymbolTable symbols = SymbolTable.Of(objects, names);
        List<ILateTable> tables = [symbols, TypeNameTable.Of(objects, types)];
        Layout layout = Layout.Of(plan.LinkAddress, objects, tables, buildId);
        linker.DefineBounds(layout);
        linker.RefuseUnresolved(plan.Entry);
        linker.Relocate(layout);
        layout.SortFunctionTable();
        tables.ForEach(layout.Write);
        return new Image(plan, layout, linker.globals[plan.Entry].Address, symbols.Functions, linker.globals);
    }

    private void DropCopies()
    {
        var kept = new Dictionary<string, CoffSection>();
        foreach (CoffSection section in objects.SelectMany(file => file.Sections))
        {
            if (section is not { Leader: { Class: StorageClass.External } leader }
                || section.Selection == ComdatSelection.Associative || kept.TryAdd(leader.Name, section))
            {
                continue;
            }

            CoffSection first = kept[leader.Name];
            bool equal = section.Selection switch
            {
                ComdatSelection.Any => true,
                ComdatSelection.SameSize => section.Size == first.Size,
                ComdatSelection.ExactMatch => section.Data.AsSpan().SequenceEqual(first.Data),
                _ => false,
            };
            if (!equal)
            {
                throw new BuildException(
                    $"{names.Of(leader.Name)} is in {first.Owner.Name} and, differently, in {section.Owner.Name}");
            }

            section.IsDropped = true;
        }

        foreach (CoffSection section in objects.SelectMany(file => file.Sections))
        {
            if (section.Selection == ComdatSelection.Associative && section.AssociatedNumber > 0)
            {
                section.IsDropped = section.Owner.Sections[section.AssociatedNumber - 1].IsDropped;
            }
        }
    }

    private void CollectGlobals()
    {
        foreach (CoffObject file in objects)
        {
            foreach (CoffSymbol? symbol in file.Symbols)
            {
                if (symbol is not { Class: StorageClass.External } || symbol.Section is { IsDropped: true })
                {
                    continue;
                }

                if (symbol is { IsDefined: false, Value: > 0 })
                {
                    throw new BuildException($"{file.Name}: the common block '{symbol.Name}' has no owner; use .bss");
                }

                if (symbol.IsDefined && !globals.TryAdd(symbol.Name, symbol))
                {
                    string first = globals[symbol.Name].Section?.Owner.Name ?? "another";
                    throw new BuildException(
                        $"{names.Of(symbol.Name)} is defined twice: in {first} and in {file.Name}");
                }
            }
        }
    }

    private void DefineBounds(Layout layout)
    {
        foreach ((string name, uint address) in layout.Bounds)
        {
            var symbol = new CoffSymbol
            {
                Name = name,
                Value = address,
                Section = null,
                IsAbsolute = true,
                Class = StorageClass.External,
                IsFunction = false,
            };
            if (!globals.TryAdd(name, symbol))
            {
                throw new BuildException($"{name} is the linker's to define, but an object defines it, too");
            }
        }
    }

    private CoffSymbol? Resolve(CoffObject file, CoffSymbol symbol)
    {
        if (symbol.Class == StorageClass.Static && symbol.IsDefined)
        {
            return symbol;
        }

        if (globals.TryGetValue(symbol.Name, out CoffSymbol? found))
        {
            return found;
        }

        return symbol.WeakDefault >= 0 && file.Symbols[symbol.WeakDefault] is { } other ? Resolve(file, other) : null;
    }

    private void RefuseUnresolved(string entry)
    {
        const int CallersShown = 3;
        var missing = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach ((CoffSection section, CoffRelocation place, CoffSymbol symbol) in Places())
        {
            if (Resolve(section.Owner, symbol) is null)
            {
                missing.TryAdd(symbol.Name, new SortedSet<string>(StringComparer.Ordinal));
                missing[symbol.Name].Add(Describe(section, place.Offset));
            }
        }

        if (!globals.ContainsKey(entry))
        {
            missing.Add(entry, ["the machine itself: it is the entry point"]);
        }

        if (missing.Count > 0)
        {
            throw new BuildException(string.Join('\n', missing.Select(item =>
                $"unresolved symbol {names.Of(item.Key)}, used by "
                + string.Join(", ", item.Value.Take(CallersShown))
                + (item.Value.Count > CallersShown ? $" and {item.Value.Count - CallersShown} more" : ""))));
        }
    }

    private void Relocate(Layout layout)
    {
        foreach ((CoffSection section, CoffRelocation place, CoffSymbol symbol) in Places())
        {
            uint target = Resolve(section.Owner, symbol)!.Address;
            uint at = section.Address + (uint)place.Offset;
            switch (place.Kind)
            {
                case RelocationKind.Ignore:
                    break;
                case RelocationKind.Address or RelocationKind.ImageRelative:
                    layout.Add(at, target);
                    break;
                case RelocationKind.Relative:
                    layout.Add(at, target - at - sizeof(uint));
                    break;
                default:
                    throw new BuildException(
                        $"{Describe(section, place.Offset)}: relocation kind {place.Kind} is not known here");
            }
        }
    }

    private IEnumerable<(CoffSection Section, CoffRelocation Place, CoffSymbol Symbol)> Places() =>
        from file in objects
        from section in file.Sections
        where Layout.Keeps(section)
        from place in section.Relocations
        select (section, place, file.Symbols[place.Symbol]!);

    /// <summary>The method or datum around a place, for people.</summary>
    private string Describe(CoffSection section, int offset)
    {
        CoffSymbol? around = section.Owner.Symbols
            .Where(symbol => symbol?.Section == section && symbol.Value <= offset && !symbol.IsSection)
            .MaxBy(symbol => symbol!.Value);
        return around is null ? $"{section.Owner.Name} ({section.Name})" : names.Of(around.Name);
    }
}
