using Internal.Runtime;

namespace System;

/// <summary>The type of nothing.</summary>
public struct Void
{
}

/// <summary>A type, as <c>ldtoken</c> gives it.</summary>
public readonly unsafe struct RuntimeTypeHandle : IEquatable<RuntimeTypeHandle>
{
    private readonly nint value;

    internal RuntimeTypeHandle(MethodTable* type) => value = (nint)type;

    /// <summary>Address of the type's method table.</summary>
    public nint Value => value;

    internal MethodTable* Table => (MethodTable*)value;

    /// <inheritdoc/>
    public bool Equals(RuntimeTypeHandle handle) => value == handle.value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RuntimeTypeHandle other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)value;

    /// <summary>The same type?</summary>
    public static bool operator ==(RuntimeTypeHandle left, RuntimeTypeHandle right) => left.value == right.value;

    /// <summary>Another type?</summary>
    public static bool operator !=(RuntimeTypeHandle left, RuntimeTypeHandle right) => left.value != right.value;
}

/// <summary>A method, as <c>ldtoken</c> gives it.</summary>
public readonly struct RuntimeMethodHandle
{
    private readonly nint value;

    internal RuntimeMethodHandle(nint value) => this.value = value;

    /// <summary>Address of the compiler's description of the method.</summary>
    public nint Value => value;
}

/// <summary>A field, as <c>ldtoken</c> gives it.</summary>
public readonly struct RuntimeFieldHandle
{
    private readonly nint value;

    internal RuntimeFieldHandle(nint value) => this.value = value;

    /// <summary>Address of the compiler's description of the field.</summary>
    public nint Value => value;
}

/// <summary>The compiler wants the name; nothing on the metal uses it.</summary>
public ref struct RuntimeArgumentHandle
{
    private nint value;
}

/// <summary>The compiler wants the name; nothing on the metal uses it.</summary>
public ref struct TypedReference
{
    private ref byte value;
    private RuntimeTypeHandle type;
}
