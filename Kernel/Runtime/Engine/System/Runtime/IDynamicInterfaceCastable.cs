namespace System.Runtime.InteropServices;

/// <summary>The compiler looks for the name. No object on the metal decides about its own casts.</summary>
public interface IDynamicInterfaceCastable
{
    /// <summary>Would the object take the cast?</summary>
    bool IsInterfaceImplemented(RuntimeTypeHandle interfaceType, bool throwIfNotImplemented);

    /// <summary>The type that implements the interface for the object.</summary>
    RuntimeTypeHandle GetDynamicInterfaceImplementation(RuntimeTypeHandle interfaceType);
}
