using System;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// The kind of a type, as the compiler writes it into bits 26 to 30 of <see cref="MethodTable.Flags"/>.
/// </summary>
internal enum ElementKind : uint
{
    Unknown = 0x00,
    Void = 0x01,
    Boolean = 0x02,
    Char = 0x03,
    SByte = 0x04,
    Byte = 0x05,
    Int16 = 0x06,
    UInt16 = 0x07,
    Int32 = 0x08,
    UInt32 = 0x09,
    Int64 = 0x0A,
    UInt64 = 0x0B,
    IntPtr = 0x0C,
    UIntPtr = 0x0D,
    Single = 0x0E,
    Double = 0x0F,
    ValueType = 0x10,
    Nullable = 0x12,
    Class = 0x14,
    Interface = 0x15,
    SystemArray = 0x16,
    Array = 0x17,
    SzArray = 0x18,
    ByRef = 0x19,
    Pointer = 0x1A,
    FunctionPointer = 0x1B,
}

/// <summary>How a generic parameter varies. One byte each behind a generic definition.</summary>
internal enum GenericVariance : byte
{
    None = 0,
    Covariant = 1,
    Contravariant = 2,
    /// <summary>The parameter of an array's own interfaces: array element compatibility applies.</summary>
    Array = 0x20,
}

/// <summary>
/// The head of a type as the compiler lays it out; every object begins with a pointer to one. Behind the fixed part
/// follow the virtual slots, the interfaces, and the optional words, in this order (see
/// <see cref="OptionalWord"/>). Pointers are absolute but for the optional words, which are relative to themselves.
/// </summary>
public unsafe struct MethodTable
{
    internal const uint KindMask = 0x0003_0000;
    internal const uint KindParameterized = 0x0002_0000;
    internal const uint KindGenericDefinition = 0x0003_0000;
    internal const uint HasDispatchMap = 0x0004_0000;
    internal const uint HasFinalizer = 0x0010_0000;
    internal const uint HasSealedSlots = 0x0040_0000;
    internal const uint HasVariance = 0x0080_0000;
    internal const uint HasReferences = 0x0100_0000;
    internal const uint IsGenericFlag = 0x0200_0000;
    internal const uint HasComponentSizeFlag = 0x8000_0000;

    /// <summary>Header word and method table pointer: what an object has beside its fields.</summary>
    internal const uint ObjectOverhead = 8;

    internal uint Flags;

    /// <summary>Size of an object, header word included, without array elements.</summary>
    internal uint BaseSize;

    /// <summary>The base class; of arrays, pointers and references the element type.</summary>
    internal MethodTable* Related;

    internal ushort VirtualSlotCount;
    internal ushort InterfaceCount;
    internal uint HashCode;

    internal readonly uint ComponentSize => (ushort)Flags;

    internal readonly bool HasComponentSize => (int)Flags < 0;

    internal readonly bool ContainsReferences => (Flags & HasReferences) != 0;

    internal readonly bool Finalizable => (Flags & HasFinalizer) != 0;

    internal readonly ElementKind Kind => (ElementKind)((Flags >> 26) & 31);

    internal readonly bool IsParameterized => (Flags & KindMask) == KindParameterized;

    internal readonly bool IsGenericDefinition => (Flags & KindMask) == KindGenericDefinition;

    internal readonly bool IsGeneric => (Flags & IsGenericFlag) != 0;

    internal readonly bool IsVariant => (Flags & HasVariance) != 0;

    internal readonly bool IsArray => Kind is ElementKind.Array or ElementKind.SzArray;

    internal readonly bool IsSzArray => Kind == ElementKind.SzArray;

    internal readonly bool IsInterface => Kind == ElementKind.Interface;

    internal readonly bool IsNullable => Kind == ElementKind.Nullable;

    internal readonly bool IsValueType => Kind < ElementKind.Class && Kind != ElementKind.Unknown;

    /// <summary>A built-in scalar, or an enum over one.</summary>
    internal readonly bool IsScalar => Kind is >= ElementKind.Boolean and <= ElementKind.Double;

    /// <summary>
    /// Dimensions of a multi-dimensional array type: each adds a length and a lower bound to the base size.
    /// </summary>
    internal readonly int Rank => IsSzArray ? 1 : (int)(BaseSize - RawArrayLayout.SzBaseSize) / 8;

    /// <summary>Bytes of a value type's fields, without the padding that an object of it has at its end.</summary>
    internal readonly uint ValueSize => BaseSize - ObjectOverhead - ((Flags >> 5) & 7);

    /// <summary>Where the value lies in a nullable, behind the flag.</summary>
    internal readonly int NullableValueOffset => 1 << (int)((Flags >> 8) & 7);

    private nint* VirtualSlots => (nint*)((MethodTable*)Unsafe.AsPointer(ref this) + 1);

    internal MethodTable** Interfaces => (MethodTable**)(VirtualSlots + VirtualSlotCount);

    /// <summary>Pointer to one word that belongs to this type alone and starts as zero.</summary>
    internal nint* WritableData => (nint*)Follow(OptionalWord(1));

    /// <summary>The class this one derives from; null for object, interfaces, pointers.</summary>
    internal MethodTable* BaseType
    {
        get
        {
            if (IsArray)
                return Of<Array>();
            return IsParameterized || IsInterface ? null : Related;
        }
    }

    /// <summary>
    /// Which methods implement which interface slots; null if this class adds none. See <see
    /// cref="InterfaceDispatch"/>.
    /// </summary>
    internal ushort* DispatchMap => (Flags & HasDispatchMap) != 0 ? (ushort*)Follow(OptionalWord(2)) : null;

    /// <summary>Code of the finalizer. Only for <see cref="Finalizable"/> types.</summary>
    internal nint Finalizer => (nint)Follow(OptionalWord(2 + Count(HasDispatchMap)));

    /// <summary>
    /// The generic definition that this type is an instance of. Only for <see cref="IsGeneric"/> types.
    /// </summary>
    internal MethodTable* GenericDefinition => (MethodTable*)Follow(GenericWords);

    /// <summary>
    /// Number of generic arguments: a definition, which has no objects, keeps it in place of their size. Only for
    /// <see cref="IsGeneric"/> types.
    /// </summary>
    internal int GenericArity => (int)GenericDefinition->BaseSize;

    /// <summary>Variance of each parameter. Only for <see cref="IsVariant"/> types.</summary>
    internal GenericVariance* Variance =>
        (GenericVariance*)GenericDefinition->Follow(GenericDefinition->GenericWords);

    // Of an instance: its definition, then its arguments. Of a definition: only the variance of its parameters.
    private int* GenericWords => OptionalWord(2 + Count(HasDispatchMap) + Count(HasFinalizer) + Count(HasSealedSlots));

    /// <summary>Pointer to the method table of a type known when compiling.</summary>
    [Intrinsic]
    internal static extern MethodTable* Of<T>();

    internal nint VirtualSlot(int slot) => VirtualSlots[slot];

    /// <summary>Code of a method that takes part in interface dispatch but has no virtual slot.</summary>
    internal nint SealedSlot(int slot)
    {
        var table = (int*)Follow(OptionalWord(2 + Count(HasDispatchMap) + Count(HasFinalizer)));
        return (nint)Follow(table + slot);
    }

    /// <summary>One generic argument. A single one is stored in place, several in a list of their own.</summary>
    internal MethodTable* GenericArgument(int index)
    {
        int* word = GenericWords + 1;

        // The definition of Nullable has bits beside its arity.
        if (IsNullable || GenericArity == 1)
            return (MethodTable*)Follow(word);
        return (MethodTable*)Follow((int*)Follow(word) + index);
    }

    /// <summary>
    /// The optional words are: type manager, writable data (these two always), then, each if its flag is set,
    /// dispatch map, finalizer, sealed slots, and the two words of a generic type.
    /// </summary>
    private int* OptionalWord(int index) => (int*)(VirtualSlots + VirtualSlotCount + InterfaceCount) + index;

    private readonly int Count(uint flag) => (Flags & flag) != 0 ? 1 : 0;

    private readonly byte* Follow(int* relative) => (byte*)relative + *relative;
}

/// <summary>Numbers of the array layout that more than one part needs.</summary>
internal static class RawArrayLayout
{
    /// <summary>Base size of an array type of one dimension: header word, method table, length.</summary>
    internal const uint SzBaseSize = 12;

    /// <summary>From the object to its length.</summary>
    internal const int LengthOffset = 4;

    /// <summary>From the object to the lengths of a multi-dimensional array, then its lower bounds.</summary>
    internal const int BoundsOffset = 8;
}
