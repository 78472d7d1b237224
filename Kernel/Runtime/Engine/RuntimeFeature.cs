namespace System.Runtime.CompilerServices;

/// <summary>What the C# compiler may use of the runtime. It only looks at the names.</summary>
public static class RuntimeFeature
{
    /// <summary>References as fields of ref structs.</summary>
    public const string ByRefFields = nameof(ByRefFields);

    /// <summary>Ref structs as generic arguments.</summary>
    public const string ByRefLikeGenerics = nameof(ByRefLikeGenerics);

    /// <summary>Overrides with a more special return type.</summary>
    public const string CovariantReturnsOfClasses = nameof(CovariantReturnsOfClasses);

    /// <summary>Methods with bodies in interfaces.</summary>
    public const string DefaultImplementationsOfInterfaces = nameof(DefaultImplementationsOfInterfaces);

    /// <summary><c>nint</c> is <c>IntPtr</c>.</summary>
    public const string NumericIntPtr = nameof(NumericIntPtr);

    /// <summary>Portable debug information.</summary>
    public const string PortablePdb = nameof(PortablePdb);

    /// <summary>Function pointers with any calling convention.</summary>
    public const string UnmanagedSignatureCallingConvention = nameof(UnmanagedSignatureCallingConvention);

    /// <summary>Static abstract members of interfaces.</summary>
    public const string VirtualStaticsInInterfaces = nameof(VirtualStaticsInInterfaces);

    /// <summary>Code cannot be made while running.</summary>
    public static bool IsDynamicCodeSupported => false;

    /// <summary>Code cannot be made while running.</summary>
    public static bool IsDynamicCodeCompiled => false;
}
