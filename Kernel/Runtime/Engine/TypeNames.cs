using System;
using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// Names of types and of enum values. The compiler keeps no metadata; the build writes this table after compiling
/// and links it between <c>type_names_start</c> and <c>type_names_end</c> (all little endian, 4-byte aligned):
/// <code>
/// u32 'HTYP' (0x50595448)   u32 count
/// count x { u32 method table address, u32 name, u32 enum }      sorted by address
/// enum: u32 flags (1 = [Flags]), u32 count, count x { u64 value, u32 name, u32 0 }   sorted by value, unsigned
/// </code>
/// <c>name</c> and <c>enum</c> are offsets from the start of the table; names are UTF-8, closed by a zero byte; enum 0
/// means none. A name is what <c>Type.ToString()</c> says: <c>Namespace.Outer+Inner`1[System.Int32]</c>.
/// Without a table, types are called by their addresses.
/// </summary>
internal static unsafe class TypeNames
{
    private const uint Magic = 0x5059_5448;

    private struct Entry
    {
        internal uint Type;
        internal uint Name;
        internal uint Enum;
    }

    internal struct EnumDescription
    {
        internal uint Flags;
        internal uint Count;

        /// <summary>Do the values combine?</summary>
        internal readonly bool IsFlags => (Flags & 1) != 0;

        internal EnumValue* Values => (EnumValue*)((EnumDescription*)Unsafe.AsPointer(ref this) + 1);
    }

    internal struct EnumValue
    {
        internal ulong Value;
        internal uint Name;
        internal uint Unused;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTypeNamesStart")]
    private static extern byte* TableStart();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiTypeNamesEnd")]
    private static extern byte* TableEnd();

    /// <summary>The whole name, with generic arguments.</summary>
    internal static string FullNameOf(MethodTable* type)
    {
        Entry* entry = Find(type);
        if (entry != null)
            return Text(entry->Name);
        if (type->IsArray)
            return string.Concat(FullNameOf(type->Related), Brackets(type));
        if (type->Kind == ElementKind.Pointer)
            return string.Concat(FullNameOf(type->Related), "*");
        if (type->Kind == ElementKind.ByRef)
            return string.Concat(FullNameOf(type->Related), "&");
        return string.Concat("Type@", Hexadecimal((uint)type));
    }

    /// <summary>The whole name as the table has it, NUL-terminated; null if it has none. Allocates nothing.</summary>
    internal static byte* Utf8NameOf(MethodTable* type)
    {
        Entry* entry = Find(type);
        return entry == null ? null : TableStart() + entry->Name;
    }

    /// <summary>The names of an enum's values; null if the build knew none.</summary>
    internal static EnumDescription* EnumOf(MethodTable* type)
    {
        Entry* entry = Find(type);
        return entry == null || entry->Enum == 0 ? null : (EnumDescription*)(TableStart() + entry->Enum);
    }

    /// <summary>A text of the table.</summary>
    internal static string Text(uint offset)
    {
        byte* text = TableStart() + offset;
        int length = 0;
        while (text[length] != 0)
            length++;
        return System.Text.Encoding.UTF8.GetString(new ReadOnlySpan<byte>(text, length));
    }

    private static Entry* Find(MethodTable* type)
    {
        byte* table = TableStart();
        if (TableEnd() - table < 8 || *(uint*)table != Magic)
            return null;
        var entries = (Entry*)(table + 8);
        int low = 0;
        int high = *(int*)(table + 4) - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            uint address = entries[middle].Type;
            if (address == (uint)type)
                return entries + middle;
            if (address < (uint)type)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    private static string Brackets(MethodTable* type)
    {
        if (type->IsSzArray)
            return "[]";
        string brackets = "[";
        for (int dimension = 1; dimension < type->Rank; dimension++)
            brackets = string.Concat(brackets, ",");
        return string.Concat(brackets, "]");
    }

    private static string Hexadecimal(uint value)
    {
        char* digits = stackalloc char[8];
        for (int i = 7; i >= 0; i--, value >>= 4)
            digits[i] = "0123456789abcdef"[(int)(value & 15)];
        return new string(digits, 0, 8);
    }
}
