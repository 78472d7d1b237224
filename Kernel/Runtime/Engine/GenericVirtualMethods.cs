using Internal.Runtime;

namespace System.Runtime;

/// <summary>Calls of generic virtual methods, which must be looked up by their instantiation.</summary>
internal static unsafe class TypeLoaderExports
{
    /// <summary>Code for a generic virtual method on an object. The compiler calls it by name.</summary>
    public static nint GVMLookupForSlot(object obj, RuntimeMethodHandle slot) =>
        throw new NotSupportedException("A generic virtual method.");
}
