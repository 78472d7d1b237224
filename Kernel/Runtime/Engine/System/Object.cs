using System.Runtime.CompilerServices;
using Internal.Runtime;
using Internal.Runtime.CompilerHelpers;

namespace System;

/// <summary>
/// The root of all classes. An object is a pointer to its type and, before that, one word for the runtime.
/// </summary>
public unsafe class Object
{
    // The compiler looks this field up by name.
    private MethodTable* m_pEEType;

    /// <summary>Makes an object whose only property is to be another one than all others.</summary>
    public Object()
    {
    }

    /// <summary>Finalizers of subclasses override this one; it does nothing.</summary>
    ~Object()
    {
    }

    internal MethodTable* TypePointer => m_pEEType;

    /// <summary>The first byte of the fields.</summary>
    internal ref byte RawData => ref Unsafe.As<RawData>(this).Data;

    /// <summary>The word before the object: lock owner and flags, see <see cref="ObjectHeader"/>.</summary>
    internal ref uint HeaderWord => ref Unsafe.Add(ref Unsafe.As<byte, uint>(ref RawData), -2);

    // The compiler takes the first method of this name for the virtual one.
    /// <summary>Is the other one equal to this one? Here: the same object.</summary>
    public virtual bool Equals(object? obj) => this == obj;

    /// <summary>Are the two equal, by the first one's own judgement?</summary>
    public static bool Equals(object? objA, object? objB)
    {
        if (objA == objB)
            return true;
        return objA != null && objB != null && objA.Equals(objB);
    }

    /// <summary>Are the two the same object?</summary>
    public static bool ReferenceEquals(object? objA, object? objB) => objA == objB;

    /// <summary>A number that equal objects share.</summary>
    public virtual int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The object for people; here the name of its type.</summary>
    public virtual string? ToString() => GetType().ToString();

    /// <summary>The type of the object.</summary>
    [Intrinsic]
    public Type GetType() => RuntimeType.Of(m_pEEType);

    /// <summary>A copy of the object, field by field.</summary>
    protected object MemberwiseClone()
    {
        MethodTable* type = m_pEEType;
        uint size = type->BaseSize;
        object copy;
        if (type->HasComponentSize)
        {
            int length = Unsafe.As<Array>(this).Length;
            size += type->ComponentSize * (uint)length;
            copy = ObjectAllocator.NewArray(type, length);
        }
        else
        {
            copy = Runtime.RuntimeExports.RhNewObject(type);
        }
        SpanHelpers.Memmove(ref copy.RawData, ref RawData, size - Internal.Runtime.MethodTable.ObjectOverhead);
        return copy;
    }
}
