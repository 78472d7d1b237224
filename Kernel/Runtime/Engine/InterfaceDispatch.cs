using System;
using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace Internal.Runtime;

/// <summary>
/// Finds the code behind an interface call.
/// <para>
/// A call site calls through a cell of two words. At first they are the address of
/// <c>RhpInitialDynamicInterfaceDispatch</c> and the interface, relative to the word and tagged in its low bits; the
/// cells of one (interface, slot) pair lie together, closed by a word of zero and the slot number. The first call
/// turns the cell into {<c>HaukiCachedDispatch</c>, address of a <see cref="CallSite"/>}: one comparison and a jump
/// as long as the site sees the same type as the first time; the others go through a table that all sites share.
/// </para>
/// </summary>
internal static unsafe class InterfaceDispatch
{
    /// <summary>What a converted cell points to. The assembler stub knows the offsets of the first two.</summary>
    private struct CallSite
    {
        internal MethodTable* Type;
        internal nint Code;
        internal MethodTable* Interface;
        internal int Slot;
    }

    /// <summary>
    /// An answer that did not fit into the call site. The assembler stub knows this layout, and the hash.
    /// </summary>
    private struct CacheEntry
    {
        internal MethodTable* Type;
        internal CallSite* Site;
        internal nint Code;
        internal nint Unused;
    }

    /// <summary>Entries of the shared table. The assembler stub masks with this number less one.</summary>
    private const int CacheEntryCount = 1024;

    /// <summary>Map entries that name no method: the interface made its own default abstract again.</summary>
    private const int Reabstracted = 0xFFFF;

    /// <summary>Map entries that name no method: two interfaces offer a default and neither is nearer.</summary>
    private const int Diamond = 0xFFFE;

    /// <summary>Calls that had to be resolved by searching the dispatch maps.</summary>
    internal static uint Searches;

    /// <summary>The shared table, of <see cref="CacheEntryCount"/> entries, in assembler memory.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDispatchTable")]
    private static extern CacheEntry* SharedTable();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCachedDispatchAddress")]
    private static extern nint CachedDispatch();

    /// <summary>Code for a call through a cell that no cache answered. The stub jumps to the result.</summary>
    [RuntimeExport("HaukiResolveDispatch")]
    internal static nint Resolve(object o, nint* cell)
    {
        if (GcHeap.IsHeld)
            return ResolveUnremembered(o, cell);
        Preemption.Disabled++;
        CallSite* site = cell[0] == CachedDispatch() ? (CallSite*)cell[1] : null;
        if (site == null)
        {
            site = (CallSite*)PermanentMemory.Allocate((uint)sizeof(CallSite));
            DecodeCell(cell, out site->Interface, out site->Slot);
        }
        MethodTable* type = o.TypePointer;
        Preemption.Disabled--;

        nint code = FindImplementation(type, site->Interface, site->Slot);

        Preemption.Disabled++;
        if (site->Type == null)
        {
            site->Code = code;
            site->Type = type;
            // The cell's second word first: a call that already left through the old first word comes here again.
            cell[1] = (nint)site;
            cell[0] = CachedDispatch();
        }
        else
        {
            CacheEntry* entry = SharedTable() + (Hash(type, site) & (CacheEntryCount - 1));
            entry->Type = type;
            entry->Site = site;
            entry->Code = code;
        }
        Preemption.Disabled--;
        return code;
    }

    private static nint ResolveUnremembered(object o, nint* cell)
    {
        CallSite site = default;
        if (cell[0] == CachedDispatch())
            site = *(CallSite*)cell[1];
        else
            DecodeCell(cell, out site.Interface, out site.Slot);
        return FindImplementation(o.TypePointer, site.Interface, site.Slot);
    }

    /// <summary>Code for <c>ldvirtftn</c> on an interface method.</summary>
    [RuntimeExport("RhpResolveInterfaceMethod")]
    internal static nint ResolveMethod(object? o, nint* cell)
    {
        if (o == null)
            ThrowHelpers.ThrowNullReferenceException();
        if (cell[0] == CachedDispatch())
        {
            var site = (CallSite*)cell[1];
            if (site->Type == o.TypePointer)
                return site->Code;
            CacheEntry* entry = SharedTable() + (Hash(o.TypePointer, site) & (CacheEntryCount - 1));
            // The three words belong together: another thread must not replace them in between.
            Preemption.Disabled++;
            nint code = entry->Type == o.TypePointer && entry->Site == site ? entry->Code : 0;
            Preemption.Disabled--;
            if (code != 0)
                return code;
        }
        return Resolve(o, cell);
    }

    /// <summary>
    /// Searches the dispatch maps: classes from the object's own up, then defaults, from the object's own up.
    /// </summary>
    /// <returns>The code; a method that throws if there is none.</returns>
    internal static nint FindImplementation(MethodTable* type, MethodTable* target, int slot)
    {
        Searches++;
        for (int defaults = 0; defaults < 2; defaults++)
        {
            for (MethodTable* owner = type; owner != null; owner = owner->BaseType)
            {
                int method = FindInMap(owner, target, slot, defaults == 1);
                if (method < 0)
                    continue;
                if (method == Reabstracted)
                    return (nint)(delegate*<void>)&ThrowNotFound;
                if (method == Diamond)
                    return (nint)(delegate*<void>)&ThrowAmbiguous;
                return method < owner->VirtualSlotCount
                    ? type->VirtualSlot(method)
                    : owner->SealedSlot(method - owner->VirtualSlotCount);
            }
        }
        return (nint)(delegate*<void>)&ThrowNotFound;
    }

    // The stub calls Resolve from assembler code, through which no exception can pass. So the complaint is what the
    // stub jumps to in place of the method: thrown from there, it comes out of the call itself.
    private static void ThrowNotFound() =>
        throw new EntryPointNotFoundException("No method implements this member of the interface.");

    private static void ThrowAmbiguous() =>
        throw new AmbiguousImplementationException("Two interfaces offer a default, and neither is nearer.");

    /// <summary>
    /// A map has four counts (methods, default methods, then both again for static ones), then triples of (interface
    /// index, interface slot, method). An exact match wins over a variant one.
    /// </summary>
    /// <returns>The method, or -1.</returns>
    private static int FindInMap(MethodTable* owner, MethodTable* target, int slot, bool defaults)
    {
        ushort* map = owner->DispatchMap;
        if (map == null)
            return -1;
        int skipped = defaults ? map[0] : 0;
        int count = defaults ? map[1] : map[0];
        ushort* first = map + 4 + skipped * 3;
        ushort* entry = first;
        for (int i = 0; i < count; i++, entry += 3)
        {
            if (entry[1] == slot && owner->Interfaces[entry[0]] == target)
                return entry[2];
        }
        bool isArray = owner->IsArray;
        if (!target->IsVariant && !isArray)
            return -1;
        entry = first;
        for (int i = 0; i < count; i++, entry += 3)
        {
            if (entry[1] == slot && TypeCast.MatchesVariantly(owner->Interfaces[entry[0]], target, isArray))
                return entry[2];
        }
        return -1;
    }

    private static void DecodeCell(nint* cell, out MethodTable* target, out int slot)
    {
        nint word = cell[1];
        target = (MethodTable*)((byte*)(cell + 1) + (word & ~3));
        while (cell[0] != 0)
            cell += 2;
        slot = (int)(cell[1] & 0xFFFF);
    }

    // The stub in Native/Dispatch.asm computes the very same number.
    private static nuint Hash(MethodTable* type, CallSite* site) => (((nuint)type >> 3) ^ ((nuint)site >> 4));
}
