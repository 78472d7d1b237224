using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime;

/// <summary>Allocation and boxing, under the names that the compiler calls.</summary>
internal static unsafe class RuntimeExports
{
    /// <summary><c>new</c> of any class.</summary>
    [RuntimeExport("RhNewObject")]
    public static object RhNewObject(MethodTable* type) =>
        type->Finalizable ? NewFinalizable(type) : ObjectAllocator.New(type);

    /// <summary><c>new T[length]</c>.</summary>
    [RuntimeExport("RhNewArray")]
    public static Array RhNewArray(MethodTable* type, int length) => ObjectAllocator.NewArray(type, length);

    /// <summary><c>new</c> of a class with a finalizer.</summary>
    [RuntimeExport("RhpNewFinalizable")]
    public static object NewFinalizable(MethodTable* type)
    {
        object o = ObjectAllocator.New(type);
        Finalization.Register(o);
        return o;
    }

    /// <summary>Boxes a value; a nullable boxes as its value, or as null.</summary>
    public static object? RhBox(MethodTable* type, ref byte data)
    {
        if (type->IsNullable)
        {
            if (data == 0)
                return null;
            data = ref Unsafe.Add(ref data, type->NullableValueOffset);
            type = type->GenericArgument(0);
        }
        object box = ObjectAllocator.New(type);
        CopyValue(ref box.RawData, ref data, type->ValueSize);
        return box;
    }

    /// <summary>Address of the value inside a box that must hold exactly this type.</summary>
    public static ref byte RhUnbox2(MethodTable* type, object? box)
    {
        if (box == null)
            ThrowHelpers.ThrowNullReferenceException();
        if (box.TypePointer != type)
            RhUnboxTypeTest(type, box.TypePointer);
        return ref box.RawData;
    }

    /// <summary>Unboxes into a nullable: null makes it empty.</summary>
    public static void RhUnboxNullable(ref byte destination, MethodTable* type, object? box)
    {
        if (box == null)
        {
            SpanHelpers.ClearWithoutReferences(ref destination, type->ValueSize);
            return;
        }
        MethodTable* valueType = type->GenericArgument(0);
        RhUnboxTypeTest(valueType, box.TypePointer);
        destination = 1;
        ref byte value = ref Unsafe.Add(ref destination, type->NullableValueOffset);
        CopyValue(ref value, ref box.RawData, valueType->ValueSize);
    }

    /// <summary>Refuses to unbox what is not of the type.</summary>
    public static void RhUnboxTypeTest(MethodTable* type, MethodTable* boxed)
    {
        if (!TypeCast.CanUnbox(type, boxed))
            ThrowHelpers.ThrowInvalidCastException();
    }

    // Values are short: a loop of words beats the call into the block copy.
    private static void CopyValue(ref byte to, ref byte from, uint size)
    {
        if (size > 16)
        {
            SpanHelpers.Memmove(ref to, ref from, size);
            return;
        }
        for (; size >= 4; size -= 4)
        {
            Unsafe.As<byte, uint>(ref to) = Unsafe.As<byte, uint>(ref from);
            to = ref Unsafe.Add(ref to, 4);
            from = ref Unsafe.Add(ref from, 4);
        }
        for (; size > 0; size--)
        {
            to = from;
            to = ref Unsafe.Add(ref to, 1);
            from = ref Unsafe.Add(ref from, 1);
        }
    }
}

/// <summary>Runtime services that the compiler expects under this name.</summary>
internal static unsafe class RuntimeImports
{
    /// <summary>Checks a store into a multi-dimensional array of references.</summary>
    internal static void RhCheckArrayStore(object array, object? value) => TypeCast.CheckArrayStore(array, value);
}
