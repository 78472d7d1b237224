using System.Runtime.CompilerServices;

namespace System;

/// <summary>What can be asked about a type on the metal: its identity, its kind and its name.</summary>
public abstract class Type : Reflection.MemberInfo
{
    /// <summary>No types.</summary>
    public static readonly Type[] EmptyTypes = [];

    /// <summary>The type as a handle.</summary>
    public abstract RuntimeTypeHandle TypeHandle { get; }

    /// <summary>The name with namespace and generic arguments.</summary>
    public abstract string? FullName { get; }

    /// <summary>The namespace.</summary>
    public abstract string? Namespace { get; }

    /// <summary>The class that this one derives from.</summary>
    public abstract Type? BaseType { get; }

    /// <summary>Passed by copying?</summary>
    public abstract bool IsValueType { get; }

    /// <summary>An enum?</summary>
    public abstract bool IsEnum { get; }

    /// <summary>An array?</summary>
    public abstract bool IsArray { get; }

    /// <summary>An array of one dimension that begins at 0?</summary>
    public abstract bool IsSZArray { get; }

    /// <summary>An interface?</summary>
    public abstract bool IsInterface { get; }

    /// <summary>A class, and neither an interface nor a value type?</summary>
    public bool IsClass => !IsInterface && !IsValueType;

    /// <summary>One of the built-in scalars?</summary>
    public abstract bool IsPrimitive { get; }

    /// <summary>An instance of a generic type, or its definition?</summary>
    public abstract bool IsGenericType { get; }

    /// <summary>A pointer?</summary>
    public abstract bool IsPointer { get; }

    /// <summary>Does it only ever live on the stack?</summary>
    public abstract bool IsByRefLike { get; }

    /// <summary>Type of the elements of an array or of what a pointer points to.</summary>
    public abstract Type? GetElementType();

    /// <summary>Can a variable of this type hold every value of the other?</summary>
    public abstract bool IsAssignableFrom(Type? c);

    /// <summary>Can a variable of the other type hold every value of this one?</summary>
    public bool IsAssignableTo(Type? targetType) => targetType is not null && targetType.IsAssignableFrom(this);

    /// <summary>Is the object of this type?</summary>
    public bool IsInstanceOfType(object? o) => o != null && IsAssignableFrom(o.GetType());

    /// <summary>Does it derive from the other class?</summary>
    public bool IsSubclassOf(Type c)
    {
        for (Type? ancestor = BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor == c)
                return true;
        }
        return false;
    }

    /// <summary>The dimensions of an array type.</summary>
    public abstract int GetArrayRank();

    /// <summary>The generic arguments of an instance of a generic type.</summary>
    public abstract Type[] GetGenericArguments();

    /// <summary>The built-in scalar that the type is, or that the enum is over.</summary>
    public static TypeCode GetTypeCode(Type? type) => type is null ? TypeCode.Empty : type.GetTypeCodeImpl();

    /// <summary>The type of the elements of an enum.</summary>
    public Type GetEnumUnderlyingType() => Enum.GetUnderlyingType(this);

    /// <summary>From a handle.</summary>
    [Intrinsic]
    public static unsafe Type GetTypeFromHandle(RuntimeTypeHandle handle) => RuntimeType.Of(handle.Table);

    /// <summary>The type of an object as a handle.</summary>
    public static unsafe RuntimeTypeHandle GetTypeHandle(object o) => new(o.TypePointer);

    /// <summary>The same type?</summary>
    public bool Equals(Type? o) => ReferenceEquals(this, o);

    /// <inheritdoc/>
    public override bool Equals(object? o) => ReferenceEquals(this, o);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)TypeHandle.Value;

    /// <inheritdoc/>
    public override string ToString() => FullName ?? Name;

    /// <summary>The same type?</summary>
    [Intrinsic]
    public static bool operator ==(Type? left, Type? right) => ReferenceEquals(left, right);

    /// <summary>Another type?</summary>
    [Intrinsic]
    public static bool operator !=(Type? left, Type? right) => !ReferenceEquals(left, right);

    private protected abstract TypeCode GetTypeCodeImpl();
}

/// <summary>The built-in scalars, by number.</summary>
public enum TypeCode
{
    /// <summary>Nothing.</summary>
    Empty = 0,
    /// <summary>Any other type.</summary>
    Object = 1,
    /// <summary>Not used on the metal.</summary>
    DBNull = 2,
    /// <summary><see cref="bool"/>.</summary>
    Boolean = 3,
    /// <summary><see cref="char"/>.</summary>
    Char = 4,
    /// <summary><see cref="sbyte"/>.</summary>
    SByte = 5,
    /// <summary><see cref="byte"/>.</summary>
    Byte = 6,
    /// <summary><see cref="short"/>.</summary>
    Int16 = 7,
    /// <summary><see cref="ushort"/>.</summary>
    UInt16 = 8,
    /// <summary><see cref="int"/>.</summary>
    Int32 = 9,
    /// <summary><see cref="uint"/>.</summary>
    UInt32 = 10,
    /// <summary><see cref="long"/>.</summary>
    Int64 = 11,
    /// <summary><see cref="ulong"/>.</summary>
    UInt64 = 12,
    /// <summary><see cref="float"/>.</summary>
    Single = 13,
    /// <summary><see cref="double"/>.</summary>
    Double = 14,
    /// <summary><c>decimal</c>.</summary>
    Decimal = 15,
    /// <summary><c>DateTime</c>.</summary>
    DateTime = 16,
    /// <summary><see cref="string"/>.</summary>
    String = 18,
}
