namespace System.Runtime.CompilerServices;

/// <summary>Marks a member that the compiler may expand itself.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class IntrinsicAttribute : Attribute
{
}

/// <summary>How a method wants to be compiled.</summary>
[Flags]
public enum MethodImplOptions
{
    Unmanaged = 4,
    NoInlining = 8,
    ForwardRef = 16,
    Synchronized = 32,
    NoOptimization = 64,
    PreserveSig = 128,
    AggressiveInlining = 256,
    AggressiveOptimization = 512,
    Async = 0x2000,
    InternalCall = 0x1000,
}

/// <summary>Says how a method wants to be compiled.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, Inherited = false)]
public sealed class MethodImplAttribute : Attribute
{
    public MethodImplAttribute(MethodImplOptions methodImplOptions)
    {
        Value = methodImplOptions;
    }

    public MethodImplAttribute()
    {
    }

    public MethodImplOptions Value { get; }
}

/// <summary>Modifier of a volatile field.</summary>
public static class IsVolatile
{
}

/// <summary>Modifier of an <c>init</c> accessor.</summary>
public static class IsExternalInit
{
}

/// <summary>Modifier of a C# constraint <c>unmanaged</c>.</summary>
public static class IsUnmanaged
{
}

/// <summary>Name of an indexer in metadata.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IndexerNameAttribute : Attribute
{
    public IndexerNameAttribute(string indexerName)
    {
    }
}

/// <summary>Sends a reader of this assembly on to another one.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class TypeForwardedToAttribute : Attribute
{
    public TypeForwardedToAttribute(Type destination)
    {
        Destination = destination;
    }

    public Type Destination { get; }
}

/// <summary>Says where a type once lived.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface
    | AttributeTargets.Delegate, Inherited = false)]
public sealed class TypeForwardedFromAttribute : Attribute
{
    public TypeForwardedFromAttribute(string assemblyFullName)
    {
        AssemblyFullName = assemblyFullName;
    }

    public string AssemblyFullName { get; }
}

/// <summary>Lets another assembly see internals.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true, Inherited = false)]
public sealed class InternalsVisibleToAttribute : Attribute
{
    public InternalsVisibleToAttribute(string assemblyName)
    {
        AssemblyName = assemblyName;
    }

    public string AssemblyName { get; }
}

/// <summary>Names the state machine of an iterator.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class IteratorStateMachineAttribute : StateMachineAttribute
{
    public IteratorStateMachineAttribute(Type stateMachineType)
        : base(stateMachineType)
    {
    }
}

/// <summary>Names the state machine of an async method.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class AsyncStateMachineAttribute : StateMachineAttribute
{
    public AsyncStateMachineAttribute(Type stateMachineType)
        : base(stateMachineType)
    {
    }
}

/// <summary>Names the state machine of an async iterator.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class AsyncIteratorStateMachineAttribute : StateMachineAttribute
{
    public AsyncIteratorStateMachineAttribute(Type stateMachineType)
        : base(stateMachineType)
    {
    }
}

/// <summary>Names the state machine behind a method.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public class StateMachineAttribute : Attribute
{
    public StateMachineAttribute(Type stateMachineType)
    {
        StateMachineType = stateMachineType;
    }

    public Type StateMachineType { get; }
}

/// <summary>Names the builder of an async result type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface
    | AttributeTargets.Delegate | AttributeTargets.Enum | AttributeTargets.Method, Inherited = false)]
public sealed class AsyncMethodBuilderAttribute : Attribute
{
    public AsyncMethodBuilderAttribute(Type builderType)
    {
        BuilderType = builderType;
    }

    public Type BuilderType { get; }
}

/// <summary>Length of an inline array.</summary>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class InlineArrayAttribute : Attribute
{
    public InlineArrayAttribute(int length)
    {
        Length = length;
    }

    public int Length { get; }
}

/// <summary>Element type and length of a fixed buffer.</summary>
[AttributeUsage(AttributeTargets.Field, Inherited = false)]
public sealed class FixedBufferAttribute : Attribute
{
    public FixedBufferAttribute(Type elementType, int length)
    {
        ElementType = elementType;
        Length = length;
    }

    public Type ElementType { get; }

    public int Length { get; }
}

/// <summary>Names of tuple elements.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Property
    | AttributeTargets.ReturnValue | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Event)]
public sealed class TupleElementNamesAttribute : Attribute
{
    public TupleElementNamesAttribute(string?[] transformNames)
    {
        TransformNames = transformNames;
    }

    public Collections.Generic.IList<string?> TransformNames { get; }
}

/// <summary>Names the method that builds a collection from a collection expression.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface, Inherited = false)]
public sealed class CollectionBuilderAttribute : Attribute
{
    public CollectionBuilderAttribute(Type builderType, string methodName)
    {
        BuilderType = builderType;
        MethodName = methodName;
    }

    public Type BuilderType { get; }

    public string MethodName { get; }
}

/// <summary>Names the language feature a reader must know.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class CompilerFeatureRequiredAttribute : Attribute
{
    public const string RefStructs = "RefStructs";
    public const string RequiredMembers = "RequiredMembers";

    public CompilerFeatureRequiredAttribute(string featureName)
    {
        FeatureName = featureName;
    }

    public string FeatureName { get; }

    public bool IsOptional { get; init; }
}

/// <summary>Parameters of the handler that come from the called method.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class InterpolatedStringHandlerArgumentAttribute : Attribute
{
    public InterpolatedStringHandlerArgumentAttribute(string argument)
    {
        Arguments = [argument];
    }

    public InterpolatedStringHandlerArgumentAttribute(params string[] arguments)
    {
        Arguments = arguments;
    }

    public string[] Arguments { get; }
}

/// <summary>The text of an argument.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CallerArgumentExpressionAttribute : Attribute
{
    public CallerArgumentExpressionAttribute(string parameterName)
    {
        ParameterName = parameterName;
    }

    public string ParameterName { get; }
}

/// <summary>Which of several fitting overloads is meant.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor | AttributeTargets.Property, Inherited = false)]
public sealed class OverloadResolutionPriorityAttribute : Attribute
{
    public OverloadResolutionPriorityAttribute(int priority)
    {
        Priority = priority;
    }

    public int Priority { get; }
}

/// <summary>Relaxations the assembly allows its compiler.</summary>
[AttributeUsage(AttributeTargets.Assembly | AttributeTargets.Module | AttributeTargets.Class | AttributeTargets.Method)]
public class CompilationRelaxationsAttribute : Attribute
{
    public CompilationRelaxationsAttribute(int relaxations)
    {
        CompilationRelaxations = relaxations;
    }

    public int CompilationRelaxations { get; }
}

/// <summary>Compatibility switches of the compiled assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly, Inherited = false)]
public sealed class RuntimeCompatibilityAttribute : Attribute
{
    public bool WrapNonExceptionThrows { get; set; }
}

/// <summary>Nullability of a whole member.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class NullableContextAttribute : Attribute
{
    public readonly byte Flag;

    public NullableContextAttribute(byte value)
    {
        Flag = value;
    }
}

/// <summary>Nullability of a type use.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class NullableAttribute : Attribute
{
    public readonly byte[] NullableFlags;

    public NullableAttribute(byte value)
    {
        NullableFlags = [value];
    }

    public NullableAttribute(byte[] value)
    {
        NullableFlags = value;
    }
}

/// <summary>Says that nullability is recorded for public members only.</summary>
[AttributeUsage(AttributeTargets.Module, Inherited = false)]
public sealed class NullablePublicOnlyAttribute : Attribute
{
    public readonly bool IncludesInternals;

    public NullablePublicOnlyAttribute(bool value)
    {
        IncludesInternals = value;
    }
}

/// <summary>Version of the rules for ref safety.</summary>
[AttributeUsage(AttributeTargets.Module, Inherited = false)]
public sealed class RefSafetyRulesAttribute : Attribute
{
    public RefSafetyRulesAttribute(int version)
    {
        Version = version;
    }

    public int Version { get; }
}

/// <summary>Where <c>dynamic</c> stands in a type.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class DynamicAttribute : Attribute
{
}

/// <summary>Where native integers stand in a type.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class NativeIntegerAttribute : Attribute
{
    public readonly bool[] TransformFlags;

    public NativeIntegerAttribute()
    {
        TransformFlags = [true];
    }

    public NativeIntegerAttribute(bool[] flags)
    {
        TransformFlags = flags;
    }
}

/// <summary>Value of a decimal constant; the compiler asks for the type.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Parameter, Inherited = false)]
public abstract class CustomConstantAttribute : Attribute
{
    public abstract object? Value { get; }
}


/// <summary>Marks something that is read only.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class IsReadOnlyAttribute : Attribute
{
}

/// <summary>Marks a ref struct.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class IsByRefLikeAttribute : Attribute
{
}

/// <summary>Marks a type parameter that must be unmanaged.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class IsUnmanagedAttribute : Attribute
{
}

/// <summary>Marks a <c>ref readonly</c> parameter.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class RequiresLocationAttribute : Attribute
{
}

/// <summary>Marks a scoped parameter.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class ScopedRefAttribute : Attribute
{
}

/// <summary>Marks a <c>params</c> collection.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class ParamCollectionAttribute : Attribute
{
}

/// <summary>Marks an extension method.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class ExtensionAttribute : Attribute
{
}

/// <summary>Ties an extension member to its marker.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class ExtensionMarkerAttribute : Attribute
{
    public ExtensionMarkerAttribute(string name)
    {
        Name = name;
    }

    public string Name { get; }
}

/// <summary>Marks what the compiler wrote.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class CompilerGeneratedAttribute : Attribute
{
}

/// <summary>Marks a struct with a buffer that needs a stack cookie.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class UnsafeValueTypeAttribute : Attribute
{
}

/// <summary>Marks a handler of interpolated strings.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class InterpolatedStringHandlerAttribute : Attribute
{
}

/// <summary>Marks a member that an object initialiser must set.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class RequiredMemberAttribute : Attribute
{
}

/// <summary>Marks a method that runs when its module starts.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class ModuleInitializerAttribute : Attribute
{
}

/// <summary>Locals need no zeroing.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class SkipLocalsInitAttribute : Attribute
{
}

/// <summary>Marks a covariant return.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class PreserveBaseOverridesAttribute : Attribute
{
}

/// <summary>The name of the calling member.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class CallerMemberNameAttribute : Attribute
{
}

/// <summary>The file of the call.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class CallerFilePathAttribute : Attribute
{
}

/// <summary>The line of the call.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class CallerLineNumberAttribute : Attribute
{
}

/// <summary>Private members are not reflected upon.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class DisablePrivateReflectionAttribute : Attribute
{
}

/// <summary>Marks a name with a meaning.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class SpecialNameAttribute : Attribute
{
}

/// <summary>Strings of the assembly are frozen.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class StringFreezingAttribute : Attribute
{
}

/// <summary>Marks the cancellation token of an async iterator.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class EnumeratorCancellationAttribute : Attribute
{
}

/// <summary>The type may be dropped.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class DiscardableAttribute : Attribute
{
}

/// <summary>The type is copied.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class HasCopySemanticsAttribute : Attribute
{
}

/// <summary>The static field never moves.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class FixedAddressValueTypeAttribute : Attribute
{
}

/// <summary>Calls to native code convert nothing.</summary>
[AttributeUsage(AttributeTargets.All, Inherited = false)]
public sealed class DisableRuntimeMarshallingAttribute : Attribute
{
}
