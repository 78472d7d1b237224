using Internal.Runtime;
using System.Runtime.CompilerServices;

namespace System;

/// <summary>Base of all value types.</summary>
public abstract unsafe class ValueType
{
    // The compiler overrides this for every struct that cannot be compared byte by byte: it then gives the number of
    // fields for index -1 and, field by field, the type and the offset.
    internal virtual int __GetFieldHelper(int index, out MethodTable* type)
    {
        type = null;
        return UseRawBytes;
    }

    /// <summary>The struct has neither references nor padding nor floating point: its bytes are its value.</summary>
    private const int UseRawBytes = -1;

    /// <summary>Of the same type, and equal field by field?</summary>
    public override bool Equals(object? obj)
    {
        if (obj == null || obj.TypePointer != TypePointer)
            return false;
        int fieldCount = __GetFieldHelper(-1, out _);
        if (fieldCount == UseRawBytes)
            return SameBytes(ref RawData, ref obj.RawData, TypePointer->ValueSize);
        for (int i = 0; i < fieldCount; i++)
        {
            int offset = __GetFieldHelper(i, out MethodTable* type);
            if (!SameField(type, ref Unsafe.Add(ref RawData, offset), ref Unsafe.Add(ref obj.RawData, offset)))
                return false;
        }
        return true;
    }

    /// <summary>A number made of the fields.</summary>
    public override int GetHashCode()
    {
        int hash = (int)TypePointer->HashCode;
        int fieldCount = __GetFieldHelper(-1, out _);
        if (fieldCount == UseRawBytes)
            return HashBytes(hash, ref RawData, TypePointer->ValueSize);
        for (int i = 0; i < fieldCount; i++)
        {
            int offset = __GetFieldHelper(i, out MethodTable* type);
            hash = hash * 31 + HashField(type, ref Unsafe.Add(ref RawData, offset));
        }
        return hash;
    }

    /// <summary>The name of the type.</summary>
    public override string? ToString() => GetType().ToString();

    private static bool SameField(MethodTable* type, ref byte a, ref byte b)
    {
        if (type->IsValueType)
            return Equals(Runtime.RuntimeExports.RhBox(type, ref a), Runtime.RuntimeExports.RhBox(type, ref b));
        return Equals(Unsafe.As<byte, object?>(ref a), Unsafe.As<byte, object?>(ref b));
    }

    private static int HashField(MethodTable* type, ref byte field)
    {
        object? value = type->IsValueType
            ? Runtime.RuntimeExports.RhBox(type, ref field)
            : Unsafe.As<byte, object?>(ref field);
        return value == null ? 0 : value.GetHashCode();
    }

    private static bool SameBytes(ref byte a, ref byte b, uint size)
    {
        for (uint i = 0; i < size; i++)
        {
            if (Unsafe.Add(ref a, (int)i) != Unsafe.Add(ref b, (int)i))
                return false;
        }
        return true;
    }

    private static int HashBytes(int hash, ref byte data, uint size)
    {
        for (uint i = 0; i < size; i++)
            hash = hash * 31 + Unsafe.Add(ref data, (int)i);
        return hash;
    }
}
