using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>
/// The one object that stands for a type. The first word of the type's own writable data holds its address; the
/// compiler puts some of these objects into the image itself, with the same two fields.
/// </summary>
internal sealed unsafe class RuntimeType : Type
{
    // Order and meaning are the compiler's.
    private MethodTable* _pUnderlyingEEType;
    private nint _runtimeTypeInfoHandle;

    /// <summary>
    /// Keeps the objects alive that only a type's writable data knows: the collector does not look there.
    /// </summary>
    private static object[]? keptAlive;
    private static int keptAliveCount;

    private RuntimeType(MethodTable* type) => _pUnderlyingEEType = type;

    /// <inheritdoc/>
    public override RuntimeTypeHandle TypeHandle => new(_pUnderlyingEEType);

    /// <inheritdoc/>
    public override string? FullName => TypeNames.FullNameOf(_pUnderlyingEEType);

    /// <inheritdoc/>
    public override string Name
    {
        get
        {
            string name = TypeNames.FullNameOf(_pUnderlyingEEType);
            int end = EndOfDefinition(name);
            int start = end;
            while (start > 0 && name[start - 1] != '.' && name[start - 1] != '+')
                start--;
            // What follows the generic arguments of an array of them belongs to the name again.
            string suffix = IsArray ? name.Substring(SuffixStart(name)) : "";
            if (IsArray && end > name.Length - suffix.Length)
                end = name.Length - suffix.Length;
            return string.Concat(name.Substring(start, end - start), suffix);
        }
    }

    /// <inheritdoc/>
    public override string? Namespace
    {
        get
        {
            string name = TypeNames.FullNameOf(_pUnderlyingEEType);
            int end = EndOfDefinition(name);
            int dot = -1;
            for (int i = 0; i < end && name[i] != '+'; i++)
            {
                if (name[i] == '.')
                    dot = i;
            }
            return dot < 0 ? null : name.Substring(0, dot);
        }
    }

    /// <inheritdoc/>
    public override Type? BaseType
    {
        get
        {
            MethodTable* ancestor = _pUnderlyingEEType->BaseType;
            return ancestor == null ? null : Of(ancestor);
        }
    }

    /// <inheritdoc/>
    public override bool IsValueType => _pUnderlyingEEType->IsValueType;

    /// <inheritdoc/>
    public override bool IsEnum =>
        _pUnderlyingEEType->IsScalar && _pUnderlyingEEType->Related == MethodTable.Of<Enum>();

    /// <inheritdoc/>
    public override bool IsArray => _pUnderlyingEEType->IsArray;

    /// <inheritdoc/>
    public override bool IsSZArray => _pUnderlyingEEType->IsSzArray;

    /// <inheritdoc/>
    public override bool IsInterface => _pUnderlyingEEType->IsInterface;

    /// <inheritdoc/>
    public override bool IsPrimitive => _pUnderlyingEEType->IsScalar && !IsEnum;

    /// <inheritdoc/>
    public override bool IsGenericType => _pUnderlyingEEType->IsGeneric || _pUnderlyingEEType->IsGenericDefinition;

    /// <inheritdoc/>
    public override bool IsPointer => _pUnderlyingEEType->Kind == ElementKind.Pointer;

    /// <inheritdoc/>
    public override bool IsByRefLike => IsValueType && (_pUnderlyingEEType->Flags & 0x10) != 0;

    /// <summary>The object for a type; made at the first question.</summary>
    internal static RuntimeType Of(MethodTable* type)
    {
        nint* slot = type->WritableData;
        while (*slot == 0)
            Publish(slot, new RuntimeType(type), NeedsRoom ? new object[keptAliveCount * 2 + 64] : null);
        return Unsafe.As<nint, RuntimeType>(ref *slot);
    }

    /// <inheritdoc/>
    public override Type? GetElementType() =>
        _pUnderlyingEEType->IsParameterized ? Of(_pUnderlyingEEType->Related) : null;

    /// <inheritdoc/>
    public override bool IsAssignableFrom(Type? c)
    {
        if (c is not RuntimeType other)
            return false;
        MethodTable* target = _pUnderlyingEEType;
        if (target->IsNullable)
            return other._pUnderlyingEEType == target || other._pUnderlyingEEType == target->GenericArgument(0);
        return CastCache.IsAssignable(other._pUnderlyingEEType, target);
    }

    /// <inheritdoc/>
    public override int GetArrayRank()
    {
        if (!IsArray)
            throw new ArgumentException("Must be an array type.");
        return _pUnderlyingEEType->Rank;
    }

    /// <inheritdoc/>
    public override Type[] GetGenericArguments()
    {
        if (!_pUnderlyingEEType->IsGeneric)
            return EmptyTypes;
        var arguments = new Type[_pUnderlyingEEType->GenericArity];
        for (int i = 0; i < arguments.Length; i++)
            arguments[i] = Of(_pUnderlyingEEType->GenericArgument(i));
        return arguments;
    }

    private protected override TypeCode GetTypeCodeImpl()
    {
        if (_pUnderlyingEEType == MethodTable.Of<string>())
            return TypeCode.String;
        return _pUnderlyingEEType->Kind switch
        {
            ElementKind.Boolean => TypeCode.Boolean,
            ElementKind.Char => TypeCode.Char,
            ElementKind.SByte => TypeCode.SByte,
            ElementKind.Byte => TypeCode.Byte,
            ElementKind.Int16 => TypeCode.Int16,
            ElementKind.UInt16 => TypeCode.UInt16,
            ElementKind.Int32 => TypeCode.Int32,
            ElementKind.UInt32 => TypeCode.UInt32,
            ElementKind.Int64 => TypeCode.Int64,
            ElementKind.UInt64 => TypeCode.UInt64,
            ElementKind.Single => TypeCode.Single,
            ElementKind.Double => TypeCode.Double,
            _ => TypeCode.Object,
        };
    }

    private static int EndOfDefinition(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '[')
                return i;
        }
        return name.Length;
    }

    // Where the brackets of an array begin: behind everything that is not a bracket or a comma between brackets.
    private static int SuffixStart(string name)
    {
        int start = name.Length;
        while (start > 0 && name[start - 1] == ']')
        {
            int open = start - 1;
            while (open > 0 && name[open - 1] == ',')
                open--;
            if (open == 0 || name[open - 1] != '[')
                break;
            start = open - 1;
        }
        return start;
    }

    private static bool NeedsRoom => keptAlive == null || keptAliveCount == keptAlive.Length;

    /// <summary>
    /// Makes the object the one that stands for its type, unless another thread was quicker, or took the room for it.
    /// All memory was allocated before: nothing here may throw, since no other thread may run.
    /// </summary>
    private static void Publish(nint* slot, RuntimeType made, object[]? room)
    {
        Preemption.Disabled++;
        if (NeedsRoom && room != null && room.Length > keptAliveCount)
        {
            for (int i = 0; i < keptAliveCount; i++)
                room[i] = keptAlive![i];
            keptAlive = room;
        }
        if (*slot == 0 && !NeedsRoom)
        {
            keptAlive![keptAliveCount++] = made;
            *slot = *(nint*)&made;
        }
        Preemption.Disabled--;
    }
}
