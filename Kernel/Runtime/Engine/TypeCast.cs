using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System.Runtime;

/// <summary>
/// The questions "is this object a T" and "may this be stored there". The compiler calls these methods by name, each
/// for the shapes of T it is good at; the quick answers come first, the full rules (variance, arrays) go through
/// <see cref="CastCache"/>.
/// </summary>
internal static unsafe class TypeCast
{
    /// <summary><c>o as T</c> for any T.</summary>
    public static object? IsInstanceOfAny(MethodTable* type, object? o)
    {
        if (o == null || o.TypePointer == type || CastCache.IsAssignable(o.TypePointer, type))
            return o;
        return null;
    }

    /// <summary><c>o as T</c> for an interface.</summary>
    public static object? IsInstanceOfInterface(MethodTable* type, object? o)
    {
        if (o == null || HasInterface(o.TypePointer, type) || IsVariantInstance(o.TypePointer, type))
            return o;
        return null;
    }

    /// <summary><c>o as T</c> for a class.</summary>
    public static object? IsInstanceOfClass(MethodTable* type, object? o)
    {
        if (o == null || IsClassInstance(o.TypePointer, type))
            return o;
        return null;
    }

    /// <summary>Does a catch clause for this type take this exception?</summary>
    public static bool IsInstanceOfException(MethodTable* type, object? o) =>
        o != null && (o.TypePointer == type || IsSubclass(o.TypePointer, type));

    /// <summary><c>(T)o</c> for any T.</summary>
    public static object? CheckCastAny(MethodTable* type, object? o)
    {
        if (o == null || o.TypePointer == type || CastCache.IsAssignable(o.TypePointer, type))
            return o;
        return ThrowInvalidCast(type, o);
    }

    /// <summary><c>(T)o</c> for an interface.</summary>
    public static object? CheckCastInterface(MethodTable* type, object? o)
    {
        if (o == null || HasInterface(o.TypePointer, type) || IsVariantInstance(o.TypePointer, type))
            return o;
        return ThrowInvalidCast(type, o);
    }

    /// <summary><c>(T)o</c> for a class.</summary>
    public static object? CheckCastClass(MethodTable* type, object? o)
    {
        if (o == null || IsClassInstance(o.TypePointer, type))
            return o;
        return ThrowInvalidCast(type, o);
    }

    /// <summary><c>(T)o</c> for a class, after the caller has already ruled out null and the exact type.</summary>
    public static object? CheckCastClassSpecial(MethodTable* type, object? o) => CheckCastClass(type, o);

    /// <summary>Stores into an element of an array of references; the array may really be one of a subclass.</summary>
    public static void StelemRef(object?[] array, nint index, object? value)
    {
        // Comparing as unsigned also refuses negative indexes; a null array faults on its length.
        if ((nuint)index >= (nuint)(uint)array.Length)
            ThrowHelpers.ThrowIndexOutOfRangeException();
        ref object? element = ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref array.RawArrayData), (int)index);
        if (value != null)
        {
            MethodTable* elementType = array.TypePointer->Related;
            if (value.TypePointer != elementType
                && elementType != MethodTable.Of<object>()
                && !CastCache.IsAssignable(value.TypePointer, elementType))
                ThrowHelpers.ThrowArrayTypeMismatchException();
        }
        element = value;
    }

    /// <summary>Takes the address of an element: only of exactly the type that the caller believes it has.</summary>
    public static ref object? LdelemaRef(object?[] array, nint index, MethodTable* elementType)
    {
        if ((nuint)index >= (nuint)(uint)array.Length)
            ThrowHelpers.ThrowIndexOutOfRangeException();
        if (array.TypePointer->Related != elementType)
            ThrowHelpers.ThrowArrayTypeMismatchException();
        return ref Unsafe.Add(ref Unsafe.As<byte, object?>(ref array.RawArrayData), (int)index);
    }

    /// <summary>May this value be stored in this array of references?</summary>
    internal static void CheckArrayStore(object array, object? value)
    {
        if (value == null)
            return;
        MethodTable* elementType = array.TypePointer->Related;
        if (value.TypePointer != elementType && !CastCache.IsAssignable(value.TypePointer, elementType))
            ThrowHelpers.ThrowArrayTypeMismatchException();
    }

    /// <summary>
    /// Is this boxed type one that may be unboxed as <paramref name="type"/>? Enums unbox as their integers.
    /// </summary>
    internal static bool CanUnbox(MethodTable* type, MethodTable* boxed) =>
        type == boxed || (type->Kind == boxed->Kind && type->IsScalar);

    /// <summary>The full rules of assignment (ECMA-335 I.8.7), slow; ask <see cref="CastCache"/> instead.</summary>
    internal static bool ComputeAssignable(MethodTable* source, MethodTable* target)
    {
        if (source == target)
            return true;
        if (target->IsInterface)
            return (source->IsInterface && target->IsVariant && MatchesVariantly(source, target, isArray: false))
                || Implements(source, target);
        if (target->IsParameterized)
            return source->IsParameterized
                && source->Kind == target->Kind
                && source->BaseSize == target->BaseSize
                && IsElementCompatible(source->Related, target->Related);
        if (target->IsVariant && MatchesVariantly(source, target, isArray: false))
            return true;
        return IsSubclass(source, target) || (target == MethodTable.Of<object>() && source->IsInterface);
    }

    /// <summary>Does one instance of a generic interface or delegate stand in for another?</summary>
    /// <param name="isArray">The source comes from an array: its own interfaces vary as its elements do.</param>
    internal static bool MatchesVariantly(MethodTable* source, MethodTable* target, bool isArray)
    {
        if (!source->IsGeneric || !target->IsGeneric || source->GenericDefinition != target->GenericDefinition)
            return false;
        GenericVariance* variance = target->IsVariant ? target->Variance : null;
        int arity = target->GenericArity;
        for (int i = 0; i < arity; i++)
        {
            MethodTable* from = source->GenericArgument(i);
            MethodTable* to = target->GenericArgument(i);
            if (from == to)
                continue;
            GenericVariance kind = variance == null ? GenericVariance.None : variance[i];
            bool fits = isArray || kind == GenericVariance.Array
                ? IsElementCompatible(from, to)
                : kind switch
                {
                    GenericVariance.Covariant => IsReferenceAssignable(from, to),
                    GenericVariance.Contravariant => IsReferenceAssignable(to, from),
                    _ => false,
                };
            if (!fits)
                return false;
        }
        return true;
    }

    private static bool HasInterface(MethodTable* type, MethodTable* target)
    {
        MethodTable** interfaces = type->Interfaces;
        for (int i = type->InterfaceCount; i > 0; i--)
        {
            if (*interfaces++ == target)
                return true;
        }
        return false;
    }

    // Only variant interfaces, and the generic interfaces of arrays, can be implemented without being listed.
    private static bool IsVariantInstance(MethodTable* type, MethodTable* target) =>
        (target->IsVariant || (type->IsArray && target->IsGeneric)) && CastCache.IsAssignable(type, target);

    private static bool Implements(MethodTable* type, MethodTable* target)
    {
        if (HasInterface(type, target))
            return true;
        bool isArray = type->IsArray;
        if (!target->IsVariant && !(isArray && target->IsGeneric))
            return false;
        MethodTable** interfaces = type->Interfaces;
        for (int i = 0; i < type->InterfaceCount; i++)
        {
            if (MatchesVariantly(interfaces[i], target, isArray))
                return true;
        }
        return false;
    }

    private static bool IsSubclass(MethodTable* type, MethodTable* target)
    {
        // A chain of plain classes needs no look at kinds; everything else leaves the loop for the slow rules.
        while ((type->Flags & MethodTable.KindMask) == 0)
        {
            type = type->Related;
            if (type == target)
                return true;
            if (type == null)
                return false;
        }
        for (type = type->BaseType; type != null; type = type->BaseType)
        {
            if (type == target)
                return true;
        }
        return false;
    }

    // Delegates are the only classes that vary.
    private static bool IsClassInstance(MethodTable* type, MethodTable* target) =>
        type == target || IsSubclass(type, target) || (target->IsVariant && CastCache.IsAssignable(type, target));

    private static bool IsReferenceAssignable(MethodTable* from, MethodTable* to) =>
        !from->IsValueType && !to->IsValueType && CastCache.IsAssignable(from, to);

    // Array elements: references by assignment, integers of one size whatever their sign, all else only exactly.
    private static bool IsElementCompatible(MethodTable* from, MethodTable* to)
    {
        if (from == to)
            return true;
        if (!from->IsValueType && !to->IsValueType)
            return CastCache.IsAssignable(from, to);
        return from->IsScalar && to->IsScalar && ReducedKind(from->Kind) == ReducedKind(to->Kind);
    }

    /// <summary>The kind with its sign taken away.</summary>
    internal static ElementKind ReducedKind(ElementKind kind) => kind switch
    {
        ElementKind.SByte => ElementKind.Byte,
        ElementKind.Int16 => ElementKind.UInt16,
        ElementKind.Int32 => ElementKind.UInt32,
        ElementKind.Int64 => ElementKind.UInt64,
        ElementKind.IntPtr => ElementKind.UIntPtr,
        _ => kind,
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object? ThrowInvalidCast(MethodTable* type, object o) =>
        throw new InvalidCastException(
            string.Concat(
                string.Concat("Unable to cast object of type '", TypeNames.FullNameOf(o.TypePointer), "'"),
                string.Concat(" to type '", TypeNames.FullNameOf(type), "'.")));
}
