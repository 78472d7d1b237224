using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>Element-wise copies between arrays of different types.</summary>
internal static unsafe class ArrayCopier
{
    /// <summary>Is every element of the one type, bit for bit, one of the other?</summary>
    internal static bool CanCopyBytes(MethodTable* from, MethodTable* to)
    {
        if (from == to)
            return true;
        if (!from->IsValueType && !to->IsValueType)
            return CastCache.IsAssignable(from, to);
        // Enums and the two signs of one size.
        return from->IsScalar && to->IsScalar && TypeCast.ReducedKind(from->Kind) == TypeCast.ReducedKind(to->Kind);
    }

    /// <summary>Copies one by one. The caller has checked all ranges.</summary>
    internal static void CopyConverting(
        Array source, int sourceIndex, Array destination, int destinationIndex, int length)
    {
        MethodTable* from = source.TypePointer->Related;
        MethodTable* to = destination.TypePointer->Related;
        bool possible = (from->IsValueType, to->IsValueType) switch
        {
            (true, true) => from->IsScalar && to->IsScalar && CanWiden(from->Kind, to->Kind),
            (true, false) => CastCache.IsAssignable(from, to),
            (false, true) => CastCache.IsAssignable(to, from),
            // Down the hierarchy, or across by an interface: each element decides.
            (false, false) => CastCache.IsAssignable(to, from) || from->IsInterface || to->IsInterface,
        };
        if (!possible)
            throw new ArrayTypeMismatchException("Source array type cannot be assigned to destination array type.");
        for (int i = 0; i < length; i++)
        {
            object? value = source.ReadElement(sourceIndex + i);
            if (to->IsValueType && value == null && !to->IsNullable)
                throw new InvalidCastException("Object cannot be cast to the element type.");
            destination.WriteElement(destinationIndex + i, value);
        }
    }

    /// <summary>Stores a boxed value into an element of a value type; smaller scalars widen.</summary>
    internal static void StoreUnboxed(MethodTable* type, ref byte element, object? value)
    {
        if (type->IsNullable)
        {
            RuntimeExports.RhUnboxNullable(ref element, type, value);
            return;
        }
        if (value == null)
        {
            SpanHelpers.ClearWithoutReferences(ref element, type->ValueSize);
            return;
        }
        if (TypeCast.CanUnbox(type, value.TypePointer))
        {
            SpanHelpers.Memmove(ref element, ref value.RawData, type->ValueSize);
            return;
        }
        if (!type->IsScalar || !value.TypePointer->IsScalar || !CanWiden(value.TypePointer->Kind, type->Kind))
            throw new InvalidCastException("Object cannot be stored in an array of this type.");
        Widen(value, type->Kind, ref element);
    }

    // The widenings of ECMA-335 III.1.6: to a bigger integer of the same sign or from unsigned, and to floating point.
    private static bool CanWiden(ElementKind from, ElementKind to)
    {
        if (from == to)
            return true;
        return to switch
        {
            ElementKind.Int16 => from is ElementKind.Byte or ElementKind.SByte,
            ElementKind.UInt16 => from is ElementKind.Byte or ElementKind.Char,
            ElementKind.Char => from is ElementKind.Byte or ElementKind.UInt16,
            ElementKind.Int32 => from is >= ElementKind.SByte and <= ElementKind.UInt16 or ElementKind.Char,
            ElementKind.UInt32 => from is ElementKind.Byte or ElementKind.UInt16 or ElementKind.Char,
            ElementKind.Int64 => from is >= ElementKind.SByte and <= ElementKind.UInt32 or ElementKind.Char,
            ElementKind.UInt64 =>
                from is ElementKind.Byte or ElementKind.UInt16 or ElementKind.UInt32 or ElementKind.Char,
            ElementKind.Single => from is >= ElementKind.SByte and <= ElementKind.UInt64 or ElementKind.Char,
            ElementKind.Double =>
                from is >= ElementKind.SByte and <= ElementKind.UInt64 or ElementKind.Char or ElementKind.Single,
            _ => false,
        };
    }

    private static void Widen(object value, ElementKind to, ref byte element)
    {
        ElementKind from = value.TypePointer->Kind;
        if (to is ElementKind.Single or ElementKind.Double)
        {
            double number = from switch
            {
                ElementKind.Single => Unsafe.As<byte, float>(ref value.RawData),
                ElementKind.UInt64 => Unsafe.As<byte, ulong>(ref value.RawData),
                _ => ScalarBits.Signed(from, ref value.RawData),
            };
            if (to == ElementKind.Single)
                Unsafe.As<byte, float>(ref element) = (float)number;
            else
                Unsafe.As<byte, double>(ref element) = number;
            return;
        }
        ScalarBits.Store(to, ref element, (ulong)ScalarBits.Signed(from, ref value.RawData));
    }
}

/// <summary>Integers of any width, by their kind.</summary>
internal static class ScalarBits
{
    /// <summary>The value, sign-extended if its kind has a sign.</summary>
    internal static long Signed(ElementKind kind, ref byte data) => kind switch
    {
        ElementKind.Boolean or ElementKind.Byte => data,
        ElementKind.SByte => (sbyte)data,
        ElementKind.Char or ElementKind.UInt16 => Unsafe.As<byte, ushort>(ref data),
        ElementKind.Int16 => Unsafe.As<byte, short>(ref data),
        ElementKind.Int32 or ElementKind.IntPtr => Unsafe.As<byte, int>(ref data),
        ElementKind.UInt32 or ElementKind.UIntPtr => Unsafe.As<byte, uint>(ref data),
        _ => Unsafe.As<byte, long>(ref data),
    };

    /// <summary>Stores the low bits.</summary>
    internal static void Store(ElementKind kind, ref byte data, ulong value)
    {
        switch (Size(kind))
        {
            case 1:
                data = (byte)value;
                break;
            case 2:
                Unsafe.As<byte, ushort>(ref data) = (ushort)value;
                break;
            case 4:
                Unsafe.As<byte, uint>(ref data) = (uint)value;
                break;
            default:
                Unsafe.As<byte, ulong>(ref data) = value;
                break;
        }
    }

    /// <summary>Bytes of a scalar.</summary>
    internal static int Size(ElementKind kind) => kind switch
    {
        ElementKind.Boolean or ElementKind.SByte or ElementKind.Byte => 1,
        ElementKind.Char or ElementKind.Int16 or ElementKind.UInt16 => 2,
        ElementKind.Int64 or ElementKind.UInt64 or ElementKind.Double => 8,
        _ => 4,
    };
}
