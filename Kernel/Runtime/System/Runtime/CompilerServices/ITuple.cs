namespace System.Runtime.CompilerServices;

/// <summary>A tuple whose parts are reached by number.</summary>
public interface ITuple
{
    int Length { get; }

    object? this[int index] { get; }
}

/// <summary>A value that no arm of a switch expression took.</summary>
public sealed class SwitchExpressionException : InvalidOperationException
{
    public SwitchExpressionException()
        : base("Non-exhaustive switch expression failed to match its input.")
    {
    }

    public SwitchExpressionException(object? unmatchedValue)
        : base("Non-exhaustive switch expression failed to match its input. Unmatched value was "
            + unmatchedValue + ".")
    {
        UnmatchedValue = unmatchedValue;
    }

    public object? UnmatchedValue { get; }
}

/// <summary>A type of which there is one instance without state (used by collection expressions).</summary>
public interface IStrongBox
{
    object? Value { get; set; }
}

/// <summary>A value in an object.</summary>
public class StrongBox<T> : IStrongBox
{
    public T Value;

    public StrongBox()
    {
        Value = default!;
    }

    public StrongBox(T value)
    {
        Value = value;
    }

    object? IStrongBox.Value
    {
        get => Value;
        set => Value = (T)value!;
    }
}

/// <summary>What an accessor reaches.</summary>
public enum UnsafeAccessorKind
{
    Constructor,
    Method,
    StaticMethod,
    Field,
    StaticField,
}

/// <summary>Marks an extern method that the compiler binds to a non-public member.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnsafeAccessorAttribute : Attribute
{
    public UnsafeAccessorAttribute(UnsafeAccessorKind kind)
    {
        Kind = kind;
    }

    public UnsafeAccessorKind Kind { get; }

    public string? Name { get; set; }
}

/// <summary>Names a type that an accessor cannot name in its signature.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class UnsafeAccessorTypeAttribute : Attribute
{
    public UnsafeAccessorTypeAttribute(string typeName)
    {
        TypeName = typeName;
    }

    public string TypeName { get; }
}

/// <summary>Marks an assembly whose accesses to internals of another one are not checked.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class IgnoresAccessChecksToAttribute : Attribute
{
    public IgnoresAccessChecksToAttribute(string assemblyName)
    {
        AssemblyName = assemblyName;
    }

    public string AssemblyName { get; }
}
